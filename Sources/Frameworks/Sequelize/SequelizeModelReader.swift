import Basics
import Facts

/// Reads the models of Sequelize and ties them by their associations.
struct SequelizeModelReader {
  private let system: SystemIndex
  private let types: SequelizeTypes
  private var defaults: Value = .list([])
  private static let packages = SequelizeRecognizer.packages

  /// A model before its associations are known.
  private struct Model {
    var mapping: EntityMapping
    var name: String
    var isUnderscored: Bool
  }

  /// `Order.hasMany(Item, { as: 'items' })`.
  private struct Association {
    var kind: String
    var source: TypeID
    var target: TypeID
    var options: Value
    var line: Int
  }

  init(system: SystemIndex) {
    self.system = system
    types = SequelizeTypes(
      engine: system.scriptEngine(keys: ["dialect"], packages: Self.packages) ?? .postgres)
    // `new Sequelize(url, { define: { underscored: true } })` speaks for every model.
    for facts in system.files where facts.imports(fromAny: Self.packages) {
      for value in facts.constants.map(\.value) + facts.calls.flatMap(\.call.arguments) {
        value.forEachObject { options in
          if let found = options.entry("define"), !found.entries.isEmpty { defaults = found }
        }
      }
    }
  }

  /// Every model with its associations.
  func entities() -> [EntityMapping] {
    var models: [TypeID: Model] = [:]
    for (file, facts) in system.files.enumerated() {
      for (index, type) in facts.types.enumerated() {
        if let model = defined(type, file: file, index: index) ?? decorated(type, file: file, index: index) {
          models[TypeID(file: file, index: index)] = model
        }
      }
      for (function, line, call) in facts.calls where call.callee == "init" {
        guard let id = initialized(call, function: facts.functions[function], file: file), models[id] == nil else {
          continue
        }
        models[id] = model(
          named: call.arguments.last?.text("modelName") ?? NameWords.lastPart(system.type(id).name),
          attributes: call.arguments.first ?? .opaque, options: call.arguments.dropFirst().first ?? .list([]), id: id,
          line: line)
      }
    }
    // Those that hold the key first: the other side then finds it there.
    let found = associations(models)
    for association in found where association.kind == "belongsTo" { tie(association, &models) }
    for association in found where association.kind != "belongsTo" { tie(association, &models) }
    return models.keys.sorted().compactMap { models[$0]?.mapping }
  }

  // MARK: Models

  /// `sequelize.define('order', { … }, { … })`.
  private func defined(_ type: TypeFact, file: Int, index: Int) -> Model? {
    for placed in type.body {
      guard case .call(let call) = placed.event, call.callee == "define", let name = call.arguments.first?.plainText,
        call.arguments.count >= 2
      else { continue }
      return model(
        named: name, attributes: call.arguments[1], options: call.arguments.count > 2 ? call.arguments[2] : .list([]),
        id: TypeID(file: file, index: index), line: placed.line)
    }
    return nil
  }

  /// The class of `Order.init({ … }, { sequelize })`, or of `super.init` in a method of it.
  private func initialized(_ call: CallFact, function: FunctionFact, file: Int) -> TypeID? {
    let name: String
    switch call.receiver {
    case .name("super")?, .name("this")?: name = function.owner
    case .name(let written)?: name = written
    case .text?, .literal?, .type?, .field?, .call?, .join?, .list?, .member?, .either?, .element?, .operation?,
      .closure?, .opaque?, nil:
      return nil
    }
    guard let id = system.resolve(name, from: file), call.arguments.count >= 2, !call.arguments[0].entries.isEmpty,
      system.type(id).bases.contains(where: { NameWords.lastPart(TypeName($0).head).hasSuffix("Model") })
        || call.arguments[1].entry("sequelize") != nil
    else { return nil }
    return id
  }

  private func option(_ name: String, _ options: Value) -> Bool {
    options.flag(name) ?? defaults.flag(name) ?? false
  }

  private func model(named name: String, attributes: Value, options: Value, id: TypeID, line: Int) -> Model {
    let isUnderscored = option("underscored", options)
    let isFrozen = option("freezeTableName", options)
    let made = isFrozen ? name : ScriptNames.plural(name)
    var mapping = EntityMapping(
      file: id.file, type: id.index, entityName: name,
      table: TableName(options.text("tableName") ?? (isUnderscored && !isFrozen ? ScriptNames.snake(made) : made)),
      isDeclared: options.text("tableName") != nil, framework: "Sequelize", line: line)
    mapping.schema = options.text("schema") ?? ""
    for (attribute, description) in attributes.entries {
      if case .call("VIRTUAL", _, _)? = description.entry("type") { continue }
      if case .name(let type)? = description.entry("type"), NameWords.lastPart(type) == "VIRTUAL" { continue }
      let column = description.text("field") ?? (isUnderscored ? ScriptNames.snake(attribute) : attribute)
      var property = PropertyMapping(
        name: attribute, storage: .column(types.column(column, description)), line: line)
      if let references = description.entry("references"), case .column(let own) = property.storage,
        let target = references.entry("model")?.className ?? references.text("table")
      {
        property.storage = .reference(
          to: target, columns: [own], onDelete: description.entry("onDelete")?.referentialAction ?? .noAction)
      }
      if description.flag("primaryKey") == true { mapping.keys.append(attribute) }
      if description.flag("unique") == true { mapping.uniques.append([attribute]) }
      mapping.properties.append(property)
    }
    addKeyAndTimes(&mapping, options: options, isUnderscored: isUnderscored, line: line)
    return Model(mapping: mapping, name: name, isUnderscored: isUnderscored)
  }

  private func addKeyAndTimes(_ mapping: inout EntityMapping, options: Value, isUnderscored: Bool, line: Int) {
    func add(_ name: String, _ type: String, isNullable: Bool, isGenerated: Bool = false, first: Bool = false) {
      guard !mapping.properties.contains(where: { $0.name == name }) else { return }
      let column = Column(
        name: isUnderscored ? ScriptNames.snake(name) : name, type: type, isNullable: isNullable,
        isGenerated: isGenerated)
      mapping.properties.insert(
        PropertyMapping(name: name, storage: .column(column), line: line), at: first ? 0 : mapping.properties.count)
    }
    if mapping.keys.isEmpty {
      add("id", types.sqlType(.name("INTEGER")), isNullable: false, isGenerated: true, first: true)
      mapping.keys = ["id"]
    }
    guard options.flag("timestamps") ?? defaults.flag("timestamps") ?? true else { return }
    let time = types.sqlType(.name("DATE"))
    for name in ["createdAt", "updatedAt"] {
      if options.flag(name) == false { continue }
      add(options.text(name) ?? name, time, isNullable: false)
    }
    if option("paranoid", options) { add(options.text("deletedAt") ?? "deletedAt", time, isNullable: true) }
  }

  // MARK: Decorated classes

  private func decorated(_ type: TypeFact, file: Int, index: Int) -> Model? {
    guard system.files[file].imports(from: "sequelize-typescript"),
      let table = type.annotations.first(named: "Table")
    else { return nil }
    let options = table.arguments.options ?? .list([])
    let name = options.text("modelName") ?? NameWords.lastPart(type.name)
    let attributes: [Value] = type.fields.compactMap { field in
      guard
        field.annotations.first(
          named: "Column", "PrimaryKey", "ForeignKey", "AllowNull", "Unique", "Default", "AutoIncrement") != nil
      else { return nil }
      return .member(field.name, .list(description(of: field)))
    }
    return model(
      named: name, attributes: .list(attributes), options: options, id: TypeID(file: file, index: index),
      line: type.line)
  }

  private func description(of field: FieldFact) -> [Value] {
    let column = field.annotations.first(named: "Column")
    var entries: [Value] = []
    if case .list(let items)? = column?.arguments.options { entries = items }
    if !entries.contains(where: { if case .member("type", _) = $0 { true } else { false } }) {
      let written = column?.arguments.first { $0.entries.isEmpty }
      let inferred: Value =
        switch field.type {
        case "number": .name("INTEGER")
        case "boolean": .name("BOOLEAN")
        case "Date": .name("DATE")
        default: .name("STRING")
        }
      entries.append(.member("type", written ?? inferred))
    }
    for (decorator, option) in [("PrimaryKey", "primaryKey"), ("AutoIncrement", "autoIncrement"), ("Unique", "unique")]
    where field.annotations.first(named: decorator) != nil {
      entries.append(.member(option, .literal("true")))
    }
    if let allows = field.annotations.first(named: "AllowNull") {
      entries.append(.member("allowNull", allows.arguments.first ?? .literal("true")))
    }
    if let key = field.annotations.first(named: "ForeignKey"), let target = key.arguments.first?.className {
      entries.append(.member("references", .list([.member("model", .text(target))])))
    }
    return entries
  }

  // MARK: Associations

  private static let kinds: Set<String> = ["hasMany", "hasOne", "belongsTo", "belongsToMany"]

  private func associations(_ models: [TypeID: Model]) -> [Association] {
    var found: [Association] = []
    for (file, facts) in system.files.enumerated() {
      for (function, line, call) in facts.calls where Self.kinds.contains(call.callee) {
        guard let receiver = call.receiver?.className, let target = call.arguments.first?.className,
          let source = model(receiver, owner: facts.functions[function].owner, file: file, models),
          let other = model(target, owner: facts.functions[function].owner, file: file, models)
        else { continue }
        found.append(
          Association(
            kind: call.callee, source: source, target: other,
            options: call.arguments.count > 1 ? call.arguments[1] : .list([]), line: line))
      }
      for (index, type) in facts.types.enumerated() where models[TypeID(file: file, index: index)] != nil {
        for field in type.fields {
          for annotation in field.annotations {
            let name = NameWords.lastPart(annotation.name)
            let kind = name.prefix(1).lowercased() + name.dropFirst()
            guard Self.kinds.contains(kind), let target = annotation.arguments.first?.className,
              let other = model(target, owner: "", file: file, models)
            else { continue }
            found.append(
              Association(
                kind: kind, source: TypeID(file: file, index: index), target: other,
                options: .list(
                  decoratedOptions(annotation, field: field, kind: kind, of: type, target: system.type(other))),
                line: field.line))
          }
        }
      }
    }
    return found
  }

  private func decoratedOptions(
    _ annotation: AnnotationFact, field: FieldFact, kind: String, of type: TypeFact, target: TypeFact
  ) -> [Value] {
    var entries: [Value] = [.member("as", .text(field.name))]
    if case .list(let items)? = annotation.arguments.options { entries = items + entries }
    let second = annotation.arguments.dropFirst().first
    if kind == "belongsToMany" {
      if let through = second?.className { entries.append(.member("through", .text(through))) }
    } else if let key = second?.plainText {
      entries.append(.member("foreignKey", .text(key)))
    } else {
      // The field marked as the key to the other class.
      let (holder, other) = kind == "belongsTo" ? (type, target) : (target, type)
      let key = holder.fields.first {
        $0.annotations.first(named: "ForeignKey")?.arguments.first?.className == other.name
      }
      if let key { entries.append(.member("foreignKey", .text(key.name))) }
    }
    return entries
  }

  private func model(_ name: String, owner: String, file: Int, _ models: [TypeID: Model]) -> TypeID? {
    let written = name == "this" ? owner : name
    if let id = system.resolve(written, from: file), models[id] != nil { return id }
    let last = NameWords.lastPart(written)
    let found = models.keys.filter {
      models[$0]?.name == last || NameWords.lastPart(system.type($0).name) == last
    }.sorted()
    return found.count == 1 ? found[0] : nil
  }

  private func tie(_ association: Association, _ models: inout [TypeID: Model]) {
    guard let source = models[association.source], let target = models[association.target] else { return }
    let options = association.options
    let isMany = association.kind.hasSuffix("Many")
    let alias =
      options.entry("as")?.text("plural") ?? options.text("as")
      ?? (isMany ? ScriptNames.plural(target.name) : target.name)
    let written = options.text("foreignKey") ?? options.entry("foreignKey")?.text("name")
    var property = PropertyMapping(
      name: alias, storage: .inverse(of: system.type(association.target).name), isMany: isMany,
      line: association.line)
    switch association.kind {
    case "belongsTo":
      let key = written ?? ScriptNames.joined(alias, target.mapping.keys.first ?? "id")
      property.storage = reference(to: association.target, key: key, in: source, options)
      // The attribute itself is a plain column then.
      for (place, own) in source.mapping.properties.enumerated() where own.name == key {
        if case .reference(_, let columns, _) = own.storage, let column = columns.first {
          models[association.source]?.mapping.properties[place].storage = .column(column)
        }
      }
    case "belongsToMany":
      property.storage = between(association, source, target, key: written)
    default:
      let key = written ?? ScriptNames.joined(source.name, source.mapping.keys.first ?? "id")
      let isThere = target.mapping.properties.contains {
        if written == nil, case .reference(let to, _, _) = $0.storage {
          return NameWords.lastPart(to) == NameWords.lastPart(system.type(association.source).name)
        }
        return holds(key, $0, in: target)
      }
      if !isThere {
        models[association.target]?.mapping.properties.append(
          PropertyMapping(
            name: key, storage: reference(to: association.source, key: key, in: target, options),
            line: association.line))
      }
    }
    models[association.source]?.mapping.properties.append(property)
  }

  private func holds(_ key: String, _ property: PropertyMapping, in model: Model) -> Bool {
    switch property.storage {
    case .reference(_, let columns, _):
      property.name == key || columns.first?.name == key
        || (model.isUnderscored && columns.first?.name == ScriptNames.snake(key))
    case .column, .inverse, .joinTable, .collection, .embedded: false
    }
  }

  private func reference(to id: TypeID, key: String, in model: Model, _ options: Value) -> PropertyMapping.Storage {
    var column = Column(name: model.isUnderscored ? ScriptNames.snake(key) : key, type: "", isNullable: true)
    if let declared = model.mapping.properties.first(where: { $0.name == key }) {
      switch declared.storage {
      case .column(let own): column = own
      case .reference(_, let own, _): column = own.first ?? column
      case .inverse, .joinTable, .collection, .embedded: break
      }
    }
    let action = options.entry("onDelete")?.referentialAction ?? (column.isNullable ? .setNull : .noAction)
    return .reference(to: system.type(id).name, columns: [column], onDelete: action)
  }

  private func between(
    _ association: Association, _ source: Model, _ target: Model, key: String?
  ) -> PropertyMapping.Storage {
    let through = association.options.entry("through")
    let name = through?.className ?? through?.entry("model")?.className ?? ""
    // The table between may be a model of its own.
    let own = system.types(named: name).first.flatMap { id in
      defined(system.type(id), file: id.file, index: id.index)
        ?? decorated(system.type(id), file: id.file, index: id.index)
    }
    let near = key ?? ScriptNames.joined(source.name, source.mapping.keys.first ?? "id")
    let far =
      association.options.text("otherKey") ?? ScriptNames.joined(target.name, target.mapping.keys.first ?? "id")
    func column(_ name: String) -> Column {
      Column(name: source.isUnderscored ? ScriptNames.snake(name) : name, type: "", isNullable: false)
    }
    return .joinTable(
      own?.mapping.table ?? TableName(NameWords.lastPart(name)), to: system.type(association.target).name,
      columns: [column(near)], targetColumns: [column(far)])
  }
}

extension ScriptNames {
  /// The name of a key made from a name and that of the key it leads to: `orderId`, `OrderId`.
  static func joined(_ name: String, _ key: String) -> String { name + key.prefix(1).uppercased() + key.dropFirst() }
}
