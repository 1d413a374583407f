extension SQLText {
  /// What stands behind the parentheses of a new table.
  var tableSuffix: String { isMySQL ? " ENGINE = InnoDB" : "" }

  /// `CREATE TABLE` with one line per column or constraint.
  func createTable(_ table: PlacedName, _ lines: [String]) -> String {
    "CREATE TABLE \(self.table(table)) (\n\(lines.map { "  \($0)" }.joined(separator: ",\n"))\n)\(tableSuffix);"
  }

  /// A query without a table.
  func select(_ expression: String) -> String { "SELECT \(expression)\(engine == .oracle ? " FROM dual" : "");" }

  /// The rows of a query limited to the first ones in an order.
  func first(_ count: Int, columns: String, from: String, order: String) -> String {
    switch engine {
    case .postgres, .mysql, .mariadb: "SELECT \(columns) FROM \(from) ORDER BY \(order) LIMIT \(count)"
    case .sqlserver: "SELECT TOP (\(count)) \(columns) FROM \(from) ORDER BY \(order)"
    case .oracle: "SELECT \(columns) FROM \(from) ORDER BY \(order) FETCH FIRST \(count) ROWS ONLY"
    }
  }

  /// A statement that has to stand alone in its batch on SQL Server: schemas, views, triggers, routines.
  func alone(_ statement: String) -> String { engine == .sqlserver ? "GO\n\(statement)\nGO" : statement }

  /// `CREATE VIEW`; the query has no semicolon at its end.
  func view(_ view: PlacedName, as query: String) -> String { alone("CREATE VIEW \(table(view)) AS\n\(query);") }

  /// A stored program with the terminator its client wants; `definition` has none at its end.
  func program(_ definition: String) -> String {
    switch engine {
    case .postgres: "\(definition);"
    case .mysql, .mariadb: "DELIMITER //\n\(definition)//\nDELIMITER ;"
    case .sqlserver: "GO\n\(definition);\nGO"
    case .oracle: "\(definition);\n/"
    }
  }

  /// Statements that run as one program without a name. Not for MySQL, which has programs with names only.
  ///
  /// - Parameters:
  ///   - declarations: in the syntax of the engine, one per line, each with its semicolon.
  ///   - body: statements, each with its semicolon.
  func block(declarations: String = "", _ body: String) -> String {
    let indented = body.split(separator: "\n", omittingEmptySubsequences: false).map { "  \($0)" }.joined(
      separator: "\n")
    switch engine {
    case .postgres:
      let head = declarations.isEmpty ? "" : "DECLARE \(declarations)\n"
      return "DO \(dollarQuoted("\(head)BEGIN\n\(indented)\nEND"));"
    case .mysql, .mariadb: return body
    case .sqlserver: return declarations.isEmpty ? body : "\(declarations)\n\(body)"
    case .oracle:
      let head = declarations.isEmpty ? "" : "DECLARE\n  \(declarations)\n"
      return "\(head)BEGIN\n\(indented)\nEND;\n/"
    }
  }

  /// Begins a transaction; Oracle's begin by themselves.
  var begin: String {
    switch engine {
    case .postgres: "BEGIN;"
    case .mysql, .mariadb: "START TRANSACTION;"
    // Without it an error leaves the transaction open and the rest runs.
    case .sqlserver: "SET XACT_ABORT ON;\nBEGIN TRANSACTION;"
    case .oracle: ""
    }
  }

  var commit: String { engine == .sqlserver ? "COMMIT TRANSACTION;" : "COMMIT;" }

  // MARK: Schemas

  /// Makes a schema: a database on MySQL, a user nobody can log in as on Oracle.
  func createSchema(_ schema: String) -> String {
    let name = name(schema)
    switch engine {
    case .postgres: return "CREATE SCHEMA \(name);"
    case .mysql, .mariadb: return "CREATE DATABASE \(name);"
    case .sqlserver: return alone("CREATE SCHEMA \(name) AUTHORIZATION dbo;")
    case .oracle: return "CREATE USER \(name) NO AUTHENTICATION;\nGRANT UNLIMITED TABLESPACE TO \(name);"
    }
  }

  /// Makes a schema unless it is there.
  func ensureSchema(_ schema: String) -> String {
    let name = name(schema)
    switch engine {
    case .postgres: return "CREATE SCHEMA IF NOT EXISTS \(name);"
    case .mysql, .mariadb: return "CREATE DATABASE IF NOT EXISTS \(name);"
    case .sqlserver:
      return "IF SCHEMA_ID(\(literal(schema))) IS NULL EXEC(\(literal("CREATE SCHEMA \(name) AUTHORIZATION dbo")));"
    case .oracle:
      return unlessPresent("all_users WHERE username = \(literal(schema))", ["CREATE USER \(name) NO AUTHENTICATION"])
        + "\nGRANT UNLIMITED TABLESPACE TO \(name);"
    }
  }

  /// Drops an empty schema; MySQL's databases go with whatever is in them.
  func dropSchema(_ schema: String) -> String {
    switch engine {
    case .postgres, .sqlserver: "DROP SCHEMA \(name(schema));"
    case .mysql, .mariadb: "DROP DATABASE \(name(schema));"
    case .oracle: "DROP USER \(name(schema));"
    }
  }

  /// Runs Oracle statements when a query over the catalog finds nothing.
  func unlessPresent(_ source: String, _ statements: [String]) -> String {
    let run = statements.map { "  EXECUTE IMMEDIATE \(literal($0));" }.joined(separator: "\n")
    return block(
      declarations: "found number;",
      "SELECT count(*) INTO found FROM \(source);\nIF found = 0 THEN\n\(run)\nEND IF;")
  }

  /// Drops an object of a kind (`TABLE`, `VIEW`, `TRIGGER`) when it is there.
  func dropIfExists(_ kind: String, _ object: PlacedName) -> String {
    guard engine == .oracle else { return "DROP \(kind) IF EXISTS \(table(object));" }
    return ifPresent(
      "all_objects WHERE object_type = '\(kind)' AND owner = \(literal(heldCase(object.schema)))"
        + " AND object_name = \(literal(heldCase(object.name)))", ["DROP \(kind) \(table(object))"])
  }

  /// Runs Oracle statements when a query over the catalog finds something.
  func ifPresent(_ source: String, _ statements: [String]) -> String {
    let run = statements.map { "  EXECUTE IMMEDIATE \(literal($0));" }.joined(separator: "\n")
    return block(
      declarations: "found number;",
      "SELECT count(*) INTO found FROM \(source);\nIF found > 0 THEN\n\(run)\nEND IF;")
  }

  /// A name as the catalog of the engine holds what `name` prints.
  func heldCase(_ held: String) -> String {
    let quoted = name(held)
    return engine == .oracle ? String(quoted.dropFirst().dropLast()) : held
  }

  // MARK: Rows

  /// Inserts a row or updates the one with the same keys.
  ///
  /// - Parameters:
  ///   - keys: columns of the primary or a unique key; on MySQL no other unique key may stand in the way.
  ///   - values: every column with its value as SQL, the keys among them.
  ///   - version: the update happens only when the stored value of this column is lower than the new one.
  func upsert(
    into place: PlacedName, keys: [String], values: [(column: String, value: String)], newerBy version: String? = nil
  ) -> String {
    let plain = values.map(\.column).filter { !keys.contains($0) }
    let columns = columns(values.map(\.column))
    let list = values.map(\.value).joined(separator: ", ")
    switch engine {
    case .postgres:
      let sets = plain.map { "\(name($0)) = EXCLUDED.\(name($0))" }.joined(separator: ", ")
      let older = version.map { " WHERE t.\(name($0)) < EXCLUDED.\(name($0))" } ?? ""
      let action = plain.isEmpty ? "DO NOTHING" : "DO UPDATE SET \(sets)\(older)"
      return
        "INSERT INTO \(table(place)) AS t (\(columns)) VALUES (\(list))\nON CONFLICT (\(self.columns(keys))) \(action);"
    case .mysql, .mariadb:
      return "INSERT INTO \(table(place)) (\(columns)) VALUES (\(list))\n\(onDuplicate(plain, keys, version));"
    case .sqlserver:
      return merge(
        into: place, keys: keys, columns: values.map(\.column), from: "(VALUES (\(list)))", version: version)
    case .oracle:
      let row = values.map { "\($0.value) AS \(name($0.column))" }.joined(separator: ", ")
      return merge(
        into: place, keys: keys, columns: values.map(\.column), from: "(SELECT \(row) FROM dual)", version: version)
    }
  }

  /// MySQL sets columns from left to right: the version comes last, as the others look at the stored one.
  private func onDuplicate(_ plain: [String], _ keys: [String], _ version: String?) -> String {
    guard !plain.isEmpty else {
      let key = name(keys.first ?? "")
      return "ON DUPLICATE KEY UPDATE \(key) = \(key)"
    }
    guard let version else {
      return "ON DUPLICATE KEY UPDATE " + plain.map { "\(name($0)) = VALUES(\(name($0)))" }.joined(separator: ", ")
    }
    let guardName = name(version)
    let sets = (plain.filter { $0 != version } + [version]).map { column in
      "\(name(column)) = if(\(guardName) < VALUES(\(guardName)), VALUES(\(name(column))), \(name(column)))"
    }
    return "ON DUPLICATE KEY UPDATE " + sets.joined(separator: ", ")
  }

  /// `MERGE` of SQL Server and Oracle; `source` is a table or a query in parentheses that has the columns.
  ///
  /// - Parameter fixed: columns the engine numbers, which SQL Server refuses to update.
  func merge(
    into place: PlacedName, keys: [String], columns: [String], from source: String, version: String? = nil,
    fixed: Set<String> = []
  ) -> String {
    let plain = columns.filter { !keys.contains($0) && !(engine == .sqlserver && fixed.contains($0)) }
    let sets = plain.map { "\(engine == .oracle ? column($0, of: "t") : name($0)) = \(column($0, of: "s"))" }.joined(
      separator: ", ")
    let match = equal(keys, of: "t", to: keys, of: "s")
    let older = version.map { "\(column($0, of: "t")) < \(column($0, of: "s"))" }
    let insert = "INSERT (\(self.columns(columns))) VALUES (\(self.columns(columns, of: "s")))"
    if engine == .oracle {
      let update =
        plain.isEmpty ? "" : "\nWHEN MATCHED THEN UPDATE SET \(sets)\(older.map { " WHERE \($0)" } ?? "")"
      return
        "MERGE INTO \(table(place)) t USING \(source) s ON (\(match))\(update)\nWHEN NOT MATCHED THEN \(insert);"
    }
    let update =
      plain.isEmpty ? "" : "\nWHEN MATCHED\(older.map { " AND \($0)" } ?? "") THEN UPDATE SET \(sets)"
    // Without HOLDLOCK two sessions may both find no row and both insert.
    return "MERGE INTO \(table(place)) WITH (HOLDLOCK) AS t USING \(source) AS s (\(self.columns(columns))) ON \(match)"
      + "\(update)\nWHEN NOT MATCHED THEN \(insert);"
  }

  /// Inserts a row unless one with the same keys is there; how many rows it says it wrote tells which.
  func insertIfMissing(
    into place: PlacedName, keys: [String], values: [(column: String, value: String)]
  ) -> String {
    let columns = columns(values.map(\.column))
    let list = values.map(\.value).joined(separator: ", ")
    switch engine {
    case .postgres:
      return "INSERT INTO \(table(place)) (\(columns)) VALUES (\(list)) ON CONFLICT (\(self.columns(keys))) DO NOTHING;"
    case .mysql, .mariadb:
      return "INSERT INTO \(table(place)) (\(columns)) VALUES (\(list)) \(onDuplicate([], keys, nil));"
    case .sqlserver:
      let same = values.filter { keys.contains($0.column) }.map { "\(name($0.column)) = \($0.value)" }
      return "INSERT INTO \(table(place)) (\(columns)) SELECT \(list) WHERE NOT EXISTS\n"
        + "  (SELECT 1 FROM \(table(place)) WITH (UPDLOCK, HOLDLOCK) WHERE \(same.joined(separator: " AND ")));"
    case .oracle:
      let row = values.map { "\($0.value) AS \(name($0.column))" }.joined(separator: ", ")
      return "MERGE INTO \(table(place)) t USING (SELECT \(row) FROM dual) s"
        + " ON (\(equal(keys, of: "t", to: keys, of: "s")))\n"
        + "WHEN NOT MATCHED THEN INSERT (\(columns)) VALUES (\(self.columns(values.map(\.column), of: "s")));"
    }
  }
}
