import Basics

/// Writes a saga in Seata's state language (saga/seata-saga-statelang, 2.x).
struct StateMachine {
  let saga: SagaPlan
  /// Short names of services: what beans are called.
  let slug: (String) -> String

  private static let trigger = "CompensationTrigger"
  private static let done = "Succeed"
  private static let failed = "Fail"
  /// Attempts before the pivot: soon given up, as going back is cheap.
  private static let attemptsBefore = 3
  /// Attempts after it, and of compensations: going on is what is wanted.
  private static let attemptsAfter = 10

  /// The machine.
  var node: JSONNode {
    var states: [(String, JSONNode)] = []
    for step in saga.steps {
      states.append((name(step), task(step)))
      states.append((choice(step), branch(step)))
    }
    states += saga.steps.map { (undo($0), compensation($0)) }
    states.append((Self.trigger, .object([("Type", .text(Self.trigger)), ("Next", .text(Self.failed))])))
    states.append((Self.done, .object([("Type", .text("Succeed"))])))
    states.append(
      (
        Self.failed,
        .object([
          ("Type", .text("Fail")), ("ErrorCode", .text("SAGA_COMPENSATED")),
          ("Message", .text("a step refused or failed; completed steps are compensated")),
        ])
      ))
    return .object([
      ("Name", .text(saga.name)), ("Comment", .text(comment)), ("Version", .text("1")),
      ("StartState", .text(saga.steps.first.map(name) ?? Self.done)), ("RecoverStrategy", .text("Compensate")),
      ("IsPersist", .flag(true)), ("States", .object(states)),
    ])
  }

  private var comment: String {
    let places = saga.places.prefix(3).map(\.description).joined(separator: ", ")
    let more = saga.places.count > 3 ? " and \(saga.places.count - 3) more" : ""
    return "replaces the transaction at \(places)\(more)"
  }

  private func service(_ step: SagaStep) -> String { step.services.map(slug).joined(separator: "_") }

  private func name(_ step: SagaStep) -> String { "Step\(step.number)_\(service(step))" }
  private func choice(_ step: SagaStep) -> String { "Answer\(step.number)" }
  private func undo(_ step: SagaStep) -> String { "Undo\(step.number)_\(service(step))" }
  private func result(_ step: SagaStep) -> String { "step\(step.number)" }

  private func task(_ step: SagaStep) -> JSONNode {
    let isBefore = step.number <= saga.pivot
    return .object([
      ("Type", .text("ServiceTask")), ("ServiceName", .text("\(service(step))Saga")),
      ("ServiceMethod", .text("\(saga.name)_step\(step.number)")), ("IsForUpdate", .flag(true)),
      ("CompensateState", .text(undo(step))), ("Next", .text(choice(step))),
      ("Input", .list([.text("$.[sagaId]"), .text("$.[input]")])),
      ("Output", .object([(result(step), .text("$.#root"))])), ("Status", status),
      ("Retry", .list([retry(attempts: isBefore ? Self.attemptsBefore : Self.attemptsAfter)])),
      (
        "Catch",
        .list([
          .object([("Exceptions", .list([.text("java.lang.Throwable")])), ("Next", .text(Self.trigger))])
        ])
      ),
    ])
  }

  /// `true` is done, `false` refused with nothing changed; anything thrown may or may not have changed something.
  private var status: JSONNode {
    .object([
      ("#root == true", .text("SU")), ("#root == false", .text("FA")), ("$Exception{java.lang.Throwable}", .text("UN")),
    ])
  }

  private func retry(attempts: Int) -> JSONNode {
    .object([
      ("Exceptions", .list([.text("java.lang.Throwable")])), ("IntervalSeconds", .number(1)),
      ("MaxAttempts", .number(attempts)), ("BackoffRate", .number(2)),
    ])
  }

  private func branch(_ step: SagaStep) -> JSONNode {
    let next = step.number < saga.steps.count ? name(saga.steps[step.number]) : Self.done
    return .object([
      ("Type", .text("Choice")),
      (
        "Choices",
        .list([.object([("Expression", .text("[\(result(step))] == true")), ("Next", .text(next))])])
      ), ("Default", .text(Self.trigger)),
    ])
  }

  private func compensation(_ step: SagaStep) -> JSONNode {
    .object([
      ("Type", .text("ServiceTask")), ("ServiceName", .text("\(service(step))Saga")),
      ("ServiceMethod", .text("\(saga.name)_undo\(step.number)")), ("IsForCompensation", .flag(true)),
      ("IsForUpdate", .flag(true)), ("Input", .list([.text("$.[sagaId]"), .text("$.[input]")])), ("Status", status),
      ("Retry", .list([retry(attempts: Self.attemptsAfter)])),
    ])
  }
}
