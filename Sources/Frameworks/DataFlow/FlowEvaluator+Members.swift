import Basics
import Facts

/// Members of values: relations, managers, fields.
extension FlowEvaluator {
  /// What a member leads to; a relation of an object reads what it leads to.
  mutating func member(_ name: String, of value: FlowValue, isLast: Bool) -> FlowValue {
    switch value.kind {
    case .entity(let entity), .entities(let entity):
      if let found = navigate(name, from: entity, of: value) { return found }
    case .query(let entity) where language == .python && name == "model":
      return FlowValue(kind: .entityType(entity), type: value.type)
    case .query(let entity) where language != .ruby:
      if let found = navigate(name, from: entity, of: value) { return found }
    case .entityType(let entity):
      if flow.vocabulary.isQueryMember(name, in: language) || types.isRowMember(name, of: entity) {
        return startQuery(entity, via: "\(flow.name(of: entity)).\(name)", type: value.type)
      }
      if language == .python {
        // `Order.customer` leads to the other class, `Order.id` is still about this one.
        if let target = model.target(of: name, in: entity) {
          return FlowValue(kind: .entityType(target.entity), type: model.entities[target.entity].type)
        }
        if model.entities[entity].properties[name] != nil { return value }
      }
    case .table where language == .python: return value
    case .session:
      if let type = value.type, let field = types.field(name, of: type), field.kind != .none { return started(field) }
      if let entity = model.entity(loosely: name) { return startQuery(entity, via: name, type: nil) }
      if flow.vocabulary.isQueryMember(name, in: language) { return value }
    case .repository(let entity):
      if flow.vocabulary.isQueryMember(name, in: language) {
        // A property of C# is the query itself.
        return language == .csharp ? startQuery(entity, via: flow.name(of: entity), type: nil) : value
      }
    case .query, .table, .none: break
    }
    if let type = value.type, !value.isMany, let field = types.field(name, of: type) { return started(field) }
    // Ruby writes calls without arguments like members.
    guard language == .ruby || language == .kotlin, value.kind != .none || value.type != nil else { return .unknown }
    return invoke(name, on: value, arguments: [], values: []).result
  }

  /// A field that holds a query begins one anew each time.
  private mutating func started(_ field: FlowValue) -> FlowValue {
    guard case .query(let entity) = field.kind, field.pending == nil else { return field }
    return startQuery(entity, via: flow.name(of: entity), type: field.type)
  }

  /// A query that will read rows of an entity.
  mutating func startQuery(_ entity: Int, via: String, type: TypeID?, isGuessed: Bool = false) -> FlowValue {
    pendings.append(
      Pending(line: line, entity: entity, via: via, inLoop: inLoop, isGuessed: isGuessed))
    return FlowValue(
      kind: .query(entity), type: type ?? model.entities[entity].type, isMany: true, pending: pendings.count - 1,
      isGuessed: isGuessed)
  }

  /// Follows a relation of an object; nil when there is none of that name.
  /// `asQuery` is set where it is a query under construction, as the methods of Eloquent give back.
  mutating func navigate(
    _ name: String, from entity: Int, of value: FlowValue, isCall: Bool = false, asQuery: Bool = false
  ) -> FlowValue? {
    guard let target = model.target(of: name, in: entity) else { return collection(name, from: entity, of: value) }
    if isScript, !isCall, case .entity = value.kind, !flow.vocabulary.loadsRelations(model.entities[entity].mapping) {
      let kind: DataKind = target.isMany ? .entities(target.entity) : .entity(target.entity)
      return FlowValue(
        kind: kind, type: model.entities[target.entity].type, isMany: target.isMany, isGuessed: value.isGuessed)
    }
    let isQuery: Bool
    if case .query = value.kind { isQuery = true } else { isQuery = false }
    var found = startQuery(
      target.entity, via: "\(flow.name(of: entity)).\(name)", type: model.entities[target.entity].type,
      isGuessed: value.isGuessed)
    if let place = found.pending { pendings[place].isNavigation = true }
    if let between = target.between, let place = found.pending {
      pendings[place].joined.append(StatementAccess(table: between, operation: .read))
      pendings[place].between = between
    }
    // Embedded objects are in the same row; what an object just made leads to was put there; and where relations are not
    // fetched when they are asked for, only a call on them may still add or remove rows.
    let isEmbedded: Bool
    if case .embedded? = model.entities[entity].properties[name]?.storage {
      isEmbedded = true
    } else {
      isEmbedded = false
    }
    let isLoaded = !isCall && !flow.vocabulary.loadsRelations(model.entities[entity].mapping)
    if isEmbedded || value.isNew || isGetter || isLoaded, let place = found.pending {
      pendings[place].isConsumed = true
    }
    found.isMany = target.isMany || isQuery
    found.isFetched = value.isFetched
    found.origin = FlowValue.Origin(entity: entity, property: name, pending: found.pending)
    if !found.isMany, !asQuery {
      found.kind = .entity(target.entity)
      // What is done to the object later does not undo that it was fetched.
      found.pending = nil
    }
    return found
  }

  /// Whether the function only gives back a field: who calls it reads what is behind.
  private var isGetter: Bool {
    guard language == .java || language == .kotlin, function.events.count == 1,
      case .result(.name(let name)) = function.events[0].event
    else { return false }
    return name.hasPrefix("this.")
  }

  /// Reads values that are kept in a table of their own.
  private mutating func collection(_ name: String, from entity: Int, of value: FlowValue) -> FlowValue? {
    guard case .collection(let table, _, _)? = model.entities[entity].properties[name]?.storage, !value.isNew,
      !isGetter, !model.tables(of: entity).isEmpty
    else { return nil }
    pendings.append(
      Pending(
        line: line, entity: nil, table: table, via: "\(flow.name(of: entity)).\(name)", inLoop: inLoop,
        isGuessed: value.isGuessed))
    return FlowValue(
      kind: .none, isMany: true, pending: pendings.count - 1, isFetched: value.isFetched,
      origin: FlowValue.Origin(entity: entity, property: name))
  }

  // MARK: Names of relations in arguments

  /// Follows the paths that arguments name: `"customer__name"`, `:customer`, `{lines: :product}`, `o => o.Customer`.
  mutating func followRelations(_ arguments: [Value], from entity: Int, into pending: Int?, depth: Int = 0) {
    guard let pending, depth < 6 else { return }
    for argument in arguments {
      switch argument {
      case .text(let text):
        follow(path: text, from: entity, into: pending)
        if language == .go || language == .ruby { addJoins(in: text, from: entity, into: pending) }
      case .member(let key, let inner) where flow.vocabulary.isOption(key, in: language) && depth <= 1:
        followRelations([inner], from: entity, into: pending, depth: depth + 1)
      case .member(let key, let inner):
        let reached = follow(path: key, from: entity, into: pending)
        if language == .python, !Self.mayHoldPaths(inner) { continue }
        followRelations([inner], from: reached ?? entity, into: pending, depth: depth + 1)
      case .list(let items): followRelations(items, from: entity, into: pending, depth: depth + 1)
      case .name(let name) where language == .python: followClass(name, from: entity, into: pending)
      case .field where language == .python: continue
      case .name(let name):
        if follow(path: name, from: entity, into: pending) == nil { joinType(name, from: entity, into: pending) }
      case .field(let base, let name):
        followRelations([base], from: entity, into: pending, depth: depth + 1)
        follow(path: name, from: entity, into: pending)
      case .closure(_, let result): followRelations([result], from: entity, into: pending, depth: depth + 1)
      case .call(let callee, let receiver, let inner):
        if language == .python {
          // `F("customer__name")`, `models.Count("lines")` name paths; other calls make values, but those of classes
          // count: `and_(Line.order_id == Order.id)`.
          let mayHoldPaths = callee.first?.isUppercase == true || callee.hasSuffix("load")
          let parts = ((receiver.map { [$0] } ?? []) + inner).filter { part in
            if case .text = part { mayHoldPaths } else if case .member = part { mayHoldPaths } else { true }
          }
          followRelations(parts, from: entity, into: pending, depth: depth + 1)
          continue
        }
        followRelations((receiver.map { [$0] } ?? []) + inner, from: entity, into: pending, depth: depth + 1)
      case .join(let items):
        if language == .ruby, let text = flow.text(of: argument, in: id) {
          addJoins(in: text, from: entity, into: pending)
        }
        followRelations(items, from: entity, into: pending, depth: depth + 1)
      case .operation(_, let items) where language == .python:
        // Texts are what columns are compared with.
        let columns = items.filter { if case .text = $0 { false } else { true } }
        followRelations(columns, from: entity, into: pending, depth: depth + 1)
      case .operation(_, let items), .either(let items):
        followRelations(items, from: entity, into: pending, depth: depth + 1)
      case .type(let name) where language == .php:
        // `join(Line::class, 'l', …)`: another class on a condition of its own.
        if case .entityType(let other) = type(name).kind, other != entity {
          join(entity, EntityModel.Target(entity: other, isMany: true, between: nil), into: pending)
        }
      case .literal, .type, .element, .opaque: continue
      }
    }
  }

  /// `Line.order_id` in the arguments of a query on orders: rows of another class are read with its own.
  private mutating func followClass(_ name: String, from entity: Int, into pending: Int) {
    let parts = name.split(separator: ".").map(String.init)
    guard let place = parts.firstIndex(where: { $0.first?.isUppercase == true }),
      case .entityType(let named) = type(parts[...place].joined(separator: ".")).kind
    else { return }
    if named != entity {
      join(entity, EntityModel.Target(entity: named, isMany: true, between: nil), into: pending)
    }
    guard parts.count > place + 1 else { return }
    let member = parts[place + 1]
    if let target = model.target(of: member, in: named) {
      join(named, target, into: pending)
    } else if named == entity, model.entities[entity].properties[member] != nil {
      pendings[pending].columns.formUnion(columns(named: [member], of: entity))
    }
  }

  /// Whether the value of a keyword argument may name paths: an expression over columns, and no value to compare with.
  private static func mayHoldPaths(_ value: Value) -> Bool {
    switch value {
    case .call, .operation: true
    case .either(let parts), .list(let parts): parts.contains(where: mayHoldPaths)
    case .text, .literal, .name, .type, .field, .join, .member, .element, .closure, .opaque: false
    }
  }

  /// Follows one path from an entity; returns the entity it ends at when its last part is a relation.
  @discardableResult
  mutating func follow(path: String, from entity: Int, into pending: Int) -> Int? {
    var current = entity
    var isRelation = false
    var first = true
    for part in Self.parts(of: path) {
      guard let target = model.target(of: part, in: current) else {
        if model.entities[current].properties[part] != nil {
          pendings[pending].columns.formUnion(columns(named: [part], of: current))
          return nil
        }
        // The alias or parameter in front of a path.
        if first {
          first = false
          continue
        }
        // The alias of something joined before.
        if !isRelation, let near = pendings[pending].reached.first(where: { model.target(of: part, in: $0) != nil }),
          let target = model.target(of: part, in: near)
        {
          isRelation = true
          join(near, target, into: pending)
          current = target.entity
          continue
        }
        return nil
      }
      first = false
      isRelation = true
      join(current, target, into: pending)
      current = target.entity
    }
    return isRelation ? current : nil
  }

  /// `"LEFT JOIN payments ON …"`: a part of a statement that names its tables.
  private mutating func addJoins(in text: String, from entity: Int, into pending: Int) {
    guard text.utf8.contains(UInt8(ascii: " ")) else { return }
    let words = text.split { $0 == " " || $0 == "\n" || $0 == "\t" }
    for (place, word) in words.enumerated().dropLast() where word.lowercased() == "join" {
      let name = words[place + 1].filter { $0 != "`" && $0 != "\"" }
      guard let first = name.utf8.first, first | 0x20 >= UInt8(ascii: "a"), first | 0x20 <= UInt8(ascii: "z") else {
        continue
      }
      let table = TableName(String(name))
      pendings[pending].joined.append(StatementAccess(table: table, operation: .read))
      if let near = model.tables(of: entity).first, near != table {
        pendings[pending].joins.append(StatementJoin(left: near, right: table, needsBothSides: true))
      }
    }
  }

  /// `include: [{ model: Item }]`, `leftJoin(Item, …)`: an entity by its class.
  mutating func joinType(_ name: String, from entity: Int, into pending: Int) {
    guard NameWords.lastPart(name).first?.isUppercase == true,
      case .entityType(let other) = evaluate(.name(name)).kind, other != entity
    else { return }
    let target = model.target(from: entity, to: other)
    join(entity, target ?? EntityModel.Target(entity: other, isMany: true, between: nil), into: pending)
  }

  /// `leftJoin('o.items', 'i')`: a path from an alias, and the alias for what it leads to. False for anything else.
  mutating func joinAlias(_ arguments: [Value], from entity: Int, into pending: Int) -> Bool {
    guard arguments.count >= 2, let path = arguments[0].literalText, let alias = arguments[1].literalText,
      let dot = path.utf8.firstIndex(of: UInt8(ascii: "."))
    else { return false }
    let start = pendings[pending].aliases[String(path[..<dot])] ?? entity
    guard let reached = follow(path: String(path[path.utf8.index(after: dot)...]), from: start, into: pending) else {
      return false
    }
    pendings[pending].aliases[alias] = reached
    return true
  }

  private mutating func join(_ entity: Int, _ target: EntityModel.Target, into pending: Int) {
    pendings[pending].reached.append(target.entity)
    let near = model.tables(of: entity).first
    let far = model.tables(of: target.entity).first
    if let between = target.between {
      pendings[pending].joined.append(StatementAccess(table: between, operation: .read))
    }
    for table in model.tables(of: target.entity) {
      pendings[pending].joined.append(StatementAccess(table: table, operation: .read))
    }
    if let near, let far, near != far {
      pendings[pending].joins.append(StatementJoin(left: near, right: far, needsBothSides: true))
    }
  }

  /// `customer__name`, `o.customer.name`, `lines.product`.
  private static func parts(of path: String) -> [String] {
    guard path.utf8.count <= 200, !path.utf8.contains(UInt8(ascii: " ")) else { return [] }
    // Python sorts downwards by `-name`.
    let path = path.hasPrefix("-") ? String(path.dropFirst()) : path
    return path.replacing("__", with: ".").split(separator: ".").map(String.init)
  }

  /// The columns of properties; `*` when none of the names is a property with columns.
  func columns(named names: [String], of entity: Int) -> [String] {
    var found: Set<String> = []
    for name in names {
      switch model.entities[entity].properties[name]?.storage {
      case .column(let column): found.insert(column.name)
      case .reference(_, let columns, _): found.formUnion(columns.map(\.name))
      case .inverse, .joinTable, .collection, .embedded, nil: continue
      }
    }
    return found.isEmpty ? ["*"] : found.sorted()
  }
}
