/// What PostgreSQL's own output plugin sends, version 1 of its protocol (chapter 55.9 of its manual).
struct LogMessageReader {
  /// A relation as the stream introduced it.
  private struct Relation {
    let schema: String
    let table: String
    let columns: [String]
  }

  /// A transaction taken apart.
  struct Batch {
    var records: [ChangeRecord] = []
    /// The place behind the last commit; nothing before it is needed again.
    var end: UInt64?
    /// Where tables were emptied by TRUNCATE, which no row tells.
    var truncated: [UInt64] = []
  }

  /// Key columns by `schema.table`; changes of other tables are left out.
  let keys: [String: [String]]
  private var relations: [UInt32: Relation] = [:]
  private var commit: UInt64 = 0
  private var committedAt: Int64 = 0
  private var index = 0

  init(keys: [String: [String]]) { self.keys = keys }

  /// Microseconds between 1970 and 2000, where PostgreSQL counts from.
  private static let epoch: Int64 = 946_684_800_000_000

  /// The changes in `messages`, each a place in the log and its bytes.
  mutating func read(_ messages: [(place: UInt64, bytes: ArraySlice<UInt8>)]) -> Batch {
    var batch = Batch()
    for message in messages {
      var bytes = ByteReader(message.bytes)
      switch bytes.byte() {
      case UInt8(ascii: "B"):
        commit = bytes.number64()
        committedAt = Int64(bitPattern: bytes.number64()) + Self.epoch
        index = 0
      case UInt8(ascii: "C"):
        _ = bytes.byte()
        _ = bytes.number64()
        batch.end = bytes.number64()
      case UInt8(ascii: "R"): readRelation(&bytes)
      case UInt8(ascii: "I"), UInt8(ascii: "U"), UInt8(ascii: "D"):
        batch.records += changes(&bytes, place: message.place)
      case UInt8(ascii: "T"): batch.truncated.append(message.place)
      default: break
      }
    }
    return batch
  }

  private mutating func readRelation(_ bytes: inout ByteReader) {
    let id = bytes.number32()
    let (schema, table) = (bytes.text(), bytes.text())
    _ = bytes.byte()
    let columns = (0..<bytes.number16()).map { _ in
      _ = bytes.byte()
      let name = bytes.text()
      _ = bytes.number32()
      _ = bytes.number32()
      return name
    }
    relations[id] = Relation(schema: schema, table: table, columns: columns)
  }

  private mutating func changes(_ bytes: inout ByteReader, place: UInt64) -> [ChangeRecord] {
    guard let relation = relations[bytes.number32()],
      let key = keys["\(relation.schema).\(relation.table)"]
    else { return [] }
    var old: [String: ChangeValue] = [:]
    var new: [String: ChangeValue] = [:]
    while let mark = bytes.byte() {
      let values = row(&bytes, of: relation)
      if mark == UInt8(ascii: "N") { new = values } else { old = values }
    }
    // Values the log left out because they did not change stand in the old row when the table logs whole rows.
    for (column, value) in new where value == .unchanged { new[column] = old[column] ?? .unchanged }
    let oldKey = key.map { old[$0] ?? .null }
    var records: [ChangeRecord] = []
    func add(_ operation: ChangeRecord.Operation, _ values: [String: ChangeValue]) {
      records.append(
        ChangeRecord(
          schema: relation.schema, table: relation.table, operation: operation,
          version: String(place), commit: commit, index: index, committedAt: committedAt,
          values: values))
      index += 1
    }
    if new.isEmpty {
      add(.delete, old.filter { key.contains($0.key) })
    } else {
      if !old.isEmpty, oldKey != key.map({ new[$0] ?? .null }) { add(.delete, old.filter { key.contains($0.key) }) }
      add(old.isEmpty ? .insert : .update, new)
    }
    return records
  }

  private func row(_ bytes: inout ByteReader, of relation: Relation) -> [String: ChangeValue] {
    var values: [String: ChangeValue] = [:]
    for place in 0..<Int(bytes.number16()) {
      let value: ChangeValue
      switch bytes.byte() {
      case UInt8(ascii: "n"): value = .null
      case UInt8(ascii: "u"): value = .unchanged
      default: value = .text(bytes.text(length: Int(bytes.number32())))
      }
      if relation.columns.indices.contains(place) { values[relation.columns[place]] = value }
    }
    return values
  }
}

/// Reads numbers and texts in network order; beyond the end there are zeros.
struct ByteReader {
  private let bytes: ArraySlice<UInt8>
  private var place: Int

  init(_ bytes: ArraySlice<UInt8>) {
    self.bytes = bytes
    place = bytes.startIndex
  }

  /// The next byte; nil at the end.
  mutating func byte() -> UInt8? {
    guard place < bytes.endIndex else { return nil }
    place += 1
    return bytes[place - 1]
  }

  mutating func number16() -> UInt16 { UInt16(number(2)) }
  mutating func number32() -> UInt32 { UInt32(number(4)) }
  mutating func number64() -> UInt64 { number(8) }

  private mutating func number(_ size: Int) -> UInt64 {
    (0..<size).reduce(UInt64(0)) { sum, _ in sum << 8 | UInt64(byte() ?? 0) }
  }

  /// A text that ends with a zero byte.
  mutating func text() -> String {
    var found: [UInt8] = []
    while let next = byte(), next != 0 { found.append(next) }
    return String(decoding: found, as: UTF8.self)
  }

  mutating func text(length: Int) -> String {
    let end = min(bytes.endIndex, place + length)
    defer { place = end }
    return String(decoding: bytes[place..<end], as: UTF8.self)
  }
}
