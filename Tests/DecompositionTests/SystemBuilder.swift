import Basics
import Facts

/// A small deterministic generator (SplitMix64), so that every run of the tests sees the same systems.
struct SeededGenerator: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var value = state
    value = (value ^ (value >> 30)) &* 0xbf58_476d_1ce4_e5b9
    value = (value ^ (value >> 27)) &* 0x94d0_49bb_1331_11eb
    return value ^ (value >> 31)
  }
}

/// Builds systems by name; units may come out in any order.
struct SystemBuilder {
  var system = SystemFacts()
  private var numbers: [String: Int] = [:]
  private var statement = 0

  private mutating func unit(_ kind: CodeUnit.Kind, _ name: String, in file: String, owner: String = "") -> Int {
    let key = "\(kind.rawValue) \(name) \(file)"
    if let known = numbers[key] { return known }
    system.units.append(
      CodeUnit(
        kind: kind, name: name, span: SourceSpan(file: RepoPath(file), line: kind == .file ? 0 : 1), owner: owner))
    numbers[key] = system.units.count - 1
    return system.units.count - 1
  }

  @discardableResult
  mutating func file(_ path: String) -> Int { unit(.file, path, in: path) }

  @discardableResult
  mutating func type(_ name: String, in path: String) -> Int {
    file(path)
    return unit(.type, name, in: path)
  }

  /// A free function, or a method when `owner` names a type.
  @discardableResult
  mutating func function(_ name: String, in path: String, owner: String = "") -> Int {
    if owner.isEmpty { file(path) } else { type(owner, in: path) }
    return unit(.function, name, in: path, owner: owner)
  }

  /// A type with one method in its own file; gives the method.
  mutating func typeWithMethod(_ name: String, folder: String = "src") -> Int {
    function("\(name)::run", in: "\(folder)/\(name.lowercased()).cpp", owner: name)
  }

  /// Marks what lies directly in `folder` as code of tests.
  mutating func markTests(in folder: String) {
    for unit in system.units.indices where system.units[unit].span.file.folder == folder {
      system.units[unit].isTest = true
    }
  }

  mutating func refer(_ from: Int, _ to: Int, _ kind: Reference.Kind = .call, count: Int = 1) {
    system.references.append(
      Reference(from: from, to: to, kind: kind, span: system.units[from].span, count: count))
  }

  mutating func table(_ name: String, in file: String = "schema.sql", columns: [String] = ["id"]) {
    let line = system.catalog.tables.count + 1
    let table = Table(
      name: TableName(name), columns: columns.map { Column(name: $0, type: "int", isNullable: false) },
      primaryKey: ["id"], source: SourceSpan(file: RepoPath(file), line: line))
    system.catalog = Catalog(
      tables: system.catalog.tables + [table], programs: system.catalog.programs, engine: .mysql)
  }

  mutating func key(_ from: String, to: String, onDelete: ReferentialAction = .noAction) {
    guard let index = system.catalog.tables.firstIndex(where: { $0.name == TableName(from) }) else { return }
    system.catalog.tables[index].foreignKeys.append(
      ForeignKey(
        name: nil, columns: ["\(to)_id"], target: TableName(to), targetColumns: ["id"], onDelete: onDelete,
        span: system.catalog.tables[index].source))
  }

  mutating func program(_ program: StoredProgram) {
    system.catalog = Catalog(
      tables: system.catalog.tables, programs: system.catalog.programs + [program], engine: .mysql)
  }

  mutating func access(
    _ unit: Int, _ operation: AccessOperation, _ table: String, _ confidence: Confidence = .exact,
    columns: [String] = [], inLoop: Bool = false, times: Int = 1
  ) {
    for _ in 0..<times {
      statement += 1
      system.accesses.append(
        Access(
          unit: unit, table: TableName(table), isDeclared: true, operation: operation,
          span: SourceSpan(file: system.units[unit].span.file, line: 10 + statement), confidence: confidence,
          via: "literal", columns: columns, inLoop: inLoop, statement: statement))
    }
  }

  mutating func join(_ unit: Int, _ left: String, _ right: String, needsBothSides: Bool = false) {
    system.joins.append(
      JoinFact(
        unit: unit,
        join: StatementJoin(left: TableName(left), right: TableName(right), needsBothSides: needsBothSides),
        span: system.units[unit].span))
  }

  mutating func transaction(_ unit: Int, writes: [String], line: Int = 5) {
    system.transactions.append(
      TransactionScope(
        unit: unit, span: SourceSpan(file: system.units[unit].span.file, line: line),
        writes: writes.map { TableName($0) }.sorted(), reads: []))
  }
}

extension SystemBuilder {
  /// Requests come in at a unit.
  mutating func entry(_ unit: Int) {
    system.entryPoints.append(EntryPoint(unit: unit, kind: .route, trigger: "GET /", span: system.units[unit].span))
  }

  /// A migration that creates or alters tables.
  mutating func migration(_ file: String, changes tables: [String]) {
    for place in system.catalog.tables.indices where tables.contains(system.catalog.tables[place].name.text) {
      system.catalog.tables[place].changedIn.append(RepoPath(file))
    }
  }
}

/// The same system with its units and facts in another order.
func shuffled(_ system: SystemFacts, seed: UInt64) -> SystemFacts {
  var random = SeededGenerator(seed: seed)
  let order = system.units.indices.shuffled(using: &random)
  var place = [Int](repeating: 0, count: order.count)
  for (new, old) in order.enumerated() { place[old] = new }
  var result = system
  result.units = order.map { system.units[$0] }
  result.references = system.references.shuffled(using: &random).map {
    Reference(from: place[$0.from], to: place[$0.to], kind: $0.kind, span: $0.span, count: $0.count)
  }
  result.accesses = system.accesses.shuffled(using: &random).map { access in
    var moved = access
    moved.unit = place[access.unit]
    return moved
  }
  result.joins = system.joins.shuffled(using: &random).map {
    JoinFact(unit: place[$0.unit], join: $0.join, span: $0.span)
  }
  result.transactions = system.transactions.shuffled(using: &random).map {
    TransactionScope(unit: place[$0.unit], span: $0.span, writes: $0.writes, reads: $0.reads)
  }
  result.entryPoints = system.entryPoints.shuffled(using: &random).map {
    EntryPoint(unit: place[$0.unit], kind: $0.kind, trigger: $0.trigger, span: $0.span)
  }
  result.catalog.tables.shuffle(using: &random)
  return result
}
