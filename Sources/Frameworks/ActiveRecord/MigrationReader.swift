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
  var operations: [PlacedOperation] = []
  /// Columns as they stand, by table: what a change does not mention stays.
  var columns: [String: [String: Column]] = [:]
  var variables: [String: Value] = [:]
  var line = 0
  /// Whether the table whose block is being run replaces one of that name.
  var isReplacing = false
  /// The table whose block is being run, and what the block calls it.
  var open: (name: String, table: Table, variable: String, isNew: Bool)?
  var depth = 0
  /// How deep methods of the migration are followed.
  static let maximumDepth = 8
  /// Elements a list in the code may have to be run through.
  static let maximumElements = 200

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
    case .text, .literal, .name, .type, .field, .call, .join, .list, .member, .either, .element, .operation, .closure,
      .opaque:
      if let name = names.first { variables[name] = value }
    }
  }

  /// A method of the migration itself.
  mutating func follow(_ call: CallFact) -> Bool {
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
      case .name, .type, .field, .call, .join, .list, .member, .either, .element, .operation, .closure, .opaque:
        return value
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
    case .name, .type, .field, .call, .join, .member, .either, .element, .operation, .opaque: nil
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
    case .text?, .literal?, .name?, .type?, .field?, .call?, .join?, .list?, .member?, .either?, .element?, .operation?,
      .closure?, .opaque?:
      true
    }
  }

  /// What shapes a type.
  var details: [String: String] {
    var found: [String: String] = [:]
    for name in ["limit", "precision", "scale", "array", "unsigned", "type"] {
      switch value(name) {
      case .literal(let text)?: found[name] = text.replacing("_", with: "")
      case .text(let text)?: found[name] = text
      case .name?, .type?, .field?, .call?, .join?, .list?, .member?, .either?, .element?, .operation?, .closure?,
        .opaque?, nil:
        continue
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
