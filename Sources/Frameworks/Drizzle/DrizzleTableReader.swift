import Basics
import Facts

/// Reads the tables that Drizzle describes: `pgTable('orders', { id: serial('id').primaryKey() })`.
struct DrizzleTableReader {
  let system: SystemIndex

  private static let tables: Set<String> = ["pgTable", "mysqlTable", "sqliteTable", "table", "pgView", "mysqlView"]

  /// Every described table, with the relations said of it elsewhere.
  func entities() -> [EntityMapping] {
    var found: [EntityMapping] = []
    for (file, facts) in system.files.enumerated() where facts.imports(from: "drizzle-orm") {
      for (index, type) in facts.types.enumerated() {
        if let mapping = self.mapping(type, file: file, index: index) { found.append(mapping) }
      }
    }
    for place in found.indices { found[place].properties += relations(of: found[place]) }
    return found
  }

  private func mapping(_ type: TypeFact, file: Int, index: Int) -> EntityMapping? {
    for placed in type.body {
      guard case .call(let call) = placed.event, Self.tables.contains(call.callee),
        let name = call.arguments.first?.plainText
      else { continue }
      var mapping = EntityMapping(
        file: file, type: index, table: TableName(name), isDeclared: true, framework: "Drizzle", line: type.line)
      mapping.isView = call.callee.hasSuffix("View")
      for (property, value) in call.arguments.count > 1 ? call.arguments[1].entries : [] {
        add(property, value, type: type, to: &mapping)
      }
      // `(t) => ({ pk: primaryKey({ columns: [t.a, t.b] }) })`.
      for case .closure(_, let result) in call.arguments.dropFirst(2) { addKeys(result, to: &mapping) }
      return mapping
    }
    return nil
  }

  private func add(_ property: String, _ value: Value, type: TypeFact, to mapping: inout EntityMapping) {
    var chain: [String: [Value]] = [:]
    var current = value
    while case .call(let callee, let receiver?, let arguments) = current {
      chain[callee] = arguments
      current = receiver
    }
    guard case .call(let kind, _, let arguments) = current else { return }
    let options = arguments.options ?? .list([])
    let isKey = chain["primaryKey"] != nil
    var column = Column(
      name: arguments.first?.plainText ?? property, type: Self.sqlType(kind, options),
      isNullable: !isKey && chain["notNull"] == nil)
    column.isGenerated =
      kind.lowercased().hasSuffix("serial") || chain["autoincrement"] != nil
      || chain.keys.contains { $0.hasPrefix("generatedAlways") || $0.hasPrefix("generatedByDefault") }
    column.defaultExpression = TypeORMEntityReader.defaultText(chain["default"]?.first)
    if isKey { mapping.keys.append(property) }
    if chain["unique"] != nil { mapping.uniques.append([property]) }
    var storage = PropertyMapping.Storage.column(column)
    if let references = chain["references"], case .closure(_, let target)? = references.first,
      let name = target.className
    {
      let parts = name.split(separator: ".")
      if parts.count > 1 {
        storage = .reference(
          to: String(parts[parts.count - 2]), columns: [column],
          onDelete: references.options?.entry("onDelete")?.referentialAction ?? .noAction)
      }
    }
    mapping.properties.append(PropertyMapping(name: property, storage: storage, line: type.line))
  }

  private func addKeys(_ result: Value, to mapping: inout EntityMapping) {
    result.forEachObject { options in
      for part in options.items + options.entries.map(\.value) {
        guard case .call("primaryKey", _, let arguments) = part else { continue }
        let columns = arguments.options?.entry("columns")?.items ?? arguments
        mapping.keys = columns.compactMap { $0.className.map(NameWords.lastPart) }
      }
    }
  }

  /// `relations(orders, ({ many, one }) => ({ items: many(items), customer: one(customers, …) }))`.
  private func relations(of mapping: EntityMapping) -> [PropertyMapping] {
    let own = system.files[mapping.file].types[mapping.type].name
    var found: [PropertyMapping] = []
    for facts in system.files where facts.imports(from: "drizzle-orm") {
      for constant in facts.constants {
        guard case .call("relations", nil, let arguments) = constant.value,
          arguments.first?.className == own, case .closure(_, let result)? = arguments.last
        else { continue }
        for (name, value) in result.entries {
          guard case .call(let kind, _, let inner) = value, let target = inner.first?.className else { continue }
          found.append(
            PropertyMapping(
              name: name, storage: .inverse(of: target), isMany: NameWords.lastPart(kind) == "many",
              line: constant.line))
        }
      }
    }
    return found
  }

  private static func sqlType(_ kind: String, _ options: Value) -> String {
    let size = options.digits("length").map { "(" + $0 + ")" } ?? ""
    switch kind {
    case "serial", "bigserial", "smallserial", "integer", "bigint", "smallint", "text", "boolean", "date", "json",
      "jsonb", "uuid", "real", "time", "int", "tinyint", "mediumint", "float", "double", "datetime", "year", "blob":
      if kind == "integer", options.text("mode") == "timestamp" || options.text("mode") == "boolean" {
        return "integer"
      }
      return kind
    case "varchar", "char": return kind + size
    case "doublePrecision": return "double precision"
    case "timestamp": return options.flag("withTimezone") == true ? "timestamp with time zone" : "timestamp"
    case "decimal", "numeric":
      guard let precision = options.digits("precision") else { return kind }
      return kind + "(" + precision + "," + (options.digits("scale") ?? "0") + ")"
    default: return kind.lowercased()
    }
  }
}
