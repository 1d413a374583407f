/// How well the owners of tables agree with known ones; tables are matched by the last part of their names, without case
/// and quotes.
package struct OwnerAgreement: Hashable, Sendable {
  /// Tables with an owner on both sides.
  package let common: Int
  /// Tables with an owner on both sides / known tables, 0 to 1, higher is better.
  package let owned: Double
  /// Agreement over the common tables; nil below two of them.
  package let partition: PartitionAgreement?

  /// Compares owners; rows without a service say nothing, and of two rows on one table the last one counts.
  package init(truth: [(table: String, service: String)], found: [(table: String, service: String)]) {
    let truth = Self.services(truth)
    let found = Self.services(found)
    let tables = truth.keys.filter { found[$0] != nil }.sorted()
    common = tables.count
    owned = truth.isEmpty ? 0 : Double(tables.count) / Double(truth.count)
    partition = PartitionAgreement(
      truth: Self.numbered(tables.map { truth[$0] ?? "" }), found: Self.numbered(tables.map { found[$0] ?? "" }))
  }

  private static func services(_ rows: [(table: String, service: String)]) -> [String: String] {
    let named = rows.filter { !trimmed($0.service).isEmpty }
    return Dictionary(named.map { (baseName($0.table), $0.service) }) { _, last in last }
  }

  private static func numbered(_ names: [String]) -> [Int] {
    var numbers: [String: Int] = [:]
    return names.map { name in
      let number = numbers[name] ?? numbers.count
      numbers[name] = number
      return number
    }
  }

  /// The last part of a possibly qualified table name, in lower case and without quotes.
  package static func baseName(_ table: String) -> String {
    let parts = unquoted(trimmed(table)).split(separator: ".", omittingEmptySubsequences: false)
    return unquoted(parts.last ?? "").lowercased()
  }

  private static func trimmed(_ text: String) -> Substring {
    stripped(text[...]) { $0 == " " || $0 == "\t" || $0 == "\n" || $0 == "\r" || $0 == "\r\n" }
  }

  private static func unquoted(_ text: Substring) -> Substring { stripped(text) { "`\"[]".contains($0) } }

  private static func stripped(_ text: Substring, where isDropped: (Character) -> Bool) -> Substring {
    var text = text.drop(while: isDropped)
    while let last = text.last, isDropped(last) { text.removeLast() }
    return text
  }
}
