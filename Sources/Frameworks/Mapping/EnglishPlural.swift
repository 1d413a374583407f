/// Plurals as object-relational mappers of PHP and Go make them from class names.
///
/// Rules of doctrine/inflector and jinzhu/inflection, which both descend from those of Rails.
struct EnglishPlural {
  /// Words that are their own plural.
  private let uncountable: Set<String>

  /// Laravel's list, which adds to that of doctrine/inflector.
  static let doctrine = EnglishPlural(uncountable: [
    "advice", "aircraft", "art", "audio", "baggage", "bison", "bream", "breeches", "britches", "buffalo", "butter",
    "cantus", "carp", "cattle", "chassis", "clothing", "coal", "cod", "compensation", "contretemps", "coreopsis",
    "corps", "cotton", "data", "debris", "deer", "diabetes", "djinn", "education", "eland", "elk", "emoji",
    "equipment", "evidence", "feedback", "firmware", "fish", "flounder", "flour", "food", "furniture", "gallows",
    "gold", "hardware", "headquarters", "herpes", "hijinks", "homework", "impatience", "information", "innings",
    "jackanapes", "jeans", "jedi", "kin", "knowledge", "leather", "love", "luggage", "mackerel", "management",
    "media", "metadata", "mews", "money", "moose", "mumps", "music", "news", "nexus", "nutrition", "offspring", "oil",
    "patience", "people", "pincers", "plankton", "pliers", "pokemon", "police", "polish", "portuguese", "proceedings",
    "progress", "rabies", "rain", "recommended", "related", "research", "rhinoceros", "rice", "salmon", "sand",
    "scissors", "series", "shears", "sheep", "siemens", "silk", "sms", "soap", "software", "spam", "species", "staff",
    "sugar", "swine", "talent", "toothpaste", "traffic", "travel", "trivia", "trousers", "trout", "tuna", "us",
    "vinegar", "weather", "wheat", "whiting", "wildebeest", "wood", "wool",
  ])
  /// Go's list: github.com/jinzhu/inflection.
  static let go = EnglishPlural(uncountable: [
    "equipment", "information", "rice", "money", "species", "series", "fish", "sheep", "jeans", "police", "milk",
    "salt", "time", "water", "paper", "food", "art", "cash", "music", "help", "luck", "oil", "progress", "rain",
    "research", "shopping", "software", "traffic",
  ])

  private static let irregular: [String: String] = [
    "atlas": "atlases", "axe": "axes", "beef": "beefs", "blouse": "blouses", "brother": "brothers", "cafe": "cafes",
    "chateau": "chateaux", "niveau": "niveaux", "child": "children", "canvas": "canvases", "cookie": "cookies",
    "corpus": "corpuses", "criterion": "criteria", "curriculum": "curricula", "domino": "dominoes", "echo": "echoes",
    "foot": "feet", "fungus": "fungi", "gas": "gases", "genie": "genies", "genus": "genera", "goose": "geese",
    "hippopotamus": "hippopotami", "hoof": "hoofs", "human": "humans", "iris": "irises", "larva": "larvae",
    "leaf": "leaves", "lens": "lenses", "loaf": "loaves", "man": "men", "medium": "media", "memorandum": "memoranda",
    "mongoose": "mongooses", "motto": "mottoes", "move": "moves", "niche": "niches", "octopus": "octopuses",
    "opus": "opuses", "ox": "oxen", "person": "people", "plateau": "plateaux", "safe": "safes", "sex": "sexes",
    "sieve": "sieves", "syllabus": "syllabi", "testis": "testes", "thief": "thieves", "tooth": "teeth",
    "tornado": "tornadoes", "turf": "turfs", "valve": "valves", "volcano": "volcanoes", "cache": "caches",
    "curve": "curves", "foe": "foes", "grave": "graves", "save": "saves", "wave": "waves", "zombie": "zombies",
    "woman": "women", "quiz": "quizzes",
  ]
  private static let plurals = Set(irregular.values)

  /// Endings and what replaces them; the first match wins.
  private static let endings: [(ending: String, plural: String)] = [
    ("status", "statuses"), ("mouse", "mice"), ("louse", "lice"), ("matrix", "matrices"), ("vertex", "vertices"),
    ("index", "indices"), ("x", "xes"), ("ch", "ches"), ("ss", "sses"), ("sh", "shes"), ("quy", "quies"), ("ay", "ays"),
    ("ey", "eys"), ("iy", "iys"), ("oy", "oys"), ("uy", "uys"), ("y", "ies"), ("hive", "hives"), ("gulf", "gulfs"),
    ("ffe", "ffes"), ("fe", "ves"), ("lf", "lves"), ("rf", "rves"), ("sis", "ses"), ("tum", "ta"), ("ium", "ia"),
    ("taxon", "taxa"), ("person", "people"), ("man", "men"), ("child", "children"), ("foot", "feet"),
    ("hero", "heroes"),
    ("potato", "potatoes"), ("tomato", "tomatoes"), ("alumnus", "alumni"), ("nucleus", "nuclei"), ("radius", "radii"),
    ("stimulus", "stimuli"), ("virus", "viri"), ("us", "uses"), ("alias", "aliases"), ("axis", "axes"), ("s", "s"),
  ]

  /// `line_item` is `line_items`; only the last word changes.
  func plural(_ name: String) -> String {
    let start = name.lastIndex { $0 == "_" || $0 == "." }.map { name.index(after: $0) } ?? name.startIndex
    let word = String(name[start...])
    return name[..<start] + pluralWord(word)
  }

  private func pluralWord(_ word: String) -> String {
    guard !word.isEmpty, !uncountable.contains(word), !word.hasSuffix("ware"), !Self.plurals.contains(word) else {
      return word
    }
    if let plural = Self.irregular[word] { return plural }
    for (ending, plural) in Self.endings where word.hasSuffix(ending) { return word.dropLast(ending.count) + plural }
    return word + "s"
  }

  /// `OrderLine` is `order_line`, `HTTPLog` is `h_t_t_p_log` as Laravel writes it.
  static func snake(_ name: String) -> String {
    var result: [UInt8] = []
    for (place, byte) in name.utf8.enumerated() {
      let isUpper = byte >= UInt8(ascii: "A") && byte <= UInt8(ascii: "Z")
      if isUpper, place > 0 { result.append(UInt8(ascii: "_")) }
      result.append(isUpper ? byte | 0x20 : byte)
    }
    return String(decoding: result, as: UTF8.self)
  }
}
