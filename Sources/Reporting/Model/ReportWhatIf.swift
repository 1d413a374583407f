/// Seams of one kind.
package struct ReportSeamCount: JSONObject, Hashable, Sendable {
  /// How many.
  package var count = 0
  /// write, read, join, foreign_key, transaction, n_plus_one or trigger.
  package var kind = ""
  /// The first of them, sorted.
  package var seams: [ReportSeam] = []

  package init() {}

  package mutating func fields<Map: FieldMap>(_ map: inout Map) throws(Map.Failure) {
    try map.field("count", &count)
    try map.field("kind", &kind)
    try map.field("seams", &seams)
  }
}

/// What changes to a proposal lead to.
package struct ReportWhatIf: JSONObject, Hashable, Sendable {
  /// The changes as they were asked for.
  package var changes: [String] = []
  /// What the steering complains about.
  package var diagnostics: [ReportDiagnostic] = []
  /// The changes as entries of `cleave.yml`, in words.
  package var entries: [String] = []
  /// Figures before and after.
  package var figures: [ReportFigure] = []
  /// Seams that vanish, by kind.
  package var goneSeams: [ReportSeamCount] = []
  /// Seams that appear, by kind.
  package var newSeams: [ReportSeamCount] = []
  /// Steps, decisions and files the plan gains, sorted.
  package var planAdded: [String] = []
  /// Why there is no plan to compare; empty when there is.
  package var planNote = ""
  /// Steps, decisions and files the plan loses, sorted.
  package var planRemoved: [String] = []
  /// Services that are the same but for their name.
  package var renamed: [ReportMove] = []
  /// The file the changes were written to; empty when they were not.
  package var saved = ""
  /// Version of this format.
  package var schemaVersion = Report.currentSchemaVersion
  /// Tables with another owner.
  package var tables: [ReportMove] = []
  /// Types and files in another service.
  package var units: [ReportMove] = []

  package init() {}

  package mutating func fields<Map: FieldMap>(_ map: inout Map) throws(Map.Failure) {
    try map.field("changes", &changes)
    try map.field("diagnostics", &diagnostics)
    try map.field("entries", &entries)
    try map.field("figures", &figures)
    try map.field("goneSeams", &goneSeams)
    try map.field("newSeams", &newSeams)
    try map.field("planAdded", &planAdded)
    try map.field("planNote", &planNote)
    try map.field("planRemoved", &planRemoved)
    try map.field("renamed", &renamed)
    try map.field("saved", &saved)
    try map.field("schemaVersion", &schemaVersion)
    try map.field("tables", &tables)
    try map.field("units", &units)
  }
}

extension ReportWhatIf {
  /// Longest lists for people; JSON has the rest.
  private static let moves = 12
  private static let seams = 3
  private static let items = 10
  private static let figures = 16

  /// For people: what moves, what breaks and what heals, what it costs, how the plan changes.
  package var text: String {
    var lines = changes.map { "what if \($0)" }
    lines += diagnostics.filter { $0.severity != "note" }.map { "\($0.severity): \($0.message); \($0.nextStep)" }
    lines += section("renamed", renamed.map { "\($0.from) → \($0.to)" }, Self.moves, none: "")
    lines += section("owners changed", tables.map(\.text), Self.moves, none: "no table changes its owner")
    lines += section("code that goes along", units.map(\.text), Self.moves, none: "")
    lines += seamLines("broken: seams that appear", newSeams, none: "nothing new crosses")
    lines += seamLines("healed: seams that vanish", goneSeams, none: "")
    lines += figureLines
    lines += planLines
    if !saved.isEmpty { lines += ["", "saved to \(saved): \(entries.joined(separator: "; "))"] }
    return lines.map(\.oneLine).joined(separator: "\n") + "\n"
  }

  private func section(_ title: String, _ rows: [String], _ limit: Int, none: String) -> [String] {
    guard !rows.isEmpty else { return none.isEmpty ? [] : ["", none] }
    let rest = rows.count > limit ? ["  +\(rows.count - limit) more"] : []
    return ["", "\(title) (\(rows.count))"] + rows.prefix(limit).map { "  \($0)" } + rest
  }

  private func seamLines(_ title: String, _ counts: [ReportSeamCount], none: String) -> [String] {
    guard !counts.isEmpty else { return none.isEmpty ? [] : ["", none] }
    var lines = ["", title]
    for row in counts {
      lines.append("  \(row.kind.replacing("_", with: " ")): \(row.count)")
      for seam in row.seams.prefix(Self.seams) {
        let other = seam.otherTable.isEmpty ? "" : " with \(seam.otherTable)"
        lines.append("    \(seam.from) → \(seam.to), \(seam.table)\(other), \(seam.place.text)")
      }
      if row.count > Self.seams { lines.append("    +\(row.count - Self.seams) more") }
    }
    return lines
  }

  private var figureLines: [String] {
    let changed = figures.filter { abs($0.after - $0.before) > 1e-9 }
    guard !changed.isEmpty else { return ["", "no figure changes"] }
    let rest = changed.count > Self.figures ? ["  +\(changed.count - Self.figures) more"] : []
    return ["", "figures"] + changed.prefix(Self.figures).map(\.text) + rest
  }

  private var planLines: [String] {
    if !planNote.isEmpty { return ["", "no plan to compare: \(planNote)"] }
    guard !planAdded.isEmpty || !planRemoved.isEmpty else { return ["", "the plan stays as it is"] }
    return section("plan gains", planAdded, Self.items, none: "")
      + section("plan loses", planRemoved, Self.items, none: "")
  }
}

extension ReportFigure {
  /// `  cross write: 3 → 5 (+2)`.
  var text: String {
    let change = after - before
    return "  \(name.replacing("_", with: " ")): \(before.rounded(to: 3)) → \(after.rounded(to: 3)) "
      + "(\(change > 0 ? "+" : "")\(change.rounded(to: 3)))"
  }
}
