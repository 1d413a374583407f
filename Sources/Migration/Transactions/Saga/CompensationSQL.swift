import Facts

/// Takes a change back from the rows saved before and after it.
///
/// Every statement does nothing unless the step is done and not yet compensated, so that a repeated compensation is harmless.
struct CompensationSQL {
  let text: SQLText
  let log: PlacedName
  let step: Int
  let change: ImagedChange

  private var place: String { text.table(change.place) }
  private var image: String { text.table(change.image) }
  private var keys: [String] { change.table.key.columns }

  private var isDone: String {
    "EXISTS (SELECT 1 FROM \(text.table(log)) l WHERE l.cleave_saga = :saga_id AND l.cleave_step = \(step) "
      + "AND l.state = 'done')"
  }

  private func rows(_ alias: String, _ kind: String) -> String {
    "\(alias).cleave_saga = :saga_id AND \(alias).cleave_step = \(step) AND \(alias).cleave_image = '\(kind)'"
  }

  private func samePlace(_ alias: String) -> String { text.equal(keys, of: alias, to: keys, of: place) }

  /// Whether the other image of the same row is there.
  private func other(_ alias: String, _ kind: String, of outer: String) -> String {
    "EXISTS (SELECT 1 FROM \(image) \(alias) WHERE \(rows(alias, kind)) AND "
      + "\(text.equal(keys, of: alias, to: keys, of: outer)))"
  }

  /// Queries that count rows somebody else changed since; anything but 0 stops the compensation.
  func checks() -> [String] {
    var checks = [changedSince(columns: absolute(change.columns), isUpdated: true)]
    if mayInsert { checks.append(changedSince(columns: absolute(change.table.plainColumns), isUpdated: false)) }
    if mayDelete {
      checks.append(
        "SELECT count(*) FROM \(image) b WHERE \(rows("b", "b")) AND \(isDone) AND NOT \(other("a", "a", of: "b")) AND "
          + "EXISTS (SELECT 1 FROM \(place) WHERE \(samePlace("b")))")
    }
    return mayUpdate ? checks : Array(checks.dropFirst())
  }

  /// The statements, in order.
  func statements() -> [String] {
    (mayInsert ? [removeInserted()] : []) + (mayUpdate ? [restoreUpdated()].compactMap { $0 } : [])
      + (mayDelete ? restoreDeleted() : [])
  }

  private var mayInsert: Bool {
    !Set(change.verbs).isDisjoint(with: [.insert, .upsert, .unknown]) || change.mayMoveKey
  }
  private var mayUpdate: Bool { !Set(change.verbs).isDisjoint(with: [.update, .upsert, .unknown]) }
  private var mayDelete: Bool {
    !Set(change.verbs).isDisjoint(with: [.delete, .upsert, .unknown]) || change.mayMoveKey
  }
  /// Columns whose value has to be the one the step left; those added to and those engines cannot compare are left out.
  private func absolute(_ columns: [String]) -> [String] {
    columns.filter { !change.relative.contains($0) && isComparable($0) }
  }

  private func isComparable(_ column: String) -> Bool {
    switch change.table.kind(of: column) {
    case .integer, .decimal, .money, .boolean, .uuid, .date, .time, .timestamp, .timestampZone: true
    case .text, .padded, .plain:
      // Oracle and SQL Server do not compare their large texts.
      text.engine == .oracle || text.engine == .sqlserver
        ? change.table.columns.first { $0.name == column }?.type.maxBytes != nil : true
    case .float, .binary, .json, .bits, .other: false
    }
  }

  private func changedSince(columns: [String], isUpdated: Bool) -> String {
    let same = columns.map { column in
      let here = "\(place).\(text.name(column))"
      let saved = text.column(column, of: "a")
      return "(\(here) = \(saved) OR (\(here) IS NULL AND \(saved) IS NULL))"
    }
    let conditions = ([samePlace("a")] + same).joined(separator: " AND ")
    return "SELECT count(*) FROM \(image) a WHERE \(rows("a", "a")) AND \(isDone) AND \(isUpdated ? "" : "NOT ")"
      + "\(other("b", "b", of: "a")) AND NOT EXISTS (SELECT 1 FROM \(place) WHERE \(conditions))"
  }

  private func removeInserted() -> String {
    "DELETE FROM \(place) WHERE EXISTS (SELECT 1 FROM \(image) a WHERE \(rows("a", "a")) AND \(samePlace("a")) AND NOT "
      + "\(other("b", "b", of: "a"))) AND \(isDone)"
  }

  private func restoreUpdated() -> String? {
    guard !change.columns.isEmpty else { return nil }
    let sets = change.columns.map { column in
      let here = "\(place).\(text.name(column))"
      let isRelative = change.relative.contains(column)
      let saved = { (alias: String) in text.column(column, of: alias) }
      let value = isRelative ? "\(here) + (\(saved("b")) - \(saved("a")))" : saved("b")
      let other =
        isRelative ? " JOIN \(image) a ON \(rows("a", "a")) AND \(text.equal(keys, of: "a", to: keys, of: "b"))" : ""
      return
        "\(text.name(column)) = (SELECT \(value) FROM \(image) b\(other) WHERE \(rows("b", "b")) AND \(samePlace("b")))"
    }
    return "UPDATE \(place) SET \(sets.joined(separator: ", ")) WHERE EXISTS (SELECT 1 FROM \(image) b WHERE "
      + "\(rows("b", "b")) AND \(samePlace("b")) AND \(other("a", "a", of: "b"))) AND \(isDone)"
  }

  private func restoreDeleted() -> [String] {
    let columns = text.columns(change.table.columns.map(\.name))
    let hasNumbers = change.table.columns.contains(where: \.isNumbered)
    // Rows keep the numbers they had, even where the engine alone gives them out.
    let overriding = text.engine == .postgres && hasNumbers ? " OVERRIDING SYSTEM VALUE" : ""
    let insert =
      "INSERT INTO \(place) (\(columns))\(overriding) SELECT \(columns) FROM \(image) b WHERE \(rows("b", "b")) AND NOT "
      + "\(other("a", "a", of: "b")) AND \(isDone)"
    guard text.engine == .sqlserver, hasNumbers else { return [insert] }
    return ["SET IDENTITY_INSERT \(place) ON", insert, "SET IDENTITY_INSERT \(place) OFF"]
  }
}
