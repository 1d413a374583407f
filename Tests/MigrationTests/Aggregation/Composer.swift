import Foundation
import Migration

/// Runs a composition of `composition.yaml` as a program would, knowing nothing of the query but what the file says.
struct Composer {
  let stage: Stage
  /// Values by parameter name, as SQL.
  let values: [String: String]

  typealias Row = [String: String?]

  /// Rows of a query; NULL is nil.
  static func rows(_ stage: Stage, _ sql: String, target: Bool) throws -> [[String?]] {
    let head = stage.isMySQL ? "" : "\\pset null NULL\n"
    let ending = sql.hasSuffix(";") ? "" : ";"
    let text = try stage.server.sql(head + sql + ending, database: target ? stage.target : stage.source)
    return text.split(separator: "\n").map { line in
      line.split(separator: "|", omittingEmptySubsequences: false).map { $0 == "NULL" ? nil : String($0) }
    }
  }

  /// `sql` with its parameters filled in, longest names first.
  static func filled(_ sql: String, _ values: [String: String]) -> String {
    values.sorted { $0.key.count > $1.key.count }.reduce(sql) { text, value in
      text.replacingOccurrences(of: ":\(value.key)", with: value.value)
    }
  }

  /// The answer: one list of values per row, in the order of the outputs.
  func run(_ composition: Entry) throws -> [[String?]] {
    var rows: [Row] = [[:]]
    let root = try composition.entry("root")
    if let sql = root.values["sql"] as? String { rows = try labelled(sql) }
    for fetch in try composition.list("fetches") { rows = try joined(rows, fetch) }
    let outputs = try composition.list("output")
    return try rows.map { row in try outputs.map { try value(of: $0, in: row) } }
  }

  /// Rows of the root by their labels, which the statement itself names.
  private func labelled(_ sql: String) throws -> [Row] {
    let labels = sql.components(separatedBy: "\nFROM ")[0].split(separator: "\n").map { line in
      unquoted(
        String(line).components(separatedBy: " AS ").last!.trimmingCharacters(in: CharacterSet(charactersIn: ",")))
    }
    return try Self.rows(stage, Self.filled(sql, values), target: true).map { values in
      Row(uniqueKeysWithValues: zip(labels, values))
    }
  }

  private func unquoted(_ name: String) -> String {
    let quote = stage.isMySQL ? "`" : "\""
    return String(name.dropFirst().dropLast()).replacingOccurrences(of: quote + quote, with: quote)
  }

  private func joined(_ rows: [Row], _ fetch: Entry) throws -> [Row] {
    let keys = try fetch.list("keys").map { (column: try $0.text("column"), from: try $0.text("from")) }
    let columns = try fetch.list("columns").map { (column: try $0.text("column"), label: try $0.text("as")) }
    let isLeft = try fetch.text("join") == "left"
    let limit = fetch.values["keysPerCall"] as! Int
    func key(of row: Row) -> [String]? {
      let parts = keys.map { key -> String? in
        key.from.hasPrefix(":") ? values[String(key.from.dropFirst())] : (row[key.from] ?? nil).map { "'\($0)'" }
      }
      return parts.contains { $0 == nil } ? nil : parts.map { $0!.replacingOccurrences(of: "'", with: "") }
    }
    var found: [[String]: [[String?]]] = [:]
    let wanted = Set(rows.compactMap(key)).sorted { $0.lexicographicallyPrecedes($1) }
    for start in stride(from: 0, to: wanted.count, by: limit) {
      let chunk = Array(wanted[start..<min(start + limit, wanted.count)])
      for row in try fetched(fetch, keys.map(\.column), columns.map(\.column), chunk) {
        found[row[..<keys.count].map { $0 ?? "" }, default: []].append(Array(row[keys.count...]))
      }
    }
    return rows.flatMap { row -> [Row] in
      let matches = key(of: row).flatMap { found[$0] } ?? []
      if matches.isEmpty, !isLeft { return [] }
      let empty: [[String?]] = [columns.map { _ in nil }]
      return (matches.isEmpty ? empty : matches).map { match in
        row.merging(zip(columns.map(\.label), match)) { _, new in new }
      }
    }
  }

  /// What the owner answers: its own rows, by key alone.
  private func fetched(
    _ fetch: Entry, _ keys: [String], _ columns: [String], _ wanted: [[String]]
  ) throws -> [[String?]] {
    let table = try fetch.text("table")
    let list = (keys + columns).map(stage.quoted).joined(separator: ", ")
    let tuples = wanted.map { "(\($0.map { "'\($0)'" }.joined(separator: ", ")))" }.joined(separator: ", ")
    return try Self.rows(
      stage,
      "SELECT \(list) FROM \(stage.old(table)) WHERE (\(keys.map(stage.quoted).joined(separator: ", "))) IN (\(tuples))",
      target: false)
  }

  private func value(of output: Entry, in row: Row) throws -> String? {
    if let label = output.values["column"] as? String { return row[label] ?? nil }
    let inputs = try output.texts("inputs")
    let grouped = Dictionary(grouping: inputs) { String($0.prefix { $0 != "." }) }
    let sources = grouped.sorted { $0.key < $1.key }.map { alias, labels in
      let columns = labels.map { label in
        let value = row[label] ?? nil
        let shown = value.map { Double($0) == nil ? "'\($0)'" : $0 } ?? "NULL"
        return "\(shown) AS \(stage.quoted(String(label.dropFirst(alias.count + 1))))"
      }
      return "(SELECT \(columns.joined(separator: ", "))) \(stage.quoted(alias))"
    }
    let sql = "SELECT \(try output.text("expression")) FROM \(sources.joined(separator: ", "))"
    return try Self.rows(stage, Self.filled(sql, values), target: false)[0][0]
  }
}

/// Rows in a form in which equal ones are equal: numbers by value, the order only where the query sets it.
func comparable(_ rows: [[String?]], isOrdered: Bool) -> [String] {
  let texts = rows.map { row in
    row.map { value -> String in
      guard let value else { return "NULL" }
      return Double(value).map { String(format: "%.4f", $0) } ?? value
    }.joined(separator: "|")
  }
  return isOrdered ? texts : texts.sorted()
}
