/// How frameworks of JavaScript make names of tables and columns from names in code.
enum ScriptNames {
  /// `orderItem`, `OrderItem` → `order_item`; `HTTPServer` → `http_server`.
  static func snake(_ name: String) -> String {
    let bytes = Array(name.utf8)
    var result: [UInt8] = []
    for (index, byte) in bytes.enumerated() {
      let isUpper = byte >= 0x41 && byte <= 0x5A
      if isUpper, index > 0, result.last != 0x5F {
        let previous = bytes[index - 1]
        let wasUpper = previous >= 0x41 && previous <= 0x5A
        let isFollowedByLower = index + 1 < bytes.count && bytes[index + 1] >= 0x61 && bytes[index + 1] <= 0x7A
        if !wasUpper || isFollowedByLower { result.append(0x5F) }
      }
      result.append(isUpper ? byte | 0x20 : byte)
    }
    return String(decoding: result, as: UTF8.self)
  }

  /// `order_item`, `order item` → `orderItem`; the first letter small.
  static func camel(_ name: String) -> String {
    var result = ""
    var isNext = false
    for character in name {
      if character == "_" || character == "-" || character == " " {
        isNext = !result.isEmpty
      } else {
        result += result.isEmpty ? character.lowercased() : isNext ? character.uppercased() : String(character)
        isNext = false
      }
    }
    return result
  }

  private static let irregular: [String: String] = [
    "person": "people", "man": "men", "woman": "women", "child": "children", "foot": "feet", "tooth": "teeth",
    "goose": "geese", "mouse": "mice", "datum": "data", "medium": "media", "index": "indices", "matrix": "matrices",
    "vertex": "vertices", "analysis": "analyses", "axis": "axes", "crisis": "crises", "criterion": "criteria",
    "move": "moves", "ox": "oxen", "quiz": "quizzes", "leaf": "leaves", "life": "lives", "knife": "knives",
    "wife": "wives", "wolf": "wolves", "half": "halves", "shelf": "shelves", "status": "statuses", "virus": "viruses",
    "hero": "heroes", "potato": "potatoes", "tomato": "tomatoes", "echo": "echoes", "alias": "aliases", "bus": "buses",
  ]
  private static let uncountable: Set<String> = [
    "equipment", "information", "rice", "money", "species", "series", "fish", "sheep", "deer", "news", "software",
    "hardware", "feedback", "metadata", "data", "media", "people", "men", "women", "children", "staff", "advice",
  ]

  /// The plural of the last word of a name, as the packages for it make it.
  static func plural(_ name: String) -> String {
    let word = lastWord(of: name)
    guard !word.isEmpty else { return name }
    let lower = word.lowercased()
    if uncountable.contains(lower) { return name }
    let stem = name.dropLast(word.count)
    if let found = irregular[lower] {
      return stem + (word.first?.isUppercase == true ? found.prefix(1).uppercased() + found.dropFirst() : found)
    }
    func ends(_ ending: String) -> Bool { lower.hasSuffix(ending) }
    if ends("y"), let before = lower.dropLast().last, !"aeiou".contains(before) { return name.dropLast() + "ies" }
    if ends("ss") || ends("x") || ends("z") || ends("ch") || ends("sh") { return name + "es" }
    if ends("s") { return name }
    return name + "s"
  }

  private static func lastWord(of name: String) -> Substring {
    var start = name.startIndex
    var index = name.startIndex
    while index < name.endIndex {
      let character = name[index]
      if character == "_" || character == "-" || character == " " {
        start = name.index(after: index)
      } else if character.isUppercase, index > start, name[name.index(before: index)].isLowercase {
        start = index
      }
      index = name.index(after: index)
    }
    return name[start...]
  }
}
