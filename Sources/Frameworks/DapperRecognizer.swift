import Basics
import Facts

/// Dapper.Contrib, which works on rows of classes, and stored procedures that ADO.NET and Dapper call by name. The SQL
/// that both are given is found by its text.
struct DapperRecognizer: FrameworkRecognizer {
  let name = "Dapper"
  let languages: Set<SourceLanguage> = [.csharp]

  private static func both(_ names: String...) -> Set<String> { Set(names.flatMap { [$0, $0 + "Async"] }) }
  private static let reads = both("Get", "GetAll")
  private static let writes = both("Insert", "Update", "Delete", "DeleteAll")
  private static let runs =
    both(
      "Query", "QueryFirst", "QueryFirstOrDefault", "QuerySingle", "QuerySingleOrDefault", "QueryMultiple", "Execute",
      "ExecuteScalar", "ExecuteReader"
    ).union(["CommandDefinition"])

  func statements(in system: SystemIndex, model: EntityModel) -> [FrameworkStatement] {
    var found: [FrameworkStatement] = []
    for (file, facts) in system.files.enumerated() where facts.language == .csharp {
      let usesContrib = facts.imports.contains { $0.path.hasPrefix("Dapper.Contrib") || $0.path == "Dapper" }
      for place in facts.functions.indices {
        let id = FunctionID(file: file, index: place)
        if usesContrib { found += rows(in: id, system, model) }
        found += procedures(in: id, system)
      }
    }
    return found
  }

  // MARK: Rows of classes

  private func rows(in id: FunctionID, _ system: SystemIndex, _ model: EntityModel) -> [FrameworkStatement] {
    let function = system.symbols.function(id)
    var types: [String: String] = Dictionary(
      zip(function.parameters, function.parameterTypes), uniquingKeysWith: { first, _ in first })
    var found: [FrameworkStatement] = []
    for placed in function.events {
      switch placed.event {
      case .declare(let name, let type, let value):
        if case .call(let made, nil, _) = value, type.isEmpty {
          types[name] = made
        } else if !type.isEmpty {
          types[name] = type
        }
      case .call(let call):
        let isRead = Self.reads.contains(call.callee)
        guard isRead || Self.writes.contains(call.callee), case .name(let receiver)? = call.receiver,
          isConnection(receiver, types, id, system), let name = entity(call, types),
          let type = system.resolve(name, from: id.file), let table = table(of: type, system, model)
        else { continue }
        found.append(
          FrameworkStatement(
            content: .table(table, isRead ? .read : .write, columns: ["*"]), function: id, file: id.file,
            line: placed.line, confidence: .exact, via: "orm:\(NameWords.lastPart(name)).\(call.callee)"))
      case .assign, .append, .result, .mention, .enterBranch, .nextBranch, .enterLoop, .enterScope, .leave: continue
      }
    }
    return found
  }

  private func isConnection(_ name: String, _ types: [String: String], _ id: FunctionID, _ system: SystemIndex) -> Bool
  {
    let declared =
      types[name] ?? system.owner(of: id).flatMap { system.field(NameWords.lastPart(name), of: $0)?.field.type } ?? ""
    return declared.hasSuffix("Connection") || name.lowercased().hasSuffix("connection") || name == "db"
      || name == "conn"
  }

  private func entity(_ call: CallFact, _ types: [String: String]) -> String? {
    for case .type(let name) in call.arguments { return name }
    guard case .name(let name)? = call.arguments.first else {
      if case .call(let made, nil, _)? = call.arguments.first { return made }
      return nil
    }
    guard let type = types[name] else { return nil }
    return EntityConventions.element(of: TypeName(type)) ?? type
  }

  /// The table of a class: what `[Table]` says, else its plural.
  private func table(of type: TypeID, _ system: SystemIndex, _ model: EntityModel) -> TableName? {
    let fact = system.type(type)
    if let named = fact.annotations.first(named: "Table")?.text("value") { return TableName(named) }
    if let entity = model.byType[type], let table = model.entities[entity].table { return table }
    guard fact.kind != .interface, !fact.fields.isEmpty else { return nil }
    return TableName(NameWords.lastPart(fact.name) + "s")
  }

  // MARK: Stored procedures

  /// A call with `CommandType.StoredProcedure`, or a command whose type is set to it: its text is the name.
  private func procedures(in id: FunctionID, _ system: SystemIndex) -> [FrameworkStatement] {
    let function = system.symbols.function(id)
    var texts: [String: (name: String, line: Int)] = [:]
    var called: Set<String> = []
    var found: [FrameworkStatement] = []
    func add(_ name: String, _ line: Int) {
      found.append(
        FrameworkStatement(
          content: .program(name), function: id, file: id.file, line: line, confidence: .exact, via: "procedure"))
    }
    func note(_ name: String, made value: Value, _ line: Int) {
      guard case .call(let callee, let receiver, let arguments) = value,
        callee.hasSuffix("Command") || callee == "CreateCommand" || callee == "GetStoredProcCommand"
      else { return }
      _ = receiver
      if let text = arguments.entry("CommandText")?.literalText
        ?? (callee == "CreateCommand" ? nil : arguments.first?.literalText)
      {
        texts[name] = (text, line)
      }
      if Self.isProcedure(arguments.entry("CommandType")) { called.insert(name) }
    }
    for placed in function.events {
      switch placed.event {
      case .declare(let name, _, let value): note(name, made: value, placed.line)
      case .assign(let name, let value):
        note(name, made: value, placed.line)
        guard let dot = name.lastIndex(of: ".") else { continue }
        let object = String(name[..<dot])
        switch name[name.index(after: dot)...] {
        case "CommandText": if let text = value.literalText { texts[object] = (text, placed.line) }
        case "CommandType": if Self.isProcedure(value) { called.insert(object) }
        default: continue
        }
      case .call(let call):
        if Self.runs.contains(call.callee), call.arguments.contains(where: { Self.isProcedure($0) }),
          let name = (call.arguments.entry("sql") ?? call.arguments.entry("commandText") ?? call.arguments.first)?
            .literalText
        {
          add(name, placed.line)
        }
        if call.callee == "GetStoredProcCommand", let name = call.arguments.first?.literalText {
          add(name, placed.line)
        }
      case .append, .result, .mention, .enterBranch, .nextBranch, .enterLoop, .enterScope, .leave: continue
      }
    }
    for object in called.sorted() { if let (name, line) = texts[object] { add(name, line) } }
    return found
  }

  private static func isProcedure(_ value: Value?) -> Bool {
    switch value {
    case .name(let name)?: name.hasSuffix("CommandType.StoredProcedure")
    case .member(_, let inner)?: isProcedure(inner)
    case .text?, .literal?, .type?, .field?, .call?, .join?, .list?, .either?, .element?, .operation?, .closure?,
      .opaque?, nil:
      false
    }
  }
}
