import Facts

/// Messages and jobs of .NET: MediatR, MassTransit, NServiceBus, Rebus, Wolverine, Quartz and Hangfire.
struct DotNetMessagingRecognizer: FrameworkRecognizer {
  let name = ".NET messaging"
  let languages: Set<SourceLanguage> = [.csharp]

  /// Interfaces of handlers, the method that is called, and what kind of entry it is; nil for calls inside a process.
  static let handlers: [String: (method: String, kind: EntryPoint.Kind?)] = [
    "IRequestHandler": ("Handle", nil), "INotificationHandler": ("Handle", nil),
    "IStreamRequestHandler": ("Handle", nil),
    "AsyncRequestHandler": ("Handle", nil), "ICommandHandler": ("Handle", nil), "IQueryHandler": ("Handle", nil),
    "IConsumer": ("Consume", .message), "IHandleMessages": ("Handle", .message),
    "IAmStartedByMessages": ("Handle", .message), "IIntegrationEventHandler": ("Handle", .message),
    "ICapSubscribe": ("", .message), "IJob": ("Execute", .job), "IInvocable": ("Invoke", .job),
  ]

  func entryPoints(in system: SystemIndex) -> [FrameworkEntryPoint] {
    var found: [FrameworkEntryPoint] = []
    for type in system.types where system.files[type.file].language == .csharp {
      let fact = system.type(type)
      guard fact.kind == .class || fact.kind == .record else { continue }
      for base in fact.bases {
        let name = TypeName(base)
        guard let handler = Self.handlers[name.simple], let kind = handler.kind else { continue }
        for id in system.methods(of: type) {
          let function = system.symbols.function(id)
          guard NameWords.lastPart(function.name) == handler.method, !function.isAbstract else { continue }
          let message = name.arguments.first ?? ""
          // A class that handles several messages has a method for each.
          if !message.isEmpty, let first = function.parameterTypes.first, !first.contains(message) { continue }
          found.append(
            FrameworkEntryPoint(function: id, kind: kind, trigger: message, line: function.lines.lowerBound))
        }
      }
    }
    return found + subscriptions(in: system) + jobs(in: system)
  }

  private func subscriptions(in system: SystemIndex) -> [FrameworkEntryPoint] {
    var found: [FrameworkEntryPoint] = []
    for (file, facts) in system.files.enumerated() where facts.language == .csharp {
      for (place, function) in facts.functions.enumerated() {
        guard
          let mark = function.annotations.first(
            named: "CapSubscribe", "ServiceBusTrigger", "QueueTrigger", "RabbitMQTrigger", "KafkaTrigger",
            "TimerTrigger", "FunctionName", "Function")
        else { continue }
        let isTimer = NameWords.lastPart(mark.name) == "TimerTrigger"
        found.append(
          FrameworkEntryPoint(
            function: FunctionID(file: file, index: place), kind: isTimer ? .job : .message,
            trigger: mark.text("value") ?? "", line: function.lines.lowerBound))
      }
    }
    return found
  }

  /// `RecurringJob.AddOrUpdate<Cleaner>("id", x => x.Run(), Cron.Daily)`.
  private func jobs(in system: SystemIndex) -> [FrameworkEntryPoint] {
    var found: [FrameworkEntryPoint] = []
    for (file, facts) in system.files.enumerated() where facts.language == .csharp {
      for function in facts.functions {
        for placed in function.events {
          guard case .call(let call) = placed.event, ["AddOrUpdate", "Enqueue", "Schedule"].contains(call.callee),
            case .name(let receiver)? = call.receiver,
            ["RecurringJob", "BackgroundJob", "recurringJobManager", "backgroundJobClient"].contains(where: {
              NameWords.lastPart(receiver).lowercased().hasSuffix($0.lowercased())
            })
          else { continue }
          var type: String?
          var method: String?
          for argument in call.arguments {
            switch argument {
            case .type(let name): type = name
            case .closure(_, .call(let callee, _, _)): method = callee
            case .text, .literal, .name, .field, .call, .join, .list, .member, .either, .element, .operation, .closure,
              .opaque:
              continue
            }
          }
          guard let type, let method, let owner = system.resolve(type, from: file),
            let target = system.method(method, of: owner)
          else { continue }
          found.append(FrameworkEntryPoint(function: target, kind: .job, trigger: "", line: placed.line))
        }
      }
    }
    return found
  }

  // MARK: From the sender to the handler

  private static let sending: Set<String> = [
    "Send", "Publish", "SendAsync", "PublishAsync", "Dispatch", "DispatchAsync", "ExecuteCommandAsync",
    "ExecuteQueryAsync", "InvokeAsync", "SendLocal",
  ]

  /// Whoever sends a message calls what handles it.
  func calls(in system: SystemIndex) -> [FrameworkCall] {
    let handlers = handlersByMessage(in: system)
    guard !handlers.isEmpty else { return [] }
    var found: [FrameworkCall] = []
    for (file, facts) in system.files.enumerated() where facts.language == .csharp {
      for (place, function) in facts.functions.enumerated() {
        var types: [String: String] = Dictionary(
          zip(function.parameters, function.parameterTypes), uniquingKeysWith: { first, _ in first })
        for placed in function.events {
          switch placed.event {
          case .declare(let name, _, .call(let made, nil, _)): types[name] = made
          case .declare(let name, let type, _) where !type.isEmpty: types[name] = type
          case .call(let call):
            guard Self.sending.contains(call.callee), call.receiver != nil, let first = call.arguments.first,
              let message = message(first, types), let sent = system.resolve(message, from: file)
            else { continue }
            let from = FunctionID(file: file, index: place)
            found += (handlers[sent] ?? []).map { FrameworkCall(from: from, to: $0, file: file, line: placed.line) }
          case .declare, .assign, .append, .result, .mention, .enterBranch, .nextBranch, .enterLoop, .enterScope,
            .leave:
            continue
          }
        }
      }
    }
    return found
  }

  private func message(_ value: Value, _ types: [String: String]) -> String? {
    switch value {
    case .call(let made, nil, _): made
    case .name(let name): types[name]
    case .text, .literal, .type, .field, .call, .join, .list, .member, .either, .element, .operation, .closure, .opaque:
      nil
    }
  }

  private func handlersByMessage(in system: SystemIndex) -> [TypeID: [FunctionID]] {
    var found: [TypeID: [FunctionID]] = [:]
    for type in system.types where system.files[type.file].language == .csharp {
      for base in system.type(type).bases {
        let name = TypeName(base)
        guard let handler = Self.handlers[name.simple], !handler.method.isEmpty, let message = name.arguments.first,
          let sent = system.resolve(message, from: type.file)
        else { continue }
        for id in system.methods(of: type) {
          let function = system.symbols.function(id)
          guard NameWords.lastPart(function.name) == handler.method, !function.isAbstract,
            function.parameterTypes.first.flatMap({ system.resolve($0, from: type.file) }) == sent
          else { continue }
          found[sent, default: []].append(id)
        }
      }
    }
    return found
  }
}
