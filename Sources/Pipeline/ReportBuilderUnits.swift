import Basics
import Decomposition
import Facts
import Graph
import Reporting

/// Units and references of a system as the columns a report keeps.
struct UnitColumns {
  /// The columns: units of the system in order, then files that are known only through their functions.
  private(set) var code = ReportCode()
  /// Unit of each node of the graph; -1 for tables.
  private var unitOfNode: [Int] = []
  private var fileNumbers: [String: Int] = [:]

  init(system: SystemFacts, graph: DependencyGraph, proposal: Proposal) {
    addUnits(system, graph)
    placeUnits(system, graph, proposal)
    addReferences(system)
  }

  private mutating func number(ofFile path: String) -> Int {
    if let number = fileNumbers[path] { return number }
    fileNumbers[path] = code.files.count
    code.files.append(path)
    return code.files.count - 1
  }

  private mutating func addUnits(_ system: SystemFacts, _ graph: DependencyGraph) {
    let kinds: [CodeUnit.Kind] = [.file, .function, .storedProgram, .type]
    code.kindNames = kinds.map(\.rawValue)
    for unit in system.units { add(name: unit.name, kind: kinds.firstIndex(of: unit.kind) ?? 0, span: unit.span) }
    unitOfNode = graph.nodes.map { node in node.kind == .table ? -1 : node.unit ?? -1 }
    for (index, node) in graph.nodes.enumerated() where node.kind == .file && unitOfNode[index] < 0 {
      unitOfNode[index] = code.count
      add(name: node.name, kind: 0, span: SourceSpan(file: RepoPath(node.name), line: 0))
    }
  }

  private mutating func add(name: String, kind: Int, span: SourceSpan) {
    code.names.append(name)
    code.kinds.append(kind)
    code.fileOf.append(number(ofFile: span.file.text))
    code.lines.append(span.line)
    code.homes.append(code.homes.count)
    code.services.append(ReportCode.noService)
  }

  /// A unit lives where its node lives: methods with their type, free functions with their file.
  private mutating func placeUnits(_ system: SystemFacts, _ graph: DependencyGraph, _ proposal: Proposal) {
    for unit in system.units.indices {
      if let node = graph.node(ofUnit: unit), unitOfNode[node] >= 0 { code.homes[unit] = unitOfNode[node] }
    }
    var serviceOfUnit = [Int](repeating: ReportCode.noService, count: code.count)
    for (number, service) in proposal.services.enumerated() {
      for unit in service.units where system.units.indices.contains(unit) { serviceOfUnit[unit] = number }
    }
    for unit in proposal.shared where system.units.indices.contains(unit) {
      serviceOfUnit[unit] = ReportCode.sharedService
    }
    for unit in serviceOfUnit.indices {
      let own = serviceOfUnit[unit]
      code.services[unit] = own == ReportCode.noService ? serviceOfUnit[code.homes[unit]] : own
    }
  }

  private mutating func addReferences(_ system: SystemFacts) {
    let kinds = Reference.Kind.allCases.sorted { $0.rawValue < $1.rawValue }
    var columns = ReportReferences()
    columns.kindNames = kinds.map(\.rawValue)
    let valid = system.units.indices
    for reference in system.references where valid.contains(reference.from) && valid.contains(reference.to) {
      columns.froms.append(reference.from)
      columns.tos.append(reference.to)
      columns.kinds.append(kinds.firstIndex(of: reference.kind) ?? 0)
      columns.counts.append(reference.count)
      columns.files.append(number(ofFile: reference.span.file.text))
      columns.lines.append(reference.span.line)
    }
    code.references = columns
  }

  /// The weighted evidence of the graph, its nodes numbered as in the report.
  func evidence(system: SystemFacts, graph: DependencyGraph) -> ReportEvidence {
    var columns = ReportEvidence()
    let kinds = EvidenceKind.allCases.sorted()
    columns.kindNames = kinds.map(\.rawValue)
    let tables = Dictionary(
      system.catalog.tables.enumerated().map { ($1.name, $0) }, uniquingKeysWith: { first, _ in first })
    let number = graph.nodes.indices.map { node in
      if unitOfNode[node] >= 0 { return unitOfNode[node] }
      return graph.nodes[node].table.flatMap { tables[$0] }.map { code.count + $0 } ?? -1
    }
    for edge in graph.edges where number[edge.from] >= 0 && number[edge.to] >= 0 {
      for evidence in edge.evidence where evidence.weight > 0 {
        columns.froms.append(number[edge.from])
        columns.tos.append(number[edge.to])
        columns.kinds.append(kinds.firstIndex(of: evidence.kind) ?? 0)
        columns.weights.append(rounded(evidence.weight))
        columns.files.append(evidence.spans.first.flatMap { fileNumbers[$0.file.text] } ?? -1)
        columns.lines.append(evidence.spans.first?.line ?? 0)
      }
    }
    columns.groups = graph.groups.map { group in
      var row = ReportGroup()
      switch group.kind {
      case .package: row.kind = "package"
      case .module: row.kind = "module"
      case .schemaFile: row.kind = "schema file"
      case .nameFamily: row.kind = "name family"
      }
      row.name = group.name
      let members = group.members.filter { number[$0.node] >= 0 }
      row.members = members.map { number[$0.node] }
      row.pulls = members.map { rounded($0.pull) }
      return row
    }
    return columns
  }

  /// Four digits after the point: more says nothing and doubles the size of the report.
  private func rounded(_ weight: Double) -> Double { (weight * 10_000).rounded() / 10_000 }
}
