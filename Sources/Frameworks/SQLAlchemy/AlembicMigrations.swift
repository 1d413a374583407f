import Basics
import Facts

/// The migrations of Alembic in the order they are applied.
struct AlembicMigrations {
  private struct Revision {
    var name: String
    var parents: [String]
    var file: Int
  }

  private let index: SystemIndex
  private let columns: SQLAlchemyColumns
  private var operations: [PlacedOperation] = []
  /// Columns of the tables so far: what a change does not mention stays.
  private var known: [TableName: [String: Column]] = [:]
  private static let maximumDepth = 4

  init(_ index: SystemIndex) {
    self.index = index
    columns = SQLAlchemyColumns(index: index)
  }

  /// What the migrations do, in order; nil when there are none.
  static func history(in index: SystemIndex) -> SchemaHistory? {
    var reader = AlembicMigrations(index)
    let revisions = reader.ordered()
    guard !revisions.isEmpty else { return nil }
    for revision in revisions {
      reader.apply("upgrade", file: revision.file, tables: [:], depth: 0)
      reader.apply("upgrade_", file: revision.file, tables: [:], depth: 0)
    }
    return SchemaHistory(framework: "Alembic", origin: .migrations, engine: .postgres, operations: reader.operations)
  }

  // MARK: Order

  private func revisions() -> [Revision] {
    index.files.enumerated().compactMap { file, facts in
      guard facts.language == .python, !DjangoProject.isForTests(facts.file),
        facts.functions.contains(where: { $0.name == "upgrade" }),
        let name = facts.constants.first(where: { $0.name == "revision" })?.value.literalText
      else { return nil }
      let parents: [String]
      switch facts.constants.first(where: { $0.name == "down_revision" })?.value {
      case .text(let text)?: parents = [text]
      case .list(let items)?: parents = items.compactMap(\.literalText)
      case .literal?, .name?, .type?, .field?, .call?, .join?, .member?, .either?, .element?, .operation?, .closure?,
        .opaque?, nil:
        parents = []
      }
      let others = facts.constants.first { $0.name == "depends_on" }?.value
      let needed: [String] =
        switch others {
        case .text(let text)?: [text]
        case .list(let items)?: items.compactMap(\.literalText)
        case .literal?, .name?, .type?, .field?, .call?, .join?, .member?, .either?, .element?, .operation?, .closure?,
          .opaque?, nil:
          []
        }
      return Revision(name: name, parents: parents + needed, file: file)
    }
  }

  private func ordered() -> [Revision] {
    let all = revisions()
    let byName = Dictionary(all.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
    var done: Set<String> = []
    var open: Set<String> = []
    var result: [Revision] = []
    for start in all.sorted(by: { index.files[$0.file].file < index.files[$1.file].file }) {
      var stack: [(name: String, isLeaving: Bool)] = [(start.name, false)]
      while let (name, isLeaving) = stack.popLast() {
        guard let revision = byName[name] else { continue }
        if isLeaving {
          if done.insert(name).inserted { result.append(revision) }
          continue
        }
        guard !done.contains(name), open.insert(name).inserted else { continue }
        stack.append((name, true))
        for parent in revision.parents.reversed() { stack.append((parent, false)) }
      }
    }
    return result
  }

  // MARK: Operations

  /// Follows a function of a migration; `tables` are the tables of `batch_alter_table` by the name they are given.
  private mutating func apply(_ function: String, file: Int, tables: [String: String], depth: Int) {
    guard depth < Self.maximumDepth,
      let fact = index.files[file].functions.first(where: { $0.name == function })
    else { return }
    var batches = tables
    for placed in fact.events {
      switch placed.event {
      case .declare(let name, _, .call("batch_alter_table", _, let arguments)),
        .assign(let name, .call("batch_alter_table", _, let arguments)):
        batches[name] = text(arguments.entry("table_name") ?? arguments.first, file: file) ?? ""
      case .call(let call):
        let span = SourceSpan(file: index.files[file].file, line: placed.line)
        if case .name(let receiver)? = call.receiver {
          if let table = batches[receiver] {
            operation(call.callee, [.text(table)] + call.arguments, isBatch: true, file: file, span: span)
          } else if receiver == "op" || receiver.hasSuffix(".op") {
            operation(call.callee, call.arguments, isBatch: false, file: file, span: span)
          }
        } else if call.receiver == nil {
          apply(call.callee, file: file, tables: [:], depth: depth + 1)
        }
      case .declare, .assign, .append, .result, .mention, .enterBranch, .nextBranch, .enterLoop, .enterScope, .leave:
        continue
      }
    }
  }

  private func text(_ value: Value?, file: Int) -> String? {
    value.flatMap { DjangoValues.text($0, file: file, index: index) }
  }

  private mutating func emit(_ operation: SchemaOperation, _ span: SourceSpan) {
    operations.append(PlacedOperation(operation, at: span))
  }

  private mutating func operation(
    _ name: String, _ arguments: [Value], isBatch: Bool, file: Int, span: SourceSpan
  ) {
    let positional = arguments.positional
    func text(_ place: Int, _ key: String) -> String? {
      self.text(arguments.entry(key) ?? (place < positional.count ? positional[place] : nil), file: file)
    }
    func list(_ place: Int, _ key: String) -> [String] {
      let value = arguments.entry(key) ?? (place < positional.count ? positional[place] : nil)
      return value.map { DjangoValues.items($0, file: file, index: index).compactMap(\.literalText) } ?? []
    }
    let first = text(0, "table_name").map(TableName.init)
    switch name {
    case "create_table":
      guard let first else { return }
      let items = positional.dropFirst().flatMap { value -> [Value] in
        if case .operation("*", let parts) = value {
          return parts.flatMap { DjangoValues.items($0, file: file, index: index) }
        }
        return [value]
      }
      create(columns.table(first.text, items, file: file, span: span), items)
    case "drop_table": if let first { emit(.dropTable(first), span) }
    case "rename_table":
      if let old = text(0, "old_table_name"), let new = text(1, "new_table_name") {
        known[TableName(new)] = known[TableName(old)]
        emit(.renameTable(TableName(old), to: TableName(new)), span)
      }
    case "add_column":
      guard let first, case .call(_, _, let parts)? = positional.dropFirst().first,
        let column = columns.column(parts, name: nil, file: file)
      else { return }
      add(column, to: first, span)
    case "drop_column": if let first, let column = text(1, "column_name") { emit(.dropColumn(first, column), span) }
    case "alter_column":
      if let first, let column = text(1, "column_name") { alter(first, column, arguments, file, span) }
    case "create_foreign_key", "create_unique_constraint", "create_primary_key", "drop_constraint":
      let shift = isBatch ? 1 : 0
      let owner = name == "create_foreign_key" ? "source_table" : "table_name"
      let table = isBatch ? first : text(1, owner).map(TableName.init)
      if let table {
        emitConstraint(
          name, table: table, name: text(shift, "constraint_name"), referent: text(2, "referent_table"),
          columns: list(2, "columns"), own: list(3, "local_cols"), others: list(4, "remote_cols"),
          onDelete: SQLAlchemyColumns.action(arguments.entry("ondelete")), span)
      }
    case "execute":
      let statement = isBatch ? text(1, "sqltext") : text(0, "sqltext")
      if let statement { emit(.statement(statement), span) }
    default: return
    }
  }

  private mutating func create(_ made: Table, _ items: [Value]) {
    var table = made
    // Later migrations drop constraints by their names: those that are said, or those that PostgreSQL gives.
    for place in table.foreignKeys.indices where table.foreignKeys[place].name == nil {
      let columns = table.foreignKeys[place].columns.joined(separator: "_")
      table.foreignKeys[place].name = "\(table.name.text)_\(columns)_fkey"
    }
    var names: [[String]: String] = [:]
    for case .call("UniqueConstraint", _, let arguments) in items {
      let columns = arguments.positional.compactMap(\.literalText)
      if let name = arguments.entry("name")?.literalText { names[columns] = name }
    }
    let uniques = table.uniqueKeys
    table.uniqueKeys = []
    defer {
      for columns in uniques {
        let name = names[columns] ?? "\(table.name.text)_\(columns.joined(separator: "_"))_key"
        emit(.addUnique(table.name, columns, name: name), table.source)
      }
    }
    known[table.name] = Dictionary(
      table.columns.map { ($0.name.lowercased(), $0) }, uniquingKeysWith: { first, _ in first })
    emit(.createTable(table, replaces: false), table.source)
  }

  private mutating func add(_ column: SQLAlchemyColumn, to table: TableName, _ span: SourceSpan) {
    known[table, default: [:]][column.column.name.lowercased()] = column.column
    emit(.addColumn(table, column.column), span)
    if column.isUnique { emit(.addUnique(table, [column.column.name], name: nil), span) }
    if let target = column.target {
      emit(
        .addForeignKey(
          table,
          ForeignKey(
            name: nil, columns: [column.column.name], target: TableName(target.table), targetColumns: [target.column],
            onDelete: target.onDelete, span: span)), span)
    }
  }

  private mutating func alter(
    _ table: TableName, _ name: String, _ arguments: [Value], _ file: Int, _ span: SourceSpan
  ) {
    var column =
      known[table]?[name.lowercased()] ?? Column(name: name, type: "", isNullable: true)
    let before = column
    if let type = arguments.entry("type_").flatMap({ columns.type($0, file: file) }) { column.type = type }
    if let nullable = arguments.entry("nullable") { column.isNullable = nullable == .literal("true") }
    if column != before { emit(.changeColumn(table, column), span) }
    known[table]?[name.lowercased()] = column
    guard let new = text(arguments.entry("new_column_name"), file: file) else { return }
    emit(.renameColumn(table, name, to: new), span)
    known[table]?[name.lowercased()] = nil
    column.name = new
    known[table]?[new.lowercased()] = column
  }

  private mutating func emitConstraint(
    _ operation: String, table: TableName, name: String?, referent: String?, columns: [String], own: [String],
    others: [String], onDelete: ReferentialAction, _ span: SourceSpan
  ) {
    switch operation {
    case "create_foreign_key":
      guard let referent else { return }
      let key = ForeignKey(
        name: name, columns: own, target: TableName(referent), targetColumns: others, onDelete: onDelete, span: span)
      emit(.addForeignKey(table, key), span)
    case "create_unique_constraint": emit(.addUnique(table, columns, name: name), span)
    case "create_primary_key": emit(.setPrimaryKey(table, columns), span)
    default: if let name { emit(.dropConstraint(table, name: name), span) }
    }
  }
}
