import Basics
import Facts
import Graph

/// Finds every place where the proposed cut goes through data.
struct SeamFinder {
  private let assignment: Assignment
  private let coWrites: CoWrites
  /// Tables no code and no stored program writes.
  private let unwritten: Set<TableName>

  private var system: SystemFacts { assignment.system }

  init(assignment: Assignment, owners: [TableOwner]) {
    self.assignment = assignment
    coWrites = CoWrites(assignment.system.transactions.filter { assignment.isCode($0.unit) })
    unwritten = Set(owners.filter { $0.ownership.hasNoWriter }.map(\.table))
  }

  /// All seams, each once, sorted by kind, from, to, table and place.
  func seams() -> [Seam] {
    var seams = accessSeams()
    seams += system.joins.compactMap(joinSeam)
    seams += foreignKeySeams()
    seams += system.transactions.flatMap(transactionSeams)
    seams += system.catalog.programs.flatMap(programSeams)
    return Self.sorted(seams)
  }

  private func accessSeams() -> [Seam] {
    var seams: [Seam] = []
    for access in system.accesses where access.operation != .ddl && assignment.isCode(access.unit) {
      guard let owner = assignment.owner(of: access.table) else { continue }
      let service = assignment.service(ofUnit: access.unit)
      guard service != owner else { continue }
      let isWrite = access.operation == .write
      let advice =
        isWrite
        ? SeamAdvice.write(to: owner, isShared: service == ServiceNames.shared)
        : SeamAdvice.read(from: owner, isReferenceData: unwritten.contains(access.table))
      seams.append(seam(isWrite ? .write : .read, access, from: service, to: owner, advice))
      if access.inLoop {
        let advice = SeamAdvice.loop(at: owner, operation: access.operation)
        seams.append(seam(.nPlusOne, access, from: service, to: owner, advice))
      }
    }
    return seams
  }

  private func seam(_ kind: Seam.Kind, _ access: Access, from: String, to: String, _ advice: SeamAdvice) -> Seam {
    Seam(
      kind: kind, from: from, to: to, table: access.table, otherTable: nil, columns: access.columns.sorted(),
      span: access.span, rule: advice.rule, recommendation: advice.sentence)
  }

  private func joinSeam(_ fact: JoinFact) -> Seam? {
    guard assignment.isCode(fact.unit), let left = assignment.owner(of: fact.join.left),
      let right = assignment.owner(of: fact.join.right), left != right
    else { return nil }
    let service = assignment.service(ofUnit: fact.unit)
    let isRightOwn = right == service
    let owner = isRightOwn ? left : right
    let advice = SeamAdvice.join(with: owner, needsBothSides: fact.join.needsBothSides)
    return Seam(
      kind: .join, from: service, to: owner, table: isRightOwn ? fact.join.left : fact.join.right,
      otherTable: isRightOwn ? fact.join.right : fact.join.left, columns: [], span: fact.span, rule: advice.rule,
      recommendation: advice.sentence)
  }

  private func foreignKeySeams() -> [Seam] {
    system.catalog.tables.flatMap { table -> [Seam] in
      guard let from = assignment.owner(of: table.name) else { return [] }
      return table.foreignKeys.compactMap { key in
        guard let to = assignment.owner(of: key.target), to != from else { return nil }
        let advice = SeamAdvice.foreignKey(to: to, action: key.onDelete)
        return Seam(
          kind: .foreignKey, from: from, to: to, table: key.target, otherTable: table.name,
          columns: key.targetColumns.sorted(), span: key.span, rule: advice.rule, recommendation: advice.sentence)
      }
    }
  }

  private func transactionSeams(_ scope: TransactionScope) -> [Seam] {
    let written = scope.writes.compactMap { table in assignment.owner(of: table).map { (table: table, owner: $0) } }
    let owners = Set(written.map(\.owner))
    guard owners.count > 1, assignment.isCode(scope.unit) else { return [] }
    let service = assignment.service(ofUnit: scope.unit)
    return written.filter { $0.owner != service }.map { part in
      let isInseparable = written.contains { $0.owner != part.owner && coWrites.areInseparable($0.table, part.table) }
      let advice = SeamAdvice.transaction(with: part.owner, owners: owners.count, isInseparable: isInseparable)
      return Seam(
        kind: .transaction, from: service, to: part.owner, table: part.table, otherTable: nil, columns: [],
        span: scope.span, rule: advice.rule, recommendation: advice.sentence)
    }
  }

  /// A trigger acts for the owner of the watched table; a routine for the owner of what it writes, else reads, first.
  private func programSeams(_ program: StoredProgram) -> [Seam] {
    let home =
      program.table ?? program.accesses.first { $0.operation == .write }?.table ?? program.accesses.first?.table
    guard let home, let from = assignment.owner(of: home) else { return [] }
    return program.accesses.compactMap { access in
      guard let to = assignment.owner(of: access.table), to != from else { return nil }
      let advice = SeamAdvice.trigger(on: to)
      return Seam(
        kind: .trigger, from: from, to: to, table: access.table, otherTable: program.table,
        columns: access.columns.sorted(), span: program.source, rule: advice.rule, recommendation: advice.sentence)
    }
  }

  private static func sorted(_ seams: [Seam]) -> [Seam] {
    let unique = Array(Set(seams))
    return unique.sorted { left, right in
      if left.kind != right.kind { return left.kind.rawValue < right.kind.rawValue }
      if (left.from, left.to) != (right.from, right.to) { return (left.from, left.to) < (right.from, right.to) }
      if left.table != right.table { return left.table < right.table }
      if left.span != right.span { return left.span < right.span }
      if left.otherTable != right.otherTable { return (left.otherTable?.key ?? "") < (right.otherTable?.key ?? "") }
      if left.columns != right.columns { return left.columns.lexicographicallyPrecedes(right.columns) }
      return (left.rule, left.recommendation, left.table.text) < (right.rule, right.recommendation, right.table.text)
    }
  }
}

/// How often tables are written together.
private struct CoWrites {
  private struct Pair: Hashable {
    let left: TableName
    let right: TableName
  }

  private var alone: [TableName: Int] = [:]
  private var together: [Pair: Int] = [:]

  /// Co-write ratio in both directions from which tables must not be cut (R0 of the decision table).
  private static let inseparableRatio = 0.5
  /// One transaction proves nothing about the others.
  private static let leastTransactions = 2
  /// Pairs of larger scopes are not counted: a batch over the whole schema ties nothing together, and pairs grow squared.
  private static let largestScope = 16

  init(_ scopes: [TransactionScope]) {
    for scope in scopes {
      let tables = Set(scope.writes).sorted()
      for table in tables { alone[table, default: 0] += 1 }
      guard tables.count <= Self.largestScope else { continue }
      for (position, left) in tables.enumerated() {
        for right in tables[(position + 1)...] { together[Pair(left: left, right: right), default: 0] += 1 }
      }
    }
  }

  func areInseparable(_ left: TableName, _ right: TableName) -> Bool {
    let both = together[Pair(left: min(left, right), right: max(left, right)), default: 0]
    guard both >= Self.leastTransactions else { return false }
    let needed = { (table: TableName) in Self.inseparableRatio * Double(alone[table, default: 0]) }
    return Double(both) >= needed(left) && Double(both) >= needed(right)
  }
}
