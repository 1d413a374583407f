import Basics
import Facts

/// Spring and Jakarta EE: where requests, messages and jobs come in, and what runs in a transaction.
struct SpringRecognizer: FrameworkRecognizer {
  let name = "Spring"
  let languages: Set<SourceLanguage> = [.java, .kotlin]

  private static let verbs = [
    "GetMapping": "GET", "PostMapping": "POST", "PutMapping": "PUT", "DeleteMapping": "DELETE", "PatchMapping": "PATCH",
    "RequestMapping": "",
  ]
  private static let restVerbs: Set<String> = ["GET", "POST", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS"]
  private static let listeners = [
    "KafkaListener": "topics", "RabbitListener": "queues", "JmsListener": "destination", "EventListener": "",
    "TransactionalEventListener": "", "StreamListener": "value", "SqsListener": "value",
    "RocketMQMessageListener": "topic",
    "ServiceActivator": "inputChannel", "Incoming": "value", "Observes": "", "DomainEventHandler": "",
  ]
  private static let jobs = ["Scheduled", "Schedules", "XxlJob", "Schedule", "ScheduledTask"]
  /// Classes whose methods are called by what starts them, with the kind of entry.
  private static let startedTypes: [(base: String, method: String, kind: EntryPoint.Kind)] = [
    ("CommandLineRunner", "run", .command), ("ApplicationRunner", "run", .command), ("Job", "execute", .job),
    ("QuartzJobBean", "executeInternal", .job), ("Tasklet", "execute", .job),
    ("MessageListener", "onMessage", .message),
    ("TimerTask", "run", .job),
  ]
  private static let servletMethods: [String: String] = [
    "doGet": "GET", "doPost": "POST", "doPut": "PUT", "doDelete": "DELETE", "service": "",
  ]

  func transactions(in system: SystemIndex) -> [FunctionID] { SpringTransactions.functions(in: system).sorted() }

  func entryPoints(in system: SystemIndex) -> [FrameworkEntryPoint] {
    var found: [FrameworkEntryPoint] = []
    for (file, facts) in system.files.enumerated() where languages.contains(facts.language) {
      for (index, function) in facts.functions.enumerated() {
        let id = FunctionID(file: file, index: index)
        if function.name == "main" || function.isStatic && NameWords.lastPart(function.name) == "main" {
          found.append(FrameworkEntryPoint(function: id, kind: .main, trigger: "", line: function.lines.lowerBound))
        }
        guard !function.isAbstract else { continue }
        found += annotated(function, id, system)
        found += inherited(function, id, system)
      }
    }
    return found
  }

  private func annotated(_ function: FunctionFact, _ id: FunctionID, _ system: SystemIndex) -> [FrameworkEntryPoint] {
    var found: [FrameworkEntryPoint] = []
    func add(_ kind: EntryPoint.Kind, _ trigger: String, _ line: Int) {
      found.append(FrameworkEntryPoint(function: id, kind: kind, trigger: trigger, line: line))
    }
    for annotation in routed(function, id, system) {
      let name = NameWords.lastPart(annotation.name)
      if let verb = Self.verbs[name] {
        let method = verb.isEmpty ? Self.requestMethod(annotation) : verb
        let paths = Self.paths(annotation, id.file, system)
        for path in paths.isEmpty ? [""] : paths {
          add(.route, Self.route(method, prefix(of: id, system, "RequestMapping"), path), annotation.line)
        }
      } else if Self.restVerbs.contains(name) {
        let path = routed(function, id, system).first(named: "Path")?.text("value") ?? ""
        add(.route, Self.route(name, prefix(of: id, system, "Path"), path), annotation.line)
      } else if let key = Self.listeners[name] {
        let value = key.isEmpty ? nil : annotation.argument(key) ?? annotation.argument("value")
        let text = value.flatMap { AnnotationText.text($0, from: id.file, in: system) }
        add(.message, text ?? function.parameterTypes.first ?? "", annotation.line)
      } else if Self.jobs.contains(name) {
        add(.job, Self.schedule(annotation), annotation.line)
      }
    }
    return found
  }

  /// The annotations of a method, or of the one of an interface that it implements and that says where it is called.
  private func routed(_ function: FunctionFact, _ id: FunctionID, _ system: SystemIndex) -> [AnnotationFact] {
    func isRoute(_ annotation: AnnotationFact) -> Bool {
      let name = NameWords.lastPart(annotation.name)
      return Self.verbs[name] != nil || Self.restVerbs.contains(name)
    }
    guard !function.owner.isEmpty, !function.annotations.contains(where: isRoute), let owner = system.owner(of: id)
    else { return function.annotations }
    let name = NameWords.lastPart(function.name)
    // What implements the interface of a client answers no requests.
    for base in system.ancestors(of: owner)
    where system.type(base).kind == .interface && system.type(base).annotations.first(named: "FeignClient") == nil {
      for method in system.methods(of: base) {
        let declared = system.symbols.function(method)
        if NameWords.lastPart(declared.name) == name, declared.parameters.count == function.parameters.count,
          declared.annotations.contains(where: isRoute)
        {
          return function.annotations + declared.annotations
        }
      }
    }
    return function.annotations
  }

  private func inherited(_ function: FunctionFact, _ id: FunctionID, _ system: SystemIndex) -> [FrameworkEntryPoint] {
    let name = NameWords.lastPart(function.name)
    let candidates = Self.startedTypes.filter { $0.method == name }
    let verb = Self.servletMethods[name]
    guard verb != nil || !candidates.isEmpty, let owner = system.owner(of: id) else { return [] }
    let line = function.lines.lowerBound
    if let verb, system.base(of: owner, named: ["HttpServlet"]) != nil {
      let path = system.type(owner).annotations.first(named: "WebServlet").flatMap {
        $0.text("value") ?? $0.text("urlPatterns")
      }
      return [
        FrameworkEntryPoint(function: id, kind: .route, trigger: Self.route(verb, "", path ?? ""), line: line)
      ]
    }
    return candidates.compactMap { candidate in
      guard system.base(of: owner, named: [candidate.base]) != nil else { return nil }
      return FrameworkEntryPoint(function: id, kind: candidate.kind, trigger: "", line: line)
    }
  }

  private func prefix(of id: FunctionID, _ system: SystemIndex, _ annotation: String) -> String {
    guard let owner = system.owner(of: id) else { return "" }
    for type in [owner] + system.ancestors(of: owner) {
      if let found = system.type(type).annotations.first(named: annotation) {
        return Self.paths(found, type.file, system).first ?? ""
      }
    }
    return ""
  }

  private static func paths(_ annotation: AnnotationFact, _ file: Int, _ system: SystemIndex) -> [String] {
    guard let value = annotation.argument("value") ?? annotation.argument("path") else { return [] }
    return JPAMapper.items(value).compactMap { AnnotationText.text($0, from: file, in: system) }
  }

  private static func requestMethod(_ annotation: AnnotationFact) -> String {
    guard let method = annotation.argument("method"), case .name(let name)? = JPAMapper.items(method).first else {
      return ""
    }
    return NameWords.lastPart(name)
  }

  private static func route(_ verb: String, _ prefix: String, _ path: String) -> String {
    let parts = (prefix + "/" + path).split(separator: "/", omittingEmptySubsequences: true)
    let address = "/" + parts.joined(separator: "/")
    return verb.isEmpty ? address : verb + " " + address
  }

  private static func schedule(_ annotation: AnnotationFact) -> String {
    for name in ["cron", "fixedRate", "fixedDelay", "fixedRateString", "fixedDelayString", "value"] {
      switch annotation.argument(name) {
      case .text(let text)?: return name == "cron" || name == "value" ? text : "\(name) \(text)"
      case .literal(let text)?: return "\(name) \(text)"
      case .name?, .type?, .field?, .call?, .join?, .list?, .member?, .either?, .element?, .operation?, .closure?,
        .opaque?, nil:
        continue
      }
    }
    return ""
  }
}
