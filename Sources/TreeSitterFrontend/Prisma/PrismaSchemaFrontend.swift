import Basics
import Facts

/// Reads schemas of Prisma: models as classes with annotated fields, enumerations, and the data source.
///
/// The language has no grammar here; it is small, and each of its declarations stands on a line of its own.
struct PrismaSchemaFrontend {
  private var types: [TypeFact] = []
  private var constants: [ConstantFact] = []
  private var open: TypeFact?
  private var isEnum = false
  private var isIgnored = false
  private var settings: (name: String, line: Int, entries: [Value])?

  /// The facts of one schema file. Linear, never fails.
  static func read(_ file: RepoPath, _ bytes: UnsafeBufferPointer<UInt8>) -> FileFacts {
    var reader = PrismaSchemaFrontend()
    var number = 0
    for line in String(decoding: bytes, as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: false) {
      number += 1
      reader.readLine(line, number)
    }
    reader.close()
    return FileFacts(
      file: file, language: .typescript, types: reader.types, constants: reader.constants, lineCount: number)
  }

  private mutating func readLine(_ line: Substring, _ number: Int) {
    var scanner = PrismaScanner(line)
    guard let first = scanner.word() else {
      if scanner.takes("}") { return close() }
      if scanner.takes("@@") { blockAttribute(&scanner, number) }
      return
    }
    if open == nil, settings == nil {
      let name = scanner.word() ?? ""
      switch first {
      case "model", "view", "type": open = TypeFact(name: name, kind: .class, bases: [], line: number)
      case "enum":
        open = TypeFact(name: name, kind: .enum, bases: [], line: number)
        isEnum = true
      case "datasource", "generator": settings = (first, number, [])
      default: isIgnored = true
      }
      open?.annotations.append(AnnotationFact(name: "prisma." + first, line: number))
      guard scanner.takes("{") else { return }
      while isEnum, let value = scanner.word() { enumerator(value, &scanner, number) }
      if scanner.takes("}") { close() }
      return
    }
    if settings != nil {
      if scanner.takes("=") { settings?.entries.append(.member(first, scanner.value())) }
    } else if isEnum {
      enumerator(first, &scanner, number)
    } else {
      field(first, &scanner, number)
    }
  }

  private mutating func close() {
    if let open { types.append(open) }
    if let settings {
      constants.append(
        ConstantFact(
          name: "prisma." + settings.name, kind: .global, value: .list(settings.entries), isLocal: true,
          line: settings.line))
    }
    open = nil
    settings = nil
    isEnum = false
  }

  private mutating func enumerator(_ name: String, _ scanner: inout PrismaScanner, _ line: Int) {
    var stored = name
    for annotation in attributes(&scanner, line) where annotation.name == "map" {
      if case .text(let text)? = annotation.arguments.first { stored = text }
    }
    let owner = open?.name ?? ""
    constants.append(
      ConstantFact(name: owner + "." + name, kind: .enumerator, value: .text(stored), isLocal: false, line: line))
  }

  private mutating func field(_ name: String, _ scanner: inout PrismaScanner, _ line: Int) {
    guard var type = scanner.word() else { return }
    if type == "Unsupported", case .list(let parts) = scanner.arguments(), case .text(let text)? = parts.first {
      type = text
    }
    var annotations: [AnnotationFact] = []
    if scanner.takes("[]") {
      type = "Array<" + type + ">"
    } else if scanner.takes("?") {
      annotations.append(AnnotationFact(name: "optional", line: line))
    }
    annotations += attributes(&scanner, line)
    open?.fields.append(FieldFact(name: name, type: type, annotations: annotations, line: line))
  }

  private mutating func blockAttribute(_ scanner: inout PrismaScanner, _ line: Int) {
    guard let name = scanner.word(), case .list(let arguments) = scanner.arguments() else { return }
    open?.annotations.append(AnnotationFact(name: name, arguments: arguments, line: line))
  }

  private func attributes(_ scanner: inout PrismaScanner, _ line: Int) -> [AnnotationFact] {
    var found: [AnnotationFact] = []
    while scanner.takes("@") {
      guard let name = scanner.word() else { break }
      guard case .list(let arguments) = scanner.arguments() else { break }
      found.append(AnnotationFact(name: name, arguments: arguments, line: line))
    }
    return found
  }
}

/// One line of a schema, read from left to right.
struct PrismaScanner {
  private let bytes: [UInt8]
  private var place = 0
  /// Arguments nested deeper than this are left out.
  private static let maximumDepth = 20

  init(_ line: Substring) {
    bytes = Array(line.utf8)
  }

  private mutating func skipBlanks() {
    while place < bytes.count, bytes[place] <= 32 { place += 1 }
    if place + 1 < bytes.count, bytes[place] == UInt8(ascii: "/"), bytes[place + 1] == UInt8(ascii: "/") {
      place = bytes.count
    }
  }

  /// A name, with dots: `db.VarChar`.
  mutating func word() -> String? {
    skipBlanks()
    let start = place
    while place < bytes.count {
      switch bytes[place] {
      case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x5F, 0x2D, 0x2E, 0x80...0xFF: place += 1
      default: return start == place ? nil : String(decoding: bytes[start..<place], as: UTF8.self)
      }
    }
    return start == place ? nil : String(decoding: bytes[start..<place], as: UTF8.self)
  }

  /// Steps over a mark when it comes next.
  mutating func takes(_ mark: String) -> Bool {
    skipBlanks()
    guard bytes[place...].starts(with: mark.utf8) else { return false }
    place += mark.utf8.count
    return true
  }

  /// `(…)` as a list; an empty one when there is none.
  mutating func arguments(_ depth: Int = 0) -> Value {
    guard takes("(") else { return .list([]) }
    return .list(items(until: ")", depth))
  }

  private mutating func items(until end: String, _ depth: Int) -> [Value] {
    var found: [Value] = []
    while depth < Self.maximumDepth, place < bytes.count, !takes(end) {
      let start = place
      let item = value(depth + 1)
      if case .name(let name) = item, takes(":") {
        found.append(.member(name, value(depth + 1)))
      } else {
        found.append(item)
      }
      _ = takes(",")
      if place == start { break }
    }
    return found
  }

  /// A text, list, name or call.
  mutating func value(_ depth: Int = 0) -> Value {
    if takes("\"") { return .text(text()) }
    if takes("[") { return .list(items(until: "]", depth)) }
    guard let name = word() else { return .opaque }
    if place < bytes.count, bytes[place] == UInt8(ascii: "("), case .list(let arguments) = arguments(depth) {
      return .call(callee: name, receiver: nil, arguments: arguments)
    }
    return name.first?.isNumber == true ? .literal(name) : .name(name)
  }

  private mutating func text() -> String {
    var found: [UInt8] = []
    while place < bytes.count, bytes[place] != UInt8(ascii: "\"") {
      if bytes[place] == UInt8(ascii: "\\"), place + 1 < bytes.count { place += 1 }
      found.append(bytes[place])
      place += 1
    }
    place = min(place + 1, bytes.count)
    return String(decoding: found, as: UTF8.self)
  }
}
