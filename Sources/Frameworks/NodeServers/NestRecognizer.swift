import Basics
import Facts

/// Recognises where requests, messages and jobs come in by decorators, as NestJS and its relatives mark them.
struct NestRecognizer: FrameworkRecognizer {
  let name = "NestJS"
  let languages: Set<SourceLanguage> = [.javascript, .typescript]

  private static let packages = [
    "@nestjs/common", "@nestjs/microservices", "@nestjs/schedule", "@nestjs/bull", "@nestjs/bullmq", "@nestjs/graphql",
    "@nestjs/websockets", "@nestjs/event-emitter", "routing-controllers", "@golevelup/nestjs-rabbitmq", "tsoa",
    "type-graphql", "nest-commander", "@nestjs/cqrs",
  ]
  private static let verbs: Set<String> = ["Get", "Post", "Put", "Patch", "Delete", "All", "Head", "Options"]
  private static let messages: Set<String> = [
    "MessagePattern", "EventPattern", "SubscribeMessage", "OnEvent", "RabbitSubscribe", "RabbitRPC", "GrpcMethod",
    "GrpcStreamMethod", "Process", "OnQueueEvent",
  ]
  private static let jobs: Set<String> = ["Cron", "Interval", "Timeout"]
  private static let operations: Set<String> = ["Query", "Mutation", "Subscription", "ResolveField", "FieldResolver"]

  func isUsed(in system: SystemIndex) -> Bool { system.uses(packages: Self.packages) }

  func entryPoints(in system: SystemIndex) -> [FrameworkEntryPoint] {
    system.files.enumerated().flatMap { file, facts -> [FrameworkEntryPoint] in
      guard facts.imports(fromAny: Self.packages) else { return [] }
      return facts.functions.enumerated().flatMap { index, function in
        let owner = facts.types.first { $0.name == function.owner }
        return function.annotations.compactMap { annotation in
          entry(annotation, of: owner, function: FunctionID(file: file, index: index))
        }
      }
    }
  }

  private func entry(_ annotation: AnnotationFact, of owner: TypeFact?, function: FunctionID) -> FrameworkEntryPoint? {
    let name = NameWords.lastPart(annotation.name)
    let said = annotation.arguments.first.map(Self.trigger) ?? ""
    func made(_ kind: EntryPoint.Kind, _ trigger: String) -> FrameworkEntryPoint {
      FrameworkEntryPoint(function: function, kind: kind, trigger: trigger, line: annotation.line)
    }
    if Self.verbs.contains(name) {
      guard let controller = owner?.annotations.first(named: "Controller", "JsonController", "Route") else {
        return nil
      }
      let base = controller.arguments.first?.plainText ?? controller.arguments.options?.text("path") ?? ""
      let path = [base, said].flatMap { $0.split(separator: "/") }.joined(separator: "/")
      return made(.route, name.uppercased() + " /" + path)
    }
    if Self.messages.contains(name) { return made(.message, said) }
    if Self.jobs.contains(name) { return made(.job, said) }
    if Self.operations.contains(name), owner?.annotations.first(named: "Resolver") != nil {
      return made(.route, name.uppercased() + " " + said)
    }
    return nil
  }

  private static func trigger(_ value: Value) -> String {
    value.plainText ?? value.text("cmd") ?? value.text("name") ?? value.text("routingKey") ?? value.digits ?? ""
  }
}
