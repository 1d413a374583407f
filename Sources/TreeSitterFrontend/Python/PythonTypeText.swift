/// Types of Python in the common form of all languages: `Optional[List["Order"]]` is `List<Order>`.
struct PythonTypeText {
  private let bytes: UnsafeBufferPointer<UInt8>
  private var index = 0
  private var depth = 0
  private static let deepest = 40

  /// Names that only say something about the type they hold.
  private static let transparent: Set<String> = [
    "Optional", "Annotated", "ClassVar", "Final", "Required", "NotRequired",
  ]

  private init(_ bytes: UnsafeBufferPointer<UInt8>) { self.bytes = bytes }

  /// The type written in `bytes`; empty when there is none. Linear.
  static func text(_ bytes: UnsafeBufferPointer<UInt8>) -> String {
    var reader = PythonTypeText(bytes)
    return reader.union()
  }

  /// Whether the type written in `bytes` allows `None`. Linear.
  static func isOptional(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
    let text = String(decoding: bytes, as: UTF8.self)
    return text.contains("Optional[") || text.contains("None")
  }

  /// Alternatives separated by `|`; the first one that is not `None`.
  private mutating func union() -> String {
    var options: [String] = []
    repeat { options.append(single()) } while skip(UInt8(ascii: "|"))
    return options.first { $0 != "None" && !$0.isEmpty } ?? options[0]
  }

  private mutating func single() -> String {
    skipBlanks()
    // A forward reference is a text; its quotes do not count.
    while index < bytes.count, Self.isQuote(bytes[index]) || bytes[index] == UInt8(ascii: "(") {
      index += 1
      skipBlanks()
    }
    let start = index
    while index < bytes.count, Self.isName(bytes[index]) { index += 1 }
    let name = String(decoding: bytes[start..<index], as: UTF8.self)
    while index < bytes.count, Self.isQuote(bytes[index]) || bytes[index] == UInt8(ascii: ")") { index += 1 }
    guard skip(UInt8(ascii: "[")) else { return start == index ? unreadable() : name }
    guard depth < Self.deepest else { return unreadable() }
    depth += 1
    defer { depth -= 1 }
    var arguments: [String] = []
    repeat {
      skipBlanks()
      if index < bytes.count, bytes[index] == UInt8(ascii: "]") { break }
      arguments.append(union())
    } while skip(UInt8(ascii: ","))
    _ = skip(UInt8(ascii: "]"))
    while index < bytes.count, Self.isQuote(bytes[index]) || bytes[index] == UInt8(ascii: ")") { index += 1 }
    let last = name.utf8.lastIndex(of: UInt8(ascii: ".")).map { String(name[name.index(after: $0)...]) } ?? name
    if last == "Union" { return arguments.first { $0 != "None" } ?? "" }
    if Self.transparent.contains(last) { return arguments.first ?? "" }
    if name.isEmpty { return "Array<\(arguments.first ?? "")>" }
    return "\(name)<\(arguments.joined(separator: ","))>"
  }

  /// Skips what is no type, such as a number or a call, up to what ends it.
  private mutating func unreadable() -> String {
    var open = 0
    while index < bytes.count {
      switch bytes[index] {
      case UInt8(ascii: "("), UInt8(ascii: "["), UInt8(ascii: "{"): open += 1
      case UInt8(ascii: ")"), UInt8(ascii: "}"): open -= 1
      case UInt8(ascii: "]"):
        if open <= 0 { return "" }
        open -= 1
      case UInt8(ascii: ","), UInt8(ascii: "|"):
        if open <= 0 { return "" }
      default: break
      }
      index += 1
    }
    return ""
  }

  private mutating func skipBlanks() {
    while index < bytes.count, bytes[index] <= UInt8(ascii: " ") || bytes[index] == UInt8(ascii: "\\") { index += 1 }
  }

  private mutating func skip(_ byte: UInt8) -> Bool {
    skipBlanks()
    // What stands between a name and its end, such as a call in `Annotated[int, Field(1)]`, is no part of the type.
    if index < bytes.count, bytes[index] == UInt8(ascii: "("), byte != UInt8(ascii: "[") { _ = unreadable() }
    guard index < bytes.count, bytes[index] == byte else { return false }
    index += 1
    return true
  }

  private static func isQuote(_ byte: UInt8) -> Bool { byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'") }

  private static func isName(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "."), 0x80...0xFF:
      true
    default: false
    }
  }
}
