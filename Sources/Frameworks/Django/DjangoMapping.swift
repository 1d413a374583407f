import Basics
import Facts

/// The entities of a Django project with their relations and the ways back.
struct DjangoMapping {
  private let index: SystemIndex
  private let models: DjangoModels
  private let state: DjangoState
  private var byKey: [DjangoKey: TypeID] = [:]

  init(_ index: SystemIndex, models: DjangoModels) {
    self.index = index
    self.models = models
    state = models.state()
    for model in models.classes where !model.isAbstract {
      if byKey[model.key] == nil { byKey[model.key] = model.type }
    }
  }

  func entities() -> [EntityMapping] {
    var found = models.classes.map(mapping)
    let places = Dictionary(
      uniqueKeysWithValues: models.classes.enumerated().map { ($0.element.type, $0.offset) })
    for (number, model) in models.classes.enumerated() where !model.isAbstract && !model.isProxy {
      for field in model.fields {
        guard let target = target(of: field), let type = byKey[target], let place = places[type] else { continue }
        addWaysBack(of: field, from: found[number], model: model, to: &found[place])
      }
    }
    return found
  }

  private func target(of field: DjangoField) -> DjangoKey? {
    switch field.kind {
    case .reference(let target, _), .many(let target, _, _): target
    case .column: nil
    }
  }

  private func mapping(of model: DjangoModels.Class) -> EntityMapping {
    let fact = index.type(model.type)
    var mapping = EntityMapping(
      file: model.type.file, type: model.type.index, isDeclared: model.table != nil && !model.isAbstract,
      framework: "Django", line: fact.line)
    mapping.inheritance = .joined
    guard !model.isAbstract else { return mapping }
    mapping.table = TableName(models.table(of: model))
    let stored = state.models[model.key]
    for field in model.fields { mapping.properties += properties(field, of: stored) }
    mapping.keys = model.fields.first(where: \.isPrimary).map { [$0.name] } ?? []
    mapping.uniques =
      model.uniques.map(\.fields) + model.fields.filter { $0.isUnique && !$0.isPrimary }.map { [$0.name] }
    return mapping
  }

  private func properties(_ field: DjangoField, of model: DjangoModel?) -> [PropertyMapping] {
    switch field.kind {
    case .column:
      return state.column(field).map {
        [PropertyMapping(name: field.name, storage: .column($0), line: field.line)]
      } ?? []
    case .reference(let target, let isOneToOne):
      guard let column = state.column(field) else { return [] }
      // The name with `_id` is the column itself.
      var found = [PropertyMapping(name: field.name + "_id", storage: .column(column), line: field.line)]
      let name = className(target) ?? NameWords.lastPart(field.targetName)
      found.append(
        PropertyMapping(
          name: field.name, storage: .reference(to: name, columns: [column], onDelete: .noAction),
          isOnlyOne: isOneToOne, line: field.line))
      return found
    case .many(let target, let through, _):
      guard let name = className(target) else { return [] }
      var table = model.flatMap { state.between(field, of: $0) }?.name
      if let through { table = state.model(through).map { TableName($0.table) } }
      guard let table else { return [] }
      return [
        PropertyMapping(
          name: field.name, storage: .joinTable(table, to: name, columns: [], targetColumns: []), isMany: true,
          line: field.line)
      ]
    }
  }

  /// The full name of a model's class.
  private func className(_ key: DjangoKey?) -> String? {
    guard let key, let type = byKey[key] else { return nil }
    let fact = index.type(type)
    return fact.namespace.isEmpty ? fact.name : fact.namespace + "." + fact.name
  }

  /// Objects reach back by `lines` or `orderline_set`, queries by `lines` or `orderline`.
  private func addWaysBack(
    of field: DjangoField, from mapping: EntityMapping, model: DjangoModels.Class, to other: inout EntityMapping
  ) {
    guard let source = className(model.key), field.relatedName?.hasSuffix("+") != true else { return }
    let isOne: Bool = if case .reference(_, let isOneToOne) = field.kind { isOneToOne } else { false }
    var names = field.relatedName.map { [$0] } ?? [isOne ? model.key.model : model.key.model + "_set", model.key.model]
    if let query = field.relatedQueryName { names.append(query) }
    for name in Set(names).sorted() where !other.properties.contains(where: { $0.name == name }) {
      let forward = mapping.properties.first { $0.name == field.name }?.storage
      var storage = PropertyMapping.Storage.inverse(of: source)
      if case .joinTable(let table, _, _, _)? = forward {
        storage = .joinTable(table, to: source, columns: [], targetColumns: [])
      }
      var property = PropertyMapping(name: name, storage: storage, isMany: !isOne, line: field.line)
      if field.cascades { property.cascades = [.delete] }
      other.properties.append(property)
    }
  }
}
