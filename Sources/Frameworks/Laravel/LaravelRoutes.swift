import Facts

/// Routes of Laravel: which method of a controller answers which request.
struct LaravelRoutes {
  let system: SystemIndex

  private static let verbs: Set<String> = ["get", "post", "put", "patch", "delete", "options", "any"]
  private static let resources: [(method: String, verb: String, path: String)] = [
    ("index", "GET", ""), ("create", "GET", "/create"), ("store", "POST", ""), ("show", "GET", "/{id}"),
    ("edit", "GET", "/{id}/edit"), ("update", "PUT", "/{id}"), ("destroy", "DELETE", "/{id}"),
  ]

  /// What stands around routes in a group.
  private struct Group {
    var prefix = ""
    var controller: String?
  }

  /// One entry for each route whose function is known, in order of file and line.
  func entryPoints() -> [FrameworkEntryPoint] {
    system.files.enumerated().flatMap { file, facts in
      facts.language == .php ? facts.functions.flatMap { routes(in: $0, file: file) } : []
    }
  }

  private func routes(in function: FunctionFact, file: Int) -> [FrameworkEntryPoint] {
    var found: [FrameworkEntryPoint] = []
    var groups: [Group?] = []
    var next = Group()
    for placed in function.events {
      switch placed.event {
      case .enterBranch, .enterLoop: groups.append(nil)
      case .enterScope(let callee): groups.append(callee == "group" ? next : nil)
      case .leave: _ = groups.popLast()
      case .call(let call):
        guard Self.isRoute(call.receiver) else { continue }
        var around = Group()
        for group in groups.compactMap({ $0 }) { around = Self.inner(around, group) }
        around = Self.inner(around, Self.chain(call.receiver))
        if call.callee == "group" {
          next = Self.inner(Self.chain(call.receiver), Self.options(call.arguments.first))
          continue
        }
        found += entries(call, around: around, file: file, line: placed.line)
      case .declare, .assign, .append, .result, .mention, .nextBranch: continue
      }
    }
    return found
  }

  private func entries(_ call: CallFact, around: Group, file: Int, line: Int) -> [FrameworkEntryPoint] {
    func entry(_ controller: String, _ method: String, _ trigger: String) -> FrameworkEntryPoint? {
      guard let type = system.resolve(controller, from: file), let function = system.method(method, of: type) else {
        return nil
      }
      return FrameworkEntryPoint(function: function, kind: .route, trigger: trigger, line: line)
    }
    let arguments = call.arguments.positional
    guard case .text(let path)? = arguments.first else { return [] }
    let whole = Self.joined(around.prefix, path)
    if call.callee == "resource" || call.callee == "apiResource", arguments.count > 1,
      let controller = Self.controller(arguments[1])
    {
      return Self.resources.compactMap { entry(controller, $0.method, $0.verb + " " + whole + $0.path) }
    }
    guard Self.verbs.contains(call.callee) else { return [] }
    let verb = call.callee.uppercased()
    switch arguments.dropFirst().first {
    case .list(let items)?:
      guard items.count == 2, let controller = Self.controller(items[0]), case .text(let method) = items[1] else {
        return []
      }
      return entry(controller, method, verb + " " + whole).map { [$0] } ?? []
    case .type(let controller)?: return entry(controller, "__invoke", verb + " " + whole).map { [$0] } ?? []
    case .text(let text)?:
      let parts = text.split(separator: "@").map(String.init)
      if parts.count == 2 { return entry(parts[0], parts[1], verb + " " + whole).map { [$0] } ?? [] }
      guard let controller = around.controller else { return [] }
      return entry(controller, text, verb + " " + whole).map { [$0] } ?? []
    case .literal?, .name?, .field?, .call?, .join?, .member?, .either?, .element?, .operation?, .closure?, .opaque?,
      nil:
      return []
    }
  }

  // MARK: What stands around

  /// Whether a chain of calls begins with the routes.
  static func isRoute(_ receiver: Value?) -> Bool {
    switch receiver {
    case .name("Route")?, .name("router")?: true
    case .call(_, let inner?, _)?: isRoute(inner)
    case .text?, .literal?, .name?, .type?, .field?, .call?, .join?, .list?, .member?, .either?, .element?, .operation?,
      .closure?, .opaque?, nil:
      false
    }
  }

  /// `Route::prefix('admin')->controller(C::class)`.
  private static func chain(_ receiver: Value?) -> Group {
    guard case .call(let callee, let inner, let arguments)? = receiver else { return Group() }
    var own = Group()
    switch (callee, arguments.first) {
    case ("prefix", .text(let text)?): own.prefix = text
    case ("controller", .type(let name)?): own.controller = name
    default: break
    }
    return Self.inner(chain(inner), own)
  }

  /// `['prefix' => 'admin']`.
  private static func options(_ value: Value?) -> Group {
    guard case .text(let prefix)? = value?.entry("prefix") else { return Group() }
    return Group(prefix: prefix)
  }

  private static func inner(_ outer: Group, _ group: Group) -> Group {
    Group(prefix: joined(outer.prefix, group.prefix), controller: group.controller ?? outer.controller)
  }

  private static func joined(_ left: String, _ right: String) -> String {
    let parts = (left.split(separator: "/") + right.split(separator: "/")).joined(separator: "/")
    return left.isEmpty && right.isEmpty ? "" : "/" + parts
  }

  private static func controller(_ value: Value) -> String? {
    switch value {
    case .type(let name): name
    case .text(let name): name
    case .literal, .name, .field, .call, .join, .list, .member, .either, .element, .operation, .closure, .opaque: nil
    }
  }
}
