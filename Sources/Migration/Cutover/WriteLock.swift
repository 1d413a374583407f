import Basics

/// Triggers that refuse writes to the old tables, except by the applier of the reverse stream.
struct WriteLock {
  let context: GroupContext

  private var text: SQLText { context.text }

  /// Locks and unlocks.
  func script() -> Script { text.isMySQL ? mysql() : postgres() }

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
        let name = Naming.shortened("cleave_refuse_\(event.lowercased())_\(table.source.name)")
        let trigger = text.table(PlacedName(schema: table.source.schema, name: name))
        // MySQL cuts messages after 128 characters.
        let words = String(message(table).unicodeScalars.prefix(120).map(Character.init))
        up.append(
          """
          CREATE TRIGGER \(trigger) BEFORE \(event) ON \(text.table(table.source)) FOR EACH ROW
          IF substring_index(user(), '@', 1) <> \(text.literal(context.names.applyRole)) THEN
            SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = \(text.literal(words));
          END IF//
          """)
        down.append("DROP TRIGGER \(trigger);")
      }
    }
    up.append("DELIMITER ;")
    return Script(up: up.joined(separator: "\n"), down: down.joined(separator: "\n"))
  }
}

/// Advances the numbering of rows, which no stream carries.
struct Numbers {
  /// Room for rows the old side may still number.
  static let gap = 1000

  let context: GroupContext

  private var text: SQLText { context.text }

  /// Nil when no table numbers its rows.
  func script() -> Script? {
    let up = context.own.flatMap { table in
      numbered(table).map { statement($0, in: table.target) }
    }
    if up.isEmpty { return nil }
    return Script(
      up: up.joined(separator: "\n"),
      down: "-- numbers that were skipped stay skipped: nothing to undo\nSELECT 0;")
  }

  /// For the way back: rows the service numbered came to the old tables without their sequences. Nil where the engine
  /// follows the rows by itself, or nothing is numbered.
  func backwards() -> String? {
    if text.isMySQL { return nil }
    let lines = context.own.flatMap { table in
      numbered(table).map { statement($0, in: table.source) }
    }
    return lines.isEmpty ? nil : lines.joined(separator: "\n")
  }

  private func numbered(_ table: PlannedTable) -> [String] {
    (table.isSurrogate ? [PlannedTable.surrogateColumn] : []) + table.columns.filter(\.isNumbered).map(\.name)
  }

  private func statement(_ column: String, in place: PlacedName) -> String {
    let name = text.table(place)
    let next = "coalesce(max(\(text.name(column))), 0) + \(Self.gap)"
    if text.isMySQL {
      return """
        SET @cleave_sql = (SELECT concat(\(text.literal("ALTER TABLE \(name) AUTO_INCREMENT = ")), \(next)) FROM \(name));
        PREPARE cleave_statement FROM @cleave_sql;
        EXECUTE cleave_statement;
        DEALLOCATE PREPARE cleave_statement;
        """
    }
    return
      "SELECT setval(pg_get_serial_sequence(\(text.literal(name)), \(text.literal(column))), (SELECT \(next) FROM \(name)));"
  }
}
