import Basics
import Decomposition
import Facts
import Foundation
import Migration

/// A small shop with everything that makes moves hard: a composite key, tables without keys, odd names, keys with every action.
enum Shop {
  static let oddTable = #"it's "odd" `table`"#
  static let oddColumn = #"sel"ect `it's`"#

  /// A name as the engine can hold it: Oracle has no way to write a double quote in one.
  static func held(_ name: String, _ engine: EngineFamily) -> String {
    engine == .oracle ? name.replacingOccurrences(of: "\"", with: "%") : name
  }

  /// How an engine spells the types the schema needs.
  private struct Types {
    let serial, small, reference, moment, momentDefault, flag, flagDefault, bytes, long, big, int, double: String

    init(_ engine: EngineFamily) {
      switch engine {
      case .mysql:
        (serial, small, reference, big, int) = ("bigint(20)", "int unsigned", "int unsigned", "bigint", "int")
        (moment, momentDefault, flag, flagDefault) = ("datetime(6)", "CURRENT_TIMESTAMP(6)", "tinyint(1)", "'1'")
        (bytes, long, double) = ("blob", "text", "double")
      case .sqlserver:
        (serial, small, reference, big, int) = ("bigint", "int", "int", "bigint", "int")
        (moment, momentDefault, flag, flagDefault) = ("datetime2(7)", "(sysutcdatetime())", "bit", "((1))")
        (bytes, long, double) = ("varbinary(max)", "nvarchar(max)", "float")
      case .oracle:
        (serial, small, reference, big, int) = ("number(19)", "number(10)", "number(10)", "number(19)", "number(10)")
        (moment, momentDefault, flag, flagDefault) = ("timestamp(6)", "systimestamp", "number(1)", "1")
        (bytes, long, double) = ("blob", "clob", "binary_double")
      case .postgres, .sqlite, .h2:
        (serial, small, reference, big, int) = ("bigserial", "serial", "integer", "bigint", "int")
        (moment, momentDefault, flag, flagDefault) = ("timestamp", "now()", "boolean", "true")
        (bytes, long, double) = ("bytea", "text", "double precision")
      }
    }
  }
  static let longTable = "goods_movements_between_all_warehouses_of_the_company_by_day_xx"

  static func span(_ line: Int, file: String = "db/schema.sql") -> SourceSpan {
    SourceSpan(file: RepoPath(file), line: line)
  }

  private static func column(
    _ name: String, _ type: String, null: Bool = false, value: String? = nil, numbered: Bool = false
  ) -> Column {
    Column(name: name, type: type, isNullable: null, defaultExpression: value, isGenerated: numbered)
  }

  private static func key(
    _ name: String?, _ columns: [String], _ target: String, _ targetColumns: [String], _ action: ReferentialAction,
    _ line: Int, update: ReferentialAction = .noAction, timing: KeyTiming = .immediate, full: Bool = false
  ) -> ForeignKey {
    ForeignKey(
      name: name, columns: columns, target: TableName(target), targetColumns: targetColumns, onDelete: action,
      onUpdate: update, timing: timing, isMatchedFull: full, span: span(line))
  }

  static func catalog(_ engine: EngineFamily) -> Catalog {
    let types = Types(engine)
    let oddTable = held(oddTable, engine)
    let oddColumn = held(oddColumn, engine)
    let tables = [
      Table(
        name: TableName("customer"),
        columns: [
          column("id", types.serial, numbered: true), column("email", "varchar(120)"),
          column("name", types.long, null: true), column("credit", "numeric(12,2)", value: "0"),
          column("Group", types.flag, value: types.flagDefault),
        ],
        primaryKey: ["id"], uniqueKeys: [["email"]], source: span(1)),
      Table(
        name: TableName("Order"),
        columns: [
          column("id", types.serial, numbered: true), column("customer_id", types.big, null: true),
          column("status", "varchar(20)", value: "'it''s new'"), column("total", "decimal(12,2)", null: true),
          column("placed_at", types.moment, value: types.momentDefault),
          column("due", "date", null: true), column("doc", types.bytes, null: true),
        ],
        primaryKey: ["id"],
        foreignKeys: [key("order_customer", ["customer_id"], "customer", ["id"], .setNull, 12)], source: span(10)),
      Table(
        name: TableName("order_line"),
        columns: [
          column("order_id", types.big), column("line_no", types.int),
          column("product_id", types.reference),
          column("quantity", types.int, value: "1"),
        ],
        primaryKey: ["order_id", "line_no"],
        foreignKeys: [
          key("line_order", ["order_id"], "Order", ["id"], .cascade, 22),
          key(nil, ["product_id"], "product", ["id"], .noAction, 23),
        ], source: span(20)),
      Table(
        name: TableName("audit_log"),
        columns: [column("message", "varchar(200)", null: true), column("level", "smallint", null: true)],
        source: span(30)),
      Table(
        name: TableName("product"),
        columns: [
          column("id", types.small, numbered: true), column("title", "varchar(80)"),
          column("price", "numeric(10,4)"), column("weight", types.double, null: true),
        ],
        primaryKey: ["id"], source: span(40)),
      Table(
        name: TableName("stock"),
        columns: [column("product_id", types.reference), column("amount", types.int, value: "0")],
        primaryKey: ["product_id"],
        foreignKeys: [key("stock_product", ["product_id"], "product", ["id"], .cascade, 52)], source: span(50)),
      Table(
        name: TableName(oddTable),
        columns: [
          column("id", types.int), column(oddColumn, "varchar(40)", null: true),
          column("order_id", types.big, null: true),
        ],
        primaryKey: ["id"],
        foreignKeys: [
          key("odd_order", ["order_id"], "Order", ["id"], .cascade, 62, update: .cascade, timing: .deferred, full: true)
        ],
        source: span(60)),
      Table(
        name: TableName("session"), columns: [column("token", "varchar(64)"), column("seen", types.int, null: true)],
        uniqueKeys: [["token"]], source: span(70)),
      Table(
        name: TableName(longTable),
        columns: [column("id", types.int), column("product_id", types.reference)],
        primaryKey: ["id"],
        foreignKeys: [key("movement_product", ["product_id"], "product", ["id"], .restrict, 82)], source: span(80)),
    ]
    return Catalog(tables: tables, engine: engine)
  }

  private static func use(_ service: String, _ columns: [String], _ line: Int) -> TableUse {
    TableUse(service: service, columns: columns, evidence: [span(line, file: "src/\(service).cpp")])
  }

  static func owner(
    _ table: String, _ service: String, writers: [TableUse] = [], readers: [TableUse] = [],
    kind: OwnershipKind = .single
  ) -> TableOwner {
    TableOwner(
      table: TableName(table), service: service, margin: 0.8, runnerUp: "", ownership: kind, resolution: .none,
      writers: [use(service, ["*"], 1)] + writers, readers: [use(service, ["*"], 2)] + readers, reason: "writes it most"
    )
  }

  /// `tag` ends every service's name, so that tests can share a server.
  static func proposal(tag: String = "", engine: EngineFamily = .postgres) -> Proposal {
    tagged(untagged(engine), with: tag)
  }

  private static func tagged(_ plain: Proposal, with tag: String) -> Proposal {
    var proposal = plain
    func renamed(_ use: TableUse) -> TableUse {
      TableUse(service: use.service + tag, columns: use.columns, evidence: use.evidence)
    }
    for index in proposal.services.indices { proposal.services[index].name += tag }
    for index in proposal.owners.indices {
      proposal.owners[index].service += tag
      proposal.owners[index].writers = proposal.owners[index].writers.map(renamed)
      proposal.owners[index].readers = proposal.owners[index].readers.map(renamed)
      for part in proposal.owners[index].proof.joint.parts.indices {
        proposal.owners[index].proof.joint.parts[part].service += tag
      }
    }
    for index in proposal.seams.indices {
      proposal.seams[index].from += tag
      proposal.seams[index].to += tag
    }
    return proposal
  }

  private static func untagged(_ engine: EngineFamily) -> Proposal {
    let oddTable = held(oddTable, engine)
    var proposal = Proposal()
    let members = [
      ("crm", ["customer", oddTable, "session"]), ("goods", ["product", "stock", longTable]),
      ("ordering", ["Order", "order_line", "audit_log"]),
    ]
    proposal.services = members.map { name, tables in
      ServiceBoundary(name: name, units: [], tables: tables.map { TableName($0) }.sorted(), cohesion: 0.7)
    }
    proposal.owners = [
      owner("customer", "crm", readers: [use("ordering", ["id", "name"], 31)]), owner(oddTable, "crm"),
      owner("session", "crm"),
      owner("product", "goods", readers: [use("ordering", ["*"], 32)]),
      owner("stock", "goods", writers: [use("ordering", ["amount"], 33)]), owner(longTable, "goods"),
      owner("Order", "ordering", readers: [use("crm", ["total", "customer_id"], 34), use("goods", ["status"], 35)]),
      owner("order_line", "ordering", readers: [use("goods", ["product_id", "quantity"], 36)]),
      owner("audit_log", "ordering", writers: [use("crm", ["message"], 37)], kind: .common),
    ].sorted { $0.table < $1.table }
    // What a customer may spend is decided where orders are taken.
    if let index = proposal.owners.firstIndex(where: { $0.table == TableName("customer") }) {
      proposal.owners[index].ownership = .joint
      proposal.owners[index].resolution = .tableSplit
      proposal.owners[index].writers[0].columns = ["Group", "email", "name"]
      proposal.owners[index].writers.append(use("ordering", ["credit"], 38))
      proposal.owners[index].proof.joint.key = ["id"]
      proposal.owners[index].proof.joint.parts = [
        JointResolution.Part(service: "crm", columns: ["email", "name", "Group"]),
        JointResolution.Part(service: "ordering", columns: ["credit"]),
      ]
    }
    proposal.seams = [
      Seam(
        kind: .join, from: "crm", to: "ordering", table: TableName("Order"), otherTable: TableName("customer"),
        columns: ["total"], span: span(34, file: "src/crm.cpp"), rule: "R3b", recommendation: "keep a read model"),
      Seam(
        kind: .write, from: "ordering", to: "goods", table: TableName("stock"), otherTable: nil, columns: ["amount"],
        span: span(33, file: "src/ordering.cpp"), rule: "R5", recommendation: "split into a saga"),
    ]
    proposal.seams += transactionSeams
    return proposal
  }

  static func system(_ engine: EngineFamily) -> SystemFacts {
    var system = SystemFacts()
    system.catalog = catalog(engine)
    system.units = [CodeUnit(kind: .function, name: "report", span: span(30, file: "src/crm.cpp"))]
    system.joins = [
      JoinFact(
        unit: 0, join: StatementJoin(left: TableName("Order"), right: TableName("customer"), needsBothSides: true),
        span: span(34, file: "src/crm.cpp"), statement: 1),
      JoinFact(
        unit: 0, join: StatementJoin(left: TableName("Order"), right: TableName(oddTable), needsBothSides: true),
        span: span(38, file: "src/crm.cpp"), statement: 2),
      JoinFact(
        unit: 0, join: StatementJoin(left: TableName("Order"), right: TableName(oddTable), needsBothSides: true),
        span: span(39, file: "src/crm.cpp"), statement: 3),
    ]
    func name(_ text: String) -> String {
      engine == .mysql
        ? "`\(text.replacingOccurrences(of: "`", with: "``"))`"
        : "\"\(text.replacingOccurrences(of: "\"", with: "\"\""))\""
    }
    let (order, odd, column) = (name("Order"), name(oddTable), name(oddColumn))
    system.queryTexts = [
      1:
        "SELECT c.name, o.total FROM \(order) o JOIN customer c ON c.id = o.customer_id WHERE c.email LIKE ? ORDER BY o.total",
      2:
        "SELECT x.\(column), count(*) AS \(name("a \"b\" `c`")) FROM \(odd) x JOIN \(order) o ON o.id = x.order_id GROUP BY x.\(column)",
      3:
        "SELECT x.* FROM \(odd) x WHERE NOT EXISTS (SELECT 1 FROM \(order) WHERE \(order).id = x.order_id AND status = 'paid')",
    ]
    addTransactions(to: &system)
    return system
  }

  static func plan(
    _ engine: PlanEngine, target: PlanEngine? = nil, outbox: OutboxKind = .debezium, cdc: CDCTool? = nil,
    broker: Broker? = nil, database: String = "monolith", tag: String = "", transactions: TransactionStyle? = nil
  ) throws -> MigrationPlan {
    let family = family(engine)
    return try Planner.plan(
      system: system(family), proposal: proposal(tag: tag, engine: family),
      options: PlanOptions(
        engine: engine, targetEngine: target, cdc: cdc, outbox: outbox, broker: broker, transactions: transactions,
        databaseName: database),
      factsDigest: "0123abcd")
  }

  /// The family a schema for an engine is written in.
  static func family(_ engine: PlanEngine) -> EngineFamily {
    switch engine {
    case .postgres: .postgres
    case .mysql, .mariadb: .mysql
    case .sqlserver: .sqlserver
    case .oracle: .oracle
    }
  }

  /// The old schema as the monolith's own scripts would make it.
  static func schema(_ engine: PlanEngine, database: String) -> String {
    let mysql = engine != .postgres
    func name(_ text: String) -> String {
      mysql
        ? "`\(text.replacingOccurrences(of: "`", with: "``"))`"
        : "\"\(text.replacingOccurrences(of: "\"", with: "\"\""))\""
    }
    let big = mysql ? "bigint NOT NULL AUTO_INCREMENT" : "bigserial"
    let small = mysql ? "int unsigned NOT NULL AUTO_INCREMENT" : "serial"
    let reference = mysql ? "int unsigned" : "integer"
    let moment = mysql ? "datetime(6) NOT NULL DEFAULT CURRENT_TIMESTAMP(6)" : "timestamp NOT NULL DEFAULT now()"
    let late = mysql ? ["", ""] : ["MATCH FULL ", " DEFERRABLE INITIALLY DEFERRED"]
    return """
      CREATE TABLE customer (id \(big) PRIMARY KEY, email varchar(120) NOT NULL UNIQUE, name text,
        credit numeric(12,2) NOT NULL DEFAULT 0, \(name("Group")) \(mysql ? "tinyint(1) NOT NULL DEFAULT '1'" : "boolean NOT NULL DEFAULT true"));
      CREATE TABLE \(name("Order")) (id \(big) PRIMARY KEY, customer_id bigint, status varchar(20) NOT NULL DEFAULT 'it''s new',
        total decimal(12,2), placed_at \(moment), due date, doc \(mysql ? "blob" : "bytea"),
        CONSTRAINT order_customer FOREIGN KEY (customer_id) REFERENCES customer (id) ON DELETE SET NULL);
      CREATE TABLE product (id \(small) PRIMARY KEY, title varchar(80) NOT NULL, price numeric(10,4) NOT NULL,
        weight \(mysql ? "double" : "double precision"));
      CREATE TABLE order_line (order_id bigint NOT NULL, line_no int NOT NULL, product_id \(reference) NOT NULL,
        quantity int NOT NULL DEFAULT 1, PRIMARY KEY (order_id, line_no),
        CONSTRAINT line_order FOREIGN KEY (order_id) REFERENCES \(name("Order")) (id) ON DELETE CASCADE,
        FOREIGN KEY (product_id) REFERENCES product (id));
      CREATE TABLE audit_log (message varchar(200), level smallint);
      CREATE TABLE stock (product_id \(reference) NOT NULL PRIMARY KEY, amount int NOT NULL DEFAULT 0,
        CONSTRAINT stock_product FOREIGN KEY (product_id) REFERENCES product (id) ON DELETE CASCADE);
      CREATE TABLE \(name(oddTable)) (id int NOT NULL PRIMARY KEY, \(name(oddColumn)) varchar(40), order_id bigint,
        CONSTRAINT odd_order FOREIGN KEY (order_id) REFERENCES \(name("Order")) (id) \(late[0])ON DELETE CASCADE ON UPDATE CASCADE\(late[1]));
      CREATE TABLE session (token varchar(64) NOT NULL UNIQUE, seen int);
      CREATE TABLE \(longTable) (id int NOT NULL PRIMARY KEY, product_id \(reference) NOT NULL,
        CONSTRAINT movement_product FOREIGN KEY (product_id) REFERENCES product (id) ON DELETE RESTRICT);
      INSERT INTO customer (email, name, credit) VALUES ('a@x', 'Ana | é', 1.5), ('b@x', NULL, 0), ('c@x', '', -3);
      INSERT INTO \(name("Order")) (customer_id, status, total, placed_at, due, doc) VALUES
        (1, 'new', 10.00, '2026-01-02 03:04:05.678901', '2026-02-03', \(mysql ? "x'00ff'" : "'\\x00ff'")), (2, 'paid', NULL, '2026-01-02 03:04:05', NULL, NULL);
      INSERT INTO product (title, price, weight) VALUES ('pen', 1.25, 0.5), ('ink', 0.05, NULL);
      INSERT INTO order_line VALUES (1, 1, 1, 2), (1, 2, 2, 1), (2, 1, 1, 7);
      INSERT INTO audit_log VALUES ('same', 1), ('same', 1), (NULL, 2);
      INSERT INTO stock VALUES (1, 5), (2, 0);
      INSERT INTO \(name(oddTable)) VALUES (1, 'x', 1), (2, NULL, NULL);
      INSERT INTO session VALUES ('t1', 1), ('t2', NULL);
      INSERT INTO \(longTable) VALUES (1, 1);
      """
  }
}
