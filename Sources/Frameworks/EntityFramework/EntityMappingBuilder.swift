import Basics
import Facts

/// Makes the mappings of one context out of what is said of its entities.
struct EntityMappingBuilder {
  let mapper: EntityFrameworkMapper
  let context: EntityFrameworkMapper.Context
  private let conventions: EntityConventions
  var made: [EntityMapping] = []
  var system: SystemIndex { mapper.system }
  var model: FluentReader.Model { context.model }
  static let maximumDepth = 5

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

  func table(_ name: String, schema: String?) -> TableName {
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

  func keys(of type: TypeID, _ draft: EntityDraft, _ fields: [(field: FieldFact, owner: TypeID)]) -> [String] {
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

  mutating func add(
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

  mutating func add(
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

  func property(_ name: String, _ column: Column, _ line: Int) -> PropertyMapping {
    PropertyMapping(name: name, storage: .column(column), line: line)
  }

  func column(named name: String, type: String, isNullable: Bool) -> Column {
    Column(name: name, type: type, isNullable: isNullable)
  }

  func column(
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
  func scalar(_ type: String, from file: Int) -> String {
    guard !EntityConventions.isScalar(type), let found = system.resolve(type, from: file) else { return type }
    if system.type(found).kind == .enum { return "enum" }
    for current in [found] + system.ancestors(of: found) {
      for field in system.type(current).fields where !field.isStatic && EntityConventions.isScalar(field.type) {
        return field.type
      }
    }
    return type
  }
}
