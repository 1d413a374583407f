import Basics

extension ShapeReader {
  /// An item of the select list with its name.
  mutating func item(_ range: Range<Int>) -> QueryShape.Item {
    var body = range
    var alias: String?
    if let last = range.last, range.count > 1 {
      let before = last - 1
      let isNamed = tokens.keyword(before) == .as && range.count > 2
      if isNamed {
        alias = tokens.name(last)
        body = range.lowerBound..<before
      } else if isAlias(last, after: before) {
        alias = tokens.name(last)
        body = range.lowerBound..<last
      }
    }
    let expression = expression(body)
    for piece in expression.pieces {
      if case .parameter = piece, expression.pieces.count == 1, tokens.tokens[body.lowerBound].kind == .hole {
        obstruct("its select list is built at run time")
      }
    }
    return QueryShape.Item(expression: expression, name: alias ?? expression.onlyColumn?.name)
  }

  /// Whether a name stands behind an operand, where only an alias can.
  private func isAlias(_ last: Int, after before: Int) -> Bool {
    guard tokens.isName(last) || tokens.isText(last) else { return false }
    let token = tokens.tokens[before]
    switch token.kind {
    case .symbol: return token.symbol == .of(")")
    case .word:
      if token.keyword == .end || token.keyword == .null { return true }
      return !token.traits.contains(.reserved) && token.keyword != .interval && !tokens.isText(last)
        && !tokens.tokens[last].traits.contains(.timeUnit)
    case .quoted, .doubleQuoted, .number, .string, .parameter, .hole: return true
    case .body, .variable, .end: return false
    }
  }

  /// The conditions of a range, parted at `AND` outside of parentheses, `CASE` and `BETWEEN`.
  mutating func conjuncts(_ range: Range<Int>) -> [QueryExpression] {
    var cuts: [Int] = []
    var depth = 0
    var between = 0
    var hasOr = false
    for place in range {
      if tokens.isSymbol(place, .of("(")) { depth += 1 }
      if tokens.isSymbol(place, .of(")")) { depth -= 1 }
      switch tokens.keyword(place) {
      case .case: depth += 1
      case .end: depth -= 1
      case .between where depth == 0: between += 1
      case .or, .xor: if depth == 0 { hasOr = true }
      case .and where depth == 0:
        if between > 0 { between -= 1 } else { cuts.append(place) }
      default: break
      }
    }
    guard !hasOr else { return [expression(range)] }
    var found: [QueryExpression] = []
    var start = range.lowerBound
    for cut in cuts + [range.upperBound] {
      if start < cut { found.append(expression(start..<cut)) }
      start = cut + 1
    }
    return found
  }

  /// An expression; `mayBeOutput` when a name may be the alias of a select item.
  mutating func expression(_ places: some Collection<Int>, mayBeOutput: Bool = false) -> QueryExpression {
    guard let first = places.first, let last = places.max() else { return QueryExpression(pieces: []) }
    var pieces: [QueryPiece] = []
    var place = first
    while place <= last {
      if place > first, tokens.hasSpace(before: place) { pieces.append(.text(" ")) }
      place = append(place, last, mayBeOutput, to: &pieces)
    }
    // A text that ends behind an operator goes on with a value the code appends.
    let isLast = last + 1 < tokens.tokens.count && tokens.tokens[last + 1].kind == .end
    if isLast, tokens.tokens[last].kind == .symbol, ["=", "<", ">", "<=", ">=", "<>"].contains(tokens.spelled(last)) {
      let near = ValuePlace.column(before: last + 1, in: tokens).map(tokens.name)
      pieces += [.text(" "), .parameter(tokens.newParameter(near: near, origin: .code))]
    }
    return QueryExpression(pieces: pieces)
  }

  /// Appends what stands at a place; returns the place behind it.
  private mutating func append(
    _ place: Int, _ last: Int, _ mayBeOutput: Bool, to pieces: inout [QueryPiece]
  ) -> Int {
    let token = tokens.tokens[place]
    if tokens.isText(place) {
      if let shown = tokens.shownLiteral(place) {
        pieces.append(.text(shown))
      } else {
        pieces.append(.parameter(tokens.parameter(place, near: near(place), origin: .literal)))
      }
      return place + 1
    }
    switch token.kind {
    case .parameter: pieces.append(.parameter(tokens.parameter(place, near: near(place), origin: .placeholder)))
    case .hole: pieces.append(.parameter(tokens.parameter(place, near: near(place), origin: .code)))
    case .number: pieces.append(.text(tokens.spelled(place)))
    case .variable:
      obstruct("it uses the variable \(tokens.spelled(place))")
      pieces.append(.text(tokens.spelled(place)))
    case .symbol:
      if token.isSymbol(.of("*")), isStar(place) {
        pieces.append(.star(source: nil))
      } else {
        pieces.append(.text(tokens.spelled(place)))
        // `::type`: what follows is the name of a type.
        if token.symbol == Token.Symbol.cast, place < last {
          pieces.append(.text(tokens.spelled(place + 1)))
          return place + 2
        }
      }
    case .word, .quoted, .doubleQuoted: return appendName(place, last, mayBeOutput, to: &pieces)
    case .string, .body, .end: break
    }
    return place + 1
  }

  private func near(_ place: Int) -> String? { ValuePlace.column(before: place, in: tokens).map(tokens.name) }

  /// Whether a `*` stands for all columns and not for a product.
  private func isStar(_ place: Int) -> Bool {
    let before = tokens.tokens[place - 1]
    return before.keyword == .select || before.keyword == .distinct || before.isSymbol(.of(","))
  }

  private mutating func appendName(
    _ place: Int, _ last: Int, _ mayBeOutput: Bool, to pieces: inout [QueryPiece]
  ) -> Int {
    guard tokens.isName(place) || tokens.isSymbol(place + 1, .of(".")) else {
      pieces.append(.text(tokens.spelled(place)))
      return place + 1
    }
    var end = place
    while tokens.isSymbol(end + 1, .of(".")), end + 2 <= last { end += 2 }
    if tokens.isSymbol(end + 1, .of("(")), tokens.tokens[end].kind == .word {
      for part in stride(from: place, through: end, by: 2) {
        pieces.append(.text((part > place ? "." : "") + tokens.spelled(part)))
      }
      return end + 1
    }
    if end > place {
      pieces.append(qualified(place, end))
    } else {
      pieces.append(unqualified(place, mayBeOutput))
    }
    return end + 1
  }

  private mutating func qualified(_ place: Int, _ end: Int) -> QueryPiece {
    let qualifier = tokens.name(end - 2)
    let found =
      shape.sources.firstIndex { $0.alias.lowercased() == qualifier.lowercased() }
      ?? shape.sources.firstIndex { $0.table.baseKey == qualifier.lowercased() }
    guard let source = found else {
      obstruct("\(qualifier) is none of its tables")
      return .name(tokens.name(end))
    }
    if tokens.isSymbol(end, .of("*")) { return .star(source: source) }
    let name = tokens.name(end)
    return column(name, of: source)
  }

  private mutating func column(_ name: String, of source: Int) -> QueryPiece {
    if let declared = declared(name, in: source) { return .column(source: source, name: declared) }
    if columns(shape.sources[source].table) != nil {
      obstruct("\(shape.sources[source].table.text) declares no column \(name)")
    }
    return .column(source: source, name: name)
  }

  private mutating func unqualified(_ place: Int, _ mayBeOutput: Bool) -> QueryPiece {
    let token = tokens.tokens[place]
    let name = tokens.name(place)
    if mayBeOutput, let item = shape.items.first(where: { $0.name?.lowercased() == name.lowercased() }) {
      return .output(item.name ?? name)
    }
    let owners = shape.sources.indices.filter { declared(name, in: $0) != nil }
    if owners.count == 1 { return column(name, of: owners[0]) }
    if owners.count > 1 {
      obstruct("more than one of its tables has a column \(name)")
      return .name(name)
    }
    if let item = shape.items.first(where: { $0.name?.lowercased() == name.lowercased() }), !shape.items.isEmpty {
      return .output(item.name ?? name)
    }
    let isWord = token.kind == .word && (token.keyword != .none || PseudoColumn.names.contains(name.lowercased()))
    if isWord { return .text(tokens.spelled(place)) }
    // A name the code's dialect knows, or a column of a table nobody declares.
    if shape.sources.count == 1 { return column(name, of: 0) }
    obstruct("no table of it is known to have a column \(name)")
    return .name(name)
  }
}
