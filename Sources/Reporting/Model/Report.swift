/// Everything one analysis found, in the shape every view renders: the only model that is saved.
///
/// Paths are relative, nothing depends on time or machine, and the same input gives the same bytes. Values that other
/// rooms hold as enums are kept here in their public spelling.
package struct Report: JSONObject, Hashable, Sendable {
  /// The version this program writes and reads.
  package static let currentSchemaVersion = 1

  /// What stands in the place of a service for code that belongs to none because all use it.
  package static let sharedName = "shared"

  /// Accesses, one for each distinct place, sorted by file, function, table, operation, line.
  package var accesses: [ReportAccess] = []
  /// Units and references for the type and function levels of the graph.
  package var code = ReportCode()
  /// The proposal beside an imported split.
  package var comparison = ReportComparison()
  /// What people decided, in the order of `cleave.yml`.
  package var constraints: [ReportConstraint] = []
  /// How much was understood.
  package var coverage = ReportCoverage()
  /// What went wrong, sorted by place.
  package var diagnostics: [ReportDiagnostic] = []
  /// Identifies the facts the report was made from.
  package var digest = ""
  /// The ways to divide the tables that were weighed.
  package var divisions: [ReportDivision] = []
  /// Family of database engine the schema is written for: mysql, postgres or sqlite.
  package var engine = ""
  /// Weighted evidence between types, files and tables: what placed them.
  package var evidence = ReportEvidence()
  /// Pairs of tables joined by statements, sorted.
  package var joins: [ReportJoin] = []
  /// Figures of the proposal.
  package var metrics: [ReportMetric] = []
  /// Name of the system, usually its folder.
  package var name = ""
  /// One owner a table, sorted by table.
  package var owners: [ReportOwner] = []
  /// Views, triggers and routines.
  package var programs: [ReportProgram] = []
  /// Version of this format.
  package var schemaVersion = Report.currentSchemaVersion
  /// Places where the cut goes through data, sorted by kind, from, to, table, place.
  package var seams: [ReportSeam] = []
  /// Proposed services, sorted by name.
  package var services: [ReportService] = []
  /// Types and files used from everywhere and put in no service, sorted.
  package var shared: [String] = []
  /// Tables of the final schema, sorted by name.
  package var tables: [ReportTable] = []
  /// Statements that reach the database without saying which table, sorted by place.
  package var unresolved: [ReportUnresolved] = []

  /// An empty report.
  package init() {}

  package mutating func fields<Map: FieldMap>(_ map: inout Map) throws(Map.Failure) {
    try map.field("accesses", &accesses)
    try map.field("code", &code)
    try map.field("comparison", &comparison)
    try map.field("constraints", &constraints)
    try map.field("coverage", &coverage)
    try map.field("diagnostics", &diagnostics)
    try map.field("digest", &digest)
    try map.field("divisions", &divisions)
    try map.field("engine", &engine)
    try map.field("evidence", &evidence)
    try map.field("joins", &joins)
    try map.field("metrics", &metrics)
    try map.field("name", &name)
    try map.field("owners", &owners)
    try map.field("programs", &programs)
    try map.field("schemaVersion", &schemaVersion)
    try map.field("seams", &seams)
    try map.field("services", &services)
    try map.field("shared", &shared)
    try map.field("tables", &tables)
    try map.field("unresolved", &unresolved)
  }
}

extension Report {
  /// Reads a saved report. Linear; about 100 MB a second in release builds.
  package init(json bytes: [UInt8]) throws(ReportError) {
    self.init()
    var probe = JSONReader(bytes)
    var version = VersionProbe()
    try version.read(from: &probe)
    guard version.schemaVersion == Report.currentSchemaVersion else {
      throw .unsupportedVersion(found: version.schemaVersion)
    }
    var reader = JSONReader(bytes)
    try read(from: &reader)
    try reader.finish()
    try checkConsistency()
  }

  /// Indices of a saved report were written by somebody else: none may point outside.
  private func checkConsistency() throws(ReportError) {
    guard code.isConsistent(services: services.count) else { throw .inconsistent(part: "code") }
    guard evidence.isConsistent(units: code.count, tables: tables.count, files: code.files.count) else {
      throw .inconsistent(part: "evidence")
    }
    guard accesses.allSatisfy({ $0.unit >= -1 && $0.unit < code.count }) else { throw .inconsistent(part: "accesses") }
  }
}

/// Reads the version alone, so that a report of another version is named as such and not as malformed.
private struct VersionProbe: JSONObject {
  var schemaVersion = 0
  mutating func fields<Map: FieldMap>(_ map: inout Map) throws(Map.Failure) {
    try map.field("schemaVersion", &schemaVersion)
  }
}
