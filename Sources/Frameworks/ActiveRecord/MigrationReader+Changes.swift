import Basics
import Facts

/// What the methods of migrations do, on tables by name and inside the blocks of tables.
extension MigrationReader {
  /// Methods of table blocks that make no column of their name.
  private static let notColumns: Set<String> = [
    "check_constraint", "exclusion_constraint", "comment", "remove_check_constraint", "index_exists?",
    "column_exists?", "foreign_key_exists?",
  ]

  // MARK: By name

  /// A change of a table named in the first argument.
  mutating func change(_ method: String, _ arguments: [Value]) {
    if method == "execute" { return execute(arguments) }
    guard let table = text(arguments.first) else { return }
    let rest = Array(arguments.dropFirst())
    let options = Options(rest)
    switch method {
    case "drop_table":
      for case let name? in arguments.map({ text($0) }) {
        add(.dropTable(TableName(name)))
        forgetTable(name)
      }
    case "drop_join_table":
      guard let second = text(rest.first) else { return }
      let sorted = [table, second].sorted()
      add(.dropTable(TableName(options.text("table_name") ?? Self.joinName(sorted[0], sorted[1]))))
    case "rename_table":
      guard let name = text(rest.first) else { return }
      add(.renameTable(TableName(table), to: TableName(name)))
      renameTable(table, to: name)
    case "add_column":
      guard let name = text(rest.first), let type = text(rest.dropFirst().first) else { return }
      addColumn(column(name, type, options), to: table)
    case "add_columns":
      guard let type = options.text("type") else { return }
      for case let name? in rest.map({ text(positional: $0) }) { addColumn(column(name, type, options), to: table) }
    case "add_reference", "add_belongs_to":
      guard let name = text(rest.first) else { return }
      var later: [PlacedOperation] = []
      for column in reference(name, options, table: table, &later) { addColumn(column, to: table) }
      for placed in later { add(placed.operation) }
    case "add_timestamps": for column in timestamps(options) { addColumn(column, to: table) }
    default: changeMore(method, table, rest, options)
    }
  }

  private mutating func changeMore(_ method: String, _ table: String, _ rest: [Value], _ options: Options) {
    switch method {
    case "rename_column":
      guard let old = text(rest.first), let new = text(rest.dropFirst().first) else { return }
      add(.renameColumn(TableName(table), old, to: new))
      if var known = column(old, of: table) {
        forget(old, of: table)
        known.name = new
        remember(known, of: table)
      }
    case "remove_column", "remove_columns":
      let names = method == "remove_column" ? Array(rest.prefix(1)) : rest
      for case let name? in names.map({ text(positional: $0) }) { dropColumn(name, of: table) }
    case "remove_reference", "remove_belongs_to":
      guard let name = text(rest.first) else { return }
      dropColumn(name + "_id", of: table)
      if options.isSet("polymorphic") { dropColumn(name + "_type", of: table) }
    case "remove_timestamps": for name in ["created_at", "updated_at"] { dropColumn(name, of: table) }
    case "change_column":
      guard let name = text(rest.first), let type = text(rest.dropFirst().first) else { return }
      var changed = column(name, type, options)
      if let known = column(name, of: table) {
        if options.value("null") == nil { changed.isNullable = known.isNullable }
        if options.value("default") == nil { changed.defaultExpression = known.defaultExpression }
        changed.isGenerated = known.isGenerated
      }
      changeColumn(changed, of: table)
    case "change_column_null":
      guard let name = text(rest.first), var known = column(name, of: table), rest.count > 1 else { return }
      known.isNullable = rest[1] != .literal("false")
      changeColumn(known, of: table)
    case "change_column_default":
      guard let name = text(rest.first), var known = column(name, of: table), rest.count > 1 else { return }
      known.defaultExpression = defaultText(options.value("to") ?? rest[1])
      changeColumn(known, of: table)
    case "add_index": index(rest.first, options, table: table)
    case "remove_index": removeIndex(rest.first, options, table: table)
    case "add_foreign_key":
      guard let target = text(rest.first) else { return }
      add(.addForeignKey(TableName(table), foreignKey(to: target, options)))
    case "remove_foreign_key":
      let target = text(positional: rest.first ?? .opaque) ?? options.text("to_table")
      if let column = options.text("column") ?? target.map({ inflector.singular($0) + "_id" }) {
        add(.dropForeignKey(TableName(table), [column]))
      }
      if let name = options.text("name") { add(.dropConstraint(TableName(table), name: name)) }
    default: break
    }
  }

  private func text(positional value: Value) -> String? { if case .text(let text) = value { text } else { nil } }

  /// SQL that changes the schema; other SQL changes rows.
  private mutating func execute(_ arguments: [Value]) {
    guard let sql = text(arguments.first) else { return }
    let words = sql.drop { $0.isWhitespace || $0 == "(" }.prefix(8).lowercased()
    guard ["create", "alter", "drop", "rename"].contains(where: words.hasPrefix) else { return }
    add(.statement(sql))
  }

  private mutating func addColumn(_ column: Column, to table: String) {
    add(.addColumn(TableName(table), column))
    if self.column(column.name, of: table) == nil { remember(column, of: table) }
  }

  private mutating func dropColumn(_ name: String, of table: String) {
    add(.dropColumn(TableName(table), name))
    forget(name, of: table)
  }

  private mutating func changeColumn(_ column: Column, of table: String) {
    add(.changeColumn(TableName(table), column))
    remember(column, of: table)
  }

  // MARK: In the block of a table

  mutating func column(_ method: String, _ arguments: [Value], into block: inout TableBlock) {
    let options = Options(arguments)
    let table = block.table.name.text
    let names = arguments.compactMap { text(positional: $0) }
    var added: [Column] = []
    var later: [PlacedOperation] = []
    switch method {
    case "timestamps": added = timestamps(options)
    case "references", "belongs_to":
      for name in names { added += reference(name, options, table: table, &later) }
    case "index", "unique_constraint":
      let operations = self.operations.count
      index(arguments.first, options, table: table, isUnique: method == "unique_constraint")
      later += takeOperations(from: operations)
    case "foreign_key":
      if let target = names.first {
        later.append(PlacedOperation(.addForeignKey(TableName(table), foreignKey(to: target, options)), at: span))
      }
    case "column":
      if let name = names.first, names.count > 1 {
        added = [column(name, names[1], options)]
        indexed(name, options, table: table, &later)
      }
    case "primary_key":
      if let name = names.first {
        added = [Column(name: name, type: types.key, isNullable: false, isGenerated: true)]
        block.table.primaryKey = [name]
      }
    case let method where !block.isNew && Self.isChange(method):
      let operations = self.operations.count
      changeMore(Self.full(method), table, arguments, options)
      later += takeOperations(from: operations)
    case let method where !Self.notColumns.contains(method) && !method.hasSuffix("?"):
      for name in names {
        added.append(column(name, method, options))
        indexed(name, options, table: table, &later)
      }
    default: break
    }
    if block.isNew {
      for column in added where block.table.column(named: column.name) == nil {
        block.table.columns.append(column)
        if options.isSet("primary_key"), !block.table.primaryKey.contains(column.name) {
          block.table.primaryKey.append(column.name)
        }
      }
    } else {
      let operations = self.operations.count
      for column in added { addColumn(column, to: table) }
      block.later += takeOperations(from: operations)
    }
    block.later += later
  }

  private static func isChange(_ method: String) -> Bool {
    ["remove", "rename", "change"].contains(where: method.hasPrefix)
  }

  /// What a method of a table block is called when the table is an argument.
  private static func full(_ method: String) -> String {
    switch method {
    case "remove": "remove_columns"
    case "rename": "rename_column"
    case "change": "change_column"
    case "change_default": "change_column_default"
    case "change_null": "change_column_null"
    default: method
    }
  }

  /// `index: true` and `index: { unique: true }` behind a column.
  private mutating func indexed(_ column: String, _ options: Options, table: String, _ later: inout [PlacedOperation]) {
    guard let index = options.nested("index"), index.isSet("unique") else { return }
    let name = index.text("name") ?? "index_\(table)_on_\(column)"
    later.append(PlacedOperation(.addUnique(TableName(table), [column], name: name), at: span))
  }

  // MARK: Parts

  private func column(_ name: String, _ type: String, _ options: Options) -> Column {
    Column(
      name: name, type: types.name(of: type, options.details),
      isNullable: options.value("null") != .literal("false") && !options.isSet("primary_key"),
      defaultExpression: options.value("default").flatMap { defaultText($0) },
      isGenerated: type == "primary_key" || type == "serial" || type == "bigserial")
  }

  private func timestamps(_ options: Options) -> [Column] {
    let isNullable = options.value("null").map { $0 != .literal("false") } ?? types.areTimestampsNullable
    var details = options.details
    if details["precision"] == nil, types.version >= 600 { details["precision"] = "6" }
    return ["created_at", "updated_at"].map {
      Column(
        name: $0, type: types.name(of: "datetime", details), isNullable: isNullable,
        defaultExpression: options.value("default").flatMap { defaultText($0) })
    }
  }

  private mutating func reference(
    _ name: String, _ options: Options, table: String, _ later: inout [PlacedOperation]
  ) -> [Column] {
    let id = name + "_id"
    let type = options.text("type").map { types.name(of: $0, options.details.filter { $0.key != "type" }) } ?? types.key
    let isNullable = options.value("null") != .literal("false")
    var columns = [
      Column(
        name: id, type: type, isNullable: isNullable,
        defaultExpression: options.value("polymorphic") == nil
          ? options.value("default").flatMap { defaultText($0) } : nil)
    ]
    if options.isSet("polymorphic") {
      let inner = options.nested("polymorphic")
      let kind = Column(
        name: name + "_type", type: types.name(of: "string", inner?.details ?? [:]), isNullable: isNullable,
        defaultExpression: inner?.value("default").flatMap { defaultText($0) })
      columns.insert(kind, at: types.version >= 500 ? 0 : 1)
    }
    if options.isSet("foreign_key") {
      let given = options.nested("foreign_key") ?? Options([])
      let target = given.text("to_table") ?? (given.value("to_table") == nil ? inflector.plural(name) : nil)
      if let target {
        var key = foreignKey(to: target, given)
        key.columns = [id]
        later.append(PlacedOperation(.addForeignKey(TableName(table), key), at: span))
      }
    }
    indexed(
      columns.map(\.name).sorted().reversed().joined(separator: "_and_"), options, columns: columns.map(\.name),
      table: table, &later)
    return columns
  }

  private mutating func indexed(
    _ joined: String, _ options: Options, columns: [String], table: String, _ later: inout [PlacedOperation]
  ) {
    guard let index = options.nested("index"), index.isSet("unique") else { return }
    let name = index.text("name") ?? "index_\(table)_on_\(joined)"
    later.append(PlacedOperation(.addUnique(TableName(table), columns, name: name), at: span))
  }

  private func foreignKey(to target: String, _ options: Options) -> ForeignKey {
    let action: ReferentialAction =
      switch options.text("on_delete") {
      case "cascade": .cascade
      case "nullify": .setNull
      case "restrict": .restrict
      default: .noAction
      }
    func list(_ name: String) -> [String]? {
      switch options.value(name) {
      case .list(let items)?: items.compactMap(\.literalText)
      case let value?: value.literalText.map { [$0] }
      case nil: nil
      }
    }
    return ForeignKey(
      name: options.text("name"), columns: list("column") ?? [inflector.singular(target) + "_id"],
      target: TableName(target), targetColumns: list("primary_key") ?? ["id"], onDelete: action, span: span)
  }

  private mutating func index(_ given: Value?, _ options: Options, table: String, isUnique: Bool = false) {
    guard isUnique || options.isSet("unique"), options.value("where") == nil, let given else { return }
    let columns: [String]
    if case .list(let items) = given {
      columns = items.compactMap(\.literalText)
    } else {
      columns = [given.literalText ?? ""]
    }
    guard columns.allSatisfy({ !$0.isEmpty && !$0.utf8.contains(UInt8(ascii: "(")) }) else { return }
    let name = options.text("name") ?? "index_\(table)_on_\(columns.joined(separator: "_and_"))"
    add(.addUnique(TableName(table), columns, name: name))
  }

  private mutating func removeIndex(_ given: Value?, _ options: Options, table: String) {
    if let name = options.text("name") { return add(.dropConstraint(TableName(table), name: name)) }
    let value = options.value("column") ?? given
    var columns: [String] = []
    if case .list(let items)? = value {
      columns = items.compactMap(\.literalText)
    } else if let name = value?.literalText {
      columns = [name]
    }
    guard !columns.isEmpty else { return }
    add(.dropConstraint(TableName(table), name: "index_\(table)_on_\(columns.joined(separator: "_and_"))"))
  }
}
