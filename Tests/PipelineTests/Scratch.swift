import Foundation
import Pipeline
import Reporting

/// A folder of its own for one test, removed at the end.
final class Scratch {
  // A class because it owns the folder.
  let path: String

  init() throws {
    path = FileManager.default.temporaryDirectory.appendingPathComponent("cleave-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  @discardableResult
  func write(_ text: String, to name: String) throws -> String { try write(Array(text.utf8), to: name) }

  @discardableResult
  func write(_ bytes: [UInt8], to name: String) throws -> String {
    let url = URL(fileURLWithPath: path + "/" + name)
    try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(bytes).write(to: url)
    return url.path
  }
}

/// Where the fixtures lie.
let monoliths = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
  .deletingLastPathComponent().appendingPathComponent("fixtures/monoliths").path

/// Analyzes `repository`; the state lies outside of it.
func analyze(
  _ repository: String, state: String, jobs: Int = 2, compileDatabase: String? = nil,
  progress: (@Sendable (ProgressUpdate) -> Void)? = nil
) async throws -> Report {
  var request = AnalysisRequest(repository: repository)
  request.stateDirectory = state
  request.jobs = jobs
  request.compileDatabase = compileDatabase
  request.progress = progress
  return try await Workbench.analyze(request)
}

/// A view of a report as CSV.
func csv(_ report: Report, _ view: ReportView) throws -> String {
  guard let emitter = Emitter.find(format: "csv", view: view) else { throw MissingEmitter(view: view) }
  return emitter.emit(report, view, .table)
}

struct MissingEmitter: Error {
  let view: ReportView
}

/// The codes of what went wrong, sorted, each once.
func codes(_ report: Report) -> [String] { Set(report.diagnostics.map(\.code)).sorted() }

let smallSchema = "CREATE TABLE invoice (id INT PRIMARY KEY, total INT);\n"
let smallSource = """
  int run(const char *sql);
  int pay(int id) { return run("UPDATE invoice SET total = 0 WHERE id = 1"); }

  """
