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
    queues = order.map { parent in
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
    text.isMySQL ? mysqlScript(queue) : postgresScript(queue)
  }

  private func definitions(_ queue: Queue) -> String {
    queue.columns.map { "  \(text.name($0)) \(queue.parent.type(of: $0)) NOT NULL,\n" }.joined()
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
        CREATE TABLE \(text.table(queue.table)) (
          queue_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        \(definitions(queue))  queued_at timestamptz NOT NULL DEFAULT now()
        );
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
    let trigger = text.table(PlacedName(schema: queue.parent.source.schema, name: queue.triggerName))
    return Script(
      up: """
        CREATE TABLE \(text.table(queue.table)) (
          queue_id bigint NOT NULL AUTO_INCREMENT PRIMARY KEY,
        \(definitions(queue))  queued_at datetime(6) NOT NULL
        ) ENGINE = InnoDB;
        \(text.lockTimeout(seconds: 2))
        CREATE TRIGGER \(trigger) AFTER DELETE ON \(text.table(queue.parent.source)) FOR EACH ROW
          INSERT INTO \(text.table(queue.table)) (\(text.columns(queue.columns)), queued_at)
          VALUES (\(text.columns(queue.columns, of: "OLD")), utc_timestamp(6));
        """,
      down: """
        DROP TRIGGER \(trigger);
        DROP TABLE \(text.table(queue.table));
        """)
  }

  /// Follows up on at most 500 deleted rows; rows that came back under the same key are left alone.
  func worker(for queue: Queue) -> String {
    let batch = text.isMySQL ? text.table(queue.table) : "cleave_batch"
    let limit = text.isMySQL ? " AND d.queue_id <= @cleave_upto" : ""
    let follow = queue.keys.map { key in
      let match = text.equal(key.parentColumns, of: "d", to: key.columns, of: "c")
      let gone =
        "NOT EXISTS (SELECT 1 FROM \(text.table(key.parent.source)) p WHERE \(text.equal(key.parentColumns, of: "p", to: key.columns, of: "c")))"
      let found = "EXISTS (SELECT 1 FROM \(batch) d WHERE \(match)\(limit))\n  AND \(gone)"
      return followUp(key, where: found)
    }.joined(separator: "\n")
    if text.isMySQL {
      return """
        USE \(text.name(queue.table.schema));
        START TRANSACTION;
        SET @cleave_upto = (SELECT max(queue_id) FROM (SELECT queue_id FROM \(batch) ORDER BY queue_id LIMIT 500) b);
        \(follow)
        DELETE FROM \(batch) WHERE queue_id <= @cleave_upto;
        COMMIT;
        """
    }
    return """
      BEGIN;
      CREATE TEMPORARY TABLE cleave_batch ON COMMIT DROP AS
        SELECT * FROM \(text.table(queue.table)) ORDER BY queue_id LIMIT 500 FOR UPDATE SKIP LOCKED;
      \(follow)
      DELETE FROM \(text.table(queue.table)) q USING cleave_batch b WHERE q.queue_id = b.queue_id;
      COMMIT;
      """
  }

  private func followUp(_ key: PlannedKey, where condition: String) -> String {
    let child = text.table(key.child.source)
    if key.onDelete == .cascade {
      return text.isMySQL
        ? "DELETE c FROM \(child) c WHERE \(condition);" : "DELETE FROM \(child) c WHERE \(condition);"
    }
    let value = key.onDelete == .setDefault ? "DEFAULT" : "NULL"
    let assignments = key.columns.map { "\(text.isMySQL ? text.column($0, of: "c") : text.name($0)) = \(value)" }
    return "UPDATE \(child) c SET \(assignments.joined(separator: ", ")) WHERE \(condition);"
  }
}
