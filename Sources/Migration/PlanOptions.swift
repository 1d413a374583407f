import Facts

/// The database engine the migrated system runs on.
package enum PlanEngine: String, Hashable, Sendable, CaseIterable {
  case postgres, mysql, mariadb, sqlserver, oracle

  /// Whether MySQL syntax applies.
  var isMySQLFamily: Bool { self == .mysql || self == .mariadb }

  /// What people call it.
  package var title: String {
    switch self {
    case .postgres: "PostgreSQL"
    case .mysql: "MySQL"
    case .mariadb: "MariaDB"
    case .sqlserver: "SQL Server"
    case .oracle: "Oracle"
    }
  }

  /// Whether texts that differ in case alone are different unless a collation says otherwise.
  var comparesCase: Bool { self == .postgres || self == .oracle }

  /// The family whose syntax applies.
  var family: EngineFamily {
    switch self {
    case .postgres: .postgres
    case .mysql, .mariadb: .mysql
    case .sqlserver: .sqlserver
    case .oracle: .oracle
    }
  }
}

/// The change data capture tool that tails the transaction log.
package enum CDCTool: String, Hashable, Sendable, CaseIterable {
  case debezium, canal, maxwell, spinaltap
}

/// The layout of the transactional outbox.
package enum OutboxKind: String, Hashable, Sendable, CaseIterable {
  case killbill, debezium, eventuate, modulith, polling
}

/// What carries events between services.
package enum Broker: String, Hashable, Sendable, CaseIterable {
  case kafka, rocketmq, redis, none
}

/// How a business transaction that spans services is kept consistent.
package enum TransactionStyle: String, Hashable, Sendable, CaseIterable {
  case saga, seata, tcc, xa
}

/// What the reader of a plan chose; everything left out is chosen by rule.
package struct PlanOptions: Hashable, Sendable {
  /// The service to plan; nil plans every service that owns tables.
  package var service: String?
  /// Services to plan, in the order of the plan, as if there were no others; empty for no such limit.
  package var only: [String] = []
  /// The engine both the old and the new database run on; nil takes the engine the schema is written for.
  package var engine: PlanEngine?
  /// The engine of the service's own database; nil takes that of the monolith.
  package var targetEngine: PlanEngine?
  /// The change data capture tool; nil chooses Debezium.
  package var cdc: CDCTool?
  /// The outbox layout; nil chooses by rule.
  package var outbox: OutboxKind?
  /// The broker; nil chooses Kafka.
  package var broker: Broker?
  /// How spanning transactions are handled; nil leaves each edge to its own rule.
  package var transactions: TransactionStyle?
  /// Name of the monolith's database, used in qualified names on MySQL and MariaDB and in connector files.
  package var databaseName: String
  /// The schema of unqualified tables on PostgreSQL and SQL Server, the user on Oracle.
  package var schemaName: String

  /// Whether PostgreSQL holds declared names in lower case, as it does with names declared without quotes; nil judges by
  /// how the system spells them.
  package var foldsNames: Bool?

  /// The schema of unqualified tables unless another one is named; SQL Server's and Oracle's defaults stand for it there.
  package static let defaultSchema = "public"

  /// Options; everything has a default.
  package init(
    service: String? = nil, engine: PlanEngine? = nil, targetEngine: PlanEngine? = nil, cdc: CDCTool? = nil,
    outbox: OutboxKind? = nil,
    broker: Broker? = nil, transactions: TransactionStyle? = nil, databaseName: String = "monolith",
    schemaName: String = PlanOptions.defaultSchema, foldsNames: Bool? = nil
  ) {
    self.service = service
    self.engine = engine
    self.targetEngine = targetEngine
    self.cdc = cdc
    self.outbox = outbox
    self.broker = broker
    self.transactions = transactions
    self.databaseName = databaseName
    self.schemaName = schemaName
    self.foldsNames = foldsNames
  }
}

/// Why no plan could be made.
package enum PlanError: Error, Hashable, Sendable, CustomStringConvertible {
  /// A choice this version has no artifacts for, and what to choose instead.
  case unsupported(option: String, nextStep: String)
  /// The service is not in the proposal; known names follow.
  case unknownService(String, known: [String])
  /// No service of the proposal owns a table.
  case nothingToPlan(nextStep: String)
  /// A file of the plan has keys or values its reader does not take: a defect of ours, never of the input.
  case faultyFile(path: String, problems: [String])

  package var description: String {
    switch self {
    case .unsupported(let option, let nextStep): "\(option) has no plan artifacts yet; \(nextStep)"
    case .unknownService(let name, let known):
      "no service named \(name) owns tables; known: \(known.joined(separator: ", "))"
    case .nothingToPlan(let nextStep): "no service of the proposal owns a table that can be moved; \(nextStep)"
    case .faultyFile(let path, let problems):
      "\(path) is not what its reader takes, please report it: \(problems.joined(separator: "; "))"
    }
  }
}
