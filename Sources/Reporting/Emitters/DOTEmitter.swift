extension Emitter {
  /// Graphviz DOT, laid out for reading: a cluster for each service, tables as cylinders, data that crosses a boundary
  /// in red with its reason.
  static let dot = Emitter(format: "dot", views: [.graph]) { report, _, level in
    DOTText(GraphPicture(ReportGraph(report, level: level))).text
  }

  /// A DOT string: the only place where text is escaped for DOT. Lines are centered (`\n`) or flush left (`\l`);
  /// control characters become a space.
  package static func dotString(_ lines: [String], isFlushLeft: Bool = false) -> String {
    var text = "\""
    for (index, line) in lines.enumerated() {
      if index > 0 { text += isFlushLeft ? "\\l" : "\\n" }
      for scalar in line.oneLine.unicodeScalars {
        if scalar == "\"" || scalar == "\\" { text += "\\" }
        text.unicodeScalars.append(scalar)
      }
    }
    return text + (isFlushLeft ? "\\l\"" : "\"")
  }
}

/// Writes one picture.
private struct DOTText {
  let picture: GraphPicture
  private var graph: ReportGraph { picture.graph }

  init(_ picture: GraphPicture) { self.picture = picture }

  /// Colours that stay apart for readers who do not tell red from green, after Okabe and Ito (2008).
  private enum Palette {
    static let ink = "#1f2933"
    static let quiet = "#8794a1"
    static let seam = "#d55e00"
    static let key = "#0072b2"
    static let table = "#fff4d6"
    static let tableEdge = "#b58900"
    static let unit = "#ffffff"
    static let clusterEdge = "#c3ccd5"
    /// Backgrounds of clusters, taken in turn.
    static let clusters = ["#eef4fb", "#f1f8f1", "#fbf1ee", "#f5f1fa", "#eef8f8", "#faf7ea", "#f6f0f0", "#f0f2f5"]
  }

  var text: String {
    var text = header
    for group in graph.groups.indices { text += cluster(group) }
    for index in graph.nodes.indices where !isClustered(index) { text += node(index, indent: "  ") }
    text += "\n"
    for link in picture.links { text += edge(link) }
    return text + legend + "}\n"
  }

  private var header: String {
    // Left to right suits long names; many nodes on one rank would make a mile-wide picture the other way.
    """
    digraph cleave {
      graph [rankdir=LR, compound=true, splines=true, nodesep=0.3, ranksep=0.9, pad=0.3, fontname="Helvetica",
             fontsize=12, fontcolor="\(Palette.ink)", bgcolor="white", labelloc=t, labeljust=l,
             label=\(Emitter.dotString(title, isFlushLeft: true))];
      node [shape=box, style="rounded,filled", fillcolor="\(Palette.unit)", color="\(Palette.quiet)",
            fontname="Helvetica", fontsize=10, fontcolor="\(Palette.ink)", margin="0.12,0.06", height=0.3];
      edge [fontname="Helvetica", fontsize=9, color="\(Palette.quiet)", fontcolor="\(Palette.quiet)", arrowsize=0.7,
            penwidth=0.9];


    """
  }

  private var title: [String] {
    ["\(graph.title.isEmpty ? "system" : graph.title): \(graph.level.rawValue) level"]
      + (graph.omissions.isEmpty ? [] : [graph.omissions.joined(separator: "; ")])
  }

  /// Services are nodes at their own level; elsewhere they are clusters around what belongs to them.
  private func isClustered(_ node: Int) -> Bool {
    graph.level != .service && graph.nodes[node].group != nil && graph.nodes[node].kind != .service
  }

  private func cluster(_ group: Int) -> String {
    let members = graph.nodes.indices.filter { isClustered($0) && graph.nodes[$0].group == group }
    guard !members.isEmpty else { return "" }
    let background = Palette.clusters[group % Palette.clusters.count]
    var text = "  subgraph \(Emitter.dotString(["cluster \(group)"])) {\n"
    let label = Emitter.dotString([graph.groups[group], graph.groupNotes[group]], isFlushLeft: true)
    text += "    label=\(label); fontsize=12; margin=12; "
    text += "style=\"rounded,filled\"; fillcolor=\"\(background)\"; color=\"\(Palette.clusterEdge)\";\n"
    for member in members { text += node(member, indent: "    ") }
    return text + "  }\n"
  }

  private func node(_ index: Int, indent: String) -> String {
    let node = graph.nodes[index]
    var lines = [node.name.shortened(to: 42)]
    var style: String
    switch node.kind {
    case .service:
      let background = Palette.clusters[(node.group ?? 0) % Palette.clusters.count]
      style = "fillcolor=\"\(background)\", color=\"\(Palette.ink)\", fontsize=12, penwidth=1.2"
      lines += [node.note] + tables(of: node)
    case .table:
      style = "shape=cylinder, style=filled, fillcolor=\"\(Palette.table)\", color=\"\(Palette.tableEdge)\""
    case .program:
      style = "shape=component, style=filled"
      lines.append(node.note)
    case .more: style = "shape=plaintext, style=\"\", fontcolor=\"\(Palette.quiet)\""
    case .file: style = "shape=note, style=filled"
    case .type, .function: style = ""
    }
    style += (style.isEmpty ? "" : ", ") + "tooltip=\(Emitter.dotString([node.name, node.note].filter { !$0.isEmpty }))"
    return "\(indent)n\(index) [label=\(Emitter.dotString(lines)), \(style)];\n"
  }

  /// The tables a service owns, as many as a person reads.
  private func tables(of node: ReportGraph.Node) -> [String] {
    let limit = 8
    guard !node.tables.isEmpty else { return [] }
    let shown = node.tables.prefix(limit).map { $0.shortened(to: 32) }
    return [" "] + shown + (node.tables.count > limit ? ["+\(node.tables.count - limit) more"] : [])
  }

  private func edge(_ link: GraphPicture.Link) -> String {
    var style: String
    // Calls inside a service are what the cluster says already; their labels would bury the seams.
    let isQuiet = !link.isSeam
    if link.isSeam {
      let width = min(1.2 + Double(String(link.weight).count) * 0.5, 3.5).rounded(to: 1)
      style = "color=\"\(Palette.seam)\", fontcolor=\"\(Palette.seam)\", penwidth=\(width)"
    } else if link.isKey {
      style = "color=\"\(Palette.key)\", fontcolor=\"\(Palette.key)\""
    } else {
      style = "style=\(graph.level == .service ? "dashed" : "solid")"
    }
    let label = Emitter.dotString(link.labels)
    style += isQuiet ? ", tooltip=\(label)" : ", label=\(label)"
    return "  n\(link.from) -> n\(link.to) [\(style)];\n"
  }

  private var legend: String {
    let isServiceLevel = graph.level == .service
    let code = isServiceLevel ? "service" : graph.level == .table ? "other service" : "code"
    let other = isServiceLevel ? "other service" : "table of another service"
    let shape =
      isServiceLevel
      ? "" : ", shape=cylinder, style=filled, fillcolor=\"\(Palette.table)\", color=\"\(Palette.tableEdge)\""
    var edges = """
          legendFrom -> legendTo [label="seam: data crosses here", color="\(Palette.seam)", fontcolor="\(Palette.seam)", penwidth=1.7];

      """
    if isServiceLevel { edges += "    legendFrom -> legendTo [label=\"code alone\", style=dashed];\n" }
    if graph.level == .table {
      edges += "    legendTable [label=\"table\"\(shape)];\n    legendTable -> legendTo "
      edges += "[label=\"foreign key\", color=\"\(Palette.key)\", fontcolor=\"\(Palette.key)\"];\n"
    }
    return """

        subgraph "cluster legend" {
          label="legend"; fontsize=10; style="rounded"; color="\(Palette.clusterEdge)";
          node [fontsize=9];
          legendFrom [label="\(code)"];
          legendTo [label="\(other)"\(shape)];
      \(edges)  }

      """
  }
}
