import Basics
import Facts

/// Triggers of the old tables while the reverse stream writes them.
///
/// A trigger that writes tables of the group itself would do again what the service did already: it is silent until
/// the way back. One that writes tables that stay goes on doing so, and the applier needs the rights for it.
struct TriggersBehind {
  let context: GroupContext

  private var text: SQLText { context.text }

  private var triggers: [StoredProgram] {
    let own = Set(context.own.map(\.name))
    return context.system.catalog.programs.filter { $0.kind == .trigger && $0.table.map(own.contains) ?? false }
  }

  private func writesOwn(_ trigger: StoredProgram) -> Bool {
    trigger.accesses.contains { access in
      access.operation == .write && context.own.contains { $0.name == access.table }
    }
  }

  /// Switches triggers off that would repeat the service's own writes; nil when there are none. PostgreSQL only: MySQL
  /// has no such switch.
  func silence() -> Script? {
    guard text.engine == .postgres else { return nil }
    let silent = triggers.filter(writesOwn).compactMap { trigger -> (table: String, name: String)? in
      guard let table = context.own.first(where: { $0.name == trigger.table }) else { return nil }
      return (text.table(table.source), text.name(planner.held(trigger.name)))
    }
    if silent.isEmpty { return nil }
    func statements(_ verb: String) -> [String] {
      [text.lockTimeout(seconds: 2)] + silent.map { "ALTER TABLE \($0.table) \(verb) TRIGGER \($0.name);" }
    }
    return Script(
      up: ([text.comment("what these triggers write in the group comes with the stream")] + statements("DISABLE"))
        .joined(separator: "\n"),
      down: statements("ENABLE").joined(separator: "\n"))
  }

  private var planner: TablePlanner {
    TablePlanner(
      catalog: context.system.catalog, text: text, targetText: context.targetText, names: context.names,
      isFolded: context.isFolded)
  }

  /// Rights on tables that stay, for what triggers do there when the applier writes.
  func grants() -> [(String, String)] {
    let own = Set(context.own.map(\.name))
    let accesses = triggers.filter { !writesOwn($0) }.flatMap(\.accesses).filter { !own.contains($0.table) }
    let written = Set(accesses.filter { $0.operation == .write }.map(\.table))
    let known = Set(context.system.catalog.tables.map(\.name))
    return Set(accesses.map(\.table)).intersection(known).sorted().map { table in
      let rights = written.contains(table) ? "SELECT, INSERT, UPDATE, DELETE" : "SELECT"
      return (rights, text.table(planner.source(table)))
    }
  }
}
