import Basics
import Decomposition
import Facts
import Graph
import Testing

/// Two groups of classes in folders, tied inside, each with its own table; tests add what they are about.
struct TwoServices {
  var builder: SystemBuilder
  let order: Int
  let stock: Int

  init() {
    var builder = SystemBuilder()
    let orders = ["Order", "OrderLine", "OrderPrinter", "OrderMailer"]
    let stocks = ["Stock", "StockItem", "StockReport", "StockCounter"]
    var methods: [[Int]] = []
    for (folder, names) in [("src/order", orders), ("src/stock", stocks)] {
      let group = names.map { builder.typeWithMethod($0, folder: folder) }
      for (position, method) in group.enumerated() {
        for other in group[(position + 1)...] { builder.refer(method, other, count: 8) }
      }
      methods.append(group)
    }
    let (order, stock) = (methods[0][0], methods[1][0])
    for name in ["orders", "order_lines"] {
      builder.table(name)
      builder.access(order, .write, name, columns: ["id", "total"], times: 4)
    }
    for name in ["stocks", "stock_moves"] {
      builder.table(name)
      builder.access(stock, .write, name, columns: ["id", "amount"], times: 4)
    }
    self.builder = builder
    self.order = order
    self.stock = stock
  }

  var proposal: Proposal { propose(builder.system) }
}

@Suite struct OwnershipTests {
  private func owner(
    of table: String, with change: (inout SystemBuilder, _ order: Int, _ stock: Int) -> Void
  ) -> TableOwner? {
    var two = TwoServices()
    change(&two.builder, two.order, two.stock)
    return two.proposal.owners.first { $0.table == TableName(table) }
  }

  @Test func onlyWriterOwns() {
    let owner = owner(of: "orders") { builder, _, stock in builder.access(stock, .read, "orders") }
    #expect(owner?.service == "order")
    #expect(owner?.ownership == .single)
    #expect(owner?.resolution == OwnershipResolution.none)
    #expect(owner?.margin == 1)
    #expect(owner?.runnerUp == "")
    #expect(owner?.writers.map(\.service) == ["order"])
    #expect(owner?.writers.first?.columns == ["id", "total"])
    #expect(owner?.writers.first?.evidence.count == 4)
    #expect(owner?.readers.map(\.service) == ["stock"])
    #expect(
      owner?.reason == "order writes it from 4 places, 100% of the write evidence; no other boundary writes it")
  }

  @Test func strongerWriterOwnsAndWeakerIsRunnerUp() {
    let owner = owner(of: "orders") { builder, _, stock in
      builder.access(stock, .write, "orders", .inferred, columns: ["total"])
    }
    #expect(owner?.service == "order")
    #expect(owner?.runnerUp == "stock")
    #expect(owner?.ownership == .joint)
    #expect(owner?.resolution == .delegate)
    #expect(abs((owner?.margin ?? 0) - (4 - 0.7) / 4.7) < 1e-9)
  }

  @Test func disjointColumnsAreSplit() {
    let owner = owner(of: "orders") { builder, _, stock in
      builder.access(stock, .write, "orders", columns: ["shelf"], times: 2)
    }
    #expect(owner?.resolution == .tableSplit)
  }

  @Test(arguments: [["*"], [], ["shelf", "TOTAL"]]) func unknownOrCommonColumnsAreNotSplit(columns: [String]) {
    let owner = owner(of: "orders") { builder, _, stock in builder.access(stock, .write, "orders", columns: columns) }
    #expect(owner?.resolution == .delegate)
  }

  @Test func balancedWritersShareADomain() {
    let owner = owner(of: "orders") { builder, _, stock in
      builder.access(stock, .write, "orders", columns: ["id"], times: 3)
    }
    #expect(owner?.ownership == .joint)
    #expect(owner?.resolution == .dataDomain)
  }

  /// The prefixes of their tables keep the two apart, however much they write for each other.
  @Test(arguments: [(1, OwnershipResolution.dataDomain), (2, .serviceConsolidation)])
  func servicesThatWriteMostlyForEachOtherAreConsolidated(crossing: Int, expected: OwnershipResolution) {
    let owner = owner(of: "orders") { builder, _, _ in
      for (prefix, type, other) in [("order", "Order", "stock"), ("stock", "Stock", "order")] {
        for number in 0..<6 {
          builder.table("\(prefix)_\(number)")
          if number > 0 { builder.key("\(prefix)_\(number)", to: "\(prefix)_\(number - 1)") }
        }
        builder.key("\(prefix)_0", to: "\(prefix)s")
        for table in ["\(other)s", "\(other)_1"] {
          let method = builder.function(
            "\(type)::\(table)", in: "src/\(prefix)/\(type.lowercased()).cpp", owner: type)
          builder.access(method, .write, table, columns: ["id"], times: crossing * 3)
        }
      }
    }
    #expect(owner?.resolution == expected)
  }

  @Test func guessedWriterDoesNotMakeATableJoint() {
    let owner = owner(of: "orders") { builder, _, stock in builder.access(stock, .write, "orders", .guessed) }
    #expect(owner?.ownership == .single)
    #expect(owner?.writers.map(\.service) == ["order", "stock"])
    #expect(owner?.runnerUp == "stock")
  }

  @Test func triggerIsAHiddenWriter() {
    let owner = owner(of: "stocks") { builder, _, _ in
      builder.program(
        StoredProgram(
          kind: .trigger, name: "after_order", table: TableName("orders"),
          accesses: [StatementAccess(table: TableName("stocks"), operation: .write, columns: ["amount"])],
          source: SourceSpan(file: RepoPath("schema.sql"), line: 90)))
    }
    #expect(owner?.service == "stock")
    #expect(owner?.ownership == .joint)
    #expect(owner?.writers.map(\.service) == ["stock", "order"])
    #expect(owner?.writers.last?.evidence == [SourceSpan(file: RepoPath("schema.sql"), line: 90)])
  }

  @Test(arguments: ["key", "join", "read", "name"]) func unwrittenTableIsPlacedByWhatPointsAtIt(evidence: String) {
    let name = evidence == "name" ? "order_archive" : "archive"
    let owner = owner(of: name) { builder, order, _ in
      builder.table(name)
      switch evidence {
      case "key": builder.key(name, to: "orders")
      case "join": builder.join(order, name, "orders")
      case "read": builder.access(order, .read, name)
      default: break
      }
    }
    #expect(owner?.service == "order")
    #expect(owner?.ownership == .unwritten)
    #expect(owner?.margin == 0)
    #expect(owner?.reason.hasPrefix("no writer was found; placed by ") == true)
  }

  @Test func tableEverybodyWritesIsCommon() {
    var planted = PlantedSystems.flat()
    var builder = SystemBuilder()
    builder.table("audit_log")
    planted.system.catalog.tables += builder.system.catalog.tables
    let template = planted.system.accesses[0]
    for (unit, fact) in planted.system.units.enumerated() where fact.kind == .function && fact.name.hasPrefix("IO") {
      var access = template
      access.unit = unit
      access.table = TableName("audit_log")
      access.operation = .write
      access.span = SourceSpan(file: fact.span.file, line: 99)
      planted.system.accesses.append(access)
    }
    let owner = propose(planted.system).owners.first { $0.table == TableName("audit_log") }
    #expect(owner?.ownership == .common)
    #expect(owner?.resolution == .delegate)
    #expect(owner?.writers.count == 6)
  }
}
