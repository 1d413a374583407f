import Basics
import Facts

/// Reads the models of Prisma's schema files as entities.
struct PrismaModelReader {
  private let system: SystemIndex
  private let engine: EngineFamily
  private var models: [String: (file: Int, index: Int)] = [:]
  private var enums: Set<String> = []

  init(system: SystemIndex) {
    self.system = system
    var engine: EngineFamily?
    for (file, facts) in system.files.enumerated() where facts.file.fileName.hasSuffix(".prisma") {
      for constant in facts.constants where constant.name == "prisma.datasource" {
        engine = engine ?? constant.value.text("provider").flatMap(EngineFamily.init(scriptName:))
      }
      for (index, type) in facts.types.enumerated() {
        if type.kind == .enum { enums.insert(type.name) } else { models[type.name] = (file, index) }
      }
    }
    self.engine = engine ?? .postgres
  }

  /// Every model and view; composite types keep their columns elsewhere.
  func entities() -> [EntityMapping] {
    models.values.sorted { ($0.file, $0.index) < ($1.file, $1.index) }.compactMap { place in
      let type = system.files[place.file].types[place.index]
      guard type.annotations.first(named: "ignore") == nil, type.annotations.first?.name != "prisma.type" else {
        return nil
      }
      return entity(type, file: place.file, index: place.index)
    }
  }

  private func tableName(of type: TypeFact) -> String { type.annotations.first(named: "map")?.mapped ?? type.name }

  private func entity(_ type: TypeFact, file: Int, index: Int) -> EntityMapping {
    var mapping = EntityMapping(
      file: file, type: index, table: TableName(tableName(of: type)),
      isDeclared: true, framework: "Prisma", line: type.line)
    mapping.schema = type.annotations.first(named: "schema")?.mapped ?? ""
    mapping.isView = type.annotations.first?.name == "prisma.view"
    for field in type.fields where field.annotations.first(named: "ignore") == nil {
      if let property = self.property(field, of: type) { mapping.properties.append(property) }
      if field.annotations.first(named: "id") != nil { mapping.keys.append(field.name) }
      if field.annotations.first(named: "unique") != nil { mapping.uniques.append([field.name]) }
    }
    if let key = type.annotations.first(named: "id") { mapping.keys = key.fieldNames }
    mapping.uniques += type.annotations.filter { $0.name == "unique" }.map(\.fieldNames)
    return mapping
  }

  private func property(_ field: FieldFact, of type: TypeFact) -> PropertyMapping? {
    let isMany = field.type.hasPrefix("Array<")
    let target = isMany ? String(field.type.dropFirst(6).dropLast()) : field.type
    guard let other = models[target] else {
      return PropertyMapping(name: field.name, storage: .column(column(field)), line: field.line)
    }
    let relation = field.annotations.first(named: "relation")
    let named = relation?.argument("name")?.literalText ?? relation?.text("value") ?? ""
    var property = PropertyMapping(
      name: field.name, storage: .inverse(of: target), isMany: isMany, line: field.line)
    let back = system.files[other.file].types[other.index].fields.filter { candidate in
      let name = candidate.annotations.first(named: "relation").flatMap {
        $0.argument("name")?.literalText ?? $0.text("value")
      }
      return candidate.type.replacing("Array<", with: "").replacing(">", with: "") == type.name
        && (name ?? "") == named && (target != type.name || candidate.name != field.name)
    }
    if let fields = relation?.argument("fields") {
      let columns = fields.nameList.compactMap { name in type.fields.first { $0.name == name }.map(column) }
      property.storage = .reference(
        to: target, columns: columns,
        onDelete: Self.action(
          relation?.argument("onDelete"), isOptional: field.annotations.first(named: "optional") != nil))
    } else if isMany, back.contains(where: { $0.type.hasPrefix("Array<") }) {
      property.storage = between(type, target, relation: named, field: field.name, back: back.first?.name ?? "")
    }
    return property
  }

  /// What Prisma does when nothing is said: rows that may stand alone lose the key, others must not be left alone.
  private static func action(_ value: Value?, isOptional: Bool) -> ReferentialAction {
    guard case .name(let name)? = value else { return isOptional ? .setNull : .restrict }
    switch name {
    case "Cascade": return .cascade
    case "SetNull": return .setNull
    case "Restrict": return .restrict
    case "SetDefault": return .setDefault
    default: return .noAction
    }
  }

  /// The table Prisma keeps between two lists: `_OrderToTag` with the columns `A` and `B`, in order of the names.
  private func between(
    _ type: TypeFact, _ target: String, relation: String, field: String, back: String
  ) -> PropertyMapping.Storage {
    let pair = [type.name, target].sorted()
    let name = "_" + (relation.isEmpty ? pair[0] + "To" + pair[1] : relation)
    let isFirst = type.name == target ? field < back : type.name == pair[0]
    return .joinTable(
      TableName(name), to: target, columns: [Column(name: isFirst ? "A" : "B", type: "", isNullable: false)],
      targetColumns: [Column(name: isFirst ? "B" : "A", type: "", isNullable: false)])
  }

  // MARK: Columns

  private func column(_ field: FieldFact) -> Column {
    let isMany = field.type.hasPrefix("Array<")
    let type = isMany ? String(field.type.dropFirst(6).dropLast()) : field.type
    var column = Column(
      name: field.annotations.first(named: "map")?.mapped ?? field.name,
      type: sqlType(type, field.annotations) + (isMany ? "[]" : ""),
      isNullable: field.annotations.first(named: "optional") != nil)
    if let initial = field.annotations.first(named: "default")?.argument("value") {
      if case .call("autoincrement", _, _) = initial { column.isGenerated = true }
      column.defaultExpression = Self.defaultText(initial)
    }
    return column
  }

  private static func defaultText(_ value: Value) -> String? {
    switch value {
    case .call("now", _, _): "CURRENT_TIMESTAMP"
    case .call("dbgenerated", _, let arguments): arguments.first?.literalText
    case .text(let text),
      .name(let text) where text != "true" && text != "false":
      "'" + text + "'"
    case .literal(let text), .name(let text): text
    case .type, .field, .call, .join, .list, .member, .either, .element, .operation, .closure, .opaque: nil
    }
  }

  private func sqlType(_ type: String, _ annotations: [AnnotationFact]) -> String {
    // `@db.VarChar(20)` says what the engine is told.
    if let native = annotations.first(where: { $0.name.hasPrefix("db.") }) {
      let digits = native.arguments.compactMap(\.digits)
      let name = Self.native[String(native.name.dropFirst(3))] ?? String(native.name.dropFirst(3)).lowercased()
      return digits.isEmpty ? name : name + "(" + digits.joined(separator: ",") + ")"
    }
    if enums.contains(type) { return engine == .mysql ? "enum" : "\"" + type + "\"" }
    let isGenerated = annotations.first(named: "default").map {
      if case .call("autoincrement", _, _)? = $0.argument("value") { true } else { false }
    }
    switch (type, engine) {
    case ("String", .mysql): return "varchar(191)"
    case ("String", _): return "text"
    case ("Int", .postgres): return isGenerated == true ? "serial" : "integer"
    case ("Int", .mysql): return "int"
    case ("Int", .sqlite): return "integer"
    case ("BigInt", .postgres): return isGenerated == true ? "bigserial" : "bigint"
    case ("BigInt", _): return "bigint"
    case ("Boolean", .mysql): return "tinyint(1)"
    case ("Boolean", _): return "boolean"
    case ("Float", .postgres): return "double precision"
    case ("Float", .mysql): return "double"
    case ("Float", .sqlite): return "real"
    case ("Decimal", .sqlite): return "decimal"
    case ("Decimal", _): return "decimal(65,30)"
    case ("DateTime", .postgres): return "timestamp(3)"
    case ("DateTime", .mysql): return "datetime(3)"
    case ("DateTime", .sqlite): return "datetime"
    case ("Json", .mysql): return "json"
    case ("Json", _): return "jsonb"
    case ("Bytes", .postgres): return "bytea"
    case ("Bytes", .mysql): return "longblob"
    case ("Bytes", .sqlite): return "blob"
    default: return type.lowercased()
    }
  }

  private static let native: [String: String] = [
    "VarChar": "varchar", "Char": "char", "Text": "text", "Uuid": "uuid", "SmallInt": "smallint", "Integer": "integer",
    "DoublePrecision": "double precision", "Timestamptz": "timestamptz", "Timestamp": "timestamp", "JsonB": "jsonb",
    "TinyInt": "tinyint", "UnsignedInt": "int unsigned", "LongText": "longtext", "DateTime": "datetime",
  ]
}

extension AnnotationFact {
  /// The text of `@map("…")`.
  fileprivate var mapped: String? { argument("name")?.literalText ?? text("value") }

  /// The names in `@@id([a, b])`.
  fileprivate var fieldNames: [String] { (argument("fields") ?? argument("value"))?.nameList ?? [] }
}

extension Value {
  /// The names of a list: `[a, b(sort: Desc)]`.
  fileprivate var nameList: [String] {
    guard case .list(let items) = self else { return [] }
    return items.compactMap { item in
      switch item {
      case .name(let name), .call(let name, _, _): name
      case .text, .literal, .type, .field, .join, .list, .member, .either, .element, .operation, .closure, .opaque: nil
      }
    }
  }
}
