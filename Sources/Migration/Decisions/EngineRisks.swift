import Basics

/// What two engines do differently with the same data.
struct EngineRisks {
  let context: GroupContext

  private var source: PlanEngine { context.text.engine }
  private var target: PlanEngine { context.targetText.engine }
  private var moved: [PlannedTable] { context.own + context.replicas }

  /// What a column loses, with the reason; on the same engine too.
  var losses: [(column: String, loss: String)] {
    moved.flatMap { table in
      table.columns.compactMap { column in
        column.type.loss.map { ("\(table.name.text).\(column.name)", $0) }
      }
    }
  }

  /// Columns of which only NULLs are compared.
  var uncompared: [String] {
    moved.flatMap { table in table.columns.filter { !$0.isComparable }.map { "\(table.name.text).\($0.name)" } }
  }

  /// Texts that may hold what the other engine takes for NULL.
  var emptyTexts: [String] {
    guard (source == .oracle) != (target == .oracle) else { return [] }
    return columns { $0.type.kind == .text || $0.type.kind == .padded }
  }

  /// Texts in keys, where what counts as equal decides what fits.
  var keyTexts: [String] {
    guard source.family != target.family else { return [] }
    return moved.flatMap { table in
      let keys = Set(table.key.columns + table.uniqueKeys.flatMap { $0 })
      return table.columns.filter { keys.contains($0.name) && ($0.type.kind == .text || $0.type.kind == .padded) }
        .map { "\(table.name.text).\($0.name)" }
    }
  }

  /// Names that are spelled otherwise in the service's own database.
  var renamed: [String] {
    moved.flatMap { table in
      table.columns.filter { $0.name != $0.targetName && $0.name.lowercased() != $0.targetName.lowercased() }
        .map { "\(table.name.text).\($0.name) (\($0.targetName))" }
    }
  }

  private func columns(_ wanted: (PlannedColumn) -> Bool) -> [String] {
    moved.flatMap { table in table.columns.filter(wanted).map { "\(table.name.text).\($0.name)" } }
  }

  /// How equality of texts changes, in words.
  var equality: String {
    let loose =
      "MySQL, MariaDB and SQL Server compare texts without case and trailing spaces unless a collation says so"
    return switch (source.comparesCase, target.comparesCase) {
    case (false, true):
      "\(loose), \(target.title) does not: values that were equal are different now, searches have to say what they mean:"
    case (true, false):
      "\(loose): key columns get a collation that tells case apart; values that differ in trailing spaces alone would collide:"
    case (true, true), (false, false): "collations of the two engines may order and equate texts differently:"
    }
  }
}
