/// Why a table or a unit is where it is, and why not elsewhere.
package struct Explanation: JSONObject, Hashable, Sendable {
  /// What pulls the subject toward one service.
  package struct Pull: JSONObject, Hashable, Sendable {
    /// The strongest pieces, `writes players, src/ban.cpp:41`.
    package var evidence: [String] = []
    /// The service.
    package var service = ""
    /// Share of all pull, 0 to 1.
    package var share = 0.0
    /// Sum of the weights.
    package var weight = 0.0

    package init() {}

    package mutating func fields<Map: FieldMap>(_ map: inout Map) throws(Map.Failure) {
      try map.field("evidence", &evidence)
      try map.field("service", &service)
      try map.field("share", &share)
      try map.field("weight", &weight)
    }
  }

  /// For tables: who touches which column.
  package var columns: [ReportColumnProof] = []
  /// What people decided about it, with the place.
  package var constraints: [String] = []
  /// What would move the subject to the runner-up; of a service what it is nearest to.
  package var flip = ""
  /// For tables: what writes without a statement in the code that a request runs.
  package var hiddenWriters: [ReportHiddenWriter] = []
  /// table, type, file, function, storedProgram or service.
  package var kind = ""
  /// Name as the report spells it.
  package var name = ""
  /// Where it is defined.
  package var place = ReportPlace()
  /// Services that pull, strongest first.
  package var pulls: [Pull] = []
  /// For tables: services that read. For units: tables read.
  package var readers: [ReportUse] = []
  /// In one sentence.
  package var reason = ""
  /// For tables with joint ownership: how it is resolved, and what that comes to.
  package var resolution: [String] = []
  /// Where data crosses the boundary of a service, by kind.
  package var seams: [String] = []
  /// Where it is placed; empty for none.
  package var service = ""
  /// Why it is in none of the two services that pull it next.
  package var whyNot: [String] = []
  /// For tables: services that write. For units: tables written.
  package var writers: [ReportUse] = []

  package init() {}

  package mutating func fields<Map: FieldMap>(_ map: inout Map) throws(Map.Failure) {
    try map.field("columns", &columns)
    try map.field("constraints", &constraints)
    try map.field("flip", &flip)
    try map.field("hiddenWriters", &hiddenWriters)
    try map.field("kind", &kind)
    try map.field("name", &name)
    try map.field("place", &place)
    try map.field("pulls", &pulls)
    try map.field("readers", &readers)
    try map.field("reason", &reason)
    try map.field("resolution", &resolution)
    try map.field("seams", &seams)
    try map.field("service", &service)
    try map.field("whyNot", &whyNot)
    try map.field("writers", &writers)
  }

  /// The answer as text for people.
  package var text: String {
    var lines = [headline]
    if !reason.isEmpty { lines += ["  \(reason)"] }
    lines += constraints.map { "  \($0)" }
    if !pulls.isEmpty { lines += ["", pullTitle] }
    for pull in pulls {
      let mark = pull.service == service ? "*" : " "
      lines.append(
        "\(mark) \(pull.service.isEmpty ? "(no service)" : pull.service): \((pull.share * 100).rounded(to: 0))% "
          + "(weight \(pull.weight.rounded(to: 1)))")
      lines += pull.evidence.map { "    \($0)" }
    }
    if !whyNot.isEmpty || !flip.isEmpty { lines += [""] + whyNot + (flip.isEmpty ? [] : [flip]) }
    if kind == "service" {
      lines += seams.isEmpty ? ["", "no data crosses its boundary"] : ["", "seams"] + seams.map { "  \($0)" }
      return lines.map(\.oneLine).joined(separator: "\n") + "\n"
    }
    lines += uses(kind == "table" ? "written by" : "writes", writers)
    lines += uses(kind == "table" ? "read by" : "reads", readers)
    lines += proofLines
    return lines.map(\.oneLine).joined(separator: "\n") + "\n"
  }

  /// Columns, hidden writers and the resolution of a table.
  private var proofLines: [String] {
    var lines: [String] = []
    if !columns.isEmpty { lines += ["", "column by column"] + columns.map { "  \(Self.line($0))" } }
    if !hiddenWriters.isEmpty { lines += ["", "hidden writers"] + hiddenWriters.map { "  \($0.text)" } }
    if let first = resolution.first {
      lines += ["", "resolved by \(first)"] + resolution.dropFirst().map { "  \($0)" }
    }
    return lines
  }

  private static func line(_ column: ReportColumnProof) -> String {
    let name = column.name.isEmpty ? "(columns unknown)" : column.name == "*" ? "* (whole rows)" : column.name
    let parts = [("written by", column.writers), ("read by", column.readers)].filter { !$0.1.isEmpty }
    return "\(name): " + parts.map { "\($0.0) \($0.1.map(\.text).joined(separator: ", "))" }.joined(separator: "; ")
  }

  private var headline: String {
    if kind == "service" { return "\(name): service" }
    let where_ = service.isEmpty ? "in no service" : "in \(service)"
    return "\(name): \(kind) \(where_), defined at \(place.text.isEmpty ? "an unknown place" : place.text)"
  }

  private var pullTitle: String {
    switch kind {
    case "table": "what pulls it, by service"
    case "service": "what holds it together (*), and what ties it to others"
    default: "what ties it, by service"
    }
  }

  private func uses(_ title: String, _ uses: [ReportUse]) -> [String] {
    guard !uses.isEmpty else { return ["", "\(title): nothing found"] }
    var lines = ["", title]
    for use in uses {
      let columns = use.columns.isEmpty ? "" : " columns " + use.columns.joined(separator: ", ")
      lines.append("  \(use.service.isEmpty ? "(no service)" : use.service) (\(use.count))\(columns)")
      lines += use.places.map { "    \($0.text)" }
      if use.count > use.places.count { lines.append("    +\(use.count - use.places.count) more") }
    }
    return lines
  }
}

/// The answer to a name: one explanation, or several when the name is used in several places.
package struct Explanations: JSONObject, Hashable, Sendable {
  /// Explanations in order of place.
  package private(set) var explanations: [Explanation] = []
  private var schemaVersion = Report.currentSchemaVersion
  /// How many things have the name; more than the explanations when it is used very often.
  package private(set) var total = 0

  package init() {}

  init(_ explanations: [Explanation], total: Int = 1) {
    self.explanations = explanations
    self.total = total
  }

  /// For people.
  package var text: String {
    var text = explanations.map(\.text).joined(separator: "\n")
    if total > explanations.count { text += "\n+\(total - explanations.count) more of that name\n" }
    return text
  }

  package mutating func fields<Map: FieldMap>(_ map: inout Map) throws(Map.Failure) {
    try map.field("explanations", &explanations)
    try map.field("schemaVersion", &schemaVersion)
    try map.field("total", &total)
  }
}
