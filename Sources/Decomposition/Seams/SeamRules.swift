import Facts

/// Which rule of the decision table fits a seam, and what it says. Rules: R0 merge, R1 foreign key to code, R2 replicate
/// reference data, R3 composition or read model, R4 outbox or change data capture, R5 saga.
struct SeamAdvice {
  /// Identifier of the rule.
  let rule: String
  /// One plain sentence.
  let sentence: String
  /// What it costs.
  let costs: [SeamCost]

  /// How long a message takes is measured, not read.
  private static let unknownStaleness = SeamCost(.stalenessSeconds, nil)
  private static let fresh = SeamCost(.stalenessSeconds, 0)

  static func write(to owner: String, isShared: Bool) -> SeamAdvice {
    isShared
      ? SeamAdvice(
        rule: "R4a",
        sentence: "move this statement to \(owner) and let callers of the shared code ask \(owner) to write",
        costs: [SeamCost(.queriesNow, 1), SeamCost(.callsAfter, 1), fresh])
      : SeamAdvice(
        rule: "R4a", sentence: "let \(owner) do the write, told through a transactional outbox or a call to its API",
        costs: [SeamCost(.queriesNow, 1), SeamCost(.messagesAfter, 1), unknownStaleness])
  }

  /// `columns` is how many columns are read; nil when unknown.
  static func read(from owner: String, isReferenceData: Bool, columns: Int?) -> SeamAdvice {
    isReferenceData
      ? SeamAdvice(
        rule: "R2", sentence: "no code writes this table: ship a copy of it as reference data, seeded from \(owner)",
        costs: [
          SeamCost(.queriesNow, 1), SeamCost(.callsAfter, 0), SeamCost(.replicaColumns, columns), unknownStaleness,
        ])
      : SeamAdvice(
        rule: "R3a", sentence: "ask \(owner) for the rows by key through its API",
        costs: [SeamCost(.queriesNow, 1), SeamCost(.callsAfter, 1), fresh])
  }

  /// One query for each round of the loop today; how many rounds is not known.
  static func loop(at owner: String, operation: AccessOperation) -> SeamAdvice {
    operation == .read
      ? SeamAdvice(
        rule: "R3a", sentence: "collect the keys before the loop and ask \(owner) once through a batch endpoint",
        costs: [SeamCost(.queriesNow, nil), SeamCost(.callsAfter, 1), fresh])
      : SeamAdvice(
        rule: "R4a", sentence: "collect the changes of the loop and send them to \(owner) in one message",
        costs: [SeamCost(.queriesNow, nil), SeamCost(.messagesAfter, 1), unknownStaleness])
  }

  /// `columns` is how many columns of the other side the statement names; nil when unknown.
  static func join(with owner: String, needsBothSides: Bool, columns: Int?) -> SeamAdvice {
    needsBothSides
      ? SeamAdvice(
        rule: "R3b",
        sentence: "keep a read model with the columns of \(owner) it filters, sorts or sums by, fed by its events",
        costs: [
          SeamCost(.queriesNow, 1), SeamCost(.callsAfter, 0), SeamCost(.replicaColumns, columns), unknownStaleness,
        ])
      : SeamAdvice(
        rule: "R3a", sentence: "read the own side first, then ask \(owner) for the matching rows by key",
        costs: [SeamCost(.queriesNow, 1), SeamCost(.callsAfter, 1), fresh])
  }

  static func foreignKey(to owner: String, action: ReferentialAction) -> SeamAdvice {
    switch action {
    case .noAction, .restrict:
      SeamAdvice(
        rule: "R1", sentence: "move the check to code: validate the key against \(owner) when it is written",
        costs: [SeamCost(.callsAfter, 1), fresh])
    case .cascade, .setNull, .setDefault:
      SeamAdvice(
        rule: "R1", sentence: "move the key to code and apply its delete action when \(owner) announces the delete",
        costs: [SeamCost(.callsAfter, 1), SeamCost(.messagesAfter, 1), unknownStaleness])
    }
  }

  static func transaction(with owner: String, owners: Int, isInseparable: Bool) -> SeamAdvice {
    if isInseparable {
      return SeamAdvice(
        rule: "R0", sentence: "keep these tables together: at least half of the transactions on each write both",
        costs: [SeamCost(.mergedServices, owners)])
    }
    let style = owners > 3 ? "an orchestrated" : "a"
    return SeamAdvice(
      rule: "R5",
      sentence: "split the transaction into \(style) saga with a compensating step for the part of \(owner)",
      // The step after which there is no way back needs none.
      costs: [
        SeamCost(.compensations, max(0, owners - 1)), SeamCost(.messagesAfter, max(0, owners - 1)), unknownStaleness,
      ])
  }

  /// `columns` is how many columns of the other side the program names; nil when unknown.
  static func trigger(on owner: String, columns: Int?) -> SeamAdvice {
    SeamAdvice(
      rule: "R4b",
      sentence: "replace the stored program: capture changes of the watched data and apply them in \(owner)",
      costs: [SeamCost(.messagesAfter, 1), SeamCost(.replicaColumns, columns), unknownStaleness])
  }
}
