import Basics
import Facts

/// S2: foreign keys that cross the boundary move to code.
struct ForeignKeysStep {
  let context: GroupContext

  /// Nil when no key crosses.
  func make() -> PlanStep? {
    guard !context.crossing.isEmpty else { return nil }
    var draft = StepDraft(context, id: .foreignKeys, name: "foreign-keys")
    let loose = LooseKeys(context: context)
    // The trigger goes in first: while the key still stands it must find nothing to do.
    for queue in loose.queues {
      draft.run(loose.script(for: queue), named: "queue-\(queue.fileName)", on: .source)
      draft.job("worker-\(queue.fileName)", loose.worker(for: queue), on: .source)
    }
    let keys = KeyScripts(text: context.text)
    for key in context.crossing {
      let name = "drop-\(context.stem(key.child))-to-\(context.stem(key.parent))"
      draft.run(keys.drop(key), named: name, on: .source)
    }
    draft.add("orphans.source.sql", orphanReport(keys))
    draft.add("existence-checks.yaml", checks())
    let gate = draft.gate(gateQuery(keys, queues: loose.queues), on: .source)
    return draft.step(
      .foreignKeys, title: "Move foreign keys to code",
      goal: "no foreign key crosses the boundary of \(context.service)",
      preconditions: [
        "orphans.source.sql counts 0 for every key",
        "inserts check that the referenced row exists, as existence-checks.yaml lists",
        "the workers ran while the keys still stood and found nothing to do",
      ],
      gate: gate, hold: "7 days with no orphan and a queue younger than 5 minutes", maxBlockSeconds: 2)
  }

  private func orphanReport(_ keys: KeyScripts) -> String {
    context.crossing.map { key in
      "\(context.text.comment("\(key.name): expected 0"))\n\(context.text.select(keys.orphans(key)))"
    }.joined(separator: "\n")
  }

  private func gateQuery(_ keys: KeyScripts, queues: [LooseKeys.Queue]) -> String {
    let text = context.text
    var parts = keys.remaining(context.crossing)
    parts += context.crossing.map { keys.orphans($0) }
    parts += queues.map { queue in
      "(SELECT count(*) FROM \(text.table(queue.table)) WHERE queued_at < \(text.ago(.minutes(5))))"
    }
    return text.select(parts.joined(separator: "\n + "))
  }

  private func checks() -> String {
    let rows = context.crossing.map { key in
      YAMLNode.map([
        ("key", .text(key.name)), ("child", .text(key.child.name.text)), ("columns", .texts(key.columns)),
        ("parent", .text(key.parent.name.text)), ("parentColumns", .texts(key.parentColumns)),
        ("onDelete", .text(key.onDelete.rawValue)), ("declared", .text(key.span.description)),
        ("onInsert", .text("ask the owner of \(key.parent.name.text) whether the row exists")),
        ("onDeleteOfParent", .text(replacement(key))),
      ])
    }
    return YAMLText.document(.list(rows))
  }

  private func replacement(_ key: PlannedKey) -> String {
    switch key.onDelete {
    case .cascade: "queued by trigger; the worker deletes the children"
    case .setNull: "queued by trigger; the worker sets the columns to NULL"
    case .setDefault: "queued by trigger; the worker sets the columns to their default"
    case .noAction, .restrict:
      "the owner asks the owner of \(key.child.name.text) whether it may delete, or marks the row deleted"
    }
  }
}
