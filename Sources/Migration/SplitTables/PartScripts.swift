/// SQL that makes a part, keeps it equal to its origin and says whether it is.
struct PartScripts {
  /// How SQL is written for the monolith's database.
  let text: SQLText
  let part: TablePart
  let context: GroupContext

  private var origin: String { text.table(part.origin.source) }
  private var place: String { text.table(part.table.source) }
  private var keys: [String] { part.table.key.columns }
  private var columns: [String] { part.table.columns.map(\.name) }

  /// The part with the very types of its origin; keys are not numbered again.
  func tables() -> Script {
    let list = text.columns(columns)
    let create =
      switch text.engine {
      case .postgres, .mysql, .mariadb, .oracle: "CREATE TABLE \(place) AS SELECT \(list) FROM \(origin) WHERE 1 = 0;"
      case .sqlserver:
        // Through a join, as SELECT INTO would take the identity along.
        "SELECT \(text.columns(columns, of: "a")) INTO \(place) FROM \(origin) a LEFT JOIN \(origin) b ON 1 = 0 WHERE 1 = 0;"
      }
    return Script(
      up: "\(create)\nALTER TABLE \(place) ADD PRIMARY KEY (\(text.columns(keys)));", down: "DROP TABLE \(place);")
  }

  /// Copies rows that are missing, at most 10,000 at a time, and takes back copies of rows deleted meanwhile.
  func backfill() -> String {
    let missing =
      "\(origin) o WHERE NOT EXISTS (SELECT 1 FROM \(place) p WHERE \(text.equal(keys, of: "p", to: keys, of: "o")))"
    let rows = text.first(
      10_000, columns: text.columns(columns, of: "o"), from: missing, order: text.columns(keys, of: "o"))
    let gone = "NOT EXISTS (SELECT 1 FROM \(origin) o WHERE \(text.equal(keys, of: "o", to: keys, of: place)))"
    let head: String
    let tail: String
    switch text.engine {
    case .postgres: (head, tail) = ("INSERT INTO", "\nON CONFLICT DO NOTHING")
    case .mysql, .mariadb: (head, tail) = ("INSERT IGNORE INTO", "")
    case .sqlserver, .oracle: (head, tail) = ("INSERT INTO", "")
    }
    let commit = text.engine == .oracle ? "\nCOMMIT;" : ""
    return """
      \(text.comment("run until it copies nothing; a trigger may have copied a row first"))
      \(head) \(place) (\(text.columns(columns)))
      \(rows)\(tail);
      DELETE FROM \(place) WHERE \(gone);\(commit)
      """
  }

  /// How many rows differ, as an expression.
  func difference() -> String {
    let match = text.equal(keys, of: "p", to: keys, of: "o")
    let same = part.table.plainColumns.map { column in
      let (left, right) = (text.column(column, of: "p"), text.column(column, of: "o"))
      return "(\(left) = \(right) OR (\(left) IS NULL AND \(right) IS NULL))"
    }
    let equal = ([match] + (isComparable ? same : [])).joined(separator: " AND ")
    return """
      (SELECT count(*) FROM \(origin) o WHERE NOT EXISTS (SELECT 1 FROM \(place) p WHERE \(equal)))
        + (SELECT count(*) FROM \(place) p WHERE NOT EXISTS (SELECT 1 FROM \(origin) o WHERE \(match)))
      """
  }

  /// Engines compare no large values or documents with `=`.
  private var isComparable: Bool {
    part.table.columns.allSatisfy { column in
      switch column.type.kind {
      case .other: false
      case .binary, .text: text.engine != .oracle || column.type.maxBytes != nil
      default: true
      }
    }
  }

  // MARK: Triggers

  /// What makes the part follow its origin.
  func triggers() -> Script {
    switch text.engine {
    case .postgres: postgres()
    case .mysql, .mariadb: mysql()
    case .sqlserver: sqlserver()
    case .oracle: oracle()
    }
  }

  private var name: String { Naming.shortened("cleave_split_\(context.names.slug)_\(part.origin.source.name)") }
  private var deleteOld: String {
    "DELETE FROM \(place) WHERE \(keys.map { "\(text.name($0)) = \(old($0))" }.joined(separator: " AND "));"
  }
  private var write: String {
    text.upsert(into: part.table.source, keys: keys, values: columns.map { ($0, new($0)) })
  }
  private var keyChanged: String { keys.map { "\(old($0)) <> \(new($0))" }.joined(separator: " OR ") }

  private func old(_ column: String) -> String { text.column(column, of: text.engine == .oracle ? ":OLD" : "OLD") }
  private func new(_ column: String) -> String { text.column(column, of: text.engine == .oracle ? ":NEW" : "NEW") }

  private func postgres() -> Script {
    let function = text.table(context.names.helperTable(name))
    let body = """
      BEGIN
        IF TG_OP = 'DELETE' OR (TG_OP = 'UPDATE' AND (\(keyChanged))) THEN
          \(deleteOld)
        END IF;
        IF TG_OP <> 'DELETE' THEN
          \(write)
        END IF;
        RETURN NULL;
      END
      """
    return Script(
      up: """
        CREATE FUNCTION \(function)() RETURNS trigger
        LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS \(text.dollarQuoted(body));
        \(text.lockTimeout(seconds: 2))
        CREATE TRIGGER \(text.name(name)) AFTER INSERT OR UPDATE OR DELETE ON \(origin)
          FOR EACH ROW EXECUTE FUNCTION \(function)();
        """,
      down: """
        \(text.lockTimeout(seconds: 2))
        DROP TRIGGER \(text.name(name)) ON \(origin);
        DROP FUNCTION \(function)();
        """)
  }

  private func mysql() -> Script {
    let bodies = [
      ("insert", write), ("update", "IF \(keyChanged) THEN \(deleteOld) END IF;\n  \(write)"), ("delete", deleteOld),
    ]
    let names = bodies.map { event, _ in
      text.table(PlacedName(schema: part.origin.source.schema, name: Naming.shortened("\(name)_\(event)")))
    }
    let up = zip(names, bodies).map { trigger, body in
      text.program(
        "CREATE TRIGGER \(trigger) AFTER \(body.0.uppercased()) ON \(origin) FOR EACH ROW\nBEGIN\n  \(body.1)\nEND")
    }
    return Script(
      up: ([text.lockTimeout(seconds: 2)] + up).joined(separator: "\n"),
      down: names.map { "DROP TRIGGER \($0);" }.joined(separator: "\n"))
  }

  private func sqlserver() -> Script {
    let trigger = text.table(PlacedName(schema: part.origin.source.schema, name: name))
    let same = text.equal(keys, of: "i", to: keys, of: "d")
    let merge = text.merge(
      into: part.table.source, keys: keys, columns: columns, from: "(SELECT \(text.columns(columns)) FROM inserted)")
    let body = """
      CREATE TRIGGER \(trigger) ON \(origin) AFTER INSERT, UPDATE, DELETE AS
      BEGIN
        SET NOCOUNT ON;
        DELETE p FROM \(place) p JOIN deleted d ON \(text.equal(keys, of: "p", to: keys, of: "d"))
        WHERE NOT EXISTS (SELECT 1 FROM inserted i WHERE \(same));
        \(merge)
      END
      """
    return Script(
      up: "\(text.lockTimeout(seconds: 2))\n\(text.program(body))", down: "DROP TRIGGER \(trigger);")
  }

  private func oracle() -> Script {
    let trigger = text.table(PlacedName(schema: part.origin.source.schema, name: name))
    let body = """
      CREATE TRIGGER \(trigger) AFTER INSERT OR UPDATE OR DELETE ON \(origin) FOR EACH ROW
      BEGIN
        IF DELETING OR (UPDATING AND (\(keyChanged))) THEN
          \(deleteOld)
        END IF;
        IF INSERTING OR UPDATING THEN
          \(write)
        END IF;
      END
      """
    return Script(
      up: "\(text.lockTimeout(seconds: 2))\n\(text.program(body))", down: "DROP TRIGGER \(trigger);")
  }
}
