import Facts

/// Gives classes of views the functions they inherit and that touch the rows their class names:
/// `queryset = Order.objects.all()` or `model = Order` of generic views and of viewsets.
///
/// The rule: what such a class fetches belongs to its `get_queryset`, which Django calls for every request; where it does not define one,
/// it gets one that returns what is said. What it deletes or saves belongs to its `destroy`, `delete` or `form_valid` in the same way. A
/// class that defines one of them without asking the inherited one is left as it is. Serializers decide what viewsets
/// create and change; nothing is said of that here.
enum DjangoViewFunctions {
  private static let fetching: Set<String> = [
    "ListView", "DetailView", "UpdateView", "DeleteView", "ArchiveIndexView", "YearArchiveView", "MonthArchiveView",
    "DayArchiveView", "TodayArchiveView", "DateDetailView", "ModelViewSet", "ReadOnlyModelViewSet", "ListAPIView",
    "RetrieveAPIView", "UpdateAPIView", "DestroyAPIView", "ListCreateAPIView", "RetrieveUpdateAPIView",
    "RetrieveDestroyAPIView", "RetrieveUpdateDestroyAPIView", "ListModelMixin", "RetrieveModelMixin",
  ]
  private static let deleting: Set<String> = [
    "ModelViewSet", "DestroyAPIView", "RetrieveDestroyAPIView", "RetrieveUpdateDestroyAPIView", "DestroyModelMixin",
  ]

  /// `files` with those functions. Linear in the types.
  static func added(to files: [FileFacts]) -> [FileFacts] {
    guard files.contains(where: { $0.language == .python }) else { return files }
    let bases = basesByName(of: files)
    var result = files
    for (file, facts) in files.enumerated() where facts.language == .python {
      for type in facts.types {
        let kinds = kinds(of: type, bases: bases)
        guard !kinds.isEmpty, let (rows, line) = rows(of: type) else { continue }
        add(rows, line, of: type, kinds: kinds, to: &result[file])
      }
    }
    return result
  }

  /// Simple names of the bases of each class, by its simple name; names that several classes have say nothing.
  private static func basesByName(of files: [FileFacts]) -> [String: [String]] {
    var bases: [String: [String]?] = [:]
    for facts in files where facts.language == .python {
      for type in facts.types where !type.bases.isEmpty {
        let name = NameWords.lastPart(type.name)
        bases[name] = bases[name] == nil ? .some(type.bases) : .some(nil)
      }
    }
    return bases.compactMapValues { $0 }
  }

  /// The generic classes a class is derived from.
  private static func kinds(of type: TypeFact, bases: [String: [String]]) -> Set<String> {
    var found: Set<String> = []
    var seen: Set<String> = []
    var waiting = type.bases
    while let next = waiting.popLast() {
      let name = TypeName(next).simple
      guard seen.insert(name).inserted else { continue }
      if fetching.contains(name) || deleting.contains(name) || name == "CreateView" {
        found.insert(name)
      } else {
        waiting += bases[name] ?? []
      }
    }
    return found
  }

  /// The rows a class is about, as a query.
  private static func rows(of type: TypeFact) -> (Value, Int)? {
    if let field = type.fields.first(where: { $0.name == "queryset" }) {
      guard case .call = field.value else { return nil }
      return (field.value, field.line)
    }
    guard let field = type.fields.first(where: { $0.name == "model" }), case .name(let model) = field.value else {
      return nil
    }
    return (.call(callee: "all", receiver: .name(model + "._default_manager"), arguments: []), field.line)
  }

  private static func add(
    _ rows: Value, _ line: Int, of type: TypeFact, kinds: Set<String>, to facts: inout FileFacts
  ) {
    if !kinds.isDisjoint(with: fetching) { give("get_queryset", rows, line, to: type, in: &facts) }
    let hasForm =
      type.fields.contains { $0.name == "form_class" } || defines(["get_form_class", "form_valid"], type, facts)
    if !kinds.isDisjoint(with: deleting), !defines(["destroy", "perform_destroy"], type, facts) {
      give("destroy", .call(callee: "delete", receiver: rows, arguments: []), line, to: type, in: &facts)
    } else if kinds.contains("DeleteView"), !defines(["delete", "post", "form_valid"], type, facts) {
      give("delete", .call(callee: "delete", receiver: rows, arguments: []), line, to: type, in: &facts)
    } else if kinds.contains("UpdateView") || kinds.contains("CreateView"), !hasForm {
      let callee = kinds.contains("CreateView") ? "create" : "update"
      give("form_valid", .call(callee: callee, receiver: rows, arguments: []), line, to: type, in: &facts)
    }
  }

  private static func defines(_ methods: [String], _ type: TypeFact, _ facts: FileFacts) -> Bool {
    facts.functions.contains { function in
      function.owner == type.name && methods.contains(NameWords.lastPart(function.name))
    }
  }

  /// Adds a method that returns `value`, or what it does to the method that asks the inherited one.
  private static func give(_ method: String, _ value: Value, _ line: Int, to type: TypeFact, in facts: inout FileFacts)
  {
    let calls = calls(in: value).map { PlacedEvent(line: line, event: .call($0)) }
    if let place = facts.functions.firstIndex(where: { $0.owner == type.name && $0.name == "\(type.name).\(method)" }) {
      let asks = facts.functions[place].events.contains {
        if case .call(let call) = $0.event { call.callee == method && call.receiver == .name("super") } else { false }
      }
      if asks { facts.functions[place].events.insert(contentsOf: calls, at: 0) }
      return
    }
    facts.functions.append(
      FunctionFact(
        name: "\(type.name).\(method)", owner: type.name, lines: line...line, parameters: ["self"], isLocal: false,
        isRecovered: false, events: calls + [PlacedEvent(line: line, event: .result(value))]))
  }

  /// The calls of a chain, the innermost first.
  private static func calls(in value: Value) -> [CallFact] {
    var found: [CallFact] = []
    var current = value
    while case .call(let callee, let receiver, let arguments) = current {
      found.append(CallFact(callee: callee, receiver: receiver, arguments: arguments, dispatch: .direct))
      guard let receiver else { break }
      current = receiver
    }
    return found.reversed()
  }
}
