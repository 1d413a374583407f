import Basics
import Facts

/// Reads `config/routes.rb`: which action of which controller answers which request.
struct RailsRoutes {
  let system: SystemIndex
  let inflector: Inflector
  private var found: [FrameworkEntryPoint] = []
  /// The module of the controllers of each engine, by the engine's class.
  private var engines: [String: String] = [:]

  /// What the blocks around a route say.
  private struct Scope {
    var path = ""
    var modules: [String] = []
    /// The controller routes without one of their own belong to.
    var controller = ""
    /// The path of one object of the resource around: `/orders/:order_id`.
    var member = ""
    var isMember = false
    /// Where nested routes begin.
    var base: String { member.isEmpty ? path : member }
  }

  private static let verbs: Set<String> = ["get", "post", "put", "patch", "delete", "match", "options"]
  private static let actions: [(name: String, verb: String, isMember: Bool)] = [
    ("index", "GET", false), ("create", "POST", false), ("new", "GET", false), ("show", "GET", true),
    ("update", "PATCH", true), ("edit", "GET", true), ("destroy", "DELETE", true),
  ]

  init(system: SystemIndex, inflector: Inflector) {
    self.system = system
    self.inflector = inflector
    for type in system.types where system.files[type.file].language == .ruby {
      for case .call(let call) in system.type(type).body.lazy.map(\.event) where call.callee == "isolate_namespace" {
        if case .name(let module)? = call.arguments.first { engines[system.type(type).name] = module }
      }
    }
  }

  /// The actions that routes lead to, in order of file and line.
  mutating func entryPoints() -> [FrameworkEntryPoint] {
    for (file, facts) in system.files.enumerated() where facts.language == .ruby {
      for function in facts.functions where function.name == "<main>" {
        guard facts.file.text.split(separator: "/").contains(where: { $0.hasPrefix("routes") }) else { continue }
        run(EventTree.build(function.events), file: file)
      }
    }
    return found
  }

  private mutating func run(_ nodes: [EventTree], file: Int) {
    var engine: String?
    for node in nodes {
      switch node {
      case .event(.call(let call), _):
        if call.callee == "routes", case .name(let name)? = call.receiver { engine = engines[name] }
      case .scope(callee: "draw", let body):
        walk(body, Scope(modules: engine.map { [$0] } ?? []), file: file)
      case .scope(_, let body): run(body, file: file)
      case .event, .branch, .loop: continue
      }
    }
  }

  private mutating func walk(_ nodes: [EventTree], _ scope: Scope, file: Int) {
    var last: CallFact?
    var line = 0
    for node in nodes {
      switch node {
      case .event(.call(let call), let at):
        (last, line) = (call, at)
        if call.receiver == nil { route(call, scope, file: file, line: line) }
      case .event: continue
      case .branch(let alternatives): for alternative in alternatives { walk(alternative, scope, file: file) }
      case .loop(let body): walk(body, scope, file: file)
      case .scope(let callee, let body):
        guard let call = last, call.callee == callee else { continue }
        walk(body, inner(call, scope), file: file)
      }
    }
  }

  // MARK: Scopes

  private func inner(_ call: CallFact, _ scope: Scope) -> Scope {
    var scope = scope
    let options = Options(call.arguments)
    let name = call.arguments.first?.literalText ?? ""
    switch call.callee {
    case "namespace":
      scope.path += "/" + (options.text("path") ?? name)
      scope.modules.append(inflector.camelized(options.text("module") ?? name))
      scope.member = ""
    case "scope":
      if case .text(let path)? = call.arguments.first { scope.path += Self.rooted(path) }
      if let path = options.text("path") { scope.path += Self.rooted(path) }
      if let module = options.text("module") { scope.modules.append(inflector.camelized(module)) }
      if let controller = options.text("controller") { scope.controller = controller }
    case "controller": scope.controller = name
    case "resources", "resource":
      let path = scope.base + "/" + (options.text("path") ?? name)
      scope.path = path
      scope.controller = options.text("controller") ?? (call.callee == "resource" ? inflector.plural(name) : name)
      if let module = options.text("module") { scope.modules.append(inflector.camelized(module)) }
      scope.member = call.callee == "resource" ? path : path + "/:" + inflector.singular(name) + "_id"
    case "member": scope.isMember = true
    case "collection": scope.member = scope.path
    default: break
    }
    return scope
  }

  private static func rooted(_ path: String) -> String { path.isEmpty || path.hasPrefix("/") ? path : "/" + path }

  // MARK: Routes

  private mutating func route(_ call: CallFact, _ scope: Scope, file: Int, line: Int) {
    let options = Options(call.arguments)
    switch call.callee {
    case "resources", "resource":
      for case .text(let name) in call.arguments {
        resource(name, isOne: call.callee == "resource", options, scope, line: line)
      }
    case "root":
      guard let target = options.text("to") ?? call.arguments.first?.literalText else { return }
      add("GET", scope.path.isEmpty ? "/" : scope.path, target: target, scope, line: line)
    case let verb where Self.verbs.contains(verb):
      for argument in call.arguments { single(verb, argument, options, scope, line: line) }
    default: return
    }
  }

  private mutating func single(_ verb: String, _ argument: Value, _ options: Options, _ scope: Scope, line: Int) {
    var path: String
    var target = options.text("to")
    switch argument {
    case .text(let text): path = text
    case .member(let key, .text(let text)) where text.utf8.contains(UInt8(ascii: "#")) && key != "to":
      (path, target) = (key, text)
    case .literal, .name, .type, .field, .call, .join, .list, .member, .either, .element, .operation, .closure, .opaque:
      return
    }
    if target == nil {
      let action = options.text("action") ?? path
      let controller = options.text("controller") ?? scope.controller
      if controller.isEmpty, path.utf8.contains(UInt8(ascii: "/")) {
        let parts = path.split(separator: "/")
        target = parts.dropLast().joined(separator: "/") + "#" + (parts.last ?? "")
      } else {
        target = controller + "#" + action
      }
    }
    let isMember = scope.isMember || options.text("on") == "member"
    let base = isMember && scope.member != scope.path ? scope.path + "/:id" : scope.path
    path = base + Self.rooted(path)
    let methods = verb == "match" ? Self.texts(options.value("via")) : [verb]
    for method in methods.isEmpty ? ["any"] : methods {
      add(method.uppercased(), path, target: target ?? "", scope, line: line)
    }
  }

  private static func texts(_ value: Value?) -> [String] {
    if case .list(let items)? = value { return items.compactMap(\.literalText) }
    return value?.literalText.map { [$0] } ?? []
  }

  private mutating func resource(_ name: String, isOne: Bool, _ options: Options, _ scope: Scope, line: Int) {
    let only = Self.texts(options.value("only"))
    let except = Self.texts(options.value("except"))
    let path = scope.base + "/" + (options.text("path") ?? name)
    var scope = scope
    if let module = options.text("module") { scope.modules.append(inflector.camelized(module)) }
    let controller = options.text("controller") ?? (isOne ? inflector.plural(name) : name)
    for action in Self.actions {
      guard options.value("only") == nil || only.contains(action.name), !except.contains(action.name),
        !(isOne && action.name == "index")
      else { continue }
      var full = path + (action.isMember && !isOne ? "/:id" : "")
      if action.name == "new" || action.name == "edit" { full += "/" + action.name }
      add(action.verb, full, target: controller + "#" + action.name, scope, line: line)
    }
  }

  /// Adds the action that `controller#action` names.
  private mutating func add(_ verb: String, _ path: String, target: String, _ scope: Scope, line: Int) {
    let parts = target.split(separator: "#", omittingEmptySubsequences: false)
    guard parts.count == 2, !parts[0].isEmpty else { return }
    let written = String(parts[0])
    let modules = written.hasPrefix("/") ? [] : scope.modules
    let name = (modules + [inflector.camelized(written) + "Controller"]).joined(separator: "::")
    guard let type = system.exactType(name), let function = system.method(String(parts[1]), of: type) else { return }
    found.append(
      FrameworkEntryPoint(function: function, kind: .route, trigger: verb + " " + path, line: line))
  }
}

/// Jobs, workers and tasks of Ruby.
enum RailsJobs {
  private static let jobBases: Set<String> = [
    "ApplicationJob", "ActiveJob::Base", "Sidekiq::Job", "Sidekiq::Worker", "ApplicationWorker", "Que::Job",
  ]

  static func entryPoints(in system: SystemIndex) -> [FrameworkEntryPoint] {
    var found: [FrameworkEntryPoint] = []
    for type in system.types where system.files[type.file].language == .ruby && system.parts(of: type).first == type {
      guard system.base(of: type, named: jobBases) != nil else { continue }
      for method in system.methods(of: type) {
        let function = system.symbols.function(method)
        guard NameWords.lastPart(function.name) == "perform", !function.isStatic else { continue }
        found.append(
          FrameworkEntryPoint(
            function: method, kind: .job, trigger: system.type(type).name, line: function.lines.lowerBound))
      }
    }
    for (file, facts) in system.files.enumerated() where facts.language == .ruby {
      let name = facts.file.fileName.lowercased()
      guard name.hasSuffix(".rake") || name == "rakefile" else { continue }
      for (place, function) in facts.functions.enumerated() where function.name == "<main>" {
        tasks(EventTree.build(function.events), of: FunctionID(file: file, index: place), namespace: [], &found)
      }
    }
    return found
  }

  private static func tasks(
    _ nodes: [EventTree], of function: FunctionID, namespace: [String], _ found: inout [FrameworkEntryPoint]
  ) {
    var last: CallFact?
    for node in nodes {
      switch node {
      case .event(.call(let call), let line):
        last = call
        guard call.callee == "task", call.receiver == nil, let name = taskName(call.arguments.first) else { continue }
        found.append(
          FrameworkEntryPoint(
            function: function, kind: .command, trigger: "rake " + (namespace + [name]).joined(separator: ":"),
            line: line))
      case .scope(callee: "namespace", let body):
        let name = last?.arguments.first?.literalText
        tasks(body, of: function, namespace: namespace + (name.map { [$0] } ?? []), &found)
      case .event, .branch, .loop, .scope: continue
      }
    }
  }

  private static func taskName(_ value: Value?) -> String? {
    if case .member(let name, _)? = value { return name }
    return value?.literalText
  }
}
