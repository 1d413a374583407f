import Basics

/// Phrases both documents use. Long listings are cut with a count; `plan.yaml` has all of them.
struct DocumentWords {
  /// Longest listing before it is cut.
  static let listLimit = 8

  /// Items with commas, already escaped.
  func list(_ items: [String]) -> String {
    let shown = items.prefix(Self.listLimit).joined(separator: ", ")
    return items.count > Self.listLimit ? "\(shown) and \(items.count - Self.listLimit) more in plan.yaml" : shown
  }

  /// What a cut listing leaves out; empty when nothing.
  func rest(_ all: Int, _ shown: Int) -> String { all > shown ? "\(all - shown) more in plan.yaml" : "" }

  /// Places in the code.
  func places(_ spans: [SourceSpan], limit: Int) -> String {
    let shown = spans.prefix(limit).map { MarkdownText.code($0.description) }.joined(separator: ", ")
    return spans.count > limit ? "\(shown) and \(spans.count - limit) more" : shown
  }

  /// A number with its noun.
  func count(_ number: Int, _ noun: String) -> String { "\(number) \(noun)\(number == 1 ? "" : "s")" }

  /// `text` on one line.
  func flat(_ text: String) -> String {
    String(String.UnicodeScalarView(text.unicodeScalars.map { $0 == "\n" || $0 == "\r" ? " " : $0 }))
  }
}
