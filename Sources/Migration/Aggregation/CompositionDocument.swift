import Basics
import SQL

/// `composition.yaml`: how each query across the cut is answered by asking the owners by key.
struct CompositionDocument {
  let context: GroupContext

  private var text: SQLText { context.targetText }

  /// Share of requests a service answers that is reckoned with, in a thousand; nobody measured it.
  private static let answeredPerThousand = 999

  /// The compositions of the service, in order of place.
  func compositions() -> [YAMLNode] {
    context.queries.compactMap { query in
      guard let composition = query.composition, let shape = query.shape else { return nil }
      return node(query, composition, shape)
    }
  }

  private func node(_ query: CrossQuery, _ composition: Composition, _ shape: QueryShape) -> YAMLNode {
    let labels = labels(composition, shape)
    var entries: [(key: String, value: YAMLNode)] = [
      ("name", .text(query.name)), ("place", .text(query.span.description)), ("unit", .text(query.unit)),
      ("statement", .text(query.statement.isEmpty ? "unknown" : query.statement)),
      ("rule", .text(query.rule)), ("advice", .text(query.advice)),
      ("parameters", .list(shape.parameters.map(parameter))),
    ]
    if let open = query.openParts { entries.append(("byHand", .text(open))) }
    entries.append(("root", root(composition, shape, labels)))
    entries += [
      ("fetches", .list(composition.fetches.map { fetch($0, composition, shape, labels, query) })),
      ("output", .list(composition.outputs.map { output($0, shape, labels) })),
      ("estimate", estimate(composition, query)),
    ]
    return .map(entries)
  }

  private func parameter(_ parameter: QueryParameter) -> YAMLNode {
    let origin: String
    switch parameter.origin {
    case .placeholder: origin = "the value bound today"
    case .literal: origin = "the literal of the statement"
    case .code: origin = "the value the code puts into the text"
    }
    return .map([("name", .text(parameter.name)), ("value", .text(origin))])
  }

  // MARK: Labels

  /// `alias.column` of every column that is carried.
  private func labels(_ composition: Composition, _ shape: QueryShape) -> [QueryPiece: String] {
    var labels: [QueryPiece: String] = [:]
    for source in shape.sources.indices {
      for name in composition.columns(of: source) {
        labels[.column(source: source, name: name)] = Naming.shortened("\(alias(source, shape)).\(context.held(name))")
      }
    }
    return labels
  }

  /// The alias; sources that would share one get their number.
  private func alias(_ source: Int, _ shape: QueryShape) -> String {
    let wish = shape.sources[source].alias
    let first = shape.sources.firstIndex { $0.alias.lowercased() == wish.lowercased() }
    return first == source ? wish : "\(wish)_\(source + 1)"
  }

  private func printer(_ shape: QueryShape) -> QueryPrinter {
    QueryPrinter(
      text: text,
      column: { source, name in text.column(context.held(name), of: text.name(alias(source, shape))) },
      star: { _ in "*" }, parameters: shape.parameters)
  }

  // MARK: Parts

  private func root(
    _ composition: Composition, _ shape: QueryShape, _ labels: [QueryPiece: String]
  ) -> YAMLNode {
    guard !composition.root.isEmpty else {
      return .map([("service", .text(context.service)), ("rows", .text("one, made of the parameters"))])
    }
    let printer = printer(shape)
    let columns = composition.root.flatMap { source in
      composition.columns(of: source).map { name in
        let label = labels[.column(source: source, name: name)] ?? name
        return "\(printer.column(source, name)) AS \(text.name(label))"
      }
    }
    var sql = "SELECT " + (columns.isEmpty ? "1 AS \(text.name("row"))" : columns.joined(separator: ",\n  "))
    sql +=
      "\nFROM "
      + composition.root.enumerated().map { place, source in
        joined(source, at: place, composition, shape, printer)
      }.joined(separator: "\n  ")
    if !composition.filters.isEmpty { sql += "\nWHERE " + printer.all(composition.filters) }
    sql += printer.ordering(composition.orders) + printer.paging(limit: shape.limit, offset: shape.offset)
    return .map([
      ("service", .text(context.service)), ("sql", .text(sql)),
      ("rows", .text(composition.rootRows.map { "\($0) at most" } ?? "unknown")),
    ])
  }

  private func joined(
    _ source: Int, at place: Int, _ composition: Composition, _ shape: QueryShape, _ printer: QueryPrinter
  ) -> String {
    let part = shape.sources[source]
    let table = context.placed(part.table)?.target
    let name = "\(table.map(text.table) ?? text.name(part.table.text)) \(text.name(alias(source, shape)))"
    guard place > 0 else { return name }
    let root = Set(composition.root)
    let conditions = part.conditions.filter { Set($0.sources).isSubset(of: root) }
    let on = conditions.isEmpty ? "1 = 1" : printer.all(conditions)
    return "\(part.join == .left ? "LEFT JOIN" : "JOIN") \(name) ON \(on)"
  }

  private func fetch(
    _ fetch: Composition.Fetch, _ composition: Composition, _ shape: QueryShape, _ labels: [QueryPiece: String],
    _ query: CrossQuery
  ) -> YAMLNode {
    let part = shape.sources[fetch.source]
    let keys = fetch.keys.map { key in
      let from: String
      switch key.from {
      case .column(let source, let name): from = labels[.column(source: source, name: name)] ?? name
      case .parameter(let number): from = ":\(shape.parameters[number].name)"
      }
      return YAMLNode.map([("column", .text(context.held(key.column))), ("from", .text(from))])
    }
    let columns = composition.columns(of: fetch.source)
    var entries: [(key: String, value: YAMLNode)] = [
      ("source", .text(alias(fetch.source, shape))), ("owner", .text(fetch.service)), ("table", .text(part.table.text)),
      ("hop", .number(fetch.hop)),
    ]
    if fetch.isLocal {
      entries.append(("sql", .text(localSQL(fetch, part, columns))))
    } else if let endpoint = context.endpoints.endpoint(fetch.service, part.table, fetch.keys.map(\.column)) {
      entries += [
        ("operation", .text(endpoint.operationID)),
        ("contract", .text("\(context.slug(fetch.service))/\(SeparationStep.contractPath)")),
      ]
    }
    entries += [
      ("keys", .list(keys)), ("keysPerCall", .number(CompositionPlanner.mostKeys)),
      (
        "columns",
        .list(
          columns.map { name in
            .map([
              ("column", .text(context.held(name))),
              ("as", .text(labels[.column(source: fetch.source, name: name)] ?? name)),
            ])
          })
      ),
      ("rowsPerKey", .text(fetch.isUnique ? "one at most" : "unknown")),
      ("join", .text(fetch.keepsRows ? "left" : "inner")),
      (
        "whenMissing",
        .text(
          fetch.keepsRows
            ? "keep the row with empty columns, as LEFT JOIN does" : "drop the row, as the inner join does")
      ),
      (
        "whenKeyIsNull", .text(fetch.keepsRows ? "keep the row and do not ask" : "drop the row and do not ask")
      ),
    ]
    if !fetch.isLocal {
      entries.append(
        (
          "whenOwnerFails",
          .text(
            fetch.keepsRows
              ? "answer with empty columns and say in the answer that it is partial"
              : "fail the request: rows dropped because nobody answered look like rows that do not exist")
        ))
    }
    return .map(entries)
  }

  /// What is read of an own table by keys that come from another owner.
  private func localSQL(_ fetch: Composition.Fetch, _ part: QuerySource, _ columns: [String]) -> String {
    let names = fetch.keys.map { text.name(context.held($0.column)) }
    let list = names.count == 1 ? names[0] : "(\(names.joined(separator: ", ")))"
    let table = context.placed(part.table).map { text.table($0.target) } ?? text.name(part.table.text)
    return "SELECT \(text.columns(columns.map(context.held)))\nFROM \(table)\nWHERE \(list) IN (:keys)"
  }

  private func output(_ output: Composition.Output, _ shape: QueryShape, _ labels: [QueryPiece: String]) -> YAMLNode {
    let name = YAMLNode.text(context.held(output.name))
    if output.expression.pieces.count == 1, let label = labels[output.expression.pieces[0]] {
      return .map([("name", name), ("column", .text(label))])
    }
    let inputs = Set(output.expression.pieces.compactMap { labels[$0] }).sorted()
    return .map([
      ("name", name), ("expression", .text(printer(shape).print(output.expression))), ("inputs", .texts(inputs)),
    ])
  }

  /// Calls and rows before and after; what nobody knows is named, not guessed.
  private func estimate(_ composition: Composition, _ query: CrossQuery) -> YAMLNode {
    let far = composition.fetches.filter { !$0.isLocal }
    let calls: String
    if composition.rootRows.map({ $0 <= CompositionPlanner.mostKeys }) ?? false, far.allSatisfy({ $0.hop == 1 }) {
      calls = "\(far.count), one for each fetch"
    } else {
      calls = far.map {
        "ceil(keys of \(query.shape?.sources[$0.source].alias ?? "") / \(CompositionPlanner.mostKeys))"
      }
      .joined(separator: " + ")
    }
    let rounds = query.inLoop ? " for each round of the loop around it; rounds unknown" : ""
    var available = 1.0
    for _ in composition.providers { available *= Double(Self.answeredPerThousand) / 1000 }
    let percent = Int((available * 100_000).rounded())
    let shown = "\(percent / 1000).\(String(percent % 1000 + 1000).dropFirst()) %"
    return .map([
      ("queriesBefore", .text("1\(rounds)")), ("queriesAfter", .text("\(composition.root.isEmpty ? 0 : 1)\(rounds)")),
      ("callsAfter", .text(calls)),
      (
        "rowsBefore", .text("what the join gives: unknown")
      ),
      (
        "rowsAfter",
        .text(
          "root rows \(composition.rootRows.map { "(\($0) at most)" } ?? "(unknown)") + a row for each distinct key"
            + (far.allSatisfy(\.isUnique) ? "" : ", more where a key has several"))
      ),
      (
        "availability",
        .text("\(shown) of the own one, with 99.9 % reckoned for each of \(composition.providers.count) owners")
      ),
      ("stalenessSeconds", .number(0)),
    ])
  }
}
