import Basics
import Decomposition
import Facts
import Graph
import Testing

/// Metrics of the cut through data, by hand and against naive walks.
@Suite struct DataMetricTests {
  private func figures(_ system: SystemFacts, _ service: (GraphNode) -> Int) -> [String: Double] {
    let graph = DependencyGraph(system: system)
    let proposal = Decomposer.judge(
      serviceOf: graph.nodes.map(service), system: system, graph: graph,
      measured: MeasuredSystem(system: system, graph: graph))
    return Dictionary(uniqueKeysWithValues: proposal.metrics.map { ($0.name, $0.value) })
  }

  private func program(_ name: String, on table: String?, writes: [String]) -> StoredProgram {
    StoredProgram(
      kind: table == nil ? .routine : .trigger, name: name, table: table.map { TableName($0) },
      accesses: writes.map { StatementAccess(table: TableName($0), operation: .write, columns: []) },
      source: SourceSpan(file: RepoPath("schema.sql"), line: 90))
  }

  /// Orders and stock: one reader of each other's table, one trigger, keys with and without action.
  private var shop: SystemFacts {
    var builder = SystemBuilder()
    let order = builder.typeWithMethod("Order")
    let stock = builder.typeWithMethod("Stock")
    builder.table("orders", columns: ["id", "total", "stock_id"])
    builder.table("lines", columns: ["id", "orders_id"])
    builder.table("stock", columns: ["id", "amount", "place", "price"])
    builder.access(order, .write, "orders")
    builder.access(order, .write, "lines")
    builder.access(stock, .write, "stock")
    builder.access(order, .read, "stock", columns: ["id", "Amount"])
    builder.access(order, .read, "stock", columns: ["amount"])
    builder.access(stock, .read, "orders", columns: ["*"])
    builder.key("lines", to: "orders", onDelete: .cascade)
    builder.key("orders", to: "stock", onDelete: .setNull)
    builder.key("lines", to: "stock")
    builder.program(program("move", on: "orders", writes: ["stock", "lines"]))
    builder.program(program("clean", on: nil, writes: ["lines"]))
    builder.transaction(order, writes: ["orders", "lines"])
    builder.transaction(order, writes: ["orders", "stock"])
    return builder.system
  }

  @Test func smallExample() {
    let values = figures(shop) { $0.name.lowercased().contains("stock") ? 1 : 0 }
    #expect(values["replicas"] == 2)
    // Two named columns of stock, all three of orders.
    #expect(values["replicated_columns"] == 5)
    // Two tables by the trigger, one by the routine, two keys with an action.
    #expect(values["hidden_writers"] == 5)
    // The trigger on stock, the key to stock.
    #expect(values["cross_hidden_writers"] == 2)
    #expect(abs((values["cross_foreign_key_share"] ?? 0) - 2.0 / 3) < 1e-12)
    #expect(values["distributed_transaction_share"] == 0.5)
    #expect(values["services"] == 2)
  }

  @Test func oneServiceCutsNothing() {
    let values = figures(shop) { _ in 0 }
    for name in ["replicas", "replicated_columns", "cross_hidden_writers", "cross_foreign_key_share", "coupling_cargo"]
    {
      #expect(values[name] == 0, "\(name)")
    }
    #expect(values["single_writer_share"] == 1)
    #expect(values["cohesion_cargo"] == 1)
    #expect(values["tp_write"] == 1)
  }

  @Test func couplingAndCohesionFollowTheirDefinitions() {
    let system = InvariantTests.Sample.random.system
    let graph = DependencyGraph(system: system)
    let service = { (name: String) in name.utf8.reduce(0) { $0 + Int($1) } % 4 }
    let values = figures(system) { service($0.name) }
    var all = 0.0
    var across = 0.0
    var inside = [Double](repeating: 0, count: 4)
    var outside = inside
    for edge in graph.edges {
      let (from, to) = (service(graph.nodes[edge.from].name), service(graph.nodes[edge.to].name))
      all += edge.weight
      if from == to {
        inside[from] += edge.weight
      } else {
        across += edge.weight
        outside[from] += edge.weight
        outside[to] += edge.weight
      }
    }
    #expect(abs((values["coupling_cargo"] ?? 0) - across / all) < 1e-9)
    let cohesion = (0..<4).map { 2 * inside[$0] / (2 * inside[$0] + outside[$0]) }
    #expect(abs((values["cohesion_cargo"] ?? 0) - cohesion.reduce(0, +) / 4) < 1e-9)
  }

  /// Who reaches what, by a walk from every entry point on its own; more entry points than fit into one word.
  @Test(arguments: UInt64(1)...6) func useCasesAreWalked(seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    var builder = SystemBuilder()
    let methods = (0..<60).map { builder.typeWithMethod("Type\($0)") }
    for _ in 0..<80 {
      builder.refer(methods.randomElement(using: &random) ?? 0, methods.randomElement(using: &random) ?? 0)
    }
    for number in 0..<9 {
      builder.table("t\(number)")
      builder.access(methods.randomElement(using: &random) ?? 0, .write, "t\(number)")
    }
    var system = builder.system
    system.entryPoints = (0..<150).map { _ in
      let unit = methods.randomElement(using: &random) ?? 0
      return EntryPoint(unit: unit, kind: .route, trigger: "", span: system.units[unit].span)
    }
    let graph = DependencyGraph(system: system)
    let measured = MeasuredSystem(system: system, graph: graph)
    var expected = BitTable(rows: graph.nodes.count, columns: 150)
    var entries: [TableName: Set<Int>] = [:]
    for (number, entry) in system.entryPoints.enumerated() {
      var reached: Set<Int> = [entry.unit]
      var open = [entry.unit]
      while let unit = open.popLast() {
        for reference in system.references where reference.from == unit && !reached.contains(reference.to) {
          reached.insert(reference.to)
          open.append(reference.to)
        }
      }
      for unit in reached { if let node = graph.node(ofUnit: unit) { expected.insert(number, row: node) } }
      for access in system.accesses where reached.contains(access.unit) {
        if let node = graph.node(ofTable: access.table) { expected.insert(number, row: node) }
        if let node = graph.node(ofUnit: entry.unit) { entries[access.table, default: []].insert(node) }
      }
    }
    #expect(measured.useCases == expected)
    let tables = graph.nodes.compactMap(\.table)
    #expect(measured.tables.map(\.entries) == tables.map { (entries[$0] ?? []).sorted() })
  }

  @Test func everyMetricHasOneName() {
    let names = DecompositionMetric.all.map(\.name)
    #expect(Set(names).count == names.count)
    #expect(propose(shop).metrics.map(\.name) == names)
  }
}
