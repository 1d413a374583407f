import Facts

/// A group of templates of StringTemplate → a `template` with `name`, `parameters` and its text for each, an `import`
/// with its text for each group taken over.
enum TemplateGroupDocument {
  static func read(_ bytes: [UInt8]) -> DocumentReading {
    var scanner = Scanner(bytes: bytes)
    var root = DocumentNode(name: "group", line: 1)
    while scanner.skipBlanks() {
      let line = scanner.line
      let word = scanner.word()
      if word.isEmpty {
        scanner.advance()
      } else if word == "import" {
        _ = scanner.skipBlanks()
        if let path = scanner.quoted() {
          root.children.append(
            DocumentNode(name: "import", children: [DocumentNode(text: path, line: line)], line: line))
        }
      } else if word == "group" {
        let header = scanner.text(upTo: UInt8(ascii: ";"))
        for base in header.split(separator: ":").dropFirst().flatMap({ $0.split(separator: ",") }) {
          let name = base.split { $0 == " " || $0 == "\n" || $0 == "\t" }.first.map(String.init) ?? ""
          root.children.append(
            DocumentNode(name: "import", children: [DocumentNode(text: name, line: line)], line: line))
        }
      } else if let template = scanner.template(named: word, line: line) {
        root.children.append(template)
      }
    }
    return DocumentReading(root: root)
  }

  private struct Scanner {
    let bytes: [UInt8]
    var place = 0
    private(set) var line = 1

    init(bytes: [UInt8]) { self.bytes = bytes }

    private func byte(_ offset: Int = 0) -> UInt8 { place + offset < bytes.count ? bytes[place + offset] : 0 }

    private func begins(with text: StaticString) -> Bool {
      text.withUTF8Buffer { bytes[min(place, bytes.count)...].starts(with: $0) }
    }

    mutating func advance(_ count: Int = 1) {
      for _ in 0..<count where place < bytes.count {
        if bytes[place] == UInt8(ascii: "\n") { line += 1 }
        place += 1
      }
    }

    /// Skips blanks and comments; false at the end.
    mutating func skipBlanks() -> Bool {
      while place < bytes.count {
        if bytes[place] <= 32 {
          advance()
        } else if begins(with: "//") {
          _ = text(upTo: UInt8(ascii: "\n"))
        } else if begins(with: "/*") {
          while place < bytes.count, !begins(with: "*/") { advance() }
          advance(2)
        } else {
          return true
        }
      }
      return false
    }

    mutating func word() -> String {
      let start = place
      while place < bytes.count, Self.isWord(bytes[place]) { place += 1 }
      return String(decoding: bytes[start..<place], as: UTF8.self)
    }

    private static func isWord(_ byte: UInt8) -> Bool {
      byte == UInt8(ascii: "_") || byte == UInt8(ascii: "-") || (48...57).contains(byte)
        || (97...122).contains(byte | 0x20)
    }

    mutating func quoted() -> String? {
      guard byte() == UInt8(ascii: "\"") else { return nil }
      advance()
      return text(upTo: UInt8(ascii: "\""))
    }

    /// The text before the next `end`, which is skipped.
    mutating func text(upTo end: UInt8) -> String {
      let start = place
      while place < bytes.count, bytes[place] != end {
        if bytes[place] == UInt8(ascii: "\\") { advance() }
        advance()
      }
      let found = String(decoding: bytes[min(start, bytes.count)..<place], as: UTF8.self)
      advance()
      return found
    }

    /// `(parameters) ::= body`; nil for anything else.
    mutating func template(named name: String, line: Int) -> DocumentNode? {
      guard skipBlanks(), byte() == UInt8(ascii: "(") else { return nil }
      advance()
      let parameters = text(upTo: UInt8(ascii: ")"))
      guard skipBlanks(), begins(with: "::=") else { return nil }
      advance(3)
      guard skipBlanks() else { return nil }
      let bodyLine = self.line
      guard let body = body() else { return nil }
      let attributes = [
        DocumentNode.Attribute(name: "name", value: name),
        DocumentNode.Attribute(name: "parameters", value: parameters),
      ]
      return DocumentNode(
        name: "template", attributes: attributes,
        children: body.isEmpty ? [] : [DocumentNode(text: body, line: bodyLine)],
        line: line)
    }

    private mutating func body() -> String? {
      for (open, close) in [("<<", ">>"), ("<%", "%>")] where bytes[place...].starts(with: open.utf8) {
        advance(2)
        let start = place
        while place < bytes.count, !bytes[place...].starts(with: close.utf8) { advance() }
        let found = String(decoding: bytes[start..<place], as: UTF8.self)
        advance(2)
        return found
      }
      if let text = quoted() { return text }
      guard byte() == UInt8(ascii: "{") else { return nil }
      advance()
      return text(upTo: UInt8(ascii: "}"))
    }
  }
}
