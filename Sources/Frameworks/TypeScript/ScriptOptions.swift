import Facts

/// What recognizers ask of the values of JavaScript: objects of options, functions that give a class.
extension Value {
  /// Whether an entry is `true` or `false`; nil when it is neither.
  func flag(_ name: String) -> Bool? {
    switch entry(name) {
    case .literal("true")?: true
    case .literal("false")?: false
    case .text?, .literal?, .name?, .type?, .field?, .call?, .join?, .list?, .member?, .either?, .element?, .operation?,
      .closure?, .opaque?, nil:
      nil
    }
  }

  /// The text of an entry.
  func text(_ name: String) -> String? { entry(name)?.literalText }

  /// The digits of an entry.
  func digits(_ name: String) -> String? { entry(name)?.digits }

  /// The digits of a number, also of one written as text.
  var digits: String? {
    switch self {
    case .literal(let text), .text(let text): text.allSatisfy(\.isNumber) && !text.isEmpty ? text : nil
    case .name, .type, .field, .call, .join, .list, .member, .either, .element, .operation, .closure, .opaque: nil
    }
  }

  /// The texts of a list, or the one text.
  var texts: [String] {
    switch self {
    case .text(let text): [text]
    case .list(let items): items.compactMap(\.literalText)
    case .literal, .name, .type, .field, .call, .join, .member, .either, .element, .operation, .closure, .opaque: []
    }
  }

  /// The items of a list that are no entries.
  var items: [Value] { if case .list(let items) = self { items.positional } else { [] } }

  /// The entries of an object.
  var entries: [(name: String, value: Value)] {
    guard case .list(let items) = self else { return [] }
    return items.compactMap { if case .member(let name, let value) = $0 { (name, value) } else { nil } }
  }

  /// The class that is meant by `Order`, `() => Order`, `'Order'`, `forwardRef(() => Order)`, `models.Order`.
  var className: String? {
    switch self {
    case .name(let name), .type(let name): name
    case .text(let text): text
    case .closure(_, let result): result.className
    case .call(_, _, let arguments): arguments.lazy.compactMap(\.className).first
    case .list(let items): items.first?.className
    case .literal, .field, .join, .member, .either, .element, .operation, .opaque: nil
    }
  }

  /// The last part of what a function takes of its parameter: `orders` of `customer => customer.orders`.
  var memberName: String? {
    switch self {
    case .closure(_, .name(let name)): NameWords.lastPart(name)
    case .closure(_, .field(_, let name)): name
    case .text(let text): text
    case .literal, .name, .type, .field, .call, .join, .list, .member, .either, .element, .operation, .closure, .opaque:
      nil
    }
  }

  /// An action on rows that are gone, as frameworks of JavaScript write it.
  var referentialAction: ReferentialAction {
    switch literalText?.lowercased() {
    case "cascade"?: .cascade
    case "set null"?, "setnull"?: .setNull
    case "restrict"?: .restrict
    case "set default"?, "setdefault"?: .setDefault
    default: .noAction
    }
  }

  /// Every object of options anywhere inside, this one included. Linear.
  func forEachObject(_ body: (Value) -> Void) {
    if case .list = self { body(self) }
    for part in parts { part.forEachObject(body) }
  }
}

extension [Value] {
  /// The argument that is an object of options.
  var options: Value? {
    first {
      guard case .list(let items) = $0 else { return false }
      return items.contains { if case .member = $0 { true } else { false } }
    }
  }
}

extension FileFacts {
  /// Whether the file takes something from a package, or from a path inside of it.
  func imports(from packages: String...) -> Bool { imports(fromAny: packages) }

  /// Whether the file takes something from one of the packages.
  func imports(fromAny packages: [String]) -> Bool {
    imports.contains { fact in packages.contains { fact.path == $0 || fact.path.hasPrefix($0 + "/") } }
  }

  /// The calls of all functions, in order.
  var calls: [(function: Int, line: Int, call: CallFact)] {
    functions.enumerated().flatMap { place, function in
      function.events.compactMap { placed in
        if case .call(let call) = placed.event { (place, placed.line, call) } else { nil }
      }
    }
  }
}

extension SystemIndex {
  /// Whether a file of the system takes something from one of the packages.
  func uses(packages: [String]) -> Bool { files.contains { $0.imports(fromAny: packages) } }

  /// The engine that options of connections name: `type: 'postgres'`, `dialect: 'mysql'`, `client: 'pg'`.
  func scriptEngine(keys: [String], packages: [String]) -> EngineFamily? {
    for facts in files where facts.imports(fromAny: packages) {
      var found: EngineFamily?
      func look(_ value: Value) {
        value.forEachObject { options in
          guard found == nil else { return }
          for key in keys { found = found ?? options.text(key).flatMap(EngineFamily.init(scriptName:)) }
        }
      }
      for constant in facts.constants { look(constant.value) }
      for (_, _, call) in facts.calls { call.arguments.forEach(look) }
      for function in facts.functions {
        for placed in function.events { if case .result(let value) = placed.event { look(value) } }
      }
      if let found { return found }
    }
    return nil
  }
}

extension EngineFamily {
  /// The engine a driver or dialect of JavaScript is for.
  init?(scriptName name: String) {
    switch name.lowercased() {
    case "postgres", "postgresql", "pg", "cockroachdb", "aurora-postgres", "pg-native", "pgnative", "redshift":
      self = .postgres
    case "mysql", "mysql2", "mariadb", "aurora-mysql": self = .mysql
    case "sqlite", "sqlite3", "better-sqlite3", "sqljs", "libsql", "turso": self = .sqlite
    case "mssql", "sqlserver", "tedious": self = .sqlserver
    case "oracledb", "oracle": self = .oracle
    default: return nil
    }
  }
}
