import Basics
import Decomposition
import Facts
import Graph
import Testing

/// Habits of systems that were met in the field, each in small.
@Suite struct GeneralityTests {
  private static let topics = ["order", "coupon", "topic", "brand"]

  /// A layered system: one folder of controllers, one of services, one of mappers; each topic has two tables.
  private func layered(prefix: String = "") -> SystemBuilder {
    var builder = SystemBuilder()
    for topic in Self.topics {
      let name = topic.prefix(1).uppercased() + topic.dropFirst()
      let tables = ["\(prefix)\(topic)", "\(prefix)\(topic)_line"]
      for table in tables { builder.table(table) }
      builder.key(tables[1], to: tables[0])
      let mapper = builder.typeWithMethod("\(name)Mapper", folder: "db/mapper")
      let service = builder.typeWithMethod("\(name)Service", folder: "db/service")
      let controller = builder.typeWithMethod("\(name)Controller", folder: "web/controller")
      for table in tables { builder.access(mapper, .write, table, times: 3) }
      builder.join(mapper, tables[0], tables[1])
      builder.refer(service, mapper)
      builder.refer(controller, service)
      builder.entry(controller)
    }
    return builder
  }

  private func service(of unit: String, _ proposal: Proposal, _ system: SystemFacts) -> String? {
    proposal.services.first { $0.units.contains { system.units[$0].name == unit } }?.name
  }

  @Test func layersFollowTheTablesTheyReach() {
    let system = layered().system
    let proposal = propose(system)
    for topic in Self.topics {
      let name = topic.prefix(1).uppercased() + topic.dropFirst()
      #expect(service(of: "\(name)Service", proposal, system) == topic)
      #expect(service(of: "\(name)Controller", proposal, system) == topic)
    }
  }

  @Test func nameOfTheProductNamesNoService() {
    #expect(Set(propose(layered(prefix: "acme_").system).services.map(\.name)) == Set(Self.topics))
  }

  /// A user interface that is called like a table and never refers to code with data.
  @Test func namesAloneBringNoCodeToData() {
    var builder = layered()
    let page = builder.typeWithMethod("OrderPage", folder: "order")
    let list = builder.typeWithMethod("OrderList", folder: "order")
    builder.refer(page, list, count: 9)
    let system = builder.system
    let proposal = propose(system)
    #expect(service(of: "OrderPage", proposal, system) != service(of: "OrderService", proposal, system))
    #expect(service(of: "OrderList", proposal, system) != service(of: "OrderService", proposal, system))
  }

  /// Every table has a first word of its own, and the transactions tie them in threes.
  @Test func namesThatPartWhatTheDataTiesAreJoined() {
    var builder = SystemBuilder()
    let words = ["cart", "order", "coupon", "role", "admin", "log", "topic", "brand", "comment"]
    for word in words {
      builder.table("\(word)_head")
      builder.access(builder.typeWithMethod("\(word)Dao", folder: "src"), .write, "\(word)_head", times: 2)
    }
    builder.table("order_line")
    builder.join(builder.typeWithMethod("orderDao", folder: "src"), "order_head", "order_line")
    builder.access(builder.typeWithMethod("orderDao", folder: "src"), .write, "order_line", times: 2)
    for start in [0, 3, 6] {
      let tables = words[start..<start + 3].map { "\($0)_head" }
      let flow = builder.typeWithMethod("Flow\(start)", folder: "src")
      for table in tables { builder.access(flow, .write, table) }
      for (left, right) in [(0, 1), (1, 2), (0, 2)] { builder.join(flow, tables[left], tables[right]) }
      builder.transaction(flow, writes: tables)
    }
    let proposal = propose(builder.system)
    #expect(proposal.services.count(where: { !$0.tables.isEmpty }) == 3)
  }

  /// Migrations fill in rows; that does not make their folder the owner of anything.
  @Test func migrationsOwnNoTable() {
    var builder = layered()
    for topic in Self.topics {
      let file = "migrations/\(topic).php"
      let up = builder.function("up", in: file, owner: "Create\(topic)")
      builder.access(up, .write, topic, times: 9)
      builder.migration(file, changes: [topic, "\(topic)_line"])
    }
    let proposal = propose(builder.system)
    #expect(Set(proposal.services.map(\.name)) == Set(Self.topics))
  }
}
