import Basics
import Facts
import SQL

/// Looks for ways to do without a join before it is carried across the cut: delete, simplify, copy a column, small table.
struct JoinShortcuts {
  let shape: QueryShape?
  let home: String
  let tables: QueryTables
  let writes: [TableName: [Access]]

  /// Columns copied at most for one join: more are a read model.
  private static let mostColumns = 2
  /// Places that write a column from which it is no longer called stable.
  private static let mostWriters = 1

  /// The shortcuts in the order of the checklist.
  func found(unit: Int, isCalled: Bool, kind: CodeUnit.Kind?) -> [JoinShortcut] {
    var found: [JoinShortcut] = []
    if !isCalled, kind == .function {
      found.append(
        JoinShortcut(
          step: .delete, why: "no caller of the function was found: delete it when it is dead", isAdvised: false,
          evidence: []))
    }
    guard let shape, shape.isPlain else { return found }
    for source in shape.sources.indices where isForeign(source) {
      if let why = simplification(of: source, in: shape) {
        found.append(JoinShortcut(step: .simplify, why: why, isAdvised: true, evidence: []))
      } else if let (why, evidence) = stableColumns(of: source, in: shape) {
        found.append(JoinShortcut(step: .copyColumn, why: why, isAdvised: false, evidence: evidence))
      }
      if tables.unwritten.contains(shape.sources[source].table) {
        found.append(
          JoinShortcut(
            step: .smallTable, why: "no code writes \(shape.sources[source].table.text): ship it as reference data",
            isAdvised: false, evidence: []))
      }
    }
    return found
  }

  private func isForeign(_ source: Int) -> Bool {
    tables.serviceOf[(shape?.sources[source].table) ?? TableName("")] != home
  }

  /// The source is joined by its key and gives nothing but that key.
  private func simplification(of source: Int, in shape: QueryShape) -> String? {
    let part = shape.sources[source]
    var keys: [String] = []
    var others: [(source: Int, name: String)] = []
    for condition in part.conditions + (part.join == .left ? [] : shape.filters) {
      guard let (left, right) = condition.equality, let one = left.onlyColumn, let two = right.onlyColumn,
        one.source != two.source, one.source == source || two.source == source
      else { continue }
      keys.append(one.source == source ? one.name : two.name)
      others.append(one.source == source ? two : one)
    }
    guard !keys.isEmpty, tables.isKey(keys, of: part.table), usesOnly(keys, of: source, in: shape) else { return nil }
    if part.join == .left { return "\(part.table.text) adds nothing to the rows: leave the join out" }
    guard let child = others.first?.source, others.allSatisfy({ $0.source == child }),
      shape.sources[child].join != .left,
      tables.hasPartner(shape.sources[child].table, others.map(\.name), in: part.table)
    else { return nil }
    let columns = others.map { "\(shape.sources[child].alias).\($0.name)" }.joined(separator: ", ")
    return
      "every row has its partner in \(part.table.text) and only its key is used: leave the join out and use \(columns)"
  }

  private func usesOnly(_ keys: [String], of source: Int, in shape: QueryShape) -> Bool {
    let expressions =
      shape.items.map(\.expression) + shape.filters + shape.groups + shape.having + shape.orders.map(\.expression)
      + shape.sources.flatMap(\.conditions)
    let allowed = Set(keys.map { $0.lowercased() })
    return expressions.allSatisfy { expression in
      !expression.pieces.contains { if case .star(let of) = $0 { of == nil || of == source } else { false } }
        && expression.columns(of: source).allSatisfy { allowed.contains($0.lowercased()) }
    }
  }

  /// Few columns beyond the key, each written in one place at most.
  private func stableColumns(of source: Int, in shape: QueryShape) -> (String, [SourceSpan])? {
    let table = shape.sources[source].table
    let expressions =
      shape.items.map(\.expression) + shape.filters + shape.groups + shape.having + shape.orders.map(\.expression)
    guard !expressions.contains(where: { $0.pieces.contains { if case .star = $0 { true } else { false } } }) else {
      return nil
    }
    let keys = Set((tables[table]?.primaryKey ?? []).map { $0.lowercased() })
    let used = Set(expressions.flatMap { $0.columns(of: source) }).filter { !keys.contains($0.lowercased()) }.sorted()
    guard !used.isEmpty, used.count <= Self.mostColumns else { return nil }
    var evidence: Set<SourceSpan> = []
    for column in used {
      let places = Set(
        (writes[table] ?? []).filter { access in
          access.columns.isEmpty || access.columns.contains { $0 == "*" || $0.lowercased() == column.lowercased() }
        }.map(\.span))
      guard places.count <= Self.mostWriters else { return nil }
      evidence.formUnion(places)
    }
    return (
      "only \(used.joined(separator: ", ")) of \(table.text) is used and written in \(evidence.count) place\(evidence.count == 1 ? "" : "s"): "
        + "copy it into the own row when that row is made, if it never changes later", evidence.sorted()
    )
  }
}
