import Basics
import Facts

/// Recognises routes, workers and schedules registered by calls, as with Express, Koa, Fastify, Bull and Agenda, and
/// those that follow from the path of a file, as in Next.js.
struct ExpressRecognizer: FrameworkRecognizer {
  let name = "Express"
  let languages: Set<SourceLanguage> = [.javascript, .typescript]

  private static let verbs: Set<String> = ["get", "post", "put", "patch", "delete", "del", "all", "head", "options"]
  private static let servers: Set<String> = ["app", "router", "server", "api", "fastify", "routes", "route", "express"]
  private static let exported: Set<String> = ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"]

  func entryPoints(in system: SystemIndex) -> [FrameworkEntryPoint] {
    system.files.enumerated().flatMap { file, facts -> [FrameworkEntryPoint] in
      guard facts.language == .javascript || facts.language == .typescript else { return [] }
      let called = facts.calls.flatMap { place, line, call in
        entries(call, in: FunctionID(file: file, index: place), line: line, system: system)
      }
      return called + filed(facts, file: file)
    }
  }

  // MARK: Registered by calls

  private func entries(
    _ call: CallFact, in function: FunctionID, line: Int, system: SystemIndex
  ) -> [FrameworkEntryPoint] {
    guard let (kind, trigger) = Self.registration(call) else { return [] }
    let handlers = call.arguments.dropFirst().flatMap { argument -> [Value] in
      if case .list(let items) = argument { items.positional } else { [argument] }
    }
    guard let last = handlers.last ?? call.arguments.last else { return [] }
    return targets(of: last, from: function, system: system).map {
      FrameworkEntryPoint(function: $0, kind: kind, trigger: trigger, line: line)
    }
  }

  /// What a call registers its last argument for; nil for other calls.
  static func registration(_ call: CallFact) -> (EntryPoint.Kind, String)? {
    let first = call.arguments.first?.plainText
    let server = call.receiver.flatMap(Self.server)
    if verbs.contains(call.callee), let server {
      let verb = call.callee == "del" ? "DELETE" : call.callee.uppercased()
      if let path = routePath(call.receiver) { return (.route, verb + " " + path) }
      guard let first, first.hasPrefix("/") || first == "*", call.arguments.count > 1, servers.contains(server)
      else { return nil }
      return (.route, verb + " " + first)
    }
    switch call.callee {
    case "process" where server?.lowercased().hasSuffix("queue") == true: return (.message, first ?? server ?? "")
    case "Worker" where call.receiver == nil && call.arguments.count > 1: return first.map { (.message, $0) }
    case "define" where server == "agenda": return first.map { (.job, $0) }
    case "schedule" where server == "cron": return first.map { (.job, $0) }
    default: return nil
    }
  }

  /// The path of `route("/x")` in a chain of verbs.
  private static func routePath(_ receiver: Value?) -> String? {
    guard case .call(let callee, let inner, let arguments)? = receiver else { return nil }
    if callee == "route" { return arguments.first?.plainText }
    return verbs.contains(callee) ? routePath(inner) : nil
  }

  /// The last word of what a route is registered on.
  private static func server(_ receiver: Value) -> String? {
    switch receiver {
    case .name(let name):
      let words = NameWords.split(NameWords.lastPart(name))
      return words.last
    case .call("route", let inner?, _): return server(inner)
    case .call(let callee, let inner?, _) where verbs.contains(callee): return server(inner)
    case .text, .literal, .type, .field, .call, .join, .list, .member, .either, .element, .operation, .closure, .opaque:
      return nil
    }
  }

  /// The function a handler names; the function itself when it is written on the spot.
  private func targets(of handler: Value, from function: FunctionID, system: SystemIndex) -> [FunctionID] {
    switch handler {
    case .closure: return [function]
    case .name(let name):
      let last = NameWords.lastPart(name)
      let isPlain = last == name
      let owner = system.symbols.function(function).owner
      let found = system.symbols.functions(
        called: name.hasPrefix("this.") ? last : isPlain ? name : last, from: function.file, owner: owner,
        hasReceiver: !isPlain)
      return found.count == 1 ? found : []
    case .call(_, _, let arguments): return arguments.last.map { targets(of: $0, from: function, system: system) } ?? []
    case .text, .literal, .type, .field, .join, .list, .member, .either, .element, .operation, .opaque: return []
    }
  }

  // MARK: By the path of a file

  private func filed(_ facts: FileFacts, file: Int) -> [FrameworkEntryPoint] {
    let parts = facts.file.text.split(separator: "/").map(String.init)
    let stem = parts.last.map { String($0.prefix { $0 != "." }) } ?? ""
    if let start = parts.firstIndex(of: "pages"), start + 1 < parts.count - 1, parts[start + 1] == "api" {
      let path = (parts[(start + 1)..<(parts.count - 1)] + (stem == "index" ? [] : [stem])).joined(separator: "/")
      return facts.functions.indices.filter { ["default", "handler"].contains(facts.functions[$0].name) }.map {
        FrameworkEntryPoint(
          function: FunctionID(file: file, index: $0), kind: .route, trigger: "/" + path,
          line: facts.functions[$0].lines.lowerBound)
      }
    }
    guard stem == "route", let start = parts.firstIndex(of: "app") else { return [] }
    let path = parts[(start + 1)..<(parts.count - 1)].filter { !$0.hasPrefix("(") }.joined(separator: "/")
    return facts.functions.indices.filter { Self.exported.contains(facts.functions[$0].name) }.map {
      FrameworkEntryPoint(
        function: FunctionID(file: file, index: $0), kind: .route, trigger: facts.functions[$0].name + " /" + path,
        line: facts.functions[$0].lines.lowerBound)
    }
  }
}
