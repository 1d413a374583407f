import Basics

/// Parts one `SELECT` into its clauses.
struct ShapeReader {
  var tokens: QueryTokens
  let columns: @Sendable (TableName) -> [String: String]?
  var shape = QueryShape()
  private var index = 0
  private var isMoreThanPlain = false

  init(tokens: QueryTokens, columns: @escaping @Sendable (TableName) -> [String: String]?) {
    self.tokens = tokens
    self.columns = columns
  }

  /// Reads the statement into `shape`.
  mutating func read() {
    findObstacles()
    isMoreThanPlain = !shape.obstacles.isEmpty
    index = 1
    readModifiers()
    let itemRanges = ranges(until: [.from], separator: .of(","))
    guard tokens.keyword(index) == .from else {
      obstruct("no table is named")
      return
    }
    index += 1
    readSources()
    let end = tokens.tokens.count - 1
    var clauses: [(keyword: Keyword, range: Range<Int>)] = []
    while index < end {
      let keyword = tokens.keyword(index)
      guard Self.clauseStarts.contains(keyword) else {
        obstruct("part of the statement was not understood: \(shown(index))")
        break
      }
      index += 1
      if keyword == .group || keyword == .order, tokens.keyword(index) == .by { index += 1 }
      let start = index
      skip(until: Self.clauseStarts)
      clauses.append((keyword, start..<index))
    }
    // Sources are known now: conditions of joins first, so that parameters are numbered in the order of the text.
    for range in itemRanges { shape.items.append(item(range)) }
    readConditions()
    for (keyword, range) in clauses { read(keyword, range) }
    shape.parameters = tokens.parameters
  }

  mutating func obstruct(_ why: String) {
    // What is nested or repeated has names of its own: not finding them says nothing.
    if !isMoreThanPlain, !shape.obstacles.contains(why) { shape.obstacles.append(why) }
  }

  private static let clauseStarts: Set<Keyword> = [
    .where, .group, .having, .order, .limit, .offset, .fetch, .for, .lock, .union, .intersect, .except, .minus,
    .window, .qualify, .into, .procedure, .option,
  ]

  private func shown(_ place: Int) -> String {
    tokens.tokens[place].kind == .hole ? "text the code adds" : tokens.spelled(place)
  }

  /// What a plain query does not have.
  private mutating func findObstacles() {
    for place in tokens.tokens.indices.dropFirst() {
      let token = tokens.tokens[place]
      switch token.keyword {
      case .select where tokens.isSymbol(place - 1, .of("(")): obstruct("it has a subquery")
      case .union, .intersect, .except, .minus: obstruct("it is a set operation")
      case .over where tokens.isSymbol(place + 1, .of("(")): obstruct("it uses a window function")
      default: break
      }
      if token.traits.contains(.aggregate), tokens.isSymbol(place + 1, .of("(")) { shape.hasAggregates = true }
      if token.kind == .hole, !ValuePlace.isValue(place, in: tokens) { obstruct("part of it is built at run time") }
      if token.hasHole, token.kind != .hole, !tokens.isText(place) { obstruct("a name is built at run time") }
    }
  }

  private mutating func readModifiers() {
    while true {
      switch tokens.keyword(index) {
      case .distinct:
        shape.isDistinct = true
        index += 1
        if tokens.keyword(index) == .on { obstruct("it uses DISTINCT ON") }
      case .all, .straight_join, .high_priority: index += 1
      case .top:
        obstruct("it uses TOP")
        return
      default: return
      }
    }
  }

  /// The stretches between separators at this depth, up to one of the keywords.
  private mutating func ranges(until ends: Set<Keyword>, separator: UInt8) -> [Range<Int>] {
    var found: [Range<Int>] = []
    var start = index
    while true {
      skip(until: ends, or: separator)
      found.append(start..<index)
      guard tokens.isSymbol(index, separator) else { return found.filter { !$0.isEmpty } }
      index += 1
      start = index
    }
  }

  /// Moves to one of the keywords, the sign or the end, over everything in parentheses.
  private mutating func skip(until ends: Set<Keyword>, or sign: UInt8 = 0) {
    var depth = 0
    while tokens.tokens[index].kind != .end {
      if depth == 0, ends.contains(tokens.keyword(index)) || sign != 0 && tokens.isSymbol(index, sign) { return }
      if tokens.isSymbol(index, .of("(")) { depth += 1 }
      if tokens.isSymbol(index, .of(")")) { depth -= 1 }
      index += 1
    }
  }

  private mutating func read(_ keyword: Keyword, _ range: Range<Int>) {
    switch keyword {
    case .where: shape.filters += conjuncts(range)
    case .having: shape.having += conjuncts(range)
    case .group: for part in parts(range) { shape.groups.append(expression(part)) }
    case .order: for part in parts(range) { shape.orders.append(order(part)) }
    case .limit: readLimit(range)
    case .offset: shape.offset = expression(range.prefix { ![.row, .rows].contains(tokens.keyword($0)) })
    case .fetch:
      shape.limit = expression(
        range.filter { tokens.tokens[$0].kind == .number || tokens.tokens[$0].kind == .parameter })
    case .for, .lock: shape.locksRows = true
    default: obstruct("it has more than the usual clauses: \(keyword.rawValue.uppercased())")
    }
  }

  /// `n`, `offset, n`.
  private mutating func readLimit(_ range: Range<Int>) {
    var parts = parts(range)
    if parts.count == 2 { shape.offset = expression(parts.removeFirst()) }
    guard parts.count == 1 else { return obstruct("its LIMIT was not understood") }
    shape.limit = expression(parts[0])
  }

  private mutating func parts(_ range: Range<Int>) -> [Range<Int>] {
    let saved = index
    defer { index = saved }
    var found: [Range<Int>] = []
    index = range.lowerBound
    while index < range.upperBound {
      let start = index
      skip(until: [], or: .of(","))
      index = min(index, range.upperBound)
      found.append(start..<index)
      index += 1
    }
    return found.filter { !$0.isEmpty }
  }

  private mutating func order(_ range: Range<Int>) -> QueryShape.Order {
    let end = range.first { [.asc, .desc, .nulls, .using].contains(tokens.keyword($0)) } ?? range.upperBound
    let words = (end..<range.upperBound).map { tokens.spelled($0) }
    let direction = words.isEmpty ? "" : " " + words.joined(separator: " ")
    return QueryShape.Order(expression: expression(range.lowerBound..<end, mayBeOutput: true), direction: direction)
  }

  // MARK: Tables

  private mutating func readSources() {
    var join = QuerySource.Join.first
    while true {
      readSource(join)
      while !atJoin, !Self.clauseStarts.contains(tokens.keyword(index)), tokens.tokens[index].kind != .end {
        guard readCondition() else {
          obstruct("a table has hints or parts that were not understood: \(shown(index))")
          skip(until: Self.clauseStarts.union([.join, .left, .right, .inner, .cross, .full, .natural]), or: .of(","))
          break
        }
      }
      guard atJoin else { return }
      join = joinKind()
    }
  }

  private var atJoin: Bool {
    if tokens.isSymbol(index, .of(",")) { return true }
    switch tokens.keyword(index) {
    case .join, .inner, .left, .right, .full, .cross, .natural, .straight_join: return true
    default: return false
    }
  }

  private mutating func joinKind() -> QuerySource.Join {
    if tokens.isSymbol(index, .of(",")) {
      index += 1
      return .comma
    }
    var kind = QuerySource.Join.inner
    while atJoin || tokens.keyword(index) == .outer {
      switch tokens.keyword(index) {
      case .left: kind = .left
      case .right: kind = .right
      case .full: kind = .full
      case .cross: kind = .cross
      case .natural: obstruct("it uses NATURAL JOIN")
      default: break
      }
      index += 1
      if [.join, .straight_join].contains(tokens.keyword(index - 1)) { break }
    }
    return kind
  }

  private mutating func readSource(_ join: QuerySource.Join) {
    guard tokens.isName(index) else {
      obstruct(tokens.isSymbol(index, .of("(")) ? "it reads a derived table" : "a table is built at run time")
      if tokens.isSymbol(index, .of("(")) { skipParentheses() } else { index += 1 }
      if tokens.keyword(index) == .as { index += 1 }
      if tokens.isName(index) { index += 1 }
      return
    }
    var names = [tokens.name(index)]
    index += 1
    while tokens.isSymbol(index, .of(".")), tokens.isName(index + 1) {
      names.append(tokens.name(index + 1))
      index += 2
    }
    if tokens.isSymbol(index, .of("(")) {
      obstruct("it reads a table function")
      skipParentheses()
    }
    var alias = names.last ?? ""
    if tokens.keyword(index) == .as {
      index += 1
      alias = tokens.name(index)
      index += 1
    } else if tokens.isName(index), !tokens.tokens[index].traits.contains(.refusesAlias) {
      alias = tokens.name(index)
      index += 1
    }
    shape.sources.append(
      QuerySource(table: TableName(names.joined(separator: ".")), alias: alias, join: join, conditions: []))
    conditionRanges.append([])
  }

  private mutating func skipParentheses() {
    var depth = 0
    repeat {
      if tokens.isSymbol(index, .of("(")) { depth += 1 }
      if tokens.isSymbol(index, .of(")")) { depth -= 1 }
      index += 1
    } while depth > 0 && tokens.tokens[index].kind != .end
  }

  private var conditionRanges: [[Range<Int>]] = []
  private var sharedColumns: [(source: Int, names: [String])] = []

  /// `ON …` or `USING (…)`; false at anything else.
  private mutating func readCondition() -> Bool {
    guard let last = shape.sources.indices.last else { return false }
    if tokens.keyword(index) == .on {
      index += 1
      let start = index
      skip(
        until: Self.clauseStarts.union([.join, .inner, .left, .right, .full, .cross, .natural, .straight_join, .on]),
        or: .of(","))
      // `left(x, 1)` and `right(x, 1)` are functions.
      while [.left, .right].contains(tokens.keyword(index)), tokens.isSymbol(index + 1, .of("(")) {
        index += 1
        skip(
          until: Self.clauseStarts.union([.join, .inner, .left, .right, .full, .cross, .natural, .straight_join, .on]),
          or: .of(","))
      }
      conditionRanges[last].append(start..<index)
      return true
    }
    guard tokens.keyword(index) == .using, tokens.isSymbol(index + 1, .of("(")) else { return false }
    let start = index + 2
    index += 1
    skipParentheses()
    sharedColumns.append((last, (start..<(index - 1)).filter { tokens.isName($0) }.map { tokens.name($0) }))
    return true
  }

  private mutating func readConditions() {
    for source in shape.sources.indices {
      for range in conditionRanges[source] { shape.sources[source].conditions += conjuncts(range) }
    }
    for (source, names) in sharedColumns {
      for name in names {
        guard let left = (0..<source).first(where: { declared(name, in: $0) != nil }) ?? (source > 0 ? 0 : nil) else {
          continue
        }
        shape.sources[source].conditions.append(
          QueryExpression(pieces: [
            .column(source: left, name: declared(name, in: left) ?? name), .text(" "), .text("="), .text(" "),
            .column(source: source, name: declared(name, in: source) ?? name),
          ]))
      }
    }
  }

  /// The declared spelling of a column of a source; nil when the table is not declared or has none of that name.
  func declared(_ name: String, in source: Int) -> String? {
    columns(shape.sources[source].table)?[name.lowercased()]
  }
}
