import Basics
import Facts

/// NHibernate: classes mapped by `hbm.xml` files or by classes derived from `ClassMap`.
struct NHibernateRecognizer: FrameworkRecognizer {
  let name = "NHibernate"
  let languages: Set<SourceLanguage> = [.csharp]
  let tracksChanges = true
  let sessionTypes: Set<String> = ["ISession", "IStatelessSession"]

  func entities(in system: SystemIndex) -> [EntityMapping] {
    let types = ColumnTypes(engine: DotNetEngine.of(system), isCore: true)
    let fluent = system.types.compactMap { type -> EntityMapping? in
      guard system.files[type.file].language == .csharp,
        let base = system.base(of: type, named: ["ClassMap", "SubclassMap", "ClassMapping", "JoinedSubclassMapping"]),
        let entity = base.arguments.first
      else { return nil }
      return FluentClassMap(system: system, types: types, framework: name).mapping(type, base: base.simple, of: entity)
    }
    let documents = system.documents.filter { $0.root.name == "hibernate-mapping" }.flatMap { file, root in
      HibernateDocument(system: system, types: types, framework: name).mappings(root, file: file)
    }
    return fluent + documents
  }

  let rules: [DataRule] = [
    DataRule(
      .session,
      [
        "Save", "SaveAsync", "Persist", "PersistAsync", "Update", "UpdateAsync", "SaveOrUpdate", "SaveOrUpdateAsync",
        "Delete", "DeleteAsync", "Merge", "MergeAsync", "Insert", "InsertAsync",
      ], .writeArgument(0), .argument(0)),
    DataRule(.session, ["Get", "GetAsync", "Load", "LoadAsync"], .readArgument(0), .entityOf(argument: 0)),
    DataRule(.session, ["Query", "QueryOver", "CreateCriteria"], .nothing, .queryOf(argument: 0)),
    DataRule(.session, ["CreateQuery"], .entityQuery(0), .value),
    DataRule(.session, ["CreateSQLQuery"], .sql(0), .value),
    DataRule(
      .query,
      [
        "Where", "And", "Fetch", "FetchMany", "ThenFetch", "ThenFetchMany", "JoinQueryOver", "JoinAlias", "OrderBy",
        "OrderByDescending", "ThenBy",
      ], .refine, .same, followsRelations: true),
    DataRule(
      .query, ["Add", "Skip", "Take", "SetMaxResults", "SetFirstResult", "Cacheable", "Asc", "Desc"], .refine, .same),
    DataRule(.query, ["List", "ListAsync", "ToList", "ToListAsync", "Future", "ToFuture"], .read, .entities),
    DataRule(
      .query,
      [
        "SingleOrDefault", "SingleOrDefaultAsync", "UniqueResult", "UniqueResultAsync", "FirstOrDefault",
        "FirstOrDefaultAsync", "First", "Single",
      ], .read, .entity, followsRelations: true),
    DataRule(.query, ["Any", "AnyAsync", "Count", "CountAsync", "RowCount"], .read, .value, followsRelations: true),
  ]
}

/// `class OrderMap : ClassMap<Order> { public OrderMap() { Table("orders"); Id(x => x.Id); … } }`.
private struct FluentClassMap {
  let system: SystemIndex
  let types: ColumnTypes
  let framework: String

  func mapping(_ type: TypeID, base: String, of entity: String) -> EntityMapping? {
    guard let mapped = system.resolve(entity, from: type.file) else { return nil }
    var mapping = EntityMapping(
      file: mapped.file, type: mapped.index, isDeclared: false, framework: framework,
      line: system.type(mapped).line)
    let isSubclass = base != "ClassMap" && base != "ClassMapping"
    if !isSubclass { mapping.table = TableName(NameWords.lastPart(system.type(mapped).name)) }
    var places: [String: Int] = [:]
    for method in system.methods(of: type) {
      for placed in system.symbols.function(method).events {
        guard case .call(let call) = placed.event else { continue }
        apply(call, of: mapped, line: placed.line, to: &mapping, places: &places)
      }
    }
    return mapping
  }

  private func apply(
    _ call: CallFact, of mapped: TypeID, line: Int, to mapping: inout EntityMapping, places: inout [String: Int]
  ) {
    let names = FluentReader.names(in: call.arguments)
    guard call.receiver == nil || call.receiver == .name("this") else { return chained(call, to: &mapping, places) }
    switch call.callee {
    case "Table":
      guard let table = call.arguments.first?.literalText else { return }
      mapping.table = TableName(table)
      mapping.isDeclared = true
    case "Schema":
      guard let schema = call.arguments.first?.literalText, schema != "dbo", let table = mapping.table else { return }
      mapping.table = TableName(schema + "." + table.text)
    case "Id", "CompositeId", "KeyProperty":
      guard let property = names.first else { return }
      mapping.keys.append(property)
      add(property, column(property, call, mapped, isNullable: false), line, &mapping, &places)
    case "Map", "Property", "Version":
      guard let property = names.first else { return }
      add(property, column(property, call, mapped, isNullable: true), line, &mapping, &places)
    case "References", "ManyToOne", "HasOne":
      guard let property = names.first, let field = system.field(property, of: mapped)?.field else { return }
      let column = Column(name: explicitColumn(call) ?? property + "_id", type: "", isNullable: true)
      places[property] = mapping.properties.count
      mapping.properties.append(
        PropertyMapping(
          name: property,
          storage: call.callee == "HasOne"
            ? .inverse(of: field.type) : .reference(to: field.type, columns: [column], onDelete: .noAction), line: line)
      )
    case "HasMany", "HasManyToMany", "Bag", "Set":
      guard let property = names.first, let field = system.field(property, of: mapped)?.field else { return }
      let element = EntityConventions.element(of: TypeName(field.type)) ?? field.type
      places[property] = mapping.properties.count
      mapping.properties.append(
        PropertyMapping(name: property, storage: .inverse(of: element), isMany: true, line: line))
    default: return
    }
  }

  private func add(
    _ property: String, _ column: Column, _ line: Int, _ mapping: inout EntityMapping, _ places: inout [String: Int]
  ) {
    places[property] = mapping.properties.count
    mapping.properties.append(PropertyMapping(name: property, storage: .column(column), line: line))
  }

  private func explicitColumn(_ call: CallFact) -> String? { call.arguments.dropFirst().first?.literalText }

  private func column(_ property: String, _ call: CallFact, _ mapped: TypeID, isNullable: Bool) -> Column {
    let type = system.field(property, of: mapped)?.field.type ?? "string"
    return Column(
      name: explicitColumn(call) ?? property, type: types.column(type, length: nil), isNullable: isNullable)
  }

  /// `Map(x => x.Name).Column("name").Not.Nullable()`: what follows a property.
  private func chained(_ call: CallFact, to mapping: inout EntityMapping, _ places: [String: Int]) {
    guard let (root, negated) = root(of: call.receiver), let property = FluentReader.names(in: root).first,
      let place = places[property]
    else { return }
    let text = call.arguments.first?.literalText
    switch mapping.properties[place].storage {
    case .column(var column):
      if call.callee == "Column", let text { column.name = text }
      if call.callee == "Nullable" { column.isNullable = !negated }
      if call.callee == "CustomSqlType", let text { column.type = text.lowercased() }
      if ["Identity", "Native"].contains(call.callee) { column.isGenerated = true }
      mapping.properties[place].storage = .column(column)
    case .reference(let to, var columns, let action):
      if call.callee == "Column", let text { columns[0].name = text }
      if call.callee == "Nullable" { columns[0].isNullable = !negated }
      mapping.properties[place].storage = .reference(to: to, columns: columns, onDelete: action)
    case .inverse(let element):
      if call.callee == "Table", let text {
        mapping.properties[place].storage = .joinTable(
          TableName(text), to: element, columns: [], targetColumns: [])
      }
    case .joinTable, .collection, .embedded: return
    }
  }

  /// The arguments of the call a chain begins with, and whether `Not` stands before its end.
  private func root(of value: Value?) -> (arguments: [Value], isNegated: Bool)? {
    var current = value
    var isNegated = false
    while let now = current {
      switch now {
      case .field(let base, let name):
        if name == "Not" { isNegated = true }
        current = base
      case .call(_, let receiver, let arguments):
        guard let receiver, receiver != .name("this") else { return (arguments, isNegated) }
        current = receiver
      case .text, .literal, .name, .type, .join, .list, .member, .either, .element, .operation, .closure, .opaque:
        return nil
      }
    }
    return nil
  }
}

/// `<class name="Order" table="orders"><id name="Id" column="id"/>…`.
private struct HibernateDocument {
  let system: SystemIndex
  let types: ColumnTypes
  let framework: String

  func mappings(_ root: DocumentNode, file: Int) -> [EntityMapping] {
    let schema = root.attribute("schema") ?? ""
    return root.children.filter { ["class", "subclass", "joined-subclass", "union-subclass"].contains($0.name) }
      .flatMap { mapping($0, file: file, schema: schema) }
  }

  private func mapping(_ node: DocumentNode, file: Int, schema: String) -> [EntityMapping] {
    // `Shop.Order, Shop` names the assembly behind the class.
    let full = node.attribute("name")?.split(separator: ",").first.map(String.init) ?? ""
    guard let type = system.resolve(full, from: file), system.files[type.file].language == .csharp else { return [] }
    var mapping = EntityMapping(
      file: type.file, type: type.index, isDeclared: node.attribute("table") != nil, framework: framework,
      line: system.type(type).line)
    if let table = node.attribute("table") ?? (node.name == "class" ? NameWords.lastPart(full) : nil) {
      let schema = node.attribute("schema") ?? schema
      let plain = table.filter { $0 != "`" && $0 != "[" && $0 != "]" }
      mapping.table = TableName(schema.isEmpty || schema == "dbo" ? plain : schema + "." + plain)
    }
    var nested: [EntityMapping] = []
    for child in node.children {
      if ["subclass", "joined-subclass", "union-subclass"].contains(child.name) {
        nested += self.mapping(child, file: file, schema: schema)
        if child.name == "joined-subclass" { mapping.inheritance = .joined }
        if child.name == "union-subclass" { mapping.inheritance = .separate }
      } else {
        add(child, of: type, to: &mapping)
      }
    }
    return [mapping] + nested
  }

  private func add(_ node: DocumentNode, of type: TypeID, to mapping: inout EntityMapping) {
    guard let property = node.attribute("name") else {
      if node.name == "composite-id" { for child in node.children { add(child, of: type, to: &mapping) } }
      return
    }
    let column = node.attribute("column") ?? node.child("column")?.attribute("name") ?? property
    let field = system.field(property, of: type)?.field
    let isRequired = (node.attribute("not-null") ?? node.child("column")?.attribute("not-null")) == "true"
    switch node.name {
    case "id", "key-property", "property", "version", "timestamp":
      let isKey = node.name == "id" || node.name == "key-property"
      if isKey { mapping.keys.append(property) }
      var stored = Column(
        name: column, type: types.column(field?.type ?? "string", length: node.attribute("length")),
        isNullable: !isKey && !isRequired)
      let generator = node.child("generator")?.attribute("class") ?? ""
      stored.isGenerated = ["native", "identity"].contains(generator)
      mapping.properties.append(PropertyMapping(name: property, storage: .column(stored), line: node.line))
    case "many-to-one", "key-many-to-one":
      if node.name == "key-many-to-one" { mapping.keys.append(property) }
      let target =
        node.attribute("class").map { NameWords.lastPart(String($0.split(separator: ",")[0])) } ?? field?.type ?? ""
      mapping.properties.append(
        PropertyMapping(
          name: property,
          storage: .reference(
            to: target, columns: [Column(name: column, type: "", isNullable: !isRequired)], onDelete: .noAction),
          line: node.line))
    case "bag", "set", "list", "map", "idbag":
      let key = node.child("key")?.attribute("column") ?? node.child("key")?.child("column")?.attribute("name") ?? ""
      if let many = node.child("many-to-many"), let table = node.attribute("table"),
        let target = many.attribute("class")
      {
        mapping.properties.append(
          PropertyMapping(
            name: property,
            storage: .joinTable(
              TableName(table), to: NameWords.lastPart(String(target.split(separator: ",")[0])),
              columns: [Column(name: key, type: "", isNullable: false)],
              targetColumns: [Column(name: many.attribute("column") ?? "", type: "", isNullable: false)]), isMany: true,
            line: node.line))
      } else if let one = node.child("one-to-many")?.attribute("class") {
        mapping.properties.append(
          PropertyMapping(
            name: property, storage: .inverse(of: NameWords.lastPart(String(one.split(separator: ",")[0]))),
            isMany: true,
            line: node.line))
      }
    case "one-to-one":
      mapping.properties.append(
        PropertyMapping(name: property, storage: .inverse(of: field?.type ?? ""), isOnlyOne: true, line: node.line))
    default: return
    }
  }
}
