import Basics
import Decomposition

/// A division made elsewhere, as CSV: `table,service`, or `service,kind,member` as `cleave services` writes it.
struct AssignmentFile {
  let split: ImportedSplit
  /// Identifies the content.
  let digest: String

  static func read(_ path: String) throws(PipelineError) -> AssignmentFile {
    switch FileContent.read(path) {
    case .failure(let error): throw .assignmentUnreadable(path: path, line: 0, reason: error.reason)
    case .success(let bytes):
      let rows = try rows(of: CSVRows(bytes).rows, path: path)
      return AssignmentFile(
        split: ImportedSplit(rows: rows, source: RepoPath(path)), digest: ContentDigest.hex(of: bytes))
    }
  }

  private static func rows(
    of rows: [(cells: [String], line: Int)], path: String
  ) throws(PipelineError) -> [ImportedSplit.Row] {
    guard let header = rows.first else { throw .assignmentUnreadable(path: path, line: 1, reason: "it is empty") }
    let names = header.cells.map { $0.lowercased() }
    var found: [ImportedSplit.Row] = []
    var serviceOf: [String: (service: String, line: Int)] = [:]
    for row in rows.dropFirst() {
      func cell(_ name: String) -> String {
        names.firstIndex(of: name).flatMap { row.cells.indices.contains($0) ? row.cells[$0] : nil } ?? ""
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

/// Cells of comma-separated values (RFC 4180), blanks around them trimmed; empty lines are left out.
private struct CSVRows {
  private(set) var rows: [(cells: [String], line: Int)] = []
  private var cells: [String] = []
  private var cell: [UInt8] = []
  private var first = 1

  init(_ bytes: [UInt8]) {
    var isQuoted = false
    var line = 1
    let bytes = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? Array(bytes.dropFirst(3)) : bytes
    for (place, byte) in bytes.enumerated() {
      switch byte {
      case UInt8(ascii: "\""):
        let isEscaped = isQuoted && place + 1 < bytes.count && bytes[place + 1] == UInt8(ascii: "\"")
        if isEscaped || (!isQuoted && place > 0 && bytes[place - 1] == UInt8(ascii: "\"")) {
          if !isEscaped { cell.append(byte) }
        }
        isQuoted.toggle()
      case UInt8(ascii: ",") where !isQuoted: endCell()
      case 0x0A:
        if isQuoted { cell.append(byte) } else { endRow(next: line + 1) }
        line += 1
      case 0x0D where !isQuoted: break
      default: cell.append(byte)
      }
    }
    endRow(next: line)
  }

  private mutating func endCell() {
    let text = String(decoding: cell, as: UTF8.self)
    cells.append(String(text.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed()))
    cell = []
  }

  private mutating func endRow(next: Int) {
    endCell()
    if cells != [""] { rows.append((cells, first)) }
    cells = []
    first = next
  }
}
