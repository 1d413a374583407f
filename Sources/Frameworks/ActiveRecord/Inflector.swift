import Facts

/// Makes plural, singular and class names as ActiveSupport does, with the inflections a project adds.
struct Inflector {
  /// An ending and what replaces it; `after` limits the letter before it.
  private struct Rule {
    var ending: String
    var replacement: String
    var after: After = .anything
  }

  /// What must stand before an ending.
  private enum After {
    case anything, start, consonantOrQu, tOrI, noF, lOrR
  }

  private var irregular: [(singular: String, plural: String)] = [
    ("person", "people"), ("man", "men"), ("child", "children"), ("sex", "sexes"), ("move", "moves"),
    ("zombie", "zombies"),
  ]
  private var uncountable: Set<String> = [
    "equipment", "information", "rice", "money", "species", "series", "fish", "sheep", "jeans", "police",
  ]
  private var acronyms: [String: String] = [:]

  /// First match wins. Source: activesupport/lib/active_support/inflections.rb, last rule first.
  private static let plurals: [Rule] = [
    Rule(ending: "quiz", replacement: "quizzes"), Rule(ending: "oxen", replacement: "oxen", after: .start),
    Rule(ending: "ox", replacement: "oxen", after: .start), Rule(ending: "mice", replacement: "mice", after: .start),
    Rule(ending: "lice", replacement: "lice", after: .start),
    Rule(ending: "mouse", replacement: "mice", after: .start),
    Rule(ending: "louse", replacement: "lice", after: .start), Rule(ending: "matrix", replacement: "matrices"),
    Rule(ending: "matrex", replacement: "matrices"), Rule(ending: "vertex", replacement: "vertices"),
    Rule(ending: "vertix", replacement: "vertices"), Rule(ending: "index", replacement: "indices"),
    Rule(ending: "indix", replacement: "indices"), Rule(ending: "x", replacement: "xes"),
    Rule(ending: "ch", replacement: "ches"), Rule(ending: "ss", replacement: "sses"),
    Rule(ending: "sh", replacement: "shes"), Rule(ending: "y", replacement: "ies", after: .consonantOrQu),
    Rule(ending: "hive", replacement: "hives"), Rule(ending: "fe", replacement: "ves", after: .noF),
    Rule(ending: "f", replacement: "ves", after: .lOrR), Rule(ending: "sis", replacement: "ses"),
    Rule(ending: "a", replacement: "a", after: .tOrI), Rule(ending: "um", replacement: "a", after: .tOrI),
    Rule(ending: "buffalo", replacement: "buffaloes"), Rule(ending: "tomato", replacement: "tomatoes"),
    Rule(ending: "bus", replacement: "buses"), Rule(ending: "alias", replacement: "aliases"),
    Rule(ending: "status", replacement: "statuses"), Rule(ending: "octopi", replacement: "octopi"),
    Rule(ending: "viri", replacement: "viri"), Rule(ending: "octopus", replacement: "octopi"),
    Rule(ending: "virus", replacement: "viri"), Rule(ending: "axis", replacement: "axes", after: .start),
    Rule(ending: "testis", replacement: "testes", after: .start), Rule(ending: "s", replacement: "s"),
    Rule(ending: "", replacement: "s"),
  ]

  private static let singulars: [Rule] = [
    Rule(ending: "databases", replacement: "database"), Rule(ending: "quizzes", replacement: "quiz"),
    Rule(ending: "matrices", replacement: "matrix"), Rule(ending: "vertices", replacement: "vertex"),
    Rule(ending: "indices", replacement: "index"), Rule(ending: "oxen", replacement: "ox", after: .start),
    Rule(ending: "aliases", replacement: "alias"), Rule(ending: "alias", replacement: "alias"),
    Rule(ending: "statuses", replacement: "status"), Rule(ending: "status", replacement: "status"),
    Rule(ending: "octopi", replacement: "octopus"), Rule(ending: "octopus", replacement: "octopus"),
    Rule(ending: "viri", replacement: "virus"), Rule(ending: "virus", replacement: "virus"),
    Rule(ending: "axes", replacement: "axis", after: .start), Rule(ending: "axis", replacement: "axis", after: .start),
    Rule(ending: "crises", replacement: "crisis"), Rule(ending: "crisis", replacement: "crisis"),
    Rule(ending: "testes", replacement: "testis"), Rule(ending: "testis", replacement: "testis"),
    Rule(ending: "shoes", replacement: "shoe"), Rule(ending: "oes", replacement: "o"),
    Rule(ending: "buses", replacement: "bus"), Rule(ending: "bus", replacement: "bus"),
    Rule(ending: "mice", replacement: "mouse", after: .start),
    Rule(ending: "lice", replacement: "louse", after: .start), Rule(ending: "xes", replacement: "x"),
    Rule(ending: "ches", replacement: "ch"), Rule(ending: "sses", replacement: "ss"),
    Rule(ending: "shes", replacement: "sh"), Rule(ending: "movies", replacement: "movie"),
    Rule(ending: "series", replacement: "series"), Rule(ending: "ies", replacement: "y", after: .consonantOrQu),
    Rule(ending: "ves", replacement: "f", after: .lOrR), Rule(ending: "tives", replacement: "tive"),
    Rule(ending: "hives", replacement: "hive"), Rule(ending: "ves", replacement: "fe", after: .noF),
    Rule(ending: "analyses", replacement: "analysis"), Rule(ending: "analysis", replacement: "analysis"),
    Rule(ending: "bases", replacement: "basis"), Rule(ending: "basis", replacement: "basis"),
    Rule(ending: "diagnoses", replacement: "diagnosis"), Rule(ending: "parentheses", replacement: "parenthesis"),
    Rule(ending: "prognoses", replacement: "prognosis"), Rule(ending: "synopses", replacement: "synopsis"),
    Rule(ending: "theses", replacement: "thesis"), Rule(ending: "diagnosis", replacement: "diagnosis"),
    Rule(ending: "thesis", replacement: "thesis"), Rule(ending: "synopsis", replacement: "synopsis"),
    Rule(ending: "a", replacement: "um", after: .tOrI), Rule(ending: "news", replacement: "news"),
    Rule(ending: "ss", replacement: "ss"), Rule(ending: "s", replacement: ""),
  ]

  /// The rules of ActiveSupport, and what `inflect.irregular` and such add anywhere in the system. Linear in the calls.
  init(files: [FileFacts]) {
    for facts in files where facts.language == .ruby {
      for function in facts.functions {
        for placed in function.events {
          guard case .call(let call) = placed.event, case .name("inflect")? = call.receiver else { continue }
          add(call)
        }
      }
    }
  }

  private mutating func add(_ call: CallFact) {
    let words = call.arguments.flatMap { argument -> [String] in
      if case .list(let items) = argument { return items.compactMap(\.literalText) }
      return argument.literalText.map { [$0] } ?? []
    }
    switch call.callee {
    case "irregular" where words.count == 2: irregular.insert((words[0].lowercased(), words[1].lowercased()), at: 0)
    case "uncountable": uncountable.formUnion(words.map { $0.lowercased() })
    case "acronym": for word in words { acronyms[word.lowercased()] = word }
    default: break
    }
  }

  // MARK: Numbers

  /// `line_item` → `line_items`.
  func plural(_ word: String) -> String {
    if isUncountable(word) { return word }
    for pair in irregular {
      if word.hasSuffix(pair.plural) { return word }
      if word.hasSuffix(pair.singular) { return word.dropLast(pair.singular.count) + pair.plural }
    }
    return Self.apply(Self.plurals, to: word)
  }

  /// `line_items` → `line_item`.
  func singular(_ word: String) -> String {
    if isUncountable(word) { return word }
    for pair in irregular {
      if word.hasSuffix(pair.plural) { return word.dropLast(pair.plural.count) + pair.singular }
      if word.hasSuffix(pair.singular) { return word }
    }
    return Self.apply(Self.singulars, to: word)
  }

  private func isUncountable(_ word: String) -> Bool { uncountable.contains(word.lowercased()) }

  private static func apply(_ rules: [Rule], to word: String) -> String {
    for rule in rules where word.hasSuffix(rule.ending) {
      let stem = word.dropLast(rule.ending.count)
      if allows(rule.after, Array(stem.utf8)) { return stem + rule.replacement }
    }
    return word
  }

  private static func allows(_ after: After, _ stem: [UInt8]) -> Bool {
    guard let last = stem.last else { return after == .anything || after == .start }
    switch after {
    case .anything: return true
    case .start: return false
    case .consonantOrQu:
      if last == UInt8(ascii: "u"), stem.count > 1 { return stem[stem.count - 2] == UInt8(ascii: "q") }
      return !"aeiou".utf8.contains(last)
    case .tOrI: return last == UInt8(ascii: "t") || last == UInt8(ascii: "i")
    case .noF: return last != UInt8(ascii: "f")
    case .lOrR: return last == UInt8(ascii: "l") || last == UInt8(ascii: "r")
    }
  }

  // MARK: Case

  /// `Shop::LineItem` → `shop/line_item`.
  func underscored(_ name: String) -> String {
    var text = name
    for (_, acronym) in acronyms.sorted(by: { $0.value.utf8.count > $1.value.utf8.count }) where acronym.count > 1 {
      text = text.replacing(acronym, with: acronym.prefix(1).uppercased() + acronym.dropFirst().lowercased())
    }
    let bytes = Array(text.replacing("::", with: "/").utf8)
    var result: [UInt8] = []
    for (place, byte) in bytes.enumerated() {
      let isUpper = byte >= UInt8(ascii: "A") && byte <= UInt8(ascii: "Z")
      if isUpper, place > 0 {
        let before = bytes[place - 1]
        let isLowerBefore =
          before >= UInt8(ascii: "a") && before <= UInt8(ascii: "z")
          || before >= UInt8(ascii: "0") && before <= UInt8(ascii: "9")
        let isUpperBefore = before >= UInt8(ascii: "A") && before <= UInt8(ascii: "Z")
        let isLowerAfter =
          place + 1 < bytes.count && bytes[place + 1] >= UInt8(ascii: "a") && bytes[place + 1] <= UInt8(ascii: "z")
        if isLowerBefore || isUpperBefore && isLowerAfter { result.append(UInt8(ascii: "_")) }
      }
      result.append(byte == UInt8(ascii: "-") ? UInt8(ascii: "_") : isUpper ? byte | 0x20 : byte)
    }
    return String(decoding: result, as: UTF8.self)
  }

  /// `shop/line_item` → `Shop::LineItem`.
  func camelized(_ name: String) -> String {
    name.split(separator: "/").map { part in
      part.split(separator: "_").map { word in
        acronyms[word.lowercased()] ?? word.prefix(1).uppercased() + word.dropFirst()
      }.joined()
    }.joined(separator: "::")
  }
}
