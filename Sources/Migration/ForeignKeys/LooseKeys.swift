import Basics
import Facts

/// What replaces `ON DELETE CASCADE` and `SET NULL`: a trigger queues deleted keys, a worker follows up in batches.
struct LooseKeys {
  /// The queue of one referenced table.
  struct Queue {
    let parent: PlannedTable
    let table: PlacedName
    let function: PlacedName
    let triggerName: String
    let columns: [String]
    let keys: [PlannedKey]

    /// Part of file names.
    let fileName: String
  }

  let text: SQLText
  let queues: [Queue]

  init(context: GroupContext) {
    text = context.text
    let loose = context.crossing.filter { $0.onDelete != .restrict && $0.onDelete != .noAction }
    var order: [PlannedTable] = []
    for key in loose where !order.contains(where: { $0.name == key.parent.name }) { order.append(key.parent) }
    queues = order.map { declared in
      let parent = declared.on(.source)
      let keys = loose.filter { $0.parent.name == parent.name }
      let wanted = Set(keys.flatMap(\.parentColumns))
      return Queue(
        parent: parent, table: context.names.helperTable("deleted_records_\(parent.target.name)"),
        function: context.names.helperTable("note_deleted_\(parent.target.name)"),
        triggerName: Naming.shortened("cleave_deleted_\(context.names.slug)_\(parent.source.name)"),
        columns: parent.columns.map(\.name).filter(wanted.contains), keys: keys, fileName: context.stem(parent))
    }
  }

  /// The queue and its trigger.
  func script(for queue: Queue) -> Script {
    switch text.engine {
    case .postgres: postgresScript(queue)
    case .mysql, .mariadb: mysqlScript(queue)
    case .sqlserver: sqlserverScript(queue)
    case .oracle: oracleScript(queue)
    }
  }

  /// The trigger's name; triggers of PostgreSQL have no schema.
  func trigger(of queue: Queue) -> PlacedName {
    PlacedName(schema: queue.parent.source.schema, name: queue.triggerName)
  }

  private func create(_ queue: Queue) -> String {
    let columns = queue.columns.map { "\(text.name($0)) \(queue.parent.type(of: $0)) NOT NULL" }
    let moment = text.type(.moment)
    // MySQL's clock in defaults is that of the session's zone: its trigger says the time.
    let queued = text.isMySQL ? "\(moment) NOT NULL" : "\(moment) \(text.required(default: text.now))"
    return text.createTable(queue.table, [text.numberedKey("queue_id")] + columns + ["queued_at \(queued)"])
  }

  private func postgresScript(_ queue: Queue) -> Script {
    let values = text.columns(queue.columns, of: "OLD")
    let body = """
      BEGIN
        INSERT INTO \(text.table(queue.table)) (\(text.columns(queue.columns))) VALUES (\(values));
        RETURN OLD;
      END
      """
    return Script(
      up: """
        \(create(queue))
        CREATE FUNCTION \(text.table(queue.function))() RETURNS trigger
        LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS \(text.dollarQuoted(body));
        \(text.lockTimeout(seconds: 2))
        CREATE TRIGGER \(text.name(queue.triggerName)) AFTER DELETE ON \(text.table(queue.parent.source))
          FOR EACH ROW EXECUTE FUNCTION \(text.table(queue.function))();
        """,
      down: """
        \(text.lockTimeout(seconds: 2))
        DROP TRIGGER \(text.name(queue.triggerName)) ON \(text.table(queue.parent.source));
        DROP FUNCTION \(text.table(queue.function))();
        DROP TABLE \(text.table(queue.table));
        """)
  }

  private func mysqlScript(_ queue: Queue) -> Script {
    Script(
      up: """
        \(create(queue))
        \(text.lockTimeout(seconds: 2))
        CREATE TRIGGER \(text.table(trigger(of: queue))) AFTER DELETE ON \(text.table(queue.parent.source)) FOR EACH ROW
          INSERT INTO \(text.table(queue.table)) (\(text.columns(queue.columns)), queued_at)
          VALUES (\(text.columns(queue.columns, of: "OLD")), utc_timestamp(6));
        """,
      down: """
        DROP TRIGGER \(text.table(trigger(of: queue)));
        DROP TABLE \(text.table(queue.table));
        """)
  }

  private func sqlserverScript(_ queue: Queue) -> Script {
    let columns = text.columns(queue.columns)
    let definition = """
      CREATE TRIGGER \(text.table(trigger(of: queue))) ON \(text.table(queue.parent.source)) AFTER DELETE AS
      BEGIN
        SET NOCOUNT ON;
        INSERT INTO \(text.table(queue.table)) (\(columns)) SELECT \(columns) FROM deleted;
      END
      """
    return Script(
      up: "\(create(queue))\n\(text.lockTimeout(seconds: 2))\n\(text.program(definition))",
      down: """
        \(text.lockTimeout(seconds: 2))
        DROP TRIGGER \(text.table(trigger(of: queue)));
        DROP TABLE \(text.table(queue.table));
        """)
  }

  /// The trigger runs with the rights of the table's owner.
  private func oracleScript(_ queue: Queue) -> Script {
    let owner = text.name(queue.parent.source.schema)
    let definition = """
      CREATE TRIGGER \(text.table(trigger(of: queue))) AFTER DELETE ON \(text.table(queue.parent.source)) FOR EACH ROW
      BEGIN
        INSERT INTO \(text.table(queue.table)) (\(text.columns(queue.columns)))
        VALUES (\(text.columns(queue.columns, of: ":OLD")));
      END
      """
    return Script(
      up: """
        \(create(queue))
        GRANT INSERT ON \(text.table(queue.table)) TO \(owner);
        \(text.lockTimeout(seconds: 2))
        \(text.program(definition))
        """,
      down: """
        \(text.lockTimeout(seconds: 2))
        DROP TRIGGER \(text.table(trigger(of: queue)));
        DROP TABLE \(text.table(queue.table));
        """)
  }

  /// Follows up on at most 500 deleted rows; rows that came back under the same key are left alone.
  func worker(for queue: Queue) -> String {
    let table = text.table(queue.table)
    switch text.engine {
    case .postgres:
      return """
        BEGIN;
        CREATE TEMPORARY TABLE cleave_batch ON COMMIT DROP AS
          SELECT * FROM \(table) ORDER BY queue_id LIMIT 500 FOR UPDATE SKIP LOCKED;
        \(follow(queue, batch: "cleave_batch"))
        DELETE FROM \(table) q USING cleave_batch b WHERE q.queue_id = b.queue_id;
        COMMIT;
        """
    case .mysql, .mariadb:
      return """
        USE \(text.name(queue.table.schema));
        START TRANSACTION;
        SET @cleave_upto = (SELECT max(queue_id) FROM (\(text.first(500, columns: "queue_id", from: table, order: "queue_id"))) b);
        \(follow(queue, batch: table, limit: " AND d.queue_id <= @cleave_upto"))
        DELETE FROM \(table) WHERE queue_id <= @cleave_upto;
        COMMIT;
        """
    case .sqlserver:
      let columns = queue.columns.map { "\(text.name($0)) \(queue.parent.type(of: $0)) NOT NULL" }
      let taken = queue.columns.map { text.column($0, of: "deleted") }.joined(separator: ", ")
      return """
        \(text.begin)
        DECLARE @cleave_batch TABLE (\(columns.joined(separator: ", ")));
        DELETE TOP (500) FROM \(table) WITH (READPAST)
        OUTPUT \(taken) INTO @cleave_batch (\(text.columns(queue.columns)));
        \(follow(queue, batch: "@cleave_batch"))
        \(text.commit)
        """
    case .oracle:
      let first = text.first(500, columns: "queue_id", from: table, order: "queue_id")
      let upto = "(SELECT max(b.queue_id) FROM (\(first)) b)"
      return """
        -- rows that are being queued are waited for; deletes of the table wait for this short transaction
        LOCK TABLE \(table) IN EXCLUSIVE MODE;
        \(follow(queue, batch: table, limit: " AND d.queue_id <= \(upto)"))
        DELETE FROM \(table) WHERE queue_id <= \(upto);
        COMMIT;
        """
    }
  }

  private func follow(_ queue: Queue, batch: String, limit: String = "") -> String {
    queue.keys.map { key in
      let match = text.equal(key.parentColumns, of: "d", to: key.columns, of: "c")
      let gone =
        "NOT EXISTS (SELECT 1 FROM \(text.table(key.parent.source)) p WHERE \(text.equal(key.parentColumns, of: "p", to: key.columns, of: "c")))"
      return followUp(key, where: "EXISTS (SELECT 1 FROM \(batch) d WHERE \(match)\(limit))\n  AND \(gone)")
    }.joined(separator: "\n")
  }

  private func followUp(_ key: PlannedKey, where condition: String) -> String {
    let child = text.table(key.child.source)
    let isNamedTwice = text.isMySQL || text.engine == .sqlserver
    if key.onDelete == .cascade {
      return "DELETE \(isNamedTwice ? "c " : "")FROM \(child) c WHERE \(condition);"
    }
    let value = key.onDelete == .setDefault ? "DEFAULT" : "NULL"
    let sets = key.columns.map { "\(text.isMySQL ? text.column($0, of: "c") : text.name($0)) = \(value)" }
    let assignments = sets.joined(separator: ", ")
    return text.engine == .sqlserver
      ? "UPDATE c SET \(assignments) FROM \(child) c WHERE \(condition);"
      : "UPDATE \(child) c SET \(assignments) WHERE \(condition);"
  }
}
