import Basics
import Decomposition
import Facts
import Graph
import Testing

/// The partitions that cleave is compared with.
@Suite struct BaselineTests {
  private func partition(_ name: String, _ system: SystemFacts, count: Int = 2) throws -> [String: Int] {
    let graph = DependencyGraph(system: system)
    let input = BaselineInput(
      system: system, graph: graph, measured: MeasuredSystem(system: system, graph: graph), serviceCount: count)
    let baseline = try #require(Baseline.all.first { $0.name == name })
    let serviceOf = try #require(baseline.partition(input))
    return Dictionary(uniqueKeysWithValues: zip(graph.nodes.map(\.name), serviceOf))
  }

  private var system: SystemFacts {
    var builder = SystemBuilder()
    let (cart, mail) = (builder.typeWithMethod("Cart"), builder.typeWithMethod("Mail"))
    let near = builder.typeWithMethod("NearCart")
    builder.refer(near, cart)
    builder.refer(near, mail)
    for _ in 0..<2 { builder.refer(cart, near) }
    for table in ["cart_items", "cart_owners", "mail_queue", "orphan"] { builder.table(table) }
    for table in ["cart_items", "cart_owners"] { builder.access(cart, .write, table, times: 3) }
    builder.access(mail, .write, "mail_queue")
    builder.access(mail, .read, "cart_items")
    builder.key("cart_items", to: "mail_queue")
    return builder.system
  }

  @Test func trivialPartitions() throws {
    let one = try partition("one_service", system)
    #expect(Set(one.values) == [0])
    let each = try partition("one_per_table", system)
    #expect(Set(["cart_items", "cart_owners", "mail_queue", "orphan"].map { each[$0] }).count == 4)
    #expect(each["Mail"] == each["mail_queue"])
    let keys = try partition("foreign_key_components", system)
    #expect(keys["cart_items"] == keys["mail_queue"])
    #expect(keys["cart_items"] != keys["cart_owners"])
    let prefixes = try partition("table_prefix", system)
    #expect(prefixes["cart_items"] == prefixes["cart_owners"])
    #expect(prefixes["Cart"] == prefixes["cart_items"])
    #expect(prefixes["NearCart"] == prefixes["cart_items"])
    #expect(prefixes["cart_items"] != prefixes["mail_queue"])
  }

  @Test(arguments: ["louvain", "leiden_modularity", "leiden_cpm", "infomap"])
  func communitiesOfCalls(name: String) throws {
    var builder = SystemBuilder()
    for group in ["Red", "Green", "Blue"] {
      let methods = (0..<6).map { builder.typeWithMethod("\(group)\($0)") }
      for left in methods { for right in methods where left != right { builder.refer(left, right, count: 3) } }
      builder.table(group)
      builder.access(methods[2], .write, group)
    }
    _ = builder.typeWithMethod("Alone")
    let found = try partition(name, builder.system)
    for group in ["Red", "Green", "Blue"] {
      #expect(Set((0..<6).map { found["\(group)\($0)"] } + [found[group]]).count == 1, "\(group)")
    }
    #expect(Set(["Red0", "Green0", "Blue0"].map { found[$0] }).count == 3)
    #expect(found["Alone"] == -1)
  }

  @Test func labelsRunOverCallsAndAccesses() throws {
    let found = try partition("label_propagation", PlantedSystems.flat().system)
    #expect(found["guilds"] == found["guild_items"])
    #expect(found["guilds"] == found["IOGuild"])
  }

  /// Tables a and b are touched by the same two routes, c and d by another one.
  @Test func tablesOfTheSameUseCasesAreAlike() throws {
    var builder = SystemBuilder()
    let methods = (0..<3).map { builder.typeWithMethod("Route\($0)") }
    for (table, users) in [("a", [0, 1]), ("b", [0, 1]), ("c", [2]), ("d", [2, 1])] {
      builder.table(table)
      for user in users { builder.access(methods[user], .write, table) }
    }
    let found = try partition("access_similarity", builder.system)
    #expect(found["a"] == found["b"])
    #expect(found["c"] == found["d"])
    #expect(found["a"] != found["c"])
  }

  /// Average linkage by its definition: always the two clusters with the smallest mean distance of their members.
  @Test(arguments: UInt64(1)...20) func averageLinkage(seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    let count = Int.random(in: 2...14, using: &random)
    var distance = [[Double]](repeating: [Double](repeating: 0, count: count), count: count)
    for left in 0..<count {
      for right in 0..<left {
        distance[left][right] = Double.random(in: 0...1, using: &random)
        distance[right][left] = distance[left][right]
      }
    }
    let tree = AverageLinkage(count: count) { distance[$0][$1] }
    var clusters = (0..<count).map { [$0] }
    while true {
      let found = tree.clusters(clusters.count)
      #expect(Set(clusters.map { $0.map { found[$0] } }.map { Set($0).count }) == [1])
      #expect(Set(found).count == clusters.count)
      guard clusters.count > 1 else { break }
      var best = (left: 0, right: 1, distance: Double.infinity)
      for left in clusters.indices {
        for right in clusters.indices where left < right {
          let all = clusters[left].flatMap { one in clusters[right].map { distance[one][$0] } }
          let mean = all.reduce(0, +) / Double(all.count)
          if mean < best.distance { best = (left, right, mean) }
        }
      }
      clusters[best.left] += clusters[best.right]
      clusters.remove(at: best.right)
    }
  }

  /// Small groups of a large graph: modularity merges them, the resolution taken from the graph does not.
  @Test func manyPlantedGroupsAreRecovered() throws {
    let planted = PlantedGraph(groups: 1000, nodes: 20_000, edges: 200_000, mixing: 0.3, seed: 3)
    func ari(_ name: String) throws -> Double {
      let method = try #require(GraphMethod.all.first { $0.name == name })
      let clusters = try #require(planted.clusters(by: method, seed: 3))
      return try #require(PartitionAgreement(truth: planted.truth, found: clusters)).ari
    }
    #expect(try ari("leiden_cpm") > 0.99)
    #expect(try ari("leiden_modularity") < 0.9)
  }

  @Test func plantedGraphIsTheSameEveryTime() {
    let one = PlantedGraph(groups: 5, nodes: 100, edges: 600, mixing: 0.2, seed: 9)
    let other = PlantedGraph(groups: 5, nodes: 100, edges: 600, mixing: 0.2, seed: 9)
    #expect(one.truth == other.truth)
    #expect(Set(one.truth.map { group in one.truth.count { $0 == group } }) == [20])
    for method in GraphMethod.all { #expect(one.clusters(by: method, seed: 2) == other.clusters(by: method, seed: 2)) }
  }

  @Test func namesAreUnique() {
    #expect(Set(Baseline.all.map(\.name)).count == Baseline.all.count)
    #expect(GraphMethod.all.map(\.name) == GraphMethod.all.map(\.name).sorted())
  }
}
