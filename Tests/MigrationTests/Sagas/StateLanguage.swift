import Foundation

/// What a call of a participant did, as the caller sees it.
enum Reply: Equatable {
  case value(Bool)
  /// Something was thrown: whether anything was changed is not known.
  case thrown
}

/// The outcome of a machine.
struct Outcome: Equatable {
  enum End: String, Equatable { case succeeded, failed, compensationPending }

  let end: End
  /// Forward states that ended as `SU` or `UN`, in order of their first run.
  let completed: [String]
  /// States that were compensated, in order.
  let compensated: [String]
}

/// Runs Seata's state language after its documentation, from the JSON alone; shares no code with what writes it.
struct StateLanguage {
  typealias Object = [String: Any]

  /// What is asked of a participant: service and method.
  typealias Call = (_ service: String, _ method: String) throws -> Reply

  let root: Object

  init(json: String) throws {
    guard let root = try JSONSerialization.jsonObject(with: Data(json.utf8)) as? Object else {
      throw CommandFailure(description: "no object")
    }
    self.root = root
  }

  private func state(_ name: String) throws -> Object {
    guard let states = root["States"] as? Object, let state = states[name] as? Object else {
      throw CommandFailure(description: "no state \(name)")
    }
    return state
  }

  /// Runs from the start; a compensation that fails for good stays pending, as the coordinator would repeat it later.
  func run(_ call: Call) throws -> Outcome {
    var results: [String: Bool] = [:]
    var executed: [(name: String, status: String)] = []
    var compensated: [String] = []
    var next = root["StartState"] as? String
    for _ in 0..<1000 {
      guard let name = next else { break }
      let state = try state(name)
      switch state["Type"] as? String {
      case "ServiceTask":
        let reply = try attempt(state, call)
        let status = try status(of: reply, state)
        executed.append((name, status))
        if case .value(let value) = reply {
          let output = state["Output"] as? [String: String] ?? [:]
          for (key, text) in output where text == "$.#root" { results[key] = value }
          next = state["Next"] as? String
        } else {
          next = ((state["Catch"] as? [Object])?.first)?["Next"] as? String
        }
      case "Choice":
        let chosen = (state["Choices"] as? [Object] ?? []).first { choice in
          guard let text = choice["Expression"] as? String, text.hasPrefix("["),
            let end = text.firstIndex(of: "]")
          else { return false }
          let variable = String(text[text.index(after: text.startIndex)..<end])
          return results[variable] == true && text.hasSuffix("== true")
        }
        next = (chosen?["Next"] ?? state["Default"]) as? String
      case "CompensationTrigger":
        for done in executed.reversed() where done.status != "FA" {
          guard let undo = try self.state(done.name)["CompensateState"] as? String else { continue }
          guard try attempt(try self.state(undo), call) == .value(true) else {
            return Outcome(end: .compensationPending, completed: names(executed), compensated: compensated)
          }
          compensated.append(done.name)
        }
        next = state["Next"] as? String
      case "Succeed": return Outcome(end: .succeeded, completed: names(executed), compensated: compensated)
      case "Fail": return Outcome(end: .failed, completed: names(executed), compensated: compensated)
      default: throw CommandFailure(description: "\(name) has no type that is known")
      }
    }
    throw CommandFailure(description: "the machine does not end")
  }

  private func names(_ executed: [(name: String, status: String)]) -> [String] {
    executed.filter { $0.status != "FA" }.map(\.name)
  }

  /// Calls until something comes back or all attempts are used up.
  private func attempt(_ state: Object, _ call: Call) throws -> Reply {
    guard let service = state["ServiceName"] as? String, let method = state["ServiceMethod"] as? String else {
      throw CommandFailure(description: "no service")
    }
    let retries = ((state["Retry"] as? [Object])?.first?["MaxAttempts"] as? Int) ?? 0
    for _ in 0...retries {
      let reply = try call(service, method)
      if reply != .thrown { return reply }
    }
    return .thrown
  }

  private func status(of reply: Reply, _ state: Object) throws -> String {
    let map = state["Status"] as? [String: String] ?? [:]
    let key: String
    switch reply {
    case .value(true): key = "#root == true"
    case .value(false): key = "#root == false"
    case .thrown: key = "$Exception{java.lang.Throwable}"
    }
    guard let status = map[key] else { throw CommandFailure(description: "no status for \(key)") }
    return status
  }
}
