import Basics
import Facts

/// Reading and writing rows: queries that begin, and what is written with the rows of an entity.
extension FlowEvaluator {
  mutating func read(
    _ value: inout FlowValue, _ arguments: [Value], via: String, follows: Bool
  ) {
    if value.pending == nil, let entity = value.kind.entity {
      let query = startQuery(entity, via: via, type: value.type, isGuessed: value.isGuessed)
      value.pending = query.pending
    }
    if value.pending == nil, case .table(let table) = value.kind { value = startQuery(table, via: via) }
    if follows, let entity = value.kind.entity, let pending = value.pending,
      !(isScript && joinAlias(arguments, from: entity, into: pending))
    {
      followRelations(arguments, from: entity, into: pending)
    }
    // `from(orders).leftJoin(stock, …)`: a table by its class.
    if follows, isScript, let place = value.pending, let first = arguments.first,
      case .entityType(let other) = evaluate(first).kind
    {
      for table in model.tables(of: other) { join(table, into: place) }
    }
    if case .table = value.kind, follows, let place = value.pending, let other = table(0, arguments) {
      join(other, into: place)
    }
  }

  /// `links` is set where rows are added or removed: the table between the two changes with them.
  mutating func write(_ value: FlowValue, _ arguments: [Value], via: String, links: Bool = false) {
    if let place = value.pending {
      if links, let between = pendings[place].between {
        pendings[place].joined.removeAll { $0.table == between }
        touch(between, .write, [], via: via)
      }
      consume(place)
    }
    switch value.kind {
    case .table(let table):
      accesses.append(
        FlowAccess(
          function: id, line: line, accesses: [StatementAccess(table: table, operation: .write, columns: ["*"])],
          joins: [], confidence: .exact, via: via, inLoop: inLoop))
    case .entityType, .entity, .entities, .query, .repository:
      guard let entity = value.kind.entity else { return }
      write(
        entity, columns: columns(named: names(in: arguments), of: entity), via: via, confidence: .exact,
        isGuessed: value.isGuessed)
    case .session, .none: break
    }
  }

  /// The query turns into a write: its own rows are not read, what it was joined with is.
  private mutating func consume(_ place: Int) {
    if !pendings[place].joined.isEmpty {
      var rest = pendings[place]
      rest.entity = nil
      rest.table = nil
      emit(rest)
    }
    pendings[place].isConsumed = true
  }

  /// Names of arguments and entries: the columns a write sets.
  func names(in arguments: [Value]) -> [String] {
    arguments.flatMap { argument -> [String] in
      switch argument {
      case .member(let name, _): [name]
      case .list(let items): names(in: items)
      case .text, .literal, .name, .type, .field, .call, .join, .either, .element, .operation, .closure, .opaque: []
      }
    }
  }

  mutating func write(
    _ entity: Int, columns: [String], via: String, confidence: Confidence, isGuessed: Bool, spreads: Bool = true
  ) {
    let tables = model.tables(of: entity)
    guard !tables.isEmpty else { return }
    accesses.append(
      FlowAccess(
        function: id, line: line,
        accesses: tables.map { StatementAccess(table: $0, operation: .write, columns: columns) }, joins: [],
        confidence: isGuessed ? .guessed : confidence, via: via, inLoop: inLoop))
    guard columns == ["*"], spreads, flow.vocabulary.spreadsWrites(model.entities[entity].mapping) else { return }
    let isDelete = Self.isDelete(via)
    let spread = model.spread(from: entity, isDelete ? .delete : .write)
    guard !spread.isEmpty else { return }
    accesses.append(
      FlowAccess(
        function: id, line: line,
        accesses: spread.map { StatementAccess(table: $0, operation: .write, columns: ["*"]) }, joins: [],
        confidence: isGuessed ? .guessed : .inferred, via: via + ":cascade", inLoop: inLoop))
  }

  /// Whether the method at the end of a rule's mark removes rows.
  private static func isDelete(_ via: String) -> Bool {
    let method = NameWords.lastPart(via).lowercased()
    return method.hasPrefix("delete") || method.hasPrefix("remove") || method.hasPrefix("destroy")
  }

  /// Rows of other tables that are fetched with each object of an entity.
  private func parts(of entity: Int) -> [StatementAccess] {
    model.entities[entity].properties.values.sorted { $0.name < $1.name }.flatMap { property -> [StatementAccess] in
      guard property.cascades.contains(.read), let target = model.target(of: property.name, in: entity) else {
        return []
      }
      return model.tables(of: target.entity).map { StatementAccess(table: $0, operation: .read, columns: ["*"]) }
    }
  }

  /// A pending query becomes a read.
  mutating func emit(_ pending: Pending) {
    var touched: [StatementAccess] = []
    let columns = pending.columns.isEmpty || pending.columns.contains("*") ? ["*"] : pending.columns.sorted()
    if let entity = pending.entity {
      touched = model.tables(of: entity).map { StatementAccess(table: $0, operation: .read, columns: columns) }
    } else if let table = pending.table {
      touched = [StatementAccess(table: table, operation: .read, columns: ["*"])]
    }
    touched += pending.joined
    if pending.isWhole, let entity = pending.entity { touched += parts(of: entity) }
    if !subqueries.isEmpty { touched.removeAll { subqueries.contains($0.table.key) } }
    guard !touched.isEmpty else { return }
    let via = pending.via.hasPrefix("orm:") ? pending.via : "orm:" + pending.via
    accesses.append(
      FlowAccess(
        function: id, line: pending.line, accesses: touched, joins: pending.joins,
        confidence: pending.isGuessed ? .guessed : pending.isNavigation ? .inferred : .exact, via: via,
        inLoop: pending.inLoop))
  }

  /// Rows that go with removed ones.
  mutating func cascade(from entity: Int, via: String, isGuessed: Bool) {
    var seen: Set<Int> = [entity]
    var waiting = [entity]
    while let next = waiting.popLast() {
      for property in model.entities[next].properties.values.sorted(by: { $0.name < $1.name }) {
        for case .clear(let columns) in property.cascades {
          guard let target = model.target(of: property.name, in: next) else { continue }
          write(
            target.entity, columns: columns, via: via + ":nullify", confidence: .inferred, isGuessed: isGuessed)
        }
        guard property.cascades.contains(.delete) else { continue }
        guard let target = model.target(of: property.name, in: next), seen.insert(target.entity).inserted else {
          continue
        }
        write(target.entity, columns: ["*"], via: via + ":cascade", confidence: .inferred, isGuessed: isGuessed)
        waiting.append(target.entity)
      }
    }
  }

  /// What is written beside the row of an object by what its class says: columns of the rows it belongs to, and rows that
  /// come with the arguments.
  mutating func echo(_ method: String, of value: FlowValue, _ arguments: [Value], via: String) {
    guard let entity = value.kind.entity else { return }
    let isRemoved = Self.isDelete(method)
    let counts = isRemoved || value.isNew || value.kind.receiver != .entity
    for property in model.entities[entity].properties.values.sorted(by: { $0.name < $1.name }) {
      let columns = property.echoes.filter { !$0.isCount || counts && !method.hasPrefix("update") }.map(\.column)
      let isNested = !isRemoved && Self.holds(property.name + "_attributes", in: arguments)
      guard !columns.isEmpty || isNested, let target = model.target(of: property.name, in: entity) else { continue }
      if !columns.isEmpty {
        write(
          target.entity, columns: columns.sorted(), via: via + ":\(property.name)" + Access.echoMark,
          confidence: .inferred,
          isGuessed: value.isGuessed)
      }
      if isNested {
        write(
          target.entity, columns: ["*"], via: via + ":\(property.name)_attributes", confidence: .inferred,
          isGuessed: value.isGuessed, spreads: false)
      }
    }
  }

  /// Whether a key stands anywhere in arguments: `order.update(params.permit(lines_attributes: [:note]))`.
  private static func holds(_ key: String, in values: [Value]) -> Bool {
    var waiting = values
    while let next = waiting.popLast() {
      if case .member(key, _) = next { return true }
      waiting += next.parts
    }
    return false
  }

  /// `order.tags.add(tag)`
  mutating func link(_ value: FlowValue, _ arguments: [Value], via: String) {
    guard let place = value.pending, let between = pendings[place].between else {
      return write(value, arguments, via: via)
    }
    pendings[place].isConsumed = true
    accesses.append(
      FlowAccess(
        function: id, line: line, accesses: [StatementAccess(table: between, operation: .write, columns: ["*"])],
        joins: [], confidence: value.isGuessed ? .guessed : .exact, via: via, inLoop: inLoop))
  }
}
