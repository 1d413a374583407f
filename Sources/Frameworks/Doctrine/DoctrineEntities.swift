import Basics
import Facts

/// The entities of Doctrine, as attributes, comments and mapping files describe them.
struct DoctrineEntities {
  private let system: SystemIndex
  private let ordered: [DoctrineClass]
  private let classes: [TypeID: DoctrineClass]
  /// Names as the naming strategy of the system makes them from those of classes and properties.
  private let isUnderscored: Bool

  init(system: SystemIndex) {
    self.system = system
    ordered = DoctrineClass.all(in: system)
    classes = Dictionary(ordered.map { ($0.type, $0) }) { first, _ in first }
    isUnderscored = system.documents.contains { document in
      let path = system.files[document.file].file.text
      return path.contains("doctrine") && Self.mentions("underscore", in: document.root, depth: 0)
    }
  }

  private static func mentions(_ word: String, in node: DocumentNode, depth: Int) -> Bool {
    if node.name.isEmpty { return node.text.contains(word) }
    guard depth < 12 else { return false }
    return node.attributes.contains { $0.value.contains(word) }
      || node.children.contains { mentions(word, in: $0, depth: depth + 1) }
  }

  /// The mappings of all entities, mapped superclasses and embeddables, in order of file and line.
  func mappings() -> [EntityMapping] { ordered.map(mapping) }

  // MARK: Names

  private func named(_ name: String) -> String { isUnderscored ? Self.underscored(name) : name }

  private static func underscored(_ name: String) -> String {
    let bytes = Array(name.utf8)
    var result: [UInt8] = []
    for (place, byte) in bytes.enumerated() {
      let isUpper = byte >= UInt8(ascii: "A") && byte <= UInt8(ascii: "Z")
      if isUpper, place > 0, bytes[place - 1] >= UInt8(ascii: "a") || bytes[place - 1] <= UInt8(ascii: "9") {
        result.append(UInt8(ascii: "_"))
      }
      result.append(isUpper ? byte | 0x20 : byte)
    }
    return String(decoding: result, as: UTF8.self)
  }

  // MARK: Classes

  private func mapping(of stored: DoctrineClass) -> EntityMapping {
    let (type, marks) = (stored.type, stored.marks)
    let fact = system.type(type)
    let declared = marks["Table"]?.text("name") ?? marks["Table"]?.text("value")
    var mapping = EntityMapping(
      file: type.file, type: type.index, table: nil, isDeclared: declared != nil, framework: "Doctrine", line: fact.line
    )
    let isStoredInBase = system.ancestors(of: type).contains { base in
      classes[base]?.marks["InheritanceType"].map { $0.text("value") != "JOINED" } ?? false
    }
    let isEntity = stored.kind == "Entity" || isMadeEntity(stored)
    if isEntity, declared != nil || !isStoredInBase {
      mapping.table = TableName((declared ?? named(NameWords.lastPart(fact.name))).replacing("`", with: ""))
    }
    mapping.schema = marks["Table"]?.text("schema") ?? ""
    if let inheritance = marks["InheritanceType"]?.text("value"), inheritance != "NONE" {
      mapping.inheritance = inheritance == "JOINED" ? .joined : .oneTable
      let column = marks["DiscriminatorColumn"]?.text("name") ?? "dtype"
      mapping.properties.append(
        PropertyMapping(
          name: column, storage: .column(Column(name: column, type: "varchar(255)", isNullable: false)), line: fact.line
        ))
    } else if isEntity {
      mapping.inheritance = .separate
    }
    for field in stored.fields {
      if field.marks["Id"] != nil { mapping.keys.append(field.field.name) }
      if field.marks["Column"]?.argument("unique") == .literal("true") { mapping.uniques.append([field.field.name]) }
      // A key that is a relation is listed twice: as the key, and where its columns are.
      if let property = property(field, of: type), !mapping.properties.contains(where: { $0.name == property.name }) {
        mapping.properties.append(property)
      }
    }
    return mapping
  }

  /// A mapped superclass has no rows, so one that names a table becomes an entity when the system configures it; bundles
  /// of resources ship their models so. Entities derived from it have tables of their own.
  private func isMadeEntity(_ stored: DoctrineClass) -> Bool {
    stored.kind == "MappedSuperclass" && stored.marks["Table"]?.text("name") != nil
      && !system.descendants(of: stored.type).contains { classes[$0]?.kind == "Entity" }
  }

  private func property(_ stored: DoctrineClass.Field, of type: TypeID) -> PropertyMapping? {
    let (field, marks) = (stored.field, stored.marks)
    func mapped(_ storage: PropertyMapping.Storage) -> PropertyMapping {
      PropertyMapping(name: field.name, storage: storage, line: field.line)
    }
    if let embedded = marks["Embedded"] {
      let target = target(embedded.argument("class") ?? embedded.argument("value"), field)
      return mapped(.embedded(target, columns: columns(of: target, in: embedded, field, from: type.file, depth: 0)))
    }
    if let relation = marks["ManyToOne"] ?? marks["OneToOne"], relation.argument("mappedBy") == nil {
      let columns = stored.joinColumns.isEmpty ? [nil] : stored.joinColumns.map(Optional.some)
      var property = mapped(
        .reference(
          to: target(relation.argument("targetEntity"), field),
          columns: columns.map { joinColumn($0, field, isKey: marks["Id"] != nil) },
          onDelete: Self.action(stored.joinColumns.first?.text("onDelete"))))
      property.reverseName = relation.text("inversedBy") ?? ""
      property.isOnlyOne = marks["OneToOne"] != nil
      property.cascades = Self.cascades(relation)
      return property
    }
    if let relation = marks["OneToOne"] ?? marks["OneToMany"] {
      var property = mapped(.inverse(of: target(relation.argument("targetEntity"), field)))
      property.isMany = marks["OneToMany"] != nil
      property.cascades = Self.cascades(relation)
      return property
    }
    if let relation = marks["ManyToMany"] {
      return manyToMany(relation, marks["JoinTable"], field, of: type)
    }
    guard let column = marks["Column"] else { return nil }
    return mapped(
      .column(self.column(column, field, isKey: marks["Id"] != nil, isGenerated: marks["GeneratedValue"] != nil)))
  }

  /// The columns of an embedded class where it is used: with a prefix made of the property's name, unless another one or
  /// none is asked for.
  private func columns(
    of name: String, in mark: AnnotationFact, _ field: FieldFact, from file: Int, depth: Int
  ) -> [String: Column] {
    guard depth < 4, let type = system.resolve(name, from: file), let embedded = classes[type] else { return [:] }
    let isBare = mark.argument("columnPrefix") == .literal("false")
    let prefix = isBare ? "" : mark.text("columnPrefix") ?? named(field.name) + "_"
    var found: [String: Column] = [:]
    for inner in embedded.fields {
      if let column = inner.marks["Column"] {
        var own = self.column(column, inner.field, isKey: false, isGenerated: false)
        own.name = prefix + own.name
        found[inner.field.name] = own
      } else if let next = inner.marks["Embedded"] {
        let target = target(next.argument("class") ?? next.argument("value"), inner.field)
        for (path, var column) in columns(of: target, in: next, inner.field, from: type.file, depth: depth + 1) {
          column.name = prefix + column.name
          found[inner.field.name + "." + path] = column
        }
      }
    }
    return found
  }

  /// `targetEntity: Order::class`, or what the property is declared to hold.
  private func target(_ value: Value?, _ field: FieldFact) -> String {
    switch value {
    case .type(let name)?: return name
    case .text(let name)?: return name.hasPrefix("\\") ? String(name.dropFirst()) : name
    case .literal?, .name?, .field?, .call?, .join?, .list?, .member?, .either?, .element?, .operation?, .closure?,
      .opaque?, nil:
      let declared = TypeName(field.type)
      return declared.arguments.last ?? declared.head
    }
  }

  private static func cascades(_ relation: AnnotationFact) -> Set<PropertyMapping.Cascade> {
    var found: Set<PropertyMapping.Cascade> = []
    if relation.argument("orphanRemoval") == .literal("true") { found.insert(.delete) }
    guard case .list(let items)? = relation.argument("cascade") else { return found }
    for text in items.compactMap(\.literalText) {
      if text == "persist" || text == "all" { found.insert(.write) }
      if text == "remove" || text == "all" { found.insert(.delete) }
    }
    return found
  }

  private static func action(_ text: String?) -> ReferentialAction {
    switch text?.uppercased() {
    case "CASCADE": .cascade
    case "SET NULL": .setNull
    case "RESTRICT": .restrict
    default: .noAction
    }
  }

  private func joinColumn(_ mark: AnnotationFact?, _ field: FieldFact, isKey: Bool) -> Column {
    Column(
      name: mark?.text("name") ?? named(field.name) + "_id", type: "",
      isNullable: !isKey && mark?.argument("nullable") != .literal("false"))
  }

  private func manyToMany(
    _ relation: AnnotationFact, _ table: AnnotationFact?, _ field: FieldFact, of type: TypeID
  ) -> PropertyMapping? {
    let other = target(relation.argument("targetEntity"), field)
    var property = PropertyMapping(name: field.name, storage: .inverse(of: other), isMany: true, line: field.line)
    property.cascades = Self.cascades(relation)
    if let back = relation.text("mappedBy") {
      // The other side says which table lies between.
      guard let target = system.resolve(other, from: type.file),
        let opposite = classes[target]?.fields.first(where: { $0.field.name == back })
      else { return property }
      guard let owning = opposite.marks["ManyToMany"], owning.argument("mappedBy") == nil,
        let found = manyToMany(owning, opposite.marks["JoinTable"], opposite.field, of: target),
        case .joinTable(let name, _, let near, let far) = found.storage
      else { return property }
      property.storage = .joinTable(name, to: other, columns: far, targetColumns: near)
      return property
    }
    let own = system.type(type).name
    let short = NameWords.lastPart(other)
    let name =
      table?.text("name") ?? (isUnderscored ? named(own) + "_" + named(short) : (own + "_" + short).lowercased())
    func columns(_ list: String, _ fallback: String) -> [Column] {
      if case .list(let items)? = table?.argument(list), !items.isEmpty {
        return items.compactMap { $0.entry("name")?.literalText }.map { Column(name: $0, type: "", isNullable: false) }
      }
      return [
        Column(name: (isUnderscored ? named(fallback) : fallback.lowercased()) + "_id", type: "", isNullable: false)
      ]
    }
    property.storage = .joinTable(
      TableName(name), to: other, columns: columns("joinColumns", own),
      targetColumns: columns("inverseJoinColumns", short))
    return property
  }

  // MARK: Columns

  private func column(_ mark: AnnotationFact, _ field: FieldFact, isKey: Bool, isGenerated: Bool) -> Column {
    let type: String
    if let definition = mark.text("columnDefinition") {
      type = definition.lowercased()
    } else {
      let given = mark.text("type") ?? Self.constant(mark.argument("type")) ?? Self.typeName(of: field.type)
      type = Self.columnType(given, mark)
    }
    return Column(
      name: (mark.text("name") ?? named(field.name)).replacing("`", with: ""), type: type,
      isNullable: !isKey && mark.argument("nullable") == .literal("true"),
      isGenerated: isGenerated)
  }

  /// `Types::DATETIME_MUTABLE` is `datetime`.
  private static func constant(_ value: Value?) -> String? {
    guard case .name(let name)? = value else { return nil }
    let last = NameWords.lastPart(name).lowercased()
    return last.hasSuffix("_mutable") && !last.hasSuffix("_immutable") ? String(last.dropLast(8)) : last
  }

  private static func typeName(of declared: String) -> String {
    switch declared {
    case "int": "integer"
    case "bool": "boolean"
    case "float": "float"
    case "array": "json"
    case "DateTimeImmutable", "DateTime", "DateTimeInterface": "datetime"
    case "DateInterval": "dateinterval"
    default: "string"
    }
  }

  /// What Doctrine's PostgreSQL platform makes of a type.
  private static func columnType(_ name: String, _ mark: AnnotationFact) -> String {
    func digits(_ argument: String) -> String? {
      if case .literal(let text)? = mark.argument(argument) { return text }
      return nil
    }
    switch name {
    case "string", "ascii_string": return "varchar(\(digits("length") ?? "255"))"
    case "integer": return "int"
    case "smallint", "bigint", "boolean", "date", "json": return name
    case "date_immutable": return "date"
    case "decimal": return "numeric(\(digits("precision") ?? "10"),\(digits("scale") ?? "0"))"
    case "float": return "double precision"
    case "datetime", "datetime_immutable": return "timestamp(0) without time zone"
    case "datetimetz", "datetimetz_immutable": return "timestamp(0) with time zone"
    case "time", "time_immutable": return "time(0) without time zone"
    case "text", "array", "object", "simple_array": return "text"
    case "guid", "uuid", "ulid", "uuid_binary": return "uuid"
    case "blob", "binary": return "bytea"
    case "dateinterval": return "varchar(255)"
    default: return "varchar(\(digits("length") ?? "255"))"
    }
  }
}
