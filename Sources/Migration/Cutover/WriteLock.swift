import Basics

/// Triggers that refuse writes to the old tables, except by the applier of the reverse stream.
struct WriteLock {
  let context: GroupContext

  private var text: SQLText { context.text }

  /// Locks and unlocks.
  func script() -> Script {
    switch text.engine {
    case .postgres: postgres()
    case .mysql, .mariadb: mysql()
    case .sqlserver: perTable(sqlserver)
    case .oracle: perTable(oracle)
    }
  }

  /// The triggers that are there while the lock is; PostgreSQL's go with the function they call.
  var triggers: [PlacedName] {
    context.own.flatMap { table -> [PlacedName] in
      switch text.engine {
      case .postgres: []
      case .mysql, .mariadb: ["insert", "update", "delete"].map { trigger(table, $0) }
      case .sqlserver, .oracle: [trigger(table, "write")]
      }
    }
  }

  private func trigger(_ table: PlannedTable, _ event: String) -> PlacedName {
    PlacedName(
      schema: table.source.schema, name: Naming.shortened("cleave_refuse_\(event)_\(table.source.name)"))
  }

  private func message(_ table: PlannedTable) -> String { "\(table.name.text) has moved to \(context.service)" }

  private func postgres() -> Script {
    let function = text.table(context.names.helperTable("refuse_write"))
    let body = """
      BEGIN
        IF session_user = \(text.literal(context.names.applyRole)) THEN
          RETURN CASE TG_OP WHEN 'DELETE' THEN OLD WHEN 'TRUNCATE' THEN NULL ELSE NEW END;
        END IF;
        RAISE EXCEPTION '%.% has moved to %', TG_TABLE_SCHEMA, TG_TABLE_NAME, \(text.literal(context.service))
          USING ERRCODE = 'read_only_sql_transaction';
      END
      """
    var up = [
      "CREATE FUNCTION \(function)() RETURNS trigger LANGUAGE plpgsql AS \(text.dollarQuoted(body));",
      text.lockTimeout(seconds: 2),
    ]
    var down = [text.lockTimeout(seconds: 2)]
    for table in context.own {
      let name = text.table(table.source)
      up.append(
        "CREATE TRIGGER cleave_refuse_write BEFORE INSERT OR UPDATE OR DELETE OR TRUNCATE ON \(name)\n  FOR EACH STATEMENT EXECUTE FUNCTION \(function)();"
      )
      down.append("DROP TRIGGER cleave_refuse_write ON \(name);")
    }
    down.append("DROP FUNCTION \(function)();")
    return Script(up: up.joined(separator: "\n"), down: down.joined(separator: "\n"))
  }

  private func mysql() -> Script {
    var up = [text.lockTimeout(seconds: 2), "DELIMITER //"]
    var down: [String] = []
    for table in context.own {
      for event in ["INSERT", "UPDATE", "DELETE"] {
        let trigger = text.table(trigger(table, event.lowercased()))
        // MySQL cuts messages after 128 characters.
        let words = String(message(table).unicodeScalars.prefix(120).map(Character.init))
        up.append(
          """
          CREATE TRIGGER \(trigger) BEFORE \(event) ON \(text.table(table.source)) FOR EACH ROW
          IF \(text.sessionLogin) <> \(text.loginLiteral(context.names.applyRole)) THEN
            SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = \(text.literal(words));
          END IF//
          """)
        down.append("DROP TRIGGER \(trigger);")
      }
    }
    up.append("DELIMITER ;")
    return Script(up: up.joined(separator: "\n"), down: down.joined(separator: "\n"))
  }

  private func perTable(_ definition: (PlannedTable) -> String) -> Script {
    Script(
      up: ([text.lockTimeout(seconds: 2)] + context.own.map { text.program(definition($0)) }).joined(separator: "\n"),
      down: ([text.lockTimeout(seconds: 2)] + triggers.map { "DROP TRIGGER \(text.table($0));" }).joined(
        separator: "\n"))
  }

  /// After the write and not in its place: tables with cascading keys may have no triggers that stand in.
  private func sqlserver(_ table: PlannedTable) -> String {
    // THROW reads a percent sign as the start of a placeholder.
    let words = message(table).replacing("%", with: "%%")
    return """
      CREATE TRIGGER \(text.table(trigger(table, "write"))) ON \(text.table(table.source)) AFTER INSERT, UPDATE, DELETE AS
      BEGIN
        IF \(text.sessionLogin) <> \(text.loginLiteral(context.names.applyRole))
        BEGIN
          ROLLBACK TRANSACTION;
          THROW 51000, \(text.literal(words)), 1;
        END;
      END
      """
  }

  private func oracle(_ table: PlannedTable) -> String {
    """
    CREATE TRIGGER \(text.table(trigger(table, "write"))) BEFORE INSERT OR UPDATE OR DELETE ON \(text.table(table.source))
    BEGIN
      IF \(text.sessionLogin) <> \(text.loginLiteral(context.names.applyRole)) THEN
        raise_application_error(-20001, \(text.literal(message(table))));
      END IF;
    END
    """
  }
}

/// Advances the numbering of rows, which no stream carries.
struct Numbers {
  /// Room for rows the old side may still number.
  static let gap = 1000

  let context: GroupContext

  private var text: SQLText { context.targetText }

  /// Nil when no table numbers its rows.
  func script() -> Script? {
    let up = context.own.flatMap { table in
      numbered(table.on(.target)).map { statement($0, in: table.target, text) }
    }
    if up.isEmpty { return nil }
    return Script(
      up: up.joined(separator: "\n"),
      down: "-- numbers that were skipped stay skipped: nothing to undo\n\(text.select("0"))")
  }

  /// For the way back: rows the service numbered came to the old tables without their sequences. Nil where the engine
  /// follows the rows by itself, or nothing is numbered.
  func backwards() -> String? {
    let text = context.text
    if text.isMySQL || text.engine == .sqlserver { return nil }
    let lines = context.own.flatMap { table in
      numbered(table.on(.source)).map { statement($0, in: table.source, text) }
    }
    return lines.isEmpty ? nil : lines.joined(separator: "\n")
  }

  private func numbered(_ table: PlannedTable) -> [String] {
    (table.isSurrogate ? [PlannedTable.surrogateColumn] : []) + table.columns.filter(\.isNumbered).map(\.name)
  }

  private func statement(_ column: String, in place: PlacedName, _ text: SQLText) -> String {
    let name = text.table(place)
    let next = "coalesce(max(\(text.name(column))), 0) + \(Self.gap)"
    switch text.engine {
    case .mysql, .mariadb:
      return """
        SET @cleave_sql = (SELECT concat(\(text.literal("ALTER TABLE \(name) AUTO_INCREMENT = ")), \(next)) FROM \(name));
        PREPARE cleave_statement FROM @cleave_sql;
        EXECUTE cleave_statement;
        DEALLOCATE PREPARE cleave_statement;
        """
    case .postgres:
      return
        "SELECT setval(pg_get_serial_sequence(\(text.literal(name)), \(text.literal(column))), (SELECT \(next) FROM \(name)));"
    case .sqlserver:
      return """
        DECLARE @cleave_sql nvarchar(max) = (SELECT CONCAT(\(text.literal("DBCC CHECKIDENT (\(text.literal(name)), RESEED, ")), \(next), N')') FROM \(name));
        EXEC(@cleave_sql);
        GO
        """
    case .oracle:
      let alter =
        "ALTER TABLE \(name) MODIFY (\(text.name(column)) GENERATED BY DEFAULT AS IDENTITY (START WITH "
      return text.block(
        declarations: "cleave_next number;",
        """
        SELECT \(next) INTO cleave_next FROM \(name);
        EXECUTE IMMEDIATE \(text.literal(alter)) || cleave_next || '))';
        """)
    }
  }
}
