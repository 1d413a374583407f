import Foundation

/// A place in a binary log.
package struct BinlogPlace: Hashable, Sendable, Codable {
  /// Name of the file.
  package var file: String
  /// Bytes from its start.
  package var position: UInt64

  /// A place.
  package init(file: String, position: UInt64) {
    self.file = file
    self.position = position
  }

  /// The number at the end of the file's name; it grows with every file.
  package var number: UInt64 { UInt64(file.split(separator: ".").last ?? "") ?? 0 }

  /// The place as one number: it grows with the log.
  package var order: UInt64 { number << 40 | position }
}

/// One change of one row in a binary log.
package struct BinlogChange: Hashable, Sendable {
  /// What happened.
  package enum Operation: Hashable, Sendable { case insert, update, delete }

  /// The database of the table.
  package var database: String
  /// The table.
  package var table: String
  /// What happened.
  package var operation: Operation
  /// The row before; empty for inserts.
  package var before: [String: BinlogValue]
  /// The row after; empty for deletes.
  package var after: [String: BinlogValue]
  /// Number of the file · 10^22 + position of the event · 10^6 + number of the row in it, as `applier.yaml` says.
  package var version: String
}

/// A committed transaction, whole.
package struct BinlogTransaction: Hashable, Sendable {
  /// Its changes of captured tables, in order.
  package var changes: [BinlogChange] = []
  /// Behind its commit: where reading goes on once it is safe.
  package var end: BinlogPlace
  /// When it was committed, in seconds since 1970, as the log has no finer time.
  package var seconds: UInt32
}

/// Puts the events of a binary log together to transactions.
package struct BinlogReader {
  private let tables: BinlogTables
  private var place: BinlogPlace
  private var maps: [UInt64: BinlogTableMap] = [:]
  private var changes: [BinlogChange] = []
  private var isOpen = false
  /// Bytes behind each event; nil until the log has said so.
  private var checksum: Int?

  /// A reader that starts at `place` and reads changes of `tables`.
  package init(tables: BinlogTables, from place: BinlogPlace) {
    self.tables = tables
    self.place = place
  }

  /// Takes one event with its header; a transaction when the event ends one.
  package mutating func read(_ event: [UInt8]) throws(BinlogError) -> BinlogTransaction? {
    var bytes = BinlogBytes(event, dropping: checksum ?? 0)
    let seconds = UInt32(try bytes.little(4))
    let type = try bytes.byte()
    try bytes.skip(8)
    let next = try bytes.little(4)
    let flags = try bytes.little(2)
    // Events made up for the connection have no place of their own.
    if next > 0, flags & 0x20 == 0, type != 4 { place.position = next }
    switch type {
    case 4:
      // Before the log has described itself its place is the one that was asked for.
      guard checksum != nil else { break }
      let position = try bytes.little(8)
      place = BinlogPlace(file: try bytes.text(bytes.left), position: position)
    case 15:
      // The kind of checksum stands before the checksum this event always has.
      checksum = event.count > 24 && event[event.count - 5] == 1 ? 4 : 0
      // The server was started anew: what was not committed before never will be.
      changes = []
      isOpen = false
    case 19:
      let (identity, map) = try BinlogTableMap.read(&bytes)
      maps[identity] = map
    case 23, 24, 25, 30, 31, 32: try rows(type, &bytes)
    case 16: return finish(seconds)
    case 162:
      // The start of a transaction, or of a statement that stands alone.
      changes = []
      try bytes.skip(12)
      isOpen = try bytes.byte() & 1 == 0
    case 2: return try query(&bytes, seconds)
    case 165...171: throw BinlogError("compressed events are not understood: switch log_bin_compress off")
    default: break
    }
    return nil
  }

  private mutating func query(_ bytes: inout BinlogBytes, _ seconds: UInt32) throws(BinlogError) -> BinlogTransaction? {
    try bytes.skip(8)
    let databaseLength = Int(try bytes.byte())
    try bytes.skip(2)
    let statusLength = Int(try bytes.little(2))
    try bytes.skip(statusLength + databaseLength + 1)
    switch try bytes.text(bytes.left) {
    case "BEGIN":
      changes = []
      isOpen = true
      return nil
    case "ROLLBACK":
      changes = []
      return finish(seconds)
    case "COMMIT": return finish(seconds)
    // A statement that stands alone; inside a transaction it is a savepoint.
    default: return isOpen ? nil : finish(seconds)
    }
  }

  private mutating func finish(_ seconds: UInt32) -> BinlogTransaction? {
    defer {
      changes = []
      isOpen = false
    }
    return BinlogTransaction(changes: changes, end: place, seconds: seconds)
  }

  private mutating func rows(_ type: UInt8, _ bytes: inout BinlogBytes) throws(BinlogError) {
    let identity = try bytes.little(6)
    try bytes.skip(2)
    // The second version has room for more data; its length counts itself.
    if type >= 30 { try bytes.skip(Int(try bytes.little(2)) - 2) }
    guard let map = maps[identity], let columns = tables.columns["\(map.database).\(map.table)"] else { return }
    let count = Int(try bytes.packed())
    guard count == columns.count, count == map.types.count else {
      throw BinlogError("\(map.database).\(map.table) has other columns than when capture began")
    }
    let isUpdate = type == 24 || type == 31
    let first = Self.bits(try bytes.take((count + 7) / 8), count)
    let second = isUpdate ? Self.bits(try bytes.take((count + 7) / 8), count) : first
    let row = BinlogRow(map: map, columns: columns)
    var number = 0
    while !bytes.isAtEnd {
      let image = try row.image(&bytes, present: first)
      var change = BinlogChange(
        database: map.database, table: map.table, operation: .insert, before: [:], after: [:],
        version: version(number))
      if isUpdate {
        change.operation = .update
        change.before = image
        change.after = try row.image(&bytes, present: second)
      } else if type == 25 || type == 32 {
        change.operation = .delete
        change.before = image
      } else {
        change.after = image
      }
      changes.append(change)
      number += 1
    }
  }

  private func version(_ row: Int) -> String {
    "\(place.number)\(CalendarText.padded(Int(place.position), 16))\(CalendarText.padded(row, 6))"
  }

  private static func bits(_ bytes: ArraySlice<UInt8>, _ count: Int) -> [Bool] {
    let bytes = Array(bytes)
    return (0..<count).map { bytes[$0 / 8] >> ($0 % 8) & 1 == 1 }
  }
}
