import Foundation

/// Services of tables and code as a CSV file lists them: `table,service` with any other columns beside, or
/// `service,kind,member` as `cleave services --format csv` prints it.
struct OwnerFile {
  private(set) var tables: [(table: String, service: String)] = []
  /// Types and files; only the second form lists them.
  private(set) var units: [(unit: String, service: String)] = []
  /// Whether the file says where code belongs.
  let listsCode: Bool

  init(path: String) throws(PipelineError) {
    let rows: [[String]]
    switch FileContent.read(path) {
    case .failure(let error): throw .ownersUnreadable(path: path, reason: error.reason)
    case .success(let bytes): rows = CSVText.rows(bytes)
    }
    let header = rows.first ?? []
    func column(_ name: String) -> Int? { header.firstIndex(of: name) }
    guard let service = column("service") else {
      throw .ownersUnreadable(path: path, reason: "there is no column service")
    }
    if let table = column("table") {
      listsCode = false
      for row in rows.dropFirst() where row.count > max(table, service) { tables.append((row[table], row[service])) }
    } else if let kind = column("kind"), let member = column("member") {
      listsCode = true
      for row in rows.dropFirst() where row.count > max(kind, member, service) {
        if row[kind] == "table" { tables.append((row[member], row[service])) }
        if row[kind] == "unit" { units.append((row[member], row[service])) }
      }
    } else {
      throw .ownersUnreadable(path: path, reason: "there is no column table, nor kind and member")
    }
  }
}

/// Comma-separated values after RFC 4180, with any kind of line end.
enum CSVText {
  /// The cells of every line that is not empty. Never fails: an open quote ends with the text.
  static func rows(_ bytes: [UInt8]) -> [[String]] {
    var rows: [[String]] = []
    var row: [String] = []
    var cell: [UInt8] = []
    var isQuoted = false
    var wasQuoted = false
    // A byte order mark is no part of the first name.
    var position = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
    func endRow() {
      if !row.isEmpty || !cell.isEmpty || wasQuoted { rows.append(row + [String(decoding: cell, as: UTF8.self)]) }
      row = []
      cell = []
      wasQuoted = false
    }
    while position < bytes.count {
      let byte = bytes[position]
      position += 1
      if isQuoted {
        if byte != UInt8(ascii: "\"") {
          cell.append(byte)
        } else if position < bytes.count, bytes[position] == UInt8(ascii: "\"") {
          cell.append(byte)
          position += 1
        } else {
          isQuoted = false
        }
        continue
      }
      switch byte {
      case UInt8(ascii: "\"") where cell.isEmpty:
        isQuoted = true
        wasQuoted = true
      case UInt8(ascii: ","):
        row.append(String(decoding: cell, as: UTF8.self))
        cell = []
        wasQuoted = false
      case 0x0A, 0x0D: endRow()
      default: cell.append(byte)
      }
    }
    endRow()
    return rows
  }
}
