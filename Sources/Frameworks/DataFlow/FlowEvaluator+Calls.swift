import Basics
import Facts

/// Calls: constructors, methods of the system, and what the vocabulary says of the others.
extension FlowEvaluator {
  /// What a call gives back, and the functions of the system it reaches.
  mutating func call(_ call: CallFact) -> (result: FlowValue, targets: [FunctionID]) {
    let values = call.arguments.map { evaluate($0) }
    guard let receiver = call.receiver else { return free(call, values) }
    if case .name("super") = receiver {
      let this = this()
      return invoke(call.callee, on: this, arguments: call.arguments, values: values, skipsOwn: true)
    }
    return invoke(call.callee, on: evaluate(receiver), arguments: call.arguments, values: values, of: receiver)
  }

  // MARK: Without receiver

  private mutating func free(_ call: CallFact, _ values: [FlowValue]) -> (FlowValue, [FunctionID]) {
    if let type = types.index.resolve(call.callee, from: id.file), isConstructor(call.callee, type) {
      var made = types.value(ofObject: type)
      made.isNew = true
      let constructor = flow.constructor(of: type)
      return (made, constructor.map { [$0] } ?? [])
    }
    if let owner {
      if case .repository = this().kind, language == .java || language == .kotlin {
        let (result, targets) = invoke(call.callee, on: this(), arguments: call.arguments, values: values)
        if result != .unknown || !targets.isEmpty { return (result, targets) }
      }
      let own = flow.methods(call.callee, of: owner)
      if !own.isEmpty { return (flow.result(of: own, values: values), own) }
      let this = this()
      if this.kind != .none, let receiver = this.kind.receiver,
        flow.vocabulary.rule(call.callee, on: receiver, in: language) != nil
          || call.arguments.isEmpty && isOwnRelation(call.callee, of: this)
      {
        return invoke(call.callee, on: this, arguments: call.arguments, values: values)
      }
    }
    // A session that is itself called: `knex("orders")`.
    if let rule = flow.vocabulary.rule(DataRule.ownCall, on: .session, in: language),
      case .session = evaluate(.name(call.callee)).kind
    {
      return (apply(rule, "", to: FlowValue(kind: .session), arguments: call.arguments, values: values), [])
    }
    if language == .ruby, call.arguments.isEmpty, let owner, types.index.field(call.callee, of: owner) != nil {
      return (evaluate(.name("this." + call.callee)), [])
    }
    if let entity = types.entityType(from: call.callee)
      ?? types.entityType(from: call.callee, names: call.arguments)
    {
      return (entity, [])
    }
    let targets = flow.free(call.callee, from: id.file, owner: function.owner)
    if language == .ruby, targets.isEmpty, call.arguments.isEmpty {
      let guess = flow.guess(call.callee, from: id.file)
      if guess != .unknown { return (guess, []) }
    }
    if targets.isEmpty, let rule = flow.vocabulary.rule(call.callee, on: .function, in: language) {
      return (apply(rule, call.callee, to: .unknown, arguments: call.arguments, values: values), [])
    }
    return (flow.result(of: targets, values: values), targets)
  }

  /// In most languages only types begin with a capital letter; a function of that name wins otherwise.
  private func isConstructor(_ callee: String, _ type: TypeID) -> Bool {
    NameWords.lastPart(callee).first?.isUppercase ?? false
  }

  // MARK: On a receiver

  /// A method on a value: the system's own, a relation, or what the vocabulary says.
  mutating func invoke(
    _ method: String, on value: FlowValue, arguments: [Value], values: [FlowValue], skipsOwn: Bool = false,
    of receiver: Value? = nil
  ) -> (result: FlowValue, targets: [FunctionID]) {
    calledOn = receiver
    if let entity = types.entityType(from: method, names: arguments) { return (entity, []) }
    if let origin = value.origin {
      if Vocabulary.isFilling(method), value.isMany {
        change(value, of: origin.entity, properties: [origin.property], by: "\(origin.property).\(method)")
      } else if isKey(method, of: value, receiver), let place = origin.pending {
        // The key of the other side is kept in the row itself.
        pendings[place].isConsumed = true
        return (.unknown, [])
      }
    }
    var own: [FunctionID] = []
    // Relations of Ruby have the methods of their class.
    let isRelation = language == .ruby && value.kind.receiver == .query
    if let type = value.type, !value.isMany || value.kind.receiver == .repository || isRelation {
      own = flow.methods(method, of: type).filter { !skipsOwn || $0 != id }
      if skipsOwn { own = own.filter { types.index.owner(of: $0) != type } }
      if language == .ruby, isRelation || value.kind.receiver == .entityType {
        own = own.filter { flow.index.symbols.function($0).isStatic }
      }
    }
    if !skipsOwn { own = fitting(own, method, on: value, arguments: arguments) }
    if own.isEmpty, let found = relationMethod(method, of: value) { return (found, []) }
    if own.isEmpty, case .query(let entity) = value.kind {
      own = types.rowMethods(method, of: entity).filter { !skipsOwn || $0 != id }
      if skipsOwn, let owner { own = own.filter { types.index.owner(of: $0) != owner } }
    }
    if let entity = value.kind.entity, let property = property(method, of: entity), value.kind.receiver != .entityType,
      language != .ruby || value.kind.receiver == .entity && arguments.isEmpty,
      own.isEmpty || language == .php || isGetter(own, of: property),
      let found = navigate(
        property, from: entity, of: value, isCall: true, asQuery: property == method && isBuilder(entity))
    {
      return (found, own)
    }
    if !own.isEmpty {
      for target in own { reach(target, on: value.kind.entity) }
      if case .entity = value.kind, !value.isNew, receiver != .name("this") {
        let changed = own.reduce(into: Set<String>()) { $0.formUnion(flow.changes(of: $1)) }
        if !changed.isEmpty { change(value, properties: changed.sorted(), by: method) }
      }
    }
    if let kind = value.kind.receiver, let rule = rule(method, on: value, receiver: receiver),
      own.allSatisfy({ isOpen($0, on: kind) }) || skipsOwn
    {
      let hooks = rule.runsHooks ? value.kind.entity.map(hooks) ?? [] : []
      return (apply(rule, method, to: value, arguments: arguments, values: values), own + hooks)
    }
    if language == .ruby, own.isEmpty, let made = madeThrough(method, of: value) { return (made, []) }
    if case .entity(let entity) = value.kind, own.isEmpty, let property = changed(by: method, of: entity) {
      change(value, properties: [property], by: method)
    }
    if own.isEmpty, let scoped = scope(method, of: value) { return scoped }
    guard own.isEmpty else {
      var result = flow.result(of: own, values: values)
      // What is chained to the rows later may still turn them into a write.
      if case .query(let entity) = value.kind, result.kind == .none || result.kind == .query(entity) { result = value }
      if result == .unknown { result = fallback(method, value) }
      if value.kind.receiver == .repository, result.kind.entity != nil { result.isFetched = true }
      return (result, own)
    }
    if value.kind == .none || value.kind == .session,
      let rule = flow.vocabulary.rule(DataRule.ownCall, on: .session, in: language),
      case .session = member(method, of: value, isLast: true).kind
    {
      return (apply(rule, method, to: FlowValue(kind: .session), arguments: arguments, values: values), [])
    }
    if value.kind == .none, value.type == nil {
      if let rule = moduleRule(method, receiver: receiver) {
        return (apply(rule, method, to: .unknown, arguments: arguments, values: values), [])
      }
      if let rule = sessionRule(method, receiver: receiver) {
        return (apply(rule, method, to: FlowValue(kind: .session), arguments: arguments, values: values), [])
      }
      if language == .ruby, arguments.isEmpty, let entity = flow.guessRelation(method, from: id.file) {
        return (startQuery(entity, via: method, type: nil, isGuessed: true), [])
      }
      return (.unknown, flow.unknownReceiver(method, from: id.file))
    }
    return (fallback(method, value), [])
  }

  /// Whether methods that are called like relations give back queries: in Eloquent.
  private func isBuilder(_ entity: Int) -> Bool {
    language == .php && !flow.vocabulary.hasUnitOfWork(model.entities[entity].mapping)
  }

  /// `Order::paid()` where the class has `scopePaid`: a query of PHP under construction.
  private mutating func scope(_ method: String, of value: FlowValue) -> (result: FlowValue, targets: [FunctionID])? {
    guard language == .php, let entity = value.kind.entity, let type = value.type, let first = method.first else {
      return nil
    }
    let found = flow.methods("scope" + first.uppercased() + method.dropFirst(), of: type)
    guard !found.isEmpty else { return nil }
    if value.pending != nil { return (value, found) }
    return (startQuery(entity, via: "\(flow.name(of: entity)).\(method)", type: type), found)
  }

  /// Whether a method says nothing of what it does to rows: it has no body, or works on rows of any entity.
  private func isOpen(_ id: FunctionID, on receiver: DataReceiver) -> Bool {
    if flow.index.symbols.function(id).isAbstract { return true }
    guard receiver == .repository, language == .csharp, let owner = flow.index.owner(of: id) else { return false }
    return !flow.index.type(owner).typeParameters.isEmpty
  }

  /// `session.add(order)` where nobody says what `session` is: its name does.
  private func sessionRule(_ method: String, receiver: Value?) -> DataRule? {
    guard case .name(let name)? = receiver,
      flow.vocabulary.isSession(name.hasPrefix("this.") ? String(name.dropFirst(5)) : name, in: language)
    else { return nil }
    return flow.vocabulary.rule(method, on: .session, in: language)
  }

  /// Methods of collections and of what may hold a value.
  private func fallback(_ method: String, _ value: FlowValue) -> FlowValue {
    switch Vocabulary.passing(method) {
    case .element?: element(of: value)
    case .same?: value
    case nil: .unknown
    }
  }

  /// Whether a method only asks what a relation leads to for its key: `order.getCustomer().getId()`.
  private func isKey(_ method: String, of value: FlowValue, _ receiver: Value?) -> Bool {
    guard !value.isMany, case .entity(let entity) = value.kind, method.hasPrefix("get") else { return false }
    switch receiver {
    case .call?: break
    case .name(let name)? where name.contains("."): break
    default: return false
    }
    let rest = method.dropFirst(3)
    return model.entities[entity].mapping.keys.contains(rest.prefix(1).lowercased() + rest.dropFirst())
  }

  /// Whether a method only gives back the property.
  private func isGetter(_ own: [FunctionID], of property: String) -> Bool {
    guard own.count == 1 else { return false }
    let events = flow.index.symbols.function(own[0]).events
    guard events.count == 1, case .result(.name(let name)) = events[0].event else { return false }
    return name == property || name == "this." + property
  }

  /// The relation a method reads: `getCustomer` for `customer`, or the relation itself.
  private func property(_ method: String, of entity: Int) -> String? {
    if leads(method, from: entity) { return method }
    guard method.hasPrefix("get"), method.utf8.count > 3 else { return nil }
    let rest = method.dropFirst(3)
    let name = rest.prefix(1).lowercased() + rest.dropFirst()
    return leads(name, from: entity) ? name : nil
  }

  /// Whether a property leads to other rows.
  private func leads(_ property: String, from entity: Int) -> Bool {
    if model.target(of: property, in: entity) != nil { return true }
    if case .collection? = model.entities[entity].properties[property]?.storage { return true }
    return false
  }

  /// The property a setter changes: `setStatus` for `status`.
  private func changed(by method: String, of entity: Int) -> String? {
    guard method.hasPrefix("set"), method.utf8.count > 3 else { return nil }
    let rest = method.dropFirst(3)
    let name = rest.prefix(1).lowercased() + rest.dropFirst()
    return model.entities[entity].properties[name] == nil ? nil : name
  }

  /// The methods that run with every write of an entity.
  private func hooks(of entity: Int) -> [FunctionID] {
    let type = model.entities[entity].type
    let bases = types.index.ancestors(of: type).compactMap { model.byType[$0] }
    return ([entity] + bases).flatMap { model.entities[$0].mapping.hooks }.flatMap { flow.methods($0, of: type) }
  }

  /// Statements of a declared method that belong to its callers as well.
  private mutating func reach(_ target: FunctionID, on entity: Int?) {
    for statement in flow.reaching[target] ?? [] where statement.receiver == nil || statement.receiver == entity {
      accesses.append(
        FlowAccess(
          function: id, line: line, accesses: statement.accesses, joins: statement.joins,
          confidence: statement.confidence, via: "orm:\(flow.index.symbols.function(target).name)", inLoop: inLoop))
    }
  }
}
