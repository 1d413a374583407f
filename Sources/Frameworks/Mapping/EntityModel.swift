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
    /// By name; own ones before inherited ones.
    var properties: [String: PropertyMapping]
  }

  private(set) var entities: [Entity] = []
  private(set) var byType: [TypeID: Int] = [:]
  private var byName: [String: [Int]] = [:]
  private let index: SystemIndex

  /// Links mappings; types with two of them keep the first.
  init(_ mappings: [EntityMapping], index: SystemIndex) {
    self.index = index
    for mapping in mappings {
      let type = TypeID(file: mapping.file, index: mapping.type)
      guard byType[type] == nil else { continue }
      byType[type] = entities.count
      let name = mapping.entityName.isEmpty ? NameWords.lastPart(index.type(type).name) : mapping.entityName
      byName[name, default: []].append(entities.count)
      entities.append(
        Entity(
          mapping: mapping, type: type, table: mapping.table,
          properties: Dictionary(mapping.properties.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })))
    }
    inherit()
  }

  /// Properties, and the table where subclasses share it, come down from the bases.
  private mutating func inherit() {
    for number in entities.indices {
      for base in index.ancestors(of: entities[number].type) {
        guard let found = byType[base] else { continue }
        entities[number].properties.merge(entities[found].mapping.properties.map { ($0.name, $0) }) { own, _ in own }
        if entities[number].table == nil, entities[found].mapping.sharesTable {
          entities[number].table = entities[found].mapping.table
        }
      }
    }
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

  /// What a property leads to: the entity on the other side, whether it holds many, and the table between them.
  func target(of property: String, in entity: Int) -> (entity: Int, isMany: Bool, between: TableName?)? {
    guard let found = entities[entity].properties[property] else { return nil }
    let file = entities[entity].mapping.file
    let (name, between): (String, TableName?)
    switch found.storage {
    case .reference(let to, _, _): (name, between) = (to, nil)
    case .inverse(let of): (name, between) = (of, nil)
    case .joinTable(let table, let to): (name, between) = (to, table)
    case .embedded(let of): (name, between) = (of, nil)
    case .column, .collection: return nil
    }
    return self.entity(named: name, from: file).map { ($0, found.isMany, between) }
  }
}
