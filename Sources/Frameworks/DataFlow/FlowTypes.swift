import Basics
import Facts

/// What declared types, fields and classes stand for.
final class FlowTypes {
  // A class because it holds the memory of fields already looked up, shared by every function of one run.
  let index: SystemIndex
  let model: EntityModel
  let vocabulary: Vocabulary
  private let containers: [TypeID: ContainerClass]
  private var kinds: [TypeID: FlowValue] = [:]
  private var fields: [FieldKey: FlowValue] = [:]

  private struct FieldKey: Hashable {
    var type: TypeID
    var name: String
  }

  /// Types that hold one value or may hold none, or bring it later: what is in them counts.
  private static let wrappers: Set<String> = [
    "Optional", "Mono", "Promise", "Task", "ValueTask", "CompletableFuture", "Future", "Uni", "Maybe", "Single", "Lazy",
    "ResponseEntity", "ActionResult", "Awaitable", "Coroutine", "Ref", "AtomicReference", "Nullable", "Supplier",
    "Provider",
    "ObjectProvider", "Annotated", "Mapped", "Deferred", "Result",
  ]

  /// Classes with methods on the rows of an entity, and the entity such a class serves when it is but one.
  private let rows: [Int: [TypeID]]
  private let rowMembers: [Int: Set<String>]
  private let entityOfRows: [TypeID: Int]
  /// Functions that give the class of an entity.
  private let functions: [String: TypeID]
  /// Those of them that ask for names.
  private let takingNames: Set<String>

  init(
    index: SystemIndex, model: EntityModel, vocabulary: Vocabulary, containers: [ContainerClass] = [],
    rows: [RowClasses] = [],
    functions: [String: TypeID] = [:]
  ) {
    self.containers = Dictionary(containers.map { ($0.type, $0) }, uniquingKeysWith: { first, _ in first })
    self.index = index
    self.model = model
    self.vocabulary = vocabulary
    self.functions = functions
    takingNames = Set(functions.keys.filter { $0.hasSuffix(")") }.map { String($0.prefix { $0 != "(" }) })
    var classes: [Int: [TypeID]] = [:]
    var members: [Int: Set<String>] = [:]
    var users: [TypeID: Set<Int>] = [:]
    for found in rows {
      classes[found.entity, default: []] += found.classes
      members[found.entity, default: []].formUnion(found.members)
      for type in found.classes {
        for served in [type] + index.ancestors(of: type) { users[served, default: []].insert(found.entity) }
      }
    }
    self.rows = classes
    rowMembers = members
    entityOfRows = users.compactMapValues { entities in
      // Those derived from one of them take its rows over.
      let tops = entities.filter { entity in
        !index.ancestors(of: model.entities[entity].type).contains { base in
          model.byType[base].map { entities.contains($0) } ?? false
        }
      }
      return tops.count == 1 ? tops.first : nil
    }
  }

  /// The methods the rows of an entity have beside those of their framework.
  func rowMethods(_ name: String, of entity: Int) -> [FunctionID] {
    for type in rows[entity] ?? [] { if let found = index.method(name, of: type) { return [found] } }
    return []
  }

  /// Whether a member of an entity's class leads to its rows.
  func isRowMember(_ name: String, of entity: Int) -> Bool { rowMembers[entity]?.contains(name) ?? false }

  /// The class of an entity that a function gives for names: `get_model("orders", "Order")`, known as
  /// `get_model(orders.order)`.
  func entityType(from function: String, names arguments: [Value]) -> FlowValue? {
    guard takingNames.contains(function), !arguments.isEmpty else { return nil }
    var names: [String] = []
    for argument in arguments {
      var argument = argument
      if case .member(_, let inner) = argument { argument = inner }
      switch argument {
      case .text(let text), .name(let text): names.append(text.lowercased())
      default: return nil
      }
    }
    return entityType(from: "\(function)(\(names.joined(separator: ".")))")
  }

  /// The class of an entity that a function gives.
  func entityType(from function: String) -> FlowValue? {
    guard let type = functions[function], let entity = model.entity(of: type) else { return nil }
    return FlowValue(kind: .entityType(entity), type: type)
  }

  /// What a value of a declared type stands for.
  func value(ofType text: String, from file: Int, depth: Int = 0) -> FlowValue {
    guard !text.isEmpty, depth < 4 else { return .unknown }
    let name = TypeName(text)
    let language = index.files[file].language
    if !name.arguments.isEmpty, vocabulary.isSession(name.simple, in: language) {
      return FlowValue(kind: .session, type: index.resolve(name.head, from: file))
    }
    if let first = name.arguments.first {
      let inner = value(ofType: first, from: file, depth: depth + 1)
      if Self.wrappers.contains(name.simple) { return inner }
      if let container = vocabulary.container(name.simple, in: language), let entity = inner.kind.entity {
        return FlowValue(kind: Self.kind(container, entity: entity), type: inner.type, isMany: true)
      }
      let own = index.resolve(name.head, from: file)
      if own == nil || vocabulary.container(name.simple, in: language) == nil {
        let last = value(ofType: name.arguments[name.arguments.count - 1], from: file, depth: depth + 1)
        if own == nil {
          // A list, set, page or map: its elements count.
          let element = name.arguments.count > 1 ? last : inner
          guard let entity = element.kind.entity else {
            return FlowValue(type: element.type, isMany: element.type != nil)
          }
          return FlowValue(kind: .entities(entity), type: element.type, isMany: true)
        }
      }
    }
    if vocabulary.isSession(name.simple, in: language) {
      return FlowValue(kind: .session, type: index.resolve(name.head, from: file))
    }
    guard let type = index.resolve(name.head, from: file) else { return .unknown }
    return value(ofObject: type)
  }

  private static func kind(_ receiver: DataReceiver, entity: Int) -> DataKind {
    switch receiver {
    case .entityType: .entityType(entity)
    case .entity: .entity(entity)
    case .entities: .entities(entity)
    case .query: .query(entity)
    case .repository: .repository(entity)
    case .session: .session
    case .table, .function: .none
    }
  }

  /// What an object of a class stands for: a row, a repository, a session.
  func value(ofObject type: TypeID) -> FlowValue {
    if let known = kinds[type] { return known }
    kinds[type] = FlowValue(type: type)  // breaks cycles
    let language = index.files[type.file].language
    var found = FlowValue(type: type)
    if let entity = model.entity(of: type) {
      found.kind = .entity(entity)
    } else if let known = containers[type], let entity = model.entity(named: known.entity, from: type.file) {
      found.kind = Self.kind(known.receiver, entity: entity)
    } else if let entity = entityOfRows[type] {
      found = FlowValue(kind: .query(entity), type: model.entities[entity].type, isMany: true)
    } else if index.base(of: type, named: vocabulary.sessions(in: language)) != nil {
      found.kind = .session
    } else if let (receiver, entity) = container(of: type, language: language) {
      found.kind = Self.kind(receiver, entity: entity)
    }
    kinds[type] = found
    return found
  }

  /// The container a class is derived from, with its entity: type arguments are followed down to the class.
  private func container(of type: TypeID, language: SourceLanguage) -> (DataReceiver, Int)? {
    let names = vocabulary.containers(in: language)
    guard !names.isEmpty else { return nil }
    var bound: [String: String] = [:]
    var current = type
    for _ in 0..<8 {
      let fact = index.type(current)
      for base in fact.bases {
        let name = TypeName(base)
        guard let receiver = vocabulary.container(name.simple, in: language) else { continue }
        for argument in name.arguments {
          let actual = bound[argument] ?? argument
          if let entity = value(ofType: actual, from: type.file).kind.entity
            ?? value(ofType: actual, from: current.file).kind.entity
          {
            return (receiver, entity)
          }
        }
      }
      guard
        let next = fact.bases.lazy.compactMap({ base -> (TypeID, TypeName)? in
          self.index.resolve(base, from: current.file).map { ($0, TypeName(base)) }
        }).first(where: { self.index.base(of: $0.0, named: names) != nil })
      else { return nil }
      let parameters = index.type(next.0).typeParameters
      bound = Dictionary(
        zip(parameters, next.1.arguments.map { bound[$0] ?? $0 }), uniquingKeysWith: { first, _ in first })
      current = next.0
    }
    return nil
  }

  /// The class a module of Ruby is mixed into, when there is but one that is no module itself.
  func onlyUser(of module: TypeID) -> TypeID? {
    guard index.type(module).kind == .module else { return nil }
    let users = index.descendants(of: module).filter {
      index.type($0).kind != .module && index.parts(of: $0).first == $0
    }
    // Subclasses of a user are users, too.
    let tops = users.filter { user in !index.ancestors(of: user).contains { users.contains($0) } }
    return tops.count == 1 ? tops.first : nil
  }

  /// What a field holds, by its declared type, its first value, or what the methods of its class put into it.
  func field(_ name: String, of type: TypeID) -> FlowValue? {
    let key = FieldKey(type: type, name: name)
    if let known = fields[key] { return known == .unknown ? nil : known }
    fields[key] = .unknown  // breaks cycles
    var found = FlowValue.unknown
    if let (field, owner) = index.field(name, of: type) {
      found = value(ofType: field.type, from: owner.file)
      if found == .unknown { found = simple(field.value, from: owner.file) }
    }
    if found == .unknown { found = assigned(name, in: type) }
    if let entity = found.kind.entity, value(ofObject: type).kind == .session {
      found.kind = found.kind.replacing(model.entity(entity, in: type))
    }
    fields[key] = found
    return found == .unknown ? nil : found
  }

  /// What the methods of a class, its constructor first, put into a field.
  private func assigned(_ name: String, in type: TypeID) -> FlowValue {
    let target = "this." + name
    for owner in [type] + index.ancestors(of: type) {
      for id in index.methods(of: owner) {
        let function = index.symbols.function(id)
        for placed in function.events {
          guard case .assign(let assigned, let value) = placed.event, assigned == target else { continue }
          if case .name(let parameter) = value, let place = function.parameters.firstIndex(of: parameter),
            place < function.parameterTypes.count
          {
            let found = self.value(ofType: function.parameterTypes[place], from: id.file)
            if found != .unknown { return found }
          }
          let found = simple(value, from: id.file)
          if found != .unknown { return found }
        }
      }
    }
    return .unknown
  }

  /// What a value is without following anything: a constructed object.
  private func simple(_ value: Value, from file: Int) -> FlowValue {
    switch value {
    case .call(let callee, nil, _): self.value(ofType: callee, from: file)
    case .either(let options): options.lazy.map { self.simple($0, from: file) }.first { $0 != .unknown } ?? .unknown
    case .text, .literal, .name, .type, .field, .call, .join, .list, .member, .element, .operation, .closure, .opaque:
      .unknown
    }
  }
}
