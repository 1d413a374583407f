import ArgumentParser
import Pipeline
import Reporting

/// What every command that analyzes takes.
struct RepositoryOptions: ParsableArguments {
  @Argument(help: "Folder of the system to analyze.", completion: .directory)
  var repo = "."

  @Option(help: ArgumentHelp("Folder of the fact store and report.json (default: <repo>/.cleave).", valueName: "dir"))
  var stateDir: String?

  @Option(
    help: ArgumentHelp(
      "Compile database of the C and C++ code, or the folder that holds compile_commands.json.",
      valueName: "file-or-dir"))
  var compileCommands: String?

  @Option(help: ArgumentHelp("What people decided (default: <repo>/cleave.yml, if there).", valueName: "file"))
  var config: String?

  @Option(
    help: ArgumentHelp(
      "Judge this split (CSV: table,service or service,kind,member) in place of the one found.", valueName: "file"))
  var assignment: String?

  @Flag(
    help: """
      Parse C and C++ without a compile command with guessed flags: resolves more calls, takes many times as long. \
      Without it such files are read from their tokens.
      """)
  var inferFlags = false

  @Flag(help: "Do not read which files change together in the history of git.")
  var noGit = false

  @Option(
    name: .customLong("weight"),
    help: ArgumentHelp(
      "Multiply a layer of evidence, 0 to switch it off; several times for several layers.", valueName: "layer=factor"))
  var weights: [String] = []

  @Option(help: ArgumentHelp("Files read at the same time (default: one a processor).", valueName: "n"))
  var jobs: Int?

  @Option(
    help: ArgumentHelp(
      "End with code 4 when less than this was understood: the lowest of the shares of code, statements and schema.",
      valueName: "percent"))
  var minCoverage: Double?

  @Flag(help: "No progress and no notes on standard error.")
  var quiet = false

  func validate() throws {
    if let jobs, jobs < 1 { throw ValidationError("--jobs must be at least 1.") }
    for text in weights where Self.factor(text) == nil {
      throw ValidationError("--weight \(text) is not of the form layer=factor.")
    }
    if let minCoverage, !(0...100).contains(minCoverage) {
      throw ValidationError("--min-coverage is a percentage from 0 to 100.")
    }
  }

  private static func factor(_ text: String) -> (layer: String, factor: Double)? {
    guard let sign = text.lastIndex(of: "="), let factor = Double(text[text.index(after: sign)...]) else { return nil }
    return (String(text[..<sign]), factor)
  }

  /// The request these options stand for; `line` shows its progress.
  func request(showing line: ProgressLine?) -> AnalysisRequest {
    var request = AnalysisRequest(repository: repo)
    request.stateDirectory = stateDir
    request.compileDatabase = compileCommands
    request.jobs = jobs
    request.steeringFile = config
    request.assignment = assignment
    request.infersFlags = inferFlags
    request.readsHistory = !noGit
    for (layer, factor) in weights.compactMap(Self.factor) { request.layerFactors[layer] = factor }
    if let line { request.progress = { line.show($0) } }
    return request
  }

  /// Analyzes what changed and returns the report.
  func analyze() async throws(Stop) -> Report {
    let line = ProgressLine(isQuiet: quiet)
    defer { line?.clear() }
    do { return try await Workbench.analyze(request(showing: line)) } catch { throw Stop(error) }
  }

  /// Weighs the layers of evidence.
  func explainLayers() async throws(Stop) -> LayerTable {
    let line = ProgressLine(isQuiet: quiet)
    defer { line?.clear() }
    do { return try await Workbench.explainLayers(request(showing: line)) } catch { throw Stop(error) }
  }

  /// Fails when less was understood than asked for.
  func checkCoverage(of report: Report) throws(Stop) {
    guard let minCoverage, report.coverage.percent < minCoverage else { return }
    let percent = report.coverage.percent.rounded(to: 1)
    throw Stop(
      code: .belowCoverage,
      text: "cleave: \(percent)% was understood, less than --min-coverage \(minCoverage.rounded(to: 1)); "
        + "`cleave analyze` shows what is missing")
  }
}

/// What every view takes on top.
struct ViewOptions: ParsableArguments {
  @OptionGroup var repository: RepositoryOptions

  @Option(help: ArgumentHelp("Render this saved report.json and analyze nothing.", valueName: "file"))
  var report: String?

  @Option(help: ArgumentHelp("Write the result to this file (default: standard output).", valueName: "file"))
  var out: String?

  /// The saved report, or a fresh one.
  func load() async throws(Stop) -> Report {
    guard let report else { return try await repository.analyze() }
    do { return try Workbench.loadReport(path: report) } catch { throw Stop(error) }
  }

  /// Shows `text` where the options say, then checks the coverage, so that a failed gate still shows what it is about.
  func finish(_ text: String, _ report: Report) throws(Stop) {
    try write(text)
    try repository.checkCoverage(of: report)
  }

  /// Shows `text` where the options say.
  func write(_ text: String) throws(Stop) {
    guard let out else { return try Console.show(text) }
    do { try Workbench.writeAtomically(text, to: out) } catch { throw Stop(error) }
  }
}

extension Stop {
  /// A failure of the analysis, with its next step.
  init(_ error: PipelineError) {
    code = if case .nothingToAnalyze = error { .nothingAnalyzed } else { .usage }
    text = "cleave: \(error.message)" + (error.nextStep.isEmpty ? "" : "\n  \(error.nextStep)")
  }
}

/// Rejects a format the view does not have.
func checkFormat(_ format: String, among formats: [String]) throws {
  guard formats.contains(format) else {
    throw ValidationError("--format \(format) is not one of \(formats.joined(separator: ", ")).")
  }
}
