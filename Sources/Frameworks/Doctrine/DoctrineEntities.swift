import Basics
import Facts

/// The entities of Doctrine, as attributes and comments map them.
struct DoctrineEntities {
  private let system: SystemIndex
  /// Names as the naming strategy of the system makes them from those of classes and properties.
  private let isUnderscored: Bool

  init(system: SystemIndex) {
    self.system = system
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
  func mappings() -> [EntityMapping] {
    system.types.compactMap { type in
      guard system.files[type.file].language == .php else { return nil }
      let annotations = marks(system.type(type).annotations, file: type.file)
      guard let kind = ["Entity", "MappedSuperclass", "Embeddable"].first(where: { annotations[$0] != nil }) else {
        return nil
      }
      return mapping(of: type, kind: kind, annotations)
    }
  }

  /// Annotations of Doctrine by their plain name: `ORM\Column` as `Column`.
  private func marks(_ annotations: [AnnotationFact], file: Int) -> [String: AnnotationFact] {
    let imports = system.files[file].imports
    var found: [String: AnnotationFact] = [:]
    for annotation in annotations {
      let parts = annotation.name.split(separator: "\\").map(String.init)
      guard let first = parts.first, let last = parts.last else { continue }
      let path = imports.first { $0.local == first }?.path ?? annotation.name
      // Of a library with another `Column` there is no trace but its import.
      guard path.hasPrefix("Doctrine\\") || (parts.count > 1 && first == "ORM") else { continue }
      if found[last] == nil { found[last] = annotation }
    }
    return found
  }

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

  private func mapping(of type: TypeID, kind: String, _ marks: [String: AnnotationFact]) -> EntityMapping {
    let fact = system.type(type)
    let declared = marks["Table"]?.text("name") ?? marks["Table"]?.text("value")
    var mapping = EntityMapping(
      file: type.file, type: type.index, table: nil, isDeclared: declared != nil, framework: "Doctrine", line: fact.line
    )
    let isStoredInBase = system.ancestors(of: type).contains { base in
      self.marks(system.type(base).annotations, file: base.file)["InheritanceType"].map {
        $0.text("value") != "JOINED"
      } ?? false
    }
    if kind == "Entity", declared != nil || !isStoredInBase {
      mapping.table = TableName((declared ?? named(fact.name)).replacing("`", with: ""))
    }
    mapping.schema = marks["Table"]?.text("schema") ?? ""
    if let inheritance = marks["InheritanceType"]?.text("value") {
      mapping.inheritance = inheritance == "JOINED" ? .joined : .oneTable
      let column = marks["DiscriminatorColumn"]?.text("name") ?? "dtype"
      mapping.properties.append(
        PropertyMapping(
          name: column, storage: .column(Column(name: column, type: "varchar(255)", isNullable: false)), line: fact.line
        ))
    } else if kind == "Entity" {
      mapping.inheritance = .separate
    }
    for field in fact.fields {
      let own = self.marks(field.annotations, file: type.file)
      if own["Id"] != nil { mapping.keys.append(field.name) }
      if let property = property(field, own, of: type) { mapping.properties.append(property) }
    }
    return mapping
  }

  private func property(_ field: FieldFact, _ marks: [String: AnnotationFact], of type: TypeID) -> PropertyMapping? {
    func mapped(_ storage: PropertyMapping.Storage) -> PropertyMapping {
      PropertyMapping(name: field.name, storage: storage, line: field.line)
    }
    if let embedded = marks["Embedded"] {
      return mapped(.embedded(target(embedded.argument("class") ?? embedded.argument("value"), field)))
    }
    if let relation = marks["ManyToOne"] ?? marks["OneToOne"], relation.argument("mappedBy") == nil {
      var property = mapped(
        .reference(
          to: target(relation.argument("targetEntity"), field), columns: [joinColumn(marks["JoinColumn"], field)],
          onDelete: Self.action(marks["JoinColumn"]?.text("onDelete"))))
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
    guard case .list(let items)? = relation.argument("cascade") else { return [] }
    var found: Set<PropertyMapping.Cascade> = []
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

  private func joinColumn(_ mark: AnnotationFact?, _ field: FieldFact) -> Column {
    let name = mark?.text("name") ?? named(field.name) + (isUnderscored ? "_id" : "_id")
    return Column(name: name, type: "", isNullable: mark?.argument("nullable") != .literal("false"))
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
        let opposite = system.type(target).fields.first(where: { $0.name == back })
      else { return property }
      let marks = marks(opposite.annotations, file: target.file)
      guard let owning = marks["ManyToMany"], owning.argument("mappedBy") == nil,
        let found = manyToMany(owning, marks["JoinTable"], opposite, of: target),
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
