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
