extension Emitter {
  /// JSON: the report itself for the summary, else an object with `schemaVersion` and the part a view shows.
  static let json = Emitter(format: "json", views: ReportView.allCases) { report, view, level in
    if view == .summary { return report.jsonText }
    var writer = JSONWriter()
    writer.beginObject()
    writeView(report, view, level, to: &writer)
    writer.endObject()
    return writer.text + "\n"
  }

  private static func writeView(
    _ report: Report, _ view: ReportView, _ level: GraphLevel, to writer: inout JSONWriter
  ) {
    let version = report.schemaVersion
    switch view {
    case .summary: break
    case .tables, .columns:
      writer.field("schemaVersion", is: version)
      writer.field("tables", is: report.tables)
    case .accesses:
      writer.field("accesses", is: report.accesses)
      writer.field("schemaVersion", is: version)
      writer.field("unresolved", is: report.unresolved)
    case .services:
      writer.field("metrics", is: report.metrics)
      writer.field("schemaVersion", is: version)
      writer.field("services", is: report.services)
      writer.field("shared", is: report.shared)
    case .alternatives:
      writer.field("divisions", is: report.divisions)
      writer.field("schemaVersion", is: version)
    case .owners:
      writer.field("owners", is: report.owners.map(\.withColumnsIfContested))
      writer.field("schemaVersion", is: version)
    case .seams:
      writer.field("schemaVersion", is: version)
      writer.field("seams", is: report.seams)
    case .graph: writeGraph(ReportGraph(report, level: level), version, to: &writer)
    }
  }

  /// Nodes carry an `id`, since functions of one name may stand in several files; edges point at ids.
  private static func writeGraph(_ graph: ReportGraph, _ version: Int, to writer: inout JSONWriter) {
    writer.objects("edges", graph.edges) { writer, edge in
      writer.field("evidence", is: edge.place)
      writer.field("from", is: edge.from)
      writer.field("isSeam", is: edge.isSeam)
      writer.field("kind", is: edge.kind)
      writer.field("subject", is: edge.subject)
      writer.field("to", is: edge.to)
      writer.field("weight", is: edge.weight)
    }
    writer.field("level", is: graph.level.rawValue)
    writer.objects("nodes", Array(graph.nodes.enumerated())) { writer, item in
      writer.field("id", is: item.offset)
      writer.field("kind", is: item.element.kind.rawValue)
      writer.field("name", is: item.element.name)
      writer.field("service", is: item.element.group.map { graph.groups[$0] } ?? "")
      writer.field("shared", is: item.element.isShared)
    }
    writer.field("schemaVersion", is: version)
  }
}

extension ReportOwner {
  /// Column by column only where several services write: elsewhere the writers say all.
  fileprivate var withColumnsIfContested: ReportOwner {
    guard ownership != "joint", ownership != "common" else { return self }
    var copy = self
    copy.columns = []
    return copy
  }
}
