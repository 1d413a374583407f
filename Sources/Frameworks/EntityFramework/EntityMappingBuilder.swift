import Basics
import Facts

/// Makes the mappings of one context out of what is said of its entities.
struct EntityMappingBuilder {
  private let mapper: EntityFrameworkMapper
  private let context: EntityFrameworkMapper.Context
  private let conventions: EntityConventions
  private var made: [EntityMapping] = []
  private var system: SystemIndex { mapper.system }
  private var model: FluentReader.Model { context.model }
  private static let maximumDepth = 5

  init(mapper: EntityFrameworkMapper, context: EntityFrameworkMapper.Context) {
    self.mapper = mapper
    self.context = context
    conventions = EntityConventions(system: mapper.system)
  }

  /// The mappings in the order in which the entities are met.
  mutating func mappings() -> [EntityMapping] {
    for type in model.order {
      guard let draft = model.drafts[type], !model.ignoredTypes.contains(draft.typeName) else { continue }
      entity(type, draft)
    }
    return made
  }

  // MARK: Entities

  private mutating func entity(_ type: TypeID, _ draft: EntityDraft) {
    let fact = system.type(type)
    let attribute = fact.annotations.first(named: "Table")
    let base = baseEntity(of: type)
    var mapping = EntityMapping(
      file: type.file, type: type.index, isDeclared: draft.isDeclared || attribute != nil,
      framework: mapper.flavor.name, line: draft.isDeclared ? fact.line : fact.line)
    mapping.context = context.type
    mapping.isView = draft.isView
    let name = draft.table ?? attribute?.text("value") ?? attribute?.text("name")
    if let name {
      mapping.table = table(name, schema: draft.table != nil ? draft.schema : attribute?.text("Schema"))
    } else if base == nil {
      mapping.table = table(conventional(draft, fact), schema: draft.schema)
    }
    mapping.inheritance = inheritance(of: type, draft)
    if mapping.inheritance == .separate, fact.annotations.contains(where: { $0.name == "abstract" }) {
      mapping.table = nil
    }
    let fields = mapper.storedFields(of: type, draft: draft, model: model)
    mapping.keys = draft.isKeyless || base != nil ? [] : keys(of: type, draft, fields)
    add(fields, of: type, draft, to: &mapping)
    if let discriminator = draft.discriminator ?? impliedDiscriminator(type, draft, base) {
      mapping.properties.append(
        property(
          discriminator,
          column(named: discriminator, type: mapper.types.column("string", length: nil), isNullable: false), fact.line))
    }
    mapping.uniques = draft.uniques
    made.append(mapping)
  }

  private func conventional(_ draft: EntityDraft, _ fact: TypeFact) -> String {
    let simple = NameWords.lastPart(fact.name)
    if mapper.flavor.isCore { return draft.setName ?? simple }
    return model.pluralizes ? EntityConventions.plural(simple) : simple
  }

  private func table(_ name: String, schema: String?) -> TableName {
    let schema = schema ?? model.schema
    // The schema every connection begins in is not written in SQL either.
    if schema.isEmpty || name.contains(".") || schema == "dbo" || schema == "public" { return TableName(name) }
    return TableName(schema + "." + name)
  }

  private func baseEntity(of type: TypeID) -> TypeID? {
    system.ancestors(of: type).first { model.drafts[$0] != nil }
  }

  /// Derived classes share the table unless they name one of their own.
  private func inheritance(of type: TypeID, _ draft: EntityDraft) -> EntityMapping.Inheritance {
    if let said = draft.inheritance { return said }
    let derived = model.order.filter { $0 != type && system.ancestors(of: $0).contains(type) }
    let hasOwn = derived.contains {
      model.drafts[$0]?.table != nil || system.type($0).annotations.first(named: "Table") != nil
    }
    return hasOwn ? .joined : .oneTable
  }

  private func impliedDiscriminator(_ type: TypeID, _ draft: EntityDraft, _ base: TypeID?) -> String? {
    guard base == nil, inheritance(of: type, draft) == .oneTable,
      model.order.contains(where: { $0 != type && system.ancestors(of: $0).contains(type) })
    else { return nil }
    return "Discriminator"
  }

  private func keys(of type: TypeID, _ draft: EntityDraft, _ fields: [(field: FieldFact, owner: TypeID)]) -> [String] {
    if !draft.keys.isEmpty { return draft.keys }
    let fact = system.type(type)
    if let attribute = fact.annotations.first(named: "PrimaryKey") {
      let names = FluentReader.names(in: attribute.arguments)
      if !names.isEmpty { return names }
    }
    if fact.annotations.first(named: "Keyless") != nil { return [] }
    let marked = fields.filter { $0.field.annotations.first(named: "Key") != nil }
    if !marked.isEmpty {
      return marked.map(\.field).sorted { Self.order($0) < Self.order($1) }.map(\.name)
    }
    return conventions.key(of: type).map { [$0] } ?? []
  }

  private static func order(_ field: FieldFact) -> Int {
    guard case .literal(let digits)? = field.annotations.first(named: "Column")?.argument("Order") else { return 0 }
    return Int(digits) ?? 0
  }

  // MARK: Properties

  private mutating func add(
    _ fields: [(field: FieldFact, owner: TypeID)], of type: TypeID, _ draft: EntityDraft,
    to mapping: inout EntityMapping
  ) {
    // A key is the first column whatever declares it.
    let keys = mapping.keys
    let ordered = fields.filter { keys.contains($0.field.name) } + fields.filter { !keys.contains($0.field.name) }
    var named: Set<String> = []
    for (field, owner) in ordered {
      named.insert(field.name)
      add(field, declaredIn: owner, of: type, draft, to: &mapping)
    }
    // Properties that only fluent calls know of.
    for name in draft.mentioned where !named.contains(name) {
      let said = draft.columns[name]
      let isKey = keys.contains(name)
      let code = said?.codeType ?? ""
      let known = code.isEmpty ? "" : mapper.types.column(scalar(code, from: draft.file), length: said?.length)
      mapping.properties.append(
        property(
          name,
          column(
            named: said?.name ?? name, type: said?.type ?? known,
            isNullable:
              !(said?.isRequired ?? (isKey || (!code.isEmpty && code != "string" && EntityConventions.isScalar(code))))),
          draft.line))
    }
    for owned in draft.owned where !named.contains(owned.property) {
      add(owned, prefix: owned.property, of: type, draft, to: &mapping, depth: 0)
    }
    addRelations(of: type, draft, to: &mapping)
  }

  private mutating func add(
    _ field: FieldFact, declaredIn owner: TypeID, of type: TypeID, _ draft: EntityDraft, to mapping: inout EntityMapping
  ) {
    if let owned = draft.owned.first(where: { $0.property == field.name }) {
      return add(owned, prefix: field.name, of: type, draft, to: &mapping, depth: 0)
    }
    let element = EntityConventions.element(of: TypeName(field.type))
    let target = system.resolve(element ?? field.type, from: owner.file)
    let isConfigured = draft.columns[field.name] != nil
    if let element, !EntityConventions.isScalar(element), !isConfigured {
      guard let target else { return }
      return addCollection(field, element, target, of: type, draft, to: &mapping)
    }
    if let target, !isConfigured || model.drafts[target] != nil {
      if model.drafts[target] != nil { return addReference(field, target, owner, draft, to: &mapping) }
      if isOwned(target) {
        let part = EntityDraft(type: target, typeName: field.type, file: owner.file, line: field.line)
        let owned = EntityDraft.Owned(property: field.name, isMany: false, draft: part)
        return add(owned, prefix: field.name, of: type, draft, to: &mapping, depth: 0)
      }
      let kind = system.type(target).kind
      // What is neither an entity nor described can only be a key that is kept converted, or is not stored.
      guard kind == .enum || mapping.keys.contains(field.name) || field.name.hasSuffix("Id") else { return }
    }
    if target == nil, !isConfigured, !EntityConventions.isScalar(field.type), element == nil,
      !field.type.hasSuffix("Id"), !field.type.hasSuffix("Type"), !field.type.hasSuffix("Status")
    {
      return
    }
    mapping.properties.append(
      property(
        field.name, column(of: field, from: owner.file, draft.columns[field.name], keys: mapping.keys), field.line))
  }

  private func isOwned(_ type: TypeID) -> Bool {
    let fact = system.type(type)
    return fact.annotations.contains { ["Owned", "ComplexType"].contains($0.name) }
      || model.ownedTypes.contains(NameWords.lastPart(fact.name))
  }

  private func property(_ name: String, _ column: Column, _ line: Int) -> PropertyMapping {
    PropertyMapping(name: name, storage: .column(column), line: line)
  }

  private func column(named name: String, type: String, isNullable: Bool) -> Column {
    Column(name: name, type: type, isNullable: isNullable)
  }

  private func column(
    of field: FieldFact, from file: Int, _ said: EntityDraft.Column?, keys: [String], name conventional: String? = nil
  ) -> Column {
    let attribute = field.annotations.first(named: "Column")
    var length = said?.length
    for marked in field.annotations where ["MaxLength", "StringLength"].contains(marked.name) {
      if case .literal(let digits)? = marked.arguments.first { length = length ?? digits }
    }
    let type =
      said?.type ?? attribute?.text("TypeName")?.lowercased()
      ?? mapper.types.column(scalar(said?.codeType ?? field.type, from: file), length: length)
    let isMarked = field.annotations.contains { $0.name == "nullable" }
    let isRequired = field.annotations.contains { $0.name == "Required" }
    // Without marks for nothing a text may be nothing; where a project uses the marks it says so.
    let isText = field.type == "string" || field.type.hasPrefix("Array<")
    let isNullable =
      said?.isRequired.map { !$0 } ?? (isMarked || (isText && !isRequired && !mapper.marksNothing(in: file)))
    var column = Column(
      name: said?.name ?? attribute?.text("value") ?? attribute?.text("name") ?? conventional ?? field.name, type: type,
      isNullable: isNullable && !keys.contains(field.name), defaultExpression: said?.defaultExpression)
    let isNumber = ["int", "long", "short", "Int32", "Int64"].contains(field.type)
    let fixed = field.annotations.first(named: "DatabaseGenerated").flatMap { $0.arguments.first }
    column.isGenerated =
      said?.isGenerated
      ?? (keys == [field.name] && isNumber && fixed != .name("DatabaseGeneratedOption.None"))
    return column
  }

  /// The type that is stored for a type in code: an enumeration is a number, a class with one value that value.
  private func scalar(_ type: String, from file: Int) -> String {
    guard !EntityConventions.isScalar(type), let found = system.resolve(type, from: file) else { return type }
    if system.type(found).kind == .enum { return "enum" }
    for current in [found] + system.ancestors(of: found) {
      for field in system.type(current).fields where !field.isStatic && EntityConventions.isScalar(field.type) {
        return field.type
      }
    }
    return type
  }

  // MARK: Relations

  private func addReference(
    _ field: FieldFact, _ target: TypeID, _ owner: TypeID, _ draft: EntityDraft, to mapping: inout EntityMapping
  ) {
    let relation = draft.relations.first { $0.property == field.name }
    let other = model.drafts[target]
    // Where the other side holds the key this side has no column.
    if relation?.isInverseMany == false, let dependent = relation?.dependent,
      system.resolve(dependent, from: draft.file) == target
    {
      mapping.properties.append(
        PropertyMapping(name: field.name, storage: .inverse(of: field.type), isOnlyOne: true, line: field.line))
      return
    }
    let keys =
      model.drafts[target].map { self.keys(of: target, $0, mapper.storedFields(of: target, draft: $0, model: model)) }
      ?? []
    let names = foreignKey(field, relation, keys: keys, target: target, mapping)
    if relation == nil, names.isEmpty || !isDeclared(names, in: mapping, draft),
      let back = other?.type.flatMap({ singleReference(from: $0, to: mapping) })
    {
      // One to one: the side that declares the key has it.
      if isKeyDeclared(by: back, of: target, toward: mapping) {
        mapping.properties.append(
          PropertyMapping(name: field.name, storage: .inverse(of: field.type), isOnlyOne: true, line: field.line))
        return
      }
    }
    let isNullable = field.annotations.contains { $0.name == "nullable" } || !mapper.marksNothing(in: owner.file)
    let columns = names.map { name -> Column in
      let known = mapping.properties.first { $0.name == name }
      if case .column(let column)? = known?.storage { return column }
      if let declared = system.field(name, of: TypeID(file: mapping.file, index: mapping.type)) {
        return column(of: declared.field, from: declared.owner.file, draft.columns[name], keys: mapping.keys)
      }
      return Column(name: draft.columns[name]?.name ?? name, type: "", isNullable: isNullable)
    }
    mapping.properties.append(
      PropertyMapping(
        name: field.name,
        storage: .reference(to: field.type, columns: columns, onDelete: relation?.onDelete ?? .noAction),
        line: field.line))
  }

  private func isDeclared(_ names: [String], in mapping: EntityMapping, _ draft: EntityDraft) -> Bool {
    names.allSatisfy { name in
      draft.columns[name] != nil || system.field(name, of: TypeID(file: mapping.file, index: mapping.type)) != nil
    }
  }

  /// A reference of a type to the class of a mapping.
  private func singleReference(from type: TypeID, to mapping: EntityMapping) -> FieldFact? {
    let own = TypeID(file: mapping.file, index: mapping.type)
    return system.type(type).fields.first {
      EntityConventions.isStored($0) && system.resolve($0.type, from: type.file) == own
    }
  }

  private func isKeyDeclared(by back: FieldFact, of type: TypeID, toward mapping: EntityMapping) -> Bool {
    let simple = NameWords.lastPart(system.type(TypeID(file: mapping.file, index: mapping.type)).name)
    return system.type(type).fields.contains { field in
      [back.name + "Id", simple + "Id"].contains(field.name)
        || field.annotations.first(named: "ForeignKey")?.text("value") == back.name
    } || back.annotations.first(named: "ForeignKey") != nil
  }

  /// The properties that hold the key of a reference: those that are named, else those that are named like it.
  private func foreignKey(
    _ field: FieldFact, _ relation: EntityDraft.Relation?, keys: [String], target: TypeID, _ mapping: EntityMapping
  ) -> [String] {
    if let names = relation?.foreignKey, !names.isEmpty { return names }
    if let named = field.annotations.first(named: "ForeignKey")?.text("value") {
      return named.split(separator: ",").map { String($0).trimmingBlanks }
    }
    let own = TypeID(file: mapping.file, index: mapping.type)
    for (candidate, _) in mapper.storedFields(of: own, draft: model.drafts[own], model: model)
    where candidate.annotations.first(named: "ForeignKey")?.text("value") == field.name {
      return [candidate.name]
    }
    let key = keys.first ?? "Id"
    let simple = NameWords.lastPart(system.type(target).name)
    let candidates = [field.name + key, field.name + "Id", simple + key, simple + "Id"]
    for candidate in candidates where system.field(candidate, of: own) != nil { return [candidate] }
    if keys.count > 1 { return keys.map { field.name + (mapper.flavor.isCore ? "" : "_") + $0 } }
    if key.hasPrefix(simple), mapper.flavor.isCore { return [field.name + key.dropFirst(simple.count)] }
    return [field.name + (mapper.flavor.isCore ? "" : "_") + key]
  }

  private func addCollection(
    _ field: FieldFact, _ element: String, _ target: TypeID, of type: TypeID, _ draft: EntityDraft,
    to mapping: inout EntityMapping
  ) {
    guard let other = model.drafts[target] else { return }
    let relation = draft.relations.first { $0.property == field.name }
    // Many on both sides: a table between.
    let back = mapper.storedFields(of: target, draft: other, model: model).first {
      EntityConventions.element(of: TypeName($0.field.type)).flatMap { system.resolve($0, from: target.file) } == type
    }
    let isReferenced = mapper.storedFields(of: target, draft: other, model: model).contains {
      system.resolve($0.field.type, from: target.file) == type
    }
    let isBoth = relation?.isInverseMany ?? (back != nil && !isReferenced)
    guard isBoth, relation?.isMany ?? true else {
      mapping.properties.append(
        PropertyMapping(name: field.name, storage: .inverse(of: element), isMany: true, line: field.line))
      return
    }
    let said =
      relation?.joinTable ?? relation?.joinType.map { NameWords.lastPart($0) }
      ?? other.relations.first { $0.inverse == field.name }.flatMap { $0.joinTable ?? $0.joinType }
    let mine = NameWords.lastPart(system.type(type).name)
    let theirs = NameWords.lastPart(system.type(target).name)
    let conventional: String
    if mapper.flavor.isCore {
      conventional = [mine, theirs].sorted().joined()
    } else {
      conventional = mine + (model.pluralizes ? EntityConventions.plural(theirs) : theirs)
    }
    let mapped = relation?.joinType.flatMap { system.resolve($0, from: draft.file) }.flatMap { model.drafts[$0] }
    let name = mapped.map { $0.table ?? $0.setName ?? NameWords.lastPart($0.typeName) } ?? said ?? conventional
    let near = mapper.flavor.isCore ? (back?.field.name ?? mine) + "Id" : mine + "_Id"
    let far = mapper.flavor.isCore ? field.name + "Id" : theirs + "_Id"
    mapping.properties.append(
      PropertyMapping(
        name: field.name,
        storage: .joinTable(
          table(name, schema: relation?.joinSchema), to: element,
          columns: [Column(name: relation?.joinColumns.first ?? near, type: "", isNullable: false)],
          targetColumns: [Column(name: relation?.joinTargetColumns.first ?? far, type: "", isNullable: false)]),
        isMany: true, line: field.line))
  }

  /// Relations that only fluent calls know of: `HasOne<Customer>().WithMany().HasForeignKey("CustomerId")`.
  private func addRelations(of type: TypeID, _ draft: EntityDraft, to mapping: inout EntityMapping) {
    for relation in draft.relations where !relation.isMany && !relation.foreignKey.isEmpty {
      guard let target = relation.target,
        relation.property == nil || !mapping.properties.contains(where: { $0.name == relation.property })
      else { continue }
      let columns = relation.foreignKey.map { name -> Column in
        if case .column(let column)? = mapping.properties.first(where: { $0.name == name })?.storage { return column }
        return Column(name: draft.columns[name]?.name ?? name, type: "", isNullable: true)
      }
      mapping.properties.append(
        PropertyMapping(
          name: relation.property ?? target,
          storage: .reference(to: target, columns: columns, onDelete: relation.onDelete ?? .noAction),
          line: relation.line))
    }
  }

  // MARK: Owned parts

  private mutating func add(
    _ owned: EntityDraft.Owned, prefix: String, of type: TypeID, _ owner: EntityDraft, to mapping: inout EntityMapping,
    depth: Int
  ) {
    guard depth < Self.maximumDepth else { return }
    let part = owned.draft
    if owned.isMany || part.table != nil {
      addOwnedTable(owned, of: type, to: &mapping)
      return
    }
    let before = mapping.properties.count
    var named: Set<String> = []
    if let partType = part.type {
      for (field, declaring) in mapper.storedFields(of: partType, draft: part, model: model) {
        named.insert(field.name)
        if let inner = part.owned.first(where: { $0.property == field.name }) {
          add(inner, prefix: prefix + "_" + field.name, of: type, part, to: &mapping, depth: depth + 1)
        } else if EntityConventions.isScalar(field.type) || part.columns[field.name] != nil
          || system.resolve(field.type, from: declaring.file).map({ system.type($0).kind == .enum }) == true
        {
          var column = column(
            of: field, from: declaring.file, part.columns[field.name], keys: [], name: prefix + "_" + field.name)
          column.isGenerated = false
          mapping.properties.append(property(prefix + "_" + field.name, column, field.line))
        }
      }
    }
    for name in part.mentioned where !named.contains(name) {
      let said = part.columns[name]
      let declared = part.type.flatMap { system.field(name, of: $0) }
      let code = said?.codeType ?? declared?.field.type ?? "string"
      mapping.properties.append(
        property(
          prefix + "_" + name,
          column(
            named: said?.name ?? prefix + "_" + name,
            type: said?.type ?? mapper.types.column(scalar(code, from: part.file), length: said?.length),
            isNullable: !(said?.isRequired ?? false)), part.line))
    }
    for inner in part.owned where !named.contains(inner.property) {
      add(inner, prefix: prefix + "_" + inner.property, of: type, part, to: &mapping, depth: depth + 1)
    }
    // The whole is changed as one.
    if before < mapping.properties.count, case .column(let first) = mapping.properties[before].storage,
      !mapping.properties.contains(where: { $0.name == owned.property })
    {
      mapping.properties.append(property(owned.property, first, part.line))
    }
  }

  /// A part with a table of its own is an entity that belongs to its owner.
  private mutating func addOwnedTable(_ owned: EntityDraft.Owned, of type: TypeID, to mapping: inout EntityMapping) {
    let part = owned.draft
    guard let partType = part.type else { return }
    let ownerName = NameWords.lastPart(system.type(type).name)
    var inner = EntityMapping(
      file: partType.file, type: partType.index, isDeclared: part.isDeclared, framework: mapper.flavor.name,
      line: part.isDeclared ? system.type(partType).line : part.line)
    inner.context = context.type
    inner.table =
      part.table.map { table($0, schema: part.schema) }
      ?? table(
        (mapping.table?.text.split(separator: ".").last.map(String.init) ?? ownerName) + "_" + owned.property,
        schema: nil)
    let fields = mapper.storedFields(of: partType, draft: part, model: model)
    let keyName = mapping.keys.first ?? "Id"
    let ownerKey = part.ownerKey.isEmpty ? [ownerName + keyName] : part.ownerKey
    inner.keys = part.keys
    if inner.keys.isEmpty { inner.keys = owned.isMany ? ownerKey + ["Id"] : ownerKey }
    for key in ownerKey + inner.keys where !fields.contains(where: { $0.field.name == key }) { part.mention(key) }
    if ownerKey.count == 1, case .column(let key)? = mapping.properties.first(where: { $0.name == keyName })?.storage,
      part.columns[ownerKey[0]]?.codeType == nil
    {
      part.columns[ownerKey[0]]?.type = key.type
    }
    add(fields, of: partType, part, to: &inner)
    let columns = ownerKey.map { name -> Column in
      if case .column(let column)? = inner.properties.first(where: { $0.name == name })?.storage { return column }
      return Column(name: name, type: "", isNullable: false)
    }
    inner.properties.append(
      PropertyMapping(
        name: ownerName, storage: .reference(to: ownerName, columns: columns, onDelete: .cascade), line: part.line))
    made.append(inner)
    mapping.properties.append(
      PropertyMapping(
        name: owned.property, storage: .inverse(of: part.typeName), isMany: owned.isMany, isOnlyOne: !owned.isMany,
        cascades: [.read, .write, .delete], line: part.line))
  }
}

extension String {
  /// Without white space at both ends.
  fileprivate var trimmingBlanks: String {
    var rest = self[...]
    while rest.first?.isWhitespace == true { rest.removeFirst() }
    while rest.last?.isWhitespace == true { rest.removeLast() }
    return String(rest)
  }
}
