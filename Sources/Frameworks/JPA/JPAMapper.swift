import Basics
import Facts

/// Makes entity mappings of the classes that JPA stores, by its rules for names.
struct JPAMapper {
  let index: SystemIndex
  let naming: JPANaming
  let types: JPAColumnType
  private let classes: [PersistentClass]
  private let places: [TypeID: Int]
  private let converted: [TypeID: String]

  init(_ index: SystemIndex) {
    self.index = index
    naming = JPANaming.of(index)
    types = JPAColumnType(naming: naming)
    classes = PersistentClassSearch.classes(in: index)
    places = Dictionary(uniqueKeysWithValues: classes.enumerated().map { ($1.id, $0) })
    converted = classes.isEmpty ? [:] : Self.converters(index)
  }

  /// The mappings in order of file and line.
  func mappings() -> [EntityMapping] {
    var mappings = classes.map(mapping)
    // The key of a one-sided collection is a column of the table on the other side.
    for entry in classes where entry.isEntity {
      for attribute in entry.attributes {
        guard let (place, property) = farColumn(attribute, of: entry) else { continue }
        mappings[place].properties.append(property)
      }
    }
    return mappings
  }

  func simpleName(_ id: TypeID) -> String { NameWords.lastPart(index.type(id).name) }

  /// The name queries call an entity by.
  func entityName(_ entry: PersistentClass) -> String {
    entry.annotations.first(named: "Entity")?.text("name") ?? simpleName(entry.id)
  }

  func persistent(_ type: String, from file: Int) -> PersistentClass? {
    index.resolve(type, from: file).flatMap { places[$0] }.map { classes[$0] }
  }

  func place(of entry: PersistentClass) -> Int? { places[entry.id] }

  private func bases(of entry: PersistentClass) -> [PersistentClass] {
    index.ancestors(of: entry.id).compactMap { places[$0] }.map { classes[$0] }
  }

  private func hasSubclasses(_ entry: PersistentClass) -> Bool {
    index.descendants(of: entry.id).contains { places[$0].map { classes[$0].isEntity } ?? false }
  }

  // MARK: Classes

  private func inheritance(_ entry: PersistentClass) -> EntityMapping.Inheritance {
    guard case .name(let kind)? = entry.annotations.first(named: "Inheritance")?.argument("strategy") else {
      return .oneTable
    }
    if kind.hasSuffix("JOINED") { return .joined }
    return kind.hasSuffix("TABLE_PER_CLASS") ? .separate : .oneTable
  }

  /// The table of an entity before its name is made fit for the database; nil when it is in that of its base.
  func tableName(_ entry: PersistentClass) -> TableName? {
    // An entity over a query has no table of its own.
    guard entry.isEntity, entry.annotations.first(named: "Subselect") == nil else { return nil }
    let root = bases(of: entry).last { $0.isEntity }
    if let root, inheritance(root) == .oneTable { return nil }
    return TableName(naming.physical(entry.annotations.first(named: "Table")?.text("name") ?? entityName(entry)))
  }

  /// The table rows of an entity are in.
  func storedTable(_ entry: PersistentClass) -> TableName? {
    tableName(entry) ?? bases(of: entry).lazy.compactMap { self.tableName($0) }.first
  }

  private func mapping(_ entry: PersistentClass) -> EntityMapping {
    let table = tableName(entry)
    let marker = entry.annotations.first(named: "Table")
    var mapping = EntityMapping(
      file: entry.id.file, type: entry.id.index, entityName: entry.isEntity ? entityName(entry) : "", table: table,
      isDeclared: marker?.text("name") != nil, framework: JPARecognizer.frameworkName, line: entry.line)
    mapping.schema = marker?.text("schema") ?? marker?.text("catalog") ?? ""
    mapping.inheritance = inheritance(entry)
    mapping.keys = keyAttributes(entry).map(\.name)
    for attribute in entry.attributes {
      mapping.properties += properties(attribute, of: entry)
      if isUnique(attribute) { mapping.uniques.append([attribute.name]) }
    }
    if entry.isEntity { addCollectionsInside(entry, to: &mapping) }
    for marker in all("SecondaryTable", in: "SecondaryTables", entry.annotations) {
      if let name = marker.text("name") { mapping.besides.append(TableName(naming.physical(name))) }
    }
    addDiscriminator(entry, to: &mapping)
    for unique in marker?.argument("uniqueConstraints").map(Self.items) ?? [] {
      let names = Self.items(unique.entry("columnNames") ?? .opaque).compactMap(\.literalText)
      let found = names.compactMap { name in
        mapping.properties.first { Self.columnNames($0).contains(naming.physical(name)) }?.name
      }
      if !found.isEmpty, found.count == names.count { mapping.uniques.append(found) }
    }
    return mapping
  }

  private static func columnNames(_ property: PropertyMapping) -> [String] {
    switch property.storage {
    case .column(let column): [column.name]
    case .reference(_, let columns, _): columns.map(\.name)
    case .inverse, .joinTable, .collection, .embedded: []
    }
  }

  private func isUnique(_ attribute: PersistentAttribute) -> Bool {
    if attribute.has("NaturalId") { return true }
    let column = attribute.annotations.first(named: "Column", "JoinColumn")
    return column?.argument("unique") == .literal("true")
  }

  private func addDiscriminator(_ entry: PersistentClass, to mapping: inout EntityMapping) {
    let column = entry.annotations.first(named: "DiscriminatorColumn")
    guard mapping.table != nil, column != nil || inheritance(entry) == .oneTable && hasSubclasses(entry),
      entry.annotations.first(named: "DiscriminatorFormula") == nil, inheritance(entry) != .separate
    else { return }
    var type = "varchar(31)"
    if case .literal(let length)? = column?.argument("length") { type = "varchar(\(length))" }
    if case .name(let kind)? = column?.argument("discriminatorType") {
      if kind.hasSuffix("INTEGER") { type = "integer" } else if kind.hasSuffix("CHAR") { type = "char(1)" }
    }
    let name = naming.physical(column?.text("name") ?? "DTYPE")
    mapping.properties.append(
      PropertyMapping(
        name: "class", storage: .column(Column(name: name, type: type, isNullable: false)), line: entry.line))
  }

  /// Collections inside of embedded objects are kept in tables of their own, which point to the entity around.
  private func addCollectionsInside(_ entry: PersistentClass, to mapping: inout EntityMapping) {
    var next = entry.attributes.map { (path: $0.name, attribute: $0, file: entry.id.file, depth: 0) }
    while let (path, attribute, file, depth) = next.popLast() {
      guard depth < 4, !attribute.has("ElementCollection"), let inner = embedded(attribute, from: file) else {
        continue
      }
      for part in inner.attributes {
        next.append((path + "." + part.name, part, inner.id.file, depth + 1))
        guard part.has("ElementCollection") else { continue }
        for var property in properties(part, of: entry, from: inner.id.file) {
          property.name = path + "." + part.name
          mapping.properties.append(property)
        }
      }
    }
  }

  /// The class of an embedded object.
  func embedded(_ attribute: PersistentAttribute, from file: Int) -> PersistentClass? {
    guard let found = persistent(attribute.type, from: file), !found.isEntity else { return nil }
    let isEmbeddable = found.annotations.first(named: "Embeddable") != nil
    return isEmbeddable || attribute.has("Embedded", "EmbeddedId") ? found : nil
  }

  // MARK: Keys

  private func keyAttributes(_ entry: PersistentClass) -> [PersistentAttribute] {
    entry.attributes.filter { $0.has("Id", "EmbeddedId") }
  }

  /// The names of the key columns of an entity.
  func keyColumns(of entry: PersistentClass, depth: Int = 0) -> [Column] {
    guard depth < 6 else { return [] }
    for candidate in [entry] + bases(of: entry) {
      let keys = keyAttributes(candidate)
      guard !keys.isEmpty else { continue }
      return keys.flatMap { columns(of: $0, in: candidate, depth: depth + 1) }
    }
    return []
  }

  private func columns(of attribute: PersistentAttribute, in entry: PersistentClass, depth: Int) -> [Column] {
    guard depth < 6 else { return [] }
    if let inner = embedded(attribute, from: entry.id.file) {
      let names = overrides(attribute)
      return inner.attributes.flatMap { part in
        names[part.name].map { [$0] } ?? columns(of: part, in: inner, depth: depth + 1)
      }
    }
    return properties(attribute, of: entry, depth: depth).flatMap { property -> [Column] in
      switch property.storage {
      case .column(let column): [column]
      case .reference(_, let columns, _): columns
      case .inverse, .joinTable, .collection, .embedded: []
      }
    }
  }

  // MARK: Annotations

  /// Annotations that may be repeated or stand in a list of their own.
  func all(_ name: String, in list: String, _ annotations: [AnnotationFact]) -> [AnnotationFact] {
    var found: [AnnotationFact] = []
    for annotation in annotations {
      let last = NameWords.lastPart(annotation.name)
      if last == name { found.append(annotation) }
      guard last == list, let value = annotation.argument("value") else { continue }
      found += Self.items(value).compactMap { Self.annotation($0, line: annotation.line) }
    }
    return found
  }

  /// An annotation inside of another one.
  static func annotation(_ value: Value, line: Int) -> AnnotationFact? {
    guard case .call(let name, _, let arguments) = value else { return nil }
    return AnnotationFact(name: name, arguments: arguments, line: line)
  }

  /// The items of a list, or the only one without a list around.
  static func items(_ value: Value) -> [Value] {
    if case .list(let items) = value { items } else if value == .opaque { [] } else { [value] }
  }

  /// Columns that stand in for those of an embedded class, by path.
  func overrides(_ attribute: PersistentAttribute) -> [String: Column] {
    var found: [String: Column] = [:]
    for (name, list, key) in [
      ("AttributeOverride", "AttributeOverrides", "column"),
      ("AssociationOverride", "AssociationOverrides", "joinColumns"),
    ] {
      for annotation in all(name, in: list, attribute.annotations) {
        guard let path = annotation.text("name"), let given = annotation.argument(key),
          let column = Self.items(given).first.flatMap({ Self.annotation($0, line: annotation.line) }),
          let columnName = column.text("name")
        else { continue }
        found[path] = Column(
          name: naming.physical(columnName), type: column.text("columnDefinition")?.lowercased() ?? "",
          isNullable: column.argument("nullable") != .literal("false"))
      }
    }
    return found
  }

  // MARK: Converters

  /// Classes that convert by themselves, with the type they store.
  private static func converters(_ index: SystemIndex) -> [TypeID: String] {
    var found: [TypeID: String] = [:]
    for type in index.types {
      let fact = index.type(type)
      guard let converter = fact.annotations.first(named: "Converter"),
        converter.argument("autoApply") == .literal("true"),
        let base = index.base(of: type, named: ["AttributeConverter"]), base.arguments.count == 2,
        let from = index.resolve(base.arguments[0], from: type.file)
      else { continue }
      found[from] = base.arguments[1]
    }
    return found
  }

  /// The type an attribute is stored as: what its converter makes of it.
  func storedType(_ attribute: PersistentAttribute, from file: Int) -> String {
    if case .type(let name)? = attribute.annotations.first(named: "Convert").flatMap({
      $0.argument("converter") ?? $0.argument("value")
    }), let type = index.resolve(name, from: file),
      let base = index.base(of: type, named: ["AttributeConverter"]), base.arguments.count == 2
    {
      return base.arguments[1]
    }
    if !converted.isEmpty, let type = index.resolve(attribute.type, from: file), let stored = converted[type] {
      return stored
    }
    return attribute.type
  }

  func isEnum(_ type: String, from file: Int) -> Bool {
    index.resolve(type, from: file).map { index.type($0).kind == .enum } ?? false
  }
}
