/// How firmly one table is placed.
package struct StabilityRow: Hashable, Sendable {
  /// The table.
  package let table: String
  /// Its owner in the proposal.
  package let service: String
  /// Share of the perturbed runs in which it keeps that owner, 0 to 1.
  package let share: Double
  /// Whether that is enough to call it decided.
  package let isDecided: Bool

  /// A row with all its parts.
  package init(table: String, service: String, share: Double, isDecided: Bool) {
    self.table = table
    self.service = service
    self.share = share
    self.isDecided = isDecided
  }
}

/// How firmly the evidence places the tables, as text.
package struct StabilityTable: Hashable, Sendable {
  /// Mean share of the tables of one service.
  package struct Service: Hashable, Sendable {
    let name: String
    let share: Double

    /// A service with its share.
    package init(name: String, share: Double) {
      self.name = name
      self.share = share
    }
  }

  /// One row a table.
  package var tables: [StabilityRow] = []
  /// One entry a service.
  package var services: [Service] = []
  private let runs: Int

  /// The table of so many runs.
  package init(runs: Int) { self.runs = runs }

  /// Formats it can be written in.
  package static let formats = ["csv", "json", "text"]

  /// The table in one of the formats.
  package func text(format: String) -> String {
    switch format {
    case "csv":
      Emitter.csvLine(["table", "service", "stability", "decided"])
        + tables.map { Emitter.csvLine([$0.table, $0.service, $0.share.rounded(to: 4), $0.isDecided ? "yes" : "no"]) }
        .joined()
    case "json": json
    default: plain
    }
  }

  private var json: String {
    var writer = JSONWriter()
    writer.beginObject()
    writer.field("runs", is: runs)
    writer.objects("services", services) { writer, service in
      writer.field("name", is: service.name)
      writer.field("stability", is: service.share)
    }
    writer.objects("tables", tables) { writer, row in
      writer.field("isDecided", is: row.isDecided)
      writer.field("service", is: row.service)
      writer.field("stability", is: row.share)
      writer.field("table", is: row.table)
    }
    writer.endObject()
    return writer.text + "\n"
  }

  private var plain: String {
    let decided = tables.count(where: \.isDecided)
    var lines = [
      "\(decided) of \(counted(tables.count, "table")) keep their owner in at least 90% of \(counted(runs, "perturbed run"))"
    ]
    lines += services.map { "  \($0.name): \(($0.share * 100).rounded(to: 0))%" }
    let open = tables.filter { !$0.isDecided }
    if !open.isEmpty { lines.append("undecided: the evidence does not place these; pin them in cleave.yml") }
    lines += open.map { "  \($0.table): \($0.service) in \(($0.share * 100).rounded(to: 0))%" }
    return lines.map(\.oneLine).joined(separator: "\n") + "\n"
  }
}
