import Foundation

/// The statements of an applier.
struct ApplierText {
  let task: StreamTask
  let words: Wording

  /// Statements for a batch of records and the stages they fill, in order of first use.
  struct Plan {
    var statements: [String] = []
    var stages: [String] = []
  }

  private struct Payload: Decodable { let seq: Int }

  /// What a batch of records becomes; rows of one table stay together in their order.
  func plan(for records: [ChangeRecord]) throws -> Plan {
    var plan = Plan()
    var rows: [String: [String]] = [:]
    let tables = Dictionary(
      task.tables.map { ("\($0.fromSchema).\($0.fromTable)", $0) }, uniquingKeysWith: { first, _ in first })
    for (number, record) in records.enumerated() {
      let place = "\(record.schema).\(record.table)"
      if place == task.outbox.joined(separator: ".") {
        if record.operation == .insert { plan.statements += try take(record) }
      } else if place == task.mark.joined(separator: ".") {
        if record.operation == .insert { plan.statements.append(mark(record)) }
      } else if let table = tables[place] {
        if task.fault == .ignoresDeletes, record.operation == .delete { continue }
        if rows[table.stage] == nil { plan.stages.append(table.stage) }
        rows[table.stage, default: []].append(try row(record, of: table, number: number))
      }
    }
    for table in task.tables {
      guard let values = rows[table.stage] else { continue }
      let columns = (table.columns + ["cleave_version", "cleave_deleted"]).map(words.name).joined(separator: ", ")
      plan.statements.append("INSERT INTO \(table.stage) (\(columns)) VALUES\n\(values.joined(separator: ",\n"))")
    }
    return plan
  }

  private func row(_ record: ChangeRecord, of table: StreamTable, number: Int) throws -> String {
    let isDelete = record.operation == .delete
    var values: [String] = []
    for column in table.columns {
      guard let value = words.value(isDelete && !table.key.contains(column) ? .null : record.values[column] ?? .null)
      else {
        throw MachineError(
          description:
            "\(record.schema).\(record.table).\(column): the log holds no value; the table does not log whole rows")
      }
      values.append(value)
    }
    // Whatever comes last counts as newest when versions are not to be looked at.
    let version =
      task.fault == .noVersionGuard ? "\(Clock.now)00000\(String(number + 10_000).dropFirst())" : record.version
    return "(\((values + [version, isDelete ? "true" : "false"]).joined(separator: ", ")))"
  }

  /// An event taken once: the pair in the inbox and the effect in one transaction, the effect only for a new pair.
  private func take(_ record: ChangeRecord) throws -> [String] {
    guard case .text(let id) = record.values["id"], case .text(let aggregate) = record.values["aggregateid"],
      case .text(let payload) = record.values["payload"],
      let sequence = try? JSONDecoder().decode(Payload.self, from: Data(payload.utf8)).seq
    else { throw MachineError(description: "an event of \(record.table) has another shape than was published") }
    let pair = "'rehearsal', \(words.literal(id))"
    let effect = "\(words.literal(task.name)), \(words.literal(aggregate)), \(sequence), \(words.literal(id))"
    let columns = "(stream, aggregate, sequence, message)"
    let repeated =
      "UPDATE cleave_rehearsal.position SET repeated = repeated + 1 WHERE stream = \(words.literal(task.name)) AND file = 'changes'"
    switch words.kind {
    case .postgres:
      return [
        "WITH taken AS (INSERT INTO \(task.inbox) (consumer, message_id) VALUES (\(pair)) ON CONFLICT DO NOTHING RETURNING 1), "
          + "effect AS (INSERT INTO cleave_rehearsal.received \(columns) SELECT \(effect) WHERE EXISTS (SELECT 1 FROM taken) RETURNING 1) "
          + "\(repeated) AND NOT EXISTS (SELECT 1 FROM taken)"
      ]
    case .mariadb:
      return [
        "INSERT IGNORE INTO \(task.inbox) (consumer, message_id) VALUES (\(pair))",
        "SET @cleave_taken = row_count()",
        "INSERT INTO cleave_rehearsal.received \(columns) SELECT \(effect) FROM dual WHERE @cleave_taken = 1",
        "\(repeated) AND @cleave_taken <> 1",
      ]
    }
  }

  private func mark(_ record: ChangeRecord) -> String {
    let id = words.value(record.values["id"] ?? .null) ?? "NULL"
    let stream = words.literal(task.name)
    return words.kind == .postgres
      ? "INSERT INTO cleave_rehearsal.mark (stream, id) VALUES (\(stream), \(id)) ON CONFLICT DO NOTHING"
      : "INSERT IGNORE INTO cleave_rehearsal.mark (stream, id) VALUES (\(stream), \(id))"
  }

  /// Where the applier stands in a file.
  func position(of file: String) -> String {
    "SELECT offset_bytes, last_commit, last_index FROM cleave_rehearsal.position "
      + "WHERE stream = \(words.literal(task.name)) AND file = \(words.literal(file))"
  }

  /// Stores where the applier stands.
  func store(file: String, position: Int64, commit: UInt64, index: Int, duplicates: Int) -> String {
    let values =
      "\(words.literal(task.name)), \(words.literal(file)), \(position), \(commit), \(index), \(duplicates), 0"
    let columns = "(stream, file, offset_bytes, last_commit, last_index, duplicates, repeated)"
    let insert = "INSERT INTO cleave_rehearsal.position AS p \(columns) VALUES (\(values))"
    switch words.kind {
    case .postgres:
      return insert
        + " ON CONFLICT (stream, file) DO UPDATE SET offset_bytes = EXCLUDED.offset_bytes, "
        + "last_commit = EXCLUDED.last_commit, last_index = EXCLUDED.last_index, duplicates = p.duplicates + EXCLUDED.duplicates"
    case .mariadb:
      return insert.replacing(" AS p", with: "")
        + " ON DUPLICATE KEY UPDATE offset_bytes = VALUES(offset_bytes), last_commit = VALUES(last_commit), "
        + "last_index = VALUES(last_index), duplicates = duplicates + VALUES(duplicates)"
    }
  }
}
