package import Facts

/// The text of a statement as it may be shown: without values, comments and line ends, and short.
///
/// Literals may be secrets, so that a text which cannot be told apart from them for certain ends there.
package enum MaskedText {
  /// Longest text in UTF-8 bytes.
  package static let limit = 200

  /// The stretch of `text` between two UTF-8 offsets, masked: literals become `?`, holes `…`. Reads little more than `limit` bytes.
  package static func text(of text: String, from start: Int = 0, to end: Int? = nil, engine: EngineFamily?) -> String {
    var copy = text
    return copy.withUTF8 { bytes in
      let last = min(bytes.count, max(0, end ?? bytes.count))
      let first = min(max(0, start), last)
      var masker = Masker(bytes: UnsafeBufferPointer(rebasing: bytes[first..<last]), engine: engine)
      return masker.masked()
    }
  }
}

private struct Masker {
  let bytes: UnsafeBufferPointer<UInt8>
  /// Whether double quotes enclose text.
  private let quotesText: Bool
  /// Whether brackets enclose names.
  private let bracketsNames: Bool
  private var position = 0
  private var shown: [UInt8] = []
  private var isCut = false

  init(bytes: UnsafeBufferPointer<UInt8>, engine: EngineFamily?) {
    self.bytes = bytes
    bracketsNames = engine == .sqlserver || engine == .sqlite
    switch engine {
    case .postgres, .oracle, .h2: quotesText = false
    case .mysql, .sqlite, .sqlserver, nil: quotesText = true
    }
  }

  private static let ellipsis = Array("…".utf8)
  /// Room for the ellipsis at the end.
  private static let room = MaskedText.limit - ellipsis.count

  mutating func masked() -> String {
    while position < bytes.count, !isCut {
      step()
      if shown.count > Self.room { isCut = true }
    }
    while shown.last == .of(" ") || shown.last == .of(";") { shown.removeLast() }
    if isCut { shorten() }
    return String(decoding: shown, as: UTF8.self)
  }

  private mutating func shorten() {
    if shown.count > Self.room {
      var end = Self.room
      while end > 0, shown[end] & 0xC0 == 0x80 { end -= 1 }
      shown.removeSubrange(end...)
    }
    if !shown.suffix(Self.ellipsis.count).elementsEqual(Self.ellipsis) { shown += Self.ellipsis }
  }

  private var next: UInt8 { position + 1 < bytes.count ? bytes[position + 1] : 0 }

  private mutating func step() {
    let byte = bytes[position]
    switch byte {
    case .of("'"): literal(.of("'"))
    case .of("\""): if quotesText { literal(byte) } else { name(until: byte) }
    case .of("`"): name(until: byte)
    case .of("[") where bracketsNames: name(until: .of("]"))
    case .of("-") where next == .of("-"), .of("#"): skipLine()
    case .of("/") where next == .of("*"): skipComment()
    case .of("$") where !next.isDigit: dollar()
    case Hole.opening:
      while position < bytes.count, bytes[position] != Hole.closing { position += 1 }
      position += 1
      shown += Self.ellipsis
    case 0...0x20:
      position += 1
      if let last = shown.last, last != .of(" ") { shown.append(.of(" ")) }
    default: word(byte)
    }
  }

  /// Names, numbers, placeholders and symbols. A digit begins a number unless it goes on with a name or a placeholder.
  private mutating func word(_ byte: UInt8) {
    if byte.isDigit {
      while position < bytes.count, bytes[position].continuesName || bytes[position] == .of(".") { position += 1 }
      shown.append(.of("?"))
      return
    }
    shown.append(byte)
    position += 1
    let opens = byte.continuesName || [.of(":"), .of("@"), .of("$"), .of("?")].contains(byte)
    guard opens else { return }
    while position < bytes.count, bytes[position].continuesName {
      shown.append(bytes[position])
      position += 1
    }
  }

  /// A backslash before a quote ends the text in some engines and not in others: what follows may be a secret.
  private mutating func literal(_ quote: UInt8) {
    // Oracle's q'[…]' may hold quotes.
    let isAlternative = shown.last.map { $0 | 0x20 == .of("q") } ?? false
    shown.append(.of("?"))
    guard !isAlternative else {
      isCut = true
      return
    }
    position += 1
    while position < bytes.count {
      let byte = bytes[position]
      if byte == .of("\\"), next == quote {
        isCut = true
        return
      }
      position += 1
      guard byte == quote else { continue }
      if position < bytes.count, bytes[position] == quote { position += 1 } else { return }
    }
    isCut = true
  }

  private mutating func name(until quote: UInt8) {
    repeat {
      shown.append(bytes[position] < 0x20 ? .of(" ") : bytes[position])
      position += 1
    } while position < bytes.count && bytes[position] != quote && shown.count <= Self.room
    guard position < bytes.count, bytes[position] == quote else {
      isCut = true
      return
    }
    shown.append(quote)
    position += 1
  }

  /// `$tag$ … $tag$` is a literal in some engines.
  private mutating func dollar() {
    var end = position + 1
    while end < bytes.count, bytes[end].continuesName, bytes[end] != .of("$") { end += 1 }
    guard end < bytes.count, bytes[end] == .of("$") else { return word(bytes[position]) }
    shown.append(.of("?"))
    isCut = true
  }

  /// What looks like a comment to one engine is an operator to another: with a quote in it, what follows may be a literal.
  private mutating func skipLine() {
    while position < bytes.count, bytes[position] != .of("\n") {
      if bytes[position] == .of("'") || bytes[position] == .of("\"") { isCut = true }
      position += 1
    }
  }

  private mutating func skipComment() {
    position += 2
    while position + 1 < bytes.count, bytes[position] != .of("*") || bytes[position + 1] != .of("/") { position += 1 }
    position += 2
  }
}
