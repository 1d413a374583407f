import Basics
import SQL

/// A query answered from tables and copies in the reader's own database: a view over them, and the query over the view.
///
/// The base are detail rows: own tables, and copies that carry the version of the last change of each row. Joins and sums are
/// made when the view is read, so that changes which come late, twice or in the wrong order can spoil no sum.
struct ReadModel {
  let query: CrossQuery
  let context: GroupContext

  private var text: SQLText { context.targetText }

  /// How the query reads its base.
  enum Form {
    /// A view with the joined detail rows, and the query over it.
    case view(shape: QueryShape)
    /// The query as it stands over views of the live rows.
    case live(QueryText)
    /// Neither is possible: why.
    case byHand(String)
  }

  /// The form that fits.
  var form: Form {
    for table in query.tables where context.placed(table) == nil {
      return .byHand("\(table.text) has no copy in this database, as the catalog does not declare its columns")
    }
    if let shape = query.shape, shape.isPlain, isJoinable(shape) { return .view(shape: shape) }
    if let text = query.text, text.tables.allSatisfy({ context.placed($0) != nil }) { return .live(text) }
    let why = query.shape?.obstacles.first ?? "the statement is not known as text"
    return .byHand("write the query over the live views: \(why)")
  }

  /// Whether the joins can stand in a view: they use no values of the caller and drop no side.
  private func isJoinable(_ shape: QueryShape) -> Bool {
    shape.sources.allSatisfy { source in
      source.join != .right && source.join != .full && context.placed(source.table) != nil
        && source.conditions.allSatisfy { !$0.hasParameters }
    }
  }

  /// The view's name.
  var view: PlacedName { context.names.targetTable("rm_\(query.name)") }

  /// A view of the rows of a copy that are not deleted.
  static func liveView(_ table: PlannedTable, _ context: GroupContext) -> PlacedName {
    context.names.targetTable("rm_live_\(context.stem(table))")
  }

  /// Copies the query reads, sorted by name.
  var copies: [PlannedTable] {
    query.tables.filter { !context.owns($0) }.compactMap { context.placed($0) }
  }

  // MARK: The view

  /// The columns of the view in order, each with what it shows.
  private func columns(_ shape: QueryShape) -> [(piece: QueryPiece, name: String)] {
    var taken: Set<String> = []
    var columns: [(piece: QueryPiece, name: String)] = []
    for source in shape.sources.indices {
      guard let table = context.placed(shape.sources[source].table) else { continue }
      let used = Set(shape.expressions.flatMap { $0.columns(of: source) }.map(context.held))
      let takesAll = shape.expressions.contains { expression in
        expression.pieces.contains { if case .star(let of) = $0 { of == nil || of == source } else { false } }
      }
      for column in table.columns.map(\.name)
      where takesAll || used.contains(column) || table.key.columns.contains(column) {
        let wish = Naming.shortened("\(shape.sources[source].alias)_\(column)".lowercased())
        var name = wish
        var number = 2
        while !taken.insert(name).inserted {
          name = Naming.shortened("\(wish)_\(number)")
          number += 1
        }
        columns.append((.column(source: source, name: column), name))
      }
    }
    return columns
  }

  private func alias(_ source: Int) -> String { "s\(source + 1)" }

  /// What tells the live rows of a copy.
  static func isLive(_ alias: String, _ text: SQLText) -> String {
    text.fails(text.column("cleave_deleted", of: alias))
  }

  /// The view: every row of the first table, with what is there of the others and whether all of it is.
  func script(_ shape: QueryShape) -> Script {
    let order = order(shape)
    let printer = QueryPrinter(
      text: text, column: { text.column(context.held($1), of: alias($0)) }, star: { _ in "*" },
      parameters: shape.parameters)
    let shown = columns(shape).map { piece, name in
      guard case .column(let source, let column) = piece else { return "" }
      return "\(text.column(column, of: alias(source))) AS \(text.name(name))"
    }
    let lines = shown + ["\(isWhole(shape, order)) AS cleave_whole"]
    var from = ""
    var conditions = pool(shape)
    var placed: Set<Int> = []
    for source in order {
      guard let table = context.placed(shape.sources[source].table) else { continue }
      let name = "\(text.table(table.target)) \(alias(source))"
      let live = context.owns(table.name) ? [] : [Self.isLive(alias(source), text)]
      placed.insert(source)
      if from.isEmpty {
        from = name
        continue
      }
      let isOuter = shape.sources[source].join == .left
      let own = conditions.filter { condition in
        (isOuter ? condition.source == source : condition.isInner)
          && Set(condition.expression.sources).isSubset(of: placed)
          && condition.expression.sources.contains(source)
      }
      conditions.removeAll { condition in own.contains { $0.id == condition.id } }
      let on = own.map { printer.all([$0.expression]) } + live
      from += "\n  LEFT JOIN \(name) ON \(on.isEmpty ? "1 = 1" : on.joined(separator: " AND "))"
    }
    var sql = "SELECT \(lines.joined(separator: ",\n  "))\nFROM \(from)"
    if let first = order.first, let table = context.placed(shape.sources[first].table), !context.owns(table.name) {
      sql += "\nWHERE \(Self.isLive(alias(first), text))"
    }
    return Script(
      up: text.comment("\(query.unit) at \(query.span): detail rows; the query over them is in read-models.yaml")
        + "\n" + text.view(view, as: sql),
      down: "DROP VIEW \(text.table(view));")
  }

  private struct Pooled {
    let id: Int
    let expression: QueryExpression
    let source: Int?
    let isInner: Bool
  }

  /// Conditions that tie tables: those of joins, and equalities between columns in `WHERE`.
  private func pool(_ shape: QueryShape) -> [Pooled] {
    var pool: [Pooled] = []
    for (source, part) in shape.sources.enumerated() {
      for condition in part.conditions {
        pool.append(
          Pooled(id: pool.count, expression: condition, source: source, isInner: part.join != .left))
      }
    }
    for filter in shape.filters where isTie(filter) {
      pool.append(Pooled(id: pool.count, expression: filter, source: nil, isInner: true))
    }
    return pool
  }

  private func isTie(_ expression: QueryExpression) -> Bool {
    guard let (left, right) = expression.equality, let one = left.onlyColumn, let two = right.onlyColumn else {
      return false
    }
    return one.source != two.source
  }

  /// The order of the tables: with inner joins alone, the one whose rows name the others comes first, so that its rows show
  /// while a partner is still missing.
  private func order(_ shape: QueryShape) -> [Int] {
    let all = Array(shape.sources.indices)
    guard all.count > 1, all.allSatisfy({ shape.sources[$0].join != .left }) else { return all }
    let tables = context.aggregation.tables
    let partners = all.map { from in
      all.filter { $0 != from && tables.refers(shape.sources[from].table, to: shape.sources[$0].table) }
    }
    let named = Set(partners.flatMap { $0 })
    let heads = all.filter { !named.contains($0) && !partners[$0].isEmpty }
    guard let head = heads.max(by: { (partners[$0].count, $1) < (partners[$1].count, $0) }) else { return all }
    // The others follow in an order in which each is tied to one before it.
    var order = [head]
    var rest = all.filter { $0 != head }
    while !rest.isEmpty {
      let next =
        rest.first { source in
          pool(shape).contains { condition in
            condition.expression.sources.contains(source)
              && Set(condition.expression.sources).subtracting([source]).isSubset(of: Set(order))
              && condition.expression.sources.count > 1
          }
        } ?? rest[0]
      order.append(next)
      rest.removeAll { $0 == next }
    }
    return order
  }

  /// Whether every partner an inner join asks for is there.
  private func isWhole(_ shape: QueryShape, _ order: [Int]) -> String {
    let needed = order.dropFirst().filter { shape.sources[$0].join != .left }
    let tests = needed.compactMap { source -> String? in
      guard let key = context.placed(shape.sources[source].table)?.key.columns.first else { return nil }
      return "\(text.column(key, of: alias(source))) IS NOT NULL"
    }
    return tests.isEmpty ? "1" : "CASE WHEN \(tests.joined(separator: " AND ")) THEN 1 ELSE 0 END"
  }

  // MARK: The query

  /// The query over the view.
  func rewritten(_ shape: QueryShape) -> String {
    let names = Dictionary(
      columns(shape).map { ($0.piece, $0.name) }, uniquingKeysWith: { first, _ in first })
    func shown(_ source: Int, _ name: String) -> String {
      text.name(names[.column(source: source, name: context.held(name))] ?? name)
    }
    let printer = QueryPrinter(
      text: text, column: shown,
      star: { source in
        let all = columns(shape).compactMap { piece, name -> String? in
          guard case .column(let of, let column) = piece, source == nil || of == source,
            context.placed(shape.sources[of].table)?.columns.contains(where: { $0.name == column }) ?? false
          else { return nil }
          return "\(text.name(name)) AS \(text.name(column))"
        }
        return all.joined(separator: ", ")
      }, parameters: shape.parameters)
    let items = shape.items.map { item in
      if case .star? = item.expression.pieces.first { return printer.print(item.expression) }
      let label = item.name.map { " AS \(text.name(context.held($0)))" } ?? ""
      return printer.print(item.expression) + label
    }
    var sql = "SELECT \(shape.isDistinct ? "DISTINCT " : "")\(items.joined(separator: ", "))\nFROM \(text.table(view))"
    let filters = shape.filters.filter { !isTie($0) }
    sql += "\nWHERE cleave_whole = 1" + (filters.isEmpty ? "" : " AND " + printer.all(filters))
    let groups = shape.groups + dependent(shape)
    if !groups.isEmpty { sql += "\nGROUP BY " + groups.map(printer.print).joined(separator: ", ") }
    if !shape.having.isEmpty { sql += "\nHAVING " + printer.all(shape.having) }
    return sql + printer.ordering(shape.orders) + printer.paging(limit: shape.limit, offset: shape.offset)
  }

  /// Columns that follow from the key the rows are grouped by: the engine knows that of tables, not of views.
  private func dependent(_ shape: QueryShape) -> [QueryExpression] {
    let columns = shape.groups.compactMap(\.onlyColumn)
    let keyed = shape.sources.indices.filter { source in
      context.aggregation.tables.isKey(
        columns.filter { $0.source == source }.map(\.name), of: shape.sources[source].table)
    }
    var seen = Set(shape.groups)
    var found: [QueryExpression] = []
    for expression in shape.items.map(\.expression) + shape.orders.map(\.expression) where !expression.hasAggregate {
      for case .column(let source, let name) in expression.pieces where keyed.contains(source) {
        let column = QueryExpression(pieces: [.column(source: source, name: name)])
        if seen.insert(column).inserted { found.append(column) }
      }
    }
    return found
  }

  /// The query as it stands, over the live rows.
  func live(_ query: QueryText) -> String {
    query.pieces.map { piece in
      switch piece {
      case .text(let text): return text
      case .name(let name): return text.name(name)
      case .parameter(let number): return ":\(query.parameters[number].name)"
      case .table(let name, let alias):
        guard let table = context.placed(name) else { return text.name(name.text) }
        let place = context.owns(name) ? table.target : Self.liveView(table, context)
        return text.table(place) + (alias.map { " \(text.name(context.held($0)))" } ?? "")
      }
    }.joined()
  }
}

extension QueryText {
  /// Tables it names, sorted.
  var tables: [TableName] {
    Set(pieces.compactMap { piece -> TableName? in if case .table(let name, _) = piece { name } else { nil } }).sorted()
  }
}

extension QueryExpression {
  /// Whether it holds a value of the caller.
  var hasParameters: Bool { pieces.contains { if case .parameter = $0 { true } else { false } } }

  /// Whether it adds rows up.
  var hasAggregate: Bool {
    pieces.contains { piece in
      guard case .text(let text) = piece else { return false }
      return ["count", "sum", "min", "max", "avg", "group_concat", "string_agg", "array_agg"].contains(
        text.lowercased())
    }
  }
}
