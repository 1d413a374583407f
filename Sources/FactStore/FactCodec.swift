package import Facts

/// The binary form of the facts of one file: small, fast to read, and safe to read from damaged storage.
///
/// Layout: version byte; number of strings, then each string as length and UTF-8; then the facts in the order of their
/// declaration. Numbers are LEB128 variable-length integers, signed ones zigzag-folded first; a string is its index in
/// the table; lines of events are written as the difference to the line before. Each enum case has one tag byte.
package enum FactCodec {
  /// First byte of every encoding; other versions are not read.
  static let version: UInt8 = 2
  /// Values nested deeper than this are neither written nor read, which bounds recursion on any input.
  package static let maximumDepth = 400

  /// The encoding, or nil when a value is nested deeper than `maximumDepth`.
  package static func encode(_ facts: FileFacts) -> [UInt8]? {
    var writer = FactWriter()
    writer.file(facts)
    return writer.isTooDeep ? nil : writer.finish(version: version)
  }

  /// The facts in `bytes`, or nil when they are not a whole encoding of this version. Never traps.
  package static func decode(_ bytes: UnsafeRawBufferPointer) -> FileFacts? {
    guard bytes.first == version else { return nil }
    do throws(DamagedFacts) {
      var reader = FactReader(bytes: bytes, offset: 1)
      try reader.stringTable()
      let facts = try reader.file()
      return reader.isAtEnd ? facts : nil
    } catch {
      return nil
    }
  }
}

/// Bytes that are not an encoding of facts.
enum DamagedFacts: Error { case damaged }

/// Tag bytes of `Value`.
enum ValueTag {
  static let opaque: UInt8 = 0
  static let text: UInt8 = 1
  static let name: UInt8 = 2
  static let call: UInt8 = 3
  static let callOnReceiver: UInt8 = 4
  static let join: UInt8 = 5
  static let list: UInt8 = 6
  static let member: UInt8 = 7
  static let either: UInt8 = 8
  static let element: UInt8 = 9
  static let literal: UInt8 = 10
  static let type: UInt8 = 11
  static let field: UInt8 = 12
  static let operation: UInt8 = 13
  static let closure: UInt8 = 14
}

/// Tag bytes of `CodeEvent`; a call's tag is `call` plus its dispatch, plus `receiver` when it has one.
enum EventTag {
  static let declare: UInt8 = 0
  static let assign: UInt8 = 1
  static let append: UInt8 = 2
  static let result: UInt8 = 3
  static let mention: UInt8 = 4
  static let enterBranch: UInt8 = 5
  static let nextBranch: UInt8 = 6
  static let enterLoop: UInt8 = 7
  static let leave: UInt8 = 8
  static let enterScope: UInt8 = 9
  static let call: UInt8 = 16
  static let receiver: UInt8 = 4
}
