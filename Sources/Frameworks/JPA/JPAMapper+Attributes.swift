import Basics
import Facts

/// What stores the attributes of a class.
extension JPAMapper {
  private static let collections: Set<String> = [
    "Collection", "List", "Set", "SortedSet", "Map", "SortedMap", "Iterable", "MutableCollection", "MutableList",
    "MutableSet", "MutableMap", "Array", "ArrayList", "HashSet", "LinkedHashSet",
  ]

  /// How an attribute is stored; `file` is where it is written when that is in another class than `entry`.
  func properties(
    _ attribute: PersistentAttribute, of entry: PersistentClass, from file: Int? = nil, depth: Int = 0
  ) -> [PropertyMapping] {
    let file = file ?? entry.id.file
    guard !attribute.has("Transient", "Formula", "JoinFormula", "Any", "ManyToAny"), depth < 6 else { return [] }
    var property = PropertyMapping(
      name: attribute.name, storage: .collection(TableName(""), columns: [], values: []), line: attribute.line)
    let relation = attribute.annotations.first(named: "ManyToOne", "OneToOne", "OneToMany", "ManyToMany")
    property.cascades = cascades(relation, attribute)
    if attribute.has("ElementCollection", "CollectionOfElements") {
      guard let storage = collection(attribute, of: entry, file: file) else { return [] }
      property.storage = storage
      property.isMany = true
      return [property]
    }
    if let relation {
      guard let storage = self.relation(relation, attribute, of: entry, file: file, depth: depth) else { return [] }
      property.storage = storage
      property.isMany = NameWords.lastPart(relation.name).hasSuffix("ToMany")
      property.isOnlyOne = NameWords.lastPart(relation.name) == "OneToOne"
      if case .inverse = storage { property.reverseName = relation.text("mappedBy") ?? "" }
      return [property]
    }
    if let inner = embedded(attribute, from: file) {
      property.storage = .embedded(index.type(inner.id).name, columns: keyOverrides(attribute, of: entry))
      return [property]
    }
    let annotation = attribute.annotations.first(named: "Column")
    var column = self.column(attribute, annotation, name: attribute.name, file: file)
    if attribute.has("Id", "Version"), attribute.has("Id") { column.isNullable = false }
    if attribute.has("GeneratedValue") { column.isGenerated = true }
    if let table = annotation?.text("table") {
      let key = keyColumns(of: entry, depth: depth + 1)
      property.storage = .collection(TableName(naming.physical(table)), columns: key, values: [column])
    } else {
      property.storage = .column(column)
    }
    return [property]
  }

  private func cascades(_ relation: AnnotationFact?, _ attribute: PersistentAttribute) -> Set<PropertyMapping.Cascade> {
    var found: Set<PropertyMapping.Cascade> = []
    for value in relation?.argument("cascade").map(Self.items) ?? [] {
      guard case .name(let name) = value else { continue }
      switch NameWords.lastPart(name) {
      case "ALL": found = [.write, .delete]
      case "PERSIST", "MERGE", "SAVE_UPDATE": found.insert(.write)
      case "REMOVE", "DELETE": found.insert(.delete)
      default: break
      }
    }
    if relation?.argument("orphanRemoval") == .literal("true") { found.insert(.delete) }
    return found
  }

  // MARK: Columns

  private func column(
    _ attribute: PersistentAttribute, _ annotation: AnnotationFact?, name: String, file: Int
  ) -> Column {
    let stored = storedType(attribute, from: file)
    let isPrimitive = JPAColumnType.isPrimitive(stored)
    let isRequired =
      annotation?.argument("nullable") == .literal("false") || attribute.has("NotNull", "NotBlank", "NotEmpty")
      || attribute.annotations.first(named: "Basic")?.argument("optional") == .literal("false")
    return Column(
      name: naming.physical(annotation?.text("name") ?? name),
      type: types.type(
        of: stored, isEnum: isEnum(stored, from: file), column: annotation, annotations: attribute.annotations),
      isNullable: !isPrimitive && !isRequired)
  }

  /// Columns of embedded keys that take the name of the relation they belong to, and those renamed where they are used.
  private func keyOverrides(_ attribute: PersistentAttribute, of entry: PersistentClass) -> [String: Column] {
    var found = overrides(attribute)
    guard attribute.has("EmbeddedId") else { return found }
    for other in entry.attributes {
      guard let maps = other.annotations.first(named: "MapsId")?.text("value"),
        let target = persistent(other.type, from: entry.id.file)
      else { continue }
      if let column = joinColumns(other.annotations, default: other.name, target: target).first {
        found[maps] = Column(name: column.name, type: "", isNullable: false)
      }
    }
    return found
  }

  /// The columns that lead to another entity: named, or made of the name of the attribute and those of its key.
  private func joinColumns(
    _ annotations: [AnnotationFact], default name: String, target: PersistentClass?, isRequired: Bool = false,
    depth: Int = 0
  ) -> [Column] {
    let given = all("JoinColumn", in: "JoinColumns", annotations)
    let keys = target.map { keyColumns(of: $0, depth: depth + 1) } ?? []
    if given.isEmpty {
      let names = keys.isEmpty ? ["id"] : keys.map(\.name)
      return names.map { Column(name: naming.physical(name + "_" + $0), type: "", isNullable: !isRequired) }
    }
    return given.enumerated().map { place, annotation in
      let key = annotation.text("referencedColumnName") ?? (place < keys.count ? keys[place].name : "id")
      return Column(
        name: naming.physical(annotation.text("name") ?? name + "_" + key),
        type: annotation.text("columnDefinition")?.lowercased() ?? "",
        isNullable: annotation.argument("nullable") != .literal("false") && !isRequired)
    }
  }

  // MARK: Relations

  /// The class on the other side.
  private func target(_ relation: AnnotationFact, _ attribute: PersistentAttribute, file: Int) -> PersistentClass? {
    if case .type(let name)? = relation.argument("targetEntity") { return persistent(name, from: file) }
    let type = TypeName(attribute.type)
    return persistent(type.arguments.last ?? attribute.type, from: file)
  }

  private func relation(
    _ relation: AnnotationFact, _ attribute: PersistentAttribute, of entry: PersistentClass, file: Int, depth: Int
  ) -> PropertyMapping.Storage? {
    guard let target = target(relation, attribute, file: file) else { return nil }
    let name = index.type(target.id).name
    let mappedBy = relation.text("mappedBy")
    let isToMany = NameWords.lastPart(relation.name).hasSuffix("ToMany")
    if let mappedBy, NameWords.lastPart(relation.name) == "ManyToMany" {
      guard let owner = target.attributes.first(where: { $0.name == mappedBy }),
        let other = owner.annotations.first(named: "ManyToMany"),
        case .joinTable(let table, _, let columns, let far)? = joinTable(other, owner, of: target, to: entry)
      else { return .inverse(of: name) }
      return .joinTable(table, to: name, columns: far, targetColumns: columns)
    }
    if mappedBy != nil { return .inverse(of: name) }
    if isToMany {
      if NameWords.lastPart(relation.name) == "OneToMany",
        attribute.annotations.first(named: "JoinColumn", "JoinColumns") != nil
      {
        return .inverse(of: name)
      }
      return joinTable(relation, attribute, of: entry, to: target)
    }
    if attribute.annotations.first(named: "JoinTable") != nil {
      return joinTable(relation, attribute, of: entry, to: target)
    }
    if attribute.has("PrimaryKeyJoinColumn") {
      return .reference(to: name, columns: keyColumns(of: entry, depth: depth + 1), onDelete: .noAction)
    }
    let isRequired =
      relation.argument("optional") == .literal("false") || attribute.has("Id", "MapsId", "NotNull")
    let columns = joinColumns(
      attribute.annotations, default: attribute.name, target: target, isRequired: isRequired, depth: depth)
    var onDelete = ReferentialAction.noAction
    if case .name(let action)? = attribute.annotations.first(named: "OnDelete")?.argument("action"),
      action.hasSuffix("CASCADE")
    {
      onDelete = .cascade
    }
    return .reference(to: name, columns: columns, onDelete: onDelete)
  }

  private func joinTable(
    _ relation: AnnotationFact, _ attribute: PersistentAttribute, of entry: PersistentClass, to target: PersistentClass
  ) -> PropertyMapping.Storage? {
    guard let own = storedTable(entry) else { return nil }
    let given = attribute.annotations.first(named: "JoinTable")
    let other = storedTable(target)?.text ?? simpleName(target.id)
    let name =
      given?.text("name")
      ?? own.text + "_" + (naming.namesTablesByProperty ? attribute.name : other)
    func columns(_ key: String) -> [AnnotationFact] {
      (given?.argument(key).map(Self.items) ?? []).compactMap { Self.annotation($0, line: attribute.line) }
    }
    let backName = target.attributes.first { candidate in
      candidate.annotations.contains { $0.text("mappedBy") == attribute.name }
        && (TypeName(candidate.type).arguments.last ?? candidate.type) == simpleName(entry.id)
    }?.name
    let near = joinColumns(
      columns("joinColumns"), default: backName ?? entityName(entry), target: entry, isRequired: true)
    let far = joinColumns(
      columns("inverseJoinColumns"), default: attribute.name, target: target, isRequired: true)
    return .joinTable(
      TableName(naming.physical(name)), to: index.type(target.id).name, columns: near, targetColumns: far)
  }

  /// The column that a one-sided collection puts into the table of its elements.
  func farColumn(_ attribute: PersistentAttribute, of entry: PersistentClass) -> (Int, PropertyMapping)? {
    guard let relation = attribute.annotations.first(named: "OneToMany"), relation.text("mappedBy") == nil,
      attribute.annotations.first(named: "JoinColumn", "JoinColumns") != nil,
      attribute.annotations.first(named: "JoinTable") == nil,
      let target = target(relation, attribute, file: entry.id.file), let place = place(of: target)
    else { return nil }
    let columns = joinColumns(attribute.annotations, default: attribute.name, target: entry)
    return (
      place,
      PropertyMapping(
        name: "\(simpleName(entry.id)).\(attribute.name)",
        storage: .reference(to: index.type(entry.id).name, columns: columns, onDelete: .noAction),
        line: attribute.line)
    )
  }

  // MARK: Collections of values

  private func collection(
    _ attribute: PersistentAttribute, of entry: PersistentClass, file: Int
  ) -> PropertyMapping.Storage? {
    let given = attribute.annotations.first(named: "CollectionTable", "JoinTable")
    let name = given?.text("name") ?? entityName(entry) + "_" + attribute.name
    let joins = (given?.argument("joinColumns").map(Self.items) ?? []).compactMap {
      Self.annotation($0, line: attribute.line)
    }
    let near = joinColumns(joins, default: entityName(entry), target: entry, isRequired: true)
    let type = TypeName(attribute.type)
    var values: [Column] = []
    if type.arguments.count == 2 {
      let key = attribute.annotations.first(named: "MapKeyColumn")
      let keyed = PersistentAttribute(
        name: attribute.name + "_KEY", type: type.arguments[0], annotations: [], line: attribute.line)
      var column = self.column(keyed, key, name: keyed.name, file: file)
      column.isNullable = false
      values.append(column)
    }
    if let order = attribute.annotations.first(named: "OrderColumn") {
      values.append(
        Column(
          name: naming.physical(order.text("name") ?? attribute.name + "_ORDER"), type: "integer", isNullable: false))
    }
    let element = PersistentAttribute(
      name: attribute.name, type: type.arguments.last ?? attribute.type, annotations: attribute.annotations,
      line: attribute.line)
    if let inner = persistent(element.type, from: file), !inner.isEntity {
      values += embeddedColumns(inner, overrides: overrides(attribute), depth: 0)
    } else {
      values.append(
        column(element, attribute.annotations.first(named: "Column"), name: attribute.name, file: file))
    }
    return .collection(TableName(naming.physical(name)), columns: near, values: values)
  }

  private func embeddedColumns(_ inner: PersistentClass, overrides: [String: Column], depth: Int) -> [Column] {
    guard depth < 5 else { return [] }
    return inner.attributes.flatMap { part -> [Column] in
      if let nested = embedded(part, from: inner.id.file) {
        let prefix = part.name + "."
        let outer = overrides.filter { $0.key.hasPrefix(prefix) }.map {
          (String($0.key.dropFirst(prefix.count)), $0.value)
        }
        return embeddedColumns(
          nested, overrides: self.overrides(part).merging(outer) { _, outer in outer }, depth: depth + 1)
      }
      return properties(part, of: inner, depth: depth + 1).flatMap { property -> [Column] in
        switch property.storage {
        case .column(var column):
          if let given = overrides[part.name] { column.name = given.name }
          return [column]
        case .reference(_, let columns, _): return columns
        case .inverse, .joinTable, .collection, .embedded: return []
        }
      }
    }
  }
}
