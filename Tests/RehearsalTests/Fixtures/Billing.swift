import Basics
import Decomposition
import Facts
import Foundation
import Migration
import Rehearsal
import SQL

/// The billing monolith of the fixtures.
enum Billing {
  static let monolith = Monolith(
    name: "billing", engine: .postgres,
    files: ["001_core.sql", "002_invoices.sql", "003_payments.sql", "004_later.sql"])

  /// A rehearsal of some services, with the plan written below the temporary folder.
  static func request(_ services: [String], changes: Int, kills: Int, seed: UInt64 = 7) throws -> RehearsalRequest {
    try monolith.request(services, changes: changes, kills: kills, seed: seed)
  }
}

/// A monolith of the fixtures: its schema as written, its owners as its golden files say.
struct Monolith {
  let name: String
  let engine: PlanEngine
  /// The files that make the schema, in order.
  let files: [String]

  private static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().appendingPathComponent("fixtures/monoliths")

  var schema: [String] { files.map { Self.root.appendingPathComponent("\(name)/sql/\($0)").path } }

  private static func span(_ service: String) -> SourceSpan {
    SourceSpan(file: RepoPath("src/\(service).c"), line: 1)
  }

  func system() throws -> SystemFacts {
    var reader = SchemaReader(engine: engine == .postgres ? .postgres : .mysql)
    for path in schema {
      reader.read(
        try String(contentsOfFile: path, encoding: .utf8),
        file: RepoPath("sql/" + URL(fileURLWithPath: path).lastPathComponent))
    }
    var system = SystemFacts()
    system.catalog = reader.catalog()
    return system
  }

  /// `table,service,…,writers,readers` with uses such as `accounts (3) ; dunning (2)`.
  func proposal(_ system: SystemFacts) throws -> Proposal {
    var proposal = Proposal()
    let csv = try String(contentsOf: Self.root.appendingPathComponent("\(name)/expected/owners.csv"), encoding: .utf8)
    var tables: [String: [TableName]] = [:]
    for line in csv.split(separator: "\n").dropFirst() {
      let fields = line.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
      func uses(_ text: String) -> [TableUse] {
        text.split(separator: ";").compactMap { $0.split(separator: " ").first.map(String.init) }
          .map { TableUse(service: $0, columns: ["*"], evidence: [Self.span($0)]) }
      }
      let table = TableName(fields[0])
      tables[fields[1], default: []].append(table)
      proposal.owners.append(
        TableOwner(
          table: table, service: fields[1], margin: 1, runnerUp: "", ownership: .single, resolution: .none,
          writers: uses(fields[6]), readers: uses(fields[7]), reason: "writes it most"))
    }
    proposal.owners.sort { $0.table < $1.table }
    proposal.services = tables.keys.sorted().map {
      ServiceBoundary(name: $0, units: [], tables: (tables[$0] ?? []).sorted(), cohesion: 0.7)
    }
    return proposal
  }

  /// A rehearsal of some services, with the plan written below the temporary folder.
  func request(_ services: [String], changes: Int, kills: Int, seed: UInt64 = 7) throws -> RehearsalRequest {
    let system = try system()
    return try Self.request(
      services, system, proposal(system), schema, engine, changes: changes, kills: kills, seed: seed)
  }

  /// A rehearsal of some services of any system.
  static func request(
    _ services: [String], _ system: SystemFacts, _ proposal: Proposal, _ schema: [String], _ engine: PlanEngine,
    changes: Int, kills: Int, seed: UInt64
  ) throws -> RehearsalRequest {
    let plan = try Planner.plan(
      system: system, proposal: proposal,
      options: PlanOptions(service: services.count == 1 ? services[0] : nil, engine: engine), factsDigest: "f1")
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent(
      "cleave-rehearsal-plan-\(UUID().uuidString)")
    for file in plan.files() {
      let url = folder.appendingPathComponent(file.path)
      try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
      try Data(file.contents.utf8).write(to: url)
    }
    var request = RehearsalRequest(
      plan: plan, system: system, planFolder: folder.path, schema: schema, database: "monolith",
      scratchRoot: FileManager.default.isWritableFile(atPath: "/dev/shm") ? "/dev/shm" : NSTemporaryDirectory(),
      worker: [try Self.worker()], progress: { print("  \($0)") })
    request.services = services
    request.changes = changes
    request.kills = kills
    request.seed = seed
    // How long a cutover takes depends on what else the machine does; that it is short is measured elsewhere.
    request.writeBlockLimit = 30
    return request
  }

  /// The program beside the test bundle that becomes the processes of a rehearsal.
  private static func worker() throws -> String {
    let bundle = URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent()
    let candidates = [bundle, URL(fileURLWithPath: FileManager.default.currentDirectoryPath + "/.build/debug")]
      .map { $0.appendingPathComponent("RehearsalWorker").path }
    guard let found = candidates.first(where: FileManager.default.isExecutableFile) else {
      throw MachineError(description: "RehearsalWorker was not built: swift build --build-tests")
    }
    return found
  }
}
