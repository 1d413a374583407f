import Facts

/// What a `/** … */` comment says: annotations as Doctrine reads them, and the types of phpDocumentor.
struct PHPDocBlock {
  /// `@ORM\Column(name="x")`; lower-case tags without arguments are documentation.
  private(set) var annotations: [AnnotationFact] = []
  /// `@var`.
  private(set) var variable: String?
  /// The variable that `@var` names; empty when it names none.
  private(set) var variableName = ""
  /// `@return`.
  private(set) var returned: String?
  /// `@param` by name.
  private(set) var parameters: [String: String] = [:]
  /// `@extends`, `@implements`, `@use` with type arguments.
  private(set) var bases: [String] = []

  private var text: [UInt8] = []
  private var place = 0
  private var line: Int
  private var depth = 0
  private static let maximumDepth = 40

  /// Reads the text between the marks of a comment that begins on `line`. Linear.
  init(_ comment: UnsafeBufferPointer<UInt8>, line: Int) {
    self.line = line
    text.reserveCapacity(comment.count)
    var isStart = true
    for byte in comment {
      if byte == 10 {
        isStart = true
      } else if isStart {
        if byte <= 32 || byte == UInt8(ascii: "*") { continue }
        isStart = false
      }
      text.append(byte)
    }
    read()
    text = []
  }

  private mutating func read() {
    var isStart = true
    while place < text.count {
      let byte = text[place]
      if byte == UInt8(ascii: "@"), isStart {
        place += 1
        let known = annotations.count
        tag()
        // Several annotations may share a line.
        isStart = annotations.count > known
      } else {
        isStart = byte == 10 || (isStart && byte <= 32)
        advance()
      }
    }
  }

  private mutating func tag() {
    let start = line
    let name = word()
    switch name {
    case "": return
    case "var":
      variable = type()
      variableName = variableWord()
    case "return", "phpstan-return", "psalm-return": returned = type()
    case "param", "phpstan-param", "psalm-param":
      let type = type()
      let name = variableWord()
      if !name.isEmpty { parameters[name] = type }
    case "extends", "implements", "use", "template-extends", "template-implements", "phpstan-extends",
      "phpstan-implements":
      let base = PHPTypes.common(type(), owner: "")
      if base.contains("<") { bases.append(base) }
    default:
      let isDocumentation = name.utf8.first.map { $0 >= UInt8(ascii: "a") && $0 <= UInt8(ascii: "z") } ?? true
      guard !isDocumentation || peek == UInt8(ascii: "(") else { return }
      annotations.append(AnnotationFact(name: name, arguments: arguments(), line: start))
    }
  }

  // MARK: Words

  private var peek: UInt8 { place < text.count ? text[place] : 0 }

  private mutating func advance() {
    if peek == 10 { line += 1 }
    place += 1
  }

  private mutating func skipBlanks(inLine: Bool = false) {
    while place < text.count, text[place] <= 32, !inLine || text[place] != 10 { advance() }
  }

  private mutating func taken(_ accepts: (UInt8) -> Bool) -> String {
    let start = place
    while place < text.count, accepts(text[place]) { place += 1 }
    return String(decoding: text[start..<place], as: UTF8.self)
  }

  private static func isWord(_ byte: UInt8) -> Bool {
    (byte | 0x20 >= UInt8(ascii: "a") && byte | 0x20 <= UInt8(ascii: "z"))
      || (byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9")) || byte == UInt8(ascii: "_")
      || byte == UInt8(ascii: "\\") || byte == UInt8(ascii: "-") || byte >= 0x80
  }

  /// A name; a leading separator is dropped.
  private mutating func word() -> String {
    let found = taken(Self.isWord)
    return found.hasPrefix("\\") ? String(found.dropFirst()) : found
  }

  /// A type up to a blank that stands in no brackets.
  private mutating func type() -> String {
    skipBlanks(inLine: true)
    var nesting = 0
    return taken { byte in
      switch byte {
      case UInt8(ascii: "<"), UInt8(ascii: "("), UInt8(ascii: "{"): nesting += 1
      case UInt8(ascii: ">"), UInt8(ascii: ")"), UInt8(ascii: "}"): nesting -= 1
      case 10: return false
      default: return byte > 32 || nesting > 0
      }
      return true
    }
  }

  private mutating func variableWord() -> String {
    skipBlanks(inLine: true)
    while peek == UInt8(ascii: "&") || peek == UInt8(ascii: ".") { place += 1 }
    guard peek == UInt8(ascii: "$") else { return "" }
    place += 1
    return word()
  }

  // MARK: Arguments of annotations

  private mutating func arguments() -> [Value] {
    guard peek == UInt8(ascii: "(") else { return [] }
    advance()
    return items(until: UInt8(ascii: ")"))
  }

  private mutating func items(until end: UInt8) -> [Value] {
    var items: [Value] = []
    depth += 1
    defer { depth -= 1 }
    while true {
      skipBlanks()
      if peek == end {
        advance()
        return items
      }
      let before = place
      guard place < text.count, depth < Self.maximumDepth else { return items }
      let first = value()
      skipBlanks()
      if peek == UInt8(ascii: "=") || peek == UInt8(ascii: ":") {
        advance()
        skipBlanks()
        items.append(.member(Self.key(first), value()))
        skipBlanks()
      } else {
        items.append(first)
      }
      if peek == UInt8(ascii: ",") { advance() }
      // A comment that only looks like an annotation.
      if place == before { return items }
    }
  }

  private static func key(_ value: Value) -> String {
    switch value {
    case .text(let text), .name(let text), .literal(let text), .type(let text): text
    case .field, .call, .join, .list, .member, .either, .element, .operation, .closure, .opaque: ""
    }
  }

  private mutating func value() -> Value {
    switch peek {
    case UInt8(ascii: "\""): return .text(quoted())
    case UInt8(ascii: "{"):
      advance()
      return .list(items(until: UInt8(ascii: "}")))
    case UInt8(ascii: "@"):
      place += 1
      let name = word()
      return .call(callee: name, receiver: nil, arguments: arguments())
    default: break
    }
    let name = word()
    guard peek == UInt8(ascii: ":"), place + 1 < text.count, text[place + 1] == UInt8(ascii: ":") else {
      switch name.lowercased() {
      case "true", "false", "null": return .literal(name.lowercased())
      default:
        let isNumber = name.utf8.first.map { $0 <= UInt8(ascii: "9") } ?? false
        return name.isEmpty ? .opaque : isNumber ? .literal(name) : .name(name)
      }
    }
    place += 2
    let member = word()
    return member == "class" ? .type(name) : .name(name + "." + member)
  }

  /// A text in quotes; a doubled quote stands for one.
  private mutating func quoted() -> String {
    advance()
    var content: [UInt8] = []
    while place < text.count {
      if peek == UInt8(ascii: "\"") {
        advance()
        guard peek == UInt8(ascii: "\"") else { break }
      }
      content.append(peek)
      advance()
    }
    return String(decoding: content, as: UTF8.self)
  }
}
