extension Emitter {
  /// GraphML of everything at the level, for yEd, Gephi, networkx and igraph.
  static let graphml = Emitter(format: "graphml", views: [.graph]) { report, _, level in
    let graph = ReportGraph(report, level: level)
    var text = """
      <?xml version="1.0" encoding="UTF-8"?>
      <graphml xmlns="http://graphml.graphdrawing.org/xmlns">
        <key id="name" for="node" attr.name="name" attr.type="string"/>
        <key id="kind" for="node" attr.name="kind" attr.type="string"/>
        <key id="service" for="node" attr.name="service" attr.type="string"/>
        <key id="relation" for="edge" attr.name="kind" attr.type="string"/>
        <key id="subject" for="edge" attr.name="subject" attr.type="string"/>
        <key id="weight" for="edge" attr.name="weight" attr.type="int"/>
        <key id="seam" for="edge" attr.name="seam" attr.type="boolean"/>
        <key id="evidence" for="edge" attr.name="evidence" attr.type="string"/>
        <graph id="\(graph.level.rawValue)" edgedefault="directed">

      """
    for (index, node) in graph.nodes.enumerated() {
      text += "    <node id=\"n\(index)\">"
      text += data("name", node.name) + data("kind", node.kind.rawValue)
      text += data("service", node.group.map { graph.groups[$0] } ?? "")
      text += "</node>\n"
    }
    for edge in graph.edges {
      text += "    <edge source=\"n\(edge.from)\" target=\"n\(edge.to)\">"
      text += data("relation", edge.kind) + data("subject", edge.subject) + data("weight", String(edge.weight))
      text += data("seam", edge.isSeam ? "true" : "false") + data("evidence", edge.place.text)
      text += "</edge>\n"
    }
    return text + "  </graph>\n</graphml>\n"
  }

  private static func data(_ key: String, _ value: String) -> String {
    value.isEmpty ? "" : "<data key=\"\(key)\">\(xmlText(value))</data>"
  }

  /// Text as XML 1.0 content: the only place where text is escaped for XML. Characters XML cannot hold become U+FFFD.
  package static func xmlText(_ text: String) -> String {
    var escaped = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": escaped += "&amp;"
      case "<": escaped += "&lt;"
      case ">": escaped += "&gt;"
      case "\"": escaped += "&quot;"
      case "\t", "\n", "\r": escaped += "&#\(scalar.value);"
      case "\u{0}"..<"\u{20}", "\u{FFFE}", "\u{FFFF}": escaped += "\u{FFFD}"
      default: escaped.unicodeScalars.append(scalar)
      }
    }
    return escaped
  }
}
