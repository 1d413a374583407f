import Basics
import Facts

/// Follows data through every function of the languages that have types and frameworks: who reads and writes rows of
/// which entity, and which functions calls reach.
final class DataFlow {
  // A class because it holds what functions give back, found once and shared by all their callers.
  let index: SystemIndex
  let types: FlowTypes
  let vocabulary: Vocabulary
  /// Statements of declared methods that belong to their callers as well.
  let reaching: [FunctionID: [ReachingStatement]]
  private let texts: (Value, FunctionID) -> String?
  private var results: [FunctionID: FlowValue] = [:]
  private var fields: [FieldKey: FlowValue] = [:]
  var fieldTexts: [FieldKey: Value?] = [:]
  var guesses: [GuessKey: FlowValue] = [:]
  var relations: [String: Int]?
  /// Events of state machines in Ruby, once asked for.
  var stateEvents: Set<String>?
  private var inProgress: Set<FunctionID> = []
  private var effects: [EffectKey: [FlowAccess]] = [:]

  private struct EffectKey: Hashable {
    var target: FunctionID
    var kind: DataKind
  }

  private var mutators: [FunctionID: Set<String>] = [:]
  var namesByLanguage: [SourceLanguage: [String: [FunctionID]]] = [:]
  /// Queries over entity names met in calls.
  private(set) var queries: [EntityQueryCall] = []
  /// Calls that look as if they were handed SQL, and are known not to be.
  private(set) var explained: Set<CodePlace> = []
  /// How deep calls are followed to learn what they give back.
  private static let maximumDepth = 5
  /// Functions of one name that a call on something unknown may mean.
  private static let maximumTargets = 2

  /// What a declared method does to tables.
  struct ReachingStatement {
    var accesses: [StatementAccess]
    var joins: [StatementJoin]
    var confidence: Confidence
    /// The entity on whose repository the method must be called; nil for any.
    var receiver: Int?
  }

  /// A call that hands over a query over entity names.
  struct EntityQueryCall {
    /// The text, where the argument alone tells; variables are looked up when the function's texts are known.
    var text: String?
    /// The method that is called, and which of its arguments the query is.
    var callee: String
    var place: Int
    var function: FunctionID
    var line: Int
    var inLoop: Bool
  }

  /// `texts` folds a value of a function to its text.
  init(
    types: FlowTypes, reaching: [FunctionID: [ReachingStatement]], texts: @escaping (Value, FunctionID) -> String?
  ) {
    self.types = types
    index = types.index
    vocabulary = types.vocabulary
    self.reaching = reaching
    self.texts = texts
    for (file, facts) in index.files.enumerated() where facts.language != .c {
      for (place, function) in facts.functions.enumerated() {
        namesByLanguage[facts.language, default: [:]][NameWords.lastPart(function.name), default: []].append(
          FunctionID(file: file, index: place))
      }
    }
    findMutators()
  }

  /// Follows every function that is not C or C++, in order of file and line.
  func run() -> FlowFindings {
    var findings = FlowFindings()
    for (file, facts) in index.files.enumerated() where facts.language != .c {
      for place in facts.functions.indices {
        let id = FunctionID(file: file, index: place)
        var evaluator = FlowEvaluator(id, flow: self)
        evaluator.run()
        findings.accesses += evaluator.accesses
        if !evaluator.targets.isEmpty { findings.targets[id] = evaluator.targets }
      }
    }
    return findings
  }

  // MARK: Methods

  /// The methods a call on an object of a class reaches: its own or inherited one, and those that implement it.
  func methods(_ name: String, of type: TypeID) -> [FunctionID] {
    guard let found = index.method(name, of: type) else { return [] }
    guard index.symbols.function(found).isAbstract, let owner = index.owner(of: found) else { return [found] }
    let below = index.descendants(of: owner)
    // An interface with very many implementations says nothing about one of them.
    guard below.count <= 12 else { return [found] }
    let related = type == owner ? below : below.filter { $0 == type || index.ancestors(of: $0).contains(type) }
    let implementations = related.compactMap { candidate in
      index.methods(of: candidate).first { NameWords.lastPart(index.symbols.function($0).name) == name }
    }
    return [found] + implementations
  }

  /// What constructs objects of a class.
  func constructor(of type: TypeID) -> FunctionID? {
    let name = NameWords.lastPart(index.type(type).name)
    return index.methods(of: type).first {
      let last = NameWords.lastPart(index.symbols.function($0).name)
      return last == name || last == "__init__" || last == "initialize" || last == "__construct"
        || last == "constructor"
    }
  }

  /// A function called by its name alone.
  func free(_ name: String, from file: Int, owner: String) -> [FunctionID] {
    let found = index.symbols.functions(called: name, from: file, owner: owner, hasReceiver: false)
    let language = index.files[file].language
    return found.filter {
      let function = index.symbols.function($0)
      return index.files[$0.file].language == language && (function.owner.isEmpty || function.owner == owner)
    }
  }

  /// A method called on something unknown: only a name that hardly any other function has tells which.
  func unknownReceiver(_ name: String, from file: Int) -> [FunctionID] {
    guard name.utf8.count > 5, let found = namesByLanguage[index.files[file].language]?[name],
      found.count <= Self.maximumTargets
    else { return [] }
    return found
  }

  // MARK: What functions give back

  /// What calls of these functions give back, by their declared types or by what they return.
  func result(of targets: [FunctionID], values: [FlowValue]) -> FlowValue {
    for target in targets {
      let function = index.symbols.function(target)
      if !function.returnType.isEmpty {
        var declared = types.value(ofType: function.returnType, from: target.file)
        if declared == .unknown {
          // `Builder` says nothing of whose rows it will read.
          let found = index.files[target.file].language == .php ? result(of: target) : .unknown
          if found.kind == .none { continue }
          return found
        }
        if declared.kind.entity != nil, vocabulary.limitsTracking, !function.isAbstract {
          declared.isFetched = result(of: target).isFetched
        }
        declared.isNew = makesNew(function)
        return declared
      }
      let found = result(of: target)
      if found != .unknown { return found }
    }
    return .unknown
  }

  /// Whether a method is a factory of its own class: what it returns stands for no row yet.
  private func makesNew(_ function: FunctionFact) -> Bool {
    guard function.isStatic, !function.owner.isEmpty else { return false }
    let name = NameWords.lastPart(function.owner)
    return function.events.contains { placed in
      if case .result(.call(let callee, nil, _)) = placed.event { callee == name } else { false }
    }
  }

  private func result(of target: FunctionID) -> FlowValue {
    if let known = results[target] { return known }
    guard inProgress.count < Self.maximumDepth, inProgress.insert(target).inserted else { return .unknown }
    defer { inProgress.remove(target) }
    var evaluator = FlowEvaluator(target, flow: self)
    let before = queries.count
    evaluator.run()
    queries.removeLast(queries.count - before)
    var found = evaluator.results.first { $0.kind != .none } ?? evaluator.results.first ?? .unknown
    // What it reads, it has read: for the caller these are rows already fetched.
    found.pending = nil
    found.isNew = false
    results[target] = found
    return found
  }

  /// What a method does to rows when it is called on `object`.
  func effects(of target: FunctionID, on object: FlowValue) -> [FlowAccess] {
    let key = EffectKey(target: target, kind: object.kind)
    if let known = effects[key] { return known }
    guard inProgress.count < Self.maximumDepth, inProgress.insert(target).inserted else { return [] }
    defer { inProgress.remove(target) }
    var evaluator = FlowEvaluator(target, flow: self)
    evaluator.object = object
    let before = queries.count
    evaluator.run()
    queries.removeLast(queries.count - before)
    effects[key] = evaluator.accesses
    return evaluator.accesses
  }

  /// What the methods of a class put into a field of its objects, in Ruby, where fields have no types.
  func field(_ name: String, of type: TypeID, from function: FunctionID) -> FlowValue {
    let key = FieldKey(type: type, name: name)
    if let known = fields[key] { return known }
    guard inProgress.count < Self.maximumDepth else { return .unknown }
    fields[key] = .unknown  // breaks cycles
    var found = FlowValue.unknown
    for owner in [type] + index.ancestors(of: type) {
      for id in index.methods(of: owner) where id != function && found == .unknown && assigns(name, id) {
        inProgress.insert(id)
        var evaluator = FlowEvaluator(id, flow: self)
        let before = queries.count
        evaluator.run()
        queries.removeLast(queries.count - before)
        inProgress.remove(id)
        found = evaluator.assigned[name] ?? .unknown
        found.pending = nil
        found.isNew = false
      }
    }
    if found == .unknown { found = guess(String(name.dropFirst("this.".count)), from: function.file) }
    fields[key] = found
    return found
  }

  struct FieldKey: Hashable {
    var type: TypeID
    var name: String
  }

  private func assigns(_ name: String, _ id: FunctionID) -> Bool {
    index.symbols.function(id).events.contains { placed in
      if case .assign(name, _) = placed.event { true } else { false }
    }
  }

  // MARK: Queries

  /// The text of a value of a function.
  func text(of value: Value, in function: FunctionID) -> String? { value.literalText ?? texts(value, function) }

  /// Remembers a call that hands over a query that is no text.
  func explain(_ line: Int, of function: FunctionID) { explained.insert(CodePlace(function: function, line: line)) }

  /// Remembers a query over entity names.
  func noteQuery(
    _ place: Int, _ arguments: [Value], callee: String, function: FunctionID, line: Int, inLoop: Bool
  ) {
    guard place < arguments.count else { return }
    queries.append(
      EntityQueryCall(
        text: text(of: arguments[place], in: function), callee: callee, place: place, function: function, line: line,
        inLoop: inLoop))
  }

  // MARK: Methods that change their object

  /// The fields of its own object that a method changes: calling it changes the row.
  func changes(of id: FunctionID) -> Set<String> { mutators[id] ?? [] }

  func noteMutator(_ id: FunctionID, of property: String) {
    if !Self.isReader(index.symbols.function(id)) { mutators[id, default: []].insert(property) }
  }

  /// Methods that by their name only read may still fill a field the first time.
  private static func isReader(_ function: FunctionFact) -> Bool {
    let name = NameWords.lastPart(function.name)
    return ["get", "is", "has", "to"].contains { prefix in
      name.hasPrefix(prefix) && (name.dropFirst(prefix.count).first?.isUppercase ?? false)
    }
  }

  /// Methods of entities that assign their fields, and those that call such methods of their own.
  private func findMutators() {
    // What an embedded object changes is known before those that hold it are looked at again.
    for _ in 0..<2 { for entity in types.model.entities { findMutators(of: entity) } }
  }

  private func findMutators(of entity: EntityModel.Entity) {
    let methods = index.methods(of: entity.type)
    let constructor = constructor(of: entity.type)
    var found: [String: Set<String>] = [:]
    for _ in 0..<3 {
      for id in methods where id != constructor {
        let function = index.symbols.function(id)
        let changed = changes(function, entity: entity, known: found)
        guard !changed.isEmpty, !Self.isReader(function) else { continue }
        mutators[id, default: []].formUnion(changed)
        found[NameWords.lastPart(function.name), default: []].formUnion(changed)
      }
    }
  }

  private func changes(
    _ function: FunctionFact, entity: EntityModel.Entity, known: [String: Set<String>]
  ) -> Set<String> {
    let own = Set(function.parameters)
    return function.events.reduce(into: []) { found, placed in
      switch placed.event {
      case .assign(let name, _), .append(let name, _):
        let field = name.hasPrefix("this.") ? String(name.dropFirst(5)) : name
        guard name.hasPrefix("this.") || !own.contains(name), entity.properties[field] != nil else { return }
        found.insert(field)
      case .call(let call):
        switch call.receiver {
        case nil, .name("this")?: found.formUnion(known[call.callee] ?? [])
        case .name(let name)?:
          let field = name.hasPrefix("this.") ? String(name.dropFirst(5)) : name
          found.formUnion(changed(field, by: call.callee, of: entity))
        default: return
        }
      case .declare, .result, .mention, .enterBranch, .nextBranch, .enterLoop, .enterScope, .leave: return
      }
    }
  }

  /// What a method called on a property of an entity changes: `lines.add(line)`, `plan.remove(step)`.
  private func changed(_ property: String, by method: String, of entity: EntityModel.Entity) -> Set<String> {
    switch entity.properties[property]?.storage {
    case .collection, .joinTable, .inverse: return Vocabulary.isFilling(method) ? [property] : []
    case .embedded:
      guard let number = types.model.byType[entity.type],
        let inner = types.model.target(of: property, in: number)?.entity,
        let called = index.method(method, of: types.model.entities[inner].type)
      else { return [] }
      return Set(
        changes(of: called).map { entity.properties[property + "." + $0] == nil ? property : property + "." + $0 })
    case .column, .reference, nil: return []
    }
  }
}
