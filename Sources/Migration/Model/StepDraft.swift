/// A change and its inverse.
struct Script {
  let up: String
  let down: String
}

/// Collects the files and actions of one step; numbers files in the order they run.
struct StepDraft {
  let folder: String
  private(set) var artifacts: [PlanFile] = []
  private(set) var apply: [PlanAction] = []
  private(set) var rollback: [PlanAction] = []
  var finish: [PlanAction] = []
  private var number = 0

  init(group: String, id: StepID, name: String) { folder = "\(group)/\(id.text)-\(name)" }

  init(folder: String) { self.folder = folder }

  private mutating func nextStem(_ name: String) -> String {
    number += 1
    let digits = String(number)
    return "\(folder)/\(String(repeating: "0", count: max(0, 3 - digits.utf8.count)))\(digits)-\(name)"
  }

  /// Adds a script that runs on `side`; its inverse goes to the front of the rollback.
  mutating func run(_ script: Script, named name: String, on side: PlanSide) {
    let stem = nextStem(name)
    let up = PlanFile(path: "\(stem).\(side.rawValue).up.sql", contents: script.up + "\n")
    let down = PlanFile(path: "\(stem).\(side.rawValue).down.sql", contents: script.down + "\n")
    artifacts += [up, down]
    apply.append(.sql(path: up.path, on: side))
    rollback.insert(.sql(path: down.path, on: side), at: 0)
  }

  /// Adds a script without an inverse, for teardown.
  mutating func runOnce(_ sql: String, named name: String, on side: PlanSide) {
    let file = PlanFile(path: "\(nextStem(name)).\(side.rawValue).sql", contents: sql + "\n")
    artifacts.append(file)
    apply.append(.sql(path: file.path, on: side))
  }

  /// Adds a file that is not run by the step itself; returns its path.
  @discardableResult
  mutating func add(_ name: String, _ contents: String) -> String {
    let file = PlanFile(path: "\(folder)/\(name)", contents: contents.hasSuffix("\n") ? contents : contents + "\n")
    artifacts.append(file)
    return file.path
  }

  /// Adds a job, run again and again while the migration lasts.
  @discardableResult
  mutating func job(_ name: String, _ sql: String, on side: PlanSide) -> String {
    add("job-\(name).\(side.rawValue).sql", sql)
  }

  /// Adds something to do that is not a script.
  mutating func act(_ action: PlanAction, undo: PlanAction? = nil) {
    apply.append(action)
    if let undo { rollback.insert(undo, at: 0) }
  }

  /// Adds something to undo before anything else of the step is undone.
  mutating func undoFirst(_ action: PlanAction) { rollback.insert(action, at: 0) }

  /// Adds the gate's query as a file.
  mutating func gate(_ query: String, on place: PlanSide, expect: String = "0") -> PlanGate {
    let path = add("gate.\(place.rawValue).sql", query + "\n")
    return PlanGate(
      place: place == .source ? .source : .target, file: path, targetFile: nil, query: query, expect: expect)
  }

  /// Makes the step.
  func step(
    _ id: StepID, title: String, goal: String, preconditions: [String], gate: PlanGate, hold: String,
    ponr: Bool = false, maxBlockSeconds: Int = 0
  ) -> PlanStep {
    PlanStep(
      id: id, title: title, goal: goal, preconditions: preconditions, artifacts: artifacts.sorted { $0.path < $1.path },
      apply: apply, gate: gate, hold: hold, finish: finish, rollback: rollback, ponr: ponr,
      maxBlockSeconds: maxBlockSeconds)
  }
}
