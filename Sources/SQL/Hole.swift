/// An unknown stretch of a text that was folded from source code.
///
/// Written into the text as U+0001, an optional decimal index that says which unknown it is, and U+0002.
package enum Hole {
  /// First byte of a hole.
  static let opening: UInt8 = 1
  /// Last byte of a hole.
  static let closing: UInt8 = 2
  /// Longest index accepted, in digits; longer runs are not holes.
  private static let longestIndex = 9

  /// The text of a hole.
  package static func text(index: Int?) -> String {
    guard let index else { return "\u{1}\u{2}" }
    return "\u{1}\(index)\u{2}"
  }

  /// The indices of the holes in `text`, in order; holes without an index are left out.
  package static func indices(in text: String) -> [Int] {
    let bytes = Array(text.utf8)
    var found: [Int] = []
    var position = 0
    while position < bytes.count {
      guard let end = end(in: bytes, at: position, limit: bytes.count) else {
        position += 1
        continue
      }
      if let index = Int(String(decoding: bytes[position + 1..<end - 1], as: UTF8.self)) { found.append(index) }
      position = end
    }
    return found
  }

  /// Whether `text` holds a hole.
  package static func contains(_ text: String) -> Bool { text.utf8.contains(opening) }

  /// `text` without its holes.
  package static func removed(from text: String) -> String {
    let bytes = Array(text.utf8)
    var kept: [UInt8] = []
    var position = 0
    while position < bytes.count {
      if let end = end(in: bytes, at: position, limit: bytes.count) {
        position = end
      } else {
        kept.append(bytes[position])
        position += 1
      }
    }
    return String(decoding: kept, as: UTF8.self)
  }

  /// The offset after the hole that starts at `start`, if one does.
  static func end(in bytes: [UInt8], at start: Int, limit: Int) -> Int? {
    guard start < limit, bytes[start] == opening else { return nil }
    var position = start + 1
    while position < limit, position - start <= longestIndex, bytes[position].isDigit { position += 1 }
    guard position < limit, bytes[position] == closing else { return nil }
    return position + 1
  }
}
