import Basics
import Facts

/// Follows entities, queries and repositories through the events of one function.
///
/// A query under construction is kept pending: it reads when the function ends, unless a later call of the chain turns
/// it into a write (`filter(…).update(…)`).
struct FlowEvaluator {
  /// Rows a query will read.
  struct Pending {
    var line: Int
    var entity: Int?
    var table: TableName?
    /// Entities and tables reached on the way, with what they are joined to.
    var joined: [StatementAccess] = []
    /// The table between the rows and the object they were reached from.
    var between: TableName?
    var joins: [StatementJoin] = []
    var columns: Set<String> = []
    /// Entities joined so far.
    var reached: [Int] = []
    var via: String
    var inLoop: Bool
    var isGuessed: Bool
    /// Whether a relation of an object leads there: its rows may have been fetched before.
    var isNavigation = false
    var isConsumed = false
    /// Whether objects with all that belongs to them are fetched, and not only a number or some columns.
    var isWhole = false
    /// What the aliases of a query under construction stand for.
    var aliases: [String: Int] = [:]
  }

  let flow: DataFlow
  let id: FunctionID
  let function: FunctionFact
  let language: SourceLanguage
  let owner: TypeID?
  var types: FlowTypes { flow.types }
  var model: EntityModel { flow.types.model }
  var locals: [String: FlowValue] = [:]
  /// What variables hold that may be the name of a table.
  var texts = LocalTexts()
  var pendings: [Pending] = []
  var accesses: [FlowAccess] = []
  var targets: [Int: [FunctionID]] = [:]
  /// What the function is called on, where that is known better than by the class it is in.
  var object: FlowValue?
  var results: [FlowValue] = []
  /// Names of queries that stand for tables inside of another query: `with("totals", …)`.
  var subqueries: Set<String> = []
  /// What was put into fields of the object itself.
  private(set) var assigned: [String: FlowValue] = [:]
  /// The last calls and what they gave back: an outer call finds its inner ones here.
  private(set) var recent: [(value: Value, result: FlowValue)] = []
  private var scopes: [Bool] = []
  private var loops = 0
  /// Whether nothing but parameters came since the last scope began.
  private var beginsScope = false
  var line = 0
  /// What the call that is looked at is made on.
  var calledOn: Value?
  private static let recentCalls = 24
  private static let maximumDepth = 60

  var inLoop: Bool { loops > 0 }

  init(_ id: FunctionID, flow: DataFlow) {
    self.flow = flow
    self.id = id
    function = flow.index.symbols.function(id)
    language = flow.index.files[id.file].language
    owner = flow.index.owner(of: id)
    for (place, name) in function.parameters.enumerated() where !name.isEmpty {
      let type = place < function.parameterTypes.count ? function.parameterTypes[place] : ""
      let known = types.value(ofType: type, from: id.file)
      locals[name] = known == .unknown && type.isEmpty ? flow.guess(name, from: id.file) : known
    }
  }

  /// Follows the whole function.
  mutating func run() {
    for (place, event) in function.events.enumerated() { apply(event, at: place) }
    for place in pendings.indices where !pendings[place].isConsumed { emit(pendings[place]) }
  }

  private mutating func apply(_ placed: PlacedEvent, at place: Int) {
    line = placed.line
    if case .declare = placed.event {} else { beginsScope = false }
    switch placed.event {
    case .declare(let name, _, .element) where beginsScope && givesQuery(to: name): break
    case .declare(let name, let type, let value):
      let declared = types.value(ofType: type, from: id.file)
      let before = pendings.count
      var found = evaluate(value)
      // The parameter of a closure names once more what its call was made on.
      if beginsScope, case .element = value {
        for fresh in before..<pendings.count { pendings[fresh].isConsumed = true }
      }
      if found.kind == .none { found = merged(declared, found) }
      // The parameter of a block that is called with something unknown.
      if language == .ruby, found == .unknown, case .element(_, .opaque) = value {
        found = flow.guess(name, from: id.file)
      }
      locals[name] = found
      texts.set(name, value)
    case .assign(let name, let value):
      assign(name, value)
      texts.set(name, value)
    case .append(let name, let value):
      texts.append(name, value)
      let found = evaluate(value)
      noteChange(of: name, value: found)
    case .call(let call):
      let (result, targets) = self.call(call)
      if !targets.isEmpty { self.targets[place] = targets }
      recent.append((.call(callee: call.callee, receiver: call.receiver, arguments: call.arguments), result))
      if recent.count > 2 * Self.recentCalls { recent.removeFirst(Self.recentCalls) }
    case .result(let value):
      let before = pendings.count
      let found = evaluate(value)
      if case .name(let name) = value, name.hasPrefix("this."), language == .php {
        // An accessor hands on what its callers read.
        for place in before..<pendings.count { pendings[place].isConsumed = true }
      }
      if found != .unknown { results.append(found) }
    case .mention(let value): _ = evaluate(value)
    case .enterBranch: scopes.append(false)
    case .nextBranch: break
    case .enterLoop:
      loops += 1
      scopes.append(true)
    case .enterScope(let callee):
      let isLoop = Iteration.isIteration(callee)
      if isLoop { loops += 1 }
      scopes.append(isLoop)
      beginsScope = true
    case .leave: if scopes.popLast() == true { loops -= 1 }
    }
  }

  private func merged(_ declared: FlowValue, _ found: FlowValue) -> FlowValue {
    guard declared != .unknown else { return found }
    var value = declared
    value.pending = found.pending
    value.isNew = found.isNew
    value.isFetched = found.isFetched
    return value
  }

  private mutating func assign(_ name: String, _ value: Value) {
    let found = evaluate(value)
    guard name.utf8.contains(UInt8(ascii: ".")) else {
      if locals[name] == nil, let owner, types.index.field(name, of: owner) != nil { return noteOwnChange(name) }
      locals[name] = found == .unknown ? locals[name].flatMap { $0.kind == .none ? $0 : nil } : found
      return
    }
    noteChange(of: name, value: found)
    if name.hasPrefix("this."), found != .unknown {
      locals[name] = found
      if assigned[name] == nil { assigned[name] = found }
    }
  }

  /// `order.status = x` changes a fetched row where the framework tracks changes.
  private mutating func noteChange(of name: String, value: FlowValue) {
    guard let dot = name.utf8.lastIndex(of: UInt8(ascii: ".")) else { return }
    let base = String(name[..<dot])
    let property = String(name[name.utf8.index(after: dot)...])
    if language == .ruby { replaceRelated(of: base, property: property) }
    if base == "this" { return noteOwnChange(property) }
    change(evaluate(.name(base)), properties: [property], by: property)
  }

  /// A method of an entity that changes its fields changes the row of whoever called it.
  private mutating func noteOwnChange(_ property: String) {
    // Fields that are not stored change nothing: events that wait, caches.
    guard let owner, let entity = model.byType[owner], model.entities[entity].properties[property] != nil else {
      return
    }
    flow.noteMutator(id, of: property)
  }

  /// Records the change of properties of a fetched object.
  mutating func change(_ object: FlowValue, properties: [String], by name: String) {
    guard case .entity(let entity) = object.kind, !object.isNew else { return }
    change(object, of: entity, properties: properties, by: name)
  }

  /// Records the change of properties of an entity that `object` is, or was reached from.
  mutating func change(_ object: FlowValue, of entity: Int, properties: [String], by name: String) {
    guard flow.vocabulary.tracksChanges(model.entities[entity].mapping, of: object, in: id) else { return }
    var own: [String] = []
    var others: Set<TableName> = []
    for property in properties {
      switch model.entities[entity].properties[property]?.storage {
      case .collection(let table, _, _), .joinTable(let table, _, _, _): others.insert(table)
      case .inverse:
        guard model.entities[entity].properties[property]?.cascades.contains(.write) ?? false,
          let target = model.target(of: property, in: entity)
        else { continue }
        others.formUnion(model.tables(of: target.entity))
      case .column, .reference, .embedded, nil: own.append(property)
      }
    }
    let via = "tracked:\(flow.name(of: entity)).\(name)"
    if !own.isEmpty {
      write(
        entity, columns: columns(named: own, of: entity), via: via, confidence: .inferred,
        isGuessed: object.isGuessed, spreads: false)
    }
    guard !others.isEmpty, flow.vocabulary.spreadsWrites(model.entities[entity].mapping) else { return }
    accesses.append(
      FlowAccess(
        function: id, line: line,
        accesses: others.sorted().map { StatementAccess(table: $0, operation: .write, columns: ["*"]) }, joins: [],
        confidence: object.isGuessed ? .guessed : .inferred, via: via, inLoop: inLoop))
  }

  // MARK: Values

  /// What a value stands for; calls inside were events before and are looked up.
  mutating func evaluate(_ value: Value, depth: Int = 0) -> FlowValue {
    guard depth < Self.maximumDepth else { return .unknown }
    switch value {
    case .name(let name): return self.name(name)
    case .type(let name): return type(name)
    case .field(let base, let member): return self.member(member, of: evaluate(base, depth: depth + 1), isLast: true)
    case .call: return recent.last { $0.value == value }?.result ?? .unknown
    case .element(let base, .text(let table))
    where language == .ruby && evaluate(base, depth: depth + 1).kind == .session:
      // `DB[:orders]`
      pendings.append(
        Pending(line: line, table: TableName(table), via: table, inLoop: inLoop, isGuessed: false))
      return FlowValue(kind: .table(TableName(table)), pending: pendings.count - 1)
    case .element(let base, let key):
      var found = evaluate(base, depth: depth + 1)
      // `{ Order } = models`: a class by its name.
      if found == .unknown, case .text(let name) = key, name.first?.isUppercase == true { return type(name) }
      // Elements are fetched: what is done with them later is another statement.
      found.pending = nil
      return element(of: found)
    case .either(let options):
      var best = FlowValue.unknown
      for option in options {
        let found = evaluate(option, depth: depth + 1)
        if best.kind == .none { best = found }
      }
      return best
    case .member(_, let inner): return evaluate(inner, depth: depth + 1)
    case .list(let items), .join(let items), .operation(_, let items):
      var found = FlowValue.unknown
      for item in items {
        let next = evaluate(item, depth: depth + 1)
        if found.kind == .none { found = next }
      }
      guard case .list = value, case .entity(let entity) = found.kind else { return .unknown }
      return FlowValue(kind: .entities(entity), type: found.type, isMany: true, isNew: found.isNew)
    case .text, .literal, .closure, .opaque: return .unknown
    }
  }

  /// What an element of a collection or query stands for.
  func element(of value: FlowValue) -> FlowValue {
    var found = value
    found.isMany = false
    found.pending = nil
    switch value.kind {
    case .entities(let entity), .query(let entity): found.kind = .entity(entity)
    // `Order.find_each { |order| … }`
    case .entityType(let entity) where language == .ruby: found.kind = .entity(entity)
    case .entityType, .entity, .repository, .session, .table, .none: break
    }
    return found
  }

  /// A class by name: what its objects are, as a class.
  func type(_ name: String) -> FlowValue {
    guard let type = types.index.resolve(name, from: id.file) else { return .unknown }
    let object = types.value(ofObject: type)
    if case .entity(let entity) = object.kind { return FlowValue(kind: .entityType(entity), type: type) }
    return FlowValue(kind: object.kind, type: type)
  }

  private mutating func name(_ name: String) -> FlowValue {
    if let known = locals[name], known != .unknown || !isOpenName(name) { return known }
    var parts = name.split(separator: ".").map(String.init)
    guard let first = parts.first else { return .unknown }
    // Ruby writes calls without arguments like members: they were events before.
    if language == .ruby, parts.count > 1, let last = parts.last {
      let call = Value.call(
        callee: last, receiver: .name(parts.dropLast().joined(separator: ".")), arguments: [])
      if let known = recent.last(where: { $0.value == call }) { return known.result }
    }
    if language == .ruby, name == "this.class", case .entity(let entity) = this().kind {
      return FlowValue(kind: .entityType(entity), type: this().type)
    }
    if language == .ruby, name.hasPrefix("this."), let owner, parts.count == 2 {
      return flow.field(name, of: owner, from: id)
    }
    var value: FlowValue
    if let known = locals[first], known != .unknown || !isOpenName(first) {
      value = known
    } else if first == "this" || first == "super" {
      value = this()
    } else if let relation = ownRelation(first) {
      value = relation
    } else if let owner, let field = types.field(first, of: owner) {
      value = field
    } else if flow.vocabulary.isQueryMember(first, in: language), case .repository = this().kind {
      // A member that the framework's base class brings along.
      value = this()
    } else {
      // `models.Order`, `Shop::Order`, `com.shop.Order`: the longest prefix that is a type.
      var found = FlowValue.unknown
      var taken = 0
      for length in stride(from: min(parts.count, 6), through: 1, by: -1) {
        let candidate = parts[..<length].joined(separator: ".")
        guard length == 1 || parts[length - 1].first?.isUppercase == true else { continue }
        found = type(candidate)
        if found != .unknown {
          taken = length
          break
        }
      }
      guard taken > 0 else { return parts.count == 1 ? flow.constant(first, from: id.file) : walkUnknown(parts) }
      parts.removeFirst(taken - 1)
      value = found
    }
    for (place, part) in parts.dropFirst().enumerated() {
      value = step(part, from: value, isLast: place == parts.count - 2)
    }
    return value
  }

  /// A relation of the object itself by its name alone, where no fetching hides behind it.
  private mutating func ownRelation(_ name: String) -> FlowValue? {
    guard let owner, let entity = model.byType[owner], !function.isStatic, model.target(of: name, in: entity) != nil,
      !flow.vocabulary.loadsRelations(model.entities[entity].mapping)
    else { return nil }
    return navigate(name, from: entity, of: this())
  }

  /// A member of something; of something unknown only one that says itself what it is.
  private mutating func step(_ part: String, from value: FlowValue, isLast: Bool) -> FlowValue {
    guard value == .unknown, isOpenName(part) else { return member(part, of: value, isLast: isLast) }
    return flow.vocabulary.isSession(part, in: language) ? FlowValue(kind: .session) : type(part)
  }

  /// Whether the language is JavaScript or TypeScript.
  var isScript: Bool { language == .javascript || language == .typescript }

  /// Whether a variable nothing is known of says by its own name what it is: `Order`, got from a function that makes
  /// classes, or `prisma`.
  private func isOpenName(_ name: String) -> Bool {
    switch language {
    case .javascript, .typescript: name.first?.isUppercase == true || flow.vocabulary.isSession(name, in: language)
    case .c, .csharp, .document, .go, .java, .kotlin, .php, .python, .ruby: false
    }
  }

  /// `db.session`, `prisma.order`: a member that is known by its own name.
  private mutating func walkUnknown(_ parts: [String]) -> FlowValue {
    var value = flow.constant(parts[0], from: id.file)
    for (place, part) in parts.dropFirst().enumerated() {
      if value == .unknown, language == .go {
        // `models.DB`: a variable of a package.
        value = flow.constant(part, from: id.file)
        if value != .unknown { continue }
      }
      if value == .unknown, flow.vocabulary.isSession(parts[...(place + 1)].joined(separator: "."), in: language) {
        value = FlowValue(kind: .session)
      } else {
        value = step(part, from: value, isLast: place == parts.count - 2)
      }
    }
    return value
  }

  /// The object or class the function belongs to.
  func this() -> FlowValue {
    if let object { return object }
    guard let owner else { return .unknown }
    var object = types.value(ofObject: owner)
    // What a module is mixed into, when that is one entity.
    if language == .ruby, object.kind == .none, let user = types.onlyUser(of: owner) {
      object = types.value(ofObject: user)
      if case .entity(let entity) = object.kind {
        return FlowValue(kind: function.isStatic ? .entityType(entity) : .entity(entity), type: user)
      }
    }
    guard case .entity(let entity) = object.kind else { return object }
    return FlowValue(kind: function.isStatic ? .entityType(entity) : .entity(entity), type: owner)
  }
}
