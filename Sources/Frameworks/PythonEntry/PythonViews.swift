import Basics
import Facts

/// Entry points that are methods of classes with known bases: views, commands, mutations.
enum PythonViews {
  private static let views: Set<String> = [
    "View", "TemplateView", "ListView", "DetailView", "CreateView", "UpdateView", "DeleteView", "FormView",
    "RedirectView", "ArchiveIndexView", "APIView", "GenericAPIView", "ViewSet", "GenericViewSet", "ModelViewSet",
    "ReadOnlyModelViewSet", "ListAPIView", "CreateAPIView", "RetrieveAPIView", "UpdateAPIView", "DestroyAPIView",
    "ListCreateAPIView", "RetrieveUpdateAPIView", "RetrieveDestroyAPIView", "RetrieveUpdateDestroyAPIView",
    "MethodView", "Resource", "HTTPEndpoint",
  ]
  private static let handlers: Set<String> = [
    "get", "post", "put", "patch", "delete", "head", "list", "create", "retrieve", "update", "partial_update",
    "destroy",
    "form_valid", "form_invalid", "perform_create", "perform_update", "perform_destroy", "get_queryset",
    "get_context_data", "dispatch",
  ]
  private static let mutations: Set<String> = ["Mutation", "ClientIDMutation", "SerializerMutation"]
  private static let objects: Set<String> = ["ObjectType", "DjangoObjectType"]

  static func entryPoints(in system: SystemIndex) -> [FrameworkEntryPoint] {
    var found: [FrameworkEntryPoint] = []
    for type in system.types where system.files[type.file].language == .python {
      let facts = system.files[type.file]
      let fact = system.type(type)
      let isCommand = facts.file.folder.hasSuffix("management/commands") && fact.name == "Command"
      let isView = system.base(of: type, named: views) != nil
      let isMutation = !isView && system.base(of: type, named: mutations) != nil
      let isObject = !isView && !isMutation && system.base(of: type, named: objects) != nil
      guard isCommand || isView || isMutation || isObject else { continue }
      for id in system.methods(of: type) {
        let function = system.symbols.function(id)
        let method = NameWords.lastPart(function.name)
        let entry: (EntryPoint.Kind, String)?
        if isCommand, method == "handle" {
          entry = (.command, String(facts.file.fileName.prefix { $0 != "." }))
        } else if isView, handlers.contains(method) {
          entry = (.route, function.name)
        } else if isMutation, method == "mutate" || method == "perform_mutation" || method == "mutate_and_get_payload" {
          entry = (.route, "mutation \(fact.name)")
        } else if isObject, method.hasPrefix("resolve_") {
          entry = (.route, "query \(fact.name).\(method.dropFirst("resolve_".count))")
        } else {
          entry = nil
        }
        guard let (kind, trigger) = entry else { continue }
        found.append(
          FrameworkEntryPoint(function: id, kind: kind, trigger: trigger, line: function.lines.lowerBound))
      }
    }
    return found
  }
}
