import Basics
import Facts

/// Options with every blank filled in by rule.
struct PlanChoices {
  /// Engine of the monolith's database.
  let engine: PlanEngine
  /// Engine of the service's own database.
  let targetEngine: PlanEngine
  let cdc: CDCTool
  /// Why this tool and this broker.
  let cdcReason: String
  let outbox: OutboxKind
  let outboxReason: String
  let broker: Broker
  /// What replaces transactions that span services; nil leaves each to its own rule.
  let transactions: TransactionStyle?

  /// Fills in the blanks; refuses what has no artifacts.
  init(system: SystemFacts, options: PlanOptions) throws(PlanError) {
    engine = try Self.engine(options.engine, catalog: system.catalog.engine)
    targetEngine = options.targetEngine ?? engine
    guard targetEngine == engine else {
      throw .unsupported(option: "--target-engine \(targetEngine.rawValue)", nextStep: "leave it out")
    }
    let capture = try CaptureChoice(cdc: options.cdc, broker: options.broker, engine: engine)
    (cdc, cdcReason, broker) = (capture.cdc, capture.reason, capture.broker)
    transactions = options.transactions
    if let style = options.transactions {
      throw .unsupported(
        option: "--transactions \(style.rawValue)",
        nextStep: "leave it out: every spanning transaction gets its own decision in plan.yaml")
    }
    (outbox, outboxReason) = try Self.outbox(options.outbox, system: system)
  }

  private static func engine(_ wanted: PlanEngine?, catalog: EngineFamily) throws(PlanError) -> PlanEngine {
    let engine: PlanEngine
    switch (wanted, catalog) {
    // Neither the types nor the change log of these are known to the planner: nothing it wrote would run.
    case (_, .sqlserver), (_, .oracle):
      throw .unsupported(
        option: "a schema written for \(catalog == .oracle ? "Oracle" : "SQL Server")",
        nextStep: "plans are made for PostgreSQL, MySQL and MariaDB; boundaries, owners and seams are known without one"
      )
    case (.some(let chosen), _): engine = chosen
    case (nil, .postgres): engine = .postgres
    case (nil, .mysql): engine = .mysql
    case (nil, .sqlite), (nil, .h2):
      throw .unsupported(
        option: "a schema written for \(catalog == .h2 ? "H2, HSQLDB or Derby" : "SQLite")",
        nextStep: "name the server it moves to with --engine postgres, mysql or mariadb")
    }
    guard engine == .postgres || engine.isMySQLFamily else {
      throw .unsupported(option: "--engine \(engine.rawValue)", nextStep: "choose --engine postgres, mysql or mariadb")
    }
    return engine
  }

  private static func outbox(_ wanted: OutboxKind?, system: SystemFacts) throws(PlanError) -> (OutboxKind, String) {
    if let wanted {
      guard wanted == .killbill || wanted == .debezium else {
        throw .unsupported(
          option: "--outbox \(wanted.rawValue)", nextStep: "choose --outbox debezium or --outbox killbill")
      }
      return (wanted, "as asked for")
    }
    let hasBus = system.catalog.tables.contains { $0.name.baseKey == "bus_events" }
    let jvm = [".java", ".kt", ".scala", ".groovy"]
    let onJVM = system.units.filter { unit in jvm.contains { unit.span.file.text.hasSuffix($0) } }.count
    if hasBus, onJVM * 2 > system.units.count {
      return (.killbill, "the schema has a bus inside the database already and most code runs on the JVM (R4a)")
    }
    return (
      .debezium, "the log is tailed anyway, so a plain table and the event router are the least that is needed (R4a)"
    )
  }
}
