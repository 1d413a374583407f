import Basics
import Facts

/// The models that classes define.
struct DjangoModels {
  /// A class that is a model, or lends its fields to models.
  struct Class {
    var type: TypeID
    var key: DjangoKey
    var isAbstract: Bool
    var isProxy: Bool
    var isManaged: Bool
    /// The table that is said.
    var table: String?
    /// Fields of its own and of classes that only lend them, in the order of their columns.
    var fields: [DjangoField] = []
    /// Fields of its own alone.
    var own: [DjangoField] = []
    /// Names of its fields that are managers, with what makes them.
    var managers: [(name: String, value: Value)] = []
    /// The class whose rows hold a part of its own.
    var parent: TypeID?
    var uniques: [DjangoUnique] = []
  }

  let index: SystemIndex
  let project: DjangoProject
  private(set) var reader: DjangoFieldReader
  private(set) var classes: [Class] = []
  private var places: [TypeID: Int] = [:]
  private var known: [TypeID: Bool] = [:]

  /// Classes of models that are not in the repository, by simple name.
  private static let roots: Set<String> = [
    "Model", "MPTTModel", "AbstractUser", "AbstractBaseUser", "PermissionsMixin", "TimeStampedModel",
    "PolymorphicModel",
    "TranslatableModel", "SoftDeletableModel", "ActivatorModel", "TitleSlugDescriptionModel", "MP_Node", "NS_Node",
    "AL_Node", "ClusterableModel", "Page", "UUIDModel", "StatusModel", "TimeFramedModel", "SortableMixin",
    "AbstractBaseSession", "SafeDeleteModel", "LifecycleModel", "Orderable",
  ]
  /// Where such classes are imported from begins with one of these.
  private static let packages: Set<String> = [
    "django", "mptt", "polymorphic", "parler", "model_utils", "django_extensions", "treebeard", "modelcluster",
    "wagtail", "adminsortable", "safedelete", "django_lifecycle", "hvad", "guardian", "rest_framework",
  ]

  init(_ index: SystemIndex, project: DjangoProject) {
    self.index = index
    self.project = project
    reader = DjangoFieldReader(index: index, project: project)
    let types = index.types.filter { isModel($0) }
    var keys: [TypeID: DjangoKey] = [:]
    for type in types {
      let fact = index.type(type)
      let label = meta(of: type, "app_label")?.literalText ?? project.app(of: index.files[type.file].file)?.label ?? ""
      keys[type] = DjangoKey(label, NameWords.lastPart(fact.name))
    }
    reader.keys = keys
    for type in types { read(type) }
    for place in classes.indices { inherit(place) }
  }

  // MARK: Which classes are models

  private mutating func isModel(_ type: TypeID) -> Bool {
    if let answer = known[type] { return answer }
    guard index.files[type.file].language == .python else { return false }
    known[type] = false  // breaks cycles
    let answer = index.type(type).bases.contains { base in
      let head = TypeName(base).head
      if isExternal(head, file: type.file) { return true }
      guard let found = index.resolve(head, from: type.file), found != type else { return false }
      return isModel(found)
    }
    known[type] = answer
    return answer
  }

  /// `models.Model` of Django, or another class of models outside of the repository.
  private func isExternal(_ name: String, file: Int) -> Bool {
    guard Self.roots.contains(NameWords.lastPart(name)) else { return false }
    let first = name.prefix { $0 != "." }
    let found = index.files[file].imports.first { $0.local == first || name.hasPrefix($0.local + ".") }
    guard let found else { return false }
    return Self.packages.contains(String(found.path.prefix { $0 != "." }))
  }

  // MARK: Reading a class

  /// An entry of `class Meta`, of its own or of the `Meta` it is derived from.
  private func meta(of type: TypeID, _ name: String) -> Value? {
    let wanted = index.type(type).name + ".Meta"
    guard let place = index.files[type.file].types.firstIndex(where: { $0.name == wanted }) else { return nil }
    return index.files[type.file].types[place].fields.first { $0.name == name }?.value
  }

  private mutating func read(_ type: TypeID) {
    guard let key = reader.keys[type] else { return }
    let fact = index.type(type)
    var found = Class(
      type: type, key: key, isAbstract: DjangoFieldReader.isTrue(meta(of: type, "abstract")),
      isProxy: DjangoFieldReader.isTrue(meta(of: type, "proxy")),
      isManaged: meta(of: type, "managed") != .literal("false"),
      table: meta(of: type, "db_table").flatMap { DjangoValues.text($0, file: type.file, index: index) })
    found.table = found.table.map(DjangoState.unquoted)
    for field in fact.fields {
      if let stored = reader.field(
        field.name, field.value, file: type.file, app: key.app, own: key, line: field.line)
      {
        found.own.append(stored)
      } else if isManager(field) {
        found.managers.append((field.name, field.value))
      }
    }
    if let unique = meta(of: type, "unique_together") { found.uniques += DjangoState.uniques(unique) }
    for constraint in meta(of: type, "constraints").map({ DjangoValues.items($0, file: type.file, index: index) }) ?? []
    {
      if let unique = DjangoState.unique(constraint) { found.uniques.append(unique) }
    }
    places[type] = classes.count
    classes.append(found)
  }

  private func isManager(_ field: FieldFact) -> Bool {
    guard case .call(let callee, let receiver, _) = field.value else { return false }
    if callee == "as_manager" || callee.hasSuffix("Manager") { return true }
    if callee == "__call__", case .call("from_queryset", _, _)? = receiver { return true }
    return field.name == "objects"
  }

  // MARK: Inheritance

  private mutating func inherit(_ place: Int) {
    var fields: [DjangoField] = []
    var seen: Set<TypeID> = []
    collect(classes[place].type, into: &fields, seen: &seen, place: place)
    let key = classes[place].key
    // Names with `%(class)s` were read for the class that lends the field.
    let own = classes[place]
    for number in fields.indices { fields[number] = adapted(fields[number], to: key, from: own) }
    if let parent = own.parent, !own.isProxy, let target = reader.keys[parent], !fields.contains(where: \.isPrimary) {
      let name = target.model + "_ptr"
      fields.insert(
        DjangoField(
          name: name, kind: .reference(target, isOneToOne: true), isPrimary: true, cascades: true,
          relatedName: nil, line: index.type(own.type).line), at: 0)
    }
    if own.parent == nil, !own.isAbstract, !fields.contains(where: \.isPrimary) {
      let automatic = project.app(of: index.files[own.type.file].file)?.autoField ?? project.autoField
      fields.insert(
        DjangoField(
          name: "id", kind: .column(DjangoColumnType(name: automatic)), isPrimary: true,
          line: index.type(own.type).line), at: 0)
    }
    classes[place].fields = fields
  }

  private func adapted(_ field: DjangoField, to key: DjangoKey, from own: Class) -> DjangoField {
    var field = field
    if case .reference(let target, let isOneToOne) = field.kind, target?.model == key.model, target?.app == key.app {
      field.kind = .reference(key, isOneToOne: isOneToOne)
    }
    return field
  }

  /// Fields of a class and of those that only lend theirs, bases first.
  private mutating func collect(_ type: TypeID, into fields: inout [DjangoField], seen: inout Set<TypeID>, place: Int) {
    guard seen.insert(type).inserted else { return }
    let fact = index.type(type)
    for base in fact.bases {
      let head = TypeName(base).head
      if isExternal(head, file: type.file) {
        for lent in DjangoContrib.lent[NameWords.lastPart(head)] ?? []
        where !fields.contains(where: { $0.name == lent.name }) {
          fields.append(lent)
        }
        continue
      }
      guard let found = index.resolve(head, from: type.file) else { continue }
      if let number = places[found] {
        if classes[number].isAbstract {
          collect(found, into: &fields, seen: &seen, place: place)
          continue
        }
        if classes[place].parent == nil { classes[place].parent = found }
      } else if !index.ancestors(of: found).isEmpty {
        collect(found, into: &fields, seen: &seen, place: place)
      }
    }
    let key = classes[place].key
    let own = places[type].map { number in
      number == place
        ? classes[number].own
        : fact.fields.compactMap {
          reader.field($0.name, $0.value, file: type.file, app: key.app, own: key, line: $0.line)
        }
    }
    // A class overrides what its bases lend.
    for field in own ?? [] {
      if let old = fields.firstIndex(where: { $0.name == field.name }) {
        fields[old] = field
      } else {
        fields.append(field)
      }
    }
    let replaced = Set(fact.fields.map(\.name)).subtracting((own ?? []).map(\.name))
    fields.removeAll { field in
      replaced.contains(field.name) && fact.fields.contains { $0.name == field.name && $0.value == .literal("null") }
    }
  }

  // MARK: Answers

  /// The class of a type.
  func of(_ type: TypeID) -> Class? { places[type].map { classes[$0] } }

  /// The table of a class; that of what it stands for when it is a proxy.
  func table(of model: Class) -> String {
    var model = model
    for _ in 0..<8 {
      guard model.isProxy, let parent = model.parent, let next = of(parent) else { break }
      model = next
    }
    return model.table ?? "\(model.key.app)_\(model.key.model)"
  }

  /// Whether a class is part of the project: its app is installed.
  func isInstalled(_ model: Class) -> Bool {
    guard let app = project.app(of: index.files[model.type.file].file) else { return true }
    return project.isInstalled(app)
  }

  /// The models as a state from which tables are made.
  func state() -> DjangoState {
    var state = DjangoState(project, isMigrated: false)
    for model in classes where !model.isAbstract && isInstalled(model) {
      let fact = index.type(model.type)
      var made = DjangoModel(
        key: model.key, name: NameWords.lastPart(fact.name), declaredTable: model.table ?? nil,
        span: SourceSpan(file: index.files[model.type.file].file, line: fact.line))
      made.isProxy = model.isProxy
      made.isManaged = model.isManaged
      made.fields = model.fields
      made.uniques = model.uniques
      if model.isProxy { made.declaredTable = table(of: model) }
      state.models[model.key] = made
    }
    return state
  }
}
