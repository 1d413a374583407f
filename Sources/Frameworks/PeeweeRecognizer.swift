import Basics
import Facts

/// Peewee: models, and the queries that begin at their classes.
struct PeeweeRecognizer: FrameworkRecognizer {
  let name = "Peewee"
  let languages: Set<SourceLanguage> = [.python]

  let rules: [DataRule] = [
    DataRule(.entityType, ["select", "select_extend"], .refine, .query, followsRelations: true),
    DataRule(.entityType, ["get", "get_or_none", "get_by_id"], .read, .entity, followsRelations: true),
    DataRule(.entityType, ["create"], .write, .entity),
    DataRule(
      .entityType,
      [
        "insert", "insert_many", "insert_from", "replace", "replace_many", "update", "delete", "delete_by_id",
        "set_by_id", "bulk_create", "bulk_update",
      ], .write, .value),
    DataRule(.entityType, ["get_or_create"], .readWrite, .entity),
    DataRule(.entity, ["delete_instance"], .delete, .value),
  ]

  /// Columns on PostgreSQL. From `field_type` and `field_types` of Peewee.
  private static let types: [String: String] = [
    "AutoField": "integer", "BigAutoField": "bigint", "IdentityField": "integer", "IntegerField": "integer",
    "BigIntegerField": "bigint", "SmallIntegerField": "smallint", "FloatField": "real",
    "DoubleField": "double precision", "DecimalField": "numeric", "CharField": "varchar", "FixedCharField": "char",
    "TextField": "text", "BlobField": "bytea", "UUIDField": "uuid", "DateTimeField": "timestamp without time zone",
    "DateField": "date", "TimeField": "time without time zone", "TimestampField": "bigint", "BooleanField": "boolean",
    "BinaryJSONField": "jsonb", "JSONField": "json", "IPField": "bigint", "BareField": "text",
  ]

  func entities(in system: SystemIndex) -> [EntityMapping] {
    system.types.compactMap { type in
      guard system.files[type.file].language == .python, isModel(type, in: system) else { return nil }
      return mapping(of: type, in: system)
    }
  }

  /// Whether a class is derived from `Model` of Peewee.
  private func isModel(_ type: TypeID, in system: SystemIndex) -> Bool {
    ([type] + system.ancestors(of: type)).contains { current in
      system.type(current).bases.contains { base in
        NameWords.lastPart(base) == "Model"
          && system.files[current.file].imports.contains { fact in
            (fact.path == "peewee" || fact.path.hasPrefix("playhouse"))
              && (fact.symbol == "*" || base == fact.local || base == fact.local + ".Model")
          }
      }
    }
  }

  private func mapping(of type: TypeID, in system: SystemIndex) -> EntityMapping {
    let fact = system.type(type)
    var mapping = EntityMapping(
      file: type.file, type: type.index, isDeclared: false, framework: name, line: fact.line)
    mapping.inheritance = .separate
    let meta = system.files[type.file].types.first { $0.name == fact.name + ".Meta" }?.fields ?? []
    let written = (meta.first { $0.name == "table_name" } ?? meta.first { $0.name == "db_table" })?.value.literalText
    for field in fact.fields {
      if let property = property(field) { mapping.properties.append(property) }
      if case .call(let callee, _, let arguments) = field.value,
        arguments.entry("primary_key") == .literal("true") || callee.hasSuffix("AutoField")
      {
        mapping.keys.append(field.name)
      }
    }
    // A class without fields of its own only holds settings that others share.
    guard written != nil || !mapping.properties.isEmpty else { return mapping }
    mapping.isDeclared = written != nil
    mapping.table = TableName(written ?? NameWords.lastPart(fact.name).lowercased())
    if mapping.keys.isEmpty {
      let id = Column(name: "id", type: "integer", isNullable: false, isGenerated: true)
      mapping.properties.insert(PropertyMapping(name: "id", storage: .column(id), line: fact.line), at: 0)
      mapping.keys = ["id"]
    }
    return mapping
  }

  private func property(_ field: FieldFact) -> PropertyMapping? {
    guard case .call(let callee, _, let arguments) = field.value else { return nil }
    let isNullable = arguments.entry("null") == .literal("true")
    let column = (arguments.entry("column_name") ?? arguments.entry("db_column"))?.literalText
    if callee == "ForeignKeyField", let first = arguments.positional.first ?? arguments.entry("model") {
      let target: String
      switch first {
      case .name(let name): target = NameWords.lastPart(name)
      case .text(let text): target = text
      case .literal, .type, .field, .call, .join, .list, .member, .either, .element, .operation, .closure, .opaque:
        return nil
      }
      let reverse = (arguments.entry("backref") ?? arguments.entry("related_name"))?.literalText
      let kept = Column(name: column ?? field.name + "_id", type: "", isNullable: isNullable)
      var property = PropertyMapping(
        name: field.name, storage: .reference(to: target, columns: [kept], onDelete: .noAction), line: field.line)
      property.reverseName = reverse ?? ""
      return property
    }
    guard var type = Self.types[callee] else { return nil }
    if type == "varchar" || type == "char" {
      let length: String = if case .literal(let digits)? = arguments.entry("max_length") { digits } else { "255" }
      type += "(\(length))"
    }
    let kept = Column(name: column ?? field.name, type: type, isNullable: isNullable)
    return PropertyMapping(name: field.name, storage: .column(kept), line: field.line)
  }
}
