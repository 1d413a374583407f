import Basics
import Facts

/// Finds the contexts of Entity Framework and what they map, by sets, attributes, fluent calls and conventions.
struct EntityFrameworkMapper {
  let system: SystemIndex
  let flavor: EntityFrameworkRecognizer
  let types: ColumnTypes
  private let usesNullMarks: Bool

  /// A context with what it maps.
  struct Context {
    var type: TypeID
    var model: FluentReader.Model
  }

  static let contextTypes: Set<String> = [
    "DbContext", "IdentityDbContext", "IdentityUserContext", "ApiAuthorizationDbContext",
    "KeyApiAuthorizationDbContext",
    "ObjectContext",
  ]
  private static let setTypes: Set<String> = ["DbSet", "IDbSet", "DbQuery", "ObjectSet"]

  init(system: SystemIndex, flavor: EntityFrameworkRecognizer) {
    self.system = system
    self.flavor = flavor
    usesNullMarks = system.files.contains { file in
      file.language == .csharp
        && file.types.contains { type in
          type.fields.contains { $0.type == "string" && $0.annotations.contains { $0.name == "nullable" } }
        }
    }
    types = ColumnTypes(engine: DotNetEngine.of(system), isCore: flavor.isCore)
  }

  /// Contexts in order of file and line. One that another is derived from lends it its sets.
  func contexts() -> [Context] {
    let candidates = system.types.filter {
      system.files[$0.file].language == .csharp && system.parts(of: $0).first == $0
        && system.base(of: $0, named: Self.contextTypes) != nil
    }
    let own = candidates.filter { isOwn($0) }
    guard !own.isEmpty else { return [] }
    let configurations = self.configurations()
    return own.map { type in
      let context = Context(type: type, model: FluentReader.Model())
      read(context, configurations: configurations, others: own)
      return context
    }
  }

  /// Whether a context belongs to this generation of the framework, by what its file imports.
  private func isOwn(_ type: TypeID) -> Bool {
    let imports = system.files[type.file].imports.map(\.path)
    let isOld = imports.contains { $0.hasPrefix("System.Data.Entity") || $0.hasPrefix("System.Data.Objects") }
    return isOld != flavor.isCore
  }

  // MARK: Reading

  private struct Configuration {
    var type: TypeID
    var entity: String
    var functions: [FunctionID]
  }

  /// Classes that configure one entity.
  private func configurations() -> [Configuration] {
    system.types.compactMap { type in
      guard system.files[type.file].language == .csharp,
        let base = system.base(of: type, named: ["IEntityTypeConfiguration", "EntityTypeConfiguration"]),
        let entity = base.arguments.first, system.resolve(entity, from: type.file) != nil
      else { return nil }
      return Configuration(type: type, entity: entity, functions: system.methods(of: type))
    }
  }

  private func read(_ context: Context, configurations: [Configuration], others: [TypeID]) {
    let chain =
      [context.type]
      + system.ancestors(of: context.type).filter { system.base(of: $0, named: Self.contextTypes) != nil }
    for type in chain {
      for field in system.parts(of: type).flatMap({ system.type($0).fields }) {
        let name = TypeName(field.type)
        guard Self.setTypes.contains(name.simple), let entity = name.arguments.first,
          let found = system.resolve(entity, from: type.file)
        else { continue }
        let draft = context.model.draft(found, named: entity, file: type.file, line: system.type(found).line)
        draft.setName = draft.setName ?? field.name
      }
    }
    for type in chain {
      for method in system.methods(of: type) {
        let function = system.symbols.function(method)
        guard function.parameterTypes.contains(where: Self.isBuilder) else { continue }
        var reader = FluentReader(system: system, model: context.model, file: method.file)
        reader.read(function)
      }
    }
    // Where several projects configure one class, the nearest is meant.
    var nearest: [TypeID: Int] = [:]
    let applied = configurations.filter { applies($0, to: context, others: others) }
    for configuration in applied {
      guard let entity = system.resolve(configuration.entity, from: configuration.type.file) else { continue }
      nearest[entity] = max(nearest[entity] ?? 0, nearness(context.type, configuration.type))
    }
    for configuration in applied {
      let file = configuration.type.file
      guard let entity = system.resolve(configuration.entity, from: file),
        nearness(context.type, configuration.type) == nearest[entity]
      else { continue }
      let draft = context.model.draft(
        entity, named: configuration.entity, file: file, line: system.type(configuration.type).line)
      for method in configuration.functions {
        var reader = FluentReader(system: system, model: context.model, file: file)
        let function = system.symbols.function(method)
        let isFluent = function.parameterTypes.contains(where: Self.isBuilder)
        reader.read(function, own: isFluent ? nil : draft)
      }
    }
  }

  private static func isBuilder(_ type: String) -> Bool {
    type == "ModelBuilder" || type == "DbModelBuilder" || type.hasPrefix("EntityTypeBuilder<")
  }

  /// Whether a configuration is one of those the context applies: by name, or because it is nearer to this context than
  /// to any other that applies all of its assembly.
  private func applies(_ configuration: Configuration, to context: Context, others: [TypeID]) -> Bool {
    if context.model.configurations.contains(configuration.type) { return true }
    guard context.model.appliesAll else { return false }
    let own = nearness(context.type, configuration.type)
    return !others.contains { nearness($0, configuration.type) > own }
  }

  /// How many folders two types share from the top.
  private func nearness(_ left: TypeID, _ right: TypeID) -> Int {
    zip(
      system.files[left.file].file.text.split(separator: "/").dropLast(),
      system.files[right.file].file.text.split(separator: "/").dropLast()
    ).prefix { $0 == $1 }.count
  }

  /// Whether the code of a file marks what may be nothing, so that everything else may not.
  func marksNothing(in file: Int) -> Bool { usesNullMarks }

  // MARK: Mappings

  /// What the contexts map, in their order.
  func mappings() -> [EntityMapping] {
    contexts().flatMap { context -> [EntityMapping] in
      discover(in: context)
      var builder = EntityMappingBuilder(mapper: self, context: context)
      return builder.mappings()
    }
  }

  /// Classes that relations of known entities lead to are entities as well.
  private func discover(in context: Context) {
    var next = context.model.order
    var rounds = 0
    while !next.isEmpty, rounds < 8 {
      rounds += 1
      var fresh: [TypeID] = []
      for type in next {
        guard let draft = context.model.drafts[type] else { continue }
        for relation in draft.relations {
          guard let target = relation.target, let found = system.resolve(target, from: draft.file) else { continue }
          note(found, target, in: context, &fresh)
        }
        for (field, owner) in storedFields(of: type, draft: draft, model: context.model) {
          let name = TypeName(field.type)
          let element = EntityConventions.element(of: name) ?? field.type
          guard !EntityConventions.isScalar(element), let found = system.resolve(element, from: owner.file),
            EntityConventions(system: system).key(of: found) != nil, !context.model.ignoredTypes.contains(element),
            !draft.owned.contains(where: { $0.property == field.name })
          else { continue }
          note(found, element, in: context, &fresh)
        }
      }
      next = fresh
    }
  }

  private func note(_ type: TypeID, _ name: String, in context: Context, _ fresh: inout [TypeID]) {
    let fact = system.type(type)
    guard context.model.drafts[type] == nil, fact.kind == .class || fact.kind == .record,
      !fact.annotations.contains(where: { ["Owned", "NotMapped", "ComplexType"].contains($0.name) })
    else { return }
    _ = context.model.draft(type, named: name, file: type.file, line: fact.line)
    fresh.append(type)
  }

  /// The properties that conventions and fluent calls store, with the class that declares each; those of bases that are
  /// no entities of their own come first.
  func storedFields(
    of type: TypeID, draft: EntityDraft?, model: FluentReader.Model
  ) -> [(field: FieldFact, owner: TypeID)] {
    var chain = [type]
    for base in system.ancestors(of: type) {
      if model.drafts[base] != nil { break }
      if system.type(base).kind == .interface { continue }
      chain.append(base)
    }
    var seen: Set<String> = []
    var found: [(FieldFact, TypeID)] = []
    for owner in chain {
      var own: [(FieldFact, TypeID)] = []
      for field in system.parts(of: owner).flatMap({ system.type($0).fields }) {
        let isConfigured =
          draft?.columns[field.name] != nil || draft?.owned.contains { $0.property == field.name } == true
        guard isConfigured || EntityConventions.isStored(field), draft?.ignored.contains(field.name) != true,
          seen.insert(field.name).inserted
        else { continue }
        own.append((field, owner))
      }
      found = own + found
    }
    return found
  }
}
