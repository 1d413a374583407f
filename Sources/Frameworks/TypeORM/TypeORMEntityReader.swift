import Basics
import Facts

/// Reads the entities of TypeORM from decorated classes and from entity schemas.
struct TypeORMEntityReader {
  let system: SystemIndex
  let engine: EngineFamily
  /// Whether names of columns and keys are written with underscores.
  let isSnake: Bool

  init(system: SystemIndex, engine: EngineFamily) {
    self.system = system
    self.engine = engine
    isSnake = system.files.contains { facts in
      facts.imports.contains { $0.symbol.hasPrefix("Snake") && $0.symbol.hasSuffix("NamingStrategy") }
        || facts.types.contains { $0.name.hasPrefix("Snake") && $0.bases.contains("DefaultNamingStrategy") }
    }
  }

  /// The entities of one file.
  func entities(ofFile file: Int) -> [EntityMapping] {
    system.files[file].types.indices.compactMap { index in
      let type = system.files[file].types[index]
      if let schema = schemaOptions(type) { return self.schema(schema, type: type, file: file, index: index) }
      return decorated(type, file: file, index: index)
    }
  }

  // MARK: Decorated classes

  private func decorated(_ type: TypeFact, file: Int, index: Int) -> EntityMapping? {
    let entity = type.annotations.first(named: "Entity", "ViewEntity")
    let child = type.annotations.first(named: "ChildEntity")
    let isMapped = type.fields.contains { !$0.annotations.allSatisfy { columnOptions($0) == nil } }
    guard entity != nil || child != nil || isMapped, type.kind == .class else { return nil }
    var mapping = EntityMapping(file: file, type: index, isDeclared: false, framework: "TypeORM", line: type.line)
    mapping.inheritance = type.annotations.first(named: "TableInheritance") == nil ? .separate : .oneTable
    if let entity {
      let options = entity.arguments.options
      let declared = entity.arguments.first?.plainText ?? options?.text("name")
      mapping.table = TableName(declared ?? ScriptNames.snake(NameWords.lastPart(type.name)))
      mapping.isDeclared = declared != nil
      mapping.schema = options?.text("schema") ?? ""
      mapping.isView = NameWords.lastPart(entity.name) == "ViewEntity"
    }
    if let table = type.annotations.first(named: "TableInheritance"),
      let column = table.arguments.options?.entry("column")
    {
      let name = column.text("name") ?? "type"
      mapping.properties.append(
        PropertyMapping(
          name: name,
          storage: .column(
            Column(name: name, type: sqlType(column.text("type") ?? "varchar", column), isNullable: false)),
          line: table.line))
    }
    for field in type.fields { add(field, of: type, file: file, to: &mapping) }
    mapping.uniques += type.annotations.filter { NameWords.lastPart($0.name) == "Unique" }.compactMap { unique in
      unique.arguments.last.map(\.texts).flatMap { $0.isEmpty ? nil : $0 }
    }
    return mapping
  }

  private func add(_ field: FieldFact, of type: TypeFact, file: Int, to mapping: inout EntityMapping) {
    for annotation in field.annotations {
      if let column = columnOptions(annotation) {
        if let embedded = embedded(column.value, of: annotation, field: field, file: file) {
          mapping.properties += embedded
          return
        }
        mapping.properties.append(
          PropertyMapping(name: field.name, storage: .column(self.column(field, column)), line: field.line))
        if column.isKey { mapping.keys.append(field.name) }
        if column.value.flag("unique") == true { mapping.uniques.append([field.name]) }
        if column.value.flag("primary") == true { mapping.keys.append(field.name) }
        return
      }
      if let relation = relation(annotation, field: field, table: mapping.table, type: type) {
        mapping.properties.append(relation)
        if field.annotations.first(named: "PrimaryColumn") != nil
          || annotation.arguments.options?.flag("primary") == true
        {
          mapping.keys.append(field.name)
        }
        return
      }
    }
  }

  private struct ColumnOptions {
    var value: Value
    var type: String
    var isKey = false
    var isGenerated = false
    var isNullable = false
  }

  private func columnOptions(_ annotation: AnnotationFact) -> ColumnOptions? {
    let first = annotation.arguments.first
    let options = annotation.arguments.options ?? .list([])
    let declared = first?.plainText ?? options.text("type")
    switch NameWords.lastPart(annotation.name) {
    case "Column", "ViewColumn": return ColumnOptions(value: options, type: declared ?? "")
    case "PrimaryColumn": return ColumnOptions(value: options, type: declared ?? "", isKey: true)
    case "PrimaryGeneratedColumn":
      let type = first?.plainText == "uuid" ? "uuid" : options.text("type") ?? "int"
      return ColumnOptions(value: options, type: type, isKey: true, isGenerated: true)
    case "ObjectIdColumn": return nil
    case "CreateDateColumn", "UpdateDateColumn": return ColumnOptions(value: options, type: declared ?? "created")
    case "DeleteDateColumn": return ColumnOptions(value: options, type: declared ?? "created", isNullable: true)
    case "VersionColumn": return ColumnOptions(value: options, type: declared ?? "int")
    case "Generated": return nil
    default: return nil
    }
  }

  private func column(_ field: FieldFact, _ options: ColumnOptions) -> Column {
    let type = options.type.isEmpty ? Self.typeName(of: field.type) : options.type
    var column = Column(
      name: options.value.text("name") ?? columnName(field.name),
      type: sqlType(type, options.value),
      isNullable: options.isKey ? false : options.value.flag("nullable") ?? options.isNullable)
    column.isGenerated = options.isGenerated || field.annotations.first(named: "Generated") != nil
    column.defaultExpression = Self.defaultText(options.value.entry("default"))
    return column
  }

  /// A default as it stands in SQL.
  static func defaultText(_ value: Value?) -> String? {
    switch value {
    case .text(let text)?: "'" + text + "'"
    case .literal(let text)?: text
    case .closure(_, .text(let text))?: text
    case .name?, .type?, .field?, .call?, .join?, .list?, .member?, .either?, .element?, .operation?, .closure?,
      .opaque?, nil:
      nil
    }
  }

  /// The columns of a class kept in those of this one: `@Column(() => Address) address`.
  private func embedded(
    _ options: Value, of annotation: AnnotationFact, field: FieldFact, file: Int
  ) -> [PropertyMapping]? {
    guard case .closure(_, let result)? = annotation.arguments.first, let name = result.className,
      let type = system.resolve(name, from: file)
    else { return nil }
    let prefix =
      options.flag("prefix") == false || options.text("prefix") == "" ? "" : options.text("prefix") ?? field.name
    let inner = decorated(system.type(type), file: type.file, index: type.index)?.properties ?? []
    return inner.compactMap { property in
      guard case .column(var column) = property.storage else { return nil }
      if !prefix.isEmpty {
        column.name =
          isSnake
          ? ScriptNames.snake(prefix) + "_" + column.name
          : ScriptNames.camel(prefix + "_" + column.name)
      }
      return PropertyMapping(name: field.name + "." + property.name, storage: .column(column), line: field.line)
    }
  }

  // MARK: Relations

  private func relation(
    _ annotation: AnnotationFact, field: FieldFact, table: TableName?, type: TypeFact
  ) -> PropertyMapping? {
    let kind = NameWords.lastPart(annotation.name)
    guard ["ManyToOne", "OneToOne", "OneToMany", "ManyToMany"].contains(kind),
      let target = annotation.arguments.first?.className
    else { return nil }
    let options = annotation.arguments.options ?? .list([])
    var property = PropertyMapping(name: field.name, storage: .inverse(of: target), line: field.line)
    property.reverseName = annotation.arguments.dropFirst().first?.memberName ?? ""
    property.isMany = kind.hasSuffix("Many")
    let joinTable = field.annotations.first(named: "JoinTable")
    let joinColumns = field.annotations.filter { ["JoinColumn", "JoinColumns"].contains(NameWords.lastPart($0.name)) }
    if kind == "ManyToOne" || (kind == "OneToOne" && !joinColumns.isEmpty) {
      property.isOnlyOne = kind == "OneToOne"
      let names = joinColumns.flatMap { annotation -> [String?] in
        let objects = annotation.arguments.first?.items ?? []
        return (objects.isEmpty ? annotation.arguments : objects).map { $0.text("name") }
      }
      let own = names.compactMap { $0 }
      let columns = own.isEmpty ? [joinColumnName(field.name, key: keyName(of: target))] : own
      let isNullable = options.flag("nullable") ?? true
      property.storage = .reference(
        to: target, columns: columns.map { Column(name: $0, type: "", isNullable: isNullable) },
        onDelete: options.entry("onDelete")?.referentialAction ?? .noAction)
    } else if kind == "ManyToMany", let joinTable {
      property.storage = joinStorage(joinTable, field: field, table: table, target: target)
    }
    return property
  }

  private func joinStorage(
    _ annotation: AnnotationFact, field: FieldFact, table: TableName?, target: String
  ) -> PropertyMapping.Storage {
    let options = annotation.arguments.options ?? .list([])
    let own = table?.text ?? ""
    let other = tableName(of: target)
    let made = ScriptNames.snake(own + "_" + field.name + "_" + other)
    let near = options.entry("joinColumn")?.text("name") ?? keyColumn(own, "id")
    var far = options.entry("inverseJoinColumn")?.text("name") ?? keyColumn(other, "id")
    if far == near { far += isSnake ? "_2" : "_2" }
    return .joinTable(
      TableName(annotation.arguments.first?.plainText ?? options.text("name") ?? made), to: target,
      columns: [Column(name: near, type: "", isNullable: false)],
      targetColumns: [Column(name: far, type: "", isNullable: false)])
  }

  private func keyColumn(_ table: String, _ column: String) -> String {
    isSnake ? ScriptNames.snake(table + "_" + column) : ScriptNames.camel(table + "_" + column)
  }

  private func joinColumnName(_ relation: String, key: String) -> String {
    isSnake ? ScriptNames.snake(relation + "_" + key) : ScriptNames.camel(relation + "_" + key)
  }

  private func columnName(_ property: String) -> String { isSnake ? ScriptNames.snake(property) : property }

  /// The name of the key property of an entity by its class; `id` when nothing is known.
  private func keyName(of target: String) -> String {
    for id in system.types(named: target) {
      for owner in [id] + system.ancestors(of: id) {
        for field in system.type(owner).fields {
          if field.annotations.first(named: "PrimaryGeneratedColumn", "PrimaryColumn") != nil { return field.name }
        }
      }
    }
    return "id"
  }

  private func tableName(of target: String) -> String {
    for id in system.types(named: target) {
      guard let entity = system.type(id).annotations.first(named: "Entity") else { continue }
      if let name = entity.arguments.first?.plainText ?? entity.arguments.options?.text("name") { return name }
    }
    return ScriptNames.snake(NameWords.lastPart(target))
  }

  // MARK: Entity schemas

  private func schemaOptions(_ type: TypeFact) -> Value? {
    for placed in type.body {
      guard case .call(let call) = placed.event, call.callee == "EntitySchema" else { continue }
      return call.arguments.options
    }
    return nil
  }

  private func schema(_ options: Value, type: TypeFact, file: Int, index: Int) -> EntityMapping? {
    guard let name = options.text("name") ?? options.entry("target")?.className else { return nil }
    var mapping = EntityMapping(
      file: file, type: index, entityName: name, table: TableName(options.text("tableName") ?? ScriptNames.snake(name)),
      isDeclared: options.text("tableName") != nil, framework: "TypeORM", line: type.line)
    mapping.inheritance = .separate
    for (name, value) in options.entry("columns")?.entries ?? [] {
      let type = value.text("type") ?? value.entry("type")?.className ?? ""
      var column = Column(
        name: value.text("name") ?? columnName(name), type: sqlType(Self.typeName(of: type), value),
        isNullable: value.flag("nullable") ?? false)
      column.isGenerated = value.entry("generated") != nil && value.flag("generated") != false
      if value.flag("primary") == true { mapping.keys.append(name) }
      mapping.properties.append(
        PropertyMapping(name: name, storage: .column(column), line: type.isEmpty ? 1 : mapping.line))
    }
    for (name, value) in options.entry("relations")?.entries ?? [] {
      guard let target = value.entry("target")?.className, let kind = value.text("type") else { continue }
      var property = PropertyMapping(name: name, storage: .inverse(of: target), line: mapping.line)
      property.isMany = kind.hasSuffix("many")
      property.reverseName = value.text("inverseSide") ?? ""
      let join = value.entry("joinColumn")
      if kind == "many-to-one" || (kind == "one-to-one" && join != nil && value.flag("joinColumn") != false) {
        property.storage = .reference(
          to: target,
          columns: [
            Column(
              name: join?.text("name") ?? joinColumnName(name, key: "id"), type: "",
              isNullable: value.flag("nullable") ?? true)
          ], onDelete: value.entry("onDelete")?.referentialAction ?? .noAction)
      }
      mapping.properties.append(property)
    }
    return mapping
  }

  // MARK: Types of columns

  /// What a type of TypeScript is in TypeORM.
  private static func typeName(of type: String) -> String {
    switch type {
    case "string", "String": "varchar"
    case "number", "Number": "int"
    case "boolean", "Boolean": "boolean"
    case "Date": "datetime"
    case "Buffer": "bytea"
    case "": "varchar"
    default: type.first?.isUppercase == true || type.utf8.contains(UInt8(ascii: "|")) ? "varchar" : type
    }
  }

  private func sqlType(_ type: String, _ options: Value) -> String {
    TypeORMColumnType.name(of: type, options: options, engine: engine)
  }
}
