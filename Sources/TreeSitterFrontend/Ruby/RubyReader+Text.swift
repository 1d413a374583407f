import Facts

/// Texts: strings, symbols, here-documents.
extension RubyReader {
  private static let escapes = EscapeRules(
    letters: "abefnrstv", numbers: ["x": 2, "u": 4], hasOctalNumbers: true, numbersAreBytes: true, joinsLines: true)

  mutating func text(_ part: Part) -> Value {
    let node = part.node
    switch part.kind {
    case .simpleSymbol: return .text(String(syntax.text(node).dropFirst()))
    case .hashKeySymbol, .stringContent: return .text(syntax.text(node))
    case .character: return .text(String(syntax.text(node).dropFirst()))
    case .chainedString: return .joined(syntax.children(node).map { text($0) })
    case .heredocBeginning: return heredoc(node)
    case .regex:
      for inner in syntax.children(node) where inner.kind == .interpolation { _ = sequence([inner], use: .value) }
      return .opaque
    default: return .joined(pieces(of: syntax.children(node)))
    }
  }

  private mutating func pieces(of parts: [Part]) -> [Value] {
    parts.map { part in
      switch part.kind {
      case .escapeSequence: return .text(Self.escapes.text(syntax.bytes(part.node)))
      case .interpolation: return sequence(syntax.children(part.node), use: .value)
      case .string: return text(part)
      default: return .text(syntax.text(part.node))
      }
    }
  }

  // MARK: Here-documents

  private mutating func heredoc(_ beginning: Node) -> Value {
    if heredocs == nil { heredocs = pairedHeredocs() }
    let mark = syntax.text(beginning)
    guard let body = heredocs?[syntax.offset(beginning)] else { return .opaque }
    let isDedented = mark.hasPrefix("<<~")
    let isRaw = mark.utf8.contains(UInt8(ascii: "'"))
    var pieces: [Value] = []
    for part in syntax.children(body) {
      switch part.kind {
      case .heredocContent, .stringContent: pieces.append(.text(syntax.text(part.node)))
      case .escapeSequence:
        pieces.append(.text(isRaw ? syntax.text(part.node) : Self.escapes.text(syntax.bytes(part.node))))
      case .interpolation: pieces.append(sequence(syntax.children(part.node), use: .value))
      default: break
      }
    }
    if case .text(let first)? = pieces.first, first.hasPrefix("\n") { pieces[0] = .text(String(first.dropFirst())) }
    // The blanks before the closing mark.
    if case .text(let last)? = pieces.last, let end = last.utf8.lastIndex(of: UInt8(ascii: "\n")) {
      let tail = last[last.utf8.index(after: end)...]
      if tail.utf8.allSatisfy({ $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") }) {
        pieces[pieces.count - 1] = .text(String(last[...end]))
      }
    }
    return .joined(isDedented ? Self.dedented(pieces) : pieces)
  }

  /// The bodies in the order of the marks that announce them; a mark inside of a body comes after that body began.
  private func pairedHeredocs() -> [Int: Node] {
    var waiting: [Int] = []
    var next = 0
    var found: [Int: Node] = [:]
    for node in syntax.nodes(of: [.heredocBeginning, .heredocBody]) {
      if syntax.kind(node) == .heredocBeginning {
        waiting.append(syntax.offset(node))
      } else if next < waiting.count {
        found[waiting[next]] = node
        next += 1
      }
    }
    return found
  }

  /// Takes the common indentation from every line of the text, as `<<~` does.
  private static func dedented(_ pieces: [Value]) -> [Value] {
    var margin = Int.max
    var isAtStart = true
    var indentation = 0
    for piece in pieces {
      guard case .text(let text) = piece else {
        if isAtStart { margin = min(margin, indentation) }
        isAtStart = false
        continue
      }
      for byte in text.utf8 {
        if byte == UInt8(ascii: "\n") {
          (isAtStart, indentation) = (true, 0)
        } else if isAtStart, byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") {
          indentation += 1
        } else if isAtStart {
          margin = min(margin, indentation)
          isAtStart = false
        }
      }
    }
    guard margin > 0, margin < Int.max else { return pieces }
    isAtStart = true
    var taken = 0
    return pieces.map { piece in
      guard case .text(let text) = piece else {
        isAtStart = false
        return piece
      }
      var bytes: [UInt8] = []
      for byte in text.utf8 {
        if byte == UInt8(ascii: "\n") {
          (isAtStart, taken) = (true, 0)
        } else if isAtStart, taken < margin, byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") {
          taken += 1
          continue
        } else {
          isAtStart = false
        }
        bytes.append(byte)
      }
      return .text(String(decoding: bytes, as: UTF8.self))
    }
  }
}
