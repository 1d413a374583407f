import Basics
import Facts

/// Changes that describe columns by objects, as db-migrate and node-pg-migrate do: `createTable("orders", { id: … })`.
struct KnexObjectSchema {
  let engine: EngineFamily

  /// `db.createTable.bind(db, "orders", { … })` is the call it stands for; any other call is itself.
  static func unbound(_ call: CallFact) -> CallFact {
    guard call.callee == "bind", case .name(let method)? = call.receiver else { return call }
    return CallFact(
      callee: NameWords.lastPart(method), receiver: nil, arguments: Array(call.arguments.dropFirst()),
      dispatch: call.dispatch)
  }

  /// What a call changes; nil when it describes its columns in another way.
  func operations(_ call: CallFact, table: TableName, at span: SourceSpan) -> [SchemaOperation]? {
    let second = call.arguments.count > 1 ? call.arguments[1] : .opaque
    let third = call.arguments.count > 2 ? call.arguments[2] : .opaque
    switch call.callee {
    case "createTable":
      guard !second.entries.isEmpty else { return nil }
      let columns = second.entry("columns")?.entries ?? second.entries
      var made = Table(name: table, source: span)
      for (name, description) in columns {
        made.columns.append(column(name, description))
        if isKey(description) { made.primaryKey.append(name) }
        if description.flag("unique") == true { made.uniqueKeys.append([name]) }
        if let key = foreignKey(name, description, at: span) { made.foreignKeys.append(key) }
      }
      return [.createTable(made, replaces: false)]
    case "addColumn", "addColumns":
      let columns: [(name: String, value: Value)] =
        second.plainText.map { [(name: $0, value: third)] } ?? second.entries
      guard !columns.isEmpty else { return nil }
      return columns.flatMap { name, description -> [SchemaOperation] in
        [.addColumn(table, column(name, description))]
          + (foreignKey(name, description, at: span).map { [.addForeignKey(table, $0)] } ?? [])
      }
    case "removeColumn", "dropColumn", "dropColumns":
      return second.texts.isEmpty ? nil : second.texts.map { .dropColumn(table, $0) }
    case "renameColumn":
      guard let old = second.plainText, let new = third.plainText else { return nil }
      return [.renameColumn(table, old, to: new)]
    case "changeColumn", "alterColumn":
      guard let name = second.plainText, third.entry("type") != nil else { return nil }
      return [.changeColumn(table, column(name, third))]
    case "addForeignKey":
      // `addForeignKey("orders", "users", "name", { user_id: "id" }, { onDelete: "CASCADE" })`.
      guard let target = second.plainText, call.arguments.count > 3 else { return nil }
      let pairs = call.arguments[3].entries
      let rules = call.arguments.count > 4 ? call.arguments[4] : .list([])
      return [
        .addForeignKey(
          table,
          ForeignKey(
            name: third.plainText, columns: pairs.map(\.name), target: TableName(target),
            targetColumns: pairs.compactMap { $0.value.literalText },
            onDelete: rules.entry("onDelete")?.referentialAction ?? .noAction, span: span))
      ]
    default: return nil
    }
  }

  private func isKey(_ description: Value) -> Bool {
    description.flag("primaryKey") == true || description.plainText == "id"
  }

  private func column(_ name: String, _ description: Value) -> Column {
    let type = description.plainText ?? description.text("type") ?? ""
    let size = description.entry("length").map { [$0] } ?? []
    let isKey = isKey(description)
    var column = Column(
      name: name, type: sqlType(type, size), isNullable: !isKey && description.flag("notNull") != true)
    column.isGenerated = type == "id" || description.flag("autoIncrement") == true || type.hasSuffix("serial")
    column.defaultExpression = TypeORMEntityReader.defaultText(
      description.entry("defaultValue") ?? description.entry("default"))
    return column
  }

  private func sqlType(_ type: String, _ size: [Value]) -> String {
    switch type.lowercased() {
    case "id": "serial"
    case "string": KnexTypes.sql("string", size, engine)
    case "int": KnexTypes.sql("integer", [], engine)
    default: size.first?.digits.map { type.lowercased() + "(" + $0 + ")" } ?? type.lowercased()
    }
  }

  private func foreignKey(_ column: String, _ description: Value, at span: SourceSpan) -> ForeignKey? {
    let keyed = description.entry("foreignKey")
    guard let target = keyed?.text("table") ?? description.text("references") else { return nil }
    let name = target.split(separator: "(").first.map(String.init) ?? target
    let rules = keyed?.entry("rules") ?? description
    return ForeignKey(
      name: nil, columns: [column], target: TableName(name.filter { $0 != "\"" && $0 != " " }),
      targetColumns: keyed?.text("mapping").map { [$0] } ?? [],
      onDelete: rules.entry("onDelete")?.referentialAction ?? .noAction, span: span)
  }
}
