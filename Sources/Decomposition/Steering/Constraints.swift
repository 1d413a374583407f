import Basics
import Facts
import Graph

/// What the entries of a steering mean for the nodes of a graph, without the entries that contradict earlier ones.
///
/// A service people name is a vertex of its own beside the nodes: to pin is to link with it. So every contradiction is
/// the same thing: two vertices that have to be apart are linked.
struct Constraints {
  /// Entries that are obeyed, as indices into the steering.
  private(set) var obeyed: [Int] = []
  /// Nodes each entry is about, by entry; ascending.
  private(set) var nodesOf: [[Int]]
  /// The same by selector.
  let nodesOfSelectors: [[[Int]]]
  /// Names of services people gave; label `n` is vertex `nodes + n`.
  private(set) var labels: [String] = []
  /// Cluster of the unsteered division that each label means; nil for a new service.
  private(set) var clusterOfLabel: [Int?] = []
  /// Nodes that belong to no service.
  private(set) var shared: Set<Int> = []
  /// How many services, and the entry that says so.
  private(set) var services: (range: CountRange, entry: Int)?
  /// How many tables each service with tables has.
  private(set) var tables: (range: CountRange, entry: Int)?
  /// What could not be obeyed or stands for nothing.
  private(set) var diagnostics: [Diagnostic] = []

  private let steering: Steering
  private let nodeCount: Int
  /// New names of services by the names they have without steering.
  let renamed: [String: String]
  private var links: [Tie] = []
  private var apart: [Tie] = []
  private var sets: DisjointSets

  private struct Tie {
    let left: Int
    let right: Int
    let entry: Int
  }

  /// Labels a steering names; vertices are made for them up front.
  private static func labels(_ steering: Steering, _ renamed: [String: String]) -> [String] {
    var seen: Set<String> = []
    return steering.entries.compactMap { entry in
      switch entry.rule {
      case .pin(let name):
        let label = renamed[name] ?? name
        return seen.insert(label).inserted ? label : nil
      case .name(let label): return seen.insert(label).inserted ? label : nil
      case .mustLink, .cannotLink, .ignore, .shared, .services, .tablesPerService: return nil
      }
    }
  }

  /// Resolves `steering`. `clusterOf` and `names` are the division without it, which names of services refer to.
  init(steering: Steering, system: SystemFacts, graph: DependencyGraph, clusterOf: [Int], names: [String]) {
    self.steering = steering
    nodeCount = graph.nodes.count
    let index = SelectorIndex(system: system, graph: graph)
    nodesOfSelectors = steering.entries.map { $0.selectors.map { index.nodes(of: $0) } }
    nodesOf = nodesOfSelectors.map { Set($0.joined()).sorted() }
    var places = Places(clusterOf: clusterOf, names: names)
    renamed = places.renamed(by: steering, nodesOf)
    labels = Self.labels(steering, renamed)
    sets = DisjointSets(count: graph.nodes.count + labels.count)
    for (number, entry) in steering.entries.enumerated() {
      let found = nodesOfSelectors[number]
      for (selector, nodes) in zip(entry.selectors, found) where nodes.isEmpty && entry.rule != .ignore {
        if places.isService(selector), case .name = entry.rule { continue }
        let near = selector.kind == .service ? NearNames.of(selector.pattern.text, among: names) : index.near(selector)
        diagnostics.append(.noMatch(selector, entry, near: near))
      }
      apply(entry, number, found, &places)
    }
    clusterOfLabel = places.clusters(of: labels)
    checkCounts(clusterOf.indices.filter { graph.nodes[$0].kind == .table })
    diagnostics.sort()
  }

  private mutating func apply(_ entry: SteeringEntry, _ number: Int, _ found: [[Int]], _ places: inout Places) {
    let nodes = nodesOf[number]
    switch entry.rule {
    case .pin(let name):
      let vertex = nodeCount + (labels.firstIndex(of: renamed[name] ?? name) ?? 0)
      take(number, links: nodes.map { Tie(left: $0, right: vertex, entry: number) })
    case .mustLink:
      guard let first = nodes.first else { return }
      guard nodes.count > 1 else { return obeyed.append(number) }
      take(number, links: nodes.dropFirst().map { Tie(left: first, right: $0, entry: number) })
    case .cannotLink:
      var pairs: [Tie] = []
      for (position, left) in found.enumerated() {
        for right in found[(position + 1)...] {
          for from in left { pairs += right.map { Tie(left: from, right: $0, entry: number) } }
        }
      }
      take(number, apart: pairs)
    case .name(let label): name(label, number, &places)
    case .ignore: if !nodes.isEmpty { obeyed.append(number) }
    case .shared: share(number)
    case .services(let range):
      if let known = services { return contradict(number, [known.entry]) }
      services = (range, number)
      obeyed.append(number)
    case .tablesPerService(let range):
      if let known = tables { return contradict(number, [known.entry]) }
      tables = (range, number)
      obeyed.append(number)
    }
  }

  /// Takes an entry over unless it contradicts those before.
  private mutating func take(_ number: Int, links new: [Tie] = [], apart pairs: [Tie] = []) {
    guard !new.isEmpty || !pairs.isEmpty else { return }
    if let tie = (new + pairs).first(where: { shared.contains($0.left) || shared.contains($0.right) }) {
      return contradict(number, sharers(of: [tie.left, tie.right]))
    }
    let before = (sets, links.count, apart.count)
    for link in new { sets.join(link.left, link.right) }
    links += new
    apart += pairs
    guard let culprits = contradiction() else { return obeyed.append(number) }
    sets = before.0
    links.removeLast(links.count - before.1)
    apart.removeLast(apart.count - before.2)
    contradict(number, culprits.filter { $0 != number })
  }

  /// The entries that link two vertices that have to be apart; nil when there are none.
  private mutating func contradiction() -> [Int]? {
    for pair in apart where sets.root(pair.left) == sets.root(pair.right) {
      return ([pair.entry] + path(from: pair.left, to: pair.right)).sorted()
    }
    for left in labels.indices {
      for right in labels.indices where right > left && sets.root(nodeCount + left) == sets.root(nodeCount + right) {
        return path(from: nodeCount + left, to: nodeCount + right).sorted()
      }
    }
    return nil
  }

  /// Entries on a shortest way between two linked vertices.
  private func path(from start: Int, to end: Int) -> [Int] {
    var neighbours: [Int: [Tie]] = [:]
    for link in links {
      neighbours[link.left, default: []].append(link)
      neighbours[link.right, default: []].append(link)
    }
    var cameBy: [Int: Tie] = [:]
    var queue = [start]
    var next = 0
    while next < queue.count, cameBy[end] == nil {
      let vertex = queue[next]
      next += 1
      for link in neighbours[vertex] ?? [] {
        let other = link.left == vertex ? link.right : link.left
        guard other != start, cameBy[other] == nil else { continue }
        cameBy[other] = link
        queue.append(other)
      }
    }
    var entries: Set<Int> = []
    var vertex = end
    while vertex != start, let link = cameBy[vertex] {
      entries.insert(link.entry)
      vertex = link.left == vertex ? link.right : link.left
    }
    return entries.sorted()
  }

  private mutating func name(_ label: String, _ number: Int, _ places: inout Places) {
    let named = Set(
      steering.entries[number].selectors.filter { places.isService($0) }.compactMap { places.cluster(named: $0) }
        + nodesOf[number].compactMap { places.cluster(of: $0) })
    guard let cluster = named.min() else { return }
    guard named.count == 1 else {
      diagnostics.append(
        Diagnostic(
          code: "steering-contradiction", severity: .warning, span: steering.entries[number].span,
          message: "\(steering.entries[number].text) is about \(named.count) services",
          nextStep: "the entry is left out; name one service in each entry"))
      return
    }
    if let other = places.naming(cluster, label, entry: number) { return contradict(number, [other]) }
    let vertex = nodeCount + (labels.firstIndex(of: label) ?? 0)
    let nodes = nodesOf[number]
    guard !nodes.isEmpty else {
      obeyed.append(number)
      return places.name(cluster, label, entry: number)
    }
    let count = obeyed.count
    take(number, links: nodes.map { Tie(left: $0, right: vertex, entry: number) })
    if obeyed.count > count { places.name(cluster, label, entry: number) }
  }

  private mutating func share(_ number: Int) {
    let nodes = nodesOf[number]
    guard !nodes.isEmpty else { return }
    let set = Set(nodes)
    let others = (links + apart).filter { set.contains($0.left) || set.contains($0.right) }.map(\.entry)
    guard others.isEmpty else { return contradict(number, Set(others).sorted()) }
    shared.formUnion(nodes)
    obeyed.append(number)
  }

  private func sharers(of nodes: [Int]) -> [Int] {
    obeyed.filter { steering.entries[$0].rule == .shared && nodes.contains(where: nodesOf[$0].contains) }
  }

  /// More services asked for than there are things that may be apart, or fewer than have to be.
  private mutating func checkCounts(_ tableNodes: [Int]) {
    checkSizes(Set(tableNodes))
    guard let wanted = services else { return }
    let pinned = labels.indices.filter { label in links.contains { $0.right == nodeCount + label } }
    guard let most = wanted.range.most, pinned.count > most else { return }
    let entries = links.filter { $0.right >= nodeCount }.map(\.entry)
    services = nil
    obeyed.removeAll { $0 == wanted.entry }
    contradict(wanted.entry, Set(entries).sorted())
  }

  /// More tables have to stay together than a service may have.
  private mutating func checkSizes(_ tableNodes: Set<Int>) {
    guard let wanted = tables, let most = wanted.range.most,
      let large = bundles().first(where: { $0.nodes.count(where: tableNodes.contains) > most })
    else { return }
    let nodes = Set(large.nodes)
    let entries = links.filter { nodes.contains($0.left) || nodes.contains($0.right) }.map(\.entry)
    tables = nil
    obeyed.removeAll { $0 == wanted.entry }
    contradict(wanted.entry, Set(entries).sorted())
  }

  private static let placesShown = 3

  /// Reports an entry that cannot be obeyed beside others, which are.
  private mutating func contradict(_ number: Int, _ others: [Int]) {
    let entry = steering.entries[number]
    diagnostics.append(
      Diagnostic(
        code: "steering-contradiction", severity: .warning, span: entry.span,
        message: others.isEmpty
          ? "\(entry.text) contradicts itself" : "\(entry.text) contradicts \(listed(others))",
        nextStep: "this entry is left out; change it or the other"))
  }

  /// Entries with their places, the first few.
  private func listed(_ numbers: [Int]) -> String {
    let shown = numbers.prefix(Self.placesShown).map {
      "\(steering.entries[$0].text) (\(steering.entries[$0].span))"
    }
    let rest = numbers.count > Self.placesShown ? " and \(numbers.count - Self.placesShown) more" : ""
    return shown.joined(separator: " and ") + rest
  }

  /// Takes back how many services, or tables in each, are wanted, when no division was found that has as many.
  mutating func leaveOutCounts(services isServices: Bool) {
    guard let entry = isServices ? services?.entry : tables?.entry else { return }
    let other = isServices ? tables?.entry : services?.entry
    if isServices { services = nil } else { tables = nil }
    obeyed.removeAll { $0 == entry }
    let against = obeyed.filter { number in
      switch steering.entries[number].rule {
      case .pin, .mustLink, .cannotLink, .shared: true
      case .services, .tablesPerService: number == other
      case .name, .ignore: false
      }
    }
    let reason = against.isEmpty ? ": there are not so many things to put apart" : " beside \(listed(against))"
    diagnostics.append(
      Diagnostic(
        code: "steering-contradiction", severity: .warning, span: steering.entries[entry].span,
        message: "no division was found with \(steering.entries[entry].text)\(reason)",
        nextStep: "this entry is left out; change it or what stands against it"))
    diagnostics.sort()
  }
}

extension Constraints {
  /// Whether anything ties or parts nodes.
  var groupsNothing: Bool { links.isEmpty && apart.isEmpty && shared.isEmpty && services == nil && tables == nil }

  /// The sets of nodes that stay together: every node that an entry is about, with the label its set is pinned to.
  func bundles() -> [Bundle] {
    var copy = sets
    var members: [Int: Set<Int>] = [:]
    var labelOf: [Int: Int] = [:]
    for label in labels.indices { labelOf[copy.root(nodeCount + label)] = label }
    for tie in links + apart {
      for vertex in [tie.left, tie.right] where vertex < nodeCount {
        members[copy.root(vertex), default: []].insert(vertex)
      }
    }
    var numberOf: [Int: Int] = [:]
    let roots = members.keys.sorted()
    for (number, root) in roots.enumerated() { numberOf[root] = number }
    var bundles = roots.map { Bundle(nodes: (members[$0] ?? []).sorted(), label: labelOf[$0], apart: []) }
    for pair in apart {
      guard let left = numberOf[copy.root(pair.left)], let right = numberOf[copy.root(pair.right)] else { continue }
      bundles[left].apart.insert(right)
      bundles[right].apart.insert(left)
    }
    return bundles
  }

  /// Nodes that stay together.
  struct Bundle {
    /// Ascending.
    let nodes: [Int]
    /// The label of the service they are pinned to.
    let label: Int?
    /// Bundles that end elsewhere.
    var apart: Set<Int>
  }
}

/// Which cluster of the unsteered division people mean by the name of a service.
private struct Places {
  private let clusterOf: [Int]
  private let names: [String]
  /// The new name of a cluster and the entry that gives it.
  private var given: [Int: (label: String, entry: Int)] = [:]

  init(clusterOf: [Int], names: [String]) {
    self.clusterOf = clusterOf
    self.names = names
  }

  func isService(_ selector: Selector) -> Bool {
    (selector.kind == .service || selector.kind == .any) && cluster(named: selector) != nil
  }

  func cluster(named selector: Selector) -> Int? { names.firstIndex(of: selector.pattern.text) }

  func cluster(of node: Int) -> Int? { clusterOf[node] >= 0 ? clusterOf[node] : nil }

  /// The entry that gives this cluster another name or another cluster this name; nil when there is none.
  func naming(_ cluster: Int, _ label: String, entry: Int) -> Int? {
    if let known = given[cluster] { return known.label == label ? nil : known.entry }
    return given.filter { $0.value.label == label }.map(\.value.entry).min()
  }

  mutating func name(_ cluster: Int, _ label: String, entry: Int) {
    if given[cluster] == nil { given[cluster] = (label, entry) }
  }

  /// What `names` entries call services, by their present names, unless that is somebody's new name.
  func renamed(by steering: Steering, _ nodesOf: [[Int]]) -> [String: String] {
    var renamed: [String: String] = [:]
    var given: Set<String> = []
    for (number, entry) in steering.entries.enumerated() {
      guard case .name(let label) = entry.rule else { continue }
      given.insert(label)
      let clusters =
        nodesOf[number].compactMap { cluster(of: $0) }
        + entry.selectors.filter(isService).compactMap { cluster(named: $0) }
      guard let first = clusters.first, clusters.allSatisfy({ $0 == first }), renamed[names[first]] == nil else {
        continue
      }
      renamed[names[first]] = label
    }
    return renamed.filter { !given.contains($0.key) }
  }

  func clusters(of labels: [String]) -> [Int?] {
    labels.map { label in
      if let cluster = given.first(where: { $0.value.label == label })?.key { return cluster }
      guard let cluster = names.firstIndex(of: label) else { return nil }
      return given[cluster] == nil ? cluster : nil
    }
  }
}
