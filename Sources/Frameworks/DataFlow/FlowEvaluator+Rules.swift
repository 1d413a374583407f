import Basics
import Facts

/// What rules of the vocabulary do, and what they give back.
extension FlowEvaluator {
  /// Applies a rule of the vocabulary.
  mutating func apply(
    _ rule: DataRule, _ method: String, to value: FlowValue, arguments: [Value], values: [FlowValue]
  ) -> FlowValue {
    let positions = arguments.indices.filter { if case .member = arguments[$0] { false } else { true } }
    let (model, receiver) = (model, value)
    func argument(_ place: Int) -> FlowValue {
      if place < 0 { return receiver }
      var given = FlowValue.unknown
      if place < positions.count, values[positions[place]] != .unknown {
        given = values[positions[place]]
      } else if let last = arguments.indices.last(where: { if case .type = arguments[$0] { true } else { false } }) {
        // Type arguments come last.
        given = values[last]
      }
      if case .session = receiver.kind, let entity = given.kind.entity {
        given.kind = given.kind.replacing(model.entity(entity, in: receiver.type))
      }
      return given
    }
    let via = "orm:" + (value.kind.entity.map { flow.name(of: $0) + "." } ?? "") + method
    var value = value
    if method.hasPrefix("with"), value.kind.receiver == .session || value.kind.receiver == .table,
      let name = arguments.first?.literalText
    {
      subqueries.insert(name.lowercased())
    }
    switch rule.effect {
    case .nothing:
      // What its arguments name is fetched, its own rows were before.
      if rule.followsRelations, let entity = value.kind.entity {
        pendings.append(Pending(line: line, via: via, inLoop: inLoop, isGuessed: value.isGuessed))
        followRelations(arguments, from: entity, into: pendings.count - 1)
      }
      // `order.lines.build`: an object made there, not fetched.
      if rule.result == .entity, case .query = value.kind, let place = value.pending {
        pendings[place].isConsumed = true
        value.pending = nil
        value.isNew = true
      }
    case .read:
      read(&value, arguments, via: via, follows: rule.followsRelations)
      if let place = value.pending, rule.result == .entity || rule.result == .entities {
        pendings[place].isWhole = true
      }
      // What is done to the rows later does not undo that they were fetched.
      value.pending = nil
    case .refine: read(&value, arguments, via: via, follows: rule.followsRelations)
    case .write: write(value, arguments, via: via, links: rule.result == .entity)
    case .delete:
      write(value, arguments, via: via, links: true)
      if let entity = value.kind.entity { cascade(from: entity, via: via, isGuessed: value.isGuessed) }
    case .link: link(value, arguments, via: via)
    case .readWrite:
      read(&value, arguments, via: via, follows: rule.followsRelations)
      value.pending = nil
      write(value, arguments, via: via)
    case .writeArgument(let place):
      let given = argument(place)
      if let entity = given.kind.entity {
        write(entity, columns: ["*"], via: via, confidence: .exact, isGuessed: given.isGuessed)
      } else if let table = namedTable(place, arguments) {
        touch(table, .write, arguments, via: via)
      }
    case .readArgument(let place):
      if let entity = argument(place).kind.entity ?? entity(named: place, arguments) {
        let query = startQuery(entity, via: via + ":" + flow.name(of: entity), type: nil)
        if let place = query.pending { pendings[place].isWhole = true }
        if rule.followsRelations {
          let said = chain(of: calledOn) + (isScript ? arguments.dropFirst(place + 1) : [])
          followRelations(said, from: entity, into: query.pending)
        }
      } else if rule.receiver == .session {
        // A query in place of a class: `template.find("from Order where …")`.
        flow.noteQuery(place, arguments, callee: method, function: id, line: line, inLoop: inLoop)
      }
    case .readWriteArgument(let place):
      if let entity = argument(place).kind.entity {
        _ = startQuery(entity, via: via + ":" + flow.name(of: entity), type: nil)
        write(entity, columns: ["*"], via: via, confidence: .exact, isGuessed: false)
      }
    case .writeTypeArgument(let place):
      let given = argument(place)
      if case .table = given.kind {
        write(given, [], via: via)
      } else if let entity = given.kind.entity ?? entity(named: place, arguments),
        rule.receiver != .function || given.kind.receiver == .entityType || language != .python
      {
        // Rows changed as a whole are not fetched: nothing that belongs to them goes with them.
        write(entity, columns: ["*"], via: via, confidence: .exact, isGuessed: false, spreads: false)
      } else if let table = namedTable(place, arguments) {
        touch(table, .write, arguments, via: via)
      }
    case .writeNamed(let place): writeNamed(place, argument(place), arguments, via: via)
    case .writeGraph: writeGraph(value, arguments, via: via)
    case .entityQuery(let place):
      // A query that was built from a class, or a class for whose rows one is built.
      if argument(place).kind.entity != nil { flow.explain(line, of: id) }
      flow.noteQuery(place, arguments, callee: method, function: id, line: line, inLoop: inLoop)
    case .sql: break  // found by folding its text
    case .readTable(let place):
      if let table = table(place, arguments) { touch(table, .read, arguments, via: via) }
    case .writeTable(let place):
      if let table = table(place, arguments) { touch(table, .write, arguments, via: via) }
    case .joinTable(let place):
      read(&value, arguments, via: via, follows: false)
      if let pending = value.pending, let table = table(joined(place, arguments), arguments) {
        join(table, into: pending)
      }
    case .discard: if let place = value.pending { pendings[place].isConsumed = true }
    }
    if rule.runsHooks { echo(method, of: value, arguments, via: via) }
    var found = result(rule.result, of: value, given: argument, arguments: arguments, via: via)
    if case .queryOf = rule.result, rule.followsRelations, let entity = found.kind.entity {
      followRelations(arguments, from: entity, into: found.pending)
    }
    if found.kind.entity != nil, rule.receiver == .repository || rule.receiver == .session { found.isFetched = true }
    return found
  }

  private mutating func result(
    _ result: DataResult, of value: FlowValue, given argument: (Int) -> FlowValue, arguments: [Value], via: String
  ) -> FlowValue {
    var found = value
    if case .repository(let entity) = value.kind { found.type = model.entities[entity].type }
    switch result {
    case .same: return value
    case .value, .declared: return .unknown
    case .session: return FlowValue(kind: .session)
    case .argument(let place):
      guard place < 0 else { return argument(place) }
      // A new object of the receiver's entity.
      guard let entity = value.kind.entity else { return .unknown }
      return FlowValue(kind: .entity(entity), type: model.entities[entity].type, isNew: true)
    case .entity:
      guard let entity = value.kind.entity else { return value }
      found.kind = .entity(entity)
      found.isMany = false
    case .entities:
      guard let entity = value.kind.entity else { return value }
      found.kind = .entities(entity)
      found.isMany = true
    case .query:
      guard let entity = value.kind.entity else { return value }
      if value.pending == nil { return startQuery(entity, via: via, type: value.type, isGuessed: value.isGuessed) }
      found.kind = .query(entity)
      found.isMany = true
    case .entityOf(let place), .entitiesOf(let place), .queryOf(let place), .repositoryOf(let place):
      let given = argument(place)
      if case .queryOf = result, case .table(let table) = given.kind { return startQuery(table, via: via) }
      guard let entity = given.kind.entity ?? entity(named: place, arguments) else {
        // A builder that is told later what it is about.
        if value.kind == .session, arguments.isEmpty { return value }
        guard case .queryOf = result, place < arguments.count else { return .unknown }
        // Settings of a session, not a name: `knex({ client: "pg" })`; `{ o: "orders" }` gives an alias.
        if value.kind == .session, case .list(let items) = arguments[place] {
          guard items.count == 1, case .member(let alias, .text)? = items.first, alias != "client" else { return value }
        }
        if value.kind == .session, isScript, let name = text(of: arguments[place]) {
          if let entity = model.entity(named: name) { return startQuery(entity, via: via, type: nil) }
          return table(place, arguments).map { startQuery($0, via: via) } ?? .unknown
        }
        guard let table = namedTable(place, arguments) else { return .unknown }
        return startQuery(table, via: via)
      }
      switch result {
      case .entityOf: return FlowValue(kind: .entity(entity), type: given.type, isNew: given.isNew)
      case .entitiesOf: return FlowValue(kind: .entities(entity), type: given.type, isMany: true)
      case .queryOf: return startQuery(entity, via: via, type: given.type)
      case .repositoryOf: return FlowValue(kind: .repository(entity))
      case .same, .entity, .entities, .query, .tableOf, .tableNamed, .argument, .session, .value, .declared:
        return .unknown
      }
    case .tableNamed(let place):
      guard place < arguments.count, let text = text(of: arguments[place]), !text.isEmpty else {
        return .unknown
      }
      return FlowValue(kind: .table(TableName(text)))
    case .tableOf(let place):
      return table(place, arguments).map { startQuery($0, via: via) } ?? .unknown
    }
    return found
  }
}
