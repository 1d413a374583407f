import Basics
import Decomposition
import Facts
import SQL

/// Finds every join across the cut and every read by key, and decides each once for the whole plan.
struct QueryFinder {
  let system: SystemFacts
  let proposal: Proposal
  let tables: QueryTables
  /// Services that own tables, and so have a database to answer from.
  let owning: Set<String>
  private let reader: QueryReader
  private let readerAt: [String: String]
  private let joinedColumns: [SourceSpan: [Access]]
  private let called: Set<Int>
  private let writesOf: [TableName: [Access]]

  /// Statements of one place that are taken apart; what builds more of them is a generator.
  private static let mostVariants = 8

  init(system: SystemFacts, proposal: Proposal, serviceOf: [TableName: String]) {
    self.system = system
    self.proposal = proposal
    let unwritten = Set(proposal.owners.filter { $0.ownership.hasNoWriter }.map(\.table))
    tables = QueryTables(catalog: system.catalog, serviceOf: serviceOf, unwritten: unwritten)
    owning = Set(proposal.services.filter { !$0.tables.isEmpty }.map(\.name))
    let spellings = Dictionary(
      system.catalog.tables.map { table in
        (
          table.name,
          Dictionary(table.columns.map { ($0.name.lowercased(), $0.name) }, uniquingKeysWith: { first, _ in first })
        )
      }, uniquingKeysWith: { first, _ in first })
    reader = QueryReader(engine: system.catalog.engine) { spellings[$0] }
    var readers: [String: String] = [:]
    for seam in proposal.seams where readers[seam.span.description] == nil {
      if seam.kind == .join || seam.kind == .read || seam.kind == .nPlusOne {
        readers[seam.span.description] = seam.from
      }
    }
    readerAt = readers
    let joined = Set(system.joins.map(\.span))
    joinedColumns = Dictionary(
      grouping: system.accesses.filter { joined.contains($0.span) && $0.operation == .read }, by: \.span)
    called = Set(system.references.lazy.filter { $0.kind == .call }.map(\.to)).union(system.entryPoints.map(\.unit))
    writesOf = Dictionary(
      grouping: system.accesses.filter { $0.operation == .write && !system.isTest($0.unit) }, by: \.table)
  }

  private struct Place: Hashable, Comparable {
    let span: SourceSpan
    let unit: Int

    static func < (left: Place, right: Place) -> Bool {
      left.span == right.span ? left.unit < right.unit : left.span < right.span
    }
  }

  // MARK: Joins

  /// Every query that joins across the cut, in order of place.
  func queries() -> [CrossQuery] {
    var places: [Place: [Int: [StatementJoin]]] = [:]
    for fact in system.joins where !system.isTest(fact.unit) {
      places[Place(span: fact.span, unit: fact.unit), default: [:]][fact.statement, default: []].append(fact.join)
    }
    var names: [String: Set<String>] = [:]
    var queries: [CrossQuery] = []
    for (place, statements) in places.sorted(by: { $0.key < $1.key }) {
      var seen: Set<String> = []
      for (statement, joins) in statements.sorted(by: { $0.key < $1.key }) where seen.count < Self.mostVariants {
        guard joins.contains(where: isCrossing) || isForeign(joins, at: place.span) else { continue }
        let text = system.queryTexts[statement] ?? ""
        guard seen.insert(text).inserted, let query = query(place, statement, joins, text, &names) else { continue }
        queries.append(query)
      }
    }
    return queries
  }

  private func isCrossing(_ join: StatementJoin) -> Bool {
    guard let left = tables.serviceOf[join.left], let right = tables.serviceOf[join.right] else { return false }
    return left != right
  }

  /// Whether all that is joined belongs to others than the one who asks.
  private func isForeign(_ joins: [StatementJoin], at span: SourceSpan) -> Bool {
    guard let reader = readerAt[span.description], owning.contains(reader) else { return false }
    return joins.contains { join in
      [join.left, join.right].allSatisfy { tables.serviceOf[$0].map { $0 != reader } ?? false }
    }
  }

  private func query(
    _ place: Place, _ statement: Int, _ joins: [StatementJoin], _ text: String, _ names: inout [String: Set<String>]
  ) -> CrossQuery? {
    let joined = Set(joins.flatMap { [$0.left, $0.right] }).sorted()
    let parsed = text.isEmpty ? nil : reader.shape(of: text)
    // A statement that writes is no query; what it reads is decided with the transaction it stands in.
    if parsed == nil, isWrite(place, joined) { return nil }
    let derived = parsed == nil ? derivedShape(joined, at: place.span) : nil
    let shape = (parsed ?? derived).map(declared)
    let owners = shape?.sources.compactMap { tables.serviceOf[$0.table] } ?? []
    let fallback = owners.first ?? joined.compactMap { tables.serviceOf[$0] }.first
    guard let reader = readerAt[place.span.description] ?? fallback,
      let home = owning.contains(reader) ? reader : fallback
    else { return nil }
    let verdict = verdict(shape, hasText: !text.isEmpty, joins: joins, joined: joined, home: home)
    let unit = system.units.indices.contains(place.unit) ? system.units[place.unit].name : ""
    let access = joinedColumns[place.span]?.first { $0.unit == place.unit }
    return CrossQuery(
      name: Self.name(of: unit, place: place.span, taken: &names[home, default: []]), reader: reader, home: home,
      unit: unit, span: place.span, statement: system.statementTexts[statement] ?? "", shape: shape,
      text: text.isEmpty ? nil : self.reader.text(of: text), isDerived: derived != nil, tables: joined,
      inLoop: access?.inLoop ?? false, rule: verdict.rule, rejections: verdict.rejections,
      composition: verdict.composition,
      shortcuts: JoinShortcuts(shape: shape, home: home, tables: tables, writes: writesOf).found(
        unit: place.unit, isCalled: called.contains(place.unit), kind: unitKind(place.unit)))
  }

  private func unitKind(_ unit: Int) -> CodeUnit.Kind? {
    system.units.indices.contains(unit) ? system.units[unit].kind : nil
  }

  private func isWrite(_ place: Place, _ joined: [TableName]) -> Bool {
    joined.contains { table in
      (writesOf[table] ?? []).contains { $0.span == place.span && $0.unit == place.unit }
    }
  }

  /// The last part of the unit's name with its file's place when several share it.
  private static func name(of unit: String, place: SourceSpan, taken: inout Set<String>) -> String {
    let last = unit.split { $0 == ":" || $0 == "." || $0 == "/" }.last.map(String.init) ?? "query"
    let stem = Naming.stem(last)
    var name = stem
    var number = 2
    while !taken.insert(name).inserted {
      name = "\(stem)_\(number)"
      number += 1
    }
    return name
  }

  /// The shape with tables as the catalog spells them.
  private func declared(_ shape: QueryShape) -> QueryShape {
    var declared = shape
    for index in shape.sources.indices {
      let table = shape.sources[index].table
      if let known = tables[table]?.name
        ?? system.catalog.tables.first(where: { $0.name.baseKey == table.baseKey })?.name
      {
        declared.sources[index].table = known
      }
    }
    return declared
  }

  /// Two tables joined along a declared key, with the columns the place reads: all that is known without a text.
  private func derivedShape(_ joined: [TableName], at span: SourceSpan) -> QueryShape? {
    guard joined.count == 2, let left = tables[joined[0]], let right = tables[joined[1]] else { return nil }
    for (child, parent) in [(left, right), (right, left)] {
      guard let key = child.foreignKeys.first(where: { $0.target == parent.name }), !key.columns.isEmpty else {
        continue
      }
      let wanted = key.targetColumns.isEmpty ? parent.primaryKey : key.targetColumns
      guard wanted.count == key.columns.count else { continue }
      var shape = QueryShape()
      let ties = zip(key.columns, wanted).map { one, two in
        QueryExpression(pieces: [
          .column(source: 0, name: child.column(named: one)?.name ?? one), .text(" "), .text("="), .text(" "),
          .column(source: 1, name: parent.column(named: two)?.name ?? two),
        ])
      }
      shape.sources = [
        QuerySource(table: child.name, alias: child.name.baseKey, join: .first, conditions: []),
        QuerySource(table: parent.name, alias: parent.name.baseKey, join: .left, conditions: ties),
      ]
      for (source, table) in [child, parent].enumerated() {
        let named = (joinedColumns[span] ?? []).filter { $0.table == table.name }.flatMap(\.columns)
        let columns = table.columns.map(\.name).filter { name in
          named.contains("*") || named.isEmpty || named.contains { $0.lowercased() == name.lowercased() }
        }
        shape.items += columns.map {
          QueryShape.Item(expression: QueryExpression(pieces: [.column(source: source, name: $0)]), name: $0)
        }
      }
      return shape
    }
    return nil
  }

  private func verdict(
    _ shape: QueryShape?, hasText: Bool, joins: [StatementJoin], joined: [TableName], home: String
  ) -> (rule: String, rejections: [String], composition: Composition?) {
    let foreign = joined.filter { tables.serviceOf[$0] != home && tables.serviceOf[$0] != nil }
    if shape?.locksRows ?? false { return ("R3c", ["it locks the rows it reads, so that nothing stale will do"], nil) }
    if !foreign.isEmpty, foreign.allSatisfy(tables.unwritten.contains) {
      return ("R2", ["no code writes \(foreign.map(\.text).joined(separator: ", ")): a local copy is never stale"], nil)
    }
    guard let shape else {
      return ("R3b", [hasText ? "it is more than one plain SELECT" : "the statement is not known as text"], nil)
    }
    var planner = CompositionPlanner(shape: shape, home: home, tables: tables)
    planner.plan()
    var rejections = planner.rejections
    if rejections.isEmpty, joins.contains(where: { $0.needsBothSides && isCrossing($0) }),
      !shape.isPlain || shape.items.isEmpty
    {
      rejections = ["filters, sorts or aggregates by columns of both sides"]
    }
    return rejections.isEmpty ? ("R3a", [], planner.composition) : ("R3b", rejections, nil)
  }

  // MARK: Reads by key

  /// Reads of one foreign table by key, in loops or not, in order of place.
  func lookups() -> [KeyLookup] {
    var found: [KeyLookup] = []
    let joinPlaces = Set(system.joins.map { Place(span: $0.span, unit: $0.unit) })
    for access in system.accesses where access.operation == .read && !system.isTest(access.unit) {
      guard let owner = tables.serviceOf[access.table], let table = tables[access.table],
        let from = readerAt[access.span.description], from != owner,
        !joinPlaces.contains(Place(span: access.span, unit: access.unit))
      else { continue }
      let shape = system.queryTexts[access.statement].flatMap { reader.shape(of: $0) }
      let unit = system.units.indices.contains(access.unit) ? system.units[access.unit].name : ""
      found.append(
        KeyLookup(
          reader: from, owner: owner, table: table.name, unit: unit, span: access.span, inLoop: access.inLoop,
          statement: system.statementTexts[access.statement] ?? "",
          key: shape.flatMap { KeyLookup.key(of: $0, table: access.table) },
          columns: columns(access.columns, of: table), usual: table.primaryKey))
    }
    return found
  }

  private func columns(_ names: [String], of table: Table) -> [String] {
    let known = names.compactMap { table.column(named: $0)?.name }
    return names.contains("*") || known.isEmpty ? table.columns.map(\.name) : Set(known).sorted()
  }
}

/// A read of one table of another service.
struct KeyLookup {
  let reader: String
  let owner: String
  let table: TableName
  let unit: String
  let span: SourceSpan
  let inLoop: Bool
  let statement: String
  /// Columns that are compared with values; nil when the statement is not a plain read by key.
  let key: [String]?
  let columns: [String]
  /// The primary key, which is what a loop over unknown text most likely asks by.
  let usual: [String]

  /// The columns a plain single-table query asks by; nil when it filters by anything else or adds rows up.
  static func key(of shape: QueryShape, table: TableName) -> [String]? {
    guard shape.isPlain, shape.sources.count == 1, shape.sources[0].table.baseKey == table.baseKey,
      !shape.hasAggregates, shape.groups.isEmpty, !shape.isDistinct, shape.limit == nil, !shape.locksRows,
      !shape.filters.isEmpty
    else { return nil }
    var columns: [String] = []
    for filter in shape.filters {
      guard let (left, right) = filter.equality else { return nil }
      guard let column = left.onlyColumn ?? right.onlyColumn else { return nil }
      let value = left.onlyColumn == nil ? left : right
      guard case .parameter(let number)? = value.pieces.first, shape.parameters[number].origin != .literal else {
        return nil
      }
      columns.append(column.name)
    }
    return Set(columns).sorted()
  }
}
