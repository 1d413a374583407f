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

/// What was done with every file of a plan before anybody relies on it.
package struct PlanProofText: JSONObject {
  /// One file.
  package struct File: JSONObject {
    fileprivate var by = ""
    fileprivate var kind = ""
    fileprivate var path = ""
    fileprivate var problems: [String] = []

    package init() {}

    /// A file, the strongest thing done with it, by what, and what is wrong.
    package init(path: String, kind: String, by: String, problems: [String]) {
      self.path = path
      self.kind = kind
      self.by = by
      self.problems = problems
    }

    package mutating func fields<Map: FieldMap>(_ map: inout Map) throws(Map.Failure) {
      try map.field("by", &by)
      try map.field("kind", &kind)
      try map.field("path", &path)
      try map.field("problems", &problems)
    }
  }

  private var files: [File] = []
  private var schemaVersion = Report.currentSchemaVersion

  package init() {}

  /// Longest listing of names for people.
  private static let listLimit = 20

  /// All files, in order.
  package init(_ files: [File]) { self.files = files }

  /// Whether nothing was found to be wrong.
  package var isFine: Bool { files.allSatisfy(\.problems.isEmpty) }

  /// For people: how many files of each kind by what, those nothing here can run by name, then what is wrong.
  package var text: String {
    let kinds = ["executed", "keys", "read", "unproven", "words"]
    let words = [
      "executed": "executed", "keys": "compared with known keys", "read": "read back", "unproven": "not tried here",
      "words": "for people",
    ]
    var lines: [String] = []
    for kind in kinds {
      let found = files.filter { $0.kind == kind }
      guard !found.isEmpty else { continue }
      lines.append("\(found.count) \(found.count == 1 ? "file" : "files") \(words[kind] ?? kind)")
      var ways: [String: Int] = [:]
      for file in found { ways[file.by, default: 0] += 1 }
      lines += ways.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map { "  \($0.value)  \($0.key)" }
      if kind == "unproven" {
        lines += found.prefix(Self.listLimit).map { "     \($0.path)" }
        if found.count > Self.listLimit {
          lines.append("     and \(found.count - Self.listLimit) more: --format json lists all")
        }
      }
    }
    let faulty = files.filter { !$0.problems.isEmpty }
    lines += ["", faulty.isEmpty ? "nothing was found to be wrong" : "\(faulty.count) files with problems:"]
    for file in faulty { lines += ["  \(file.path)"] + file.problems.map { "    \($0)" } }
    return lines.map(\.oneLine).joined(separator: "\n") + "\n"
  }

  package mutating func fields<Map: FieldMap>(_ map: inout Map) throws(Map.Failure) {
    try map.field("files", &files)
    try map.field("schemaVersion", &schemaVersion)
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
