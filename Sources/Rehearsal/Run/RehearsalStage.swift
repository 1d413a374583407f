import Basics
import Facts
import Foundation
import Migration

/// One group while it moves.
final class MovingGroup {
  let group: PlanGroup
  /// Names of the writers of its tables.
  var writers: [String] = []
  /// What the writers do.
  var order = WriterOrder(side: 0, pauseMicroseconds: 0, outbox: "")
  let orderFile: String
  /// Streams that run, by direction.
  var streams: [PlanSide: StreamTask] = [:]
  /// Streams of events that run, by the side of their outbox.
  var eventStreams: [PlanSide: StreamTask] = [:]
  /// Jobs of S2 that run again and again, by path.
  var looseJobs: [String] = []
  /// Events counted as lost, ghosts and order breaks so far, by stream.
  var counted: [String: RehearsalCounts] = [:]
  /// How long writers wait on the way back.
  var wayBack: Stopwatch?
  /// Sums of the old rows when nobody writes any more.
  var rowsBefore: [String: OldRows.Sum] = [:]

  init(_ group: PlanGroup, folder: String) {
    self.group = group
    orderFile = "\(folder)/orders-\(group.folder).json"
  }

  var move: PlanMove { group.move }

  /// The outbox to publish to on a side, quoted; empty for none.
  func outbox(on side: PlanSide, _ words: Wording) -> String {
    eventStreams[side] == nil ? "" : move.events.first { $0.side == side }.map { words.table($0.outbox) } ?? ""
  }

  func step(_ id: StepID) -> PlanStep? { group.steps.first { $0.id == id } }

  func stream(from side: PlanSide) -> PlanStream { side == .source ? move.forward : move.reverse }
}

/// Carries the steps out: the one who knows where everything stands.
final class RehearsalStage {
  let request: RehearsalRequest
  let machine: RehearsalMachine
  let groups: [MovingGroup]
  let words: Wording
  var report: RehearsalReport
  var random: SplitMix64
  /// Writers of tables that stay.
  var otherWriters: [String] = []
  let otherOrders: String
  /// Microseconds every writer rests between two transactions.
  var pace = 0
  var marks = 0
  /// Tables whose versions are watched, with the numbers of their triggers.
  var watches: [PlanPlace: Int] = [:]
  var watchCount = 0
  /// Writers that were not started yet.
  var waitingJobs: [(String, WorkerJob)] = []
  /// What reads the log in place of cleave itself; nil when nothing does.
  let engine: RunningEngine?
  /// Seconds from the start of a connector to its slot, in order.
  var engineStarts: [(stream: String, seconds: Double)] = []
  /// Kills since the step began.
  var kills = 0
  /// The tables there were before the first step.
  private(set) var oldRows = OldRows()
  /// The schema rows and writers are made for.
  private(set) var catalog: Catalog
  /// How many rows tables start from, where a live database says so.
  private(set) var profile = SeedProfile()
  /// Copied rows applied and the seconds that took, by stream.
  var copies: [String: (rows: Int, seconds: Double)] = [:]
  private var live: LiveSource?
  private var baseline = ""

  init(
    _ request: RehearsalRequest, machine: RehearsalMachine, groups: [PlanGroup], live: LiveSource?,
    engine: RunningEngine?
  ) {
    self.request = request
    self.live = live
    self.engine = engine
    catalog = request.system.catalog
    self.machine = machine
    words = Wording(kind: machine.source.kind)
    self.groups = groups.map { MovingGroup($0, folder: machine.folder) }
    report = RehearsalReport(engine: request.plan.engine, seed: request.seed)
    report.writeBlockLimit = request.writeBlockLimit
    report.capture = request.debezium.map { "Debezium \($0.version)" } ?? words.logReader
    random = SplitMix64(state: request.seed)
    otherOrders = "\(machine.folder)/orders.json"
  }

  /// Everything, forward and back; what goes wrong ends in the report.
  func run() {
    do {
      try prepare()
      try startWriters()
      for group in groups { try forward(group) }
      // The old tables go when every service that copies them has moved.
      for group in groups { try retire(group) }
      for group in groups.reversed() { try back(group) }
      try compareWithBefore()
    } catch {
      report.failure = report.source?.explaining("\(error)") ?? "\(error)"
    }
    let copied = copies.values.reduce((0, 0.0)) { ($0.0 + $1.rows, $0.1 + $1.seconds) }
    report.source?.estimate(copied: copied.0, seconds: copied.1)
    noteEngine()
    report.refused = (groups.flatMap(\.writers) + otherWriters).reduce(0) { $0 + machine.status($1).refused }
    let refusal = (groups.flatMap(\.writers) + otherWriters).map { machine.status($0).lastRefusal }.first {
      !$0.isEmpty
    }
    if let refusal { report.notes.append("the last transaction refused: \(refusal)") }
  }

  func say(_ text: String) { request.progress(text) }

  // MARK: Before and after

  private func prepare() throws {
    say("servers are up; loading the schema")
    try makeDatabases()
    let server = machine.source
    let origin = try makeOldSchema()
    report.notes.append("the old database was made from \(origin)")
    try load()
    for side in [PlanSide.source, .target] { try machine.query(ScratchBook.create(words.kind), on: side) }
    baseline = try server.structure(request.database)
    oldRows = try OldRows(machine)
  }

  /// From the live database where there is one, else from the schema files, else from the catalog.
  private func makeOldSchema() throws -> String {
    let old = OldSchema(
      machine: machine, database: request.database, files: request.schema, catalog: request.plan.catalogScript)
    guard let source = live else { return try old.load(say: say) }
    say("copying the structure of \(request.source?.text ?? ""), read-only")
    let basis = try source.load(request, groups: groups.map(\.group), machine: machine)
    // Its session ends here: nothing is asked while the rehearsal runs.
    live = nil
    (catalog, profile, report.source) = (basis.catalog, basis.profile, basis.report)
    if basis.report.isUsed { return basis.origin }
    say("the copy does not load: the schema files are used")
    try old.startOver()
    return try old.load(say: say)
  }

  private func makeDatabases() throws {
    switch words.kind {
    case .postgres:
      for side in [PlanSide.source, .target] {
        let connection = try machine.server(side).endpoint(database: "postgres").connect()
        try connection.run("CREATE DATABASE \(words.name(machine.databases[side] ?? ""))")
      }
    case .mariadb:
      let connection = try machine.source.endpoint(database: "").connect()
      try connection.run("CREATE DATABASE IF NOT EXISTS \(words.name(request.database))")
    }
  }

  private func compareWithBefore() throws {
    try pauseAll()
    let after = try machine.source.structure(request.database)
    let old = Set(baseline.split(separator: "\n"))
    let new = Set(after.split(separator: "\n"))
    // MariaDB writes the head of a trigger anew when its table gets another name: in one line, whatever it was.
    func flat(_ text: String) -> String { text.split(whereSeparator: \.isWhitespace).joined(separator: " ") }
    let isSame = flat(after) == flat(baseline)
    report.isSourceRestored = isSame && report.isSourceRestored != false
    if !isSame {
      report.notes.append(
        "gone from the structure: \(old.subtracting(new).sorted().prefix(5)); new: \(new.subtracting(old).sorted().prefix(5))"
      )
    }
  }
}
