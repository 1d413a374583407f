import Basics
import Facts

/// Reads what a migration or a schema file of Rails changes, by running its calls with what is known of their arguments.
struct MigrationReader {
  let system: SystemIndex
  let inflector: Inflector
  let types: RailsColumnTypes
  let file: Int
  /// The class of the migration; nil for schema files.
  let owner: TypeID?
  /// The table of a class, by its name in this file.
  let tableOfClass: (String, Int) -> String?
  private(set) var operations: [PlacedOperation] = []
  /// Columns as they stand, by table: what a change does not mention stays.
  private(set) var columns: [String: [String: Column]] = [:]
  var variables: [String: Value] = [:]
  var line = 0
  /// The table whose block is being run, and what the block calls it.
  private var open: (name: String, table: Table, variable: String, isNew: Bool)?
  private var depth = 0
  /// How deep methods of the migration are followed.
  private static let maximumDepth = 8
  /// Elements a list in the code may have to be run through.
  private static let maximumElements = 200

  init(
    system: SystemIndex, inflector: Inflector, types: RailsColumnTypes, file: Int, owner: TypeID?,
    columns: [String: [String: Column]], tableOfClass: @escaping (String, Int) -> String?
  ) {
    self.system = system
    self.inflector = inflector
    self.types = types
    self.file = file
    self.owner = owner
    self.columns = columns
    self.tableOfClass = tableOfClass
  }

  var span: SourceSpan { SourceSpan(file: system.files[file].file, line: line) }

  mutating func add(_ operation: SchemaOperation) { operations.append(PlacedOperation(operation, at: span)) }

  /// Takes back the operations added since there were `count` of them.
  mutating func takeOperations(from count: Int) -> [PlacedOperation] {
    let taken = Array(operations[count...])
    operations.removeSubrange(count...)
    return taken
  }

  // MARK: Running

  mutating func run(_ events: [PlacedEvent]) { run(EventTree.build(events)) }

  mutating func run(_ nodes: [EventTree]) {
    guard depth < Self.maximumDepth else { return }
    depth += 1
    defer { depth -= 1 }
    var last: CallFact?
    for node in nodes {
      switch node {
      case .event(let event, let line):
        self.line = line
        switch event {
        case .declare(let name, _, let value), .assign(let name, let value): variables[name] = resolved(value)
        case .call(let call):
          last = call
          apply(call)
        case .append, .result, .mention, .enterBranch, .nextBranch, .enterLoop, .enterScope, .leave: break
        }
      case .branch(let alternatives):
        // Conditions ask what is there already: what an alternative repeats changes nothing.
        for alternative in alternatives { run(alternative) }
      case .loop(let body): run(body)
      case .scope(let callee, let body): runBlock(callee, of: last, body)
      }
    }
    closeTable()
  }

  private mutating func runBlock(_ callee: String, of call: CallFact?, _ body: [EventTree]) {
    switch callee {
    case "down", "revert", "rescue": return
    case "create_table", "create_join_table", "change_table":
      guard case .event(.declare(let name, _, _), _)? = body.first else { return run(body) }
      open?.variable = name
      var opened = open
      open = nil
      if let table = opened {
        let outer = variables
        variables[name] = nil
        runTable(table, body: Array(body.dropFirst()))
        variables = outer
      }
      opened = nil
    case "each", "each_with_index", "each_pair", "map":
      guard let items = call?.receiver.map({ resolved($0) }), case .list(let values) = items else { return run(body) }
      var names: [String] = []
      var rest = body[...]
      while case .event(.declare(let name, _, _), _)? = rest.first {
        names.append(name)
        rest = rest.dropFirst()
      }
      for value in values.prefix(Self.maximumElements) {
        bind(names, to: value)
        run(Array(rest))
      }
    default: run(body)
    }
  }

  /// Block parameters stand for an element, or for the parts of one that is itself a list.
  private mutating func bind(_ names: [String], to value: Value) {
    let names = names.filter { !$0.isEmpty }
    switch value {
    case .list(let parts) where names.count > 1:
      for (name, part) in zip(names, parts) { variables[name] = part }
    case .member(let key, let inner) where names.count > 1:
      (variables[names[0]], variables[names[1]]) = (.text(key), inner)
    default: if let name = names.first { variables[name] = value }
    }
  }

  /// A method of the migration itself.
  private mutating func follow(_ call: CallFact) -> Bool {
    guard call.receiver == nil || call.receiver == .name("this"), let owner,
      let target = system.methods(of: owner).first(where: {
        NameWords.lastPart(system.symbols.function($0).name) == call.callee
      })
    else { return false }
    let function = system.symbols.function(target)
    let outer = variables
    for (place, name) in function.parameters.enumerated() {
      let named = call.arguments.entry(name)
      let positional = place < call.arguments.count ? call.arguments[place] : nil
      variables[name] = (named ?? positional).map { resolved($0) }
    }
    run(function.events)
    variables = outer
    return true
  }

  // MARK: Tables

  private mutating func apply(_ call: CallFact) {
    guard !follow(call) else { return }
    let arguments = call.arguments.map { resolved($0) }
    closeTable()
    switch call.callee {
    case "create_table", "create_join_table": create(call.callee, arguments)
    case "change_table":
      guard let name = text(arguments.first) else { return }
      open = (name, Table(name: TableName(name), source: span), "", false)
    default: change(call.callee, arguments)
    }
  }

  private mutating func create(_ callee: String, _ arguments: [Value]) {
    guard var name = text(arguments.first) else { return }
    let options = Options(arguments)
    var table = Table(name: TableName(name), source: span)
    var hasKey = options.value("id") != .literal("false") && options.value("as") == nil
    if callee == "create_join_table" {
      guard arguments.count > 1, let second = text(arguments[1]) else { return }
      let sorted = [name, second].sorted()
      name = options.text("table_name") ?? Self.joinName(sorted[0], sorted[1])
      table.name = TableName(name)
      for part in [text(arguments.first) ?? "", second] {
        table.columns.append(Column(name: inflector.singular(part) + "_id", type: types.key, isNullable: false))
      }
      hasKey = false
    } else if options.value("id")?.literalText == "false" {
      hasKey = false
    }
    if case .list(let keys)? = options.value("primary_key") {
      table.primaryKey = keys.compactMap(\.literalText)
    } else if hasKey {
      let key = options.text("primary_key") ?? "id"
      table.columns.append(keyColumn(key, options))
      table.primaryKey = [key]
    }
    open = (name, table, "", true)
    let replaces = options.value("force").map { $0 != .literal("false") } ?? false
    isReplacing = replaces
  }

  private var isReplacing = false

  private func keyColumn(_ name: String, _ options: Options) -> Column {
    var type = options.text("id")
    var details = options.details
    if case .list(let inner)? = options.value("id") {
      type = inner.entry("type")?.literalText
      details = Options(inner).details
    }
    let spelled = type.map { types.name(of: $0, details) } ?? types.key
    let isNumber = type == nil || !["uuid", "string", "text"].contains(type ?? "")
    var expression = options.value("default").flatMap(defaultText)
    if expression == nil, type == "uuid", types.engine == .postgres { expression = "gen_random_uuid()" }
    return Column(name: name, type: spelled, isNullable: false, defaultExpression: expression, isGenerated: isNumber)
  }

  /// The name of a table between two: `orders_products`; a common beginning stands only once.
  static func joinName(_ first: String, _ second: String) -> String {
    var shared = ""
    var prefix = ""
    for (a, b) in zip(first, second) where shared.count == prefix.count {
      guard a == b else { break }
      shared.append(a)
      prefix.append(a)
    }
    guard let cut = shared.lastIndex(where: { $0 == "_" || $0 == "." }) else { return first + "_" + second }
    let end = shared.index(after: cut)
    let rest = second.dropFirst(shared[..<end].count)
    return rest.isEmpty || first.count <= shared[..<end].count ? first + "_" + second : first + "_" + rest
  }

  /// The columns of a new table are complete.
  private mutating func closeTable() {
    guard let table = open, table.variable.isEmpty else { return }
    open = nil
    runTable(table, body: [])
  }

  private mutating func runTable(
    _ given: (name: String, table: Table, variable: String, isNew: Bool), body: [EventTree]
  ) {
    var block = TableBlock(table: given.table, isNew: given.isNew)
    let replaces = isReplacing
    let outerLine = line
    runColumns(body, variable: given.variable, into: &block)
    if given.isNew {
      line = given.table.source.line
      let isKnown = columns[given.name] != nil
      if !isKnown || replaces {
        columns[given.name] = Dictionary(
          block.table.columns.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
      }
      add(.createTable(block.table, replaces: replaces))
    }
    for operation in block.later { operations.append(operation) }
    line = outerLine
  }

  private mutating func runColumns(_ nodes: [EventTree], variable: String, into block: inout TableBlock) {
    var last: CallFact?
    for node in nodes {
      switch node {
      case .event(.call(let call), let line):
        self.line = line
        last = call
        if call.receiver == .name(variable) {
          column(call.callee, call.arguments.map { resolved($0) }, into: &block)
        } else if !followColumns(call, variable: variable, into: &block) {
          continue
        }
      case .event(.declare(let name, _, let value), _), .event(.assign(let name, let value), _):
        variables[name] = resolved(value)
      case .event: continue
      case .branch(let alternatives):
        for alternative in alternatives { runColumns(alternative, variable: variable, into: &block) }
      case .loop(let body): runColumns(body, variable: variable, into: &block)
      case .scope(let callee, let body):
        guard callee == "each", case .list(let values)? = last?.receiver.map({ resolved($0) }),
          case .event(.declare(let name, _, _), _)? = body.first
        else {
          runColumns(body, variable: variable, into: &block)
          continue
        }
        for value in values.prefix(Self.maximumElements) {
          variables[name] = value
          runColumns(Array(body.dropFirst()), variable: variable, into: &block)
        }
      }
    }
  }

  /// A method of the migration that is handed the table.
  private mutating func followColumns(_ call: CallFact, variable: String, into block: inout TableBlock) -> Bool {
    guard let place = call.arguments.firstIndex(of: .name(variable)), let owner, depth < Self.maximumDepth,
      let target = system.methods(of: owner).first(where: {
        NameWords.lastPart(system.symbols.function($0).name) == call.callee
      })
    else { return false }
    let function = system.symbols.function(target)
    guard place < function.parameters.count else { return false }
    depth += 1
    runColumns(EventTree.build(function.events), variable: function.parameters[place], into: &block)
    depth -= 1
    return true
  }

  // MARK: Columns as they stand

  func column(_ name: String, of table: String) -> Column? { columns[table]?[name] }

  mutating func remember(_ column: Column, of table: String) { columns[table, default: [:]][column.name] = column }

  mutating func forget(_ column: String, of table: String) { columns[table]?[column] = nil }

  mutating func forgetTable(_ table: String) { columns[table] = nil }

  mutating func renameTable(_ table: String, to name: String) {
    columns[name] = columns[table]
    columns[table] = nil
  }

  // MARK: Values

  /// A value with what is known of its variables put in.
  func resolved(_ value: Value, depth: Int = 0) -> Value {
    guard depth < 12 else { return .opaque }
    switch value {
    case .name(let name):
      if let known = variables[name] { return known }
      guard let (fact, _) = system.symbols.constant(named: name, from: file), fact.kind == .global,
        name.utf8.first.map({ $0 < UInt8(ascii: "a") }) ?? false, fact.value != value
      else { return value }
      return resolved(fact.value, depth: depth + 1)
    case .member(let key, let inner): return .member(key, resolved(inner, depth: depth + 1))
    case .list(let items): return .list(items.map { resolved($0, depth: depth + 1) })
    case .join(let parts):
      let parts = parts.map { resolved($0, depth: depth + 1) }
      return Value.join(parts).literalText.map { .text($0) } ?? .join(parts)
    case .call(let callee, let receiver?, let arguments):
      let base = resolved(receiver, depth: depth + 1)
      switch callee {
      case "to_s", "to_sym", "freeze", "to_a": return base
      case "table_name", "quoted_table_name":
        if case .name(let type) = base, let table = tableOfClass(type, file) { return .text(table) }
      case "pluralize", "tableize":
        if let word = base.literalText { return .text(inflector.plural(word)) }
      case "singularize": if let word = base.literalText { return .text(inflector.singular(word)) }
      case "fetch", "dig", "[]":
        if case .list(let items) = base, let key = arguments.first?.literalText, let found = items.entry(key) {
          return found
        }
      default: break
      }
      return .call(callee: callee, receiver: base, arguments: arguments)
    case .element(let base, let key):
      guard case .list(let items) = resolved(base, depth: depth + 1) else { return value }
      switch resolved(key, depth: depth + 1) {
      case .text(let name): return items.entry(name) ?? value
      case .literal(let digits): return Int(digits).flatMap { items.indices.contains($0) ? items[$0] : nil } ?? value
      default: return value
      }
    case .text, .literal, .type, .field, .call, .either, .operation, .closure, .opaque: return value
    }
  }

  /// The text of a resolved value.
  func text(_ value: Value?) -> String? {
    guard let text = value?.literalText, !text.isEmpty else { return nil }
    return text
  }

  /// A default as SQL.
  func defaultText(_ value: Value) -> String? {
    switch value {
    case .text(let text): "'" + text.replacing("'", with: "''") + "'"
    case .literal("null"): nil
    case .literal(let literal): literal
    case .list(let items): items.isEmpty ? "'{}'" : nil
    case .closure(_, let result): result.literalText
    default: nil
    }
  }
}

/// A table while its block is run.
struct TableBlock {
  var table: Table
  var isNew: Bool
  /// Changes that follow once the table is there.
  var later: [PlacedOperation] = []
}

/// The named arguments of a call.
struct Options {
  private let entries: [Value]

  init(_ arguments: [Value]) {
    entries = arguments.flatMap { argument -> [Value] in
      if case .list(let items) = argument, items.contains(where: { if case .member = $0 { true } else { false } }) {
        return items
      }
      return [argument]
    }
  }

  func value(_ name: String) -> Value? { entries.entry(name) }

  func text(_ name: String) -> String? {
    guard let text = value(name)?.literalText, !text.isEmpty else { return nil }
    return text
  }

  /// Whether something is set and not `false`.
  func isSet(_ name: String) -> Bool {
    switch value(name) {
    case nil, .literal("false")?, .literal("null")?: false
    default: true
    }
  }

  /// What shapes a type.
  var details: [String: String] {
    var found: [String: String] = [:]
    for name in ["limit", "precision", "scale", "array", "unsigned", "type"] {
      switch value(name) {
      case .literal(let text)?: found[name] = text.replacing("_", with: "")
      case .text(let text)?: found[name] = text
      default: continue
      }
    }
    return found
  }

  /// A hash given for a name: `foreign_key: { to_table: :users }`.
  func nested(_ name: String) -> Options? {
    guard case .list(let items)? = value(name) else { return nil }
    return Options(items)
  }
}
