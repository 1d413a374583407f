import Foundation
import Pipeline
import Reporting
import Testing

/// What the fixtures are known to give, kept beside them as readable files. `CLEAVE_UPDATE_GOLDEN=1 swift test`
/// rewrites them and fails once, so that nobody rewrites them by accident.
@Suite("Goldens of the fixture monoliths")
struct GoldenTests {
  @Test(arguments: ["billing", "boxoffice", "webshop"])
  func views(of monolith: String) async throws {
    let scratch = try Scratch()
    let report = try await analyze(monoliths + "/" + monolith, state: scratch.path)
    for view in [ReportView.tables, .columns, .accesses, .services, .owners, .seams] {
      try compare(try csv(report, view), with: "\(monolith)/expected/\(view.rawValue).csv")
    }
  }

  @Test(arguments: [("billing", "payments"), ("webshop", "payment")])
  func plan(of monolith: String, service: String) async throws {
    let scratch = try Scratch()
    var request = AnalysisRequest(repository: monoliths + "/" + monolith)
    request.stateDirectory = scratch.path + "/state"
    var choices = PlanRequest()
    choices.service = service
    let summary = try await Workbench.plan(request, options: choices, out: scratch.path + "/plan")
    try compare(summary.files.joined(separator: "\n") + "\n", with: "\(monolith)/expected/plan-files.txt")
    for document in summary.files where document.hasSuffix("PLAN.md") {
      let text = try String(contentsOfFile: scratch.path + "/plan/" + document, encoding: .utf8)
      try compare(text, with: "\(monolith)/expected/\(document.replacingOccurrences(of: "/", with: "-"))")
    }
  }

  private func compare(_ text: String, with golden: String, sourceLocation: SourceLocation = #_sourceLocation) throws {
    let path = monoliths + "/" + golden
    let environment = ProcessInfo.processInfo.environment
    if environment["CLEAVE_UPDATE_GOLDEN"] != nil {
      try #require(environment["CI"] == nil, "goldens are not rewritten in CI", sourceLocation: sourceLocation)
      try FileManager.default.createDirectory(
        atPath: (path as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
      let old = try? String(contentsOfFile: path, encoding: .utf8)
      try text.write(toFile: path, atomically: true, encoding: .utf8)
      #expect(old == text, "\(golden) was rewritten; look at the difference", sourceLocation: sourceLocation)
      return
    }
    let expected = try String(contentsOfFile: path, encoding: .utf8)
    guard text != expected else { return }
    let old = expected.split(separator: "\n", omittingEmptySubsequences: false)
    let new = text.split(separator: "\n", omittingEmptySubsequences: false)
    let difference = new.difference(from: old).prefix(12).map { change in
      switch change {
      case .insert(let line, let element, _): "+\(line + 1) \(element)"
      case .remove(let line, let element, _): "-\(line + 1) \(element)"
      }
    }
    Issue.record("\(golden) differs:\n\(difference.joined(separator: "\n"))", sourceLocation: sourceLocation)
  }
}

/// The fixtures have answers written by hand, by reading the code: accesses must agree with them, known limits aside.
@Suite("Fixture monoliths against answers written by hand")
struct TruthTests {
  @Test(arguments: ["billing", "boxoffice", "webshop"])
  func accesses(of monolith: String) async throws {
    let scratch = try Scratch()
    let report = try await analyze(monoliths + "/" + monolith, state: scratch.path)
    let known = Set(report.tables.map { $0.name.lowercased() })
    let found = Set(
      try rows(try csv(report, .accesses)).filter { known.contains($0[2].lowercased()) && $0[0].hasPrefix("src/") }
        .map { [$0[0], lastPart($0[1]), $0[2].lowercased(), $0[3]].joined(separator: " ") })
    let path = monoliths + "/\(monolith)/truth/accesses.csv"
    let truth = Set(
      try rows(String(contentsOfFile: path, encoding: .utf8)).filter { known.contains($0[2].lowercased()) }
        .map { [$0[0], lastPart($0[1]), $0[2].lowercased(), $0[3]].joined(separator: " ") })
    #expect(truth.subtracting(found).sorted() == [])
    // FP: code behind a condition that no configuration of the fixture turns on is read all the same.
    #expect(
      found.subtracting(truth).sorted()
        == (monolith == "billing" ? ["src/usage/usage.c usage_tick usage_records read"] : []))
  }

  private func rows(_ text: String) throws -> [[String]] {
    text.split(separator: "\n").dropFirst().map { line in line.split(separator: ",").map(String.init) }
  }

  /// The name of a function without what it belongs to, however its language writes that.
  private func lastPart(_ name: String) -> String {
    name.split { $0 == ":" || $0 == "." || $0 == "#" }.last.map(String.init) ?? name
  }
}
