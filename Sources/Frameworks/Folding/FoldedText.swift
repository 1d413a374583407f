/// Text put together from literals, with holes where a value is unknown, and where it stands.
struct FoldedText: Hashable {
  /// The text; unknown parts are `Hole` markers, numbered when they are a parameter of the function.
  var text: String
  /// Line of its first literal part; 0 when it has none in this function.
  var line: Int
  /// The constant the text begins with; empty when that was written in place.
  var origin: String
  /// Whether a part was put into a field by another function: it may hold something else by now.
  var isInferred: Bool

  init(text: String, line: Int, origin: String = "", isInferred: Bool = false) {
    self.text = text
    self.line = line
    self.origin = origin
    self.isInferred = isInferred
  }

  /// Texts put one after another.
  func appending(_ next: FoldedText) -> FoldedText {
    FoldedText(
      text: text + next.text, line: text.isEmpty || line == 0 ? next.line : line,
      origin: text.isEmpty ? next.origin : origin, isInferred: isInferred || next.isInferred)
  }
}

/// The alternatives a value may stand for; never empty when something is known.
typealias FoldedTexts = [FoldedText]

/// Bounds that keep folding linear on hostile input.
enum FoldingLimits {
  /// Alternatives kept per value; beyond it the longest are kept.
  static let alternatives = 8
  /// Bytes of one folded text; longer ones are cut, as generated data files hold megabytes in one literal.
  static let textBytes = 64 * 1024
  /// Nesting of calls and constants followed while folding one value.
  static let depth = 12

  static func bounded(_ texts: FoldedTexts) -> FoldedTexts {
    guard texts.count > 1 else { return texts }
    var seen = Set<String>()
    let distinct = texts.filter { seen.insert($0.text).inserted }
    guard distinct.count > alternatives else { return distinct }
    let ranked = distinct.enumerated().sorted {
      let (left, right) = ($0.element.text.utf8.count, $1.element.text.utf8.count)
      return left == right ? $0.offset < $1.offset : left > right
    }
    return ranked.prefix(alternatives).sorted { $0.offset < $1.offset }.map(\.element)
  }
}
