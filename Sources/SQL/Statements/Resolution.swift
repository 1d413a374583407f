import Basics
import Facts

/// Ties columns to tables and writes down what a statement does.
struct Resolution {
  let facts: StatementFacts
  private let cursor: TokenCursor
  /// The source of each use, or -1.
  private(set) var sourceOfUse: [Int] = []
  /// Sources by scope and hashed name, once there are many.
  private var sourcesByName: [NameKey: [Int]] = [:]
  /// Aliases by scope and hashed name, once there are many.
  private var aliases: Set<NameKey> = []
  private let hasManySources: Bool

  /// Sources of a statement up to which a plain search is faster.
  private static let fewSources = 12

  private struct NameKey: Hashable {
    let scope: Int
    let hash: UInt64
  }

  init(facts: StatementFacts, cursor: TokenCursor) {
    self.facts = facts
    self.cursor = cursor
    hasManySources = facts.sources.count > Self.fewSources
    if hasManySources {
      for (index, source) in facts.sources.enumerated() {
        for token in [source.alias, source.name] where token >= 0 {
          sourcesByName[NameKey(scope: source.scope, hash: hash(token)), default: []].append(index)
        }
      }
    }
    for (index, scope) in facts.scopes.enumerated() {
      for alias in scope.aliases { aliases.insert(NameKey(scope: index, hash: hash(alias))) }
    }
    sourceOfUse.reserveCapacity(facts.uses.count)
    for use in facts.uses { sourceOfUse.append(source(of: use)) }
  }

  /// FNV-1a over the lower-case bytes of a token.
  private func hash(_ token: Int) -> UInt64 {
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    for index in Int(cursor.tokens[token].start)..<Int(cursor.tokens[token].end) {
      hash = (hash ^ UInt64(cursor.bytes[index].lowered)) &* 0x100_0000_01B3
    }
    return hash
  }

  // MARK: Names

  private func source(of use: ColumnUse) -> Int {
    if use.source >= 0 { return use.source }
    guard use.qualifier >= 0 else { return unqualifiedSource(of: use) }
    var scope = use.scope
    while scope >= 0 {
      if let match = source(named: use.qualifier, in: scope) { return match }
      scope = facts.scopes[scope].parent
    }
    return -1
  }

  /// The source of that alias, else the first of that name.
  private func source(named token: Int, in scope: Int) -> Int? {
    let name = cursor.tokens[token]
    let sources =
      hasManySources ? sourcesByName[NameKey(scope: scope, hash: hash(token))] ?? [] : facts.scopes[scope].sources
    for index in sources {
      let source = facts.sources[index]
      let own = source.alias >= 0 ? source.alias : source.name
      if own >= 0, cursor.sameName(cursor.tokens[own], name) { return index }
    }
    return sources.first { facts.sources[$0].name >= 0 && cursor.sameName(cursor.tokens[facts.sources[$0].name], name) }
  }

  private func unqualifiedSource(of use: ColumnUse) -> Int {
    var scope = use.scope
    while scope >= 0 {
      var only = -1
      for source in facts.scopes[scope].sources where !facts.sources[source].isVoid {
        if only >= 0 { return -1 }
        only = source
      }
      if only >= 0 { return isAlias(use) ? -1 : only }
      if use.name < 0 { return -1 }
      scope = facts.scopes[scope].parent
    }
    return -1
  }

  private func isAlias(_ use: ColumnUse) -> Bool {
    guard use.role == .order, use.name >= 0, !aliases.isEmpty else { return false }
    return aliases.contains(NameKey(scope: use.scope, hash: hash(use.name)))
  }

  // MARK: Accesses

  /// One access for each table and operation, in order of first appearance.
  func accesses() -> [StatementAccess] {
    var slots: [Slot] = []
    var slotOfKey = Array(repeating: -1, count: facts.tables.count * AccessOperation.allCases.count)
    var slotOfSource = Array(repeating: -1, count: facts.sources.count)
    for (index, source) in facts.sources.enumerated() where source.table >= 0 && !source.isVoid {
      let key = source.table * AccessOperation.allCases.count + Slot.number(of: source.operation)
      if slotOfKey[key] < 0 {
        slotOfKey[key] = slots.count
        slots.append(Slot(table: source.table, operation: source.operation))
      }
      slotOfSource[index] = slotOfKey[key]
      if source.writesAll { slots[slotOfKey[key]].columns = ["*"] }
    }
    collectColumns(into: &slots, slotOfSource: slotOfSource)
    var result = slots.map {
      StatementAccess(table: facts.tables[$0.table], operation: $0.operation, columns: $0.sortedColumns)
    }
    for access in facts.nestedAccesses { result.merge(access) }
    return result
  }

  private struct Slot {
    let table: Int
    let operation: AccessOperation
    /// As met, with repeats.
    var columns: [String] = []

    static func number(of operation: AccessOperation) -> Int {
      switch operation {
      case .read: 0
      case .write: 1
      case .ddl: 2
      }
    }

    var sortedColumns: [String] {
      if columns.count < 2 { return columns }
      var sorted: [String] = []
      for column in columns.sorted() where sorted.last != column {
        if column == "*" { return ["*"] }
        sorted.append(column)
      }
      return sorted
    }
  }

  private func collectColumns(into slots: inout [Slot], slotOfSource: [Int]) {
    for (index, use) in facts.uses.enumerated() {
      if use.name < 0, use.qualifier < 0, use.source < 0 {
        for source in facts.scopes[use.scope].sources where slotOfSource[source] >= 0 {
          if facts.sources[source].operation == .read { slots[slotOfSource[source]].columns.append("*") }
        }
        continue
      }
      let source = sourceOfUse[index]
      guard source >= 0, slotOfSource[source] >= 0 else { continue }
      let operation = facts.sources[source].operation
      guard operation == .write ? use.role == .set : operation == .read && use.role != .set else { continue }
      let column = use.name < 0 ? "*" : cursor.name(of: cursor.tokens[use.name])
      if use.qualifier < 0, use.role != .set, PseudoColumn.names.contains(column.lowercased()) { continue }
      slots[slotOfSource[source]].columns.append(column)
    }
  }
}

/// Names that look like columns but are values the engine supplies.
enum PseudoColumn {
  static let names: Set<String> = [
    "current_timestamp", "current_date", "current_time", "current_user", "session_user", "localtime",
    "localtimestamp", "sysdate", "utc_timestamp", "utc_date", "rownum", "user", "current_role", "current_schema",
    "systimestamp", "current_catalog", "excluded",
  ]
}

extension [StatementAccess] {
  /// Adds an access, or its columns when the table and operation are there already.
  mutating func merge(_ access: StatementAccess) {
    guard let index = firstIndex(where: { $0.table == access.table && $0.operation == access.operation }) else {
      append(access)
      return
    }
    let columns = Set(self[index].columns).union(access.columns)
    self[index].columns = columns.contains("*") ? ["*"] : columns.sorted()
  }
}
