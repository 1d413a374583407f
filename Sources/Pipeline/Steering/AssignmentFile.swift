import Basics
import Decomposition
import Foundation

/// A division made elsewhere, as CSV: `table,service`, or `service,kind,member` as `cleave services` writes it.
struct AssignmentFile {
  let split: ImportedSplit
  /// Identifies the content.
  let digest: String

  static func read(_ path: String) throws(PipelineError) -> AssignmentFile {
    switch FileContent.read(path) {
    case .failure(let error): throw .assignmentUnreadable(path: path, line: 0, reason: error.reason)
    case .success(let bytes):
      let rows = try rows(of: CSVText.rows(bytes), path: path)
      return AssignmentFile(
        split: ImportedSplit(rows: rows, source: RepoPath(path)), digest: ContentDigest.hex(of: bytes))
    }
  }

  private static func rows(
    of rows: [(cells: [String], line: Int)], path: String
  ) throws(PipelineError) -> [ImportedSplit.Row] {
    guard let header = rows.first else { throw .assignmentUnreadable(path: path, line: 1, reason: "it is empty") }
    let names = header.cells.map { $0.lowercased().trimmingCharacters(in: .whitespaces) }
    var found: [ImportedSplit.Row] = []
    var serviceOf: [String: (service: String, line: Int)] = [:]
    for row in rows.dropFirst() {
      func cell(_ name: String) -> String {
        let text = names.firstIndex(of: name).flatMap { row.cells.indices.contains($0) ? row.cells[$0] : nil } ?? ""
        return text.trimmingCharacters(in: .whitespaces)
      }
      let service = cell("service")
      let next: ImportedSplit.Row
      if names.contains("member"), names.contains("kind"), names.contains("service") {
        guard let kind = ImportedSplit.Row.Kind(rawValue: cell("kind")) else {
          throw .assignmentUnreadable(
            path: path, line: row.line, reason: "\(cell("kind")) is no kind: table, unit or shared")
        }
        next = ImportedSplit.Row(kind: kind, member: cell("member"), service: service, line: row.line)
      } else if names.contains("table"), names.contains("service") {
        next = ImportedSplit.Row(kind: .table, member: cell("table"), service: service, line: row.line)
      } else {
        throw .assignmentUnreadable(
          path: path, line: header.line, reason: "the first line names no columns `table` and `service`")
      }
      guard !next.member.isEmpty, next.kind == .shared || !next.service.isEmpty else {
        throw .assignmentUnreadable(path: path, line: row.line, reason: "the row has an empty cell")
      }
      if next.kind == .table, let known = serviceOf[next.member.lowercased()], known.service != service {
        throw .assignmentUnreadable(
          path: path, line: row.line,
          reason: "\(next.member) is in \(service) here and in \(known.service) in line \(known.line)")
      }
      if next.kind == .table { serviceOf[next.member.lowercased()] = (service, row.line) }
      found.append(next)
    }
    guard found.contains(where: { $0.kind == .table }) else {
      throw .assignmentUnreadable(path: path, line: header.line, reason: "no row places a table")
    }
    return found
  }
}
