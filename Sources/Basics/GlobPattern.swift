/// A pattern of names or paths: `*` stands for any text within one part of a path, `**` for any text, `?` for one
/// character; without case. A pattern that names a folder means everything below it when matched as a path.
package struct GlobPattern: Hashable, Sendable {
  /// As written.
  package let text: String
  private let pattern: [UInt8]

  /// A pattern as people write it; a leading `./` and a trailing `/` say nothing.
  package init(_ text: String) {
    self.text = text
    var bytes = Array(text.lowercased().utf8)
    if bytes.starts(with: Array("./".utf8)) { bytes.removeFirst(2) }
    while bytes.count > 1, bytes.last == UInt8(ascii: "/") { bytes.removeLast() }
    pattern = bytes
  }

  /// Whether the pattern can stand for several names.
  package var isOpen: Bool { pattern.contains { $0 == UInt8(ascii: "*") || $0 == UInt8(ascii: "?") } }

  /// Whether `name` as a whole fits; stars match every character. At most quadratic in the lengths.
  package func matches(_ name: String) -> Bool { Self.fits(pattern, Array(name.lowercased().utf8), isPath: false) }

  /// Whether `path` fits, or lies below a folder that does.
  package func matches(path: String) -> Bool {
    let bytes = Array(path.lowercased().utf8)
    if Self.fits(pattern, bytes, isPath: true) { return true }
    var end = bytes.count
    while let slash = bytes[..<end].lastIndex(of: UInt8(ascii: "/")) {
      if Self.fits(pattern, Array(bytes[..<slash]), isPath: true) { return true }
      end = slash
    }
    return false
  }

  /// Greedy matching that goes back to the last star alone; a double star outranks the single ones behind it.
  private static func fits(_ pattern: [UInt8], _ text: [UInt8], isPath: Bool) -> Bool {
    struct Star {
      var next: Int
      var from: Int
    }
    var single: Star?
    var double: Star?
    var place = 0
    var at = 0
    while true {
      if place < pattern.count, pattern[place] == UInt8(ascii: "*") {
        var end = place
        while end < pattern.count, pattern[end] == UInt8(ascii: "*") { end += 1 }
        if end - place > 1 || !isPath {
          // `a/**/b` means `a/b` too.
          let takesSlash = isPath && end < pattern.count && pattern[end] == UInt8(ascii: "/")
          let startsPart = place == 0 || pattern[place - 1] == UInt8(ascii: "/")
          let next =
            takesSlash && startsPart && Self.fits(Array(pattern[(end + 1)...]), Array(text[at...]), isPath: true)
          if next { return true }
          double = Star(next: end, from: at)
          single = nil
        } else {
          single = Star(next: end, from: at)
        }
        place = end
      } else if at < text.count, place < pattern.count,
        pattern[place] == text[at] || pattern[place] == UInt8(ascii: "?") && !(isPath && text[at] == UInt8(ascii: "/"))
      {
        place += 1
        at += 1
      } else if at == text.count, place == pattern.count {
        return true
      } else if let star = single, star.from < text.count, text[star.from] != UInt8(ascii: "/") {
        single = Star(next: star.next, from: star.from + 1)
        place = star.next
        at = star.from + 1
      } else if let star = double, star.from < text.count {
        double = Star(next: star.next, from: star.from + 1)
        single = nil
        place = star.next
        at = star.from + 1
      } else {
        return false
      }
    }
  }
}
