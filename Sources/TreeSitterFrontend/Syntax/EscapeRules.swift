/// What the escapes inside of literals stand for: a value a language.
struct EscapeRules: Sendable {
  /// What becomes of a backslash that no rule is about.
  enum Rest: Sendable {
    /// It goes: `\q` is `q`.
    case goes
    /// It stays unless one of these follows: `\q` is `\q`.
    case stays(except: String)
  }

  /// Letters that stand for control characters; which ones is the same everywhere.
  var letters = ""
  /// Letters before a number of base 16 with the most digits it has; behind `u` it may stand in braces.
  var numbers: [Character: Int] = [:]
  /// Whether up to three digits of base 8 are a number.
  var hasOctalNumbers = false
  /// Whether numbers are bytes of the text, where they stand behind `x` or are of base 8, and not characters.
  var numbersAreBytes = false
  /// Whether a backslash at the end of a line joins it with the next.
  var joinsLines = false
  /// What becomes of the backslash otherwise.
  var rest = Rest.goes

  private static let backslash = UInt8(ascii: "\\")
  private static let controls: [Character: UInt8] = [
    "0": 0, "a": 7, "b": 8, "t": 9, "n": 10, "v": 11, "f": 12, "r": 13, "e": 27, "s": 32,
  ]

  /// The text that the inside of a literal stands for. Linear.
  func text(_ bytes: some Collection<UInt8>) -> String {
    guard bytes.contains(Self.backslash) else { return String(decoding: bytes, as: UTF8.self) }
    var source = Array(bytes)[...]
    var out: [UInt8] = []
    out.reserveCapacity(source.count)
    while let byte = source.popFirst() {
      if byte == Self.backslash, !source.isEmpty { resolve(&source, into: &out) } else { out.append(byte) }
    }
    return String(decoding: out, as: UTF8.self)
  }

  /// Takes what follows a backslash and adds what it stands for.
  private func resolve(_ source: inout ArraySlice<UInt8>, into out: inout [UInt8]) {
    if hasOctalNumbers, let number = Self.number(&source, radix: 8, digits: 3) {
      return add(number, isByte: numbersAreBytes, to: &out)
    }
    let mark = source.removeFirst()
    let letter = Character(Unicode.Scalar(mark))
    if let digits = numbers[letter], let number = Self.number(behind: letter, &source, digits: digits) {
      return add(number, isByte: numbersAreBytes && letter == "x", to: &out)
    }
    if letters.contains(letter), let control = Self.controls[letter] { return out.append(control) }
    if joinsLines, mark == 10 || mark == 13 {
      if mark == 13, source.first == 10 { source.removeFirst() }
      return
    }
    if case .stays(let except) = rest, !except.contains(letter) { out.append(Self.backslash) }
    out.append(mark)
  }

  private func add(_ number: UInt32, isByte: Bool, to out: inout [UInt8]) {
    if isByte {
      out.append(UInt8(truncatingIfNeeded: number))
    } else {
      out += Array(String(Character(Unicode.Scalar(number) ?? "\u{FFFD}")).utf8)
    }
  }

  /// The number behind a letter; nil, with nothing taken, when there is none.
  private static func number(behind letter: Character, _ source: inout ArraySlice<UInt8>, digits: Int) -> UInt32? {
    let before = source
    // Java allows several `u`.
    while letter == "u", source.first == UInt8(ascii: "u") { source.removeFirst() }
    guard letter == "u", source.first == UInt8(ascii: "{") else {
      if let found = number(&source, radix: 16, digits: digits) { return found }
      source = before
      return nil
    }
    source.removeFirst()
    if let found = number(&source, radix: 16, digits: 6), source.popFirst() == UInt8(ascii: "}") { return found }
    source = before
    return nil
  }

  private static func number(_ source: inout ArraySlice<UInt8>, radix: UInt32, digits: Int) -> UInt32? {
    var found: UInt32?
    for _ in 0..<digits {
      guard let byte = source.first, let value = Character(Unicode.Scalar(byte)).hexDigitValue, value < radix
      else { break }
      found = (found ?? 0) &* radix &+ UInt32(value)
      source.removeFirst()
    }
    return found
  }
}

/// Marks that are written twice to stand for themselves.
enum DoubledMark {
  /// The text with each of `marks` once where it stands twice. Linear.
  static func undoubled(_ bytes: some Collection<UInt8>, _ marks: UInt8...) -> [UInt8] {
    var result: [UInt8] = []
    result.reserveCapacity(bytes.count)
    var open: UInt8?
    for byte in bytes {
      if byte == open {
        open = nil
        continue
      }
      open = marks.contains(byte) ? byte : nil
      result.append(byte)
    }
    return result
  }
}
