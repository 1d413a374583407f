import Basics
import Facts

/// Exposed: tables as objects, what their methods and those of entity classes do.
struct ExposedRecognizer: FrameworkRecognizer {
  static let frameworkName = "Exposed"
  let name = Self.frameworkName
  let languages: Set<SourceLanguage> = [.kotlin]
  let tracksChanges = true

  func entities(in system: SystemIndex) -> [EntityMapping] { ExposedTables(system).mappings() }

  /// Functions whose body, or a part of it, is given to `transaction`.
  func transactions(in system: SystemIndex) -> [FunctionID] {
    var found: [FunctionID] = []
    for (file, facts) in system.files.enumerated() where facts.language == .kotlin {
      guard facts.imports.contains(where: { $0.path.hasPrefix("org.jetbrains.exposed") }) else { continue }
      for (index, function) in facts.functions.enumerated() {
        let begins = function.events.contains { placed in
          guard case .call(let call) = placed.event, call.receiver == nil else { return false }
          return ["transaction", "newSuspendedTransaction", "suspendedTransactionAsync"].contains(call.callee)
        }
        if begins { found.append(FunctionID(file: file, index: index)) }
      }
    }
    return found
  }

  let rules: [DataRule] = [
    DataRule(
      .entityType,
      ["selectAll", "select", "slice", "selectBatched", "find", "all", "wrapRows", "forUpdate", "with"], .refine, .query
    ),
    DataRule(.entityType, ["findById", "get", "findSingleByAndUpdate"], .read, .entity),
    DataRule(.entityType, ["count", "exists"], .read, .value),
    DataRule(
      .entityType,
      [
        "insert", "insertAndGetId", "insertIgnore", "insertIgnoreAndGetId", "batchInsert", "update", "upsert",
        "batchUpsert", "deleteWhere", "deleteIgnoreWhere", "deleteAll", "replace", "batchReplace", "truncate",
      ], .write, .value),
    DataRule(.entityType, ["new"], .write, .entity),
    DataRule(
      .entityType, ["innerJoin", "leftJoin", "rightJoin", "fullJoin", "crossJoin", "join"], .readArgument(0), .query),
    DataRule(.query, ["innerJoin", "leftJoin", "rightJoin", "fullJoin", "crossJoin", "join"], .readArgument(0), .same),
    DataRule(
      .query,
      ["selectAll", "select", "slice", "where", "andWhere", "orWhere", "orderBy", "groupBy", "limit", "offset"],
      .refine, .same),
    DataRule(.query, ["update", "deleteAll"], .write, .value),
    DataRule(.query, ["first", "firstOrNull", "single", "singleOrNull"], .read, .entity),
    DataRule(.query, ["count", "empty"], .read, .value),
    DataRule(.entity, ["delete"], .write, .value),
    DataRule(.entity, ["flush", "refresh"], .nothing, .same),
  ]
}

/// Reads the tables and entity classes of Exposed.
private struct ExposedTables {
  private let system: SystemIndex
  private var tables: [TypeID: String] = [:]

  private static let keyTypes: [String: String] = [
    "IntIdTable": "integer", "LongIdTable": "bigint", "UUIDTable": "uuid", "UIntIdTable": "integer",
    "ULongIdTable": "bigint", "IdTable": "", "CompositeIdTable": "", "Table": "",
  ]
  private static let entityClasses: Set<String> = [
    "IntEntityClass", "LongEntityClass", "UUIDEntityClass", "EntityClass", "ImmutableEntityClass", "UIntEntityClass",
    "ULongEntityClass", "CompositeEntityClass",
  ]
  private static let package = "org.jetbrains.exposed"

  init(_ system: SystemIndex) {
    self.system = system
    for type in system.types where system.files[type.file].language == .kotlin {
      guard system.files[type.file].imports.contains(where: { $0.path.hasPrefix(Self.package) }),
        system.base(of: type, named: Set(Self.keyTypes.keys)) != nil, system.type(type).kind == .class
      else { continue }
      tables[type] = Self.tableName(system.type(type))
    }
  }

  private static func tableName(_ type: TypeFact) -> String {
    for case .call(let call) in type.body.map(\.event) {
      if let text = (call.arguments.entry("name") ?? call.arguments.positional.first)?.literalText { return text }
    }
    let last = NameWords.lastPart(type.name)
    return last.hasSuffix("Table") && last != "Table" ? String(last.dropLast(5)) : last
  }

  func mappings() -> [EntityMapping] {
    var found: [EntityMapping] = []
    for type in system.types {
      if let table = tables[type] {
        found.append(mapping(of: type, table: table))
      } else if let entity = entityMapping(of: type) {
        found.append(entity)
      }
    }
    return found
  }

  // MARK: Tables

  private func mapping(of type: TypeID, table: String) -> EntityMapping {
    let fact = system.type(type)
    var mapping = EntityMapping(
      file: type.file, type: type.index, table: TableName(table), isDeclared: !fact.body.isEmpty,
      framework: ExposedRecognizer.frameworkName, line: fact.line)
    let base = system.base(of: type, named: Set(Self.keyTypes.keys))?.simple ?? ""
    if let key = Self.keyTypes[base], !key.isEmpty {
      var name = "id"
      for case .call(let call) in fact.body.map(\.event) where call.arguments.positional.count > 1 {
        name = call.arguments.positional[1].literalText ?? name
      }
      mapping.properties.append(
        PropertyMapping(
          name: "id",
          storage: .column(Column(name: name, type: key, isNullable: false, isGenerated: key != "uuid")),
          line: fact.line))
      mapping.keys = ["id"]
    }
    for field in fact.fields {
      if field.name == "primaryKey", case .call("PrimaryKey", _, let arguments) = field.value {
        mapping.keys = arguments.compactMap { if case .name(let name) = $0 { NameWords.lastPart(name) } else { nil } }
        continue
      }
      guard let property = property(field, from: type.file) else { continue }
      mapping.properties.append(property.mapping)
      if property.isUnique { mapping.uniques.append([field.name]) }
    }
    return mapping
  }

  private func property(_ field: FieldFact, from file: Int) -> (mapping: PropertyMapping, isUnique: Bool)? {
    var isNullable = false
    var isUnique = false
    var isGenerated = false
    var target: String?
    var current = field.value
    while case .call(let callee, let receiver, let arguments) = current {
      if let receiver {
        switch callee {
        case "nullable": isNullable = true
        case "uniqueIndex": isUnique = true
        case "autoIncrement": isGenerated = true
        case "references": if case .name(let name)? = arguments.first { target = Self.owner(of: name) }
        default: break
        }
        current = receiver
        continue
      }
      guard let name = arguments.positional.first?.literalText ?? arguments.entry("name")?.literalText else {
        return nil
      }
      if callee == "optReference" { isNullable = true }
      if callee == "reference" || callee == "optReference", arguments.positional.count > 1,
        case .name(let other) = arguments.positional[1]
      {
        target = system.resolve(other, from: file) == nil ? Self.owner(of: other) : other
      }
      let type = Self.columnType(callee, arguments)
      guard target != nil || !type.isEmpty else { return nil }
      let column = Column(
        name: name, type: target == nil || type != "" ? type : "", isNullable: isNullable, isGenerated: isGenerated)
      let storage: PropertyMapping.Storage =
        target.map { .reference(to: $0, columns: [column], onDelete: .noAction) } ?? .column(column)
      return (PropertyMapping(name: field.name, storage: storage, line: field.line), isUnique)
    }
    return nil
  }

  /// `Customers` of `Customers.id`.
  private static func owner(of name: String) -> String {
    name.utf8.lastIndex(of: UInt8(ascii: ".")).map { String(name[..<$0]) } ?? name
  }

  private static func columnType(_ builder: String, _ arguments: [Value]) -> String {
    let positional = arguments.positional
    func number(_ name: String, _ place: Int, _ fallback: Int) -> Int {
      let given = arguments.entry(name) ?? (place < positional.count ? positional[place] : nil)
      guard case .literal(let digits)? = given else { return fallback }
      return Int(digits) ?? fallback
    }
    return switch builder {
    case "varchar", "enumerationByName": "varchar(\(number("length", 1, 255)))"
    case "char": "char(\(number("length", 1, 1)))"
    case "integer", "enumeration", "uinteger": "integer"
    case "long", "ulong": "bigint"
    case "short", "byte", "ubyte", "ushort": "smallint"
    case "bool": "boolean"
    case "text", "mediumText", "largeText": "text"
    case "decimal": "decimal(\(number("precision", 1, 10)),\(number("scale", 2, 0)))"
    case "float": "real"
    case "double": "double precision"
    case "date": "date"
    case "time": "time"
    case "datetime", "timestamp": "timestamp"
    case "timestampWithTimeZone": "timestamp with time zone"
    case "duration": "bigint"
    case "uuid": "uuid"
    case "binary", "blob": "bytea"
    case "json": "json"
    case "jsonb": "jsonb"
    default: ""
    }
  }

  // MARK: Entity classes

  /// `class Order(id: EntityID<Int>) : IntEntity(id) { companion object : IntEntityClass<Order>(Orders) }`
  private func entityMapping(of type: TypeID) -> EntityMapping? {
    let fact = system.type(type)
    guard system.files[type.file].language == .kotlin,
      let companion = system.files[type.file].types.first(where: {
        $0.name == fact.name + ".Companion" && $0.bases.contains { Self.entityClasses.contains(TypeName($0).simple) }
      })
    else { return nil }
    for case .call(let call) in companion.body.map(\.event) {
      guard case .name(let name)? = call.arguments.first, let object = system.resolve(name, from: type.file),
        let table = tables[object]
      else { continue }
      var mapping = EntityMapping(
        file: type.file, type: type.index, table: TableName(table), isDeclared: false,
        framework: ExposedRecognizer.frameworkName, line: fact.line)
      mapping.properties = fact.fields.compactMap { property(ofEntity: $0, table: object) }
      return mapping
    }
    return nil
  }

  private func property(ofEntity field: FieldFact, table: TypeID) -> PropertyMapping? {
    switch field.value {
    case .name(let name):
      guard let column = system.field(NameWords.lastPart(name), of: table)?.field,
        let stored = property(column, from: table.file)?.mapping.storage
      else { return nil }
      return PropertyMapping(name: field.name, storage: stored, line: field.line)
    case .call(let word, .name(let other)?, let arguments):
      switch word {
      case "referencedOn", "optionalReferencedOn":
        return PropertyMapping(
          name: field.name, storage: .reference(to: other, columns: [], onDelete: .noAction), line: field.line)
      case "referrersOn", "optionalReferrersOn", "backReferencedOn":
        return PropertyMapping(
          name: field.name, storage: .inverse(of: other), isMany: word != "backReferencedOn", line: field.line)
      case "via":
        guard case .name(let between)? = arguments.first, let object = system.resolve(between, from: table.file),
          let name = tables[object]
        else { return nil }
        return PropertyMapping(
          name: field.name, storage: .joinTable(TableName(name), to: other, columns: [], targetColumns: []),
          isMany: true, line: field.line)
      default: return nil
      }
    case .text, .literal, .type, .field, .call, .join, .list, .member, .either, .element, .operation, .closure, .opaque:
      return nil
    }
  }
}
