import Basics
import Facts

/// Structs of Go that GORM or xorm keeps in tables.
struct GORMEntities {
  private let system: SystemIndex
  private var prefix = ""
  private var isSingular = false
  private var migrated: Set<TypeID> = []

  init(system: SystemIndex) {
    self.system = system
    for (file, facts) in system.files.enumerated() where facts.language == .go {
      for function in facts.functions {
        for case .call(let call) in function.events.lazy.map(\.event) { learn(call, file: file) }
      }
    }
  }

  /// What the naming strategy says, and which structs are migrated.
  private mutating func learn(_ call: CallFact, file: Int) {
    switch NameWords.lastPart(call.callee) {
    case "NamingStrategy":
      if case .text(let text)? = call.arguments.entry("TablePrefix") { prefix = text }
      if call.arguments.entry("SingularTable") == .literal("true") { isSingular = true }
    case "SingularTable" where call.arguments == [.literal("true")]: isSingular = true
    case "AutoMigrate", "Sync2", "Sync", "CreateTables":
      for case .call(let name, nil, _) in call.arguments {
        if let type = system.resolve(name, from: file) { migrated.insert(type) }
      }
    default: break
    }
  }

  /// The mappings of all such structs, in order of file and line.
  func mappings() -> [EntityMapping] {
    let structs = system.types.filter { system.files[$0.file].language == .go && system.type($0).kind == .class }
    let embedded = Set(
      structs.flatMap { type in system.type(type).bases.compactMap { system.resolve($0, from: type.file) } })
    var entities: Set<TypeID> = []
    var waiting = structs.filter(isMapped)
    // What entities lead to are entities too.
    while let next = waiting.popLast() {
      guard entities.insert(next).inserted else { continue }
      waiting += system.type(next).bases.compactMap { system.resolve($0, from: next.file) }
      for field in system.type(next).fields where field.annotations.contains(where: { $0.name == "gorm" }) {
        if let target = target(of: field, from: next.file)?.type { waiting.append(target) }
      }
    }
    return structs.filter { entities.contains($0) }.map { mapping(of: $0, isLent: embedded.contains($0)) }
  }

  private func isMapped(_ type: TypeID) -> Bool {
    let fact = system.type(type)
    return migrated.contains(type) || tableMethod(of: type) != nil || fact.bases.contains("gorm.Model")
      || fact.fields.contains { $0.annotations.contains { $0.name == "gorm" || $0.name == "xorm" } }
  }

  private func tableMethod(of type: TypeID) -> FunctionFact? {
    system.methods(of: type).map { system.symbols.function($0) }.first {
      NameWords.lastPart($0.name) == "TableName" && $0.parameters.isEmpty
    }
  }

  private func tableName(_ function: FunctionFact?, file: Int) -> String? {
    for case .result(let value)? in function?.events.map({ Optional($0.event) }) ?? [] {
      if let text = value.literalText { return text }
      if case .name(let name) = value, let (fact, _) = system.symbols.constant(named: name, from: file) {
        return fact.value.literalText
      }
    }
    return nil
  }

  private func mapping(of type: TypeID, isLent: Bool) -> EntityMapping {
    let fact = system.type(type)
    let isXorm = fact.fields.contains { $0.annotations.contains { $0.name == "xorm" } }
    let declared = tableName(tableMethod(of: type), file: type.file)
    var mapping = EntityMapping(
      file: type.file, type: type.index, table: nil, isDeclared: declared != nil, inheritance: .separate,
      framework: "GORM", line: fact.line)
    if let declared {
      mapping.table = TableName(declared)
    } else if !isLent {
      let plain = Self.snake(fact.name)
      mapping.table = TableName(prefix + (isXorm || isSingular ? plain : EnglishPlural.go.plural(plain)))
    }
    if fact.bases.contains("gorm.Model") {
      mapping.keys = ["ID"]
      mapping.properties = Self.model(line: fact.line)
    }
    for field in fact.fields where field.name.first?.isUppercase ?? false {
      let tag = GORMTag(field)
      guard !tag.isIgnored, let property = property(field, tag, of: type) else { continue }
      mapping.properties.append(property)
      if tag.isKey { mapping.keys.append(field.name) }
      if tag.isUnique { mapping.uniques.append([field.name]) }
    }
    if mapping.keys.isEmpty, let id = fact.fields.first(where: { $0.name == "ID" || $0.name == "Id" }) {
      mapping.keys = [id.name]
    }
    return mapping
  }

  private static func model(line: Int) -> [PropertyMapping] {
    [
      ("ID", "id", "bigint"), ("CreatedAt", "created_at", "timestamptz"), ("UpdatedAt", "updated_at", "timestamptz"),
      ("DeletedAt", "deleted_at", "timestamptz"),
    ].map { name, column, type in
      PropertyMapping(
        name: name,
        storage: .column(Column(name: column, type: type, isNullable: name != "ID", isGenerated: name == "ID")),
        line: line)
    }
  }

  // MARK: Fields

  /// The struct a field leads to, and whether there are many; nil for plain values.
  private func target(of field: FieldFact, from file: Int) -> (type: TypeID, name: String, isMany: Bool)? {
    let declared = TypeName(field.type)
    let isMany = declared.head == "Array"
    let name = isMany ? declared.arguments.first ?? "" : field.type
    guard !name.hasPrefix("Array<"), !name.hasPrefix("Map<"), !GORMTypes.isPlain(name),
      let type = system.resolve(name, from: file), system.type(type).kind == .class
    else { return nil }
    return (type, name, isMany)
  }

  private func property(_ field: FieldFact, _ tag: GORMTag, of type: TypeID) -> PropertyMapping? {
    func mapped(_ storage: PropertyMapping.Storage, isMany: Bool = false) -> PropertyMapping {
      PropertyMapping(name: field.name, storage: storage, isMany: isMany, line: field.line)
    }
    if let target = target(of: field, from: type.file), tag.value("type") == nil, !tag.isSerialized {
      if tag.isEmbedded { return mapped(.embedded(target.name)) }
      if let between = tag.value("many2many") {
        let own = Self.snake(system.type(type).name)
        let other = Self.snake(NameWords.lastPart(target.name))
        func column(_ name: String) -> Column { Column(name: name, type: "", isNullable: false) }
        return mapped(
          .joinTable(
            TableName(between), to: target.name,
            columns: [column(tag.value("joinforeignkey").map(Self.snake) ?? own + "_id")],
            targetColumns: [column(tag.value("joinreferences").map(Self.snake) ?? other + "_id")]), isMany: true)
      }
      let key = tag.value("foreignkey") ?? field.name + "ID"
      let own = system.type(type).fields.first { $0.name == key || $0.name == field.name + "Id" }
      guard !target.isMany, let own else { return mapped(.inverse(of: target.name), isMany: target.isMany) }
      let column = Column(name: GORMTag(own).column ?? Self.snake(own.name), type: "", isNullable: true)
      return mapped(
        .reference(to: target.name, columns: [column], onDelete: tag.onDelete))
    }
    let name = tag.column ?? Self.snake(field.name)
    let resolved = system.resolve(field.type, from: type.file).flatMap { system.type($0).bases.first } ?? field.type
    let isKey = tag.isKey || field.name == "ID"
    return mapped(
      .column(
        Column(
          name: name, type: tag.value("type")?.lowercased() ?? GORMTypes.column(resolved, size: tag.value("size")),
          isNullable: !isKey && !tag.isNotNull, defaultExpression: tag.value("default"),
          isGenerated: isKey && GORMTypes.isWhole(resolved))))
  }

  /// `UserID` is `user_id`, `APIKey` is `api_key`.
  static func snake(_ name: String) -> String {
    let bytes = Array(name.utf8)
    func isUpper(_ place: Int) -> Bool {
      place >= 0 && place < bytes.count && bytes[place] >= UInt8(ascii: "A") && bytes[place] <= UInt8(ascii: "Z")
    }
    var result: [UInt8] = []
    for place in bytes.indices {
      let isLowerAfter = place + 1 < bytes.count && !isUpper(place + 1) && bytes[place + 1] != UInt8(ascii: "s")
      if isUpper(place), place > 0, bytes[place - 1] != UInt8(ascii: "_"), !isUpper(place - 1) || isLowerAfter {
        result.append(UInt8(ascii: "_"))
      }
      result.append(isUpper(place) ? bytes[place] | 0x20 : bytes[place])
    }
    return String(decoding: result, as: UTF8.self)
  }
}

/// The tag by which GORM or xorm is told about a field.
struct GORMTag {
  private var values: [String: String] = [:]
  /// The column named there.
  private(set) var column: String?

  init(_ field: FieldFact) {
    if let text = field.annotations.first(where: { $0.name == "gorm" })?.arguments.first?.literalText {
      for part in text.split(separator: ";") {
        let pair = part.split(separator: ":", maxSplits: 1).map(String.init)
        guard let key = pair.first else { continue }
        values[key.lowercased().filter { $0 != "_" && $0 != " " }] = pair.count > 1 ? pair[1] : ""
      }
      column = values["column"]
    } else if let text = field.annotations.first(where: { $0.name == "xorm" })?.arguments.first?.literalText {
      for word in text.split(separator: " ").map(String.init) {
        if word.hasPrefix("'"), word.hasSuffix("'") {
          column = String(word.dropFirst().dropLast())
        } else if word == "pk" {
          values["primarykey"] = ""
        } else if word == "-" || word == "extends" {
          values[word == "-" ? "-" : "embedded"] = ""
        } else if word.hasPrefix("varchar") || word.hasPrefix("char") || ["text", "bigint", "int"].contains(word) {
          values["type"] = word
        }
      }
    }
  }

  func value(_ key: String) -> String? { values[key].flatMap { $0.isEmpty ? nil : $0 } }

  var isIgnored: Bool { values["-"] != nil }
  var isKey: Bool { values["primarykey"] != nil }
  var isUnique: Bool { values["unique"] != nil || values["uniqueindex"] == "" }
  var isNotNull: Bool { values["notnull"] != nil }
  var isEmbedded: Bool { values["embedded"] != nil }
  var isSerialized: Bool { values["serializer"] != nil }
  var onDelete: ReferentialAction {
    switch values["constraint"]?.uppercased() {
    case let text? where text.contains("ONDELETE:CASCADE"): .cascade
    case let text? where text.contains("ONDELETE:SET NULL"): .setNull
    default: .noAction
    }
  }
}

/// Columns that GORM's PostgreSQL driver makes of Go types.
enum GORMTypes {
  private static let columns: [String: String] = [
    "string": "text", "bool": "boolean", "int": "bigint", "int64": "bigint", "uint": "bigint", "uint64": "bigint",
    "int32": "integer", "uint32": "bigint", "int16": "smallint", "uint16": "integer", "int8": "smallint",
    "uint8": "smallint", "float32": "decimal", "float64": "decimal", "time.Time": "timestamptz",
    "gorm.DeletedAt": "timestamptz", "Array<byte>": "bytea", "Array<uint8>": "bytea", "sql.NullString": "text",
    "sql.NullInt64": "bigint", "sql.NullInt32": "integer", "sql.NullBool": "boolean", "sql.NullTime": "timestamptz",
    "sql.NullFloat64": "decimal", "datatypes.JSON": "jsonb", "json.RawMessage": "bytea", "uuid.UUID": "uuid",
    "null.String": "text", "null.Time": "timestamptz", "null.Int": "bigint", "null.Bool": "boolean",
  ]
  private static let whole: Set<String> = ["int", "int64", "uint", "uint64", "int32", "uint32"]

  static func isPlain(_ type: String) -> Bool { columns[type] != nil }

  static func isWhole(_ type: String) -> Bool { whole.contains(type) }

  static func column(_ type: String, size: String?) -> String {
    if type == "string", let size { return "varchar(\(size))" }
    return columns[type] ?? "text"
  }
}
