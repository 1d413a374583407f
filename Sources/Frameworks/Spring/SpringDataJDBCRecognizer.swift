import Basics
import Facts

/// Spring Data JDBC and R2DBC: aggregates without a session, named by the words of their classes.
struct SpringDataJDBCRecognizer: FrameworkRecognizer {
  static let frameworkName = "Spring Data JDBC"
  let name = Self.frameworkName
  let languages: Set<SourceLanguage> = [.java, .kotlin]
  let spreadsWrites = true

  func entities(in system: SystemIndex) -> [EntityMapping] { RelationalAggregates(system).mappings() }
}

/// Reads aggregates: roots with an identity, and what they hold.
private struct RelationalAggregates {
  private let system: SystemIndex
  private let types: JPAColumnType
  private static let packages = [
    "org.springframework.data.relational", "org.springframework.data.jdbc", "org.springframework.data.r2dbc",
  ]
  private static let identity = "org.springframework.data.annotation.Id"
  private static let otherStores: Set<String> = ["Document", "Node", "RedisHash", "Container", "KeySpace", "Entity"]
  private static let many: Set<String> = ["Set", "List", "Collection", "Map", "MutableSet", "MutableList"]

  init(_ system: SystemIndex) {
    self.system = system
    var naming = JPANaming.of(system)
    naming.usesUnderscores = true
    types = JPAColumnType(naming: naming)
  }

  func mappings() -> [EntityMapping] {
    let isUsed = system.files.contains {
      $0.imports.contains { fact in Self.packages.contains { fact.path.hasPrefix($0) } }
    }
    guard isUsed else { return [] }
    var roots: Set<TypeID> = []
    for type in system.types where isRoot(type) { roots.insert(type) }
    var found: [TypeID: EntityMapping] = [:]
    var next = roots.sorted()
    while let type = next.popLast() {
      guard found[type] == nil else { continue }
      let mapping = mapping(of: type)
      found[type] = mapping
      for case (.inverse(let name), _) in mapping.properties.map({ ($0.storage, $0.name) }) {
        if let part = system.resolve(name, from: type.file) { next.append(part) }
      }
    }
    addKeys(to: &found)
    return found.sorted { $0.key < $1.key }.map(\.value)
  }

  private func isRoot(_ type: TypeID) -> Bool {
    let facts = system.files[type.file]
    guard facts.language == .java || facts.language == .kotlin else { return false }
    let fact = system.type(type)
    guard !fact.annotations.contains(where: { Self.otherStores.contains(NameWords.lastPart($0.name)) }) else {
      return false
    }
    let hasTable =
      fact.annotations.first(named: "Table") != nil
      && facts.imports.contains { fact in fact.local == "Table" && Self.packages.contains { fact.path.hasPrefix($0) } }
    let hasIdentity =
      fact.fields.contains { $0.annotations.first(named: "Id") != nil }
      && facts.imports.contains { $0.path == Self.identity || $0.path + "." + $0.symbol == Self.identity }
    return hasTable || hasIdentity
  }

  private func tableName(_ type: TypeID) -> (name: String, isDeclared: Bool) {
    let fact = system.type(type)
    if let name = fact.annotations.first(named: "Table")?.text("value") { return (name, true) }
    return (types.naming.physical(NameWords.lastPart(fact.name)), false)
  }

  private func mapping(of type: TypeID) -> EntityMapping {
    let fact = system.type(type)
    let table = tableName(type)
    var mapping = EntityMapping(
      file: type.file, type: type.index, table: TableName(table.name), isDeclared: table.isDeclared,
      framework: SpringDataJDBCRecognizer.frameworkName, line: fact.line)
    for field in fact.fields where !field.isStatic && field.annotations.first(named: "Transient", "transient") == nil {
      if field.annotations.first(named: "Id") != nil { mapping.keys.append(field.name) }
      mapping.properties.append(property(field, from: type.file))
    }
    return mapping
  }

  private func property(_ field: FieldFact, from file: Int) -> PropertyMapping {
    let type = TypeName(field.type)
    let given = field.annotations.first(named: "Column")?.text("value")
    let isKey = field.annotations.first(named: "Id") != nil
    let name = given ?? types.naming.physical(field.name)
    if type.simple == "AggregateReference", let target = type.arguments.first {
      let column = Column(name: name, type: "", isNullable: true)
      return PropertyMapping(
        name: field.name, storage: .reference(to: target, columns: [column], onDelete: .noAction), line: field.line)
    }
    let part = Self.many.contains(type.simple) ? type.arguments.last ?? "" : field.type
    if let inner = system.resolve(part, from: file), system.type(inner).kind != .enum, !JPAColumnType.isBasic(part) {
      if field.annotations.first(named: "Embedded") != nil {
        return PropertyMapping(name: field.name, storage: .embedded(part), line: field.line)
      }
      return PropertyMapping(
        name: field.name, storage: .inverse(of: part), isMany: Self.many.contains(type.simple),
        cascades: [.write, .delete], line: field.line)
    }
    let isEnum = system.resolve(field.type, from: file).map { system.type($0).kind == .enum } ?? false
    let columnType = isEnum ? "varchar(255)" : types.type(of: field.type, isEnum: false, column: nil, annotations: [])
    let column = Column(
      name: name, type: columnType, isNullable: !isKey && !JPAColumnType.isPrimitive(field.type), isGenerated: isKey)
    return PropertyMapping(name: field.name, storage: .column(column), line: field.line)
  }

  /// Parts of an aggregate point to the table of what holds them.
  private func addKeys(to found: inout [TypeID: EntityMapping]) {
    for (owner, mapping) in found.sorted(by: { $0.key < $1.key }) {
      for property in mapping.properties {
        guard case .inverse(let name) = property.storage, let part = system.resolve(name, from: owner.file),
          found[part] != nil, let table = mapping.table
        else { continue }
        let field = system.type(owner).fields.first { $0.name == property.name }
        let column = field?.annotations.first(named: "MappedCollection")?.text("idColumn") ?? table.text
        found[part]?.properties.append(
          PropertyMapping(
            name: "\(system.type(owner).name).\(property.name)",
            storage: .reference(
              to: system.type(owner).name, columns: [Column(name: column, type: "", isNullable: true)],
              onDelete: .noAction), line: property.line))
      }
    }
  }
}
