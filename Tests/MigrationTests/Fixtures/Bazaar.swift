import Basics
import Decomposition
import Facts
import Foundation
import Migration
import SQL

/// Three services whose code joins across the cut in every way: the facts come from the statements' own text.
struct Bazaar {
  static let oddColumn = #"sel"ect `it's`"#

  /// A statement of the code with the values it is run with.
  struct Query {
    let reader: String
    let unit: String
    let sql: String
    /// Values by parameter name, as SQL.
    var values: [String: String] = [:]
    /// Whether the order of the rows is fixed.
    var isOrdered = false
    var inLoop = false
  }

  let engine: PlanEngine

  var isMySQL: Bool { engine != .postgres }

  func name(_ text: String) -> String {
    isMySQL
      ? "`\(text.replacingOccurrences(of: "`", with: "``"))`"
      : "\"\(text.replacingOccurrences(of: "\"", with: "\"\""))\""
  }

  // MARK: Statements

  /// Queries that can be answered by asking the owners by key.
  var composed: [Query] {
    let order = name("Order")
    let odd = name(Self.oddColumn)
    return [
      Query(
        reader: "sales", unit: "ordersByStatus",
        sql:
          "SELECT o.id, o.total, c.name, c.\(odd) FROM \(order) o JOIN customer c ON c.id = o.customer_id WHERE o.status = 'paid' ORDER BY o.id DESC",
        values: ["status": "'paid'"], isOrdered: true),
      Query(
        reader: "sales", unit: "ordersWithBuyer",
        sql:
          "SELECT o.id, c.name AS buyer, c.city FROM \(order) o LEFT JOIN customer c ON o.customer_id = c.id WHERE o.total >= :least",
        values: ["least": "2"]),
      Query(
        reader: "sales", unit: "linesOfOrder",
        sql:
          "SELECT l.line_no, p.title, l.quantity * p.price AS amount FROM order_line l JOIN product p ON p.id = l.product_id WHERE l.order_id = ? ORDER BY l.line_no",
        values: ["order_id": "2"], isOrdered: true),
      Query(
        reader: "sales", unit: "categoriesOfOrder",
        sql:
          "SELECT o.id, l.line_no, p.title, k.name FROM \(order) o JOIN order_line l ON l.order_id = o.id JOIN product p ON p.id = l.product_id LEFT JOIN category k ON k.id = p.category_id WHERE o.status IN ('paid', 'new') AND l.quantity > 1",
        values: ["status": "'paid'", "status_2": "'new'"]),
      Query(
        reader: "crm", unit: "ordersOfCity",
        sql:
          "SELECT c.name, o.id, o.total FROM customer c LEFT JOIN \(order) o ON o.customer_id = c.id WHERE c.city = ?",
        values: ["city": "'Ulm'"]),
      Query(
        reader: "sales", unit: "wholeOrder",
        sql: "SELECT * FROM \(order) o JOIN customer c ON c.id = o.customer_id WHERE o.id = ?", values: ["id": "3"]),
      Query(
        reader: "sales", unit: "ordersOfBuyer",
        sql: "SELECT o.id, c.name FROM \(order) o, customer c WHERE c.id = o.customer_id AND c.id = ? AND o.total > 1",
        values: ["id": "1"]),
      Query(
        reader: "sales", unit: "streetsOfBuyer",
        sql: "SELECT c.name, a.street FROM customer c LEFT JOIN address a ON a.customer_id = c.id WHERE c.id = ?",
        values: ["id": "2"]),
      Query(
        reader: "sales", unit: "lastOrders",
        sql: "SELECT o.id, c.name FROM \(order) o LEFT JOIN customer c ON c.id = o.customer_id ORDER BY o.id LIMIT 3",
        isOrdered: true),
    ]
  }

  /// Queries that need the other side's rows at hand.
  var modelled: [Query] {
    let order = name("Order")
    return [
      Query(
        reader: "sales", unit: "ordersOfTown",
        sql:
          "SELECT o.id, c.name FROM \(order) o JOIN customer c ON c.id = o.customer_id WHERE c.city = :city AND o.total > 1 ORDER BY c.name, o.id",
        values: ["city": "'Ulm'"], isOrdered: true),
      Query(
        reader: "sales", unit: "turnoverByCity",
        sql:
          "SELECT c.city, COUNT(*) AS n, SUM(o.total) AS turnover FROM \(order) o JOIN customer c ON c.id = o.customer_id GROUP BY c.city HAVING COUNT(*) > 1"
      ),
      Query(
        reader: "sales", unit: "ordersPerCustomer",
        sql:
          "SELECT c.id, c.name, COUNT(o.id) AS n, MAX(o.total) FROM customer c LEFT JOIN \(order) o ON o.customer_id = c.id GROUP BY c.id"
      ),
      Query(
        reader: "sales", unit: "citiesServed",
        sql: "SELECT DISTINCT c.city FROM customer c JOIN \(order) o ON o.customer_id = c.id"),
      Query(
        reader: "sales", unit: "idleCustomers",
        sql:
          "SELECT c.name FROM customer c WHERE NOT EXISTS (SELECT 1 FROM \(order) o WHERE o.customer_id = c.id AND o.status = 'paid')",
        values: ["status": "'paid'"]),
      Query(
        reader: "sales", unit: "buyersOfTier",
        sql:
          "SELECT o.id, c.name FROM \(order) o LEFT JOIN customer c ON c.id = o.customer_id AND c.tier > ? WHERE o.total > 0",
        values: ["tier": "1"]),
      Query(
        reader: "sales", unit: "amountByCategory",
        sql:
          "SELECT k.name, SUM(l.quantity * p.price) AS amount, AVG(l.quantity) FROM order_line l JOIN product p ON p.id = l.product_id LEFT JOIN category k ON k.id = p.category_id WHERE p.active = 1 GROUP BY k.name"
      ),
      Query(
        reader: "sales", unit: "bothNames",
        sql:
          "SELECT c.name FROM customer c JOIN \(order) o ON o.customer_id = c.id WHERE o.total > 3 UNION SELECT p.title FROM product p JOIN order_line l ON l.product_id = p.id"
      ),
      Query(
        reader: "crm", unit: "topOrders",
        sql:
          "SELECT o.id, c.name, o.total FROM \(order) o INNER JOIN customer c USING (id) ORDER BY o.total DESC, o.id LIMIT 4",
        isOrdered: true),
    ]
  }

  /// Reads of one table of another service.
  var lookups: [Query] {
    [
      Query(
        reader: "sales", unit: "priceInLoop", sql: "SELECT p.price FROM product p WHERE p.id = ?", inLoop: true),
      Query(
        reader: "goods", unit: "linesInLoop", sql: "SELECT quantity FROM order_line WHERE product_id = ?", inLoop: true),
    ]
  }

  // MARK: Facts

  static let members = [
    ("crm", ["address", "customer"]), ("goods", ["category", "product"]), ("sales", ["Order", "order_line"]),
  ]

  var catalog: Catalog {
    func column(_ name: String, _ type: String, null: Bool = false) -> Column {
      Column(name: name, type: type, isNullable: null)
    }
    func key(_ columns: [String], _ target: String) -> ForeignKey {
      ForeignKey(
        name: nil, columns: columns, target: TableName(target), targetColumns: ["id"], onDelete: .noAction,
        span: Shop.span(9))
    }
    let decimal = "decimal(12,2)"
    return Catalog(
      tables: [
        Table(
          name: TableName("customer"),
          columns: [
            column("id", "int"), column("name", "varchar(40)", null: true), column("city", "varchar(20)", null: true),
            column("tier", "int", null: true), column(Self.oddColumn, "varchar(20)", null: true),
            column("secret", "varchar(20)", null: true),
          ], primaryKey: ["id"], source: Shop.span(1)),
        Table(
          name: TableName("address"),
          columns: [
            column("id", "int"), column("customer_id", "int", null: true), column("street", "varchar(40)", null: true),
          ],
          primaryKey: ["id"], source: Shop.span(2)),
        Table(
          name: TableName("Order"),
          columns: [
            column("id", "int"), column("customer_id", "int", null: true), column("status", "varchar(20)"),
            column("total", decimal, null: true),
          ], primaryKey: ["id"], source: Shop.span(3)),
        Table(
          name: TableName("order_line"),
          columns: [
            column("order_id", "int"), column("line_no", "int"), column("product_id", "int"), column("quantity", "int"),
          ],
          primaryKey: ["order_id", "line_no"],
          foreignKeys: [key(["product_id"], "product"), key(["order_id"], "Order")],
          source: Shop.span(4)),
        Table(
          name: TableName("product"),
          columns: [
            column("id", "int"), column("title", "varchar(40)"), column("price", decimal), column("active", "int"),
            column("category_id", "int", null: true),
          ], primaryKey: ["id"], source: Shop.span(5)),
        Table(
          name: TableName("category"), columns: [column("id", "int"), column("name", "varchar(20)", null: true)],
          primaryKey: ["id"], source: Shop.span(6)),
      ], engine: isMySQL ? .mysql : .postgres)
  }

  private static let ownerOf = Dictionary(
    uniqueKeysWithValues: members.flatMap { service, tables in tables.map { (TableName($0), service) } })

  /// The facts and the proposal; `tag` ends the services' names.
  func facts(tag: String) -> (system: SystemFacts, proposal: Proposal) {
    var system = SystemFacts()
    system.catalog = catalog
    var proposal = Proposal()
    var uses: [TableName: [String: Set<String>]] = [:]
    let reader = SQLReader(engine: isMySQL ? .mysql : .postgres)
    for (number, query) in (composed + modelled + lookups).enumerated() {
      let span = Shop.span(10 + number, file: "src/\(query.reader).cpp")
      system.units.append(CodeUnit(kind: .function, name: query.unit, span: span))
      let statement = reader.statements(in: query.sql)[0]
      precondition(statement.isUnderstood)
      system.queryTexts[number] = query.sql
      system.statementTexts[number] = MaskedText.text(of: query.sql, engine: nil)
      for access in statement.accesses {
        let table = system.catalog.tables.first { $0.name == access.table }!.name
        system.accesses.append(
          Access(
            unit: number, table: table, isDeclared: true, operation: .read, span: span, confidence: .exact, via: "text",
            columns: access.columns, inLoop: query.inLoop, statement: number))
        uses[table, default: [:]][query.reader, default: []].formUnion(access.columns)
        let owner = Self.ownerOf[table]!
        if owner != query.reader {
          let kind: Seam.Kind = statement.joins.isEmpty ? (query.inLoop ? .nPlusOne : .read) : .read
          proposal.seams.append(
            Seam(
              kind: kind, from: query.reader + tag, to: owner + tag, table: table, otherTable: nil,
              columns: access.columns, span: span, rule: "R3a", recommendation: "ask"))
        }
      }
      for join in statement.joins {
        system.joins.append(JoinFact(unit: number, join: join, span: span, statement: number))
        for (table, other) in [(join.left, join.right), (join.right, join.left)]
        where Self.ownerOf[table] != query.reader && Self.ownerOf[table] != Self.ownerOf[other] {
          proposal.seams.append(
            Seam(
              kind: .join, from: query.reader + tag, to: Self.ownerOf[table]! + tag, table: table, otherTable: other,
              columns: [], span: span, rule: join.needsBothSides ? "R3b" : "R3a", recommendation: "join"))
          break
        }
      }
    }
    proposal.services = Self.members.map { service, tables in
      ServiceBoundary(name: service + tag, units: [], tables: tables.map { TableName($0) }.sorted(), cohesion: 0.7)
    }
    proposal.owners = Self.ownerOf.keys.sorted().map { table in
      let service = Self.ownerOf[table]!
      let readers = (uses[table] ?? [:]).sorted { $0.key < $1.key }.filter { $0.key != service }
      return TableOwner(
        table: table, service: service + tag, margin: 0.8, runnerUp: "", ownership: .single, resolution: .none,
        writers: [TableUse(service: service + tag, columns: ["*"], evidence: [Shop.span(1)])],
        readers: readers.map { TableUse(service: $0.key + tag, columns: $0.value.sorted(), evidence: [Shop.span(2)]) },
        reason: "writes it")
    }
    return (system, proposal)
  }

  func plan(tag: String, database: String) throws -> MigrationPlan {
    let (system, proposal) = facts(tag: tag)
    return try Planner.plan(
      system: system, proposal: proposal,
      options: PlanOptions(engine: engine, databaseName: database, foldsNames: false), factsDigest: "0123abcd")
  }

  // MARK: Rows

  /// The tables as the monolith has them; no keys, so that partners may be missing.
  var schema: String {
    catalog.tables.map { table in
      let columns = table.columns.map { "\(name($0.name)) \($0.type)\($0.isNullable ? "" : " NOT NULL")" }
      return
        "CREATE TABLE \(name(table.name.text)) (\(columns.joined(separator: ", ")), PRIMARY KEY (\(table.primaryKey.joined(separator: ", "))));"
    }.joined(separator: "\n")
  }

  /// Random rows of every table, each value as SQL: small domains, so that keys meet, repeat, are missing or NULL.
  static func rows(_ random: inout SeededGenerator) -> [String: [[String]]] {
    func number(_ range: ClosedRange<Int>) -> String { String(Int.random(in: range, using: &random)) }
    func maybe(_ value: String) -> String { Int.random(in: 0..<4, using: &random) == 0 ? "NULL" : value }
    func word(_ words: [String]) -> String { "'\(words.randomElement(using: &random)!)'" }
    var rows: [String: [[String]]] = [:]
    for id in 1...6 where Int.random(in: 0..<5, using: &random) > 0 {
      rows["customer", default: []].append([
        String(id), maybe(word(["Ana", "Bo", "O''Neil", "Zoë"])), maybe(word(["Ulm", "Rom", "Ulm"])),
        maybe(number(0...3)),
        maybe(word(["x", "y;z"])), word(["s"]),
      ])
    }
    for id in 1...5 {
      rows["address", default: []].append([String(id), maybe(number(1...7)), maybe(word(["High St", "Low St"]))])
    }
    for id in 1...9 {
      rows["Order", default: []].append([
        String(id), maybe(number(1...8)), word(["paid", "new", "sent"]), maybe("\(number(0...5)).\(number(10...99))"),
      ])
      for line in 1...3 where Bool.random(using: &random) {
        rows["order_line", default: []].append([String(id), String(line), number(1...5), number(1...3)])
      }
    }
    for id in 1...5 {
      rows["product", default: []].append([
        String(id), word(["pen", "ink", "cap"]), "\(number(1...9)).\(number(10...99))", number(0...1),
        maybe(number(1...4)),
      ])
    }
    for id in 1...3 where Bool.random(using: &random) {
      rows["category", default: []].append([String(id), maybe(word(["office", "toys"]))])
    }
    return rows
  }

  /// Statements that put rows into tables; `place` tells where a table is.
  func inserts(_ rows: [String: [[String]]], place: (String) -> String) -> String {
    rows.sorted { $0.key < $1.key }.map { table, rows in
      let list = rows.map { "(\($0.joined(separator: ", ")))" }.joined(separator: ", ")
      return "INSERT INTO \(place(table)) VALUES \(list);"
    }.joined(separator: "\n")
  }
}

/// SplitMix64: the same numbers on every machine.
struct SeededGenerator: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var value = state
    value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
    value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
    return value ^ (value >> 31)
  }
}
