package import Basics
package import Facts

/// A type, a file with its free functions, or a table.
package struct GraphNode: Hashable, Sendable {
  /// What kind of node it is; sorted in this order.
  package enum Kind: String, Hashable, Sendable, CaseIterable { case type, file, table }

  /// What kind of node it is.
  package var kind: Kind
  /// Qualified type name, path of the file, or declared table name.
  package var name: String
  /// Index into `SystemFacts.units`; nil for tables and for files known only through their functions.
  package var unit: Int?
  /// The table, for table nodes.
  package var table: TableName?
  /// Folder of the file that defines it, without a trailing slash.
  package var folder: String

  /// A node with all its parts.
  package init(kind: Kind, name: String, unit: Int?, table: TableName?, folder: String) {
    self.kind = kind
    self.name = name
    self.unit = unit
    self.table = table
    self.folder = folder
  }
}

/// One kind of evidence between two nodes, in one direction.
package struct EdgeEvidence: Hashable, Sendable {
  /// Why.
  package var kind: EvidenceKind
  /// How many places show it.
  package var count: Int
  /// Its pull, in units of `EvidenceWeights`.
  package var weight: Double
  /// The first few places, sorted.
  package var spans: [SourceSpan]

  /// Evidence with all its parts.
  package init(kind: EvidenceKind, count: Int, weight: Double, spans: [SourceSpan]) {
    self.kind = kind
    self.count = count
    self.weight = weight
    self.spans = spans
  }
}

/// Everything that says one node needs another: code its callees and tables, a table the tables its keys point to.
package struct GraphEdge: Hashable, Sendable {
  /// Index of the node that needs.
  package var from: Int
  /// Index of the node that is needed; never the same as `from`.
  package var to: Int
  /// Evidence sorted by kind, at most one entry a kind.
  package var evidence: [EdgeEvidence]
  /// Sum of the weights of the evidence; the undirected pull of a pair is the sum over both directions.
  package var weight: Double

  /// An edge with its evidence in order of kind.
  package init(from: Int, to: Int, evidence: [EdgeEvidence]) {
    self.from = from
    self.to = to
    self.evidence = evidence
    self.weight = evidence.reduce(0) { $0 + $1.weight }
  }
}

/// One node of a group and how hard the group pulls it.
package struct GroupMember: Hashable, Sendable {
  /// Index of the node.
  package var node: Int
  /// Why it belongs to the group.
  package var kind: EvidenceKind
  /// Pull as a multiple of the strength of the node.
  package var pull: Double

  /// A member with all its parts.
  package init(node: Int, kind: EvidenceKind, pull: Double) {
    self.node = node
    self.kind = kind
    self.pull = pull
  }
}

/// Nodes that belong together by place or name: kept as one group and not as edges between all pairs, so it stays linear.
package struct NodeGroup: Hashable, Sendable {
  /// What the members share; sorted in this order.
  package enum Kind: String, Hashable, Sendable, CaseIterable { case package, module, schemaFile, nameFamily }

  /// What the members share.
  package var kind: Kind
  /// The folder, the declared module, the schema file, or the shared word.
  package var name: String
  /// Members sorted by node, each node once.
  package var members: [GroupMember]

  /// A group with all its parts.
  package init(kind: Kind, name: String, members: [GroupMember]) {
    self.kind = kind
    self.name = name
    self.members = members
  }
}

/// Who depends on what and who touches which data, as one weighted graph.
package struct DependencyGraph: Hashable, Sendable {
  /// Nodes sorted by kind, name and place.
  package var nodes: [GraphNode]
  /// Edges sorted by from and to.
  package var edges: [GraphEdge]
  /// Groups sorted by kind and name; packages are disjoint as far as code goes.
  package var groups: [NodeGroup]
  /// Share of the references that the folders explain: modularity of the packages, 0 to 1; 0 when folders say nothing.
  package var packageQuality: Double
  /// Package group of each node of code as an index into `groups`; nil for tables or when folders say nothing.
  package var packageOfNode: [Int?]
  private var nodeOfUnit: [Int32]
  private var isTestNode: [Bool]
  private var nodeOfTable: [TableName: Int]

  /// Builds the graph of a system. Linear but for sorting the evidence.
  package init(system: SystemFacts, weights: EvidenceWeights = .standard) {
    let index = NodeIndex(system: system)
    var collector = EdgeCollector(system: system, weights: weights)
    ReferenceEvidence(system: system, index: index, weights: weights).collect(into: &collector)
    DataEvidence(system: system, index: index, weights: weights).collect(into: &collector)
    EntryEvidence(system: system, index: index, weights: weights).collect(into: &collector)
    ChangeEvidence(system: system, index: index).collect(into: &collector)
    HandleEvidence(system: system, index: index).collect(into: &collector)
    if weights.pull(.words) > 0 { WordEvidence(system: system, index: index).collect(into: &collector) }
    let edges = collector.edges()
    let packages = weights.factor(.samePackage) > 0 ? PackageLevel(nodes: index.nodes, edges: edges) : .none
    nodes = index.nodes
    self.edges = edges
    groups = GroupEvidence(system: system, index: index, packages: packages, edges: edges, weights: weights)
      .groups()
    packageQuality = packages.quality
    nodeOfUnit = index.nodeOfUnit
    isTestNode = index.isTest
    nodeOfTable = index.nodeOfTable
    packageOfNode = [Int?](repeating: nil, count: index.nodes.count)
    for (number, group) in groups.enumerated() where group.kind == .package {
      for member in group.members where nodes[member.node].kind != .table { packageOfNode[member.node] = number }
    }
  }

  /// The node a unit belongs to: methods to their type, free functions and plain data types to their file.
  package func node(ofUnit unit: Int) -> Int? {
    guard nodeOfUnit.indices.contains(unit), nodeOfUnit[unit] >= 0 else { return nil }
    return Int(nodeOfUnit[unit])
  }

  /// Whether the node is code of tests, which is never deployed.
  package func isTest(_ node: Int) -> Bool { isTestNode[node] }

  /// The node of a declared table.
  package func node(ofTable table: TableName) -> Int? { nodeOfTable[table] }
}
