/// Stems of English words in identifiers: the first steps of Porter (1980), as far as both spellings of one word meet.
/// `orders`, `ordered` and `ordering` become `order`; `categories` and `category` become `categori`.
package enum WordStem {
  /// The stems of an identifier's words in order. Numbers and single letters say nothing and are left out.
  package static func stems(_ identifier: String) -> [String] {
    PathNames.parts(identifier).filter { word in
      word.utf8.count > 1 && !word.utf8.allSatisfy { $0 >= 48 && $0 <= 57 }
    }.map(stem)
  }

  /// The stem of a lower case word. Words of other than ASCII letters, and short ones, stay as they are.
  package static func stem(_ word: String) -> String {
    var letters = Array(word.utf8)
    guard letters.count > 3, letters.allSatisfy({ $0 >= 97 && $0 <= 122 }) else { return word }
    removePlural(&letters)
    removePastAndGerund(&letters)
    if letters.last == UInt8(ascii: "y"), hasVowel(letters.dropLast()) {
      letters[letters.count - 1] = UInt8(ascii: "i")
    }
    // `boxe` of `boxes` meets `box`, `cache` meets `cach` of `caching`.
    if letters.count > 3, letters.last == UInt8(ascii: "e") { letters.removeLast() }
    return String(decoding: letters, as: UTF8.self)
  }

  /// Porter's step 1a, which leaves `status` and `address` alone.
  private static func removePlural(_ letters: inout [UInt8]) {
    guard letters.last == UInt8(ascii: "s") else { return }
    if ends(letters, "sses") || ends(letters, "ies") {
      letters.removeLast(2)
    } else if !ends(letters, "ss"), !ends(letters, "us"), !ends(letters, "is") {
      letters.removeLast()
    }
  }

  /// Porter's step 1b.
  private static func removePastAndGerund(_ letters: inout [UInt8]) {
    let length = ends(letters, "ing") ? 3 : ends(letters, "ed") && !ends(letters, "eed") ? 2 : 0
    guard length > 0, letters.count - length > 2, hasVowel(letters.dropLast(length)) else { return }
    letters.removeLast(length)
    guard let last = letters.last, letters.count > 3, letters[letters.count - 2] == last, !isVowel(last) else { return }
    // `shipping` gives `ship`, `billing` keeps `bill`.
    if last != UInt8(ascii: "l"), last != UInt8(ascii: "s"), last != UInt8(ascii: "z") { letters.removeLast() }
  }

  private static func ends(_ letters: [UInt8], _ text: StaticString) -> Bool {
    text.withUTF8Buffer { end in letters.count >= end.count && letters.suffix(end.count).elementsEqual(end) }
  }

  private static func hasVowel(_ letters: ArraySlice<UInt8>) -> Bool {
    letters.contains { isVowel($0) || $0 == UInt8(ascii: "y") }
  }

  private static func isVowel(_ letter: UInt8) -> Bool { "aeiou".utf8.contains(letter) }
}
