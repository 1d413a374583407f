import Facts

/// Finds the function each statement of a mapper file stands for, and who calls statements by name.
struct MapperMethods {
  private let system: SystemIndex
  private let library: MapperLibrary
  private var interfaces: [String: TypeID] = [:]
  private var byName: [String: FunctionID] = [:]
  /// Statements by the last part of their name, where only one has it.
  private var byLast: [String: FunctionID?] = [:]

  init(system: SystemIndex, library: MapperLibrary) {
    self.system = system
    self.library = library
    for id in system.types {
      let type = system.type(id)
      guard system.files[id.file].language != .c, system.files[id.file].language != .document else { continue }
      let full = type.namespace.isEmpty ? type.name : type.namespace + "." + type.name
      interfaces[full] = interfaces[full] ?? id
    }
    for document in library.documents {
      for statement in document.statements {
        guard let function = function(of: statement, in: document) else { continue }
        byName[statement.qualifiedName] = byName[statement.qualifiedName] ?? function
        byLast[statement.name] = byLast[statement.name] == nil ? .some(function) : .some(nil)
      }
    }
  }

  /// The method of the interface, else the function of the document.
  func function(of statement: MapperDocument.Statement, in document: MapperDocument) -> FunctionID? {
    if let type = interfaces[document.namespace],
      let own = system.methods(of: type).first(where: {
        NameWords.lastPart(system.symbols.function($0).name) == statement.name
      })
    {
      return own
    }
    let name = document.functionName(of: statement)
    return system.files[document.file].functions.firstIndex { $0.name == name }
      .map { FunctionID(file: document.file, index: $0) }
  }

  /// The statement a name means to a caller: in full, or alone where only one has it.
  func statement(named name: String) -> FunctionID? { byName[name] ?? byLast[name] ?? nil }

  // MARK: Who runs statements

  /// Result maps run other statements for properties; methods a mapper inherits run its own statements.
  func nestedSelects() -> [FrameworkCall] {
    var calls: [FrameworkCall] = []
    for document in library.documents {
      let type = interfaces[document.namespace]
      for statement in document.statements {
        guard let from = function(of: statement, in: document) else { continue }
        for name in statement.nested {
          guard let to = self.statement(named: document.qualified(name)) ?? self.statement(named: name) else {
            continue
          }
          calls.append(FrameworkCall(from: from, to: to, file: document.file, line: statement.node.line))
        }
        if from.file == document.file, let type, let inherited = system.method(statement.name, of: type) {
          calls.append(FrameworkCall(from: inherited, to: from, file: document.file, line: statement.node.line))
        }
      }
    }
    return calls
  }

  /// Methods of sessions and templates whose first argument is the name of a statement.
  private static let sessionMethods: Set<String> = [
    "selectOne", "selectList", "selectMap", "selectCursor", "select", "insert", "update", "delete", "queryForObject",
    "queryForList", "queryForMap", "queryForPaginatedList", "queryWithRowHandler",
  ]

  /// Calls that hand over the name of a statement.
  func calls() -> [FrameworkCall] {
    guard !byName.isEmpty else { return [] }
    var calls: [FrameworkCall] = []
    for (file, facts) in system.files.enumerated() where facts.language == .java || facts.language == .kotlin {
      for (place, function) in facts.functions.enumerated() {
        for placed in function.events {
          guard case .call(let call) = placed.event, Self.sessionMethods.contains(call.callee), call.receiver != nil,
            let first = call.arguments.first, let name = system.constantText(first, from: file),
            let target = statement(named: name)
          else { continue }
          calls.append(
            FrameworkCall(
              from: FunctionID(file: file, index: place), to: target, file: file, line: placed.line))
        }
      }
    }
    return calls
  }
}
