import Basics
import Facts

/// Entry points that decorators and calls mark.
enum PythonDecorators {
  private static let verbs: Set<String> = ["get", "post", "put", "delete", "patch", "head", "options"]
  private static let jobs: Set<String> = [
    "task", "shared_task", "periodic_task", "db_task", "db_periodic_task", "actor", "job", "scheduled_job", "crontab",
  ]

  static func entryPoints(in system: SystemIndex) -> [FrameworkEntryPoint] {
    var found: [FrameworkEntryPoint] = []
    for (file, facts) in system.files.enumerated() where facts.language == .python {
      let names = Dictionary(
        facts.functions.enumerated().map { ($1.name, $0) }, uniquingKeysWith: { first, _ in first })
      for (place, function) in facts.functions.enumerated() {
        let id = FunctionID(file: file, index: place)
        for mark in function.annotations {
          guard let (kind, trigger) = entry(mark, function) else { continue }
          found.append(FrameworkEntryPoint(function: id, kind: kind, trigger: trigger, line: mark.line))
        }
        // `post_save.connect(on_save, sender=Order)`
        for placed in function.events {
          guard case .call(let call) = placed.event, call.callee == "connect", case .name(let signal)? = call.receiver,
            case .name(let handler)? = call.arguments.first, let target = names[handler]
          else { continue }
          found.append(
            FrameworkEntryPoint(
              function: FunctionID(file: file, index: target), kind: .message,
              trigger: trigger(of: signal, call.arguments), line: placed.line))
        }
      }
    }
    return found
  }

  private static func entry(_ mark: AnnotationFact, _ function: FunctionFact) -> (EntryPoint.Kind, String)? {
    let last = NameWords.lastPart(mark.name)
    let isMember = mark.name.utf8.contains(UInt8(ascii: "."))
    let path = mark.text("value") ?? mark.text("rule") ?? mark.text("path")
    switch last {
    case "route" where isMember, "api_route" where isMember:
      guard let path else { return nil }
      var methods: [String] = []
      if case .list(let items)? = mark.argument("methods") { methods = items.compactMap(\.literalText) }
      return (.route, "\(methods.isEmpty ? "GET" : methods.joined(separator: ",")) \(path)")
    case "websocket" where isMember: return path.map { (.route, "WS \($0)") }
    case "api_view": return (.route, NameWords.lastPart(function.name))
    case "action", "list_route", "detail_route":
      return function.owner.isEmpty ? nil : (.route, function.name)
    case "receiver":
      guard case .name(let signal)? = mark.arguments.first else { return (.message, function.name) }
      return (.message, trigger(of: signal, mark.arguments))
    case "command" where isMember, "cli_command": return (.command, path ?? NameWords.lastPart(function.name))
    default: break
    }
    if verbs.contains(last), isMember, let path, path.isEmpty || path.hasPrefix("/") {
      return (.route, "\(last.uppercased()) \(path)")
    }
    if jobs.contains(last) { return (.job, mark.text("name") ?? NameWords.lastPart(function.name)) }
    return nil
  }

  private static func trigger(of signal: String, _ arguments: [Value]) -> String {
    guard case .name(let sender)? = arguments.entry("sender") else { return NameWords.lastPart(signal) }
    return "\(NameWords.lastPart(signal)) \(NameWords.lastPart(sender))"
  }
}
