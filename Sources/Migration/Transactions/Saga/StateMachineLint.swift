/// Checks a machine in Seata's state language: what its parser and validator check, and what they leave to run time.
///
/// Rules of the validator: `StateNameExistsRule`, `FiniteTerminationRule`, `NoRecursiveSubStateMachineRule`.
package struct StateMachineLint {
  private let machine: JSONNode
  private let states: [JSONNode.Entry]
  private let byName: [String: JSONNode]

  /// Types the parser knows. `LoopStart` is declared there and has no parser.
  private static let types: Set<String> = [
    "ServiceTask", "ScriptTask", "Choice", "SubStateMachine", "CompensateSubMachine", "CompensationTrigger", "Succeed",
    "Fail",
  ]
  private static let tasks: Set<String> = ["ServiceTask", "ScriptTask", "SubStateMachine", "CompensateSubMachine"]
  private static let taskKeys: Set<String> = [
    "Type", "Comment", "Next", "CompensateState", "IsForCompensation", "IsForUpdate", "IsPersist",
    "IsRetryPersistModeUpdate", "IsCompensatePersistModeUpdate", "Input", "Output", "Status", "Retry", "Catch", "Loop",
  ]
  private static let keys: [String: Set<String>] = [
    "ServiceTask": taskKeys.union(["ServiceName", "ServiceMethod", "ServiceType", "ParameterTypes", "IsAsync"]),
    "ScriptTask": taskKeys.union(["ScriptType", "ScriptContent"]),
    "SubStateMachine": taskKeys.union(["StateMachineName"]), "CompensateSubMachine": taskKeys,
    "Choice": ["Type", "Comment", "Choices", "Default"], "CompensationTrigger": ["Type", "Comment", "Next"],
    "Succeed": ["Type", "Comment"], "Fail": ["Type", "Comment", "ErrorCode", "Message"],
  ]
  private static let rootKeys: Set<String> = [
    "Name", "Comment", "Version", "StartState", "RecoverStrategy", "IsPersist", "IsRetryPersistModeUpdate",
    "IsCompensatePersistModeUpdate", "States",
  ]

  /// A lint of one machine.
  package init(_ machine: JSONNode) {
    self.machine = machine
    states = machine["States"]?.entries ?? []
    byName = Dictionary(states.map { ($0.key, $0.value) }, uniquingKeysWith: { first, _ in first })
  }

  /// Whether a file of a plan holds a machine.
  static func takes(_ path: String) -> Bool { fileName(path).hasPrefix("saga-") && path.hasSuffix(".json") }

  /// Reads a file back as the engine would and checks it.
  static func check(_ file: PlanFile) -> FileCheck {
    let (node, problem) = JSONReader.read(file.contents)
    return FileCheck(
      path: file.path, means: "Seata state machine: rules of its validator, and what it leaves to run time",
      problems: problem.map { [$0] } ?? node.map { StateMachineLint(JSONNode($0)).problems() } ?? ["empty"])
  }

  /// What is wrong, in order of the document; empty for a good machine.
  package func problems() -> [String] {
    var problems = rootProblems()
    for state in states { problems += stateProblems(state.key, state.value) }
    return problems + referenceProblems() + terminationProblems() + reachabilityProblems()
  }

  private func rootProblems() -> [String] {
    var problems: [String] = []
    for entry in machine.entries where !Self.rootKeys.contains(entry.key) {
      problems.append("unknown key \(entry.key)")
    }
    let name = machine["Name"]?.asText ?? ""
    if name.isEmpty { problems.append("Name is missing") }
    // Widths of seata_state_machine_def.
    if name.count > 128 { problems.append("Name is longer than 128 characters") }
    if let version = machine["Version"] {
      if version.asText == nil { problems.append("Version is no text") }
      if (version.asText ?? "").count > 16 { problems.append("Version is longer than 16 characters") }
    }
    if let strategy = machine["RecoverStrategy"], !["Compensate", "Forward"].contains(strategy.asText ?? "") {
      problems.append("RecoverStrategy is neither Compensate nor Forward")
    }
    if states.isEmpty { problems.append("States is missing") }
    if byName.count != states.count { problems.append("two states have the same name") }
    return problems
  }

  private func stateProblems(_ name: String, _ state: JSONNode) -> [String] {
    guard let type = state["Type"]?.asText, Self.types.contains(type) else { return ["\(name): unknown Type"] }
    var problems = state.entries.filter { !(Self.keys[type] ?? []).contains($0.key) }.map {
      "\(name): unknown key \($0.key)"
    }
    if type == "ServiceTask", state["ServiceName"]?.asText == nil || state["ServiceMethod"]?.asText == nil {
      problems.append("\(name): ServiceName or ServiceMethod is missing")
    }
    if type == "SubStateMachine" {
      guard let inner = state["StateMachineName"]?.asText else {
        return problems + ["\(name): StateMachineName is missing"]
      }
      if inner == machine["Name"]?.asText { problems.append("\(name): the machine contains itself") }
    }
    if type == "Choice" {
      let choices = state["Choices"]?.items ?? []
      if choices.isEmpty { problems.append("\(name): Choices is missing") }
      if choices.contains(where: { $0["Expression"]?.asText == nil || $0["Next"]?.asText == nil }) {
        problems.append("\(name): a choice without Expression or Next")
      }
    }
    if Self.tasks.contains(type) { problems += taskProblems(name, state) }
    return problems
  }

  private func taskProblems(_ name: String, _ state: JSONNode) -> [String] {
    var problems: [String] = []
    for retry in state["Retry"]?.items ?? [] where (retry["MaxAttempts"]?.asNumber ?? -1) < 0 {
      problems.append("\(name): Retry without a whole number MaxAttempts")
    }
    if let loop = state["Loop"], (loop["Parallel"]?.asNumber ?? 0) < 1 {
      problems.append("\(name): Loop without Parallel")
    }
    for status in state["Status"]?.entries ?? [] where !["SU", "FA", "UN"].contains(status.value.asText ?? "") {
      problems.append("\(name): Status is none of SU, FA, UN")
    }
    for caught in state["Catch"]?.items ?? []
    where caught["Next"]?.asText == nil || (caught["Exceptions"]?.items ?? []).isEmpty {
      problems.append("\(name): Catch without Exceptions or Next")
    }
    let isCompensation = state["IsForCompensation"] == .flag(true)
    if state["Type"]?.asText == "ServiceTask", state["IsForUpdate"] == .flag(true), !isCompensation {
      if state["CompensateState"]?.asText == nil { problems.append("\(name): changes data and has no CompensateState") }
      let isCaught = (state["Catch"]?.items ?? []).contains { caught in
        caught["Next"]?.asText.flatMap { byName[$0]?["Type"]?.asText } == "CompensationTrigger"
      }
      if !isCaught { problems.append("\(name): changes data and no Catch leads to a CompensationTrigger") }
    }
    if let target = state["CompensateState"]?.asText, let undo = byName[target],
      undo["IsForCompensation"] != .flag(true)
    {
      problems.append("\(name): its CompensateState \(target) is not marked IsForCompensation")
    }
    return problems
  }

  /// Every state another one names has to be there.
  private func referenceProblems() -> [String] {
    states.flatMap { state in
      (Self.successors(state.value) + [state.value["CompensateState"]?.asText].compactMap { $0 })
        .filter { byName[$0] == nil }.map { "\(state.key): no state named \($0)" }
    }
  }

  private static func successors(_ state: JSONNode) -> [String] {
    let named = [state["Next"], state["Default"]].compactMap { $0?.asText }
    let listed = (state["Catch"]?.items ?? []) + (state["Choices"]?.items ?? [])
    return named + listed.compactMap { $0["Next"]?.asText }
  }

  /// The start exists and an end can be reached from every state that can be reached.
  private func terminationProblems() -> [String] {
    guard let start = machine["StartState"]?.asText, byName[start] != nil else { return ["StartState is missing"] }
    var ends = Set(states.filter { Self.successors($0.value).isEmpty }.map(\.key))
    var isGrowing = true
    while isGrowing {
      isGrowing = false
      for state in states where !ends.contains(state.key) {
        if Self.successors(state.value).contains(where: ends.contains) {
          ends.insert(state.key)
          isGrowing = true
        }
      }
    }
    let reached = reached(from: start)
    return states.map(\.key).filter { reached.contains($0) && !ends.contains($0) }.map { "\($0): no way to an end" }
  }

  private func reachabilityProblems() -> [String] {
    guard let start = machine["StartState"]?.asText, byName[start] != nil else { return [] }
    let reached = reached(from: start)
    let undone = Set(states.filter { reached.contains($0.key) }.compactMap { $0.value["CompensateState"]?.asText })
    return states.map(\.key).filter { !reached.contains($0) && !undone.contains($0) }.map { "\($0): cannot be reached" }
  }

  private func reached(from start: String) -> Set<String> {
    var seen: Set<String> = []
    var open = [start]
    while let name = open.popLast() {
      guard let state = byName[name], seen.insert(name).inserted else { continue }
      open += Self.successors(state)
    }
    return seen
  }
}
