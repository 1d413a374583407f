/// One distinct place where a function touches a table.
package struct ReportAccess: JSONObject, Hashable, Sendable {
  /// Columns touched, sorted; `*` for all.
  package var columns: [String] = []
  /// exact, inferred or guessed.
  package var confidence = ""
  /// Path of the file.
  package var file = ""
  /// Qualified name of the function, type or file that causes it.
  package var function = ""
  /// Line from 1.
  package var line = 0
  /// read, write or ddl.
  package var op = ""
  /// The table.
  package var table = ""
  /// Index into `Report.code`, -1 when unknown.
  package var unit = -1
  /// The rule that found it.
  package var via = ""

  package init() {}

  /// An access.
  package init(
    file: String, function: String, table: String, op: String, line: Int, confidence: String, via: String,
    columns: [String], unit: Int = -1
  ) {
    self.file = file
    self.function = function
    self.table = table
    self.op = op
    self.line = line
    self.confidence = confidence
    self.via = via
    self.columns = columns
    self.unit = unit
  }

  /// Where it stands.
  package var place: ReportPlace { ReportPlace(file: file, line: line) }

  package mutating func fields<Map: FieldMap>(_ map: inout Map) throws(Map.Failure) {
    try map.field("columns", &columns)
    try map.field("confidence", &confidence)
    try map.field("file", &file)
    try map.field("function", &function)
    try map.field("line", &line)
    try map.field("op", &op)
    try map.field("table", &table)
    try map.field("unit", &unit)
    try map.field("via", &via)
  }
}

/// A statement that reaches the database without saying which table.
package struct ReportUnresolved: JSONObject, Hashable, Sendable {
  /// Path of the file.
  package var file = ""
  /// Qualified name of the function.
  package var function = ""
  /// Line from 1.
  package var line = 0
  /// Why it stays unknown.
  package var reason = ""
  /// What was seen, shortened.
  package var text = ""

  package init() {}

  package mutating func fields<Map: FieldMap>(_ map: inout Map) throws(Map.Failure) {
    try map.field("file", &file)
    try map.field("function", &function)
    try map.field("line", &line)
    try map.field("reason", &reason)
    try map.field("text", &text)
  }
}

/// Something the analysis met and the reader should know.
package struct ReportDiagnostic: JSONObject, Hashable, Sendable {
  /// Stable identifier.
  package var code = ""
  /// Path of the file; empty when it concerns the whole system.
  package var file = ""
  /// Line from 1, or 0.
  package var line = 0
  /// What was seen.
  package var message = ""
  /// What to do about it.
  package var nextStep = ""
  /// note, warning or error.
  package var severity = ""

  package init() {}

  package mutating func fields<Map: FieldMap>(_ map: inout Map) throws(Map.Failure) {
    try map.field("code", &code)
    try map.field("file", &file)
    try map.field("line", &line)
    try map.field("message", &message)
    try map.field("nextStep", &nextStep)
    try map.field("severity", &severity)
  }
}

/// How much of the input was understood.
package struct ReportCoverage: JSONObject, Hashable, Sendable {
  /// Source files read.
  package var files = 0
  /// Source files that were skipped because a tool wrote them.
  package var generatedFiles = 0
  /// Lines of all source files.
  package var lines = 0
  /// Lines inside functions that were lost.
  package var lostLines = 0
  /// Statements in code whose tables are all known.
  package var resolvedStatements = 0
  /// Statements in schema files.
  package var schemaStatements = 0
  /// Statements seen in code.
  package var statements = 0
  /// Accesses made by code of tests: listed, but no evidence for boundaries and owners.
  package var testAccesses = 0
  /// Lines inside functions that were read.
  package var understoodLines = 0
  /// Statements in schema files that were understood.
  package var understoodSchemaStatements = 0
  /// Languages and frameworks that are used and not followed.
  package var unread: [ReportUnread] = []
  /// Source files that could not be read.
  package var unreadableFiles = 0

  package init() {}

  /// Share of lines inside functions that were read, 0 to 1; 1 when there are no functions.
  package var codeShare: Double { share(understoodLines, understoodLines + lostLines) }
  /// Share of statements in code whose tables are known, 0 to 1.
  package var statementShare: Double { share(resolvedStatements, statements) }
  /// Share of statements in schema files that were understood, 0 to 1.
  package var schemaShare: Double { share(understoodSchemaStatements, schemaStatements) }
  /// The weakest of the three shares, in percent: what `--min-coverage` is compared with.
  package var percent: Double { min(codeShare, statementShare, schemaShare) * 100 }

  private func share(_ part: Int, _ whole: Int) -> Double { whole > 0 ? Double(part) / Double(whole) : 1 }

  package mutating func fields<Map: FieldMap>(_ map: inout Map) throws(Map.Failure) {
    try map.field("files", &files)
    try map.field("generatedFiles", &generatedFiles)
    try map.field("lines", &lines)
    try map.field("lostLines", &lostLines)
    try map.field("resolvedStatements", &resolvedStatements)
    try map.field("schemaStatements", &schemaStatements)
    try map.field("statements", &statements)
    try map.field("testAccesses", &testAccesses)
    try map.field("understoodLines", &understoodLines)
    try map.field("understoodSchemaStatements", &understoodSchemaStatements)
    try map.field("unread", &unread)
    try map.field("unreadableFiles", &unreadableFiles)
  }
}

/// A language or framework that is used in the system and not followed.
package struct ReportUnread: JSONObject, Hashable, Sendable {
  /// How many files use it.
  package var files = 0
  /// language or framework.
  package var kind = ""
  /// What people call it.
  package var name = ""

  package init() {}

  /// A row with all its parts.
  package init(kind: String, name: String, files: Int) {
    self.kind = kind
    self.name = name
    self.files = files
  }

  package mutating func fields<Map: FieldMap>(_ map: inout Map) throws(Map.Failure) {
    try map.field("files", &files)
    try map.field("kind", &kind)
    try map.field("name", &name)
  }
}
