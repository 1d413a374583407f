package import Facts
package import Graph

/// What metrics of code read of a system whatever its partition: numbers alone, so that published graphs can be measured
/// as well.
package struct MeasuredSystem: Hashable, Sendable {
  /// Calls from one class to another or itself.
  package struct Call: Hashable, Sendable {
    /// The node that calls.
    package var from: Int
    /// The node that is called.
    package var to: Int
    /// How many calls: places in code, or calls counted at run time.
    package var volume: Int

    /// A call with all its parts.
    package init(from: Int, to: Int, volume: Int) {
      self.from = from
      self.to = to
      self.volume = volume
    }
  }

  /// Classes that touch one table, each list sorted without repeats.
  package struct TableReach: Hashable, Sendable {
    /// Classes whose entry points reach a statement on the table.
    package var entries: [Int]
    /// Classes with a statement on the table.
    package var accessors: [Int]
    /// Classes with a statement that writes the table.
    package var writers: [Int]

    /// A table with all its parts.
    package init(entries: [Int], accessors: [Int], writers: [Int]) {
      self.entries = entries
      self.accessors = accessors
      self.writers = writers
    }
  }

  /// Whether each node is a class, that is a type or file that is no test; tables are nodes without being classes.
  package var isClass: [Bool]
  /// Calls among classes, sorted by from and to, each pair once.
  package var calls: [Call]
  /// The use cases that reach each node, one row a node. A use case is an entry point with the units reached from it.
  package var useCases: BitTable
  /// Every declared table, in order of its node.
  package var tables: [TableReach]

  /// A system with all its parts.
  package init(isClass: [Bool], calls: [Call], useCases: BitTable, tables: [TableReach]) {
    self.isClass = isClass
    self.calls = calls
    self.useCases = useCases
    self.tables = tables
  }

  /// The numbers of a system. Linear in its facts, for every 64 entry points.
  package init(system: SystemFacts, graph: DependencyGraph) {
    let isClass = graph.nodes.indices.map { graph.nodes[$0].kind != .table && !graph.isTest($0) }
    let entries = system.entryPoints.map(\.unit).filter { unit in
      !system.isTest(unit) && graph.node(ofUnit: unit).map { isClass[$0] } ?? false
    }
    let rows = Self.useCases(system, graph, entries: entries, isClass: isClass)
    let entryClasses = entries.map { graph.node(ofUnit: $0) ?? -1 }
    self.init(
      isClass: isClass, calls: Self.calls(system, graph, isClass), useCases: rows,
      tables: Self.tables(system, graph, isClass: isClass, useCases: rows, entryClasses: entryClasses))
  }

  private static func calls(_ system: SystemFacts, _ graph: DependencyGraph, _ isClass: [Bool]) -> [Call] {
    let calls = system.references.compactMap { reference -> Call? in
      guard reference.kind == .call, !system.isTest(reference.from), let from = graph.node(ofUnit: reference.from),
        let to = graph.node(ofUnit: reference.to), isClass[from], isClass[to]
      else { return nil }
      return Call(from: from, to: to, volume: max(1, reference.count))
    }
    var merged: [Call] = []
    for call in calls.sorted(by: { ($0.from, $0.to) < ($1.from, $1.to) }) {
      if let last = merged.last, last.from == call.from, last.to == call.to {
        merged[merged.count - 1].volume += call.volume
      } else {
        merged.append(call)
      }
    }
    return merged
  }

  private static func useCases(
    _ system: SystemFacts, _ graph: DependencyGraph, entries: [Int], isClass: [Bool]
  ) -> BitTable {
    var rows = BitTable(rows: graph.nodes.count, columns: entries.count)
    guard !entries.isEmpty else { return rows }
    let units = system.units.indices
    let calls = system.references.filter {
      $0.kind == .call && units.contains($0.from) && units.contains($0.to) && !system.isTest($0.from)
    }
    let reach = CallReach(count: units.count, calls: calls.map { ($0.from, $0.to) })
    reach.forEachBlock(of: entries) { block, mask in
      for unit in units {
        if let node = graph.node(ofUnit: unit), isClass[node] { rows.insert(mask(unit), block: block, row: node) }
      }
      for access in system.accesses where access.operation != .ddl && !system.isTest(access.unit) {
        guard units.contains(access.unit), let node = graph.node(ofUnit: access.unit), isClass[node],
          let table = graph.node(ofTable: access.table)
        else { continue }
        rows.insert(mask(access.unit), block: block, row: table)
      }
    }
    return rows
  }

  private static func tables(
    _ system: SystemFacts, _ graph: DependencyGraph, isClass: [Bool], useCases: BitTable, entryClasses: [Int]
  ) -> [TableReach] {
    var accessors: [Int: Set<Int>] = [:]
    var writers: [Int: Set<Int>] = [:]
    for access in system.accesses where access.operation != .ddl && !system.isTest(access.unit) {
      guard let table = graph.node(ofTable: access.table), let node = graph.node(ofUnit: access.unit), isClass[node]
      else { continue }
      accessors[table, default: []].insert(node)
      if access.operation == .write { writers[table, default: []].insert(node) }
    }
    return graph.nodes.indices.filter { graph.nodes[$0].kind == .table }.map { table in
      var entries: Set<Int> = []
      useCases.forEach(row: table) { entries.insert(entryClasses[$0]) }
      return TableReach(
        entries: entries.sorted(), accessors: (accessors[table] ?? []).sorted(),
        writers: (writers[table] ?? []).sorted())
    }
  }
}
