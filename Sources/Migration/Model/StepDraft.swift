/// A change and its inverse.
struct Script {
  let up: String
  let down: String
}

/// Collects the files and actions of one step; numbers files in the order they run.
///
/// Scripts are named as Flyway reads them, one location per database: `V<group>.<step>.<number>__<words>.sql` applies,
/// `U…` with the same version takes back.
struct StepDraft {
  let folder: String
  /// Group and step, the first parts of the version.
  private let version: String
  private(set) var artifacts: [PlanFile] = []
  private(set) var apply: [PlanAction] = []
  private(set) var rollback: [PlanAction] = []
  var finish: [PlanAction] = []
  private var number = 0

  init(_ context: GroupContext, id: StepID, name: String) {
    folder = "\(context.folder)/\(id.text)-\(name)"
    version = "\(Self.padded(context.position, to: 2)).\(Self.padded(id.rawValue, to: 2))"
  }

  /// The teardown, which comes after the last step.
  init(teardownOf context: GroupContext) {
    folder = "\(context.folder)/teardown"
    version = "\(Self.padded(context.position, to: 2)).\(StepID.allCases.count)"
  }

  private static func padded(_ number: Int, to width: Int) -> String {
    let digits = String(number)
    return String(repeating: "0", count: max(0, width - digits.utf8.count)) + digits
  }

  private mutating func nextFile(_ name: String, on side: PlanSide) -> (up: String, down: String) {
    number += 1
    let words = name.replacing("-", with: "_")
    let rest = "\(version).\(Self.padded(number, to: 3))__\(words).sql"
    return ("\(folder)/\(side.rawValue)/V\(rest)", "\(folder)/\(side.rawValue)/U\(rest)")
  }

  /// Adds a script that runs on `side`; its inverse goes to the front of the rollback.
  mutating func run(_ script: Script, named name: String, on side: PlanSide) {
    let paths = nextFile(name, on: side)
    let up = PlanFile(path: paths.up, contents: script.up + "\n")
    let down = PlanFile(path: paths.down, contents: script.down + "\n")
    artifacts += [up, down]
    apply.append(.sql(path: up.path, on: side))
    rollback.insert(.sql(path: down.path, on: side), at: 0)
  }

  /// Adds a script without an inverse, for teardown.
  mutating func runOnce(_ sql: String, named name: String, on side: PlanSide) {
    let file = PlanFile(path: nextFile(name, on: side).up, contents: sql + "\n")
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
