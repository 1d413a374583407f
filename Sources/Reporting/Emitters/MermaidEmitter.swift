import Basics

extension Emitter {
  /// A Mermaid flowchart, as Markdown viewers render it.
  static let mermaid = Emitter(format: "mermaid", views: [.graph]) { report, _, level in
    let picture = GraphPicture(ReportGraph(report, level: level))
    let graph = picture.graph
    var text = "flowchart LR\n"
    for omission in graph.omissions { text += "  %% \(omission)\n" }
    let isClustered = { (node: ReportGraph.Node) in
      level != .service && node.group != nil && node.kind != .service
    }
    for (group, name) in graph.groups.enumerated() {
      let members = graph.nodes.indices.filter { graph.nodes[$0].group == group && isClustered(graph.nodes[$0]) }
      guard !members.isEmpty else { continue }
      text += "  subgraph g\(group)[\(MermaidText.label([name]))]\n"
      for member in members { text += "    " + mermaidNode(member, graph.nodes[member]) }
      text += "  end\n"
    }
    for (index, node) in graph.nodes.enumerated() where !isClustered(node) {
      text += "  " + mermaidNode(index, node)
    }
    for link in picture.links {
      let arrow = link.isSeam ? "==>" : "-->"
      let label = link.isSeam || level == .service ? "|\(MermaidText.label(link.labels))|" : ""
      text += "  n\(link.from) \(arrow)\(label) n\(link.to)\n"
    }
    let seams = picture.links.indices.filter { picture.links[$0].isSeam }.map(String.init)
    if !seams.isEmpty { text += "  linkStyle \(seams.joined(separator: ",")) stroke:#d55e00,color:#d55e00\n" }
    return text
  }

  private static func mermaidNode(_ index: Int, _ node: ReportGraph.Node) -> String {
    let label = MermaidText.label(node.kind == .service ? [node.name, node.note] : [node.name])
    switch node.kind {
    case .table: return "n\(index)[(\(label))]\n"
    case .program: return "n\(index)[[\(label)]]\n"
    case .service, .type, .file, .function, .more: return "n\(index)(\(label))\n"
    }
  }
}
