import Foundation
import Migration
import Testing

/// The lint of state machines against machines made at random and an answer worked out another way.
@Suite struct StateMachineLintTests {
  private typealias Random = TextTests.Seeded

  /// A machine as plans write it, with so many steps.
  private func machine(steps: Int) -> [String: Any] {
    var states: [String: Any] = [
      "CompensationTrigger": ["Type": "CompensationTrigger", "Next": "Fail"], "Succeed": ["Type": "Succeed"],
      "Fail": ["Type": "Fail", "ErrorCode": "X", "Message": "m"],
    ]
    for step in 1...steps {
      states["S\(step)"] =
        [
          "Type": "ServiceTask", "ServiceName": "a", "ServiceMethod": "m\(step)", "IsForUpdate": true,
          "CompensateState": "U\(step)", "Next": "C\(step)", "Status": ["#root == true": "SU"],
          "Retry": [["Exceptions": ["E"], "IntervalSeconds": 1, "MaxAttempts": 3, "BackoffRate": 2]],
          "Catch": [["Exceptions": ["E"], "Next": "CompensationTrigger"]],
        ] as [String: Any]
      states["C\(step)"] =
        [
          "Type": "Choice", "Default": "CompensationTrigger",
          "Choices": [["Expression": "[x] == true", "Next": step == steps ? "Succeed" : "S\(step + 1)"]],
        ] as [String: Any]
      states["U\(step)"] =
        [
          "Type": "ServiceTask", "ServiceName": "a", "ServiceMethod": "u\(step)", "IsForUpdate": true,
          "IsForCompensation": true,
        ] as [String: Any]
    }
    return ["Name": "n", "Version": "1", "StartState": "S1", "RecoverStrategy": "Compensate", "States": states]
  }

  private func problems(_ machine: [String: Any]) throws -> [String] {
    let data = try JSONSerialization.data(withJSONObject: machine, options: [.sortedKeys])
    let (node, problem) = JSONReader.read(String(decoding: data, as: UTF8.self))
    #expect(problem == nil)
    return StateMachineLint(JSONNode(node!)).problems()
  }

  private func changed(
    _ machine: [String: Any], _ state: String, _ change: (inout [String: Any]) -> Void
  ) -> [String: Any] {
    var machine = machine
    var states = machine["States"] as! [String: Any]
    var one = states[state] as? [String: Any] ?? [:]
    change(&one)
    states[state] = one
    machine["States"] = states
    return machine
  }

  @Test(arguments: 1...6) func goodMachinesPassAndEveryFaultIsFound(_ steps: Int) throws {
    let good = machine(steps: steps)
    #expect(try problems(good) == [])
    let last = "S\(steps)"
    let faults: [(String, String, (inout [String: Any]) -> Void)] = [
      ("no state named", last, { $0["Next"] = "Nowhere" }),
      ("no state named", last, { $0["CompensateState"] = "Gone" }),
      ("no CompensateState", last, { $0["CompensateState"] = nil }),
      ("no Catch leads", last, { $0["Catch"] = nil }),
      ("MaxAttempts", last, { $0["Retry"] = [["IntervalSeconds": 1]] }),
      ("MaxAttempts", last, { $0["Retry"] = [["MaxAttempts": 1.5]] }),
      ("Parallel", last, { $0["Loop"] = ["Collection": "$.[x]"] }),
      ("unknown Type", last, { $0["Type"] = "LoopStart" }),
      ("unknown key", last, { $0["Nxt"] = "Succeed" }),
      ("none of SU", last, { $0["Status"] = ["#root == true": "OK"] }),
      ("ServiceMethod is missing", last, { $0["ServiceMethod"] = nil }),
      ("not marked IsForCompensation", "U1", { $0["IsForCompensation"] = false }),
      ("Choices is missing", "C1", { $0["Choices"] = nil }),
      ("cannot be reached", "Orphan", { $0 = ["Type": "Succeed"] }),
      ("contains itself", "Orphan", { $0 = ["Type": "SubStateMachine", "StateMachineName": "n"] }),
    ]
    for (words, state, change) in faults {
      let found = try problems(changed(good, state, change))
      #expect(found.contains { $0.contains(words) }, "\(words): \(found)")
    }
    for (key, value) in [("Version", String(repeating: "1", count: 17)), ("Name", String(repeating: "n", count: 129))] {
      var wide = good
      wide[key] = value
      #expect(try problems(wide).contains { $0.contains("longer") })
    }
    var lost = good
    lost["StartState"] = "S0"
    #expect(try problems(lost).contains("StartState is missing"))
  }

  /// Random graphs of choices: dead ends, loops without a way out and orphans, against a search that follows every path.
  @Test func randomGraphsAreJudgedAsByFollowingEveryPath() throws {
    var random = Random(state: 7)
    for _ in 0..<300 {
      let count = Int.random(in: 2...7, using: &random)
      var next: [String: [String]] = [:]
      for number in 0..<count {
        let isEnd = Int.random(in: 0..<4, using: &random) == 0
        next["s\(number)"] = isEnd ? [] : (0..<2).map { _ in "s\(Int.random(in: 0...count, using: &random))" }
      }
      var states: [String: Any] = [:]
      for (name, targets) in next {
        states[name] =
          targets.isEmpty
          ? ["Type": "Succeed"]
          : ["Type": "Choice", "Choices": [["Expression": "e", "Next": targets[0]]], "Default": targets[1]]
            as [String: Any]
      }
      let found = try problems(["Name": "n", "StartState": "s0", "States": states])
      for name in next.keys {
        let isReached = name == "s0" || follow("s0", next).contains(name)
        let ends = next[name]!.isEmpty || follow(name, next).contains { next[$0]?.isEmpty ?? true && next[$0] != nil }
        // A name that leads nowhere is reported as such, and counts as no end.
        #expect(found.contains("\(name): cannot be reached") == !isReached, "\(next) \(found)")
        #expect(found.contains("\(name): no way to an end") == (isReached && !ends), "\(next) \(found)")
        let missing = next[name]!.contains { next[$0] == nil }
        #expect(found.contains { $0.hasPrefix("\(name): no state named") } == missing)
      }
    }
  }

  /// Everything that can be got to in at most as many moves as there are states.
  private func follow(_ start: String, _ next: [String: [String]]) -> Set<String> {
    var seen: Set<String> = []
    var front: Set<String> = [start]
    for _ in 0...next.count {
      front = Set(front.flatMap { next[$0] ?? [] }).filter { next[$0] != nil }
      seen.formUnion(front)
    }
    return seen
  }
}
