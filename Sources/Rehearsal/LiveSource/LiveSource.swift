import Basics
import Facts
import Migration

/// A live database as a rehearsal uses it: asked first, copied when the scratch servers are up.
struct LiveSource {
  private let session: SourceSession
  private let statistics: SourceStatistics
  private let server: String

  /// Connects and reads what the server has counted.
  init(_ address: SourceAddress, engine: PlanEngine) throws(MachineError) {
    guard Endpoint.Kind(engine) == address.kind else {
      let other = address.kind == .postgres ? "PostgreSQL" : "MariaDB or MySQL"
      throw MachineError(
        description: "the plan is for \(engine.rawValue), \(address.text) for \(other): --engine says which")
    }
    let session = try SourceSession(address)
    server = try session.version()
    statistics = try session.reading { () throws(MachineError) in try SourceStatistics(session) }
    self.session = session
  }

  /// What the rehearsal starts from.
  struct Basis {
    var catalog: Catalog
    var profile: SeedProfile
    var report: SourceReport
    var origin: String
  }

  /// MariaDB hides what a login has no right for, without a word.
  private static func unseen(_ files: Catalog, _ live: Catalog, _ method: SourceCopy.Method) -> [String] {
    guard method == .mariadbDump else { return [] }
    let rights = [(StoredProgram.Kind.trigger, "TRIGGER"), (.routine, "SHOW CREATE ROUTINE or SELECT on mysql.proc")]
    return rights.filter { kind, _ in
      files.programs.contains { $0.kind == kind } && !live.programs.contains { $0.kind == kind }
    }.map { kind, right in
      "no \(kind.rawValue) was seen, though the schema files have some: the login may need \(right)"
    }
  }

  /// Copies the structure to the scratch server; nil for the catalog when it cannot stand in for the schema files.
  func load(
    _ request: RehearsalRequest, groups: [PlanGroup], machine: RehearsalMachine
  ) throws(MachineError) -> Basis {
    let copy = try SourceCopy.take(session, folder: "\(machine.folder)/live")
    let moved = groups.flatMap { group in group.move.forward.channels.map { (group, $0.table) } }
    let files = request.system.catalog
    let names = Set(files.tables.map(\.name))
    // Tables that carry out the plan itself travel too; no file knows them.
    let known = moved.filter { names.contains($0.1) }
    let structure = copy.catalog(session.address.kind)
    let comparison = DriftComparison(
      files: files, live: structure, engine: request.plan.engine, moved: known.map(\.1))
    var report = SourceReport(address: session.address.text, server: server, method: copy.method.rawValue)
    report.drift = comparison.differences()
    report.notes = (session.address.warning.map { [$0] } ?? []) + copy.notes
    report.notes += Self.unseen(files, structure, copy.method)
    report.tables = known.map { group, table in
      let numbers = comparison.liveTable(table).flatMap { statistics.tables[$0.name] }
      return SourceReport.MovedTable(
        service: group.service, table: table, isCopy: group.replicas.contains(table), rows: numbers?.rows,
        bytes: numbers?.bytes, rehearsed: 0)
    }.sorted { ($0.service, $0.table) < ($1.service, $1.table) }
    let load = SourceLoad(copy: copy, machine: machine, database: request.database)
    report.notes += try load.run()
    if statistics.tables.values.allSatisfy({ $0.columns.isEmpty }) {
      report.notes.append(
        "no statistics of columns could be read: NULLs and lengths are those of a rehearsal without a live database")
    }
    let present = try load.tables()
    let missing = known.compactMap { comparison.liveTable($0.1)?.name }.filter { !present.contains($0) }
    let merged = comparison.merged()
    let profile = SeedProfile(
      catalog: merged.tables, unknown: request.rowsPerTable, most: request.mostRows
    ) { name in comparison.liveTable(name).flatMap { statistics.tables[$0.name] } }
    guard missing.isEmpty else {
      report.isUsed = false
      let list = Set(missing.map(\.text)).sorted().joined(separator: ", ")
      report.notes.append("the copy was not used, as \(list) could not be made here")
      return Basis(catalog: files, profile: profile, report: report, origin: "")
    }
    return Basis(
      catalog: merged, profile: profile, report: report,
      origin: "the structure of \(session.address.text) (\(server)), read \(report.reading)")
  }
}
