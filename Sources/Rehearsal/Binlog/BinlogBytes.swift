/// Reads the little-endian numbers and counted texts of MySQL's protocols.
struct BinlogBytes {
  private let bytes: [UInt8]
  private(set) var place: Int
  private let end: Int

  /// All of `bytes` but the last `tail`.
  init(_ bytes: [UInt8], dropping tail: Int = 0) {
    self.bytes = bytes
    place = 0
    end = max(0, bytes.count - tail)
  }

  var isAtEnd: Bool { place >= end }
  var left: Int { end - place }

  mutating func byte() throws(BinlogError) -> UInt8 {
    guard place < end else { throw BinlogError("an event ends too early") }
    place += 1
    return bytes[place - 1]
  }

  mutating func take(_ count: Int) throws(BinlogError) -> ArraySlice<UInt8> {
    guard count >= 0, count <= end - place else { throw BinlogError("an event ends too early") }
    place += count
    return bytes[(place - count)..<place]
  }

  mutating func skip(_ count: Int) throws(BinlogError) { _ = try take(count) }

  /// A number of at most eight bytes, lowest first.
  mutating func little(_ count: Int) throws(BinlogError) -> UInt64 {
    try take(count).reversed().reduce(0) { $0 << 8 | UInt64($1) }
  }

  /// A number of at most eight bytes, highest first.
  mutating func big(_ count: Int) throws(BinlogError) -> UInt64 {
    try take(count).reduce(0) { $0 << 8 | UInt64($1) }
  }

  /// A number whose first byte says how long it is.
  mutating func packed() throws(BinlogError) -> UInt64 {
    let first = try byte()
    switch first {
    case 0xfc: return try little(2)
    case 0xfd: return try little(3)
    case 0xfe: return try little(8)
    default: return UInt64(first)
    }
  }

  /// A text that ends with a zero byte.
  mutating func text() throws(BinlogError) -> String {
    var found: [UInt8] = []
    while true {
      let next = try byte()
      if next == 0 { return String(decoding: found, as: UTF8.self) }
      found.append(next)
    }
  }

  mutating func text(_ count: Int) throws(BinlogError) -> String { String(decoding: try take(count), as: UTF8.self) }
}

/// Why a binary log could not be read.
package struct BinlogError: Error, Hashable, Sendable, CustomStringConvertible {
  /// What happened, in words.
  package let description: String
  /// Error number of the server; 0 when it is ours.
  package let number: Int
  /// Whether the connection ended; reading goes on from the last position.
  package let isLost: Bool

  init(_ description: String, number: Int = 0, isLost: Bool = false) {
    self.description = description
    self.number = number
    self.isLost = isLost
  }
}
