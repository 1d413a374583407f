/// Which tool reads the log and where it writes, with the reason.
struct CaptureChoice {
  let cdc: CDCTool
  let broker: Broker
  let reason: String

  /// Fills in the blanks; refuses a tool that cannot read the engine's log or write to the broker.
  init(cdc wanted: CDCTool?, broker: Broker?, engine: PlanEngine) throws(PlanError) {
    self.broker = broker ?? .kafka
    cdc = wanted ?? Self.standard(engine: engine, broker: self.broker)
    guard Self.reads(cdc, engine) else {
      throw .unsupported(
        option: "--cdc \(cdc.rawValue) for \(engine.rawValue)",
        nextStep: "it reads the binary log of MySQL and MariaDB alone; choose --cdc debezium")
    }
    let brokers = Self.brokers(of: cdc)
    guard brokers.contains(self.broker) else {
      let names = brokers.map { "--broker \($0.rawValue)" }.joined(separator: ", ")
      throw .unsupported(
        option: "--cdc \(cdc.rawValue) with --broker \(self.broker.rawValue)",
        nextStep: "it writes to others: choose \(names), or --cdc debezium, which writes to all of them")
    }
    let tool = wanted == nil ? Self.why(cdc) : "as asked for"
    let carrier = broker == nil ? "Kafka, as nothing else was asked for" : "\(self.broker.rawValue), as asked for"
    reason = "\(tool); broker: \(carrier)"
  }

  /// Rule of the playbook: Debezium, but Canal for MySQL when RocketMQ is wanted, as it is made for both.
  private static func standard(engine: PlanEngine, broker: Broker) -> CDCTool {
    engine == .mysql && broker == .rocketmq ? .canal : .debezium
  }

  private static func why(_ cdc: CDCTool) -> String {
    switch cdc {
    case .debezium:
      "reads the log of every engine, copies rows by itself and tells lag, schema changes and outbox events apart"
    case .canal: "writes the binary log of MySQL to RocketMQ in order, which Debezium's sink does not promise"
    case .maxwell, .spinaltap: "as asked for"
    }
  }

  private static func reads(_ cdc: CDCTool, _ engine: PlanEngine) -> Bool {
    switch cdc {
    case .debezium: true
    case .canal, .maxwell, .spinaltap: engine.isMySQLFamily
    }
  }

  /// Where each tool writes to; `none` means into an applier in the same process.
  private static func brokers(of cdc: CDCTool) -> [Broker] {
    switch cdc {
    case .debezium: [.kafka, .rocketmq, .redis, .none]
    case .canal: [.kafka, .rocketmq, .none]
    case .maxwell: [.kafka, .redis]
    case .spinaltap: [.kafka]
    }
  }
}
