import Basics
import Facts

/// Reads what one `up` method does to the schema.
struct BlueprintReader {
  private let system: SystemIndex
  private let type: TypeID
  private let file: Int
  private let types: BlueprintTypes
  private var done: [PlacedOperation] = []

  /// The table a closure builds or changes.
  struct Open {
    var variable: String
    var name: TableName
    var isNew: Bool
    var table: Table
  }

  /// A call of the blueprint with the calls that refine it.
  struct Link {
    var callee: String
    var arguments: [Value]
  }

  init(system: SystemIndex, type: TypeID, file: Int, engine: EngineFamily) {
    self.system = system
    self.type = type
    self.file = file
    types = BlueprintTypes(engine: engine)
  }

  /// The changes in order; `down` is not read.
  mutating func operations(of function: FunctionFact) -> [PlacedOperation] {
    var open: [Open?] = []
    var next: Open?
    for (place, placed) in function.events.enumerated() {
      switch placed.event {
      case .enterBranch, .enterLoop: open.append(nil)
      case .enterScope:
        open.append(next)
        next = nil
      case .leave:
        if let ended = open.popLast() ?? nil, ended.isNew {
          add(.createTable(ended.table, replaces: false), line: ended.table.source.line)
        }
      case .declare(let name, _, _):
        if let last = open.indices.last, open[last]?.variable == "" { open[last]?.variable = name }
      case .call(let call):
        if let started = schema(call, line: placed.line) { next = started }
        guard let at = open.indices.last(where: { open[$0] != nil }), var current = open[at],
          !isContinued(call, after: place, in: function.events), let links = Self.links(call, on: current.variable)
        else { continue }
        apply(links, to: &current, line: placed.line)
        open[at] = current
      case .assign, .append, .result, .mention, .nextBranch: continue
      }
    }
    return done
  }

  mutating func add(_ operation: SchemaOperation, line: Int) {
    done.append(PlacedOperation(operation, at: span(line)))
  }

  func span(_ line: Int) -> SourceSpan { SourceSpan(file: system.files[file].file, line: line) }

  func text(_ value: Value?) -> String? {
    value.flatMap { PHPTexts.text($0, in: type, system: system) }
  }

  // MARK: The schema

  /// `Schema::create('orders', …)`, on a connection or not; also what is done without a blueprint.
  private mutating func schema(_ call: CallFact, line: Int) -> Open? {
    guard Self.isSchema(call.receiver) else {
      if call.receiver == .name("DB"), ["statement", "unprepared"].contains(call.callee),
        let sql = text(call.arguments.first)
      {
        add(.statement(sql), line: line)
      }
      return nil
    }
    let arguments = call.arguments.positional
    guard let name = text(arguments.first) else { return nil }
    let table = TableName(name)
    switch call.callee {
    case "create", "createIfNotExists":
      return Open(variable: "", name: table, isNew: true, table: Table(name: table, source: span(line)))
    case "table":
      return Open(variable: "", name: table, isNew: false, table: Table(name: table, source: span(line)))
    case "rename":
      if let to = text(arguments.dropFirst().first) { add(.renameTable(table, to: TableName(to)), line: line) }
    case "drop", "dropIfExists": add(.dropTable(table), line: line)
    case "dropColumns":
      for column in names(arguments.dropFirst().first) { add(.dropColumn(table, column), line: line) }
    default: break
    }
    return nil
  }

  private static func isSchema(_ receiver: Value?) -> Bool {
    switch receiver {
    case .name("Schema")?, .name("this.schema")?: true
    case .call(let callee, let inner?, _)?:
      ["connection", "schema", "getSchemaBuilder"].contains(callee) && (isSchema(inner) || inner == .name("Capsule"))
    case .text?, .literal?, .name?, .type?, .field?, .call?, .join?, .list?, .member?, .either?, .element?, .operation?,
      .closure?, .opaque?, nil:
      false
    }
  }

  /// Whether the chain goes on: only its last call tells all of it.
  private func isContinued(_ call: CallFact, after place: Int, in events: [PlacedEvent]) -> Bool {
    let value = Value.call(callee: call.callee, receiver: call.receiver, arguments: call.arguments)
    return events[(place + 1)...].prefix(6).contains { placed in
      if case .call(let later) = placed.event { later.receiver == value } else { false }
    }
  }

  /// `$table->string('name')->nullable()` from the left.
  private static func links(_ call: CallFact, on variable: String) -> [Link]? {
    var links = [Link(callee: call.callee, arguments: call.arguments)]
    var receiver = call.receiver
    while case .call(let callee, let inner, let arguments)? = receiver {
      links.append(Link(callee: callee, arguments: arguments))
      receiver = inner
    }
    guard case .name(variable)? = receiver, !variable.isEmpty else { return nil }
    return links.reversed()
  }

  // MARK: One line of a blueprint

  private mutating func apply(_ links: [Link], to open: inout Open, line: Int) {
    guard let first = links.first else { return }
    var columns = self.columns(first)
    guard !columns.isEmpty else { return command(first, Array(links.dropFirst()), on: &open, line: line) }
    var isChange = false
    var constraint: (target: String?, columns: [String], onDelete: ReferentialAction)?
    var isPrimary = columns.count == 1 && types.isKey(first.callee)
    var isUnique = false
    for link in links.dropFirst() {
      let argument = link.arguments.positional.first
      switch link.callee {
      case "nullable": if argument != .literal("false") { for at in columns.indices { columns[at].isNullable = true } }
      case "default":
        for at in columns.indices { columns[at].defaultExpression = Self.shown(argument) }
      case "unsigned": for at in columns.indices { columns[at].type = types.unsigned(columns[at].type) }
      case "useCurrent": for at in columns.indices { columns[at].defaultExpression = "current_timestamp" }
      case "autoIncrement":
        for at in columns.indices { columns[at].isGenerated = true }
        isPrimary = true
      case "primary": isPrimary = true
      case "unique": isUnique = true
      case "change": isChange = true
      case "constrained":
        let named = text(link.arguments.entry("table") ?? argument)
        constraint = (named, [text(link.arguments.positional.dropFirst().first) ?? "id"], .noAction)
      case "references": constraint = (constraint?.target, names(argument), constraint?.onDelete ?? .noAction)
      case "on": constraint = (text(argument), constraint?.columns ?? ["id"], constraint?.onDelete ?? .noAction)
      default:
        if let action = Self.onDelete(link.callee, text(argument)) { constraint?.onDelete = action }
      }
    }
    for column in columns {
      if open.isNew {
        open.table.columns.append(column)
      } else {
        add(isChange ? .changeColumn(open.name, column) : .addColumn(open.name, column), line: line)
      }
    }
    if isPrimary { setKey(columns.map(\.name), on: &open, line: line) }
    if isUnique { addUnique(columns.map(\.name), on: &open, line: line) }
    if let constraint, let column = columns.first {
      let target = constraint.target ?? EnglishPlural.doctrine.plural(Self.stem(column.name))
      let key = ForeignKey(
        name: nil, columns: [column.name], target: TableName(target), targetColumns: constraint.columns,
        onDelete: constraint.onDelete, span: span(line))
      addForeignKey(key, on: &open, line: line)
    }
  }

  private static func stem(_ column: String) -> String {
    column.hasSuffix("_id") ? String(column.dropLast(3)) : column
  }

  static func onDelete(_ callee: String, _ text: String?) -> ReferentialAction? {
    switch (callee, text?.lowercased()) {
    case ("cascadeOnDelete", _), ("onDelete", "cascade"): .cascade
    case ("nullOnDelete", _), ("onDelete", "set null"): .setNull
    case ("restrictOnDelete", _), ("onDelete", "restrict"): .restrict
    case ("noActionOnDelete", _), ("onDelete", "no action"): .noAction
    default: nil
    }
  }

  private static func shown(_ value: Value?) -> String? {
    switch value {
    case .text(let text)?: "'" + text.replacing("'", with: "''") + "'"
    case .literal(let text)?: text
    case .call("raw", _, let arguments)?, .call("Expression", _, let arguments)?: arguments.first?.literalText
    case .name?, .type?, .field?, .call?, .join?, .list?, .member?, .either?, .element?, .operation?, .closure?,
      .opaque?, nil:
      nil
    }
  }

  func names(_ value: Value?) -> [String] {
    switch value {
    case .list(let items)?: items.compactMap { text($0) }
    case let other?: text(other).map { [$0] } ?? []
    case nil: []
    }
  }

  /// The columns a call adds, not null; empty for anything that adds none.
  private func columns(_ link: Link) -> [Column] {
    let arguments = link.arguments.positional
    if link.callee == "foreignIdFor", case .type(let model)? = arguments.first {
      let name = text(arguments.dropFirst().first) ?? EnglishPlural.snake(NameWords.lastPart(model)) + "_id"
      return [Column(name: name, type: types.bigKey, isNullable: false)]
    }
    return types.columns(
      link.callee, name: text(arguments.first) ?? text(link.arguments.entry("column")),
      parameters: Array(arguments.dropFirst()), named: link.arguments)
  }
}
