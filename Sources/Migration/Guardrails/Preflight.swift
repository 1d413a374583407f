import Basics
import Facts

/// Finds what stands in the way of moving a group, each with the fix.
struct Preflight {
  let system: SystemFacts
  let context: GroupContext

  /// Obstacles in a fixed order.
  func blockers() -> [PlanBlocker] { rowIdentity() + wideRows() + cascades() + programs() }

  private var moved: [PlannedTable] { context.own + context.replicas }

  private func rowIdentity() -> [PlanBlocker] {
    moved.filter(\.lacksPrimaryKey).map { table in
      let fix =
        table.isSurrogate
        ? "S6 adds the numbered column \(PlannedTable.surrogateColumn); declaring a primary key before is better"
        : "S6 logs whole rows and applies by \(table.key.columns.joined(separator: ", ")), which is unique and never null"
      return PlanBlocker(
        code: "no-primary-key", table: table.name.text,
        text: "changes of one row cannot be told from those of another: no primary key", fix: fix, isMended: true,
        evidence: [table.span])
    }
  }

  private func wideRows() -> [PlanBlocker] {
    moved.filter(\.mayToast).map { table in
      let large = table.columns.filter { $0.type.maxBytes == nil }.map(\.name).joined(separator: ", ")
      let columns = large.isEmpty ? "all columns together" : large
      let fix =
        switch context.text.engine {
        case .postgres:
          "S6 sets replica identity FULL, so that unchanged values are not left out of the log; it grows by the old rows"
        case .mysql, .mariadb: "S6 wants binlog_row_image = FULL; plan disk and network for whole rows"
        case .sqlserver: "raise max text repl size to the largest value before S6, or writes of larger ones fail"
        case .oracle: "S6 logs all columns; LOB values need lob.enabled and arrive late: the applier keeps what it has"
        }
      return PlanBlocker(
        code: "large-values", table: table.name.text,
        text: "a row may outgrow its page: nothing known limits \(columns)", fix: fix,
        isMended: context.text.engine != .sqlserver,
        evidence: [table.span])
    }
  }

  private func cascades() -> [PlanBlocker] {
    let acting = { (key: PlannedKey) in key.onDelete != .noAction && key.onDelete != .restrict }
    let crossing = context.crossing.filter(acting).map { key in
      blocker(key, fix: "S2 replaces it: a queue of deleted keys and a worker", isMended: true)
    }
    let inner = (context.inner + context.copiedKeys).filter(acting).map { key in
      if !context.text.isMySQL {
        return blocker(key, fix: "the log shows the deleted children: nothing to do", isMended: true)
      }
      return key.child.name == key.parent.name
        ? blocker(
          key, fix: "the binary log does not show them and no trigger can: delete children in code before S6",
          isMended: false)
        : blocker(
          key, fix: "the binary log does not show them: S6 adds a trigger that deletes children first", isMended: true)
    }
    return crossing + inner + keyUpdates()
  }

  /// The binary log of MySQL does not show children whose key follows that of their parent, and no trigger can: it runs
  /// before the parent has its new key or after the children have it.
  private func keyUpdates() -> [PlanBlocker] {
    guard context.text.isMySQL else { return [] }
    return (context.inner + context.copiedKeys).filter {
      $0.onUpdate != .noAction && $0.onUpdate != .restrict
    }.map { key in
      PlanBlocker(
        code: "key-update", table: key.child.name.text,
        text: "changing a key of \(key.parent.name.text) changes rows of \(key.child.name.text) (\(key.name))",
        fix: "the binary log does not show them: let no code change that key from S6 on", isMended: false,
        evidence: [key.span])
    }
  }

  private func blocker(_ key: PlannedKey, fix: String, isMended: Bool) -> PlanBlocker {
    PlanBlocker(
      code: "cascade", table: key.child.name.text,
      text: "deleting a row of \(key.parent.name.text) changes rows of \(key.child.name.text) (\(key.name))", fix: fix,
      isMended: isMended, evidence: [key.span])
  }

  private func programs() -> [PlanBlocker] {
    let own = Set(context.own.map(\.name))
    return system.catalog.programs.compactMap { program in
      let touched = Set(([program.table].compactMap { $0 } + program.accesses.map(\.table)).filter(own.contains))
      guard let first = touched.min() else { return nil }
      let tables = touched.sorted().map(\.text).joined(separator: ", ")
      let (word, fix) =
        switch program.kind {
        case .trigger:
          (
            "fires on or writes",
            "move it to the service's code or create it in the service's own database before S9; in the old one it also fires when the reverse stream writes"
          )
        case .routine: ("uses", "move its statements to the service or let it call the service's interface before S9")
        case .view: ("reads", "route its readers to the contracts of S1 or to a read model before S11")
        }
      return PlanBlocker(
        code: program.kind.rawValue, table: first.text,
        text: "\(program.kind.rawValue) \(program.name) \(word) \(tables)",
        fix: fix, isMended: false, evidence: [program.source])
    }
  }
}
