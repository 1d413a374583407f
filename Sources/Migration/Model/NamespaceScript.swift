/// Makes a schema, or a database on MySQL and MariaDB, and takes it away again only when nothing is left in it.
struct NamespaceScript {
  let text: SQLText

  /// The script for the namespace `name`.
  func script(for name: String) -> Script {
    let quoted = text.name(name)
    switch text.engine {
    case .postgres: return Script(up: "CREATE SCHEMA \(quoted);", down: "DROP SCHEMA \(quoted);")
    case .mysql, .mariadb:
      // MySQL drops databases with everything in them: only an empty one may go.
      let count = "(SELECT count(*) FROM information_schema.tables WHERE table_schema = \(text.literal(name)))"
      return Script(
        up: "CREATE DATABASE \(quoted);",
        down: """
          SET @cleave_sql = IF(\(count) = 0, \(text.literal("DROP DATABASE \(quoted)")), \
          'SELECT ''kept: it is not empty, roll back later steps first''');
          PREPARE cleave_statement FROM @cleave_sql;
          EXECUTE cleave_statement;
          DEALLOCATE PREPARE cleave_statement;
          """)
    case .sqlserver:
      return Script(
        up: "EXEC(\(text.literal("CREATE SCHEMA \(quoted)")));", down: "DROP SCHEMA \(quoted);")
    case .oracle:
      return Script(up: "CREATE USER \(quoted) NO AUTHENTICATION QUOTA UNLIMITED ON users;", down: "DROP USER \(quoted);")
    }
  }
}
