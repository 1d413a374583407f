import Basics
import Decomposition
import Facts
import Foundation
import Graph
package import Reporting

/// Runs the stages for the commands: the one place that touches files, processes and threads.
package enum Workbench {
  /// Analyzes what changed since the last run and returns the report, which is also saved in the state folder.
  package static func analyze(_ request: AnalysisRequest) async throws(PipelineError) -> Report {
    let session = try AnalysisSession(request)
    if let report = session.savedReport() { return report }
    let system = try await session.system()
    request.progress?(ProgressUpdate(stage: "finding boundaries", done: 0, total: 1))
    let division = try SystemDivision(session, system, withPrices: true)
    var report = ReportBuilder.report(
      system: system, graph: division.graph, proposal: division.proposal, digest: session.digest, name: session.name)
    report.comparison = division.comparison
    request.progress?(ProgressUpdate(stage: "finding boundaries", done: 1, total: 1))
    try session.save(report)
    return report
  }

  /// A report saved by an earlier run.
  package static func loadReport(path: String) throws(PipelineError) -> Report {
    switch FileContent.read(path) {
    case .failure(let error): throw .reportUnreadable(path: path, reason: error.reason)
    case .success(let bytes):
      do { return try Report(json: bytes) } catch { throw .reportUnreadable(path: path, reason: "\(error)") }
    }
  }

  /// Puts `text` at `path` so that readers see the old content or the new one, never a part.
  package static func writeAtomically(_ text: String, to path: String) throws(PipelineError) {
    try AtomicWriter.write(Array(text.utf8), to: path)
  }

  /// Draws DOT as SVG.
  package static func renderSVG(dot: String) throws(PipelineError) -> String {
    do { return try GraphvizRenderer.svg(dot: dot) } catch { throw .graphvizFailed(reason: error.message) }
  }
}

/// Writes files whole or not at all.
enum AtomicWriter {
  static func write(_ bytes: [UInt8], to path: String) throws(PipelineError) {
    let url = URL(fileURLWithPath: path)
    do {
      try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
      try Data(bytes).write(to: url, options: .atomic)
    } catch {
      throw .outputUnwritable(path: path, reason: error.localizedDescription)
    }
  }
}
