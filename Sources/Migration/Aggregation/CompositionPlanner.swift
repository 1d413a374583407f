import Basics
import Facts
import SQL

/// Tries to answer a query by asking the owners by key (R3a); says why that is not possible otherwise.
struct CompositionPlanner {
  /// Keys one request carries at most (R3a).
  static let mostKeys = 500
  /// Owners asked one after the other at most (R3a).
  static let mostHops = 2
  /// Owners asked for one answer at most (R3a).
  static let mostProviders = 5

  let shape: QueryShape
  /// The service whose database is asked first.
  let home: String
  let tables: QueryTables
  private(set) var composition = Composition()
  private(set) var rejections: [String] = []
  /// Every condition, the source whose join it belongs to, and whether it was used up.
  private var conditions: [Condition] = []
  private var placed: Set<Int> = []
  private var hopOf: [Int: Int] = [:]

  private struct Condition {
    let expression: QueryExpression
    /// The source whose join it belongs to; nil for `WHERE`.
    let source: Int?
    var isUsed = false
  }

  init(shape: QueryShape, home: String, tables: QueryTables) {
    self.shape = shape
    self.home = home
    self.tables = tables
  }

  private mutating func reject(_ why: String) { if !rejections.contains(why) { rejections.append(why) } }

  private func table(_ source: Int) -> TableName { shape.sources[source].table }

  private func owner(_ source: Int) -> String { tables.serviceOf[table(source)] ?? "" }

  private func isOwn(_ source: Int) -> Bool { owner(source) == home }

  private func named(_ source: Int) -> String { "\(table(source).text) of \(owner(source))" }

  /// Works it out; the composition is usable when nothing was rejected.
  mutating func plan() {
    for obstacle in shape.obstacles { reject(obstacle) }
    for source in shape.sources.indices where tables[table(source)] == nil || tables.serviceOf[table(source)] == nil {
      reject("\(table(source).text) is no table of the catalog")
    }
    for source in shape.sources where source.join == .right || source.join == .full {
      reject("it keeps rows of \(source.table.text) without a partner (\(source.join.rawValue.uppercased()) JOIN)")
    }
    guard rejections.isEmpty else { return }
    for (source, part) in shape.sources.enumerated() {
      conditions += part.conditions.map { Condition(expression: $0, source: source) }
    }
    conditions += shape.filters.map { Condition(expression: $0, source: nil) }
    chooseRoot()
    guard rejections.isEmpty else { return }
    while placeNext() {}
    for source in shape.sources.indices where !placed.contains(source) {
      reject("no equality ties \(named(source)) to the rest")
    }
    guard rejections.isEmpty else { return }
    settleConditions()
    settleResult()
    settleBounds()
  }

  // MARK: Where it starts

  /// The own tables that are tied to each other, or the table whose key is given.
  private mutating func chooseRoot() {
    guard let first = shape.sources.indices.first(where: isOwn) else { return startByParameter() }
    var root: Set<Int> = [first]
    var grew = true
    while grew {
      grew = false
      for source in shape.sources.indices where isOwn(source) && !root.contains(source) {
        let own = shape.sources[source].conditions
        let around = own + (shape.sources[source].join == .left ? [] : shape.filters)
        let isTied = around.contains {
          $0.sources.contains(source) && Set($0.sources).isSubset(of: root.union([source])) && $0.sources.count > 1
        }
        let isWhole =
          shape.sources[source].join != .left || own.allSatisfy { Set($0.sources).isSubset(of: root.union([source])) }
        guard isTied, isWhole else { continue }
        root.insert(source)
        grew = true
      }
    }
    if shape.sources[first].join == .left {
      return reject("it keeps rows of \(named(0)) that have no partner in \(table(first).text) (LEFT JOIN)")
    }
    composition.root = root.sorted()
    placed = root
    for source in root { hopOf[source] = 0 }
  }

  /// No own table: the first fetch is by values the caller gives, when they are a key.
  private mutating func startByParameter() {
    for source in shape.sources.indices where shape.sources[source].join != .left {
      var keys: [Composition.Key] = []
      var used: [Int] = []
      for (place, condition) in conditions.enumerated() {
        guard let (column, parameter) = givenColumn(condition.expression), column.source == source else { continue }
        keys.append(Composition.Key(column: column.name, from: .parameter(parameter)))
        used.append(place)
      }
      guard tables.isKey(keys.map(\.column), of: table(source)) else { continue }
      for place in used { conditions[place].isUsed = true }
      composition.rootRows = 1
      place(source, keys: keys, hop: 1)
      return
    }
    reject("\(home) owns none of its tables, and none is looked up by its key")
  }

  /// `column = parameter`, either way round.
  private func givenColumn(_ expression: QueryExpression) -> (column: (source: Int, name: String), parameter: Int)? {
    guard let (left, right) = expression.equality else { return nil }
    for (one, other) in [(left, right), (right, left)] {
      if let column = one.onlyColumn, case .parameter(let number) = other.pieces[0] { return (column, number) }
    }
    return nil
  }

  // MARK: What is fetched

  private mutating func placeNext() -> Bool {
    for source in shape.sources.indices where !placed.contains(source) {
      let isOuter = shape.sources[source].join == .left
      var keys: [Composition.Key] = []
      var used: [Int] = []
      var hop = 0
      for (place, condition) in conditions.enumerated() where !condition.isUsed {
        // An outer join is tied by its own condition alone; that of another outer join filters nothing.
        if isOuter, condition.source != source { continue }
        if let other = condition.source, other != source, shape.sources[other].join == .left { continue }
        guard let (own, other) = tie(condition.expression, of: source),
          !keys.contains(where: { $0.column == own })
        else { continue }
        keys.append(Composition.Key(column: own, from: .column(source: other.source, name: other.name)))
        used.append(place)
        hop = max(hop, hopOf[other.source] ?? 0)
      }
      guard !keys.isEmpty else { continue }
      for place in used { conditions[place].isUsed = true }
      place(source, keys: keys, hop: hop + (isOwn(source) ? 0 : 1))
      return true
    }
    return false
  }

  private mutating func place(_ source: Int, keys: [Composition.Key], hop: Int) {
    placed.insert(source)
    hopOf[source] = hop
    let sorted = keys.sorted { $0.column < $1.column }
    composition.fetches.append(
      Composition.Fetch(
        source: source, service: owner(source), isLocal: isOwn(source),
        keepsRows: shape.sources[source].join == .left, keys: sorted,
        isUnique: tables.isKey(keys.map(\.column), of: table(source)), hop: hop))
  }

  /// `source.own = placed.other`, either way round.
  private func tie(_ expression: QueryExpression, of source: Int) -> (own: String, other: (source: Int, name: String))?
  {
    guard let (left, right) = expression.equality, let one = left.onlyColumn, let two = right.onlyColumn else {
      return nil
    }
    if one.source == source, placed.contains(two.source) { return (one.name, two) }
    if two.source == source, placed.contains(one.source) { return (two.name, one) }
    return nil
  }

  // MARK: What is left

  private mutating func settleConditions() {
    let root = Set(composition.root)
    for place in conditions.indices where !conditions[place].isUsed {
      let condition = conditions[place]
      if let source = condition.source, root.contains(source), Set(condition.expression.sources).isSubset(of: root) {
        continue
      }
      let isFiltering = condition.source.map { shape.sources[$0].join != .left } ?? true
      if isFiltering, !root.isEmpty, Set(condition.expression.sources).isSubset(of: root) {
        composition.filters.append(condition.expression)
      } else if isFiltering, let moved = movedToRoot(condition.expression) {
        composition.filters.append(moved)
      } else {
        let far = condition.expression.sources.filter { !root.contains($0) }
        let words = far.map { source in
          let names = Set(condition.expression.columns(of: source)).sorted().joined(separator: ", ")
          return "\(named(source)) by \(names.isEmpty ? "a condition" : names)"
        }
        let verb =
          condition.source.map { shape.sources[$0].join == .left } ?? false ? "joins only some rows of" : "filters"
        reject("\(verb) \(words.isEmpty ? "rows by a condition of the join" : words.joined(separator: " and "))")
      }
    }
  }

  /// A filter on the fetched side of an equality filters the other side as well.
  private func movedToRoot(_ expression: QueryExpression) -> QueryExpression? {
    var moved = expression
    for source in expression.sources where !composition.root.contains(source) {
      guard let fetch = composition.fetches.first(where: { $0.source == source }), !fetch.keepsRows else { return nil }
      for name in Set(expression.columns(of: source)).sorted() {
        guard let key = fetch.keys.first(where: { $0.column == name }), case .column(let other, let column) = key.from,
          composition.root.contains(other)
        else { return nil }
        moved = moved.replacing((source, name), by: (other, column))
      }
    }
    return moved
  }

  /// The select list, the order and what counts over all rows.
  private mutating func settleResult() {
    if shape.hasAggregates || !shape.groups.isEmpty || !shape.having.isEmpty {
      reject("aggregates over the joined rows")
    }
    if shape.isDistinct { reject("removes repeats (DISTINCT) over the joined rows") }
    for item in shape.items { composition.outputs += outputs(of: item) }
    let root = Set(composition.root)
    for order in shape.orders {
      let expression = ordered(order.expression)
      if Set(expression.sources).isSubset(of: root), !root.isEmpty {
        composition.orders.append(QueryShape.Order(expression: expression, direction: order.direction))
      } else {
        let far = expression.sources.filter { !root.contains($0) }.map(named)
        reject("sorts by \(far.isEmpty ? "a computed column" : far.joined(separator: " and "))")
      }
    }
  }

  private func outputs(of item: QueryShape.Item) -> [Composition.Output] {
    guard item.expression.pieces.count == 1, case .star(let source) = item.expression.pieces[0] else {
      return [Composition.Output(name: item.name ?? "column", expression: item.expression)]
    }
    return (source.map { [$0] } ?? Array(shape.sources.indices)).flatMap { source in
      tables.columns(of: table(source)).map { name in
        Composition.Output(
          name: name, expression: QueryExpression(pieces: [.column(source: source, name: name)]))
      }
    }
  }

  /// What `ORDER BY 2` and `ORDER BY alias` stand for.
  private func ordered(_ expression: QueryExpression) -> QueryExpression {
    guard expression.pieces.count == 1 else { return expression }
    switch expression.pieces[0] {
    case .output(let name): return shape.items.first { $0.name == name }?.expression ?? expression
    case .text(let text):
      guard let number = Int(text), shape.items.indices.contains(number - 1) else { return expression }
      return shape.items[number - 1].expression
    case .name, .column, .star, .parameter: return expression
    }
  }

  private mutating func settleBounds() {
    var limit: Int?
    if let expression = shape.limit, case .text(let text)? = expression.pieces.first { limit = Int(text) }
    if shape.limit != nil || shape.offset != nil {
      for fetch in composition.fetches where !keepsCount(fetch) {
        reject("pages (LIMIT) after a join with \(named(fetch.source)) that may add or drop rows")
      }
    }
    let isKeyed = composition.root.count == 1 && isKeyedRoot()
    if isKeyed { composition.rootRows = 1 } else if let limit { composition.rootRows = limit }
    if let rows = composition.rootRows, rows > Self.mostKeys {
      reject("asks for \(rows) keys, more than \(Self.mostKeys)")
    }
    if composition.rootRows == nil, composition.filters.isEmpty, !hasRootConditions, shape.limit == nil {
      let names = composition.root.map { table($0).text }.joined(separator: ", ")
      reject("nothing bounds the keys: every row of \(names) is read")
    }
    if composition.hops > Self.mostHops {
      reject("asks \(composition.hops) owners one after the other, more than \(Self.mostHops)")
    }
    if composition.providers.count > Self.mostProviders {
      reject("asks \(composition.providers.count) owners, more than \(Self.mostProviders)")
    }
  }

  private var hasRootConditions: Bool {
    composition.root.contains { source in
      shape.sources[source].join != .left && shape.sources[source].conditions.contains { $0.sources == [source] }
    }
  }

  private func isKeyedRoot() -> Bool {
    let given = composition.filters.compactMap { givenColumn($0)?.column.name }
    return tables.isKey(given, of: table(composition.root[0]))
  }

  /// Whether every row before the fetch is one row behind it.
  private func keepsCount(_ fetch: Composition.Fetch) -> Bool {
    guard fetch.isUnique else { return false }
    if fetch.keepsRows { return true }
    var child: Int?
    var columns: [String] = []
    for key in fetch.keys {
      guard case .column(let source, let name) = key.from, child == nil || child == source else { return false }
      child = source
      columns.append(name)
    }
    guard let child, shape.sources[child].join != .left else { return false }
    return tables.hasPartner(table(child), columns, in: table(fetch.source))
  }
}
