import Basics
import Facts

/// Follows the calls of a schema builder.
struct KnexSchemaBuilder {
  private let file: RepoPath
  private let engine: EngineFamily
  private var operations: [PlacedOperation] = []
  /// The table a closure describes, whether it is new, and the name the builder has in the closure.
  private var table: Table?
  private var isNew = false
  private var builder = ""
  private var depth = 0

  init(file: RepoPath, engine: EngineFamily) {
    self.file = file
    self.engine = engine
  }

  /// What the events of a migration change.
  mutating func read(_ events: [PlacedEvent]) -> [PlacedOperation] {
    var chain: [CallFact] = []
    func isLonger(_ call: CallFact) -> Bool {
      guard let last = chain.last, case .call(let callee, let receiver, let arguments)? = call.receiver else {
        return false
      }
      return callee == last.callee && receiver == last.receiver && arguments == last.arguments
    }
    for placed in events {
      switch placed.event {
      case .call(let call) where table != nil:
        if isLonger(call) {
          chain.append(call)
        } else {
          apply(chain, placed.line)
          chain = [call]
        }
      case .call(let call): begin(call, placed.line)
      case .enterScope, .enterBranch, .enterLoop: if table != nil { depth += 1 }
      case .leave:
        guard table != nil else { continue }
        apply(chain, placed.line)
        chain = []
        depth -= 1
        if depth <= 0 { close() }
      case .declare, .assign, .append, .result, .mention, .nextBranch: continue
      }
    }
    close()
    return operations
  }

  private func span(_ line: Int) -> SourceSpan { SourceSpan(file: file, line: line) }

  private mutating func add(_ operation: SchemaOperation, _ line: Int) {
    operations.append(PlacedOperation(operation, at: span(line)))
  }

  private mutating func begin(_ written: CallFact, _ line: Int) {
    let call = KnexObjectSchema.unbound(written)
    if ["raw", "query", "runSql", "sql"].contains(call.callee) {
      if let sql = call.arguments.first?.literalText { add(.statement(sql), line) }
      return
    }
    guard let name = call.arguments.first?.plainText ?? call.arguments.first?.text("name") else { return }
    if let found = KnexObjectSchema(engine: engine).operations(call, table: TableName(name), at: span(line)) {
      for operation in found { add(operation, line) }
      return
    }
    switch call.callee {
    case "createTable", "createTableIfNotExists", "alterTable", "table":
      guard case .closure(let parameters, _)? = call.arguments.last else { return }
      table = Table(name: TableName(name), source: span(line))
      isNew = call.callee.hasPrefix("create")
      builder = parameters.first ?? ""
      depth = 0
    case "dropTable", "dropTableIfExists": add(.dropTable(TableName(name)), line)
    case "renameTable":
      if call.arguments.count > 1, let new = call.arguments[1].plainText {
        add(.renameTable(TableName(name), to: TableName(new)), line)
      }
    default: break
    }
  }

  private mutating func close() {
    guard let table else { return }
    if isNew { add(.createTable(table, replaces: false), table.source.line) }
    self.table = nil
  }

  /// `t.integer('order_id').references('id').inTable('orders').onDelete('CASCADE')`.
  private mutating func apply(_ chain: [CallFact], _ line: Int) {
    guard let first = chain.first, case .name(let receiver)? = first.receiver,
      receiver == builder || receiver == "this",
      let name = table?.name
    else { return }
    let texts = first.arguments.first?.texts ?? []
    switch first.callee {
    case "timestamps":
      let type = KnexTypes.sql("timestamp", [], engine)
      for column in ["created_at", "updated_at"] {
        put(Column(name: column, type: type, isNullable: first.arguments.count < 2), line)
      }
    case "dropColumn", "dropColumns":
      for column in first.arguments.flatMap(\.texts) { add(.dropColumn(name, column), line) }
    case "dropTimestamps": for column in ["created_at", "updated_at"] { add(.dropColumn(name, column), line) }
    case "renameColumn":
      if first.arguments.count > 1, let old = texts.first, let new = first.arguments[1].plainText {
        add(.renameColumn(name, old, to: new), line)
      }
    case "primary":
      if isNew { table?.primaryKey = texts } else { add(.setPrimaryKey(name, texts), line) }
    case "unique":
      if isNew { table?.uniqueKeys.append(texts) } else { add(.addUnique(name, texts, name: nil), line) }
    case "foreign": foreignKey(texts, chain, line)
    case "dropForeign": add(.dropForeignKey(name, texts), line)
    case "dropUnique", "dropPrimary", "index", "dropIndex", "comment", "engine", "charset", "collate", "check": break
    default: column(first, chain, line)
    }
  }

  private mutating func put(_ column: Column, _ line: Int, changes: Bool = false) {
    guard let name = table?.name else { return }
    if isNew {
      table?.columns.append(column)
    } else {
      add(changes ? .changeColumn(name, column) : .addColumn(name, column), line)
    }
  }

  private mutating func column(_ first: CallFact, _ chain: [CallFact], _ line: Int) {
    let isKey = ["increments", "bigIncrements"].contains(first.callee)
    guard let column = first.arguments.first?.plainText ?? (isKey ? "id" : nil) else { return }
    let calls = Dictionary(chain.dropFirst().map { ($0.callee, $0.arguments) }, uniquingKeysWith: { first, _ in first })
    let isPrimary = isKey || calls["primary"] != nil
    let type = first.callee == "specificType" ? first.arguments.dropFirst().first?.plainText ?? "" : first.callee
    var made = Column(
      name: column,
      type: first.callee == "specificType"
        ? type.lowercased() : KnexTypes.sql(type, Array(first.arguments.dropFirst()), engine),
      isNullable: !isPrimary && calls["notNullable"] == nil && calls["notNull"] == nil)
    if calls["unsigned"] != nil, engine == .mysql { made.type += " unsigned" }
    made.isGenerated = isKey
    made.defaultExpression = TypeORMEntityReader.defaultText(calls["defaultTo"]?.first)
    put(made, line, changes: calls["alter"] != nil)
    guard let name = table?.name else { return }
    if isPrimary { if isNew { table?.primaryKey.append(column) } else { add(.setPrimaryKey(name, [column]), line) } }
    if calls["unique"] != nil {
      if isNew { table?.uniqueKeys.append([column]) } else { add(.addUnique(name, [column], name: nil), line) }
    }
    if calls["references"] != nil { foreignKey([column], chain, line) }
  }

  private mutating func foreignKey(_ columns: [String], _ chain: [CallFact], _ line: Int) {
    let calls = Dictionary(chain.dropFirst().map { ($0.callee, $0.arguments) }, uniquingKeysWith: { first, _ in first })
    var targets = calls["references"]?.first?.texts ?? []
    var other = calls["inTable"]?.first?.plainText ?? calls["on"]?.first?.plainText
    // `references('orders.id')`.
    if other == nil, let first = targets.first, let dot = first.lastIndex(of: ".") {
      other = String(first[..<dot])
      targets = [String(first[first.index(after: dot)...])]
    }
    guard let name = table?.name, let other else { return }
    let key = ForeignKey(
      name: nil, columns: columns, target: TableName(other), targetColumns: targets,
      onDelete: calls["onDelete"]?.first?.referentialAction ?? .noAction, span: span(line))
    if isNew { table?.foreignKeys.append(key) } else { add(.addForeignKey(name, key), line) }
  }
}
