import Basics
import Facts

/// Tables that migrations create and change, with the blocks that say what is in them.
extension MigrationReader {
  mutating func apply(_ call: CallFact) {
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
  mutating func closeTable() {
    guard let table = open, table.variable.isEmpty else { return }
    open = nil
    runTable(table, body: [])
  }

  mutating func runTable(
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
}
