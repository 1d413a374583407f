import Basics
import Facts

/// Reads the fluent calls that describe entities: `builder.Property(x => x.Name).HasColumnName("name")`.
struct FluentReader {
  /// What the calls of one context come to.
  final class Model {
    // A class because every configuration of a context adds to it.
    var drafts: [TypeID: EntityDraft] = [:]
    var order: [TypeID] = []
    var schema = ""
    /// Configurations that are applied by name.
    var configurations: Set<TypeID> = []
    /// Whether every configuration of the assembly is applied.
    var appliesAll = false
    var ignoredTypes: Set<String> = []
    var ownedTypes: Set<String> = []
    var pluralizes = true

    /// The draft of a type, made when it is new.
    func draft(_ type: TypeID, named name: String, file: Int, line: Int) -> EntityDraft {
      if let known = drafts[type] { return known }
      let made = EntityDraft(type: type, typeName: name, file: file, line: line)
      drafts[type] = made
      order.append(type)
      return made
    }
  }

  /// What a builder describes.
  private enum Target {
    case model
    case entity(EntityDraft)
    case property(EntityDraft, String)
    case relation(EntityDraft, key: String)
    case ownerKey(EntityDraft)
    case index(EntityDraft, [String], isUnique: Bool)
    case nothing
  }

  /// One call of a chain.
  private struct Step {
    var callee: String
    var arguments: [Value]
    var types: [String]
  }

  let system: SystemIndex
  let model: Model
  let file: Int
  private var bindings: [String: Target] = [:]
  /// What calls without receiver describe: the class itself configures an entity.
  private var own: Target?
  private var line = 0

  init(system: SystemIndex, model: Model, file: Int) {
    self.system = system
    self.model = model
    self.file = file
  }

  /// Reads a function whose parameters are builders; `own` is the entity a configuration class is for.
  mutating func read(_ function: FunctionFact, own draft: EntityDraft? = nil) {
    own = draft.map { .entity($0) }
    for (name, type) in zip(function.parameters, function.parameterTypes) {
      let name = (name, TypeName(type))
      switch name.1.simple {
      case "ModelBuilder", "DbModelBuilder": bindings[name.0] = .model
      case "EntityTypeBuilder":
        guard let entity = name.1.arguments.last, let found = system.resolve(entity, from: file) else { continue }
        bindings[name.0] = .entity(model.draft(found, named: entity, file: file, line: function.lines.lowerBound))
      default: continue
      }
    }
    follow(function.events)
  }

  private mutating func follow(_ events: [PlacedEvent]) {
    var opened: [(callee: String, target: Target)] = []
    var last: [(callee: String, target: Target)] = []
    var fresh: Target?
    for placed in events {
      line = placed.line
      switch placed.event {
      case .call(let call):
        let target = apply(call)
        if call.arguments.contains(where: Self.isClosure) { last.append((call.callee, target)) }
        fresh = nil
      case .enterScope(let callee):
        let target = last.last { $0.callee == callee }?.target ?? .nothing
        opened.append((callee, target))
        fresh = target
      case .declare(let name, _, let value):
        if let given = fresh, case .element = value {
          bindings[name] = given
        } else if case .call(let callee, let receiver, let arguments) = value {
          bindings[name] = target(of: steps(of: .call(callee: callee, receiver: receiver, arguments: arguments)))
        }
        fresh = nil
      case .leave: if !opened.isEmpty { opened.removeLast() }
      case .assign, .append, .result, .mention, .enterBranch, .nextBranch, .enterLoop: continue
      }
    }
  }

  private static func isClosure(_ value: Value) -> Bool {
    switch value {
    case .closure: true
    case .member(_, let inner): isClosure(inner)
    case .text, .literal, .name, .type, .field, .call, .join, .list, .either, .element, .operation, .opaque: false
    }
  }

  // MARK: Chains

  /// The calls of a chain from its first name on.
  private func steps(of value: Value) -> (root: String?, steps: [Step]) {
    var steps: [Step] = []
    var current: Value? = value
    while let now = current {
      switch now {
      case .call(let callee, let receiver, let arguments):
        steps.append(Self.step(callee, arguments))
        current = receiver
        if receiver == nil { return ("", steps.reversed()) }
      case .name(let name): return (name, steps.reversed())
      case .text, .literal, .type, .field, .join, .list, .member, .either, .element, .operation, .closure, .opaque:
        return (nil, steps.reversed())
      }
    }
    return ("", steps.reversed())
  }

  private static func step(_ callee: String, _ arguments: [Value]) -> Step {
    var types: [String] = []
    var values: [Value] = []
    for argument in arguments {
      if case .type(let name) = argument { types.append(name) } else { values.append(argument) }
    }
    // `Entity(typeof(Order))` is the same as `Entity<Order>()`.
    return Step(callee: callee, arguments: values, types: types)
  }

  private mutating func target(of chain: (root: String?, steps: [Step])) -> Target {
    guard let root = chain.root else { return .nothing }
    var target: Target
    if root.isEmpty || root == "this" {
      guard let own else { return .nothing }
      target = own
    } else if let bound = bindings[root] {
      target = bound
    } else if let dot = root.lastIndex(of: "."), let bound = bindings[String(root[..<dot])] {
      // `modelBuilder.Configurations.Add(…)`, `modelBuilder.Conventions.Remove<…>()`.
      guard case .model = bound else { return .nothing }
      target = .model
    } else {
      return .nothing
    }
    for step in chain.steps { target = next(step, after: target) }
    return target
  }

  /// What the builder that a call gives back describes.
  private mutating func next(_ step: Step, after target: Target) -> Target {
    switch target {
    case .model:
      guard step.callee == "Entity" || step.callee == "ComplexType" || step.callee == "Owned",
        let name = step.types.first ?? step.arguments.first?.literalText, let type = system.resolve(name, from: file)
      else { return step.callee == "HasDefaultSchema" ? .model : .nothing }
      if step.callee != "Entity" { return .nothing }
      return .entity(model.draft(type, named: name, file: file, line: line))
    case .entity(let draft): return nextOfEntity(step, draft)
    case .property, .relation, .ownerKey, .index, .nothing:
      if case .relation(let draft, let key) = target, step.callee == "UsingEntity" {
        guard let name = step.types.first, let type = system.resolve(name, from: file) else { return target }
        _ = (draft, key)
        return .entity(model.draft(type, named: name, file: file, line: line))
      }
      return target
    }
  }

  private mutating func nextOfEntity(_ step: Step, _ draft: EntityDraft) -> Target {
    switch step.callee {
    case "Property", "PrimitiveCollection":
      guard let name = Self.names(in: step.arguments).first else { return .nothing }
      return .property(draft, name)
    case "HasKey", "HasAlternateKey":
      return .index(draft, Self.names(in: step.arguments), isUnique: true)
    case "HasIndex": return .index(draft, Self.names(in: step.arguments), isUnique: false)
    case "HasOne", "HasMany", "HasRequired", "HasOptional": return .relation(draft, key: Self.key(step))
    case "WithOwner": return .ownerKey(draft)
    case "OwnsOne", "OwnsMany", "ComplexProperty":
      guard let owned = owned(step, draft) else { return .nothing }
      let closures = step.arguments.filter(Self.isClosure)
      // The last closure configures it, unless it only selects the property.
      let configures = closures.count > 1 || (closures.count == 1 && step.arguments.first?.literalText != nil)
      return configures ? .entity(draft) : .entity(owned)
    default: return .entity(draft)
    }
  }

  /// What the closure given to a call describes.
  private mutating func inside(_ step: Step, _ target: Target) -> Target {
    switch (step.callee, target) {
    case ("OwnsOne", .entity(let draft)), ("OwnsMany", .entity(let draft)), ("ComplexProperty", .entity(let draft)):
      owned(step, draft).map { .entity($0) } ?? .nothing
    case ("Map", .relation): target
    default: next(step, after: target)
    }
  }

  private func owned(_ step: Step, _ draft: EntityDraft) -> EntityDraft? {
    guard let property = Self.names(in: step.arguments).first else { return nil }
    let declared = step.types.first ?? draft.type.flatMap { system.field(property, of: $0)?.field.type } ?? ""
    let name = TypeName(declared)
    let element = step.callee == "OwnsMany" && step.types.isEmpty ? name.arguments.first ?? declared : declared
    return draft.owned(
      property, isMany: step.callee == "OwnsMany", type: system.resolve(element, from: file), typeName: element,
      file: file, line: line)
  }

  private static func key(_ step: Step) -> String {
    "\(step.callee):\(names(in: step.arguments).first ?? "")\(step.types.first ?? "")"
  }

  /// The properties that arguments name: `x => x.A`, `x => new { x.A, x.B }`, `"A", "B"`.
  static func names(in arguments: [Value]) -> [String] {
    var names: [String] = []
    for argument in arguments {
      switch argument {
      case .text(let text): names.append(text)
      case .list(let items): names += Self.names(in: items)
      case .member(let name, .name(let path)):
        names.append(path.contains(".") ? NameWords.lastPart(path) : name)
      case .member(_, let inner): names += Self.names(in: [inner])
      case .closure(let parameters, let result):
        // Only what selects a member: `x => x.A`, not a closure that configures.
        guard parameters.count == 1 else { continue }
        switch result {
        case .name(let path) where path.hasPrefix(parameters[0] + "."):
          names.append(String(path.dropFirst(parameters[0].count + 1)))
        case .list(let items): names += Self.names(in: items)
        case .text, .literal, .name, .type, .field, .call, .join, .member, .either, .element, .operation, .closure,
          .opaque:
          continue
        }
      case .literal, .name, .type, .field, .call, .join, .either, .element, .operation, .opaque: continue
      }
    }
    return names
  }

  // MARK: What calls say

  /// Applies a call; gives what closures given to it describe.
  private mutating func apply(_ call: CallFact) -> Target {
    let chain: (root: String?, steps: [Step])
    if let receiver = call.receiver { chain = steps(of: receiver) } else { chain = ("", []) }
    let before = target(of: chain)
    let step = Self.step(call.callee, call.arguments)
    switch before {
    case .model: applyToModel(step, call)
    case .entity(let draft): applyToEntity(step, draft)
    case .property(let draft, let name): Self.apply(step, to: &draft.columns[name, default: EntityDraft.Column()])
    case .relation(let draft, let key): applyToRelation(step, draft, key)
    case .ownerKey(let draft): if step.callee == "HasForeignKey" { draft.ownerKey = Self.names(in: step.arguments) }
    case .index(let draft, let names, let isUnique):
      if step.callee == "IsUnique", !isUnique, step.arguments.first != .literal("false") { draft.uniques.append(names) }
    case .nothing: break
    }
    return inside(step, before)
  }

  private mutating func applyToModel(_ step: Step, _ call: CallFact) {
    switch step.callee {
    case "HasDefaultSchema": model.schema = step.arguments.first?.literalText ?? model.schema
    case "ApplyConfigurationsFromAssembly", "AddFromAssembly": model.appliesAll = true
    case "ApplyConfiguration", "Add":
      if case .call(let made, nil, _)? = step.arguments.first, let type = system.resolve(made, from: file) {
        model.configurations.insert(type)
      }
    case "Ignore": if let type = step.types.first { model.ignoredTypes.insert(type) }
    case "Owned", "ComplexType": if let type = step.types.first { model.ownedTypes.insert(type) }
    case "Remove": if step.types.contains("PluralizingTableNameConvention") { model.pluralizes = false }
    case "Entity": _ = next(step, after: .model)
    default: break
    }
  }

  private mutating func applyToEntity(_ step: Step, _ draft: EntityDraft) {
    let texts = step.arguments.compactMap(\.literalText)
    switch step.callee {
    case "ToTable", "ToView":
      guard let name = texts.first ?? constant(step.arguments.first) else { return }
      draft.table = name
      draft.schema = texts.dropFirst().first ?? constant(step.arguments.dropFirst().first)
      draft.isDeclared = true
      draft.isView = step.callee == "ToView"
      draft.line = line
    case "HasNoKey": draft.isKeyless = true
    case "HasKey":
      draft.keys = Self.names(in: step.arguments)
      for key in draft.keys { draft.mention(key) }
    case "HasAlternateKey": draft.uniques.append(Self.names(in: step.arguments))
    case "Property", "PrimitiveCollection":
      guard let name = Self.names(in: step.arguments).first else { return }
      draft.mention(name)
      if let type = step.types.first { draft.columns[name]?.codeType = type }
    case "Ignore": draft.ignored.formUnion(Self.names(in: step.arguments))
    case "HasOne", "HasMany", "HasRequired", "HasOptional":
      let property = Self.names(in: step.arguments).first
      let type = step.types.first
      draft.relate(Self.key(step), line: line, isMany: step.callee == "HasMany") {
        $0.property = property
        $0.target = type
      }
    case "OwnsOne", "OwnsMany", "ComplexProperty": _ = owned(step, draft)
    case "HasBaseType": draft.baseName = step.types.first
    case "HasDiscriminator": draft.discriminator = Self.names(in: step.arguments).first ?? "Discriminator"
    case "UseTptMappingStrategy": draft.inheritance = .joined
    case "UseTpcMappingStrategy": draft.inheritance = .separate
    default: break
    }
  }

  /// `ToTable(Tables.Orders)`: a constant that holds the name.
  private func constant(_ value: Value?) -> String? {
    guard case .name(let name)? = value, let found = system.symbols.constant(named: name, from: file) else {
      return nil
    }
    return found.fact.value.literalText
  }

  private static func apply(_ step: Step, to column: inout EntityDraft.Column) {
    let first = step.arguments.first
    func digits(_ value: Value?) -> String? { if case .literal(let text)? = value { text } else { nil } }
    switch step.callee {
    case "HasColumnName": column.name = first?.literalText ?? column.name
    case "HasColumnType": column.type = first?.literalText?.lowercased() ?? column.type
    case "IsRequired": column.isRequired = first != .literal("false")
    case "IsOptional": column.isRequired = false
    case "HasMaxLength": column.length = digits(first)
    case "HasPrecision":
      if let precision = digits(first) {
        column.length = digits(step.arguments.dropFirst().first).map { precision + "," + $0 } ?? precision
      }
    case "HasConversion": column.codeType = step.types.last ?? column.codeType
    case "HasDefaultValueSql", "HasDefaultValue": column.defaultExpression = first?.literalText ?? digits(first)
    case "ValueGeneratedOnAdd", "UseIdentityColumn", "UseIdentityAlwaysColumn", "UseIdentityByDefaultColumn":
      column.isGenerated = true
    case "ValueGeneratedNever": column.isGenerated = false
    default: break
    }
  }

  private func applyToRelation(_ step: Step, _ draft: EntityDraft, _ key: String) {
    let names = Self.names(in: step.arguments)
    draft.relate(key, line: line, isMany: false) { relation in
      switch step.callee {
      case "WithMany":
        relation.inverse = names.first
        relation.isInverseMany = true
      case "WithOne", "WithRequired", "WithOptional", "WithRequiredPrincipal", "WithRequiredDependent",
        "WithOptionalPrincipal", "WithOptionalDependent":
        relation.inverse = names.first
        relation.isInverseMany = false
      case "HasForeignKey":
        relation.foreignKey = names
        relation.dependent = step.types.first
      case "OnDelete":
        if case .name(let behavior)? = step.arguments.first { relation.onDelete = Self.action(behavior) }
      case "WillCascadeOnDelete": relation.onDelete = step.arguments.first == .literal("false") ? .noAction : .cascade
      case "UsingEntity":
        relation.joinType = step.types.first
        relation.joinTable = step.arguments.first?.literalText ?? relation.joinTable
      case "ToTable":
        relation.joinTable = names.first
        relation.joinSchema = names.dropFirst().first
      case "MapLeftKey": relation.joinColumns = names
      case "MapRightKey": relation.joinTargetColumns = names
      default: break
      }
    }
  }

  private static func action(_ behavior: String) -> ReferentialAction {
    switch NameWords.lastPart(behavior) {
    case "Cascade": .cascade
    case "SetNull": .setNull
    case "Restrict": .restrict
    default: .noAction
    }
  }
}
