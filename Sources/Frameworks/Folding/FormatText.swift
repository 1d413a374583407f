import SQL

/// Fills the placeholders of printf, fmt and positional format texts with folded values.
enum FormatText {
  /// Whether the text holds a placeholder that takes an argument.
  static func hasPlaceholder(_ text: String) -> Bool {
    let bytes = Array(text.utf8)
    var index = 0
    while index < bytes.count {
      if placeholder(bytes, at: index) != nil { return true }
      index += 1
    }
    return false
  }

  /// The text with placeholders replaced in order by `values`; placeholders without a value become holes.
  /// Only text placeholders take the value's text: numbers never name a table.
  static func filled(_ text: String, with values: [String]) -> String {
    let bytes = Array(text.utf8)
    var out: [UInt8] = []
    out.reserveCapacity(bytes.count)
    var index = 0
    var next = 0
    while index < bytes.count {
      guard let found = placeholder(bytes, at: index) else {
        if bytes[index] == UInt8(ascii: "%"), index + 1 < bytes.count, bytes[index + 1] == UInt8(ascii: "%") {
          index += 1
        } else if isDoubledBrace(bytes, index) {
          index += 1
        }
        out.append(bytes[index])
        index += 1
        continue
      }
      next += found.extraArguments
      let place = found.position ?? next
      if found.position == nil { next += 1 }
      let value = place < values.count ? values[place] : Hole.text(index: nil)
      out += found.isText ? Array(value.utf8) : Array(Hole.text(index: nil).utf8)
      index = found.end
    }
    return String(decoding: out, as: UTF8.self)
  }

  private static func isDoubledBrace(_ bytes: [UInt8], _ index: Int) -> Bool {
    index + 1 < bytes.count && bytes[index] == bytes[index + 1]
      && (bytes[index] == UInt8(ascii: "{") || bytes[index] == UInt8(ascii: "}"))
  }

  private struct Found {
    var end: Int
    var isText: Bool
    var position: Int?
    var extraArguments = 0
  }

  private static func placeholder(_ bytes: [UInt8], at index: Int) -> Found? {
    switch bytes[index] {
    case UInt8(ascii: "%"): percent(bytes, at: index)
    case UInt8(ascii: "{"): brace(bytes, at: index)
    default: nil
    }
  }

  /// `%s`, `%-5.2f`, `%.*s`, `%1$s`, `%1`.
  private static func percent(_ bytes: [UInt8], at index: Int) -> Found? {
    var place = index + 1
    var extra = 0
    var number = 0
    var sawDigit = false
    while place < bytes.count {
      let byte = bytes[place]
      switch byte {
      case UInt8(ascii: "0")...UInt8(ascii: "9"):
        number = min(number * 10 + Int(byte - UInt8(ascii: "0")), 1000)
        sawDigit = true
      case UInt8(ascii: "$"):
        guard sawDigit, place + 1 < bytes.count else { return nil }
        return Found(end: place + 2, isText: bytes[place + 1] == UInt8(ascii: "s"), position: max(number - 1, 0))
      case UInt8(ascii: "*"): extra += 1
      case UInt8(ascii: "-"), UInt8(ascii: "+"), UInt8(ascii: "."), UInt8(ascii: "#"), UInt8(ascii: "l"),
        UInt8(ascii: "h"), UInt8(ascii: "z"), UInt8(ascii: "j"), UInt8(ascii: "q"), UInt8(ascii: "L"),
        UInt8(ascii: "t"):
        break
      case UInt8(ascii: "s"), UInt8(ascii: "S"), UInt8(ascii: "v"), UInt8(ascii: "w"), UInt8(ascii: "W"):
        return Found(end: place + 1, isText: true, position: nil, extraArguments: extra)
      case UInt8(ascii: "d"), UInt8(ascii: "i"), UInt8(ascii: "u"), UInt8(ascii: "f"), UInt8(ascii: "F"),
        UInt8(ascii: "g"), UInt8(ascii: "G"), UInt8(ascii: "e"), UInt8(ascii: "x"), UInt8(ascii: "X"),
        UInt8(ascii: "c"), UInt8(ascii: "p"), UInt8(ascii: "o"):
        return Found(end: place + 1, isText: false, position: nil, extraArguments: extra)
      case 1:
        // `"%" PRIu64`: the rest of the placeholder is a macro of the system headers, always a number.
        guard place + 1 < bytes.count, bytes[place + 1] == 2 else { return nil }
        return Found(end: place + 2, isText: false, position: nil, extraArguments: extra)
      default:
        guard sawDigit, place == index + 2 || place == index + 3 else { return nil }
        return Found(end: place, isText: true, position: max(number - 1, 0))
      }
      place += 1
    }
    guard sawDigit, place <= index + 3 else { return nil }
    return Found(end: place, isText: true, position: max(number - 1, 0))
  }

  /// `{}`, `{:d}`, `{0}`, `{name}`.
  private static func brace(_ bytes: [UInt8], at index: Int) -> Found? {
    var place = index + 1
    var number = 0
    var digits = 0
    while place < bytes.count, place - index < 24 {
      let byte = bytes[place]
      if byte == UInt8(ascii: "}") {
        return Found(end: place + 1, isText: true, position: digits > 0 ? number : nil)
      }
      if byte == UInt8(ascii: ":") {
        return format(bytes, from: place + 1).map {
          Found(end: $0.end, isText: $0.isText, position: digits > 0 ? number : nil)
        }
      }
      guard byte >= UInt8(ascii: "0"), byte <= UInt8(ascii: "9") else { return nil }
      number = min(number * 10 + Int(byte - UInt8(ascii: "0")), 1000)
      digits += 1
      place += 1
    }
    return nil
  }

  private static func format(_ bytes: [UInt8], from start: Int) -> (end: Int, isText: Bool)? {
    var place = start
    while place < bytes.count, place - start < 24 {
      if bytes[place] == UInt8(ascii: "}") {
        let kind = place > start ? bytes[place - 1] : UInt8(ascii: "s")
        let isNumber = [UInt8(ascii: "d"), UInt8(ascii: "f"), UInt8(ascii: "x"), UInt8(ascii: "X"), UInt8(ascii: "b")]
          .contains(kind)
        return (place + 1, !isNumber)
      }
      if bytes[place] == UInt8(ascii: "'") || bytes[place] == UInt8(ascii: "\"") { return nil }
      place += 1
    }
    return nil
  }
}
