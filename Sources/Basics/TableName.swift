/// The name of a table as it was declared, compared without case and without quotes.
///
/// Every engine here folds or ignores the case of unquoted names, and large old systems mix spellings freely.
package struct TableName: Hashable, Comparable, Sendable, CustomStringConvertible {
  /// The spelling of the declaration, without quotes, schema-qualified only when declared so.
  package let text: String
  /// The form names are compared by: lower case.
  package let key: String

  /// Wraps a spelling whose quotes were already removed.
  package init(_ text: String) {
    self.text = text
    self.key = text.lowercased()
  }

  /// The last part of a qualified name, in comparison form.
  package var baseKey: String {
    guard let dot = key.utf8.lastIndex(of: UInt8(ascii: ".")) else { return key }
    return String(key[key.utf8.index(after: dot)...])
  }

  package var description: String { text }

  package static func == (left: TableName, right: TableName) -> Bool { left.key == right.key }
  package func hash(into hasher: inout Hasher) { hasher.combine(key) }
  package static func < (left: TableName, right: TableName) -> Bool { left.key < right.key }
}
