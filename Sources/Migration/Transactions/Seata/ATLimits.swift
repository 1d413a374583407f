import Basics
import Decomposition
import Facts

/// What Seata's automatic branch transactions cannot do with the tables of a transaction (rm-datasource, 2.x).
struct ATLimits {
  let group: SpanningGroup
  let context: GroupContext

  /// Tables the transaction writes, sorted.
  var tables: [PlannedTable] {
    let names = Set(group.variants.flatMap(\.model.writes).map(\.table))
    return names.compactMap { context.planned[$0] }.sorted { $0.name < $1.name }
  }

  /// `at-<name>.yaml`.
  var document: String {
    let widths = LockWidths(for: tables)
    let upstream = LockWidths.upstream
    let isWide = widths != upstream
    return YAMLText.document(
      .map([
        ("transaction", .text(group.name)), ("mode", .text("Seata AT")), ("beganBy", .text(group.service)),
        ("replaces", .texts(group.places.map(\.description))), ("rule", .text(group.decision.rule)),
        ("cannot", .texts(group.decision.limits)),
        (
          "annotate",
          .texts([
            "@GlobalTransactional(name = \"\(group.name)\", timeoutMills = 60000, rollbackFor = Exception.class) where it begins",
            "@GlobalLock with SELECT FOR UPDATE where the tables are read or written outside of it",
          ])
        ),
        (
          "lockTable",
          .map([
            ("tableName", .number(widths.table)), ("pk", .number(widths.key)), ("rowKey", .number(widths.rowKey)),
            (
              "why",
              .text(
                isWide
                  ? "wider than upstream's \(upstream.table), \(upstream.key) and \(upstream.rowKey): a longer name fails as a timeout of "
                    + "the global lock" : "upstream's widths are enough")
            ),
          ])
        ), ("tables", .list(tables.map(entry))),
        (
          "notInTheCatalog",
          .texts(
            Set(group.variants.flatMap(\.model.writes).map(\.table)).filter { context.planned[$0] == nil }.map(\.text)
              .sorted())
        ),
      ]))
  }

  private func entry(_ table: PlannedTable) -> YAMLNode {
    let problems = problems(table)
    return .map([
      ("table", .text(table.name.text)), ("owner", .text(context.serviceOf(table.name))),
      ("key", .texts(table.key.columns)),
      ("writersBesides", .texts(otherWriters(table))),
      ("problems", .texts(problems.isEmpty ? ["none seen"] : problems)),
    ])
  }

  /// Whoever writes without Seata's data source takes no global lock.
  private func otherWriters(_ table: PlannedTable) -> [String] {
    let owner = context.tableOwners[table.name]
    return (owner?.writers ?? []).map { use in
      "\(use.service.isEmpty ? "code of no service" : use.service): \(use.evidence.count) places, first "
        + (use.evidence.first?.description ?? "unknown")
    }
  }

  private func problems(_ table: PlannedTable) -> [String] {
    let touches = group.variants.flatMap(\.model.writes).filter { $0.table == table.name }
    return keyProblems(table, touches) + touches.flatMap(statementProblems) + unseenChanges(table)
  }

  private func keyProblems(_ table: PlannedTable, _ touches: [Touch]) -> [String] {
    var problems: [String] = []
    if table.lacksPrimaryKey { problems.append("no primary key: Seata refuses to write the table") }
    let keys = Set(table.key.columns.map { $0.lowercased() })
    for touch in touches
    where touch.reading.verb == .update && touch.columns.contains(where: { keys.contains($0.lowercased()) }) {
      problems.append("a key column is among those written, and updates of keys are refused (\(touch.span))")
    }
    if table.key.columns.count > 1 {
      if context.targetText.engine == .sqlserver {
        problems.append("inserts with a composite key are not supported on SQL Server")
      }
      if touches.contains(where: { $0.reading.verb == .upsert }), context.targetText.engine != .mysql {
        problems.append("inserts that update on a duplicate need MySQL when the key is composite")
      }
    }
    let spellings = Dictionary(grouping: table.columns.map(\.name)) { $0.lowercased() }
    if spellings.values.contains(where: { $0.count > 1 }) { problems.append("columns that differ in case only") }
    if table.target.name.utf8.count > LockWidths.upstream.table {
      problems.append("name longer than \(LockWidths.upstream.table): lock_table has to be wider")
    }
    if LockWidths.keyWidth(table) > LockWidths.upstream.key {
      problems.append("key may be longer than \(LockWidths.upstream.key) characters: lock_table has to be wider")
    }
    return problems
  }

  private func statementProblems(_ touch: Touch) -> [String] {
    let text = touch.statement.uppercased()
    let isMySQL = context.targetText.isMySQL
    var problems: [String] = []
    switch touch.reading.verb {
    case .unknown: problems.append("what is done is not known (\(touch.span))")
    case .truncate: problems.append("TRUNCATE is not undone (\(touch.span))")
    case .upsert where !isMySQL:
      problems.append("inserts that update on a duplicate need MySQL or MariaDB (\(touch.span))")
    case .insert, .update, .delete, .upsert: break
    }
    let isChange = touch.reading.verb == .update || touch.reading.verb == .delete
    if isChange, text.contains(" JOIN "), !isMySQL { problems.append("UPDATE with JOIN needs MySQL (\(touch.span))") }
    if isChange, text.contains(" LIMIT ") || text.contains(" ORDER BY ") {
      problems.append("LIMIT and ORDER BY are refused when several statements are sent at once (\(touch.span))")
    }
    return problems
  }

  /// Rows changed by the database itself are in no undo log.
  private func unseenChanges(_ table: PlannedTable) -> [String] {
    let triggers = context.system.catalog.programs.filter { $0.kind == .trigger && $0.table == table.name }.map {
      "trigger \($0.name) changes rows Seata does not see (\($0.source))"
    }
    let cascades = context.system.catalog.tables.flatMap { child in
      child.foreignKeys.filter { $0.target == table.name && Self.cascades($0.onDelete) }.map {
        "deletes reach \(child.name.text) through a key, which Seata does not see (\($0.span))"
      }
    }
    return triggers + cascades
  }

  private static func cascades(_ action: ReferentialAction) -> Bool {
    switch action {
    case .cascade, .setNull, .setDefault: true
    case .noAction, .restrict: false
    }
  }
}
