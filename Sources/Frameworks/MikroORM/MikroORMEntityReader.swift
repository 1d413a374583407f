import Basics
import Facts

/// Reads the entities of MikroORM from decorated classes; names are written with underscores.
struct MikroORMEntityReader {
  let system: SystemIndex

  /// The entity of a type; nil for any other class.
  func entity(file: Int, index: Int) -> EntityMapping? {
    let type = system.files[file].types[index]
    let entity = type.annotations.first(named: "Entity")
    let isMapped = type.fields.contains {
      $0.annotations.first(named: "Property", "PrimaryKey", "ManyToOne", "OneToMany", "ManyToMany", "Enum") != nil
    }
    guard entity != nil || isMapped, type.kind == .class else { return nil }
    let options = entity?.arguments.options ?? .list([])
    var mapping = EntityMapping(
      file: file, type: index, isDeclared: options.text("tableName") != nil, framework: "MikroORM", line: type.line)
    if entity != nil, options.flag("abstract") != true {
      mapping.table = TableName(options.text("tableName") ?? ScriptNames.snake(NameWords.lastPart(type.name)))
    }
    mapping.schema = options.text("schema") ?? ""
    mapping.inheritance = options.entry("discriminatorColumn") == nil ? .separate : .oneTable
    for field in type.fields { add(field, of: type, to: &mapping) }
    return mapping
  }

  private func add(_ field: FieldFact, of type: TypeFact, to mapping: inout EntityMapping) {
    for annotation in field.annotations {
      let options = annotation.arguments.options ?? .list([])
      let kind = NameWords.lastPart(annotation.name)
      switch kind {
      case "PrimaryKey", "Property", "Enum":
        guard options.flag("persist") != false else { return }
        let isKey = kind == "PrimaryKey"
        var column = Column(
          name: options.text("fieldName") ?? options.text("name") ?? ScriptNames.snake(field.name),
          type: Self.sqlType(kind == "Enum" ? "enum" : field.type, options),
          isNullable: isKey ? false : options.flag("nullable") ?? false)
        column.isGenerated = isKey && field.type == "number"
        column.defaultExpression = TypeORMEntityReader.defaultText(options.entry("default"))
        mapping.properties.append(PropertyMapping(name: field.name, storage: .column(column), line: field.line))
        if isKey { mapping.keys.append(field.name) }
        if options.flag("unique") == true || field.annotations.first(named: "Unique") != nil {
          mapping.uniques.append([field.name])
        }
        return
      case "ManyToOne", "OneToOne", "OneToMany", "ManyToMany":
        if let relation = relation(kind, annotation, options, field: field, of: mapping) {
          mapping.properties.append(relation)
          if options.flag("primary") == true { mapping.keys.append(field.name) }
        }
        return
      default: continue
      }
    }
  }

  private func relation(
    _ kind: String, _ annotation: AnnotationFact, _ options: Value, field: FieldFact, of mapping: EntityMapping
  ) -> PropertyMapping? {
    let first = annotation.arguments.first { $0.entries.isEmpty }
    let wrapped = TypeName(field.type)
    let declared =
      ["Ref", "Collection", "Reference", "IdentifiedReference", "Array"].contains(wrapped.simple)
      ? wrapped.arguments.first : field.type
    guard let target = first?.className ?? options.entry("entity")?.className ?? declared, !target.isEmpty else {
      return nil
    }
    let inverse = annotation.arguments.filter { $0.entries.isEmpty }.dropFirst().first
    let mappedBy = options.entry("mappedBy") ?? (kind == "OneToMany" ? inverse : nil)
    var property = PropertyMapping(name: field.name, storage: .inverse(of: target), line: field.line)
    property.isMany = kind.hasSuffix("Many")
    property.isOnlyOne = kind == "OneToOne"
    property.reverseName = (options.entry("inversedBy") ?? mappedBy ?? inverse)?.memberName ?? ""
    switch kind {
    case "ManyToOne", "OneToOne":
      guard kind == "ManyToOne" || (mappedBy == nil && options.flag("owner") != false) else { break }
      let name = options.text("joinColumn") ?? options.text("fieldName") ?? ScriptNames.snake(field.name) + "_id"
      property.storage = .reference(
        to: target, columns: [Column(name: name, type: "", isNullable: options.flag("nullable") ?? false)],
        onDelete: (options.entry("deleteRule") ?? options.entry("onDelete"))?.referentialAction ?? .noAction)
    case "ManyToMany":
      guard mappedBy == nil, options.flag("owner") != false, let table = mapping.table else { break }
      let other = ScriptNames.snake(NameWords.lastPart(target))
      property.storage = .joinTable(
        TableName(options.text("pivotTable") ?? table.text + "_" + ScriptNames.snake(field.name)), to: target,
        columns: [Column(name: options.text("joinColumn") ?? table.text + "_id", type: "", isNullable: false)],
        targetColumns: [Column(name: options.text("inverseJoinColumn") ?? other + "_id", type: "", isNullable: false)])
    default: break
    }
    return property
  }

  private static func sqlType(_ type: String, _ options: Value) -> String {
    if let written = options.text("columnType") { return written.lowercased() }
    let declared = options.entry("type")?.className ?? type
    let length = options.digits("length")
    switch NameWords.lastPart(declared).lowercased() {
    case "string", "varchar", "stringtype": return "varchar(" + (length ?? "255") + ")"
    case "number", "int", "integer", "integertype": return "int"
    case "boolean", "bool": return "boolean"
    case "date", "datetime", "datetimetype": return "timestamptz(" + (length ?? "0") + ")"
    case "bigint", "biginttype": return "bigint"
    case "text", "texttype", "enum": return "text"
    case "json", "jsonb", "object", "jsontype": return "jsonb"
    case "uuid", "uuidtype": return "uuid"
    case "decimal", "decimaltype": return "numeric(" + (options.digits("precision") ?? "10") + ",0)"
    case "float", "double": return "real"
    case "buffer", "blob": return "bytea"
    default: return "varchar(255)"
    }
  }
}
