/// One rule of the playbook: what it does and what else could be done.
struct DecisionRule {
  let id: String
  /// What to do.
  let action: String
  /// What else could be done, and when.
  let alternatives: [String]

  /// The rule with that identifier; nil for unknown ones.
  static func named(_ id: String) -> DecisionRule? { all.first { $0.id == id } }

  /// The rule an edge of a kind falls under when the proposal names none.
  static func byDefault(kind: String) -> String {
    switch kind {
    case "foreign_key": "R1"
    case "join": "R3b"
    case "write": "R4a"
    case "transaction": "R5"
    case "trigger": "R4b"
    default: "R3a"
    }
  }

  /// The rules in the order they are tried; the first that fits wins.
  static let all: [DecisionRule] = [
    DecisionRule(
      id: "R0", action: "keep both sides in one service: the cut is in the wrong place",
      alternatives: ["R5 saga, when every step can be compensated and intermediate states may be seen"]),
    DecisionRule(
      id: "R1", action: "move the foreign key to code",
      alternatives: ["R2 replicate the referenced rows, when the check has to be local"]),
    DecisionRule(
      id: "R2", action: "replicate the reference data",
      alternatives: ["R3a API composition, when the rows change more than once an hour"]),
    DecisionRule(
      id: "R3", action: "read through the owner or keep a read model",
      alternatives: ["R3a API composition", "R3b read model", "R3c push the query to the owner"]),
    DecisionRule(
      id: "R3a", action: "compose through the owner's batch endpoint; a read-only copy serves until it exists",
      alternatives: ["R3b read model, when more than 500 keys per request or filters on the other side are needed"]),
    DecisionRule(
      id: "R3b", action: "keep a read model fed by changes",
      alternatives: [
        "R3a API composition, when no filter, sort or aggregate touches the other side",
        "R3c push the query to the owner, when no staleness is acceptable",
      ]),
    DecisionRule(
      id: "R3c", action: "push the query to the owner",
      alternatives: ["R3b read model, when a second of staleness is acceptable"]),
    DecisionRule(
      id: "R4", action: "publish the change to the other side",
      alternatives: ["R4a transactional outbox", "R4b change data capture"]),
    DecisionRule(
      id: "R4a", action: "write through the owner and tell others by transactional outbox",
      alternatives: [
        "R4b change data capture, when the writer cannot be changed or writes in bulk",
        "R5 saga, when both sides have to change",
      ]),
    DecisionRule(
      id: "R4b", action: "capture the change from the transaction log and translate it",
      alternatives: ["R4a transactional outbox, once every writer can be changed"]),
    DecisionRule(
      id: "R4c", action: "send a transactional message with a local transaction log",
      alternatives: ["R4a transactional outbox"]),
    DecisionRule(
      id: "R5", action: "split the transaction into a saga with compensations over the outbox",
      alternatives: [
        "R0 merge, when one step has no compensation", "R6 TCC, when a scarce resource has to be reserved",
      ]),
    DecisionRule(
      id: "R6", action: "reserve, then confirm or cancel (TCC)",
      alternatives: ["R5 saga, when intermediate states may be seen"]),
    DecisionRule(
      id: "R7", action: "use automatic branch transactions with a coordinator",
      alternatives: ["R5 saga, as long as the monolith writes too"]),
    DecisionRule(
      id: "R8", action: "use XA for a limited time", alternatives: ["R5 saga"]),
    DecisionRule(
      id: "R9", action: "separate schema and roles on the same server, stop after S5 and continue with S11",
      alternatives: ["the whole path to S12, when scale or failure have to be separate"]),
  ]
}
