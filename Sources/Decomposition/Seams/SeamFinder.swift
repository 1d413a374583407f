import Basics
import Facts
import Graph

/// Finds every place where the proposed cut goes through data.
struct SeamFinder {
  private let assignment: Assignment
  private let coWrites: CoWrites
  private let widths: TableWidths
  /// Accesses of each place: what a statement names of each table it joins.
  private let accessesAt: [SourceSpan: [Access]]
  /// Tables no code and no stored program writes.
  private let unwritten: Set<TableName>

  private var system: SystemFacts { assignment.system }

  init(assignment: Assignment, owners: [TableOwner]) {
    self.assignment = assignment
    coWrites = CoWrites(assignment.system.transactions.filter { assignment.isCode($0.unit) })
    widths = TableWidths(assignment.system.catalog)
    let joined = Set(assignment.system.joins.map(\.span))
    accessesAt = Dictionary(grouping: assignment.system.accesses.filter { joined.contains($0.span) }, by: \.span)
    unwritten = Set(owners.filter { $0.ownership.hasNoWriter }.map(\.table))
  }

  /// All seams, each once, sorted by kind, from, to, table and place.
  func seams() -> [Seam] {
    var seams = accessSeams()
    seams += system.joins.compactMap(joinSeam)
    seams += foreignKeySeams()
    seams += system.transactions.flatMap(transactionSeams)
    seams += system.catalog.programs.flatMap(programSeams)
    return SeamOrder.distinct(seams)
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
        : SeamAdvice.read(
          from: owner, isReferenceData: unwritten.contains(access.table),
          columns: widths.count(access.columns, of: access.table))
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
      kind, from: from, to: to, table: access.table, columns: access.columns, span: access.span, advice,
      statement: system.statementTexts[access.statement] ?? "")
  }

  private func joinSeam(_ fact: JoinFact) -> Seam? {
    guard assignment.isCode(fact.unit), let left = assignment.owner(of: fact.join.left),
      let right = assignment.owner(of: fact.join.right), left != right
    else { return nil }
    let service = assignment.service(ofUnit: fact.unit)
    let isRightOwn = right == service
    let owner = isRightOwn ? left : right
    let table = isRightOwn ? fact.join.left : fact.join.right
    let accesses = (accessesAt[fact.span] ?? []).filter { $0.unit == fact.unit && $0.table == table }
    let columns = Set(accesses.flatMap(\.columns)).sorted()
    let advice = SeamAdvice.join(
      with: owner, needsBothSides: fact.join.needsBothSides, columns: widths.count(columns, of: table))
    return Seam(
      .join, from: service, to: owner, table: table, otherTable: isRightOwn ? fact.join.right : fact.join.left,
      columns: columns, span: fact.span, advice,
      statement: accesses.compactMap { system.statementTexts[$0.statement] }.min() ?? "")
  }

  private func foreignKeySeams() -> [Seam] {
    system.catalog.tables.flatMap { table -> [Seam] in
      guard let from = assignment.owner(of: table.name) else { return [] }
      return table.foreignKeys.compactMap { key in
        guard let to = assignment.owner(of: key.target), to != from else { return nil }
        return Seam(
          .foreignKey, from: from, to: to, table: key.target, otherTable: table.name, columns: key.targetColumns,
          span: key.span, SeamAdvice.foreignKey(to: to, action: key.onDelete), statement: Self.text(of: key))
      }
    }
  }

  private static func text(of key: ForeignKey) -> String {
    let action: String
    switch key.onDelete {
    case .noAction: action = ""
    case .restrict: action = " ON DELETE RESTRICT"
    case .cascade: action = " ON DELETE CASCADE"
    case .setNull: action = " ON DELETE SET NULL"
    case .setDefault: action = " ON DELETE SET DEFAULT"
    }
    return "FOREIGN KEY (\(key.columns.joined(separator: ", "))) REFERENCES \(key.target) "
      + "(\(key.targetColumns.joined(separator: ", ")))\(action)"
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
        .transaction, from: service, to: part.owner, table: part.table, columns: [], span: scope.span, advice)
    }
  }

  /// A trigger acts for the owner of the watched table; a routine for the owner of what it writes, else reads, first.
  private func programSeams(_ program: StoredProgram) -> [Seam] {
    guard let from = program.home.flatMap(assignment.owner(of:)) else { return [] }
    return program.accesses.compactMap { access in
      guard let to = assignment.owner(of: access.table), to != from else { return nil }
      let advice = SeamAdvice.trigger(on: to, columns: widths.count(access.columns, of: access.table))
      return Seam(
        .trigger, from: from, to: to, table: access.table, otherTable: program.table, columns: access.columns,
        span: program.source, advice, statement: "\(program.kind.rawValue) \(program.name)")
    }
  }
}

extension Seam {
  fileprivate init(
    _ kind: Kind, from: String, to: String, table: TableName, otherTable: TableName? = nil, columns: [String],
    span: SourceSpan, _ advice: SeamAdvice, statement: String = ""
  ) {
    self.init(
      kind: kind, from: from, to: to, table: table, otherTable: otherTable, columns: columns.sorted(), span: span,
      rule: advice.rule, recommendation: advice.sentence)
    self.statement = statement
    costs = advice.costs
  }
}

/// How many columns tables have.
private struct TableWidths {
  private let columns: [TableName: Int]

  init(_ catalog: Catalog) {
    columns = Dictionary(catalog.tables.map { ($0.name, $0.columns.count) }, uniquingKeysWith: { first, _ in first })
  }

  /// How many columns a list names: `*` for all of the table; nil when that is unknown.
  func count(_ names: [String], of table: TableName) -> Int? {
    guard names.contains("*") else { return names.isEmpty ? nil : names.count }
    return columns[table].flatMap { $0 > 0 ? $0 : nil }
  }
}
