import Basics
import Foundation
import Migration
import Rehearsal
import Testing

/// Rehearsals whose old database is a copy of a live one, which must not notice.
@Suite(.serialized) struct LiveSourceTests {
  private static let password = "geh3im'es wort"

  /// First words of statements that change something.
  private static let writing: Set = [
    "INSERT", "UPDATE", "DELETE", "CREATE", "ALTER", "DROP", "COPY", "GRANT", "CALL", "REPLACE", "TRUNCATE",
  ]

  private static let extras = """
    ALTER TABLE payments ADD COLUMN channel varchar(20);
    ALTER TABLE mandates ALTER COLUMN iban TYPE varchar(30);
    CREATE TABLE payment_disputes (id bigserial PRIMARY KEY,
      payment_id bigint NOT NULL REFERENCES payments (id), reason text);
    INSERT INTO accounts (number, name) SELECT 'A' || i, repeat('n', 60) FROM generate_series(1, 3000) i;
    INSERT INTO bank_transactions (booked_on, cents, remitter) SELECT '2026-01-01', i, 'r' FROM generate_series(1, 300) i;
    INSERT INTO payments (account_id, received_on, cents, bank_id) SELECT i, '2026-01-02', i, CASE WHEN i % 10 = 0 THEN 1 END
      FROM generate_series(1, 1500) i;
    INSERT INTO mandates SELECT 'M' || i, i, 'DE' || i, '2026-01-01' FROM generate_series(1, 3) i;
    ANALYZE;
    """

  /// A live PostgreSQL with a login that has a password and, if so wished, may read the tables.
  private func postgres(readsTables: Bool) throws -> LiveServer {
    let server = try LiveServer(.postgres)
    try server.admin("postgres").connect().run("CREATE DATABASE shop")
    let admin = try server.admin("shop").connect()
    for file in Billing.monolith.schema { try admin.run(try String(contentsOfFile: file, encoding: .utf8)) }
    try admin.run(Self.extras)
    try admin.run("CREATE ROLE auditor LOGIN PASSWORD '\(Self.password.replacing("'", with: "''"))'")
    if readsTables { try admin.run("GRANT SELECT ON ALL TABLES IN SCHEMA public TO auditor") }
    return server
  }

  private func request(_ monolith: Monolith, _ services: [String], _ server: LiveServer, url: String) throws
    -> RehearsalRequest
  {
    var request = try monolith.request(services, changes: 400, kills: 0)
    let encoded = Self.password.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? ""
    let text = url.replacing("PASSWORD", with: encoded).replacing("SOCKET", with: server.socket)
    request.source = try SourceAddress(text, environment: [:])
    request.keepsFolder = true
    return request
  }

  /// Runs it, and looks for the password wherever something was left.
  private func run(_ request: RehearsalRequest) throws -> RehearsalReport {
    var request = request
    let said = Said()
    request.progress = { said.add($0) }
    // Short, as names of sockets have to be.
    let root = "\(request.scratchRoot)/kept-\(UUID().uuidString.prefix(8))"
    try FileManager.default.createDirectory(atPath: root, withIntermediateDirectories: true)
    // Servers run as somebody else.
    chmod(root, 0o755)
    request.scratchRoot = root
    defer { for path in [root, request.planFolder] { try? FileManager.default.removeItem(atPath: path) } }
    let spy = CommandLines(password: Self.password)
    let report = try Rehearsal.run(request)
    #expect(spy.end() == [])
    let text = RehearsalText(report)
    for shown in [text.text, text.json, said.text, "\(report)"] {
      #expect(!shown.contains(Self.password) && !shown.contains("geh3im"))
    }
    #expect(files(below: root, holding: "geh3im") == [])
    print(text.text)
    return report
  }

  private func files(below root: String, holding text: String) -> [String] {
    let needle = Data(text.utf8)
    let names = FileManager.default.enumerator(atPath: root)?.compactMap { $0 as? String } ?? []
    #expect(names.count > 20)
    return names.filter { name in
      FileManager.default.contents(atPath: "\(root)/\(name)")?.range(of: needle) != nil
    }
  }

  @Test(arguments: [true, false])
  func postgresIsCopiedAndLeftAlone(readsTables: Bool) throws {
    let server = try postgres(readsTables: readsTables)
    defer { server.stop() }
    let admin = try server.admin("shop").connect()
    // Scans and writes of rows, as the server counts them.
    let counts = """
      SELECT relname, seq_scan, coalesce(idx_scan, 0), n_tup_ins, n_tup_upd, n_tup_del FROM pg_stat_user_tables ORDER BY relname
      """
    usleep(1_200_000)
    let before = try admin.run(counts).rows
    let mark = server.log.utf8.count
    let report = try run(
      try request(Billing.monolith, ["payments"], server, url: "postgres://auditor:PASSWORD@/shop?host=SOCKET"))
    usleep(1_200_000)
    #expect(try admin.run(counts).rows == before)
    let asked = String(decoding: Array(server.log.utf8).dropFirst(mark), as: UTF8.self).split(separator: "\n")
      .filter { $0.hasPrefix("cleave|auditor|") }
    #expect(asked.count > 5)
    for line in asked {
      let words = line.split(separator: "statement: ", maxSplits: 1).last?.split(separator: " ") ?? []
      let first = words.first ?? ""
      #expect(!Self.writing.contains(String(first)), "\(line)")
    }
    let source = try #require(report.source)
    #expect(source.isUsed && source.method == (readsTables ? "pg_dump" : "catalogs"), "\(source)")
    let payments = try #require(source.tables.first { $0.table == TableName("payments") })
    #expect(payments.rows == 1500 && payments.rehearsed == 300 && (payments.bytes ?? 0) > 50_000)
    #expect(source.tables.first { $0.table == TableName("bank_transactions") }?.rehearsed == 60)
    #expect(source.tables.first { $0.table == TableName("mandates") }?.rehearsed == 3)
    #expect((payments.copySeconds ?? 0) > 0)
    expectDrift(source.drift)
    // Everything else went well: what is wrong is what the plan does not know of.
    #expect(report.faults.count == 1 && report.faults[0].contains("payments.channel"), "\(report.faults)")
    #expect(report.isSourceRestored == true && report.failure == nil)
  }

  private func expectDrift(_ drift: [SourceDrift]) {
    let found = drift.map { "\($0.kind.rawValue) \($0.table) \($0.column ?? "")" }
    #expect(
      found == ["table_only_live payment_disputes ", "type mandates iban", "column_only_live payments channel"],
      "\(drift.map(\.text))")
    #expect(drift.first?.live == "payments")
  }

  @Test func driftThatBreaksScriptsIsNamed() throws {
    let server = try postgres(readsTables: false)
    defer { server.stop() }
    try server.admin("shop").connect().run("ALTER TABLE payments DROP COLUMN method")
    let report = try run(
      try request(Billing.monolith, ["payments"], server, url: "postgres://auditor:PASSWORD@/shop?host=SOCKET"))
    let failure = try #require(report.failure)
    #expect(failure.hasPrefix("this comes from drift") && failure.contains("payments.method"), "\(failure)")
  }

  @Test func valuesThePlanCannotHoldAreNamed() throws {
    let server = try postgres(readsTables: true)
    defer { server.stop() }
    try server.admin("shop").connect().run(
      "ALTER TABLE mandates ALTER COLUMN iban TYPE varchar(90); CREATE POLICY mine ON jobs TO auditor USING (true)")
    let report = try run(
      try request(Billing.monolith, ["payments"], server, url: "postgres://auditor:PASSWORD@/shop?host=SOCKET"))
    let failure = try #require(report.failure)
    #expect(failure.contains("drift") && failure.contains("varchar(34)"), "\(failure)")
    // A role nobody has here: told, and everything else is used.
    #expect(report.source?.notes.contains { $0.hasPrefix("not loaded: ") && $0.contains("auditor") } == true)
    #expect(report.source?.isUsed == true)
  }

  @Test func anotherEngineIsRefused() throws {
    var request = try Billing.request(["payments"], changes: 1, kills: 0)
    defer { try? FileManager.default.removeItem(atPath: request.planFolder) }
    request.source = try SourceAddress("mysql://nobody@localhost/shop", environment: [:])
    #expect(throws: MachineError.self) { _ = try Rehearsal.run(request) }
  }

  @Test func wrongPasswordsStopBeforeAnythingStarts() throws {
    let server = try postgres(readsTables: false)
    defer { server.stop() }
    var request = try request(
      Billing.monolith, ["payments"], server, url: "postgres://auditor:PASSWORD@/shop?host=SOCKET")
    defer { try? FileManager.default.removeItem(atPath: request.planFolder) }
    request.source = try SourceAddress("postgres://auditor:wr0ngword@/shop?host=\(server.socket)", environment: [:])
    do {
      _ = try Rehearsal.run(request)
      Issue.record("a wrong password was taken")
    } catch {
      #expect("\(error)".contains("password") && !"\(error)".contains("wr0ng"), "\(error)")
    }
  }

  private static let webshop = Monolith(
    name: "webshop", engine: .mariadb,
    files: [
      "schema.sql", "migrations/002_coupons.sql", "migrations/003_total_cents.sql",
      "migrations/004_newsletter_mailings.sql", "migrations/005_drop_legacy_wishlist.sql",
      "migrations/006_stock_reservations.sql",
    ])

  @Test func mariaDBIsCopiedAndLeftAlone() throws {
    let server = try LiveServer(.mariadb)
    defer { server.stop() }
    try server.admin("").connect().run("CREATE DATABASE shop")
    try server.load(Self.webshop.schema, into: "shop")
    let admin = try server.admin("shop").connect()
    let word = Self.password.replacing("'", with: "''")
    try admin.run(
      """
      CREATE USER auditor@localhost IDENTIFIED BY '\(word)'; CREATE USER owner@'10.%';
      GRANT SELECT, SHOW VIEW, TRIGGER ON shop.* TO auditor@localhost;
      GRANT SELECT ON mysql.column_stats TO auditor@localhost;
      GRANT SELECT ON mysql.proc TO auditor@localhost;
      ALTER TABLE reviews ADD COLUMN photo varchar(80), ADD CHECK (stars BETWEEN 1 AND 5);
      CREATE TABLE review_votes (review_id bigint unsigned NOT NULL, voter int NOT NULL, PRIMARY KEY (review_id, voter));
      CREATE DEFINER = owner@'10.%' TRIGGER votes BEFORE INSERT ON review_votes FOR EACH ROW SET NEW.voter = NEW.voter + 0;
      INSERT INTO categories (id, name) VALUES (1, 'c');
      INSERT INTO products (category_id, sku, title) SELECT 1, concat('s', seq), 't' FROM seq_1_to_4000;
      INSERT INTO customers (email, name) SELECT concat('c', seq), 'n' FROM seq_1_to_40;
      ANALYZE TABLE products, customers, reviews, categories PERSISTENT FOR ALL
      """)
    let before = try admin.run("CHECKSUM TABLE products, customers, reviews, categories, orders").rows
    let mark = server.log.utf8.count
    let report = try run(
      try request(Self.webshop, ["review"], server, url: "mysql://auditor:PASSWORD@/shop?socket=SOCKET"))
    let asked = String(decoding: Array(server.log.utf8).dropFirst(mark), as: UTF8.self).split(separator: "\n")
      .filter { $0.contains("Query\t") }.compactMap { $0.split(separator: "Query\t", maxSplits: 1).last }
    #expect(asked.count > 20 && asked.contains("START TRANSACTION READ ONLY"))
    for line in asked {
      let first = line.split(separator: " ").first.map { $0.uppercased() } ?? ""
      #expect(!Self.writing.contains(first) && !["LOCK", "FLUSH"].contains(first), "\(line)")
      #expect(!line.contains("FROM `products`") || line.contains("LIMIT 0") || first == "SHOW", "\(line)")
    }
    #expect(try admin.run("CHECKSUM TABLE products, customers, reviews, categories, orders").rows == before)
    let source = try #require(report.source)
    #expect(source.isUsed && source.method == "mariadb-dump", "\(source)")
    let products = try #require(source.tables.first { $0.table == TableName("products") })
    #expect((3500...4500).contains(products.rows ?? 0) && products.rehearsed == 600 && products.isCopy)
    // Everything loads, also what belongs to logins that are not known here; columns were measured.
    #expect(source.notes.count == 1 && source.notes[0].contains("MYSQL_PWD"), "\(source.notes)")
    let drift = source.drift.map { "\($0.kind.rawValue) \($0.table) \($0.column ?? "")" }
    #expect(drift == ["table_only_live review_votes ", "column_only_live reviews photo"])
    #expect(report.faults.count == 1 && report.faults[0].contains("reviews.photo"), "\(report.faults)")
    #expect(report.isSourceRestored == true)
  }
}

/// What was said while a rehearsal ran, from whichever thread.
private final class Said: @unchecked Sendable {
  // The lock guards the lines.
  private let lock = NSLock()
  private var lines: [String] = []

  func add(_ line: String) { lock.withLock { lines.append(line) } }

  var text: String { lock.withLock { lines.joined(separator: "\n") } }
}

/// Looks at the arguments of every process while it lives.
private final class CommandLines: @unchecked Sendable {
  // The lock guards what was seen and whether it is over.
  private let lock = NSLock()
  private var seen: Set<String> = []
  private var isOver = false
  private let done = DispatchSemaphore(value: 0)

  init(password: String) {
    let thread = Thread { [self] in
      while !lock.withLock({ isOver }) {
        for name in (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? [] where Int(name) != nil {
          guard let bytes = FileManager.default.contents(atPath: "/proc/\(name)/cmdline") else { continue }
          let line = String(decoding: bytes, as: UTF8.self)
          if line.contains(password) || line.contains("geh3im") { lock.withLock { _ = seen.insert(line) } }
        }
        usleep(2000)
      }
      done.signal()
    }
    thread.start()
  }

  /// Command lines that held the password.
  func end() -> Set<String> {
    lock.withLock { isOver = true }
    done.wait()
    return seen
  }
}
