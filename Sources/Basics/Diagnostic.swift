/// Something the analysis met and wants the reader to know: what was seen, where, and what to do next.
package struct Diagnostic: Hashable, Comparable, Sendable {
  /// How much the reader should care.
  package enum Severity: String, Sendable, CaseIterable {
    /// Nothing is lost.
    case note
    /// Part of the input was not understood; the rest stands.
    case warning
    /// A whole input was lost.
    case error
  }

  /// Stable identifier such as `file-unreadable`; lower case, words joined by `-`.
  package let code: String
  /// How much the reader should care.
  package let severity: Severity
  /// Where it was seen.
  package let span: SourceSpan
  /// What was seen; lower case, no full stop.
  package let message: String
  /// What the reader can do about it; empty when nothing needs doing.
  package let nextStep: String

  /// A diagnostic with all its parts.
  package init(code: String, severity: Severity, span: SourceSpan, message: String, nextStep: String = "") {
    self.code = code
    self.severity = severity
    self.span = span
    self.message = message
    self.nextStep = nextStep
  }

  package static func < (left: Diagnostic, right: Diagnostic) -> Bool {
    if left.span != right.span { return left.span < right.span }
    if left.code != right.code { return left.code < right.code }
    return left.message < right.message
  }
}
