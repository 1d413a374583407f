import Basics

/// Diagrams of a plan in Mermaid, which Markdown viewers draw.
struct PlanPictures {
  let plan: MigrationPlan

  /// Services in their order, with what crosses between them.
  func overview() -> String {
    let position = Dictionary(
      plan.groups.map { ($0.service, $0.position) }, uniquingKeysWith: { first, _ in first })
    var seen: Set<PlanDecision> = []
    var kinds: [Pair: [String: Int]] = [:]
    for decision in plan.groups.flatMap(\.decisions) where seen.insert(decision).inserted {
      kinds[Pair(from: decision.from, to: decision.to), default: [:]][decision.kind, default: 0] += 1
    }
    let others = Set(kinds.keys.flatMap { [$0.from, $0.to] }).subtracting(position.keys).sorted()
    let names = plan.groups.map(\.service) + others
    let node = Dictionary(names.enumerated().map { ($1, "s\($0)") }, uniquingKeysWith: { first, _ in first })
    var lines = ["flowchart LR"]
    for group in plan.groups {
      let label = MermaidText.label(["\(group.position). \(group.service)", count(group.tables.count, "table")])
      lines.append("  \(node[group.service] ?? "")([\(label)])")
    }
    lines += others.map { "  \(node[$0] ?? "")[\(MermaidText.label([$0]))]" }
    for (pair, counts) in kinds.sorted(by: { $0.key < $1.key }) {
      let words = counts.sorted { $0.key < $1.key }.map { EdgeWords.count($0.value, of: $0.key) }
      lines.append(
        "  \(node[pair.from] ?? "") -->|\(MermaidText.label([words.joined(separator: ", ")]))| \(node[pair.to] ?? "")")
    }
    return MarkdownText.block(lines.joined(separator: "\n"), language: "mermaid")
  }

  /// Where the data of a group is, and what carries it.
  func dataFlow(_ group: PlanGroup) -> String {
    let copies =
      group.replicas.isEmpty
      ? [] : ["    c[(\(MermaidText.label([count(group.replicas.count, "read-only copy", "read-only copies")])))]"]
    let feeds = group.replicas.isEmpty ? [] : ["  o -->|\(MermaidText.label(["owners' changes"]))| c"]
    let lines =
      [
        "flowchart LR", "  subgraph old[\(MermaidText.label(["monolith's database"]))]",
        "    t[(\(MermaidText.label([count(group.tables.count, "table")])))]",
      ] + (group.replicas.isEmpty ? [] : ["    o[(\(MermaidText.label(["tables of others"])))]"]) + ["  end"]
      + ["  subgraph own[\(MermaidText.label(["database of \(group.service)"]))]"]
      + ["    n[(\(MermaidText.label([count(group.tables.count, "table")])))]"] + copies + ["  end"]
      + [
        "  t ==>|\(MermaidText.label(["S6 capture and copy"]))| n",
        "  n -.->|\(MermaidText.label(["S10 reverse, until the point of no return"]))| t",
      ] + feeds
    return MarkdownText.block(lines.joined(separator: "\n"), language: "mermaid")
  }

  /// The steps in order, coloured by what they cost: those that block writers, and the one that ends the way back.
  func path(_ group: PlanGroup) -> String {
    var lines = ["flowchart LR"]
    for step in group.steps {
      let wait = step.maxBlockSeconds == 0 ? "nobody waits" : "writers wait ≤ \(step.maxBlockSeconds) s"
      lines.append("  \(step.id.text)[\(MermaidText.label(["\(step.id.text) \(step.title)", wait]))]")
    }
    lines.append("  " + group.steps.map(\.id.text).joined(separator: " --> "))
    lines.append("  classDef waits fill:#fff3cd,stroke:#997404")
    lines.append("  classDef last fill:#f8d7da,stroke:#842029")
    let waiting = group.steps.filter { $0.maxBlockSeconds > 0 && !$0.ponr }.map(\.id.text)
    if !waiting.isEmpty { lines.append("  class \(waiting.joined(separator: ",")) waits") }
    let last = group.steps.filter(\.ponr).map(\.id.text)
    if !last.isEmpty { lines.append("  class \(last.joined(separator: ",")) last") }
    return MarkdownText.block(lines.joined(separator: "\n"), language: "mermaid")
  }

  private struct Pair: Hashable, Comparable {
    let from: String
    let to: String

    static func < (left: Pair, right: Pair) -> Bool { (left.from, left.to) < (right.from, right.to) }
  }

  private func count(_ number: Int, _ noun: String, _ plural: String? = nil) -> String {
    "\(number) \(number == 1 ? noun : plural ?? noun + "s")"
  }
}
