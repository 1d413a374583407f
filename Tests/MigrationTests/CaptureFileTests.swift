import Facts
import Foundation
import Migration
import Testing

/// Files of every tool that reads a log, for every engine and broker it goes with.
@Suite struct CaptureFileTests {
  struct Choice: Sendable, CustomTestStringConvertible {
    let engine: PlanEngine
    let cdc: CDCTool
    let broker: Broker
    var testDescription: String { "\(engine) \(cdc) \(broker)" }
  }

  static let choices: [Choice] =
    PlanEngine.allCases.flatMap { engine in
      [Broker.kafka, .redis, .rocketmq, .none].map { Choice(engine: engine, cdc: .debezium, broker: $0) }
    }
    + [PlanEngine.mysql, .mariadb].flatMap { engine in
      [
        (CDCTool.canal, Broker.kafka), (.canal, .rocketmq), (.canal, .none), (.maxwell, .kafka), (.maxwell, .redis),
        (.spinaltap, .kafka),
      ]
      .map { Choice(engine: engine, cdc: $0.0, broker: $0.1) }
    }

  private func plan(_ choice: Choice) throws -> MigrationPlan {
    try Planner.plan(
      system: Shop.system(choice.engine.isMySQLFamilyForTests ? .mysql : .postgres), proposal: Shop.proposal(),
      options: PlanOptions(engine: choice.engine, cdc: choice.cdc, broker: choice.broker), factsDigest: "d")
  }

  /// A plan with a file its reader does not take would have thrown; each kind of file is there and was looked at.
  @Test(arguments: choices) func filesAreWrittenAndChecked(_ choice: Choice) throws {
    let plan = try plan(choice)
    let checks = PlanChecks.check(plan)
    #expect(checks.flatMap(\.problems) == [])
    let names = Set(checks.map { $0.path.split(separator: "/").last.map(String.init) ?? "" })
    let expected: [String] =
      switch (choice.cdc, choice.broker) {
      case (.debezium, .kafka): ["crm-forward.json", "crm-reverse.json"]
      case (.debezium, .none): ["crm-forward.json", "crm-forward.engine.properties"]
      case (.debezium, _): ["application.properties"]
      case (.canal, .none): ["canal.properties", "instance.properties", "application.yml", "session.yml"]
      case (.canal, _): ["canal.properties", "instance.properties"]
      case (.maxwell, _): ["config.properties"]
      case (.spinaltap, _): ["spinaltap_standalone.yaml"]
      }
    #expect(names.isSuperset(of: expected), "\(names.sorted())")
    for group in plan.groups {
      for step in group.steps { #expect(!step.rollback.isEmpty && !step.gate.expect.isEmpty) }
    }
    let paths = plan.files().map(\.path)
    #expect(Set(paths).count == paths.count)
  }

  /// A tool that cannot read the engine or write to the broker is refused with what to choose.
  @Test(arguments: [
    (PlanOptions(engine: .postgres, cdc: .canal), "--cdc debezium"),
    (PlanOptions(engine: .postgres, cdc: .maxwell), "--cdc debezium"),
    (PlanOptions(engine: .postgres, cdc: .spinaltap), "--cdc debezium"),
    (PlanOptions(engine: .mysql, cdc: .canal, broker: .redis), "--broker rocketmq"),
    (PlanOptions(engine: .mysql, cdc: .maxwell, broker: Broker.none), "--broker redis"),
    (PlanOptions(engine: .mysql, cdc: .maxwell, broker: .rocketmq), "--broker kafka"),
    (PlanOptions(engine: .mysql, cdc: .spinaltap, broker: .redis), "--broker kafka"),
  ]) func whatCannotWorkIsRefused(_ options: PlanOptions, _ words: String) throws {
    do {
      let family: EngineFamily = options.engine == .postgres ? .postgres : .mysql
      _ = try Planner.plan(
        system: Shop.system(family), proposal: Shop.proposal(), options: options, factsDigest: "d")
      Issue.record("no error")
    } catch PlanError.unsupported(let option, let nextStep) {
      #expect(option.hasPrefix("--cdc") && nextStep.contains(words))
    }
  }

  @Test func canalIsChosenForMySQLWithRocketMQ() throws {
    func cdc(_ engine: PlanEngine, _ broker: Broker) throws -> CDCTool {
      try Planner.plan(
        system: Shop.system(engine == .postgres ? .postgres : .mysql), proposal: Shop.proposal(),
        options: PlanOptions(engine: engine, broker: broker), factsDigest: "d"
      ).cdc
    }
    #expect(try cdc(.mysql, .rocketmq) == .canal)
    #expect(try cdc(.mysql, .kafka) == .debezium)
    #expect(try cdc(.mariadb, .rocketmq) == .debezium)
    #expect(try cdc(.postgres, .rocketmq) == .debezium)
  }
}

extension PlanEngine {
  /// Whether the small shop is declared in the syntax of MySQL for it.
  fileprivate var isMySQLFamilyForTests: Bool { self == .mysql || self == .mariadb }
}
