import Facts

/// The events of a body as a tree, for readers that walk blocks several times or not at all.
indirect enum EventTree {
  case event(CodeEvent, line: Int)
  /// The alternatives of a branch.
  case branch([[EventTree]])
  case loop([EventTree])
  /// A block given to the call before.
  case scope(callee: String, [EventTree])

  /// The tree of a list of events. Linear.
  static func build(_ events: [PlacedEvent]) -> [EventTree] {
    var place = 0
    return build(events, &place, depth: 0)
  }

  private static func build(_ events: [PlacedEvent], _ place: inout Int, depth: Int) -> [EventTree] {
    var nodes: [EventTree] = []
    while place < events.count {
      let placed = events[place]
      switch placed.event {
      case .leave, .nextBranch:
        if depth > 0 { return nodes }
        place += 1
      case .enterBranch:
        var alternatives: [[EventTree]] = []
        repeat {
          place += 1
          alternatives.append(build(events, &place, depth: depth + 1))
        } while place < events.count && events[place].event == .nextBranch
        place += 1
        nodes.append(.branch(alternatives))
      case .enterLoop:
        place += 1
        nodes.append(.loop(build(events, &place, depth: depth + 1)))
        place += 1
      case .enterScope(let callee):
        place += 1
        nodes.append(.scope(callee: callee, build(events, &place, depth: depth + 1)))
        place += 1
      case .declare, .assign, .append, .call, .result, .mention:
        nodes.append(.event(placed.event, line: placed.line))
        place += 1
      }
    }
    return nodes
  }
}
