/// A graph cut down to what a person can read, with one edge a pair of nodes.
package struct GraphPicture: Sendable {
  /// All that is drawn between two nodes in one direction.
  package struct Link: Hashable, Sendable {
    /// Index of the node that needs.
    package var from: Int
    /// Index of the node that is needed.
    package var to: Int
    /// Lines of the label, the heaviest first.
    package var labels: [String]
    /// Sum of the weights.
    package var weight: Int
    /// Whether data crosses a service boundary here.
    package var isSeam: Bool
    /// Whether a foreign key is part of it.
    package var isKey: Bool
  }

  /// The graph with its nodes reduced.
  package private(set) var graph: ReportGraph
  /// Links sorted by from and to.
  package private(set) var links: [Link] = []

  /// How much a person reads before a picture turns into a hairball: nodes in all, nodes in a group, links.
  private struct Limits {
    var nodes: Int
    var nodesInGroup: Int
    var links: Int
    /// Lines of one label.
    static let labels = 3
    /// Links of code alone that leave a service, at the level of services: more would bury the seams.
    static let codeLinks = 1

    init(_ level: GraphLevel) {
      switch level {
      case .service: (nodes, nodesInGroup, links) = (40, 40, 90)
      case .table: (nodes, nodesInGroup, links) = (120, 30, 160)
      case .type, .function: (nodes, nodesInGroup, links) = (70, 10, 110)
      }
    }
  }

  /// Reduces `graph`: inner uses of tables and shared code go, the lightest nodes of each service are folded into one
  /// "+N more", the lightest links go last. Everything left out is named in `graph.omissions`.
  package init(_ full: ReportGraph) {
    graph = full
    let limits = Limits(full.level)
    dropNoise()
    foldLightNodes(limits)
    link(limits)
  }

  /// At table level a service's use of its own tables is what its cluster already says; shared code is called from
  /// everywhere and would tie all clusters together.
  private mutating func dropNoise() {
    let nodes = graph.nodes
    if graph.level == .table {
      graph.edges.removeAll { !$0.isSeam && nodes[$0.from].kind == .service }
    }
    let shared = nodes.count { $0.isShared }
    if shared > 0 { graph.omissions.append("calls from and to \(counted(shared, "shared unit")) left out") }
    var isUsed = [Bool](repeating: false, count: nodes.count)
    graph.edges.removeAll { !$0.isSeam && (nodes[$0.from].isShared || nodes[$0.to].isShared) }
    for edge in graph.edges {
      isUsed[edge.from] = true
      isUsed[edge.to] = true
    }
    let isServiceLevel = graph.level == .service
    keepNodes { index, node in
      isUsed[index] || node.kind == .table || (node.kind == .service && isServiceLevel)
    }
  }

  private mutating func keepNodes(_ keep: (Int, ReportGraph.Node) -> Bool) {
    var target = [Int](repeating: -1, count: graph.nodes.count)
    var kept: [ReportGraph.Node] = []
    for (index, node) in graph.nodes.enumerated() where keep(index, node) {
      target[index] = kept.count
      kept.append(node)
    }
    graph.nodes = kept
    moveEdges(to: target)
  }

  private mutating func moveEdges(to target: [Int]) {
    for index in graph.edges.indices {
      graph.edges[index].from = target[graph.edges[index].from]
      graph.edges[index].to = target[graph.edges[index].to]
    }
    graph.edges.removeAll { $0.from < 0 || $0.to < 0 || $0.from == $0.to }
    graph.mergeEdges()
  }

  private mutating func foldLightNodes(_ limits: Limits) {
    guard graph.nodes.count > limits.nodes else { return }
    let isServiceLevel = graph.level == .service
    // Services are few and stay at the other levels; at their own level all of them compete with each other.
    let foldable = graph.nodes.indices.filter { isServiceLevel || graph.nodes[$0].kind != .service }
    let groups = Dictionary(grouping: foldable) { isServiceLevel ? -1 : graph.nodes[$0].group ?? -1 }
    let capacity =
      isServiceLevel ? limits.nodes : max(3, min(limits.nodesInGroup, limits.nodes / max(groups.count, 1)))
    var target = Array(graph.nodes.indices)
    var more: [ReportGraph.Node] = []
    for (group, members) in groups.sorted(by: { $0.key < $1.key }) where members.count > capacity {
      for member in rankedByWeight(members).dropFirst(capacity) { target[member] = graph.nodes.count + more.count }
      more.append(
        ReportGraph.Node(
          kind: .more, name: "+\(members.count - capacity) more", note: "", group: group >= 0 ? group : nil))
    }
    guard !more.isEmpty else { return }
    graph.omissions.append("the lightest nodes of a service are folded into \u{201C}+N more\u{201D}")
    let isKept = target.indices.map { target[$0] == $0 } + more.map { _ in true }
    target += graph.nodes.count..<(graph.nodes.count + more.count)
    graph.nodes += more
    moveEdges(to: target)
    keepNodes { index, _ in isKept[index] }
  }

  /// The heaviest first: by what crosses boundaries, then by everything, then by name.
  private func rankedByWeight(_ members: [Int]) -> [Int] {
    var score = [(seam: Int, all: Int)](repeating: (0, 0), count: graph.nodes.count)
    for edge in graph.edges {
      for end in [edge.from, edge.to] {
        score[end].all += edge.weight
        if edge.isSeam { score[end].seam += edge.weight }
      }
    }
    return members.sorted { left, right in
      (score[right].seam, score[right].all, graph.nodes[left].name, left)
        < (score[left].seam, score[left].all, graph.nodes[right].name, right)
    }
  }

  private mutating func link(_ limits: Limits) {
    var index = 0
    while index < graph.edges.count {
      let first = graph.edges[index]
      var end = index
      while end < graph.edges.count, graph.edges[end].from == first.from, graph.edges[end].to == first.to { end += 1 }
      let link = makeLink(graph.edges[index..<end])
      // What folded nodes call says nothing a person could use; what data they cross for does.
      if link.isSeam || ![link.from, link.to].contains(where: { graph.nodes[$0].kind == .more }) { links.append(link) }
      index = end
    }
    if graph.level == .service { dropLightCodeLinks() }
    guard links.count > limits.links else { return }
    graph.omissions.append("the \(limits.links) heaviest of \(links.count) links are drawn")
    let ranked = links.indices.sorted { left, right in
      (links[right].isSeam ? 1 : 0, links[right].weight, left) < (links[left].isSeam ? 1 : 0, links[left].weight, right)
    }
    links = ranked.prefix(limits.links).sorted().map { links[$0] }
  }

  /// Keeps the heaviest links of code alone for each service.
  private mutating func dropLightCodeLinks() {
    var count: [Int: Int] = [:]
    let ranked = links.indices.filter { !links[$0].isSeam }
      .sorted { (links[$1].weight, $0) < (links[$0].weight, $1) }
    var kept = Set(links.indices.filter { links[$0].isSeam })
    for index in ranked where count[links[index].from, default: 0] < Limits.codeLinks {
      count[links[index].from, default: 0] += 1
      kept.insert(index)
    }
    guard kept.count < links.count else { return }
    graph.omissions.append("of code alone the heaviest link of each service is drawn")
    links = kept.sorted().map { links[$0] }
  }

  private func makeLink(_ edges: ArraySlice<ReportGraph.Edge>) -> Link {
    let isSeam = edges.contains(where: \.isSeam)
    // A link of both colours would need both legends: where data crosses, the calls beside it are not news.
    let ranked = edges.filter { $0.isSeam || !isSeam }.sorted { left, right in
      (right.weight, left.kind, left.subject) < (left.weight, right.kind, right.subject)
    }
    var labels = ranked.prefix(Limits.labels).map(label)
    if ranked.count > Limits.labels { labels.append("+\(ranked.count - Limits.labels) more") }
    return Link(
      from: edges[edges.startIndex].from, to: edges[edges.startIndex].to, labels: labels,
      weight: edges.reduce(0) { $0 + $1.weight }, isSeam: isSeam,
      isKey: edges.contains { $0.kind == "foreign_key" })
  }

  private func label(_ edge: ReportGraph.Edge) -> String {
    let verb = GraphPicture.verb(edge.kind)
    return edge.subject.isEmpty ? "\(verb) (\(edge.weight))" : "\(verb) \(edge.subject) (\(edge.weight))"
  }

  /// What an edge of that kind does, in the third person.
  package static func verb(_ kind: String) -> String {
    switch kind {
    case "write": "writes"
    case "read": "reads"
    case "ddl": "alters"
    case "join": "joins"
    case "foreign_key": "references"
    case "transaction": "commits with"
    case "n_plus_one": "loops over"
    case "trigger": "triggers"
    case "call": "calls"
    case "inherit": "inherits"
    case "include": "includes"
    case "use": "names"
    case "global": "shares globals"
    default: kind
    }
  }
}
