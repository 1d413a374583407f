import Basics
import Facts

/// References, collections and the tables between them.
extension EntityMappingBuilder {
  func addReference(
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

  func addCollection(
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
  func addRelations(of type: TypeID, _ draft: EntityDraft, to mapping: inout EntityMapping) {
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
