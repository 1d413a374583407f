import Basics
import Decomposition
import Facts

/// Chooses what replaces the transactions of a group: R0, R4a, R5, R6, or what was asked for.
struct TransactionDecider {
  /// How many sagas in a cycle show that the cut is in the wrong place (R0 of the decision table).
  private static let leastCycle = 3

  let style: TransactionStyle?
  let engine: PlanEngine
  let owners: [TableName: TableOwner]
  /// Tables without anything that tells their rows apart.
  let keyless: Set<TableName>

  /// The decision for the transactions `members`, all begun by `service`.
  func decision(
    service: String, members: [SpanningTransaction], all: [SpanningTransaction]
  ) -> TransactionDecision {
    let ratios = Set(members.flatMap(\.inseparable)).sorted()
    let cycle = cycle(through: service, members: members, all: all)
    let merged = merged(ratios, cycle: cycle)
    let inputs = inputs(members, ratios: ratios, cycle: cycle)
    let news = { (touch: Touch) in touch.owner != service && isNews(touch) }
    let parts = Set(members.flatMap(\.writes).filter { !news($0) }.map(\.owner))
    if let style {
      return asked(
        for: style, members: members, ratios: ratios, cycle: cycle, locals: parts.count, inputs: inputs)
    }
    let locals = Set(parts.map { part in merged.first { $0.contains(part) } ?? [part] }).count
    if !merged.isEmpty {
      return TransactionDecision(
        rule: "R0", answer: .keepTogether, action: keepTogether(ratios, cycle: cycle), inputs: inputs,
        alternatives: [
          "R5 saga with --transactions saga, when every intermediate state may be seen and nobody needs both at once"
        ], merged: merged, limits: [], locals: locals)
    }
    let others = members.flatMap(\.writes).filter { $0.owner != service }
    if others.allSatisfy(isNews) {
      return TransactionDecision(
        rule: "R4a", answer: .tell,
        action:
          "publish what happened through the outbox in the same transaction; \(list(others.map(\.owner))) writes its "
          + "own rows when it learns of it, and nothing has to be undone", inputs: inputs,
        alternatives: ["R5 saga, when the writer has to know whether the other side took it"], merged: [], limits: [],
        locals: locals)
    }
    let owned = others.filter { !isNews($0) }
    if owned.allSatisfy(\.reading.isGuarded) {
      return TransactionDecision(
        rule: "R6", answer: .replace(.tcc),
        action: "reserve in \(list(owned.map(\.owner))), then confirm or cancel (TCC): what is taken there may run out",
        inputs: inputs,
        alternatives: ["R5 saga, when it may be seen that something was taken and given back"], merged: [], limits: [],
        locals: locals)
    }
    return TransactionDecision(
      rule: "R5", answer: .replace(.saga), action: saga(members, service: service), inputs: inputs,
      alternatives: alternatives(owned), merged: [], limits: [], locals: locals)
  }

  /// Whether a write only records that something happened: the row of a log everybody writes, or a time that is touched.
  func isNews(_ touch: Touch) -> Bool {
    if touch.isEcho { return true }
    guard touch.reading.verb == .insert else { return false }
    return owners[touch.table]?.ownership == .common
  }

  private func alternatives(_ owned: [Touch]) -> [String] {
    var result = ["R0 merge, when one step has no compensation or nobody may see an intermediate state"]
    let guarded = Set(owned.filter(\.reading.isGuarded).map(\.table.text)).sorted()
    result.append(
      guarded.isEmpty
        ? "R6 TCC, when a scarce resource has to be reserved: no statement here takes from a column only while enough is left"
        : "R6 TCC for \(list(guarded)): taken from only while enough is left, so that a reservation can replace the lock"
    )
    result.append("R7 Seata AT, only when all writers run behind its data source and the monolith writes no more")
    result.append("R8 XA, for a limited time and few transactions a second")
    return result
  }

  private func saga(_ members: [SpanningTransaction], service: String) -> String {
    let others = Set(members.flatMap(\.owners)).subtracting([service]).sorted()
    return "split the transaction into a saga that \(service.isEmpty ? "the code without a service" : service) begins, "
      + "with a compensating step for the \(others.count == 1 ? "part" : "parts") of \(list(others))"
  }

  private func keepTogether(_ ratios: [CoWriteRatio], cycle: [String]) -> String {
    if let ratio = ratios.first {
      let more = ratios.count > 1 ? " (and \(ratios.count - 1) more such pairs)" : ""
      return "do not cut between \(ratio.leftOwner) and \(ratio.rightOwner): \(Self.sentence(ratio))\(more)"
    }
    return "do not cut between \(list(cycle)): sagas would run in a cycle"
  }

  /// `2 of 3 transactions on a also write b, 2 of 2 the other way round`.
  static func sentence(_ ratio: CoWriteRatio) -> String {
    "\(ratio.both) of \(ratio.leftAll) transactions that write \(ratio.left.text) also write \(ratio.right.text), "
      + "\(ratio.both) of \(ratio.rightAll) the other way round"
  }

  private func merged(_ ratios: [CoWriteRatio], cycle: [String]) -> [[String]] {
    var sets: [Set<String>] = []
    for pair in ratios.map({ Set([$0.leftOwner, $0.rightOwner]) }) + (cycle.isEmpty ? [] : [Set(cycle)]) {
      let touching = sets.filter { !$0.isDisjoint(with: pair) }
      sets.removeAll { !$0.isDisjoint(with: pair) }
      sets.append(touching.reduce(pair) { $0.union($1) })
    }
    return sets.map { $0.sorted() }.sorted { $0.joined() < $1.joined() }
  }

  /// Services that reach each other by the transactions of at least three of them, with `service` among them; sorted.
  private func cycle(
    through service: String, members: [SpanningTransaction], all: [SpanningTransaction]
  ) -> [String] {
    var next: [String: Set<String>] = [:]
    for transaction in all {
      let others = transaction.writes.filter { $0.owner != transaction.service && !isNews($0) }.map(\.owner)
      next[transaction.service, default: []].formUnion(others)
    }
    func reach(_ start: String) -> Set<String> {
      var seen: Set<String> = []
      var open = (next[start] ?? []).sorted()
      while let service = open.popLast() {
        guard seen.insert(service).inserted else { continue }
        open += (next[service] ?? []).sorted()
      }
      return seen
    }
    let ring = reach(service).filter { reach($0).contains(service) }
    guard ring.contains(service), ring.count >= Self.leastCycle else { return [] }
    return ring.sorted()
  }

  private func inputs(
    _ members: [SpanningTransaction], ratios: [CoWriteRatio], cycle: [String]
  ) -> [PlanInput] {
    let writes = members.flatMap(\.writes)
    let tables = Dictionary(grouping: writes, by: \.owner).sorted { $0.key < $1.key }.map { owner, touches in
      "\(owner): \(Set(touches.map(\.table.text)).sorted().joined(separator: ", "))"
    }
    var result = [
      PlanInput(name: "kind", value: "transaction"), PlanInput(name: "places", value: String(members.count)),
      PlanInput(name: "begins in", value: list(members.map(\.unit))),
      PlanInput(name: "writes", value: tables.joined(separator: "; ")),
      PlanInput(
        name: "order of writes", value: members.allSatisfy(\.isOrdered) ? "as in the code" : "unknown, by name"),
    ]
    if ratios.isEmpty, let ratio = members.compactMap(\.strongest).max(by: { $0.both < $1.both }) {
      result.append(PlanInput(name: "strongest co-write", value: Self.sentence(ratio)))
    }
    if !ratios.isEmpty {
      let sentences = ratios.map(Self.sentence).joined(separator: "; ")
      result.append(PlanInput(name: "co-write at or above 50 % both ways", value: sentences))
    }
    result.append(PlanInput(name: "cycle of sagas", value: cycle.isEmpty ? "none" : list(cycle)))
    let undoable = writes.filter { $0.reading.verb.isRestorable && !keyless.contains($0.table) }.count
    result.append(PlanInput(name: "writes that can be undone by key", value: "\(undoable) of \(writes.count)"))
    let guarded = Set(writes.filter(\.reading.isGuarded).map { "\($0.table.text)" }).sorted()
    result.append(PlanInput(name: "takes while enough is left", value: guarded.isEmpty ? "none seen" : list(guarded)))
    result.append(PlanInput(name: "invariant over both sides", value: "unknown: code does not tell, ask"))
    return result
  }

  private func list(_ items: [String]) -> String {
    let names = Set(items.filter { !$0.isEmpty }).sorted()
    let shown = names.prefix(6).joined(separator: ", ")
    return names.count > 6 ? "\(shown) and \(names.count - 6) more" : shown
  }
}

extension TransactionDecider {
  /// The decision when a style was asked for: what it cannot do here is said, with what the rules would have chosen.
  fileprivate func asked(
    for style: TransactionStyle, members: [SpanningTransaction], ratios: [CoWriteRatio], cycle: [String],
    locals: Int, inputs: [PlanInput]
  ) -> TransactionDecision {
    var limits: [String] = []
    if let ratio = ratios.first {
      limits.append("the rules say do not cut here (R0): \(Self.sentence(ratio))")
    } else if !cycle.isEmpty {
      limits.append("the rules say do not cut here (R0): sagas run in a cycle over \(list(cycle))")
    }
    limits += Self.limits(of: style, engine: engine)
    let (rule, action): (String, String)
    switch style {
    case .saga: (rule, action) = ("R5", "split the transaction into a saga, as asked for")
    case .tcc: (rule, action) = ("R6", "reserve, then confirm or cancel (TCC), as asked for")
    case .seata: (rule, action) = ("R7", "use Seata's automatic branch transactions (AT), as asked for")
    case .xa: (rule, action) = ("R8", "use XA for a limited time, as asked for")
    }
    return TransactionDecision(
      rule: rule, answer: .replace(style), action: action,
      inputs: inputs + [PlanInput(name: "chosen by", value: "option")],
      alternatives: style == .saga ? [] : ["R5 saga, the default where nothing forbids it"], merged: [], limits: limits,
      locals: locals)
  }

  /// What a style cannot do, whatever the transaction.
  private static func limits(of style: TransactionStyle, engine: PlanEngine) -> [String] {
    switch style {
    case .saga: []
    case .tcc: ["every participant has to be changed to reserve first: code that takes directly breaks reservations"]
    case .seata:
      [
        "unsafe while the monolith still writes these tables: what does not go through Seata's data source takes no global "
          + "lock, and a rollback then stops at dirty records; begin after S9",
        "reads see what is not committed globally, unless they are SELECT FOR UPDATE through the same data source",
        "only code on the JVM takes part",
      ]
    case .xa:
      [
        "locks are held until the coordinator decides; when it is lost they stay until somebody decides by hand"
      ]
        + (engine == .postgres
          ? ["PostgreSQL refuses it with max_prepared_transactions = 0, the default; a change needs a restart"]
          : [])
        + (engine.isMySQLFamily
          ? ["a prepared transaction survives a crash of the server but must be finished from XA RECOVER by hand"] : [])
    }
  }
}
