import Facts

/// Routes of gin, echo, chi, gorilla and net/http, and the `main` functions of programs.
struct GoWebRecognizer: FrameworkRecognizer {
  let name = "Go web frameworks"
  let languages: Set<SourceLanguage> = [.go]

  private static let verbs: Set<String> = ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "ANY", "ALL"]

  func entryPoints(in system: SystemIndex) -> [FrameworkEntryPoint] {
    var found: [FrameworkEntryPoint] = []
    for (file, facts) in system.files.enumerated() where facts.language == .go {
      for (place, function) in facts.functions.enumerated() {
        if function.name == "main", facts.namespace == "main" {
          found.append(
            FrameworkEntryPoint(
              function: FunctionID(file: file, index: place), kind: .main, trigger: "", line: function.lines.lowerBound)
          )
        }
        found += routes(in: function, file: file, system: system)
      }
    }
    return found
  }

  private func routes(in function: FunctionFact, file: Int, system: SystemIndex) -> [FrameworkEntryPoint] {
    var prefixes: [String: String] = [:]
    var scopes: [String] = []
    var next = ""
    return function.events.compactMap { placed -> FrameworkEntryPoint? in
      switch placed.event {
      case .declare(let name, _, .call("Group", let receiver?, let arguments)),
        .assign(let name, .call("Group", let receiver?, let arguments)):
        if case .text(let path)? = arguments.first { prefixes[name] = Self.prefix(receiver, prefixes) + path }
      case .enterScope(let callee):
        scopes.append(callee == "Route" || callee == "Group" ? next : "")
      case .enterBranch, .enterLoop: scopes.append("")
      case .leave: _ = scopes.popLast()
      case .call(let call):
        guard let receiver = call.receiver, case .text(let path)? = call.arguments.first else { return nil }
        if call.callee == "Route" || call.callee == "Group" { next = path }
        guard let verb = Self.verb(call.callee), call.arguments.count > 1 || call.callee == "HandleFunc",
          let handler = call.arguments.last, path.hasPrefix("/") || path.isEmpty || path.contains(" /"),
          let target = self.function(handler, from: file, owner: function.owner, system: system)
        else { return nil }
        let whole = scopes.joined() + Self.prefix(receiver, prefixes) + path
        return FrameworkEntryPoint(
          function: target, kind: .route, trigger: path.contains(" ") ? path : verb + " " + whole, line: placed.line)
      case .declare, .assign, .append, .result, .mention, .nextBranch: break
      }
      return nil
    }
  }

  private static func prefix(_ receiver: Value, _ prefixes: [String: String]) -> String {
    switch receiver {
    case .name(let name): prefixes[name] ?? ""
    case .call("Group", let inner?, let arguments):
      prefix(inner, prefixes) + (arguments.first?.literalText ?? "")
    case .text, .literal, .type, .field, .call, .join, .list, .member, .either, .element, .operation, .closure, .opaque:
      ""
    }
  }

  /// What requests a method registers for; nil for other methods.
  static func verb(_ callee: String) -> String? {
    if callee == "HandleFunc" || callee == "Handle" { return "ANY" }
    let upper = callee.uppercased()
    return verbs.contains(upper) ? upper : nil
  }

  /// The function a handler names: `h.Show`, `Show`, `handlers.Show(service)`.
  private func function(_ value: Value, from file: Int, owner: String, system: SystemIndex) -> FunctionID? {
    let name: String
    switch value {
    case .name(let written): name = written
    case .call(let callee, _, let arguments):
      // A middleware around the handler, or a function that makes it.
      if let inner = arguments.lazy.compactMap({ self.function($0, from: file, owner: owner, system: system) }).first {
        return inner
      }
      name = callee
    case .field(_, let member): name = member
    case .text, .literal, .type, .join, .list, .member, .either, .element, .operation, .closure, .opaque: return nil
    }
    let found = system.symbols.functions(
      called: NameWords.lastPart(name), from: file, owner: owner, hasReceiver: name.contains("."))
    let own = found.filter { system.files[$0.file].language == .go }
    return own.count == 1 ? own[0] : nil
  }
}
