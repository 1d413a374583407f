package import Basics
import Facts

/// One write of a transaction: what is done to which table.
struct WriteOperation: Hashable, Sendable {
  enum Kind: Hashable, Sendable { case insert, update, delete, upsert, any }

  var table: TableName
  var kind: Kind
  /// Columns it sets, lower case; empty when unknown or all.
  var columns: Set<String>
  /// Whether the code runs it in a loop.
  var isRepeated: Bool
}

/// How much of a workload follows the code; every count is of kinds of writes, not of transactions made.
package struct WorkloadEvidence: Hashable, Sendable {
  /// Writes whose statement text is known: the verb, the table and the columns are the code's own.
  package var statements = 0
  /// Writes known from mappings alone: table and columns are the code's own, the verb follows from names.
  package var mappings = 0
  /// Transactions that join several writes because one function or one transaction of the code does.
  package var joined = 0
  /// Tables without any write in the code, sorted; they get plain changes by key.
  package var generic: [TableName] = []
}

/// A transaction of the code as a list of writes, with how often it is found.
struct WriteScript: Hashable, Sendable {
  var operations: [WriteOperation]
  var weight: Int
}

/// Derives transactions from what the code writes.
struct ScriptFinder {
  private(set) var scripts: [WriteScript] = []
  private(set) var evidence = WorkloadEvidence()

  private let system: SystemFacts
  private let wanted: Set<TableName>

  /// Scripts over `tables`, in the order of the code. Linear in the accesses.
  init(system: SystemFacts, tables: [TableName]) {
    self.system = system
    wanted = Set(tables)
    let byUnit = operationsByUnit()
    var scopes: [Int: Set<TableName>] = [:]
    for scope in system.transactions where !system.isTest(scope.unit) {
      scopes[scope.unit, default: []].formUnion(scope.writes.filter(wanted.contains))
    }
    var anywhere: [TableName: WriteOperation] = [:]
    for unit in byUnit.keys.sorted() {
      for operation in byUnit[unit] ?? [] where anywhere[operation.table] == nil {
        anywhere[operation.table] = operation
      }
    }
    for unit in Set(byUnit.keys).union(scopes.keys).sorted() {
      var operations = byUnit[unit] ?? []
      let own = Set(operations.map(\.table))
      operations += (scopes[unit] ?? []).subtracting(own).sorted().compactMap { anywhere[$0] }
      guard !operations.isEmpty else { continue }
      if operations.count > 1 { evidence.joined += 1 }
      scripts.append(WriteScript(operations: operations, weight: operations.count))
    }
    addGeneric(tables.filter { anywhere[$0] == nil })
  }

  private func operationsBefore(_ text: String) -> WriteOperation.Kind? {
    var words = text.split(whereSeparator: { !$0.isLetter && !$0.isNumber && $0 != "_" }).map { $0.lowercased() }
    if words.first == "with" || words.first == "explain" {
      words = Array(words.drop { !["insert", "update", "delete", "merge", "replace"].contains($0) })
    }
    switch words.first {
    case "insert", "copy", "load":
      let isUpsert = words.contains("conflict") || words.contains("duplicate")
      return isUpsert ? .upsert : .insert
    case "replace", "merge", "upsert": return .upsert
    case "update": return .update
    case "delete", "truncate": return .delete
    default: return nil
    }
  }

  /// What a name says about a write without text.
  private func kind(byName name: String) -> WriteOperation.Kind {
    let name = name.lowercased()
    func says(_ words: [String]) -> Bool { words.contains { name.contains($0) } }
    if says(["delete", "remove", "destroy", "purge", "clear"]) { return .delete }
    if says(["upsert", "merge", "replace", "save"]) { return .upsert }
    if says(["insert", "create", "persist", "add", "register", "append"]) { return .insert }
    if says(["update", "change", "edit", "mark", "set", "touch", "increment"]) { return .update }
    return .any
  }

  private mutating func operationsByUnit() -> [Int: [WriteOperation]] {
    var result: [Int: [WriteOperation]] = [:]
    var known: Set<WriteOperation> = []
    for access in system.accesses
    where access.operation == .write && wanted.contains(access.table) && !system.isTest(access.unit) {
      let text = system.statementTexts[access.statement] ?? ""
      let verb = operationsBefore(text)
      let name = system.units.indices.contains(access.unit) ? system.units[access.unit].name : ""
      let operation = WriteOperation(
        table: access.table, kind: verb ?? kind(byName: access.via + " " + name),
        columns: access.columns.contains("*") ? [] : Set(access.columns.map { $0.lowercased() }),
        isRepeated: access.inLoop)
      if known.insert(operation).inserted {
        if verb == nil { evidence.mappings += 1 } else { evidence.statements += 1 }
      }
      if !(result[access.unit] ?? []).contains(operation) { result[access.unit, default: []].append(operation) }
    }
    return result
  }

  /// Plain changes for tables no code writes; together they weigh a sixth of the rest, and at least one each.
  private mutating func addGeneric(_ tables: [TableName]) {
    guard !tables.isEmpty else { return }
    evidence.generic = tables.sorted()
    let weight = max(1, scripts.map(\.weight).reduce(0, +) / (6 * tables.count))
    for table in evidence.generic {
      let operation = WriteOperation(table: table, kind: .any, columns: [], isRepeated: false)
      scripts.append(WriteScript(operations: [operation], weight: weight))
    }
  }
}
