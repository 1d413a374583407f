import Basics
import Facts

/// The entities and the schema of classes that SQLAlchemy maps.
struct SQLAlchemyMapping {
  private let index: SystemIndex
  private let models: SQLAlchemyModels

  init(_ models: SQLAlchemyModels) {
    self.models = models
    index = models.index
  }

  // MARK: Entities

  func entities() -> [EntityMapping] { models.classes.map(mapping) + imperative() }

  private func mapping(of found: SQLAlchemyModels.Class) -> EntityMapping {
    var mapping = EntityMapping(
      file: found.type.file, type: found.type.index, isDeclared: found.isDeclared, framework: "SQLAlchemy",
      line: index.type(found.type).line)
    mapping.table = found.table.map(TableName.init)
    let base = models.base(found)
    // A subclass with a table of its own that leads to its base holds a part of each row.
    if found.table != nil { mapping.inheritance = .joined }
    if base == nil, found.table != nil, !hasTableBelow(found.type) { mapping.inheritance = .oneTable }
    for (attribute, column) in found.columns {
      mapping.properties.append(
        PropertyMapping(name: attribute, storage: .column(column.column), line: mapping.line))
      if column.isPrimary { mapping.keys.append(attribute) }
    }
    for relation in found.relations { mapping.properties.append(property(relation, of: found)) }
    return mapping
  }

  private func hasTableBelow(_ type: TypeID) -> Bool {
    index.descendants(of: type).contains { models.places[$0].map { models.classes[$0].table != nil } ?? false }
  }

  private func property(_ relation: SQLAlchemyModels.Relation, of found: SQLAlchemyModels.Class) -> PropertyMapping {
    var isMany = relation.isMany
    if isMany == nil {
      // One when a key of its own table leads there.
      let target = index.resolve(relation.target, from: found.type.file)
        .flatMap { models.places[$0] }.flatMap { models.classes[$0].table }
      isMany = relation.secondary != nil || !models.stored(found).contains { $0.column.target?.table == target }
    }
    var property = PropertyMapping(
      name: relation.name, storage: .inverse(of: relation.target), reverseName: relation.reverseName,
      isMany: isMany ?? true, line: relation.line)
    if let secondary = relation.secondary {
      property.storage = .joinTable(TableName(secondary), to: relation.target, columns: [], targetColumns: [])
    }
    // The way back of many leads to one, that of one to many.
    property.isOnlyOne = (isMany ?? true) && relation.secondary == nil
    if relation.cascades { property.cascades = [.delete] }
    return property
  }

  /// `registry.map_imperatively(Order, orders)`, `mapper(Order, orders)`.
  private func imperative() -> [EntityMapping] {
    guard !models.tables.isEmpty else { return [] }
    let byName = Dictionary(models.tables, uniquingKeysWith: { first, _ in first })
    var found: [EntityMapping] = []
    for (file, facts) in index.files.enumerated() where facts.language == .python {
      for placed in facts.functions.lazy.flatMap(\.events) {
        guard case .call(let call) = placed.event, call.callee == "map_imperatively" || call.callee == "mapper",
          call.arguments.count > 1, case .name(let type) = call.arguments[0], case .name(let table) = call.arguments[1],
          let made = byName[NameWords.lastPart(table)], let id = index.resolve(type, from: file)
        else { continue }
        var mapping = EntityMapping(
          file: id.file, type: id.index, table: made.name, isDeclared: true, framework: "SQLAlchemy",
          line: index.type(id).line)
        for column in made.columns {
          mapping.properties.append(
            PropertyMapping(name: column.name, storage: .column(column), line: placed.line))
        }
        mapping.properties += relations(call.arguments.entry("properties"), line: placed.line)
        mapping.keys = made.primaryKey
        found.append(mapping)
      }
    }
    return found
  }

  private func relations(_ value: Value?, line: Int) -> [PropertyMapping] {
    guard case .list(let entries)? = value else { return [] }
    return entries.compactMap { entry in
      guard case .member(let name, .call("relationship", _, let arguments)) = entry,
        case .name(let target)? = arguments.positional.first
      else { return nil }
      let isMany = arguments.entry("uselist") != .literal("false")
      return PropertyMapping(name: name, storage: .inverse(of: target), isMany: isMany, line: line)
    }
  }

  // MARK: Schema

  func history() -> SchemaHistory? {
    var tables: [TableName: Table] = [:]
    var order: [TableName] = []
    var declared: Set<TableName> = []
    func add(_ table: Table) {
      guard tables[table.name] == nil else {
        // Several classes in one table each add what the others leave out.
        for column in table.columns where tables[table.name]?.column(named: column.name) == nil {
          tables[table.name]?.columns.append(column)
        }
        return
      }
      tables[table.name] = table
      order.append(table.name)
    }
    for found in models.classes {
      guard let name = found.table else { continue }
      add(table(of: found, named: name))
      if found.isDeclared { declared.insert(TableName(name)) }
    }
    for (_, table) in models.tables {
      add(table)
      declared.insert(table.name)
    }
    for found in models.classes where found.table == nil { share(found, in: &tables) }
    guard !order.isEmpty else { return nil }
    complete(&tables)
    return SchemaHistory(
      framework: "SQLAlchemy", origin: .mapping, engine: .postgres,
      operations: order.compactMap { tables[$0] }.map {
        PlacedOperation(.createTable($0, replaces: false), at: $0.source)
      }, declared: declared)
  }

  private func table(of found: SQLAlchemyModels.Class, named name: String) -> Table {
    var table = Table(name: TableName(name), source: span(found))
    SQLAlchemyColumns.add(models.stored(found).map(\.column), to: &table)
    for constraint in found.constraints { models.columns.constraint(constraint, to: &table) }
    return table
  }

  private func span(_ found: SQLAlchemyModels.Class) -> SourceSpan {
    SourceSpan(file: index.files[found.type.file].file, line: index.type(found.type).line)
  }

  /// Columns of subclasses in the table of their base, which may be empty there.
  private func share(_ found: SQLAlchemyModels.Class, in tables: inout [TableName: Table]) {
    guard let name = models.base(found)?.table.map(TableName.init), var table = tables[name] else { return }
    SQLAlchemyColumns.add(found.columns.map(\.column), to: &table)
    tables[name] = table
  }

  /// Columns that lead to a key and say no type have that of the key.
  private func complete(_ tables: inout [TableName: Table]) {
    for _ in 0..<3 {
      for name in tables.keys.sorted() {
        guard let table = tables[name] else { continue }
        for key in table.foreignKeys where key.columns.count == 1 {
          guard let place = table.columns.firstIndex(where: { $0.name == key.columns[0] && $0.type.isEmpty }),
            let target = tables[key.target]?.column(named: key.targetColumns.first ?? "")
          else { continue }
          tables[name]?.columns[place].type = target.type
        }
      }
    }
  }
}
