import Facts

/// XML → nodes, without ever leaving the bytes: no external entity, no document type is loaded.
///
/// A reader of our own because the parser of Foundation on Linux crashes on names that are no text, and tells neither
/// the order of attributes nor where a tag begins.
enum XMLDocument {
  static func read(_ bytes: [UInt8]) -> DocumentReading {
    var reader = XMLReader(bytes: Self.plain(bytes))
    reader.read()
    let isOpen = reader.builder.isOpen
    let root = reader.builder.finished()
    var problem = reader.problem
    if problem == nil, isOpen || root == nil { problem = .init(reason: "it ends early", line: reader.line) }
    if problem == nil, let line = reader.builder.firstSkipped {
      problem = .init(reason: "it is nested too deeply or too large", line: line)
    }
    return DocumentReading(root: root, problem: problem)
  }

  /// The bytes as UTF-8 without a mark in front; other encodings than UTF-16 keep what is ASCII in them.
  private static func plain(_ bytes: [UInt8]) -> [UInt8] {
    if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { return Array(bytes.dropFirst(3)) }
    let isBig = bytes.starts(with: [0xFE, 0xFF])
    guard isBig || bytes.starts(with: [0xFF, 0xFE]) else { return bytes }
    let units = stride(from: 2, to: bytes.count - 1, by: 2).map { place -> UInt16 in
      let (high, low) = isBig ? (bytes[place], bytes[place + 1]) : (bytes[place + 1], bytes[place])
      return UInt16(high) << 8 | UInt16(low)
    }
    return Array(String(decoding: units, as: UTF16.self).utf8)
  }
}

/// Walks the markup of one document.
private struct XMLReader {
  let bytes: [UInt8]
  var builder = DocumentBuilder()
  private(set) var problem: DocumentReading.Problem?
  private var place = 0
  /// Line of `counted`, a place that `place` has passed.
  private(set) var line = 1
  private var counted = 0
  private var open: [String] = []
  private var entities = XMLEntities()

  init(bytes: [UInt8]) { self.bytes = bytes }

  mutating func read() {
    while place < bytes.count {
      let start = place
      while place < bytes.count, bytes[place] != UInt8(ascii: "<") { place += 1 }
      if start < place { builder.add(text: entities.resolved(bytes[start..<place]), line: lineOf(start)) }
      guard place < bytes.count else { break }
      if begins(with: "<!--") {
        skip(past: "-->")
      } else if begins(with: "<![CDATA[") {
        cdata()
      } else if begins(with: "<?") {
        skip(past: "?>")
      } else if begins(with: "<!") {
        documentType()
      } else if begins(with: "</") {
        endTag()
      } else {
        startTag()
      }
    }
    _ = lineOf(bytes.count)
  }

  // MARK: Places

  private mutating func lineOf(_ target: Int) -> Int {
    while counted < min(target, bytes.count) {
      if bytes[counted] == UInt8(ascii: "\n") { line += 1 }
      counted += 1
    }
    return line
  }

  private func begins(with text: StaticString) -> Bool {
    text.withUTF8Buffer { bytes[place...].starts(with: $0) }
  }

  private mutating func fail(_ reason: String) {
    let line = lineOf(place)
    problem = problem ?? .init(reason: reason, line: line)
  }

  /// Moves behind the next `end`; to the end of the file when there is none.
  private mutating func skip(past end: StaticString) {
    while place < bytes.count, !begins(with: end) { place += 1 }
    if place >= bytes.count { fail("something does not end") }
    place = min(bytes.count, place + end.utf8CodeUnitCount)
  }

  private mutating func skipBlanks() {
    while place < bytes.count, bytes[place] <= 32 { place += 1 }
  }

  private mutating func name() -> String {
    let start = place
    while place < bytes.count, Self.isName(bytes[place]) { place += 1 }
    return String(decoding: bytes[start..<place], as: UTF8.self)
  }

  private static func isName(_ byte: UInt8) -> Bool {
    switch byte {
    case 0...32, UInt8(ascii: "<"), UInt8(ascii: ">"), UInt8(ascii: "/"), UInt8(ascii: "="), UInt8(ascii: "\""),
      UInt8(ascii: "'"), UInt8(ascii: "&"):
      false
    default: true
    }
  }

  // MARK: Markup

  private mutating func cdata() {
    place += 9
    let start = place
    while place < bytes.count, !begins(with: "]]>") { place += 1 }
    builder.add(text: String(decoding: bytes[start..<place], as: UTF8.self), line: lineOf(start))
    if place >= bytes.count { fail("a text does not end") }
    place = min(bytes.count, place + 3)
  }

  private mutating func startTag() {
    let line = lineOf(place)
    place += 1
    let name = name()
    guard let first = name.utf8.first, first >= 0x3A, first != UInt8(ascii: "?") else {
      // A comparison that should have been written as `&lt;`.
      fail("a tag has no name")
      builder.add(text: "<" + name, line: line)
      return
    }
    var attributes: [DocumentNode.Attribute] = []
    while true {
      skipBlanks()
      guard place < bytes.count, bytes[place] != UInt8(ascii: ">"), bytes[place] != UInt8(ascii: "/") else { break }
      guard let attribute = attribute() else { break }
      if !attributes.contains(where: { $0.name == attribute.name }) { attributes.append(attribute) }
    }
    builder.begin(DocumentNode(name: name, attributes: attributes, line: line))
    if begins(with: "/>") {
      place += 2
      builder.end()
      return
    }
    open.append(name)
    if place < bytes.count, bytes[place] == UInt8(ascii: ">") { place += 1 } else { fail("a tag does not end") }
  }

  private mutating func attribute() -> DocumentNode.Attribute? {
    let name = name()
    skipBlanks()
    guard !name.isEmpty, place < bytes.count, bytes[place] == UInt8(ascii: "=") else {
      fail("an attribute has no value")
      // What cannot be a name would be met again and again.
      if name.isEmpty, place < bytes.count, bytes[place] != UInt8(ascii: "<") { place += 1 }
      return nil
    }
    place += 1
    skipBlanks()
    guard place < bytes.count, bytes[place] == UInt8(ascii: "\"") || bytes[place] == UInt8(ascii: "'"),
      let end = bytes[(place + 1)...].firstIndex(of: bytes[place])
    else {
      fail("an attribute has no value")
      return nil
    }
    let value = entities.resolved(bytes[(place + 1)..<end])
    place = end + 1
    return DocumentNode.Attribute(name: name, value: value)
  }

  private mutating func endTag() {
    place += 2
    let name = name()
    if open.last == name {
      open.removeLast()
      builder.end()
    } else {
      fail("a tag ends that is not open")
      if let depth = open.lastIndex(of: name) {
        while open.count > depth {
          open.removeLast()
          builder.end()
        }
      }
    }
    while place < bytes.count, bytes[place] != UInt8(ascii: ">"), bytes[place] != UInt8(ascii: "<") { place += 1 }
    if place < bytes.count, bytes[place] == UInt8(ascii: ">") { place += 1 }
  }

  /// `<!DOCTYPE …>`: only the entities it declares itself are taken.
  private mutating func documentType() {
    var depth = 0
    while place < bytes.count {
      switch bytes[place] {
      case UInt8(ascii: "\""), UInt8(ascii: "'"):
        let end = bytes[(place + 1)...].firstIndex(of: bytes[place])
        place = end ?? bytes.count - 1
      case UInt8(ascii: "<") where begins(with: "<!--"):
        skip(past: "-->")
        continue
      case UInt8(ascii: "<") where begins(with: "<!ENTITY"):
        entity()
        continue
      case UInt8(ascii: "<"): depth += 1
      case UInt8(ascii: ">"): depth -= 1
      case UInt8(ascii: "]"): depth = min(depth, 1)
      default: break
      }
      place += 1
      if depth == 0 { return }
    }
    fail("the document type does not end")
  }

  private mutating func entity() {
    place += 8
    skipBlanks()
    let name = name()
    skipBlanks()
    if place < bytes.count, bytes[place] == UInt8(ascii: "\"") || bytes[place] == UInt8(ascii: "'"),
      let end = bytes[(place + 1)...].firstIndex(of: bytes[place])
    {
      entities.declare(name, bytes[(place + 1)..<end])
      place = end + 1
    }
    while place < bytes.count, bytes[place] != UInt8(ascii: ">") { place += 1 }
    place = min(bytes.count, place + 1)
  }
}

/// What `&name;` stands for.
private struct XMLEntities {
  private var declared: [String: ArraySlice<UInt8>] = [:]
  /// Bytes that declared entities may still become: entities made of entities would explode.
  private var budget = 1 << 20
  private static let longestName = 40
  private static let deepest = 8

  mutating func declare(_ name: String, _ value: ArraySlice<UInt8>) {
    if declared[name] == nil { declared[name] = value }
  }

  /// The text with its entities resolved; unknown ones stay as they are.
  mutating func resolved(_ text: ArraySlice<UInt8>) -> String {
    guard text.contains(UInt8(ascii: "&")) else { return String(decoding: text, as: UTF8.self) }
    var result: [UInt8] = []
    result.reserveCapacity(text.count)
    append(text, to: &result, depth: 0)
    return String(decoding: result, as: UTF8.self)
  }

  private mutating func append(_ text: ArraySlice<UInt8>, to result: inout [UInt8], depth: Int) {
    var place = text.startIndex
    while place < text.endIndex {
      if text[place] == UInt8(ascii: "&"),
        let end = text[place...].prefix(Self.longestName).firstIndex(of: UInt8(ascii: ";"))
      {
        let name = String(decoding: text[(place + 1)..<end], as: UTF8.self)
        if let character = Self.character(name) {
          result += Array(String(character).utf8)
          place = end + 1
          continue
        }
        if let value = declared[name], depth < Self.deepest, budget >= value.count {
          budget -= value.count
          append(value, to: &result, depth: depth + 1)
          place = end + 1
          continue
        }
      }
      result.append(text[place])
      place += 1
    }
  }

  private static func character(_ name: String) -> Character? {
    switch name {
    case "lt": return "<"
    case "gt": return ">"
    case "amp": return "&"
    case "quot": return "\""
    case "apos": return "'"
    default:
      guard name.hasPrefix("#") else { return nil }
      let digits = name.dropFirst()
      let code = digits.hasPrefix("x") ? UInt32(digits.dropFirst(), radix: 16) : UInt32(digits)
      return code.flatMap(Unicode.Scalar.init).map(Character.init)
    }
  }
}
