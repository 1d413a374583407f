import Basics
import Decomposition
import Facts
import Graph
import Migration
package import Reporting

/// What to try, as spelled on the command line.
package struct WhatIfRequest: Sendable {
  /// Changes in the order they were given: option and value, such as `--move` and `table=orders:billing`.
  package var changes: [(option: String, value: String)] = []
  /// Services that may be named although there are none of that name.
  package var newServices: [String] = []
  /// Why; written beside each entry that is saved.
  package var because = ""
  /// Whether the changes are written to `cleave.yml`.
  package var isSaved = false

  /// Nothing to try.
  package init() {}
}

extension Workbench {
  /// Seams of each kind listed with their places.
  private static let seamsListed = 200

  /// Tries changes on the current proposal and says what they lead to; saves them only when they can be made.
  package static func whatIf(
    _ request: AnalysisRequest, _ wanted: WhatIfRequest
  ) async throws(PipelineError) -> ReportWhatIf {
    let changes = try wanted.changes.map { change throws(PipelineError) in
      try ChangeText.change(option: change.option, value: change.value)
    }
    let session = try AnalysisSession(request)
    let system = try await session.system()
    request.progress?(ProgressUpdate(stage: "trying", done: 0, total: 1))
    let weights = try session.weights()
    let graph = DependencyGraph(system: system, weights: weights)
    let tried: WhatIf
    do {
      tried = try WhatIf.tried(
        changes, newServices: Set(wanted.newServices), because: wanted.because, steering: session.steering,
        system: system, graph: graph, weights: weights)
    } catch {
      throw failure(error)
    }
    var report = report(of: tried, system)
    report.changes = wanted.changes.map { "\($0.option) \($0.value)" }
    (report.planAdded, report.planRemoved, report.planNote) = planDifference(tried, system, session.digest)
    report.diagnostics = tried.after.diagnostics.map(ReportBuilder.diagnostic)
    request.progress?(ProgressUpdate(stage: "trying", done: 1, total: 1))
    if wanted.isSaved {
      try session.steeringFile.add(tried.entries)
      report.saved = session.steeringFile.shown.text
    }
    return report
  }

  private static func failure(_ error: WhatIfError) -> PipelineError {
    switch error {
    case .unknown(let what, let name, let near):
      let new =
        what == "service" ? "a new service is allowed with --new \(name)" : "`cleave services` lists what there is"
      return .changeImpossible(
        reason: "no \(what) is named \(name)",
        nextStep: near.isEmpty
          ? new : "near matches: \(near.joined(separator: ", "))\(what == "service" ? "; \(new)" : "")")
    case .impossible(let reason, let nextStep): return .changeImpossible(reason: reason, nextStep: nextStep)
    }
  }

  private static func report(of tried: WhatIf, _ system: SystemFacts) -> ReportWhatIf {
    let difference = ProposalDifference(system: system, before: tried.before, after: tried.after)
    var report = ReportWhatIf()
    report.entries = tried.entries.map(\.text)
    report.figures = difference.figures.map { ReportFigure(name: $0.name, before: $0.before, after: $0.after) }
    report.renamed = difference.renamed.map { ReportMove(name: $0.name, from: $0.from, to: $0.to) }
    report.tables = difference.tables.map { ReportMove(name: $0.name, from: $0.from, to: $0.to) }
    report.units = difference.units.map { ReportMove(name: $0.name, from: $0.from, to: $0.to) }
    report.newSeams = counted(difference.newSeams)
    report.goneSeams = counted(difference.goneSeams)
    return report
  }

  /// Seams by kind, each kind with its number and the first of them.
  private static func counted(_ seams: [Seam]) -> [ReportSeamCount] {
    Seam.Kind.allCases.compactMap { kind in
      let own = seams.filter { $0.kind == kind }
      guard !own.isEmpty else { return nil }
      var row = ReportSeamCount()
      row.kind = kind.rawValue
      row.count = own.count
      row.seams = ReportBuilder.seams(Array(own.prefix(seamsListed)))
      return row
    }
  }

  /// Files of the plan that appear and disappear, and why there is none if so.
  private static func planDifference(
    _ tried: WhatIf, _ system: SystemFacts, _ digest: String
  ) -> (added: [String], removed: [String], note: String) {
    do throws(PlanError) {
      let before = try planItems(tried.before, system, digest)
      let after = try planItems(tried.after, system, digest)
      return (sorted(after.subtracting(before)), sorted(before.subtracting(after)), "")
    } catch {
      return ([], [], error.description)
    }
  }

  private static let filePrefix = "file "

  /// Decisions and steps before the files that come of them.
  private static func sorted(_ items: Set<String>) -> [String] {
    items.sorted { left, right in
      let isFile = (left.hasPrefix(filePrefix), right.hasPrefix(filePrefix))
      return isFile.0 != isFile.1 ? isFile.1 : left < right
    }
  }

  private static func planItems(
    _ proposal: Proposal, _ system: SystemFacts, _ digest: String
  ) throws(PlanError) -> Set<String> {
    let plan = try Planner.plan(
      system: system, proposal: proposal, options: options(PlanRequest()), factsDigest: digest)
    var items: Set<String> = []
    for group in plan.groups {
      for step in group.steps {
        items.insert("\(group.service): step \(step.id.text) \(step.title)")
        for file in step.artifacts { items.insert(filePrefix + file.path) }
      }
      for file in group.teardownArtifacts { items.insert(filePrefix + file.path) }
      for decision in group.decisions {
        let edge = "\(decision.table.text), \(decision.from) → \(decision.to)"
        items.insert("\(group.service): \(decision.rule) \(decision.kind) \(edge)")
      }
    }
    return items
  }
}

/// Changes as people type them.
private enum ChangeText {
  static func change(option: String, value: String) throws(PipelineError) -> WhatIfChange {
    switch option {
    case "--move":
      let sides = halves(value, at: ":")
      let subject = halves(sides.left, at: "=")
      let kind = sides.left.contains("=") ? Selector.Kind(rawValue: subject.left) : .any
      let name = sides.left.contains("=") ? subject.right : sides.left
      guard let kind, kind != .service, !name.isEmpty, !sides.right.isEmpty else {
        throw wrong(option, value, "table=orders:billing, unit=OrderService:billing or path=src/orders:billing")
      }
      return .move(Selector(kind, name), to: sides.right)
    case "--merge":
      let names = value.split(separator: ",").map(String.init)
      guard names.count > 1 else { throw wrong(option, value, "a,b") }
      return .merge(names)
    case "--split":
      let sides = halves(value, at: ":")
      guard let count = Int(sides.right), !sides.left.isEmpty else { throw wrong(option, value, "billing:2") }
      return .split(sides.left, into: count)
    default:
      let sides = halves(value, at: ":")
      guard !sides.left.isEmpty, !sides.right.isEmpty else { throw wrong(option, value, "old:new") }
      return .rename(sides.left, to: sides.right)
    }
  }

  /// Both sides of the last separator: qualified names hold colons themselves.
  private static func halves(_ text: String, at separator: Character) -> (left: String, right: String) {
    let place = separator == ":" ? text.lastIndex(of: separator) : text.firstIndex(of: separator)
    guard let place else { return (text, "") }
    return (String(text[..<place]), String(text[text.index(after: place)...]))
  }

  private static func wrong(_ option: String, _ value: String, _ example: String) -> PipelineError {
    .changeImpossible(reason: "\(option) \(value) cannot be understood", nextStep: "write it like \(option) \(example)")
  }
}
