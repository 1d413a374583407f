/// What a command shows.
package enum ReportView: String, CaseIterable, Sendable {
  case summary, tables, columns, accesses, services, alternatives, owners, seams, graph
}

/// A way to write a view of a report as text: a value with a pure function.
package struct Emitter: Sendable {
  /// Name of the format as given to `--format`.
  package let format: String
  /// Views the format can show.
  package let views: [ReportView]
  /// Report and view to text, ending in a line feed; the level matters for the graph alone.
  package let emit: @Sendable (Report, ReportView, GraphLevel) -> String

  /// Every emitter, sorted by format. A new one adds its line here.
  package static let all: [Emitter] = [
    .csv, .dot, .graphml, .json, .mermaid, .sarif, .text,
  ]

  /// The emitter for a format that can show the view, or nil.
  package static func find(format: String, view: ReportView) -> Emitter? {
    all.first { $0.format == format && $0.views.contains(view) }
  }

  /// Formats that can show the view, sorted.
  package static func formats(of view: ReportView) -> [String] {
    all.filter { $0.views.contains(view) }.map(\.format)
  }
}
