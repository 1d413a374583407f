import Facts

/// Symfony: routes in attributes and comments, message handlers and commands.
struct SymfonyRecognizer: FrameworkRecognizer {
  let name = "Symfony"
  let languages: Set<SourceLanguage> = [.php]

  func entryPoints(in system: SystemIndex) -> [FrameworkEntryPoint] {
    system.types.flatMap { type -> [FrameworkEntryPoint] in
      guard system.files[type.file].language == .php else { return [] }
      let fact = system.type(type)
      let prefix = fact.annotations.first(named: "Route").flatMap(Self.path) ?? ""
      return system.methods(of: type).flatMap { id -> [FrameworkEntryPoint] in
        let function = system.symbols.function(id)
        let last = NameWords.lastPart(function.name)
        var found = function.annotations.filter { NameWords.lastPart($0.name) == "Route" }.map { route in
          FrameworkEntryPoint(
            function: id, kind: .route, trigger: Self.verb(route) + " " + prefix + (Self.path(route) ?? ""),
            line: route.line)
        }
        let isHandler =
          fact.annotations.first(named: "AsMessageHandler") != nil
          || system.base(of: type, named: ["MessageHandlerInterface"]) != nil
        if (isHandler && last == "__invoke") || function.annotations.first(named: "AsMessageHandler") != nil {
          found.append(
            FrameworkEntryPoint(
              function: id, kind: .message, trigger: function.parameterTypes.first.map(NameWords.lastPart) ?? "",
              line: function.lines.lowerBound))
        }
        if last == "execute", system.base(of: type, named: ["Command", "ContainerAwareCommand"]) != nil {
          let command = fact.annotations.first(named: "AsCommand")
          let name =
            command?.text("name") ?? command?.text("value")
            ?? fact.fields.first { $0.name == "defaultName" }?.value.literalText
          found.append(
            FrameworkEntryPoint(function: id, kind: .command, trigger: name ?? "", line: function.lines.lowerBound))
        }
        return found
      }
    }
  }

  private static func path(_ route: AnnotationFact) -> String? { route.text("path") ?? route.text("value") }

  private static func verb(_ route: AnnotationFact) -> String {
    guard let methods = route.argument("methods") else { return "ANY" }
    if case .list(let items) = methods { return items.compactMap(\.literalText).joined(separator: ",") }
    return methods.literalText ?? "ANY"
  }
}
