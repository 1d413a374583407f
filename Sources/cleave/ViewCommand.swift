import ArgumentParser
import Pipeline
import Reporting

/// A command that renders one view of the report.
protocol ViewCommand: AsyncParsableCommand {
  /// The view.
  static var view: ReportView { get }
  var options: ViewOptions { get }
  var format: String { get }
}

extension ViewCommand {
  func validate() throws { try checkFormat(format, among: Emitter.formats(of: Self.view)) }

  func run() async throws { try await show() }

  /// Renders the view.
  func show() async throws {
    let report = try await options.load()
    sayDiagnostics(of: report)
    guard let emitter = Emitter.find(format: format, view: Self.view) else { return }
    try options.finish(emitter.emit(report, Self.view, .service), report)
  }

  /// A fresh analysis says what went wrong: in full for `analyze`, in one line elsewhere.
  func sayDiagnostics(of report: Report) {
    guard !options.repository.quiet, options.report == nil else { return }
    Console.say(DiagnosticText(report).text(isDetailed: Self.view == .summary))
  }
}

/// Help for `--format`; text is what people read.
private func formatHelp(_ view: ReportView) -> ArgumentHelp {
  ArgumentHelp("One of \(Emitter.formats(of: view).joined(separator: ", ")).", valueName: "format")
}

struct AnalyzeCommand: ViewCommand {
  static let configuration = CommandConfiguration(
    commandName: "analyze", abstract: "Reads the system and prints a summary; saves .cleave/report.json.",
    discussion: """
      The first run reads everything; later runs read what changed.

      EXAMPLES
        cleave analyze .
        cleave analyze ../shop --compile-commands ../shop/build --jobs 8
        cleave analyze . --format json > report.json
        cleave analyze . --min-coverage 90
      """)
  static let view = ReportView.summary
  @OptionGroup var options: ViewOptions
  @Option(help: formatHelp(view)) var format = "text"
}

struct TablesCommand: ViewCommand {
  static let configuration = CommandConfiguration(
    commandName: "tables", abstract: "Lists the tables of the final schema with their keys.",
    discussion: """
      EXAMPLES
        cleave tables
        cleave tables --format csv > tables.csv
      """)
  static let view = ReportView.tables
  @OptionGroup var options: ViewOptions
  @Option(help: formatHelp(view)) var format = "text"
}

struct ColumnsCommand: ViewCommand {
  static let configuration = CommandConfiguration(
    commandName: "columns", abstract: "Lists the columns of the final schema.",
    discussion: """
      EXAMPLES
        cleave columns --format csv | grep '^accounts,'
      """)
  static let view = ReportView.columns
  @OptionGroup var options: ViewOptions
  @Option(help: formatHelp(view)) var format = "text"
}

struct AccessesCommand: ViewCommand {
  static let configuration = CommandConfiguration(
    commandName: "accesses", abstract: "Lists every place where code reads, writes or alters a table.",
    discussion: """
      The confidence is exact (literal SQL or a resolved mapping), inferred (partly built SQL, a convention) or guessed \
      (name evidence alone); via names the rule that found it.

      EXAMPLES
        cleave accesses
        cleave accesses --format csv | grep ',write,'
      """)
  static let view = ReportView.accesses
  @OptionGroup var options: ViewOptions
  @Option(help: formatHelp(view)) var format = "text"
}

struct ServicesCommand: ViewCommand {
  static let configuration = CommandConfiguration(
    commandName: "services", abstract: "Lists the proposed services with their tables and units.",
    discussion: """
      A proposal is a draft; `cleave explain <name>` says why something is where it is.

      EXAMPLES
        cleave services
        cleave services --format csv | grep ',table,'
        cleave services --explain-weights
      """)
  static let view = ReportView.services
  @OptionGroup var options: ViewOptions
  @Option(help: formatHelp(view)) var format = "text"
  @Flag(
    help: """
      Show instead what each layer of evidence weighs: pairs, weight, its share, how much of it lies inside the services, \
      and how far the owners stay the same without it (adjusted Rand index; 1 when none changes).
      """)
  var explainWeights = false

  func run() async throws {
    guard explainWeights else { return try await show() }
    guard options.report == nil else {
      throw Stop(code: .usage, text: "cleave: --explain-weights needs the system, not a saved report")
    }
    let table = try await options.repository.explainLayers()
    try options.write(table.text(format: format))
  }
}

struct AlternativesCommand: ViewCommand {
  static let configuration = CommandConfiguration(
    commandName: "alternatives", abstract: "Lists the ways to divide the tables that were weighed, with their figures.",
    discussion: """
      Divisions people made (schemas, folders, files, name prefixes), the one the data makes by itself, and mergers of the one taken. \
      Recommended is the division people made that holds most of the ties among the tables, beyond what chance would, \
      when that is no accident; else the one of the data alone.

      EXAMPLES
        cleave alternatives
        cleave alternatives --format csv
      """)
  static let view = ReportView.alternatives
  @OptionGroup var options: ViewOptions
  @Option(help: formatHelp(view)) var format = "text"
}

struct OwnersCommand: ViewCommand {
  static let configuration = CommandConfiguration(
    commandName: "owners", abstract: "Names one owner for every table, with margin, runner-up, writers and readers.",
    discussion: """
      EXAMPLES
        cleave owners
        cleave owners --format csv | grep ',joint,'
      """)
  static let view = ReportView.owners
  @OptionGroup var options: ViewOptions
  @Option(help: formatHelp(view)) var format = "text"
}

struct SeamsCommand: ViewCommand {
  static let configuration = CommandConfiguration(
    commandName: "seams", abstract: "Lists every place where the cut goes through data, with a recommendation.",
    discussion: """
      EXAMPLES
        cleave seams
        cleave seams --format csv | grep '^transaction,'
        cleave seams --format sarif --out seams.sarif
      """)
  static let view = ReportView.seams
  @OptionGroup var options: ViewOptions
  @Option(help: formatHelp(view)) var format = "text"
}

extension GraphLevel: ExpressibleByArgument {}

struct GraphCommand: ViewCommand {
  static let configuration = CommandConfiguration(
    commandName: "graph", abstract: "Draws or exports the graph of services, tables, types or functions.",
    discussion: """
      Pictures (dot, svg, mermaid) are cut down to what a person can read and say what they leave out; csv, json and \
      graphml hold everything. svg needs graphviz.

      EXAMPLES
        cleave graph --format svg --out services.svg
        cleave graph --level table --format svg --out tables.svg
        cleave graph --level type --format graphml --out types.graphml
        cleave graph --level function --format csv | sort -t, -k4 -n
      """)
  static let view = ReportView.graph
  /// The picture that a layout program makes of the DOT text.
  private static let svg = "svg"
  private static let formats = (Emitter.formats(of: .graph) + [svg]).sorted()

  @OptionGroup var options: ViewOptions
  @Option(help: ArgumentHelp("One of \(formats.joined(separator: ", ")).", valueName: "format")) var format = "text"
  @Option(help: "How close to look.") var level = GraphLevel.service

  func validate() throws { try checkFormat(format, among: Self.formats) }

  func run() async throws {
    let report = try await options.load()
    sayDiagnostics(of: report)
    let source = format == Self.svg ? "dot" : format
    guard let emitter = Emitter.find(format: source, view: .graph) else { return }
    let text = emitter.emit(report, .graph, level)
    guard format == Self.svg else { return try options.finish(text, report) }
    let picture: String
    do { picture = try Workbench.renderSVG(dot: text) } catch { throw Stop(error) }
    try options.finish(picture, report)
  }
}
