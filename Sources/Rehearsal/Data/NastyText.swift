import Basics

/// Texts that break what is careless with quotes, escapes, character sets and lengths.
enum NastyText {
  /// Ends of unique texts; the last one needs four bytes.
  static let marks = ["", "'", "\\", "é", "\"", "Ω", "%", "😀"]

  private static let ascii = [
    "", "'", "''", "\\", "\\'", "\\n", "\\N", "NULL", "a'b\"c`d", "; DROP TABLE x; --", "line\nbreak", "tab\there",
    "$1 ? :x", "%s_%", "  leading", "{\"a\": 1}", "<&>", "$cleave$", "|,|",
  ]
  private static let wide = ["é", "Grüße", "ß", "日本語", "Ωμέγα", "\u{301}e", "\u{200B}x", "\u{FEFF}y"]
  private static let widest = ["😀", "👩‍👩‍👧", "𝔘nicode", "a😀'\\b"]

  /// JSON documents that survive a round trip in both engines.
  static let documents = [
    "{}", "[]", "null", "\"\"", "{\"a\": \"q'\\\"\\\\ü😀\", \"b\": [1, -2.5, null, true], \"c\": {\"\": \"\"}}",
    "{\"n\": 12345678901234567890, \"e\": \"\\n\\t\"}", "[{\"k\": \"it's\"}]",
  ]

  /// A short plain text.
  static func tame(_ random: inout SplitMix64) -> String {
    ["alpha", "beta", "gamma", "delta", "note", "open"][Int(random.next(upperBound: 6))]
      + String(random.next(upperBound: 100))
  }

  /// A plain text of about `width` characters, at least one.
  static func plain(width: Int, _ random: inout SplitMix64) -> String {
    // Between half and all of it: with the nasty ones, which are longer, the average comes near what is asked for.
    let wanted = max(1, width / 2 + Int(random.next(upperBound: UInt64(max(1, width - width / 2 + 1)))))
    var text = tame(&random)
    while text.count < wanted { text += " " + tame(&random) }
    text = String(text.prefix(wanted))
    return text.hasSuffix(" ") ? text.dropLast() + "." : text
  }

  /// A text of at most `limit` characters, each of at most `charBytes` bytes.
  static func nasty(limit: Int?, charBytes: Int, random: inout SplitMix64) -> String {
    // Long enough, and random enough, that compression does not keep it inside its row.
    if limit ?? 5000 >= 3000, random.next(upperBound: 5) == 0 { return long(&random) + (charBytes >= 3 ? "ü" : "u") }
    var texts = ascii
    if charBytes >= 3 { texts += wide }
    if charBytes >= 4 { texts += widest }
    let text = texts[Int(random.next(upperBound: UInt64(texts.count)))]
    if random.next(upperBound: 6) == 0, let limit, limit <= 300 {
      // Exactly as long as it may be.
      return String(repeating: charBytes >= 3 ? "ä" : "z", count: limit)
    }
    return text
  }

  private static func long(_ random: inout SplitMix64) -> String {
    var text = ""
    while text.utf8.count < 2700 { text += String(random.next(), radix: 36) }
    return text
  }
}
