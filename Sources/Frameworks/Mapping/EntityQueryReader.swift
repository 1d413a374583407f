import Basics
import Facts
import SQL

/// Reads queries over entity names (JPQL, HQL, DQL): SQL whose tables are entities and whose paths are relations.
struct EntityQueryReader {
  private let reader = SQLReader(engine: nil)
  private let model: EntityModel

  init(model: EntityModel) { self.model = model }

  /// What a query does to tables; nil when it is none or names an unknown entity.
  func statement(in text: String) -> SQLStatement? {
    guard var statement = reader.statements(in: Self.asSQL(text)).first(where: \.isUnderstood) else { return nil }
    var accesses: [StatementAccess] = []
    var tables: [String: TableName] = [:]
    for access in statement.accesses {
      guard let entity = model.entity(named: access.table.text), let table = model.entities[entity].table else {
        continue
      }
      tables[access.table.key] = table
      accesses += model.tables(of: entity).map {
        StatementAccess(table: $0, operation: access.operation, columns: ["*"])
      }
    }
    guard !accesses.isEmpty else { return nil }
    statement.accesses = accesses
    statement.joins = statement.joins.compactMap { join in
      guard let left = tables[join.left.key], let right = tables[join.right.key] else { return nil }
      return StatementJoin(left: left, right: right, needsBothSides: join.needsBothSides)
    }
    statement.hasUnknownTable = false
    return statement
  }

  /// `from Order o` is short for `select o from Order o`.
  private static func asSQL(_ text: String) -> String {
    let trimmed = text.drop { $0 == " " || $0 == "\n" || $0 == "\t" }
    return trimmed.lowercased().hasPrefix("from ") ? "select * " + trimmed : text
  }
}
