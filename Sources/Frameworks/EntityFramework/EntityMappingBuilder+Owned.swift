import Basics
import Facts

/// Parts of entities that other classes describe.
extension EntityMappingBuilder {
  mutating func add(
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
