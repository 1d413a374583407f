import Basics
import Facts

/// The tables that the mappings of entities describe, for systems whose classes are the only source of the schema.
struct MappingSchema {
  private let model: EntityModel
  private let index: SystemIndex
  private static let maximumDepth = 6

  init(model: EntityModel, index: SystemIndex) {
    self.model = model
    self.index = index
  }

  /// One history for each framework that maps entities, sorted by name.
  func histories(engine: EngineFamily?) -> [SchemaHistory] {
    let frameworks = Set(model.entities.map(\.mapping.framework)).sorted()
    return frameworks.map { framework in
      let numbers = model.entities.indices.filter { model.entities[$0].mapping.framework == framework }
      var tables: [TableName: Table] = [:]
      var order: [TableName] = []
      var declared: Set<TableName> = []
      for number in numbers {
        guard let name = model.entities[number].mapping.table, !model.entities[number].mapping.isView else { continue }
        if model.entities[number].mapping.isDeclared { declared.insert(name) }
        merge(table(of: number, named: name), into: &tables, order: &order)
      }
      for number in numbers { addSharing(number, to: &tables) }
      for number in numbers {
        for side in sideTables(of: number) { merge(side, into: &tables, order: &order) }
      }
      return SchemaHistory(
        framework: framework, origin: .mapping, engine: engine,
        operations: order.compactMap { tables[$0] }.map {
          PlacedOperation(.createTable($0, replaces: false), at: $0.source)
        }, declared: declared)
    }
  }

  /// Several classes may map one table: each adds what the others leave out.
  private func merge(_ table: Table, into tables: inout [TableName: Table], order: inout [TableName]) {
    guard var known = tables[table.name] else {
      tables[table.name] = table
      order.append(table.name)
      return
    }
    for column in table.columns where known.column(named: column.name) == nil { known.columns.append(column) }
    if known.primaryKey.isEmpty { known.primaryKey = table.primaryKey }
    known.foreignKeys += table.foreignKeys.filter { key in !known.foreignKeys.contains { $0.columns == key.columns } }
    tables[table.name] = known
  }

  private func span(_ entity: EntityModel.Entity, line: Int) -> SourceSpan {
    SourceSpan(file: index.files[entity.mapping.file].file, line: line)
  }

  // MARK: One entity

  private func table(of number: Int, named name: TableName) -> Table {
    let entity = model.entities[number]
    var table = Table(name: name, source: span(entity, line: entity.mapping.line))
    for (owner, property) in stored(in: number) { add(property, of: owner, to: &table, depth: 0) }
    let key = keyColumns(of: number)
    if let base = joinedBase(of: number) {
      let inherited = keyColumns(of: base)
      for column in inherited.reversed() where table.column(named: column.name) == nil {
        table.columns.insert(column, at: 0)
      }
      table.primaryKey = inherited.map(\.name)
      if let target = model.entities[base].table {
        table.foreignKeys.append(
          ForeignKey(
            name: nil, columns: table.primaryKey, target: target, targetColumns: table.primaryKey,
            onDelete: .noAction, span: table.source))
      }
    } else {
      table.primaryKey = key.map(\.name)
    }
    for unique in entity.mapping.uniques {
      let columns = unique.flatMap { name in self.columns(of: name, in: number).map(\.name) }
      if !columns.isEmpty { table.uniqueKeys.append(columns) }
    }
    return table
  }

  /// The properties whose columns are in the table of an entity: those of classes that only lend fields, then its own.
  private func stored(in number: Int) -> [(owner: Int, property: PropertyMapping)] {
    let entity = model.entities[number]
    var chain: [Int] = [number]
    for base in index.ancestors(of: entity.type) {
      guard let found = model.byType[base] else { continue }
      let mapping = model.entities[found].mapping
      if mapping.table == nil || mapping.inheritance == .separate { chain.append(found) }
    }
    return chain.reversed().flatMap { owner in model.entities[owner].mapping.properties.map { (owner, $0) } }
  }

  private func joinedBase(of number: Int) -> Int? {
    for base in index.ancestors(of: model.entities[number].type) {
      guard let found = model.byType[base], model.entities[found].mapping.table != nil else { continue }
      return model.entities[found].mapping.inheritance == .joined ? found : nil
    }
    return nil
  }

  /// Subclasses without a table of their own put their columns into that of their base; they may be empty there.
  private func addSharing(_ number: Int, to tables: inout [TableName: Table]) {
    let entity = model.entities[number]
    guard entity.mapping.table == nil, let name = entity.table, var table = tables[name] else { return }
    var own = Table(name: name, source: table.source)
    for property in entity.mapping.properties { add(property, of: number, to: &own, depth: 0) }
    for var column in own.columns where table.column(named: column.name) == nil {
      column.isNullable = true
      table.columns.append(column)
    }
    table.foreignKeys += own.foreignKeys
    tables[name] = table
  }

  // MARK: Columns

  private func add(_ property: PropertyMapping, of owner: Int, to table: inout Table, depth: Int) {
    guard depth < Self.maximumDepth else { return }
    let file = model.entities[owner].mapping.file
    switch property.storage {
    case .column(let column):
      if table.column(named: column.name) == nil { table.columns.append(column) }
    case .reference(let to, let columns, let onDelete):
      let target = model.entity(named: to, from: file)
      let columns = typed(columns, target: target)
      for column in columns where table.column(named: column.name) == nil { table.columns.append(column) }
      guard !columns.isEmpty, let target, let name = model.entities[target].table else { return }
      table.foreignKeys.append(
        ForeignKey(
          name: nil, columns: columns.map(\.name), target: name, targetColumns: keyColumns(of: target).map(\.name),
          onDelete: onDelete, span: SourceSpan(file: index.files[file].file, line: property.line)))
    case .embedded(let type, let columns):
      guard let embedded = model.entity(named: type, from: file) else { return }
      for (owner, inner) in stored(in: embedded) {
        add(Self.renamed(inner, by: columns), of: owner, to: &table, depth: depth + 1)
      }
    case .inverse, .joinTable, .collection: return
    }
  }

  /// A property of an embedded class with the columns that stand in for its own.
  private static func renamed(_ property: PropertyMapping, by columns: [String: Column]) -> PropertyMapping {
    guard !columns.isEmpty else { return property }
    var property = property
    switch property.storage {
    case .column(let own):
      if var column = columns[property.name] {
        if column.type.isEmpty { column.type = own.type }
        property.storage = .column(column)
      }
    case .reference(let to, let own, let onDelete):
      if let column = columns[property.name], own.count == 1 {
        property.storage = .reference(to: to, columns: [column], onDelete: onDelete)
      }
    case .embedded(let type, let own):
      let prefix = property.name + "."
      let inner = columns.filter { $0.key.hasPrefix(prefix) }.map { (String($0.key.dropFirst(prefix.count)), $0.value) }
      property.storage = .embedded(type, columns: own.merging(inner) { _, outer in outer })
    case .inverse, .joinTable, .collection: break
    }
    return property
  }

  private func columns(of property: String, in number: Int, depth: Int = 0) -> [Column] {
    guard depth < Self.maximumDepth, let found = model.entities[number].properties[property] else { return [] }
    let file = model.entities[number].mapping.file
    switch found.storage {
    case .column(let column): return [column]
    case .reference(let to, let columns, _):
      return typed(columns, target: depth < 3 ? model.entity(named: to, from: file) : nil)
    case .embedded(let type, let names):
      guard let embedded = model.entity(named: type, from: file) else { return [] }
      return model.entities[embedded].mapping.properties.flatMap { inner in
        names[inner.name].map { [$0] } ?? columns(of: inner.name, in: embedded, depth: depth + 1)
      }
    case .inverse, .joinTable, .collection: return []
    }
  }

  /// The key columns of an entity, of its base when it declares none.
  private func keyColumns(of number: Int, depth: Int = 0) -> [Column] {
    guard depth < Self.maximumDepth else { return [] }
    let entity = model.entities[number]
    var keys = entity.mapping.keys
    if keys.isEmpty {
      for base in index.ancestors(of: entity.type) {
        guard let found = model.byType[base], !model.entities[found].mapping.keys.isEmpty else { continue }
        keys = model.entities[found].mapping.keys
        break
      }
    }
    return keys.flatMap { columns(of: $0, in: number, depth: depth + 1) }
  }

  /// Columns without a type get that of the key they lead to.
  private func typed(_ columns: [Column], target: Int?) -> [Column] {
    guard columns.contains(where: \.type.isEmpty), let target else { return columns }
    let key = keyColumns(of: target, depth: 3)
    return columns.enumerated().map { place, column in
      guard column.type.isEmpty, place < key.count else { return column }
      var column = column
      column.type = key[place].type
      return column
    }
  }

  // MARK: Tables beside

  private func sideTables(of number: Int) -> [Table] {
    let entity = model.entities[number]
    guard let own = entity.table else { return [] }
    let key = keyColumns(of: number).map(\.name)
    return entity.mapping.properties.compactMap { property in
      let source = span(entity, line: property.line)
      switch property.storage {
      // Tables whose columns are not said are those of another entity.
      case .joinTable(_, _, let near, _) where near.isEmpty: return nil
      case .joinTable(let name, let to, let near, let far):
        let target = model.entity(named: to, from: entity.mapping.file)
        var table = Table(name: name, source: source)
        table.columns = typed(near, target: number) + typed(far, target: target)
        table.primaryKey = table.columns.map(\.name)
        table.foreignKeys.append(foreignKey(near, to: own, key, at: source))
        if let target, let other = model.entities[target].table {
          table.foreignKeys.append(foreignKey(far, to: other, keyColumns(of: target).map(\.name), at: source))
        }
        return table
      case .collection(let name, let near, let values):
        var table = Table(name: name, source: source)
        table.columns = typed(near, target: number) + values
        table.foreignKeys.append(foreignKey(near, to: own, key, at: source))
        return table
      case .column, .reference, .inverse, .embedded: return nil
      }
    }
  }

  private func foreignKey(_ columns: [Column], to target: TableName, _ key: [String], at span: SourceSpan) -> ForeignKey
  {
    ForeignKey(
      name: nil, columns: columns.map(\.name), target: target, targetColumns: key, onDelete: .noAction, span: span)
  }
}
