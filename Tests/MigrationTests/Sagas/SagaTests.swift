import Foundation
import Migration
import Testing

/// Sagas run on real servers under failures: what is not done whole is taken back whole, each step once.
@Suite struct SagaTests {
  private static let name = "checkout_placeorder"

  /// What goes wrong in a call.
  private enum Fault: CaseIterable {
    /// The step says no.
    case refuse
    /// Nothing arrives, however often it is tried.
    case lostForever
    /// The reply is lost, however often it is tried.
    case repliesLostForever
    /// The first reply is lost: the call is repeated.
    case replyLostOnce
  }

  /// What the steps do, as the code of the shop does it.
  static func work(on stage: Stage) -> [Int: [SagaBench.Work]] {
    let odd = stage.old(Shop.oddTable)
    let order = stage.old("Order")
    func at(_ table: String) -> String { stage.old(table) }
    return [
      1: [
        .init(
          table: "customer", key: ["1"], sql: "UPDATE \(at("customer")) SET credit = credit - 0.5 WHERE id = 1;")
      ],
      2: [
        .init(
          table: "Order", key: ["70"],
          sql: "INSERT INTO \(order) (id, customer_id, total, placed_at) "
            + "VALUES (70, 1, 9.99, '2026-03-04 05:06:07.000001');"),
        .init(table: "order_line", key: ["70", "1"], sql: "INSERT INTO \(at("order_line")) VALUES (70, 1, 1, 2);"),
        .init(table: "order_line", key: ["70", "2"], sql: "INSERT INTO \(at("order_line")) VALUES (70, 2, 2, 3);"),
        // Changed twice in one step: the first state counts when it is taken back.
        .init(
          table: "order_line", key: ["70", "2"],
          sql: "UPDATE \(at("order_line")) SET quantity = 4 WHERE order_id = 70 AND line_no = 2;"),
      ],
      3: [
        .init(
          table: "stock", key: ["1"], sql: "UPDATE \(at("stock")) SET amount = amount - 2 WHERE product_id = 1;")
      ],
      4: [
        .init(table: Shop.oddTable, key: ["1"], sql: "DELETE FROM \(odd) WHERE id = 1;"),
        .init(table: "session", key: ["'t1'"], sql: "UPDATE \(at("session")) SET seen = 99 WHERE token = 't1';"),
        .init(table: "session", key: ["'t9'"], sql: "INSERT INTO \(at("session")) VALUES ('t9', NULL);"),
        .init(table: "session", key: ["'t2'"], sql: "DELETE FROM \(at("session")) WHERE token = 't2';"),
      ],
    ]
  }

  private func bench(_ kind: ServerKind, _ tag: String) throws -> SagaBench {
    let stage = try Stage(kind, name: tag)
    for group in stage.plan.groups {
      for step in group.steps where step.id <= .transactions { try stage.run(step.apply) }
    }
    return try SagaBench(stage: stage, saga: Self.name, work: Self.work(on: stage))
  }

  private func number(_ method: String) -> Int { Int(String(method.last!))! }

  /// Runs the machine; `fault` hits the forward call of a step, `undoFault` its compensation.
  private func run(
    _ bench: SagaBench, saga: String, fault: (Int, Fault)? = nil, undoFault: (Int, Fault)? = nil
  ) throws -> Outcome {
    var seen: [String: Int] = [:]
    return try bench.machine!.run { _, method in
      let step = number(method)
      let isUndo = method.contains("_undo")
      let hit = isUndo ? undoFault : fault
      let times = seen[method, default: 0]
      seen[method] = times + 1
      func work() throws -> Bool { isUndo ? try bench.undo(step, saga: saga) : try bench.forward(step, saga: saga) }
      guard let (place, kind) = hit, place == step else { return .value(try work()) }
      switch kind {
      case .refuse: return .value(try bench.refuse(step, saga: saga))
      case .lostForever: return .thrown
      case .repliesLostForever:
        // The first repetition shows what all of them do.
        if times < 2 { _ = try work() }
        return .thrown
      case .replyLostOnce:
        let done = try work()
        return times == 0 ? .thrown : .value(done)
      }
    }
  }

  @Test(arguments: ServerKind.allCases) func everyFailureEndsWholeOrNotAtAll(_ kind: ServerKind) throws {
    let bench = try bench(kind, "saga")
    defer { bench.stage.clean() }
    #expect(bench.steps == [1, 2, 3, 4])
    let before = try bench.rows()
    let after = try bench.rowsAfterAll()
    #expect(before != after)
    #expect(try bench.rows() == before)
    var runs = 0
    for step in bench.steps {
      for fault in Fault.allCases {
        runs += 1
        let saga = "s\(runs)"
        let outcome = try run(bench, saga: saga, fault: (step, fault))
        let isRepaired = fault == .replyLostOnce
        #expect(outcome.end == (isRepaired ? .succeeded : .failed), "\(step) \(fault)")
        #expect(outcome.compensated == (isRepaired ? [] : outcome.completed.reversed()), "\(step) \(fault)")
        #expect(try bench.rows() == (isRepaired ? after : before), "\(step) \(fault)")
        if isRepaired { try takeBack(bench, saga: saga, to: before) }
        // A try that arrives after its compensation changes nothing.
        if !isRepaired { #expect(try !bench.forward(step, saga: saga), "late \(step) \(fault)") }
        #expect(try bench.rows() == before, "late \(step) \(fault)")
      }
    }
    for step in bench.steps.dropLast() {
      for fault in [Fault.replyLostOnce, .repliesLostForever] {
        runs += 1
        let saga = "s\(runs)"
        let outcome = try run(bench, saga: saga, fault: (bench.steps.last!, .refuse), undoFault: (step, fault))
        let isPending = fault == .repliesLostForever
        #expect(outcome.end == (isPending ? .compensationPending : .failed), "undo \(step) \(fault)")
        // The coordinator repeats what is pending, from the last step to the first, those done before included.
        if isPending { for again in bench.steps.reversed() { #expect(try bench.undo(again, saga: saga)) } }
        #expect(try bench.rows() == before, "undo \(step) \(fault)")
      }
    }
  }

  /// Takes all steps back, twice: the second time nothing happens.
  private func takeBack(_ bench: SagaBench, saga: String, to before: String) throws {
    for _ in 0..<2 {
      for step in bench.steps.reversed() { #expect(try bench.undo(step, saga: saga)) }
      #expect(try bench.rows() == before)
    }
  }

  /// What others do between a step and its compensation is kept where amounts are given back, and stops it elsewhere.
  @Test(arguments: ServerKind.allCases) func othersAreNotOverwritten(_ kind: ServerKind) throws {
    let bench = try bench(kind, "lost")
    defer { bench.stage.clean() }
    func sql(_ text: String) throws -> String { try bench.stage.server.sql(text, database: bench.stage.source) }
    let stock = bench.stage.old("stock")
    for step in bench.steps { #expect(try bench.forward(step, saga: "x")) }
    _ = try sql("UPDATE \(stock) SET amount = amount + 10 WHERE product_id = 1")
    #expect(try bench.undo(3, saga: "x"))
    #expect(try sql("SELECT amount FROM \(stock) WHERE product_id = 1") == "15")
    _ = try sql("UPDATE \(bench.stage.old("order_line")) SET quantity = 77 WHERE order_id = 70 AND line_no = 2")
    #expect(try !bench.undo(2, saga: "x"))
    #expect(try sql("SELECT count(*) FROM \(bench.stage.old("order_line")) WHERE order_id = 70") == "2")
  }
}
