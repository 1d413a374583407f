import Basics
import Facts

/// Evidence of what people declared: folders of one owner, of one build file, of one app.
///
/// A hint and no rule: each way to declare modules is believed as far as its modules hold the references of the code
/// together (modularity), as folders are. Build files that divide a system by layers hold few and pull little.
struct ModuleEvidence {
  let system: SystemFacts
  let index: NodeIndex
  let weights: EvidenceWeights

  /// One group a hint with at least two nodes, sorted by name and members. Linear in nodes, edges and depth of folders.
  func groups(_ edges: [GraphEdge]) -> [NodeGroup] {
    guard weights.factor(.module) > 0 else { return [] }
    var groups: [NodeGroup] = []
    for source in ModuleHint.Source.allCases {
      let hints = system.hints.filter { $0.source == source }.sorted()
      guard hints.count > 1 else { continue }
      let moduleOf = modules(of: hints)
      let quality = quality(moduleOf, count: hints.count, edges)
      guard quality > 0 else { continue }
      var members = [[Int]](repeating: [], count: hints.count)
      for (node, module) in moduleOf.enumerated() where module >= 0 { members[module].append(node) }
      for (module, nodes) in members.enumerated() where nodes.count > 1 {
        groups.append(
          NodeGroup(
            kind: .module, name: hints[module].name,
            members: nodes.map { GroupMember(node: $0, kind: .module, pull: weights.modulePull * quality) }))
      }
    }
    return groups.sorted { left, right in
      if left.name != right.name { return left.name < right.name }
      return left.members.map(\.node).lexicographicallyPrecedes(right.members.map(\.node))
    }
  }

  /// The hint each node of code lies in, by its nearest declared folder; -1 for none.
  private func modules(of hints: [ModuleHint]) -> [Int] {
    var numbers: [String: Int] = [:]
    for (number, hint) in hints.enumerated() { for folder in hint.folders { numbers[folder] = number } }
    var known: [String: Int] = [:]
    func module(of folder: String) -> Int {
      if let answer = known[folder] { return answer }
      let answer = numbers[folder] ?? (folder.isEmpty ? -1 : module(of: RepoPath(folder).folder))
      known[folder] = answer
      return answer
    }
    return index.nodes.map { $0.kind == .table ? -1 : module(of: $0.folder) }
  }

  /// Modularity of the modules over the edges between their code (Newman and Girvan 2004), at most 1.
  private func quality(_ moduleOf: [Int], count: Int, _ edges: [GraphEdge]) -> Double {
    var total = 0.0
    var inside = 0.0
    var strengths = [Double](repeating: 0, count: count)
    for edge in edges {
      let (left, right) = (moduleOf[edge.from], moduleOf[edge.to])
      guard left >= 0, right >= 0 else { continue }
      let weight = edge.evidence.reduce(0) { $0 + (Self.isReference($1.kind) ? $1.weight : 0) }
      total += weight
      if left == right { inside += weight }
      strengths[left] += weight
      strengths[right] += weight
    }
    guard total > 0 else { return 0 }
    return inside / total - strengths.reduce(0) { $0 + ($1 / (2 * total)) * ($1 / (2 * total)) }
  }

  /// Places speak for every folder, so that what code says about code has to.
  private static func isReference(_ kind: EvidenceKind) -> Bool {
    switch kind {
    case .call, .inherit, .use, .global, .include: true
    case .read, .write, .ddl, .usedTogether, .sameEntry, .join, .foreignKey, .sameTransaction, .trigger, .sameChange,
      .handle, .coChange, .sameFile, .sameStem, .samePackage, .module, .schemaFile, .name, .words:
      false
    }
  }
}
