/// How close one looks at the graph.
package enum GraphLevel: String, CaseIterable, Sendable {
  /// Services and what crosses between them.
  case service
  /// Tables by owner, with keys, joins and outside users.
  case table
  /// Types and files by service, with the tables they touch.
  case type
  /// Functions by service, with the tables they touch.
  case function
}

/// The graph of a report at one level: nodes in a fixed order, edges sorted by from, to, kind, subject.
package struct ReportGraph: Sendable {
  /// What a node stands for.
  package enum NodeKind: String, Sendable {
    case service, table, type, file, function, program
    /// Nodes left out of a picture, counted.
    case more
  }

  /// A node.
  package struct Node: Hashable, Sendable {
    /// What it stands for.
    package var kind: NodeKind
    /// Name as the report spells it.
    package var name: String
    /// A second line for people, such as counts; may be empty.
    package var note: String
    /// Index of the service it belongs to; nil for none.
    package var group: Int?
    /// Whether it is code that all services share.
    package var isShared = false
    /// Tables a service owns, at the level of services.
    package var tables: [String] = []
  }

  /// An edge, one for each kind and subject between two nodes.
  package struct Edge: Hashable, Sendable {
    /// Index of the node that needs.
    package var from: Int
    /// Index of the node that is needed.
    package var to: Int
    /// call, inherit, global, include, read, write, ddl or a kind of seam.
    package var kind: String
    /// The table it is about, when neither end is that table; else empty.
    package var subject: String
    /// How many places show it.
    package var weight: Int
    /// The first place.
    package var place: ReportPlace
    /// Whether data crosses a service boundary here.
    package var isSeam: Bool
  }

  /// Level the graph was made for.
  package var level: GraphLevel
  /// Name of the system.
  package var title: String
  /// Names of the services, in the order of the report.
  package var groups: [String]
  /// A line for people about each group, such as counts.
  package var groupNotes: [String]
  /// Nodes.
  package var nodes: [Node] = []
  /// Edges.
  package var edges: [Edge] = []
  /// What a picture leaves out, in words; empty when it shows everything.
  package var omissions: [String] = []

  /// The graph of `report` at `level`, with everything in it. Linear in the report.
  package init(_ report: Report, level: GraphLevel) {
    self.level = level
    title = report.name
    groups = report.services.map(\.name)
    groupNotes = report.services.map {
      counted($0.tables.count, "table") + ", " + counted($0.units.count, "unit")
    }
    switch level {
    case .service: addServices(report)
    case .table: addTables(report)
    case .type: addUnits(report, lifted: true)
    case .function: addUnits(report, lifted: false)
    }
    mergeEdges()
  }

  /// Joins edges of the same ends, kind and subject, and sorts them.
  mutating func mergeEdges() {
    edges.sort { left, right in
      if left.from != right.from { return left.from < right.from }
      if left.to != right.to { return left.to < right.to }
      if left.kind != right.kind { return left.kind < right.kind }
      return left.subject == right.subject ? left.place < right.place : left.subject < right.subject
    }
    var merged: [Edge] = []
    merged.reserveCapacity(edges.count)
    for edge in edges {
      if let last = merged.last, last.from == edge.from, last.to == edge.to, last.kind == edge.kind,
        last.subject == edge.subject
      {
        merged[merged.count - 1].weight += edge.weight
        merged[merged.count - 1].isSeam = last.isSeam || edge.isSeam
      } else {
        merged.append(edge)
      }
    }
    edges = merged
  }
}

/// `1 table`, `2 tables`.
package func counted(_ count: Int, _ noun: String) -> String { "\(count) \(noun)\(count == 1 ? "" : "s")" }
