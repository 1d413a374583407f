import Basics

/// Compares whole tables of two databases with the same structure, row by row.
struct TableComparison {
  let shape: SchemaShape
  let words: Wording

  /// What differs between databases that should be equal.
  struct Outcome {
    var rows = 0
    var lost = 0
    var ghosts = 0
    var examples: [String] = []
  }

  /// Compares all tables; `first` is the truth. Linear in the rows, all of which are read.
  func compare(_ first: any DatabaseConnection, _ second: any DatabaseConnection) throws -> Outcome {
    var outcome = Outcome()
    for table in shape.tables.values.sorted(by: { $0.name < $1.name }) {
      let wanted = try rows(of: table, first)
      let found = try rows(of: table, second)
      outcome.rows += wanted.values.reduce(0) { $0 + $1.count }
      for (key, rows) in wanted {
        let others = found[key] ?? []
        let missing = rows.filter { !others.contains($0) }.count + max(0, rows.count - others.count)
        if missing == 0 { continue }
        outcome.lost += min(missing, rows.count)
        if outcome.examples.count < 6 {
          outcome.examples.append("\(table.name.text) \(key): \(others.isEmpty ? "missing" : "different")")
        }
      }
      for (key, rows) in found where wanted[key] == nil {
        outcome.ghosts += rows.count
        if outcome.examples.count < 6 { outcome.examples.append("\(table.name.text) \(key): not in the truth") }
      }
    }
    return outcome
  }

  private func rows(of table: TableShape, _ connection: any DatabaseConnection) throws -> [String: [String]] {
    let all = table.columns.map(\.name)
    let key = line(table.key.isEmpty ? all : table.key, table)
    // Digests are compared: texts that are equal to Swift may differ in their bytes.
    let result = try connection.run("SELECT md5(\(key)), md5(\(line(all, table))) FROM \(table.path)")
    return Dictionary(grouping: result.rows.map { ($0[0] ?? "", $0[1] ?? "") }, by: \.0)
      .mapValues { $0.map(\.1).sorted() }
  }

  private func line(_ columns: [String], _ table: TableShape) -> String {
    let parts = columns.map { name -> String in
      let isBinary = table.index(of: name).map { table.columns[$0].values.isBytes } ?? false
      let text = words.text(of: name, isBinary: isBinary)
      return words.kind == .postgres ? "coalesce(quote_literal(\(text)), 'NULL')" : "quote(\(text))"
    }
    return words.kind == .postgres
      ? parts.joined(separator: " || ',' || ") : "concat_ws(',', \(parts.joined(separator: ", ")))"
  }
}

extension ValueShape {
  /// Whether values are bytes rather than text.
  var isBytes: Bool {
    switch self {
    case .bytes, .bits: true
    case .integer, .decimal, .real, .boolean, .text, .json, .uuid, .date, .year, .interval, .network, .time, .timestamp,
      .choice, .set, .array, .unknown:
      false
    }
  }
}
