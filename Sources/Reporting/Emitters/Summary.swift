/// The text `analyze` prints: what was read, how much of it was understood, what is proposed, what needs a decision.
struct Summary {
  private let report: Report

  /// Longest lists shown; the views show the rest.
  private static let services = 20
  private static let unread = 8
  private static let tablesOfService = 8
  private static let owners = 10
  private static let seams = 10
  private static let constraints = 12
  private static let figures = 16

  init(_ report: Report) { self.report = report }

  var text: String {
    [input, understood, services, steering, comparison, owners, seams, unresolved, next].filter { !$0.isEmpty }.joined(
      separator: "\n\n")
      + "\n"
  }

  private var input: String {
    let coverage = report.coverage
    let name = report.name.isEmpty ? "the system" : report.name.oneLine
    var lines = [
      "\(name): \(counted(coverage.files, "source file")), \(counted(coverage.lines, "line")), "
        + "\(counted(report.tables.count, "table")) (\(report.engine)), "
        + "\(counted(report.accesses.count, "table access", plural: "table accesses"))"
    ]
    if coverage.testAccesses > 0 {
      lines.append(
        "\(counted(coverage.testAccesses, "access", plural: "accesses")) in test code, not used as evidence")
    }
    if coverage.generatedFiles > 0 {
      lines.append("\(counted(coverage.generatedFiles, "file")) of bundled or minified code skipped")
    }
    if coverage.unreadableFiles > 0 {
      lines.append("\(counted(coverage.unreadableFiles, "file")) could not be read; see the diagnostics in the report")
    }
    return lines.joined(separator: "\n")
  }

  private var understood: String {
    let coverage = report.coverage
    return [
      "understood",
      "  code        " + share(coverage.codeShare, coverage.understoodLines, coverage.lostLines, "lines in functions"),
      "  statements  "
        + share(
          coverage.statementShare, coverage.resolvedStatements, coverage.statements - coverage.resolvedStatements,
          "SQL statements in code"),
      "  schema      "
        + share(
          coverage.schemaShare, coverage.understoodSchemaStatements,
          coverage.schemaStatements - coverage.understoodSchemaStatements, "SQL statements in schema files"),
    ].joined(separator: "\n")
  }

  private func share(_ share: Double, _ part: Int, _ rest: Int, _ what: String) -> String {
    part + rest > 0 ? "\(percent(share)) of \(part + rest) \(what)" : "no \(what)"
  }

  /// Percent rounded down to one digit, so that 100 means all.
  private func percent(_ share: Double) -> String {
    let shown = ((share * 1000).rounded(.down) / 10).rounded(to: 1) + "%"
    return String(repeating: " ", count: max(0, 6 - shown.count)) + shown
  }

  private var services: String {
    guard !report.services.isEmpty else { return "no services proposed" }
    let origin =
      report.comparison.source.isEmpty
      ? "proposed (a draft to judge, not a verdict)" : "in the split of \(report.comparison.source)"
    var lines = ["\(counted(report.services.count, "service")) \(origin)"]
    let shown = report.services.sorted { left, right in
      (right.tables.count, right.units.count, left.name) < (left.tables.count, left.units.count, right.name)
    }.prefix(Summary.services)
    let width = shown.map { $0.name.textWidth }.max() ?? 0
    for service in shown {
      var tables = service.tables.prefix(Summary.tablesOfService).joined(separator: ", ")
      let rest = service.tables.count - Summary.tablesOfService
      if rest > 0 { tables += ", +\(rest) more" }
      let name = service.name + String(repeating: " ", count: width - service.name.textWidth)
      lines.append(
        "  \(name)  \(counted(service.tables.count, "table")), \(counted(service.units.count, "unit"))"
          + (tables.isEmpty ? "" : ": \(tables)"))
    }
    if let division { lines.insert(division, at: 1) }
    if report.services.count > shown.count { lines.append("  +\(report.services.count - shown.count) more") }
    if !report.shared.isEmpty { lines.append("  shared by all: \(counted(report.shared.count, "unit"))") }
    return lines.map(\.oneLine).joined(separator: "\n")
  }

  /// What the cut is built on and how well the data bears it out.
  private var division: String? {
    guard let taken = report.divisions.first(where: \.isTaken) else { return nil }
    let kept = Int((taken.coverage * 100).rounded())
    let chance = Int(((taken.coverage - taken.modularity) * 100).rounded())
    let others = report.divisions.count - 1
    return
      "  tables divided by \(taken.name): \(counted(taken.groups, "group")) that keep \(kept)% of the ties among tables, "
      + "where chance would keep \(chance)% (\(taken.significance.rounded(to: 1)) standard deviations)"
      + (others > 0 ? "; \(counted(others, "alternative")) weighed" : "")
  }

  /// What people decided, each with its price.
  private var steering: String {
    guard !report.constraints.isEmpty else { return "" }
    let obeyed = report.constraints.count { $0.isObeyed }
    var lines = [
      "\(obeyed) of \(counted(report.constraints.count, "decision")) of people obeyed; with each, figures change by"
    ]
    lines += report.constraints.prefix(Summary.constraints).map { "  \($0.line)" }
    if report.constraints.count > Summary.constraints {
      lines.append("  +\(report.constraints.count - Summary.constraints) more")
    }
    return lines.map(\.oneLine).joined(separator: "\n")
  }

  /// The imported split beside the proposal.
  private var comparison: String {
    guard !report.comparison.source.isEmpty else { return "" }
    var lines = ["figures of the proposal → of the split in \(report.comparison.source)"]
    lines += report.comparison.figures.prefix(Summary.figures).map(\.text)
    lines.append("\(counted(report.comparison.tables.count, "table")) with another owner in the split")
    lines += report.comparison.tables.prefix(Summary.owners).map { "  \($0.text)" }
    if report.comparison.tables.count > Summary.owners {
      lines.append("  +\(report.comparison.tables.count - Summary.owners) more")
    }
    return lines.map(\.oneLine).joined(separator: "\n")
  }

  private var owners: String {
    let joint = report.owners.filter { $0.ownership == "joint" }
    guard !joint.isEmpty else { return report.owners.isEmpty ? "" : "every written table has a single owner" }
    var lines = ["\(counted(joint.count, "table")) written by several services; each needs one owner"]
    for owner in joint.sorted(by: { ($0.margin, $0.table) < ($1.margin, $1.table) }).prefix(Summary.owners) {
      let writers = owner.writers.map(\.text).joined(separator: ", ")
      lines.append("  \(owner.table): \(owner.service), margin \(owner.margin.rounded(to: 2)); written by \(writers)")
      if !owner.resolution.isEmpty { lines.append("    resolve by \(owner.resolution)") }
    }
    if joint.count > Summary.owners { lines.append("  +\(joint.count - Summary.owners) more") }
    return lines.map(\.oneLine).joined(separator: "\n")
  }

  /// Seams of one kind, pair and table together, the most frequent first.
  private var seams: String {
    guard !report.seams.isEmpty else { return report.services.count > 1 ? "no seams: nothing crosses" : "" }
    struct Key: Hashable { var kind, from, to, table: String }
    let groups = Dictionary(grouping: report.seams) {
      Key(kind: $0.kind, from: $0.from, to: $0.to, table: $0.table)
    }
    let name = { (key: Key) in [key.kind, key.from, key.to, key.table] }
    let ranked = groups.sorted { left, right in
      left.value.count == right.value.count
        ? name(left.key).lexicographicallyPrecedes(name(right.key)) : left.value.count > right.value.count
    }
    var lines = [counted(report.seams.count, "seam") + ": places where the cut goes through data"]
    for (key, seams) in ranked.prefix(Summary.seams) {
      let place = seams.map(\.place).min()?.text ?? ""
      lines.append(
        "  \(key.from) \(GraphPicture.verb(key.kind)) \(key.table) of \(key.to) (\(seams.count)), first at \(place)")
    }
    if ranked.count > Summary.seams { lines.append("  +\(ranked.count - Summary.seams) more") }
    return lines.map(\.oneLine).joined(separator: "\n")
  }

  private var unresolved: String {
    guard let first = report.unresolved.first else { return "" }
    let verb = report.unresolved.count == 1 ? "reaches" : "reach"
    return "\(counted(report.unresolved.count, "statement")) \(verb) the database without saying which table, "
      + "first at \(ReportPlace(file: first.file, line: first.line).text): \(first.reason)".oneLine
  }

  private var next: String {
    [
      "next",
      "  cleave alternatives        other ways to cut, from few services to many",
      "  cleave owners              who writes and reads each table",
      "  cleave seams               every place the cut goes through data, with advice",
      "  cleave explain <table>     why it is placed where it is",
      "  cleave whatif --move ...   what a change breaks, heals and costs",
      "  cleave graph --format svg  the picture",
      "  cleave plan --out DIR      ordered steps with their artifacts",
    ].joined(separator: "\n")
  }
}

/// `1 access`, `2 accesses`.
func counted(_ count: Int, _ noun: String, plural: String) -> String { "\(count) \(count == 1 ? noun : plural)" }
