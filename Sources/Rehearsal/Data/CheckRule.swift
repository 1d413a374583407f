/// What simple CHECK constraints leave of a column's values; others are learnt from the server's refusals.
struct CheckRule: Hashable, Sendable {
  var low: Int128?
  var high: Int128?
  /// The only values allowed, as written without quotes; empty when there is no list.
  var choices: [String] = []
  var isNotEmpty = false

  /// Reads a constraint and narrows the columns it speaks of; does nothing when it is more than comparisons joined by AND.
  static func apply(_ clause: String, to columns: inout [ColumnShape]) {
    let tokens = Token.plain(clause)
    let names = Set(columns.map { $0.name.lowercased() })
    if tokens.first == .word("json_valid"), tokens.count == 2, case .word(let column) = tokens[1] {
      for index in columns.indices where columns[index].name.lowercased() == column { columns[index].values = .json }
      return
    }
    guard !tokens.contains(.word("or")), !tokens.contains(.word("not")) else { return }
    for part in parts(tokens) {
      guard case .word(let column)? = part.first, names.contains(column), part.count > 2,
        let index = columns.firstIndex(where: { $0.name.lowercased() == column })
      else { continue }
      columns[index].rule.narrow(Array(part.dropFirst()))
    }
  }

  /// Splits at AND, but not at the one of BETWEEN.
  private static func parts(_ tokens: [Token]) -> [[Token]] {
    var parts: [[Token]] = [[]]
    var isBetween = false
    for token in tokens {
      if token == .word("between") { isBetween = true }
      if token == .word("and"), !isBetween {
        parts.append([])
        continue
      }
      if token == .word("and") { isBetween = false }
      parts[parts.count - 1].append(token)
    }
    return parts
  }

  private mutating func narrow(_ tokens: [Token]) {
    let values = tokens.dropFirst()
    switch (tokens[0], tokens.dropFirst().first) {
    case (.sign(">"), .number(let bound)?) where values.count == 1: low = max(low ?? bound + 1, bound + 1)
    case (.sign(">="), .number(let bound)?) where values.count == 1: low = max(low ?? bound, bound)
    case (.sign("<"), .number(let bound)?) where values.count == 1: high = min(high ?? bound - 1, bound - 1)
    case (.sign("<="), .number(let bound)?) where values.count == 1: high = min(high ?? bound, bound)
    case (.sign("<>"), .text("")?), (.sign("!="), .text("")?): isNotEmpty = true
    case (.word("between"), .number(let bound)?):
      guard values.count == 3, case .number(let upper)? = values.last else { return }
      low = bound
      high = upper
    case (.sign("="), .some), (.word("in"), .some):
      choices = values.compactMap { value in
        switch value {
        case .text(let text): text
        case .number(let number): String(number)
        case .word, .sign: nil
        }
      }
    default: return
    }
  }

  /// The words of a clause; parentheses, casts and array constructors say nothing about simple ones and are left out.
  private enum Token: Hashable {
    case word(String)
    case number(Int128)
    case text(String)
    case sign(String)

    static func plain(_ clause: String) -> [Token] {
      let bytes = Array(clause.utf8)
      var tokens: [Token] = []
      var index = 0
      var isCast = false
      func take(while fits: (UInt8) -> Bool) -> String {
        let start = index
        while index < bytes.count, fits(bytes[index]) { index += 1 }
        return String(decoding: bytes[start..<index], as: UTF8.self)
      }
      func startsNumber(_ place: Int) -> Bool {
        let digit = bytes[place] == UInt8(ascii: "-") ? place + 1 : place
        return digit < bytes.count && (48...57).contains(bytes[digit])
      }
      while index < bytes.count {
        let byte = bytes[index]
        switch byte {
        case UInt8(ascii: "'"):
          isCast = false
          var text: [UInt8] = []
          index += 1
          while index < bytes.count {
            if bytes[index] == byte {
              guard index + 1 < bytes.count, bytes[index + 1] == byte else { break }
              index += 1
            }
            text.append(bytes[index])
            index += 1
          }
          index += 1
          tokens.append(.text(String(decoding: text, as: UTF8.self)))
        case UInt8(ascii: "`"), UInt8(ascii: "\""):
          index += 1
          tokens.append(.word(take { $0 != byte }.lowercased()))
          index += 1
        case _ where startsNumber(index):
          let sign: Int128 = byte == UInt8(ascii: "-") ? -1 : 1
          if sign < 0 { index += 1 }
          let digits = take { (48...57).contains($0) || $0 == UInt8(ascii: ".") }
          tokens.append(.number(sign * (Int128(digits.prefix { $0 != "." }) ?? 0)))
        case UInt8(ascii: ":"):
          index += 2
          isCast = true
        case UInt8(ascii: "<"), UInt8(ascii: ">"), UInt8(ascii: "="), UInt8(ascii: "!"):
          isCast = false
          tokens.append(.sign(take { "<>=!".utf8.contains($0) }))
        case 65...90, 97...122, 95:
          let word = take { (48...57).contains($0) || (65...90).contains($0) || (97...122).contains($0) || $0 == 95 }
            .lowercased()
          if ["and", "or", "between", "in"].contains(word) { isCast = false }
          if isCast || word == "check" || word == "array" || word == "any" { continue }
          tokens.append(.word(word))
        default:
          if byte == UInt8(ascii: ",") || byte == UInt8(ascii: ")") { isCast = false }
          index += 1
        }
      }
      return tokens
    }
  }
}
