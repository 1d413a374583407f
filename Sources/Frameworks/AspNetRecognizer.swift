import Facts

/// ASP.NET: controllers whose attributes name routes, minimal APIs, and services that run beside them.
struct AspNetRecognizer: FrameworkRecognizer {
  let name = "ASP.NET"
  let languages: Set<SourceLanguage> = [.csharp]

  private static let verbs = [
    "HttpGet": "GET", "HttpPost": "POST", "HttpPut": "PUT", "HttpDelete": "DELETE", "HttpPatch": "PATCH",
    "HttpHead": "HEAD", "HttpOptions": "OPTIONS",
  ]
  /// What the methods of minimal APIs answer.
  static let mapped = [
    "MapGet": "GET", "MapPost": "POST", "MapPut": "PUT", "MapDelete": "DELETE", "MapPatch": "PATCH", "MapFallback": "",
  ]
  private static let controllers: Set<String> = [
    "ControllerBase", "Controller", "ApiController", "ODataController", "BaseApiController", "PageModel",
  ]

  func entryPoints(in system: SystemIndex) -> [FrameworkEntryPoint] {
    var found: [FrameworkEntryPoint] = []
    for type in system.types where system.files[type.file].language == .csharp {
      let fact = system.type(type)
      guard fact.kind == .class || fact.kind == .record else { continue }
      if isController(type, fact) { found += actions(of: type, fact, in: system) }
      found += services(of: type, in: system)
    }
    for (file, facts) in system.files.enumerated() where facts.language == .csharp {
      for place in facts.functions.indices {
        found += endpoints(in: FunctionID(file: file, index: place), system)
      }
    }
    return found
  }

  // MARK: Controllers

  private func isController(_ type: TypeID, _ fact: TypeFact) -> Bool {
    if fact.annotations.contains(where: { $0.name == "abstract" || $0.name == "NonController" }) { return false }
    return fact.annotations.contains { ["ApiController", "Controller"].contains(NameWords.lastPart($0.name)) }
      || fact.bases.contains {
        Self.controllers.contains(TypeName($0).simple) || TypeName($0).simple.hasSuffix("Controller")
      }
      || NameWords.lastPart(fact.name).hasSuffix("Controller")
  }

  private func actions(of type: TypeID, _ fact: TypeFact, in system: SystemIndex) -> [FrameworkEntryPoint] {
    let simple = NameWords.lastPart(fact.name)
    let short = simple.hasSuffix("Controller") ? String(simple.dropLast(10)) : simple
    let prefix = route(of: fact.annotations) ?? inheritedRoute(of: type, in: system)
    let area = fact.annotations.first(named: "Area")?.text("value") ?? ""
    return system.methods(of: type).flatMap { id -> [FrameworkEntryPoint] in
      let function = system.symbols.function(id)
      let action = NameWords.lastPart(function.name)
      guard !function.isAbstract, !function.isStatic, action != simple, !action.hasPrefix("<"),
        function.annotations.first(named: "NonAction") == nil
      else { return [] }
      let marks = function.annotations.filter {
        Self.verbs[NameWords.lastPart($0.name)] != nil
          || ["Route", "AcceptVerbs"].contains(NameWords.lastPart($0.name))
      }
      let verbs = marks.filter { Self.verbs[NameWords.lastPart($0.name)] != nil }
      if verbs.isEmpty {
        // Without marks the names of controller and method are the route, where the method gives a response.
        let isRouted = !marks.isEmpty || Self.isResponse(function.returnType)
        guard isRouted else { return [] }
        let own = marks.first?.text("value") ?? (prefix == nil ? "[action]" : nil)
        return [entry(id, "ANY", prefix ?? "[controller]", own, short, action, area, function.lines.lowerBound)]
      }
      return verbs.map { mark in
        let verb = Self.verbs[NameWords.lastPart(mark.name)] ?? "ANY"
        let own =
          mark.text("value") ?? mark.text("template") ?? function.annotations.first(named: "Route")?.text("value")
        return entry(id, verb, prefix ?? "[controller]/[action]", own, short, action, area, function.lines.lowerBound)
      }
    }
  }

  private func entry(
    _ id: FunctionID, _ verb: String, _ prefix: String, _ own: String?, _ controller: String, _ action: String,
    _ area: String, _ line: Int
  ) -> FrameworkEntryPoint {
    var path: String
    if let own, own.hasPrefix("/") || own.hasPrefix("~/") {
      path = own.hasPrefix("~") ? String(own.dropFirst()) : own
    } else {
      path = [prefix, own ?? ""].filter { !$0.isEmpty }.joined(separator: "/")
    }
    path = path.replacing("[controller]", with: controller).replacing("[action]", with: action)
      .replacing("[area]", with: area)
    return FrameworkEntryPoint(function: id, kind: .route, trigger: "\(verb) \(Self.rooted(path))", line: line)
  }

  private static func rooted(_ path: String) -> String { path.hasPrefix("/") ? path : "/" + path }

  private func route(of annotations: [AnnotationFact]) -> String? {
    annotations.first(named: "Route", "RoutePrefix").flatMap { $0.text("value") ?? $0.text("template") }
  }

  private func inheritedRoute(of type: TypeID, in system: SystemIndex) -> String? {
    system.ancestors(of: type).lazy.compactMap { self.route(of: system.type($0).annotations) }.first
  }

  private static let responses: Set<String> = [
    "IActionResult", "ActionResult", "IResult", "HttpResponseMessage", "IHttpActionResult", "ViewResult", "JsonResult",
  ]

  private static func isResponse(_ type: String) -> Bool {
    let name = TypeName(type)
    if responses.contains(name.simple) { return true }
    guard name.simple == "Task" || name.simple == "ValueTask", let inner = name.arguments.first else { return false }
    return responses.contains(TypeName(inner).simple)
  }

  // MARK: Minimal APIs

  /// `app.MapGet("/orders", Orders.List)` makes the method an entry, a closure the function it stands in.
  private func endpoints(in id: FunctionID, _ system: SystemIndex) -> [FrameworkEntryPoint] {
    var groups: [String: String] = [:]
    var found: [FrameworkEntryPoint] = []
    for placed in system.symbols.function(id).events {
      switch placed.event {
      case .declare(let name, _, .call("MapGroup", let receiver, let arguments)):
        groups[name] = prefix(receiver, groups) + (arguments.first?.literalText ?? "")
      case .call(let call):
        guard let verb = Self.mapped[call.callee], call.receiver != nil, call.arguments.count > 1,
          let path = call.arguments[0].literalText
        else { continue }
        let trigger = "\(verb.isEmpty ? "ANY" : verb) \(Self.rooted(prefix(call.receiver, groups) + path))"
        let target = handler(call.arguments[1], from: id, system) ?? id
        found.append(FrameworkEntryPoint(function: target, kind: .route, trigger: trigger, line: placed.line))
      case .declare, .assign, .append, .result, .mention, .enterBranch, .nextBranch, .enterLoop, .enterScope, .leave:
        continue
      }
    }
    return found
  }

  private func prefix(_ receiver: Value?, _ groups: [String: String]) -> String {
    switch receiver {
    case .name(let name)?: groups[name] ?? ""
    case .call("MapGroup", let inner, let arguments)?: prefix(inner, groups) + (arguments.first?.literalText ?? "")
    case .call(_, let inner, _)?: prefix(inner, groups)
    case .text?, .literal?, .type?, .field?, .join?, .list?, .member?, .either?, .element?, .operation?, .closure?,
      .opaque?, nil:
      ""
    }
  }

  private func handler(_ value: Value, from id: FunctionID, _ system: SystemIndex) -> FunctionID? {
    guard case .name(let name) = value else { return nil }
    let last = NameWords.lastPart(name)
    let owner =
      name.contains(".") ? system.resolve(String(name.dropLast(last.count + 1)), from: id.file) : system.owner(of: id)
    return owner.flatMap { system.method(last, of: $0) }
  }

  // MARK: Services

  private static let hosted: [String: [String]] = [
    "BackgroundService": ["ExecuteAsync"], "IHostedService": ["StartAsync"], "IHostedLifecycleService": ["StartAsync"],
  ]

  private func services(of type: TypeID, in system: SystemIndex) -> [FrameworkEntryPoint] {
    guard let base = system.base(of: type, named: Set(Self.hosted.keys)), let methods = Self.hosted[base.simple] else {
      return []
    }
    return system.methods(of: type).compactMap { id in
      let function = system.symbols.function(id)
      guard methods.contains(NameWords.lastPart(function.name)), !function.isAbstract else { return nil }
      return FrameworkEntryPoint(function: id, kind: .job, trigger: "", line: function.lines.lowerBound)
    }
  }
}
