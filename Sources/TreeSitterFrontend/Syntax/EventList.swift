import Facts

/// The events of nested bodies while they are read: functions in types in functions.
struct EventList {
  private var stack: [[PlacedEvent]] = [[]]

  /// Adds an event to the innermost body.
  mutating func add(_ event: CodeEvent, _ line: Int) {
    stack[stack.count - 1].append(PlacedEvent(line: line, event: event))
  }

  /// Begins a body of its own.
  mutating func begin() { stack.append([]) }

  /// Ends the innermost body and hands its events over.
  mutating func end() -> [PlacedEvent] { stack.count > 1 ? stack.removeLast() : [] }

  /// Hands over the events of the outermost body.
  mutating func drained() -> [PlacedEvent] {
    defer { stack = [[]] }
    return stack[0]
  }

  /// Number of events of the innermost body.
  var count: Int { stack[stack.count - 1].count }

  /// Whether the innermost body has no event yet.
  var isEmpty: Bool { stack[stack.count - 1].isEmpty }
}

/// A closure whose events wait for the call it is given to.
struct WaitingClosure {
  var parameters: [(name: String, type: String)]
  var events: [PlacedEvent]
  var line: Int
}

extension EventList {
  /// Adds what a closure does as a scope of `callee`; its first parameter is an element of what the call is made on.
  mutating func add(_ closure: WaitingClosure, callee: String, receiver: Value?) {
    add(.enterScope(callee: callee), closure.line)
    for (place, parameter) in closure.parameters.enumerated() where !parameter.name.isEmpty {
      let value = place == 0 ? receiver.map { Value.element(of: $0, at: .opaque) } ?? .opaque : .opaque
      add(.declare(name: parameter.name, type: parameter.type, value: value), closure.line)
    }
    add(closure.events)
    add(.leave, closure.events.last?.line ?? closure.line)
  }

  /// Adds events that were kept apart.
  mutating func add(_ list: [PlacedEvent]) { stack[stack.count - 1] += list }

  /// Ends the innermost body as the code of a file outside of its functions; nil when it has no events.
  mutating func endMain() -> FunctionFact? {
    let main = end()
    guard let first = main.map(\.line).min(), let last = main.map(\.line).max() else { return nil }
    return FunctionFact(
      name: "<main>", owner: "", lines: first...last, parameters: [], isLocal: true, isRecovered: false, events: main)
  }
}
