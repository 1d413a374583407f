import Facts

/// A closure that answers a request and is written where its route is registered.
struct InlineHandler: Hashable {
  var kind: EntryPoint.Kind
  /// What calls it: `GET /orders`.
  var trigger: String
  /// What it is called as a unit of its own.
  var name: String
  /// Where it is registered.
  var line: Int
  /// First and last line of what it does.
  var lines: ClosedRange<Int>
}

/// Finds the handlers written on the spot inside of functions: `app.get("/orders", (req, res) => …)`, `get '/orders' do`.
///
/// Values are followed through the whole function, as closures see what is around them; what is found on the lines of a handler
/// belongs to the handler. Of several on one line the first takes all.
struct InlineHandlers {
  /// The handlers of each function that has any, in order of their lines.
  private(set) var byFunction: [FunctionID: [InlineHandler]] = [:]

  /// Linear in the events.
  init(files: [FileFacts]) {
    for (file, facts) in files.enumerated() where facts.language != .c && facts.language != .document {
      for (place, function) in facts.functions.enumerated() {
        guard function.events.contains(where: { if case .enterScope = $0.event { true } else { false } }) else {
          continue
        }
        var walk = Walk(language: facts.language, calls: Self.callsOfBody(function, in: facts))
        for event in function.events { walk.apply(event) }
        let found = walk.found.sorted {
          ($0.lines.lowerBound, $0.line, $0.name) < ($1.lines.lowerBound, $1.line, $1.name)
        }
        if !found.isEmpty { byFunction[FunctionID(file: file, index: place)] = found }
      }
    }
  }

  /// The calls in the body of the class whose blocks the function holds: Ruby keeps the two apart.
  private static func callsOfBody(_ function: FunctionFact, in facts: FileFacts) -> [Int: [CallFact]] {
    guard facts.language == .ruby, function.name.hasSuffix(".<static>") else { return [:] }
    var calls: [Int: [CallFact]] = [:]
    for type in facts.types where type.name == function.owner {
      for case (let line, .call(let call)) in type.body.map({ ($0.line, $0.event) }) {
        calls[line, default: []].append(call)
      }
    }
    return calls
  }

  private struct Frame {
    /// What is put before the paths of routes inside.
    var prefix = ""
    var lines: ClosedRange<Int>?
    /// Whether it is the body of a handler.
    var handler: (registration: RouteCall, line: Int)?
    /// The scopes that ended directly inside.
    var closed: [(callee: String, lines: ClosedRange<Int>)] = []
    var callee = ""

    mutating func cover(_ line: Int) {
      lines = lines.map { min($0.lowerBound, line)...max($0.upperBound, line) } ?? line...line
    }
  }

  /// The walk through the events of one function.
  private struct Walk {
    let language: SourceLanguage
    let calls: [Int: [CallFact]]
    private(set) var found: [InlineHandler] = []
    private var frames = [Frame()]
    /// Prefixes of what groups of routes were put into.
    private var groups: [String: String] = [:]
    /// The registration whose closures come next.
    private var next: (call: RouteCall, callee: String, closures: Int, line: Int)?
    private var nextGroup: (callee: String, prefix: String)?

    init(language: SourceLanguage, calls: [Int: [CallFact]]) {
      self.language = language
      self.calls = calls
    }

    mutating func apply(_ placed: PlacedEvent) {
      switch placed.event {
      case .enterScope(let callee): enter(callee, placed.line)
      case .enterBranch, .enterLoop: frames.append(Frame(prefix: frames[frames.count - 1].prefix))
      case .leave: leave()
      case .call(let call):
        frames[frames.count - 1].cover(placed.line)
        note(call, placed.line)
      case .declare(let name, _, let value), .assign(let name, let value):
        frames[frames.count - 1].cover(placed.line)
        if let path = RouteCall.group(value, language) { groups[name] = path.joined(to: prefix(of: path.receiver)) }
      case .append, .result, .mention: frames[frames.count - 1].cover(placed.line)
      case .nextBranch: break
      }
    }

    private func prefix(of receiver: Value?) -> String {
      if case .name(let name)? = receiver, let known = groups[name] { return known }
      return frames[frames.count - 1].prefix
    }

    private mutating func note(_ call: CallFact, _ line: Int) {
      next = nil
      nextGroup = nil
      guard !frames.contains(where: { $0.handler != nil }) else { return }
      let value = Value.call(callee: call.callee, receiver: call.receiver, arguments: call.arguments)
      if let route = RouteCall(call, language, prefix: prefix(of: RouteCall.root(call.receiver))) {
        let closures = call.arguments.count(where: RouteCall.isClosure)
        if closures > 0 {
          next = (route, call.callee, closures, line)
        } else if let inner = call.arguments.lazy.compactMap(RouteCall.calleeOfClosure).last,
          let scope = frames[frames.count - 1].closed.last(where: { $0.callee == inner })
        {
          // The closure was handed to a wrapper, whose call comes first.
          add(route, line, scope.lines)
        }
      } else if let group = RouteCall.group(value, language), call.arguments.contains(where: RouteCall.isClosure) {
        nextGroup = (call.callee, group.joined(to: prefix(of: group.receiver)))
      }
      frames[frames.count - 1].closed.removeAll()
    }

    private mutating func enter(_ callee: String, _ line: Int) {
      for call in calls[line] ?? [] where call.callee == callee && frames.count == 1 { note(call, line) }
      var frame = Frame(prefix: frames[frames.count - 1].prefix)
      frame.callee = callee
      if let route = next, route.callee == callee, route.closures > 0 {
        frame.handler = (route.call, route.line)
        next?.closures -= 1
      } else if let group = nextGroup, group.callee == callee {
        frame.prefix = group.prefix
      }
      frames.append(frame)
    }

    private mutating func leave() {
      guard frames.count > 1, let frame = frames.popLast() else { return }
      guard let lines = frame.lines else { return }
      frames[frames.count - 1].cover(lines.lowerBound)
      frames[frames.count - 1].cover(lines.upperBound)
      if !frame.callee.isEmpty { frames[frames.count - 1].closed.append((frame.callee, lines)) }
      if let (route, line) = frame.handler { add(route, line, lines) }
    }

    private mutating func add(_ route: RouteCall, _ line: Int, _ lines: ClosedRange<Int>) {
      // Several closures of one registration, checks before the handler, are one.
      if let last = found.last, last.line == line, last.name == route.name, last.lines.upperBound <= lines.lowerBound {
        found[found.count - 1].lines = last.lines.lowerBound...lines.upperBound
        return
      }
      found.append(InlineHandler(kind: route.kind, trigger: route.trigger, name: route.name, line: line, lines: lines))
    }
  }
}
