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
    let capture = try CaptureChoice(cdc: options.cdc, broker: options.broker, engine: engine)
    (cdc, cdcReason, broker) = (capture.cdc, capture.reason, capture.broker)
    transactions = options.transactions
    (outbox, outboxReason) = try OutboxChoice(system: system, engine: engine, targetEngine: targetEngine, cdc: cdc)
      .choose(options.outbox)
  }

  private static func engine(_ wanted: PlanEngine?, catalog: EngineFamily) throws(PlanError) -> PlanEngine {
    if let wanted { return wanted }
    switch catalog {
    case .postgres: return .postgres
    case .mysql: return .mysql
    case .sqlserver: return .sqlserver
    case .oracle: return .oracle
    case .sqlite, .h2:
      throw .unsupported(
        option: "a schema written for \(catalog == .h2 ? "H2, HSQLDB or Derby" : "SQLite")",
        nextStep: "name the server it moves to with --engine postgres, mysql, mariadb, sqlserver or oracle")
    }
  }
}
