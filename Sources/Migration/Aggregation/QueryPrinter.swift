import Basics
import Facts
import SQL

/// Prints expressions of a query for the place it moves to.
struct QueryPrinter {
  let text: SQLText
  /// How a column of a source is written.
  let column: (Int, String) -> String
  /// How all columns of a source, or of all of them, are written.
  let star: (Int?) -> String
  let parameters: [QueryParameter]

  /// The expression as SQL; parameters are `:name`.
  func print(_ expression: QueryExpression) -> String {
    expression.pieces.map { piece in
      switch piece {
      case .text(let text): text
      case .name(let name), .output(let name): text.name(name)
      case .column(let source, let name): column(source, name)
      case .star(let source): star(source)
      case .parameter(let number): ":\(parameters[number].name)"
      }
    }.joined()
  }

  /// Conditions joined by `AND`; each in parentheses when it holds an `OR`.
  func all(_ conditions: [QueryExpression]) -> String {
    conditions.map { condition in
      let hasOr = condition.pieces.contains { piece in
        if case .text(let text) = piece { text.uppercased() == "OR" || text.uppercased() == "XOR" } else { false }
      }
      return hasOr ? "(\(print(condition)))" : print(condition)
    }.joined(separator: " AND ")
  }

  /// ` ORDER BY …`; empty without terms.
  func ordering(_ orders: [QueryShape.Order]) -> String {
    orders.isEmpty ? "" : "\nORDER BY " + orders.map { print($0.expression) + $0.direction }.joined(separator: ", ")
  }

  /// ` LIMIT … OFFSET …` in the way of the engine; empty without a limit.
  func paging(limit: QueryExpression?, offset: QueryExpression?) -> String {
    guard limit != nil || offset != nil else { return "" }
    switch text.engine {
    case .postgres, .mysql, .mariadb:
      return (limit.map { "\nLIMIT \(print($0))" } ?? "") + (offset.map { " OFFSET \(print($0))" } ?? "")
    case .sqlserver, .oracle:
      return "\nOFFSET \(offset.map { print($0) } ?? "0") ROWS"
        + (limit.map { " FETCH NEXT \(print($0)) ROWS ONLY" } ?? "")
    }
  }
}

extension GroupContext {
  /// A declared name as the service's own server holds it.
  func held(_ name: String) -> String {
    NameCase.moved(
      isFolded ? NameCase.folded(name, on: text.engine) : name, from: text.engine, to: targetText.engine)
  }

  /// Where rows of a table are in the service's own database: the table itself, or its copy.
  func placed(_ name: TableName) -> PlannedTable? {
    (own.first { $0.name == name } ?? replicas.first { $0.name == name })?.on(.target)
  }

  /// Whether the service owns the table.
  func owns(_ name: TableName) -> Bool { own.contains { $0.name == name } }
}
