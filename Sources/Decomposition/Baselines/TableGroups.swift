import Basics
import Facts
import Graph

/// Baselines that group the tables alone; code goes where its tables are.
struct TableGroups {
  private let input: BaselineInput
  private var graph: DependencyGraph { input.graph }
  private var tables: [Int] { graph.nodes.indices.filter { graph.nodes[$0].kind == .table } }

  init(_ input: BaselineInput) { self.input = input }

  /// Every table a service of its own.
  var onePerTable: [Int]? { followed(Dictionary(uniqueKeysWithValues: tables.map { ($0, $0) })) }

  /// Tables that foreign keys lead to each other, one way or the other.
  var foreignKeyComponents: [Int]? {
    var forest = DisjointSets(count: graph.nodes.count)
    for table in input.system.catalog.tables {
      for key in table.foreignKeys {
        if let from = graph.node(ofTable: table.name), let to = graph.node(ofTable: key.target) {
          forest.join(from, to)
        }
      }
    }
    return followed(Dictionary(uniqueKeysWithValues: tables.map { ($0, forest.root($0)) }))
  }

  /// Tables whose names start with the same word.
  var prefixes: [Int]? {
    var numbers: [String: Int] = [:]
    var groups: [Int: Int] = [:]
    for table in tables {
      let name = graph.nodes[table].table?.baseKey ?? graph.nodes[table].name
      let word = PathNames.words(name).first ?? name
      let number = numbers[word] ?? numbers.count
      numbers[word] = number
      groups[table] = number
    }
    return followed(groups)
  }

  /// Code beside the tables it pulls most at; code that touches none follows the code it is tied to most, from the tables
  /// outwards. What no path leads to stays in no service.
  private func followed(_ groupOfTable: [Int: Int]) -> [Int]? {
    guard !groupOfTable.isEmpty else { return nil }
    return Followers(graph).followed(graph.nodes.indices.map { groupOfTable[$0] ?? -1 })
  }
}

/// Places nodes that have no place yet beside the ones they are tied to most.
struct Followers {
  private let graph: DependencyGraph

  init(_ graph: DependencyGraph) { self.graph = graph }

  /// The partition with everything placed that a path of edges leads to, ring by ring; tests stay in none. Edges times the
  /// length of the longest path.
  func followed(_ start: [Int]) -> [Int] {
    var serviceOf = start
    while true {
      var pulls: [Int: [Int: Double]] = [:]
      for edge in graph.edges where !graph.isTest(edge.from) && !graph.isTest(edge.to) {
        let from = serviceOf[edge.from]
        let to = serviceOf[edge.to]
        if from < 0, to >= 0 { pulls[edge.from, default: [:]][to, default: 0] += edge.weight }
        if to < 0, from >= 0 { pulls[edge.to, default: [:]][from, default: 0] += edge.weight }
      }
      guard !pulls.isEmpty else { return serviceOf }
      for (node, services) in pulls {
        guard let best = services.max(by: { ($0.value, $1.key) < ($1.value, $0.key) }) else { continue }
        serviceOf[node] = best.key
      }
    }
  }
}
