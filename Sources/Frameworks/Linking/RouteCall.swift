import Facts

/// A call that registers a closure for requests, messages or times, in the words of each language's frameworks.
struct RouteCall: Hashable {
  var kind: EntryPoint.Kind
  /// What calls the closure: `GET /orders`.
  var trigger: String
  /// What the closure is called.
  var name: String

  private static let verbs: Set<String> = ["get", "post", "put", "patch", "delete", "head", "options", "any", "all"]
  /// Words for what routes are registered on in PHP, Java and Kotlin.
  private static let servers: Set<String> = ["app", "router", "routes", "server", "javalin", "group", "route", "spark"]

  /// Nil where the call registers no route; `prefix` is what the groups around put before its path.
  init?(_ call: CallFact, _ language: SourceLanguage, prefix: String) {
    switch language {
    case .javascript, .typescript:
      guard let (kind, trigger) = ExpressRecognizer.registration(call) else { return nil }
      self.init(kind: kind, trigger: trigger, callee: call.callee)
    case .csharp:
      guard let verb = AspNetRecognizer.mapped[call.callee], call.receiver != nil else { return nil }
      self.init(verb.isEmpty ? "ANY" : verb, call.arguments.first?.plainText, prefix)
    case .go:
      guard call.receiver != nil, let verb = GoWebRecognizer.verb(call.callee), call.arguments.count > 1,
        case .text(let path)? = call.arguments.first, path.isEmpty || path.hasPrefix("/") || path.contains(" /")
      else { return nil }
      if let blank = path.firstIndex(of: " ") {
        self.init(String(path[..<blank]), String(path[path.index(after: blank)...]), prefix)
      } else {
        self.init(verb, path, prefix)
      }
    case .ruby:
      guard call.receiver == nil, Self.verbs.contains(call.callee), case .text(let path)? = call.arguments.first,
        path.hasPrefix("/")
      else { return nil }
      self.init(call.callee.uppercased(), path, prefix)
    case .php:
      guard Self.verbs.contains(call.callee), call.arguments.count > 1, case .text(let path)? = call.arguments.first,
        LaravelRoutes.isRoute(call.receiver) || Self.isServer(call.receiver)
      else { return nil }
      self.init(call.callee.uppercased(), path, prefix)
    case .java, .kotlin: self.init(jvm: call, language, prefix: prefix)
    case .c, .document, .python: return nil
    }
  }

  /// Javalin, Spark, Vert.x, Ktor and the functional routes of Spring.
  private init?(jvm call: CallFact, _ language: SourceLanguage, prefix: String) {
    if call.callee == "handler", case .call(let verb, let router?, let path)? = call.receiver,
      Self.verbs.contains(verb), Self.isServer(router)
    {
      self.init(verb.uppercased(), path.first?.plainText, prefix)
      return
    }
    let isUpper = Self.verbs.contains(call.callee.lowercased()) && call.callee == call.callee.uppercased()
    guard isUpper || Self.verbs.contains(call.callee) && (call.receiver == nil || Self.isServer(call.receiver)) else {
      return nil
    }
    switch call.arguments.first {
    case .text(let path)? where path.hasPrefix("/") || path.isEmpty || language == .kotlin && !prefix.isEmpty:
      self.init(call.callee.uppercased(), path, prefix)
    case .closure? where language == .kotlin && call.receiver == nil && !prefix.isEmpty:
      // `route("/orders") { get { … } }`
      self.init(call.callee.uppercased(), "", prefix)
    case .text?, .literal?, .name?, .type?, .field?, .call?, .join?, .list?, .member?, .either?, .element?, .operation?,
      .closure?, .opaque?, nil:
      return nil
    }
  }

  private init?(_ verb: String, _ path: String?, _ prefix: String) {
    guard let path else { return nil }
    self.init(kind: .route, trigger: verb + " " + RoutePrefix.joined(prefix, path), callee: "")
  }

  private init(kind: EntryPoint.Kind, trigger: String, callee: String) {
    self.kind = kind
    self.trigger = trigger
    name = kind == .route ? trigger : trigger.isEmpty ? callee : callee + " " + trigger
  }

  private static func isServer(_ value: Value?) -> Bool {
    switch value {
    case .name(let name)?:
      name == "this" || NameWords.split(NameWords.lastPart(name)).last.map(servers.contains) ?? false
    case .call(_, let inner?, _)?: isServer(inner)
    case .text?, .literal?, .type?, .field?, .call?, .join?, .list?, .member?, .either?, .element?, .operation?,
      .closure?, .opaque?, nil:
      false
    }
  }

  /// What a chain of calls begins with: `app` of `app.MapGroup("/a").RequireAuthorization()`.
  static func root(_ value: Value?) -> Value? {
    var value = value
    while case .call(_, let inner?, _)? = value { value = inner }
    return value
  }

  static func isClosure(_ value: Value) -> Bool {
    switch value {
    case .closure: true
    case .list(let items): items.contains { if case .closure = $0 { true } else { false } }
    case .text, .literal, .name, .type, .field, .call, .join, .member, .either, .element, .operation, .opaque: false
    }
  }

  /// The wrapper a closure is handed to: `asyncHandler` of `asyncHandler(async (req, res) => …)`.
  static func calleeOfClosure(_ value: Value) -> String? {
    guard case .call(let callee, _, let arguments) = value else { return nil }
    return arguments.contains(where: isClosure) ? callee : arguments.lazy.compactMap(calleeOfClosure).last
  }

  /// What a call that begins a group of routes says: `MapGroup("/api")`, `Route("/api", …)`, `prefix('api')->group(…)`.
  static func group(_ value: Value, _ language: SourceLanguage) -> RoutePrefix? {
    guard case .call(let callee, let receiver, let arguments) = value else { return nil }
    let first = arguments.first?.plainText
    switch language {
    case .csharp:
      guard callee != "MapGroup" else { return first.map { RoutePrefix(path: $0, receiver: root(receiver)) } }
      guard case .call? = receiver, let receiver else { return nil }
      return group(receiver, language)
    case .go:
      return callee == "Group" || callee == "Route" ? first.map { RoutePrefix(path: $0, receiver: receiver) } : nil
    case .kotlin, .java:
      return callee == "route" || callee == "path" ? first.map { RoutePrefix(path: $0, receiver: receiver) } : nil
    case .ruby: return callee == "namespace" ? first.map { RoutePrefix(path: $0, receiver: receiver) } : nil
    case .php:
      guard callee == "group" else { return nil }
      var path = first ?? arguments.first?.entry("prefix")?.plainText ?? ""
      var chain = receiver
      while case .call(let step, let inner, let given)? = chain {
        if step == "prefix", let text = given.first?.plainText { path = RoutePrefix.joined(text, path) }
        chain = inner
      }
      return RoutePrefix(path: path, receiver: chain)
    case .c, .document, .javascript, .python, .typescript: return nil
    }
  }
}

/// What is put before the paths of the routes of a group.
struct RoutePrefix: Hashable {
  var path: String
  /// What the group is made on, which may be a group itself.
  var receiver: Value?

  func joined(to outer: String) -> String { Self.joined(outer, path) }

  /// One path of two: `/api` and `orders` give `/api/orders`.
  static func joined(_ prefix: String, _ path: String) -> String {
    var whole = prefix.hasSuffix("/") ? String(prefix.dropLast()) : prefix
    if !path.isEmpty, path != "/" || whole.isEmpty { whole += path.hasPrefix("/") ? path : "/" + path }
    return whole.isEmpty || whole.hasPrefix("/") || whole == "*" ? whole : "/" + whole
  }
}
