import Basics
import Decomposition
import Facts

/// What the shop writes in one transaction across services.
extension Shop {
  /// The statements of `placeOrder` in order: table, text, columns.
  private static let placing: [(table: String, text: String, columns: [String])] = [
    ("customer", "UPDATE customer SET credit = credit - ? WHERE id = ? AND credit >= ?", ["credit"]),
    ("Order", "INSERT INTO \"Order\" (id, customer_id, status, total) VALUES (?, ?, ?, ?)", ["customer_id", "total"]),
    ("order_line", "INSERT INTO order_line VALUES (?, ?, ?, ?)", ["*"]),
    ("audit_log", "INSERT INTO audit_log (message) VALUES (?)", ["message"]),
    ("stock", "UPDATE stock SET amount = amount - ? WHERE product_id = ?", ["amount"]),
    (oddTable, "DELETE FROM odd WHERE order_id = ?", ["*"]), ("session", "", ["*"]),
  ]

  /// The statements of `rename`: its own table, and the log everybody writes.
  private static let renaming: [(table: String, text: String, columns: [String])] = [
    ("customer", "UPDATE customer SET name = ? WHERE id = ?", ["name"]),
    ("audit_log", "INSERT INTO audit_log (message) VALUES (?)", ["message"]),
  ]

  /// Adds both transactions to the facts.
  static func addTransactions(to system: inout SystemFacts) {
    add("Checkout.placeOrder", placing, at: span(100, file: "src/ordering.cpp"), to: &system)
    add("Customer.rename", renaming, at: span(200, file: "src/crm.cpp"), to: &system)
  }

  private static func add(
    _ name: String, _ statements: [(table: String, text: String, columns: [String])], at place: SourceSpan,
    to system: inout SystemFacts
  ) {
    let unit = system.units.count
    system.units.append(CodeUnit(kind: .function, name: name, span: place))
    let touches = statements.enumerated().map { number, statement in
      let text = system.statementTexts.count + 1000
      if !statement.text.isEmpty { system.statementTexts[text] = statement.text }
      let line = place.line + 1 + number
      return TransactionTouch(
        access: Access(
          unit: unit, table: TableName(statement.table), isDeclared: true, operation: .write,
          span: span(line, file: place.file.text), confidence: .exact,
          via: statement.text.isEmpty ? "orm:Session.save" : "literal", columns: statement.columns,
          inLoop: statement.table == "order_line", statement: statement.text.isEmpty ? -1 : text), line: line)
    }
    system.transactions.append(
      TransactionScope(
        unit: unit, span: place, writes: Set(statements.map { TableName($0.table) }).sorted(), reads: [],
        touches: touches))
  }

  /// The places where the cut goes through them.
  static let transactionSeams: [Seam] =
    [("ordering", "crm", "customer"), ("ordering", "goods", "stock"), ("ordering", "crm", oddTable)].map {
      seam($0.0, $0.1, $0.2, span(100, file: "src/ordering.cpp"))
    } + [seam("crm", "ordering", "audit_log", span(200, file: "src/crm.cpp"))]

  private static func seam(_ from: String, _ to: String, _ table: String, _ span: SourceSpan) -> Seam {
    Seam(
      kind: .transaction, from: from, to: to, table: TableName(table), otherTable: nil, columns: [], span: span,
      rule: "R5", recommendation: "split into a saga")
  }
}
