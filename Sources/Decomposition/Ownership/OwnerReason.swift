import Basics
import Facts
import Graph

/// Says in one sentence with counts why a table has its owner.
struct OwnerReason {
  let assignment: Assignment
  let table: TableName
  let service: String
  let writers: [(use: TableUse, weight: Double)]
  let readers: [TableUse]

  var sentence: String {
    if service.isEmpty { return "nothing in the system points at any boundary: shared reference data" }
    return writers.isEmpty ? placedSentence : writtenSentence
  }

  private var writtenSentence: String {
    let total = writers.reduce(0) { $0 + $1.weight }
    let own = writers.first { $0.use.service == service }
    let next = writers.first { $0.use.service != service }
    let share = Int((100 * (own?.weight ?? 0) / total).rounded())
    let start =
      "\(service) writes it from \(Self.count(own?.use.evidence.count ?? 0, "place")), \(share)% of the write evidence"
    guard let next else { return start + "; no other boundary writes it" }
    let nextShare = Int((100 * next.weight / total).rounded())
    let comparison = "; next is \(next.use.service) with \(Self.count(next.use.evidence.count, "place")), \(nextShare)%"
    guard next.weight > own?.weight ?? 0, next.use.service != ServiceNames.shared else { return start + comparison }
    let parts = surroundings
    return start + comparison + (parts.isEmpty ? "" : "; kept by \(parts.joined(separator: ", "))")
  }

  private var placedSentence: String {
    let reads = readers.first { $0.service == service }?.evidence.count ?? 0
    let parts = (reads > 0 ? [Self.count(reads, "read")] : []) + surroundings
    return parts.isEmpty
      ? "no writer was found; placed with what it was declared with"
      : "no writer was found; placed by \(parts.joined(separator: ", "))"
  }

  /// What else than accesses ties the table to its owner.
  private var surroundings: [String] {
    let graph = assignment.graph
    guard let node = graph.node(ofTable: table) else { return [] }
    let cluster = assignment.clusterOf[node]
    var counts: [EvidenceKind: Int] = [:]
    for edge in graph.edges where (edge.from == node) != (edge.to == node) {
      let other = edge.from == node ? edge.to : edge.from
      guard graph.nodes[other].kind == .table, assignment.clusterOf[other] == cluster else { continue }
      for evidence in edge.evidence { counts[evidence.kind, default: 0] += evidence.count }
    }
    let ties = counts.sorted { $0.key < $1.key }.map { Self.count($0.value, Self.phrase($0.key)) }
    return ties + groupParts(node: node, cluster: cluster)
  }

  private func groupParts(node: Int, cluster: Int) -> [String] {
    assignment.graph.groups.compactMap { group in
      guard group.members.contains(where: { $0.node == node }) else { return nil }
      let others = group.members.count { $0.node != node && assignment.clusterOf[$0.node] == cluster }
      guard others > 0 else { return nil }
      switch group.kind {
      case .package: return "the folder \(group.name)"
      case .module: return "the module \(group.name)"
      case .schemaFile: return "\(Self.count(others, "table")) declared in the same file"
      case .nameFamily: return "\(Self.count(others, "neighbour")) named \(group.name)"
      }
    }
  }

  private static func phrase(_ kind: EvidenceKind) -> String {
    switch kind {
    case .sameTransaction: "shared transaction"
    case .usedTogether: "place that uses both"
    case .sameEntry: "entry that reaches both"
    case .sameChange: "migration that changes both"
    case .handle: "shared connection"
    case .foreignKey, .join, .trigger, .call, .inherit, .use, .global, .include, .read, .write, .ddl, .coChange,
      .sameFile,
      .sameStem, .samePackage, .module, .schemaFile, .name, .words:
      kind.rawValue
    }
  }

  private static func count(_ number: Int, _ word: String) -> String { "\(number) \(word)\(number == 1 ? "" : "s")" }
}
