import Basics
import Facts

/// The entities of the system, linked: which type stands for which table, and what its properties lead to.
struct EntityModel {
  /// An entity with its table, and its properties with those it inherits.
  struct Entity {
    var mapping: EntityMapping
    var type: TypeID
    /// Nil for classes that only lend their fields.
    var table: TableName?
    /// Tables of bases that hold a part of each row.
    var baseTables: [TableName] = []
    /// By name; own ones before inherited ones.
    var properties: [String: PropertyMapping]
  }

  /// What a property leads to.
  struct Target {
    /// The entity on the other side.
    var entity: Int
    /// Whether there are many.
    var isMany: Bool
    /// The table between the two, if there is one.
    var between: TableName?
  }

  private(set) var entities: [Entity] = []
  private(set) var byType: [TypeID: Int] = [:]
  private var variants: [VariantKey: Int] = [:]
  private var byName: [String: [Int]] = [:]
  private var byLowerName: [String: [Int]] = [:]
  private var byTable: [String: Int] = [:]
  private var targets: [PropertyKey: Target] = [:]
  private let index: SystemIndex

  private struct VariantKey: Hashable {
    var context: TypeID
    var type: TypeID
  }

  private struct PropertyKey: Hashable {
    var entity: Int
    var name: String
  }

  /// Links mappings; types with two of them keep the first.
  init(_ mappings: [EntityMapping], index: SystemIndex) {
    self.index = index
    for mapping in mappings {
      let type = TypeID(file: mapping.file, index: mapping.type)
      if let known = byType[type] {
        // One class may be kept in another table by each session type.
        guard let context = mapping.context, mapping.table != entities[known].mapping.table,
          entities[known].mapping.context != context
        else { continue }
        variants[VariantKey(context: context, type: type)] = entities.count
      } else {
        byType[type] = entities.count
        let name = mapping.entityName.isEmpty ? NameWords.lastPart(index.type(type).name) : mapping.entityName
        byName[name, default: []].append(entities.count)
        byLowerName[name.lowercased(), default: []].append(entities.count)
        if let table = mapping.table, byTable[table.text] == nil { byTable[table.text] = entities.count }
      }
      entities.append(
        Entity(
          mapping: mapping, type: type, table: mapping.table,
          properties: Dictionary(mapping.properties.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })))
    }
    for number in entities.indices { inherit(number) }
    for number in entities.indices { link(number) }
  }

  /// Properties, and the table where subclasses share it, come down from the bases.
  private mutating func inherit(_ number: Int) {
    for base in index.ancestors(of: entities[number].type) {
      guard let found = byType[base] else { continue }
      entities[number].properties.merge(entities[found].mapping.properties.map { ($0.name, $0) }) { own, _ in own }
      guard let table = entities[found].mapping.table, table != entities[number].table else { continue }
      switch entities[found].mapping.inheritance {
      case .oneTable: if entities[number].table == nil { entities[number].table = table }
      case .joined: entities[number].baseTables.append(table)
      case .separate: break
      }
    }
  }

  private mutating func link(_ number: Int) {
    let file = entities[number].mapping.file
    for property in entities[number].properties.values {
      guard let (name, between) = Self.other(of: property), let other = entity(named: name, from: file) else {
        continue
      }
      targets[PropertyKey(entity: number, name: property.name)] = Target(
        entity: other, isMany: property.isMany, between: between)
      guard !property.reverseName.isEmpty else { continue }
      let back = PropertyKey(entity: other, name: property.reverseName)
      let isOne = property.isOnlyOne
      if targets[back] == nil { targets[back] = Target(entity: number, isMany: !isOne, between: between) }
    }
  }

  private static func other(of property: PropertyMapping) -> (name: String, between: TableName?)? {
    switch property.storage {
    case .reference(let to, _, _): (to, nil)
    case .inverse(let of): (of, nil)
    case .joinTable(let table, let to, _, _): (to, table)
    case .embedded(let of, _): (of, nil)
    case .column, .collection: nil
    }
  }

  /// Every table in which rows of an entity are kept: its own, and those of its bases that hold a part.
  func tables(of entity: Int) -> [TableName] {
    (entities[entity].table.map { [$0] } ?? []) + entities[entity].baseTables + entities[entity].mapping.besides
  }

  /// Tables whose rows are written together with those of an entity: of collections and relations it owns, and of the
  /// entities its changes spread to. Without its own, sorted.
  func spread(from entity: Int, _ cascade: PropertyMapping.Cascade) -> [TableName] {
    var seen: Set<Int> = [entity]
    var next = [entity]
    var found: Set<TableName> = []
    while let current = next.popLast() {
      for property in entities[current].properties.values {
        switch property.storage {
        case .collection(let table, _, _), .joinTable(let table, _, _, _): found.insert(table)
        case .column, .reference, .inverse, .embedded: break
        }
        guard property.cascades.contains(cascade), let other = target(of: property.name, in: current)?.entity,
          seen.insert(other).inserted
        else { continue }
        found.formUnion(tables(of: other))
        next.append(other)
      }
    }
    return found.subtracting(tables(of: entity)).sorted()
  }

  /// What an entity is in a session type: the same, unless the class has another table there.
  func entity(_ entity: Int, in context: TypeID?) -> Int {
    guard let context, !variants.isEmpty else { return entity }
    return variants[VariantKey(context: context, type: entities[entity].type)] ?? entity
  }

  /// The entity of a type, or of the nearest base that is one.
  func entity(of type: TypeID) -> Int? {
    if let own = byType[type] { return own }
    return index.ancestors(of: type).lazy.compactMap { byType[$0] }.first
  }

  /// The entity a type name means in a file.
  func entity(named name: String, from file: Int) -> Int? {
    if let type = index.resolve(name, from: file), let found = entity(of: type) { return found }
    return entity(named: name)
  }

  /// The entity queries call by that name; nil when there is none or several.
  func entity(named name: String) -> Int? {
    guard let found = byName[NameWords.lastPart(name)], found.count == 1 else { return nil }
    return found[0]
  }

  /// The entity of that name whatever its case; nil when there is none or several.
  func entity(loosely name: String) -> Int? {
    guard let found = byLowerName[name.lowercased()], found.count == 1 else { return nil }
    return found[0]
  }

  /// The first entity that is mapped to exactly that table: a class in a text that is put together is its table.
  func entity(ofTable name: String) -> Int? { byTable[name] }

  /// What a property leads to: the entity on the other side, whether there are many, and the table between them.
  func target(of property: String, in entity: Int) -> Target? {
    targets[PropertyKey(entity: entity, name: property)]
  }

  /// What the first relation, by name, from one entity to another leads to.
  func target(from entity: Int, to other: Int) -> Target? {
    entities[entity].properties.keys.sorted().lazy.compactMap { self.target(of: $0, in: entity) }.first {
      $0.entity == other
    }
  }
}
