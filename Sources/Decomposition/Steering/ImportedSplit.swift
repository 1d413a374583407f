package import Basics
import Facts
import Graph

/// A division that was made elsewhere: by people, or by another tool.
package struct ImportedSplit: Hashable, Sendable {
  /// One row: what belongs to which service.
  package struct Row: Hashable, Sendable {
    /// What the member is.
    package enum Kind: String, Hashable, Sendable { case table, unit, shared }

    /// What the member is.
    package var kind: Kind
    /// Table, or qualified name or path of a unit.
    package var member: String
    /// The service; empty for shared units.
    package var service: String
    /// Line of the file.
    package var line: Int

    /// A row with all its parts.
    package init(kind: Kind, member: String, service: String, line: Int) {
      self.kind = kind
      self.member = member
      self.service = service
      self.line = line
    }
  }

  /// Rows in the order of the file.
  package var rows: [Row]
  /// The file.
  package var source: RepoPath

  /// A division with all its rows.
  package init(rows: [Row], source: RepoPath) {
    self.rows = rows
    self.source = source
  }
}

/// An imported division on the nodes of a graph: tables as given, code as given or with its data.
struct ImportedDivision {
  private(set) var division: Division
  private(set) var diagnostics: [Diagnostic] = []

  private static let namesShown = 5

  init(
    split: ImportedSplit, system: SystemFacts, graph: DependencyGraph, ledger: WriteLedger,
    settings: DecompositionSettings, start: Division
  ) {
    let names = Set(split.rows.filter { $0.kind != .shared }.map(\.service)).sorted()
    division = Division(clusterOf: [Int](repeating: -1, count: graph.nodes.count), names: names)
    var given: [Int: Int] = [:]
    let index = SelectorIndex(system: system, graph: graph)
    var unitNodes: [String: Int] = [:]
    for (number, unit) in system.units.enumerated() where unit.kind == .type || unit.kind == .file {
      if let node = graph.node(ofUnit: number), unitNodes[unit.name] == nil { unitNodes[unit.name] = node }
    }
    var missing: [ImportedSplit.Row] = []
    for row in split.rows {
      let nodes =
        row.kind == .table
        ? index.nodes(of: Selector(.table, row.member)) : unitNodes[row.member].map { [$0] } ?? []
      if nodes.isEmpty { missing.append(row) }
      for node in nodes where given[node] == nil {
        given[node] = row.kind == .shared ? -1 : names.firstIndex(of: row.service) ?? -1
      }
    }
    for (node, cluster) in given { division.clusterOf[node] = cluster }
    reportMissing(missing, split, index)
    placeOtherTables(graph, ledger, given, split)
    followTables(graph, ledger, settings, given, start)
    dropEmpty()
  }

  private mutating func reportMissing(_ rows: [ImportedSplit.Row], _ split: ImportedSplit, _ index: SelectorIndex) {
    for row in rows.prefix(Self.namesShown) {
      let near = index.near(Selector(row.kind == .table ? .table : .unit, row.member))
      diagnostics.append(
        Diagnostic(
          code: "split-no-match", severity: .warning, span: SourceSpan(file: split.source, line: row.line),
          message: "no \(row.kind == .table ? "table" : "unit") is named \(row.member)",
          nextStep: near.isEmpty
            ? "`cleave tables` lists what there is" : "did you mean \(near.joined(separator: ", "))"
        ))
    }
    guard rows.count > Self.namesShown, let first = rows.first else { return }
    diagnostics.append(
      Diagnostic(
        code: "split-no-match", severity: .warning, span: SourceSpan(file: split.source, line: first.line),
        message: "\(rows.count) rows name nothing in the system"))
  }

  /// Tables the file does not name go where they are tied most; without any tie they have no owner.
  private mutating func placeOtherTables(
    _ graph: DependencyGraph, _ ledger: WriteLedger, _ given: [Int: Int], _ split: ImportedSplit
  ) {
    let others = graph.nodes.indices.filter { graph.nodes[$0].kind == .table && given[$0] == nil }
    guard !others.isEmpty else { return }
    var ties: [Int: [Int: Double]] = [:]
    for edge in graph.edges {
      for (own, other) in [(edge.from, edge.to), (edge.to, edge.from)] {
        guard graph.nodes[own].kind == .table, given[own] == nil, let cluster = given[other], cluster >= 0 else {
          continue
        }
        ties[own, default: [:]][cluster, default: 0] += edge.weight
      }
    }
    for table in others {
      let best = ties[table]?.max { ($0.value, $1.key) < ($1.value, $0.key) }
      division.clusterOf[table] = best?.key ?? -1
    }
    let names = others.prefix(Self.namesShown).map { graph.nodes[$0].name }.joined(separator: ", ")
    diagnostics.append(
      Diagnostic(
        code: "split-incomplete", severity: .warning, span: SourceSpan(file: split.source, line: 0),
        message: "\(others.count) tables are in no row, such as \(names); they were put where they are tied most",
        nextStep: "add rows for them"))
  }

  private mutating func followTables(
    _ graph: DependencyGraph, _ ledger: WriteLedger, _ settings: DecompositionSettings, _ given: [Int: Int],
    _ start: Division
  ) {
    let isIncluded = graph.nodes.indices.map { start.clusterOf[$0] >= 0 || graph.nodes[$0].kind == .table }
    let tables = graph.nodes.indices.map { graph.nodes[$0].kind == .table ? division.clusterOf[$0] : -1 }
    let placed = CodePlacement(
      affinity: Affinity(graph: graph, isIncluded: isIncluded),
      groups: DataGroups(groupOf: tables, count: division.names.count), writes: ledger, settings: settings
    ).partition().clusterOf
    for node in placed.indices where graph.nodes[node].kind != .table && given[node] == nil {
      division.clusterOf[node] = placed[node] < division.names.count ? placed[node] : -1
    }
  }

  /// Services of which nothing is in the system are no services.
  private mutating func dropEmpty() {
    let used = Set(division.clusterOf).subtracting([-1]).sorted()
    let number = Dictionary(uniqueKeysWithValues: used.enumerated().map { ($0.element, $0.offset) })
    division.clusterOf = division.clusterOf.map { number[$0] ?? -1 }
    division.names = used.map { division.names[$0] }
  }
}
