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
  private var guesses: [GuessKey: FlowValue] = [:]
  private var inProgress: Set<FunctionID> = []
  private var mutators: [FunctionID: Set<String>] = [:]
  private var namesByLanguage: [SourceLanguage: [String: [FunctionID]]] = [:]
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
  }

  /// A call that hands over a query over entity names.
  struct EntityQueryCall {
    var text: String
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
        if declared == .unknown { continue }
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

  private struct FieldKey: Hashable {
    var type: TypeID
    var name: String
  }

  private func assigns(_ name: String, _ id: FunctionID) -> Bool {
    index.symbols.function(id).events.contains { placed in
      if case .assign(name, _) = placed.event { true } else { false }
    }
  }

  // MARK: Names

  /// The name people call an entity by.
  func name(of entity: Int) -> String {
    let mapping = types.model.entities[entity]
    return mapping.mapping.entityName.isEmpty
      ? NameWords.lastPart(index.type(mapping.type).name) : mapping.mapping.entityName
  }

  /// A parameter without a type that has the name of an entity.
  func guess(_ parameter: String, from file: Int) -> FlowValue {
    let language = index.files[file].language
    switch language {
    case .ruby: return guessInRuby(parameter, from: file)
    case .python, .php, .javascript:
      guard let entity = types.model.entity(loosely: parameter.replacing("_", with: "")),
        index.files[types.model.entities[entity].mapping.file].language == language
      else { return .unknown }
      return FlowValue(kind: .entity(entity), type: types.model.entities[entity].type, isGuessed: true)
    case .c, .csharp, .document, .go, .java, .kotlin, .typescript: return .unknown
    }
  }

  /// `line_item`, `other_line_item` and `line_items`: the entity whose class the last words name, as Ruby would look it
  /// up there.
  private func guessInRuby(_ name: String, from file: Int) -> FlowValue {
    let key = GuessKey(file: file, name: name)
    if let known = guesses[key] { return known }
    var found = FlowValue.unknown
    let words = name.split(separator: "_").map(String.init)
    for first in words.indices where found == .unknown {
      let tail = Array(words[first...])
      guard let last = tail.last, last.utf8.count > 2 else { break }
      if let entity = entity(words: tail, from: file) {
        found = FlowValue(kind: .entity(entity), type: types.model.entities[entity].type, isGuessed: true)
      } else if let entity = Self.singulars(of: last).lazy.compactMap({
        self.entity(words: tail.dropLast() + [$0], from: file)
      }).first {
        found = FlowValue(
          kind: .entities(entity), type: types.model.entities[entity].type, isMany: true, isGuessed: true)
      }
    }
    guesses[key] = found
    return found
  }

  private static func singulars(of word: String) -> [String] {
    guard word.hasSuffix("s"), !word.hasSuffix("ss") else { return [] }
    if word.hasSuffix("ies") { return [word.dropLast(3) + "y"] }
    return word.hasSuffix("es") ? [String(word.dropLast()), String(word.dropLast(2))] : [String(word.dropLast())]
  }

  private func entity(words: [String], from file: Int) -> Int? {
    let name = words.map { $0.prefix(1).uppercased() + $0.dropFirst() }.joined()
    if let type = index.resolve(name, from: file) { return types.model.byType[type] }
    guard let entity = types.model.entity(loosely: name),
      index.files[types.model.entities[entity].mapping.file].language == .ruby
    else { return nil }
    return entity
  }

  private struct GuessKey: Hashable {
    var file: Int
    var name: String
  }

  /// What a constant or variable at the top of a file holds.
  func constant(_ name: String, from file: Int) -> FlowValue {
    if vocabulary.isSession(name, in: index.files[file].language) { return FlowValue(kind: .session) }
    guard let (fact, home) = index.symbols.constant(named: name, from: file),
      case .call(let callee, nil, _) = fact.value
    else { return .unknown }
    if let entity = types.entityType(from: callee) { return entity }
    return types.value(ofType: callee, from: home)
  }

  /// The text of a value of a function.
  func text(of value: Value, in function: FunctionID) -> String? { value.literalText ?? texts(value, function) }

  /// Remembers a call that hands over a query that is no text.
  func explain(_ line: Int, of function: FunctionID) { explained.insert(CodePlace(function: function, line: line)) }

  /// Remembers a query over entity names.
  func noteQuery(_ place: Int, _ arguments: [Value], function: FunctionID, line: Int, inLoop: Bool) {
    guard place < arguments.count, var text = text(of: arguments[place], in: function) else { return }
    if index.files[function.file].language == .php { text = Self.withoutNamespaces(text) }
    queries.append(EntityQueryCall(text: text, function: function, line: line, inLoop: inLoop))
  }

  /// DQL names entities with their namespaces: `SELECT o FROM App\Entity\Order o`.
  private static func withoutNamespaces(_ text: String) -> String {
    guard text.contains("\\") || text.contains(":") else { return text }
    return text.split(separator: " ", omittingEmptySubsequences: false).map { word in
      word.lastIndex(of: "\\").map { word[word.index(after: $0)...] } ?? word
    }.joined(separator: " ")
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
