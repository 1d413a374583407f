import Basics
import Facts
import SQL

/// One walk over the tokens of a query over entity names: first what is declared where, then what the paths lead to.
struct EntityQueryWalk {
  /// What one select, update or delete declares.
  private struct Scope {
    var parent: Int?
    var aliases: [String: Int] = [:]
    /// Entities whose properties may be named without an alias.
    var roots: [Int] = []
    var hasSelect = false
  }

  private enum Clause { case select, from, set, rest }

  /// What is done to a table.
  private struct Key: Hashable {
    var table: TableName
    var operation: AccessOperation
  }

  private let tokens: [EntityQueryToken]
  private let model: EntityModel
  private let file: Int?
  private let kind: StatementKind
  private var scopes: [Scope] = [Scope()]
  /// For each token its scope and clause; nil for those that were used up by declarations.
  private var places: [(scope: Int, clause: Clause)?]
  private var columns: [Key: Set<String>] = [:]
  private(set) var accesses: [(table: TableName, operation: AccessOperation)] = []
  private(set) var joins: [StatementJoin] = []
  private(set) var hasUnknownEntity = false

  private static let keywords: Set<String> = [
    "select", "from", "where", "join", "left", "right", "inner", "outer", "cross", "full", "fetch", "on", "with",
    "group", "order", "by", "having", "set", "as", "and", "or", "not", "in", "update", "delete", "insert", "into",
    "values", "union", "intersect", "except", "limit", "offset", "member", "of", "is", "null", "like", "between",
    "index", "distinct", "all", "natural", "lateral",
  ]

  init(tokens: [EntityQueryToken], model: EntityModel, file: Int?, kind: StatementKind) {
    self.tokens = tokens
    self.model = model
    self.file = file
    self.kind = kind
    places = Array(repeating: nil, count: tokens.count)
  }

  mutating func run() {
    declare()
    for index in tokens.indices {
      guard let place = places[index], case .path(let parts) = tokens[index] else { continue }
      follow(parts, at: index, scope: place.scope, clause: place.clause)
    }
  }

  /// The accesses with their columns, in order of appearance.
  var statementAccesses: [StatementAccess] {
    accesses.map { entry in
      let named = columns[Key(table: entry.table, operation: entry.operation)] ?? []
      return StatementAccess(
        table: entry.table, operation: entry.operation,
        columns: named.isEmpty || named.contains("*") ? ["*"] : named.sorted())
    }
  }

  // MARK: Declarations

  private func word(_ index: Int) -> String? {
    guard tokens.indices.contains(index), case .path(let parts) = tokens[index], parts.count == 1 else { return nil }
    return parts[0].lowercased()
  }

  private func isMark(_ index: Int, _ mark: Unicode.Scalar) -> Bool {
    tokens.indices.contains(index) && tokens[index] == .mark(UInt8(ascii: mark))
  }

  private mutating func declare() {
    var scope = 0
    var clause = Clause.rest
    // For each open bracket the scope and clause around it.
    var open: [(scope: Int, clause: Clause, isQuery: Bool)] = []
    var expects = false
    var operation = AccessOperation.read
    var index = 0
    while index < tokens.count {
      defer { index += 1 }
      if isMark(index, "(") {
        let next = word(index + 1)
        let isQuery = next == "select" || next == "from"
        open.append((scope, clause, isQuery))
        if isQuery {
          scopes.append(Scope(parent: scope))
          scope = scopes.count - 1
          expects = false
        }
        continue
      }
      if isMark(index, ")") {
        guard let last = open.popLast() else { continue }
        (scope, clause) = (last.scope, last.clause)
        continue
      }
      let isInside = open.last.map { !$0.isQuery } ?? false
      if isMark(index, ","), clause == .from, !isInside { expects = true }
      if case .hole = tokens[index], expects {
        hasUnknownEntity = true
        expects = false
      }
      guard case .path(let parts) = tokens[index] else { continue }
      let word = parts.count == 1 ? parts[0].lowercased() : ""
      // Entities may be called `Order` or `Group`.
      if expects, !["from", "into", "fetch", "in", "treat", "lateral", "join"].contains(word) {
        declare(parts, at: &index, scope: scope, operation: operation)
        (expects, operation) = (false, .read)
        continue
      }
      switch word {
      case "select":
        clause = .select
        scopes[scope].hasSelect = true
      case "update" where index == 0, "delete" where index == 0:
        (clause, expects, operation) = (.from, true, .write)
      case "into" where kind == .insert: (clause, expects, operation) = (.from, true, .write)
      // `trim(both from x)` and `extract(year from x)` declare nothing.
      case "from" where !isInside: (clause, expects) = (.from, true)
      case "join": (clause, expects) = (.from, true)
      case "set" where kind == .update && scope == 0: (clause, expects) = (.set, false)
      case "where", "on", "with", "group", "order", "having", "values":
        (clause, expects) = (.rest, false)
      case "fetch", "left", "right", "inner", "outer", "cross", "full", "as", "lateral": break
      case "new": index += 1
      default:
        guard expects else {
          places[index] = (scope, clause)
          continue
        }
        // `in (o.lines) l` and `treat(o.payment as CardPayment) p`
        expects = false
        guard isMark(index + 1, "("), tokens.indices.contains(index + 2), case .path(let inner) = tokens[index + 2]
        else { continue }
        index += 2
        declare(inner, at: &index, scope: scope, operation: operation)
        operation = .read
      }
    }
  }

  /// Binds the alias behind the name of an entity, or behind a path, to what it stands for.
  private mutating func declare(
    _ parts: [String], at index: inout Int, scope: Int, operation: AccessOperation
  ) {
    var entity: Int?
    if parts.count > 1, let base = alias(parts[0], in: scope) {
      entity = walk(Array(parts.dropFirst()), from: base, isSelected: true)
    } else if let base = alias(parts[0], in: scope), parts.count == 1 {
      entity = base
    } else {
      entity = self.entity(parts)
      if let entity { touch(entity, operation) } else { hasUnknownEntity = hasUnknownEntity || operation == .write }
    }
    var next = index + 1
    // `treat(o.payment as CardPayment) p`
    if word(next) == "as", case .path(let type)? = tokens.indices.contains(next + 1) ? tokens[next + 1] : nil,
      isMark(next + 2, ")")
    {
      entity = self.entity(type) ?? entity
      next += 2
    }
    if isMark(next, ")") { next += 1 }
    if word(next) == "as" { next += 1 }
    guard let entity else { return }
    let isAlias = word(next).map { !Self.keywords.contains($0) || $0 == "order" && word(next + 1) != "by" } ?? false
    if isAlias, let name = word(next) {
      scopes[scope].aliases[name] = entity
      index = next
    }
    if scopes[scope].roots.isEmpty || scopes[scope].aliases.isEmpty { scopes[scope].roots.append(entity) }
  }

  private func entity(_ parts: [String]) -> Int? {
    let name = parts.joined(separator: ".")
    if let file, let found = model.entity(named: name, from: file) { return found }
    return model.entity(named: name) ?? model.entity(ofTable: name)
  }

  private func alias(_ name: String, in scope: Int) -> Int? {
    let key = name.lowercased()
    var current: Int? = scope
    while let place = current {
      if let found = scopes[place].aliases[key] { return found }
      current = scopes[place].parent
    }
    return nil
  }

  // MARK: Paths

  private mutating func follow(_ parts: [String], at index: Int, scope: Int, clause: Clause) {
    if let base = alias(parts[0], in: scope) {
      guard parts.count > 1 else {
        if clause == .select { note("*", of: base, .read) }
        return
      }
      set(Array(parts.dropFirst()), of: base, at: index, clause: clause)
      return
    }
    guard isMark(index + 1, "(") == false,
      let root = scopes[scope].roots.first(where: { model.entities[$0].properties[parts[0]] != nil })
    else { return }
    set(parts, of: root, at: index, clause: clause)
  }

  /// A path of a `set` clause names a column that is written, any other one what is read.
  private mutating func set(_ parts: [String], of entity: Int, at index: Int, clause: Clause) {
    if clause == .set, isMark(index + 1, "=") {
      for name in columnNames(parts, of: entity) { note(name, of: entity, .write) }
    } else {
      _ = walk(parts, from: entity, isSelected: clause == .select && !isKeyAlone(index))
    }
  }

  /// Whether a path is what `identity(…)`, `id(…)` or `count(…)` is asked of: the column that refers to it is enough.
  private func isKeyAlone(_ index: Int) -> Bool {
    let place = word(index - 1) == "distinct" ? index - 1 : index
    guard isMark(place - 1, "("), isMark(index + 1, ")"), let name = word(place - 2) else { return false }
    return ["identity", "id", "count"].contains(name)
  }

  /// Follows a path of properties; the entity it ends at when it leads to one.
  private mutating func walk(_ parts: [String], from entity: Int, isSelected: Bool) -> Int? {
    var current = entity
    var index = 0
    while index < parts.count {
      let name = parts[index]
      let rest = Array(parts[(index + 1)...])
      index += 1
      guard let property = model.entities[current].properties[name] else {
        // The way back of a relation has no property of its own.
        guard let target = model.target(of: name, in: current) else { return nil }
        current = cross(target, from: current)
        continue
      }
      switch property.storage {
      case .column:
        for column in columnNames([name] + rest, of: current) { note(column, of: current, .read) }
        return nil
      case .embedded(_, let own):
        // A relation inside of an embedded object is kept in the columns of what holds it.
        if let inner = model.target(of: name, in: current)?.entity, let next = rest.first,
          own[rest.joined(separator: ".")] == nil, model.target(of: next, in: inner) != nil
        {
          guard let target = crossEmbedded(rest, in: inner, from: current) else { return nil }
          guard target.rest.isEmpty == false else { return target.entity }
          return walk(target.rest, from: target.entity, isSelected: isSelected)
        }
        for column in columnNames([name] + rest, of: current) { note(column, of: current, .read) }
        return nil
      case .collection(let table, _, _):
        touch(table, .read)
        return nil
      case .reference(_, let columns, _):
        guard let target = model.target(of: name, in: current) else { return nil }
        let isKey = rest.count == 1 && model.entities[target.entity].mapping.keys.contains(rest[0])
        if isKey || rest.isEmpty && !isSelected {
          for column in columns { note(column.name, of: current, .read) }
          return nil
        }
        current = cross(target, from: current)
      case .inverse, .joinTable:
        guard let target = model.target(of: name, in: current) else { return nil }
        current = cross(target, from: current)
      }
    }
    return current
  }

  /// Follows a path inside of embedded objects up to the first entity it leads to.
  private mutating func crossEmbedded(
    _ path: [String], in embedded: Int, from entity: Int
  ) -> (entity: Int, rest: [String])? {
    var current = embedded
    for (place, name) in path.enumerated() {
      guard let target = model.target(of: name, in: current) else { return nil }
      current = target.entity
      guard case .embedded? = model.entities[embedded].properties[name]?.storage else {
        return (cross(target, from: entity), Array(path[(place + 1)...]))
      }
    }
    return nil
  }

  private mutating func cross(_ target: EntityModel.Target, from entity: Int) -> Int {
    if let between = target.between { touch(between, .read) }
    touch(target.entity, .read)
    if let near = model.tables(of: entity).first, let far = model.tables(of: target.entity).first, near != far {
      let join = StatementJoin(left: near, right: far, needsBothSides: true)
      if !joins.contains(join) { joins.append(join) }
    }
    return target.entity
  }

  /// The columns a path of plain and embedded properties names.
  private func columnNames(_ parts: [String], of entity: Int) -> [String] {
    guard let first = parts.first, let property = model.entities[entity].properties[first] else { return [] }
    switch property.storage {
    case .column(let column): return [column.name]
    case .reference(_, let columns, _): return columns.map(\.name)
    case .embedded(_, let own):
      let rest = parts.dropFirst().joined(separator: ".")
      if let column = own[rest] { return [column.name] }
      guard !rest.isEmpty, let inner = model.target(of: first, in: entity)?.entity else { return [] }
      return columnNames(Array(parts.dropFirst()), of: inner)
    case .inverse, .joinTable, .collection: return []
    }
  }

  // MARK: Tables

  private mutating func touch(_ entity: Int, _ operation: AccessOperation) {
    for table in model.tables(of: entity) { touch(table, operation) }
  }

  private mutating func touch(_ table: TableName, _ operation: AccessOperation) {
    // A write with a condition on its own table is not also a read.
    guard !accesses.contains(where: { $0.table == table && ($0.operation == operation || $0.operation == .write) })
    else { return }
    accesses.append((table, operation))
  }

  private mutating func note(_ column: String, of entity: Int, _ operation: AccessOperation) {
    guard let table = model.tables(of: entity).first else { return }
    columns[Key(table: table, operation: operation), default: []].insert(column)
  }
}
