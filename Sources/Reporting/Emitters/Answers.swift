/// What the program calls itself.
package enum Product {
  /// Version of the program, `major.minor.patch`.
  package static let version = "0.1.0"
}

/// Diagnostics as lines for standard error.
package struct DiagnosticText {
  private let report: Report
  private static let limit = 20

  /// The diagnostics of a report.
  package init(_ report: Report) { self.report = report }

  /// Each diagnostic that costs something with its next step, or one line that counts them; empty when there are none.
  package func text(isDetailed: Bool) -> String {
    let costly = report.diagnostics.filter { $0.severity != "note" }
    guard !costly.isEmpty else { return "" }
    guard isDetailed else {
      let errors = costly.count { $0.severity == "error" }
      return "\(counted(errors, "error")), \(counted(costly.count - errors, "warning")): see `cleave analyze`"
    }
    var lines = costly.prefix(DiagnosticText.limit).map { diagnostic in
      let place = ReportPlace(file: diagnostic.file, line: diagnostic.line).text
      let next = diagnostic.nextStep.isEmpty ? "" : "; \(diagnostic.nextStep)"
      return (place.isEmpty ? "" : "\(place): ") + "\(diagnostic.severity): \(diagnostic.message)\(next) "
        + "[\(diagnostic.code)]"
    }
    if costly.count > DiagnosticText.limit {
      lines.append("+\(costly.count - DiagnosticText.limit) more in the report")
    }
    return lines.map(\.oneLine).joined(separator: "\n")
  }
}

/// What `plan` wrote, for programs.
package struct PlanText: JSONObject {
  private var files: [String] = []
  private var schemaVersion = Report.currentSchemaVersion
  private var warnings: [String] = []

  package init() {}

  /// Files written, relative to the folder of the plan, and what the reader must decide or repair.
  package init(files: [String], warnings: [String]) {
    self.files = files
    self.warnings = warnings
  }

  package mutating func fields<Map: FieldMap>(_ map: inout Map) throws(Map.Failure) {
    try map.field("files", &files)
    try map.field("schemaVersion", &schemaVersion)
    try map.field("warnings", &warnings)
  }
}

/// What `doctor` found.
package struct DoctorText: JSONObject {
  /// One thing that was looked for.
  package struct Finding: JSONObject {
    private var detail = ""
    /// Whether it is there.
    package private(set) var isFine = false
    private var name = ""
    private var nextStep = ""

    package init() {}

    /// A thing, whether it is there, what was found, and what to do when it is not.
    package init(name: String, isFine: Bool, detail: String, nextStep: String) {
      self.name = name
      self.isFine = isFine
      self.detail = detail
      self.nextStep = nextStep
    }

    package mutating func fields<Map: FieldMap>(_ map: inout Map) throws(Map.Failure) {
      try map.field("detail", &detail)
      try map.field("isFine", &isFine)
      try map.field("name", &name)
      try map.field("nextStep", &nextStep)
    }

    fileprivate var lines: [String] {
      ["\(isFine ? "ok     " : "missing")  \(name): \(detail)"]
        + (isFine || nextStep.isEmpty ? [] : ["         \(nextStep)"])
    }
  }

  private var findings: [Finding] = []
  private var schemaVersion = Report.currentSchemaVersion

  package init() {}

  /// All findings, in order.
  package init(_ findings: [Finding]) { self.findings = findings }

  /// Whether everything is there.
  package var isFine: Bool { findings.allSatisfy(\.isFine) }

  /// For people.
  package var text: String { findings.flatMap(\.lines).map(\.oneLine).joined(separator: "\n") + "\n" }

  package mutating func fields<Map: FieldMap>(_ map: inout Map) throws(Map.Failure) {
    try map.field("findings", &findings)
    try map.field("schemaVersion", &schemaVersion)
  }
}
