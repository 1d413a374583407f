import Basics
import Decomposition
import Facts

/// Puts services in the order they move and finds those that have to move together.
struct GroupOrder {
  /// One service in its place.
  struct Entry: Hashable {
    let service: String
    let tables: Int
    /// Why it stands at its place.
    let reason: String
    /// Names of services it moves with, with the reason.
    let together: [String]
  }

  let entries: [Entry]

  /// The service with the least risk first, to prove the path; then those that pay most for the risk they take. Ties go
  /// to fewer tables, then by name; services that move together stay next to each other.
  init(
    services: [ServiceBoundary], proposal: Proposal, catalog: Catalog, ownerOf: [TableName: String],
    ranks: [ServiceRank]
  ) {
    let names = services.map(\.name)
    let index = Dictionary(names.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
    var sets = DisjointSets(count: names.count)
    var reasons: [Int: [String]] = [:]
    for seam in proposal.seams where seam.rule == "R0" {
      guard let from = index[seam.from], let to = index[seam.to], from != to else { continue }
      if sets.join(from, to) { reasons[min(from, to), default: []].append("R0 at \(seam.span)") }
    }
    for cycle in KeyCycles.cycles(of: catalog) {
      let members = Array(Set(cycle.compactMap { ownerOf[$0].flatMap { index[$0] } })).sorted()
      for member in members.dropFirst() where sets.join(members[0], member) {
        reasons[members[0], default: []].append(
          "foreign key cycle through \(cycle.map(\.text).sorted().prefix(4).joined(separator: ", "))")
      }
    }
    entries = Self.sorted(services, ranks: ranks, sets: &sets, reasons: reasons)
  }

  private static func sorted(
    _ services: [ServiceBoundary], ranks: [ServiceRank], sets: inout DisjointSets, reasons: [Int: [String]]
  ) -> [Entry] {
    var groups: [Int: [Int]] = [:]
    for service in services.indices { groups[sets.root(service), default: []].append(service) }
    func isSafer(_ left: Int, _ right: Int) -> Bool {
      (ranks[left].risk, services[left].tables.count, services[left].name)
        < (ranks[right].risk, services[right].tables.count, services[right].name)
    }
    func pays(_ left: Int, _ right: Int) -> Bool {
      if ranks[left].paysMore(than: ranks[right]) { return true }
      return ranks[right].paysMore(than: ranks[left]) ? false : isSafer(left, right)
    }
    var ordered = groups.values.map { $0.sorted(by: isSafer) }.sorted { isSafer($0[0], $1[0]) }
    ordered = ordered.prefix(1) + ordered.dropFirst().sorted { pays($0[0], $1[0]) }
    return ordered.enumerated().flatMap { place, members -> [Entry] in
      let why = members.flatMap { reasons[$0] ?? [] }.sorted().prefix(3).joined(separator: "; ")
      return members.map { member in
        let tables = services[member].tables.count
        return Entry(
          service: services[member].name, tables: tables,
          reason: ranks[member].reason(isFirst: place == 0, tables: tables),
          together: members.filter { $0 != member }.map { "\(services[$0].name) (\(why))" })
      }
    }
  }
}

/// Union and find over small numbers.
struct DisjointSets {
  private var parent: [Int]

  init(count: Int) { parent = Array(0..<count) }

  mutating func root(_ element: Int) -> Int {
    var root = element
    while parent[root] != root { root = parent[root] }
    var walk = element
    while parent[walk] != root { (parent[walk], walk) = (root, parent[walk]) }
    return root
  }

  /// Joins two sets; false when they were one already.
  mutating func join(_ left: Int, _ right: Int) -> Bool {
    let (first, second) = (root(left), root(right))
    if first == second { return false }
    parent[max(first, second)] = min(first, second)
    return true
  }
}

/// Tables that reference each other in a circle.
enum KeyCycles {
  /// Strongly connected sets of two or more tables, each sorted; Kosaraju's algorithm with explicit stacks.
  static func cycles(of catalog: Catalog) -> [[TableName]] {
    let tables = catalog.tables.map(\.name)
    let index = Dictionary(tables.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
    var forward = [[Int]](repeating: [], count: tables.count)
    var backward = forward
    for (child, table) in catalog.tables.enumerated() {
      for key in table.foreignKeys {
        guard let parent = index[key.target], parent != child else { continue }
        forward[child].append(parent)
        backward[parent].append(child)
      }
    }
    var component = [Int](repeating: -1, count: tables.count)
    var members: [[TableName]] = []
    for start in finishOrder(forward).reversed() where component[start] < 0 {
      var stack = [start]
      component[start] = members.count
      var found: [TableName] = []
      while let node = stack.popLast() {
        found.append(tables[node])
        for next in backward[node] where component[next] < 0 {
          component[next] = members.count
          stack.append(next)
        }
      }
      members.append(found.sorted())
    }
    return members.filter { $0.count > 1 }.sorted { $0[0] < $1[0] }
  }

  private static func finishOrder(_ edges: [[Int]]) -> [Int] {
    var visited = [Bool](repeating: false, count: edges.count)
    var order: [Int] = []
    for start in edges.indices where !visited[start] {
      visited[start] = true
      var stack: [(node: Int, next: Int)] = [(start, 0)]
      while let top = stack.last {
        guard top.next < edges[top.node].count else {
          order.append(top.node)
          stack.removeLast()
          continue
        }
        stack[stack.count - 1].next += 1
        let child = edges[top.node][top.next]
        if !visited[child] {
          visited[child] = true
          stack.append((child, 0))
        }
      }
    }
    return order
  }
}
