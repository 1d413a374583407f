import Facts

/// Makes the effects of `ON DELETE CASCADE` and `SET NULL` visible to the binary log.
///
/// InnoDB deletes children inside the storage engine: neither the binary log nor triggers see it, so a copy would keep
/// them for ever. A trigger on the parent that deletes them first is logged row by row; the key then finds nothing to do.
/// It leaves deletes of the applier alone: their children arrive as changes of their own.
struct LoggedCascades {
  /// A trigger on one side.
  private struct Trigger {
    let name: PlacedName
    let parent: PlacedName
    let keys: [PlannedKey]
  }

  /// Whose children the keys delete.
  enum Children { case moved, copied }

  let context: GroupContext
  /// Which database the keys act in.
  let side: PlanSide
  /// Whose children the keys delete: copies are fed from the monolith alone.
  let children: Children

  private var text: SQLText { context.text(on: side) }

  /// Keys whose action the log would not show: nothing but those of tables that are captured on this side.
  private var keys: [PlannedKey] {
    guard text.isMySQL else { return [] }
    let found =
      switch children {
      case .moved: context.inner
      case .copied: context.copiedKeys
      }
    return found.filter { $0.onDelete == .cascade || $0.onDelete == .setNull }
  }

  /// Keys of a table to itself: a trigger must not write the table it belongs to.
  var unmended: [PlannedKey] { keys.filter { $0.child.name == $0.parent.name } }

  /// Creates and drops the triggers; nil when there is nothing to do.
  func script() -> Script? {
    let triggers = triggers()
    if triggers.isEmpty { return nil }
    let up = triggers.map { trigger in
      """
      CREATE TRIGGER \(text.table(trigger.name)) BEFORE DELETE ON \(text.table(trigger.parent)) FOR EACH ROW
      IF substring_index(user(), '@', 1) <> \(text.literal(context.names.applyRole)) THEN
      \(trigger.keys.map { "  \(follow($0));" }.joined(separator: "\n"))
      END IF//
      """
    }
    let drop = triggers.map { "DROP TRIGGER \(text.table($0.name));" }
    return Script(
      up: ([text.lockTimeout(seconds: 2), "DELIMITER //"] + up + ["DELIMITER ;"]).joined(separator: "\n"),
      down: drop.joined(separator: "\n"))
  }

  /// Drops the triggers if they are there; empty when there are none.
  var removal: [String] { triggers().map { "DROP TRIGGER IF EXISTS \(text.table($0.name));" } }

  private func triggers() -> [Trigger] {
    let mended = keys.filter { $0.child.name != $0.parent.name }
    return Dictionary(grouping: mended, by: \.parent.source).sorted { $0.key < $1.key }.map { source, keys in
      let parent = side == .source ? source : keys[0].parent.target
      let name = Naming.shortened("cleave_cascade_\(context.names.slug)_\(parent.name)")
      return Trigger(name: PlacedName(schema: parent.schema, name: name), parent: parent, keys: keys)
    }
  }

  private func follow(_ key: PlannedKey) -> String {
    let child = text.table(side == .source ? key.child.source : key.child.target)
    let match = zip(key.columns, key.parentColumns)
      .map { "\(text.name($0)) = \(text.column($1, of: "OLD"))" }.joined(separator: " AND ")
    if key.onDelete == .cascade { return "DELETE FROM \(child) WHERE \(match)" }
    let nulls = key.columns.map { "\(text.name($0)) = NULL" }.joined(separator: ", ")
    return "UPDATE \(child) SET \(nulls) WHERE \(match)"
  }
}
