import Basics
import Decomposition
import Facts
import SQL

/// Every query that crosses the cut, decided once for the whole plan.
struct Aggregation {
  let queries: [CrossQuery]
  let lookups: [KeyLookup]
  let endpoints: BatchEndpoints
  let tables: QueryTables
  private let byPlace: [String: [CrossQuery]]

  init(system: SystemFacts, proposal: Proposal, serviceOf: [TableName: String]) {
    let finder = QueryFinder(system: system, proposal: proposal, serviceOf: serviceOf)
    queries = finder.queries()
    lookups = finder.lookups()
    tables = finder.tables
    endpoints = BatchEndpoints(queries: queries, lookups: lookups, tables: finder.tables)
    byPlace = Dictionary(grouping: queries) { $0.span.description }
  }

  /// The queries answered in the database of a service.
  func queries(of service: String) -> [CrossQuery] { queries.filter { $0.home == service } }

  /// The hardest query at a place that joins the tables: what decides the seam there. R3c is harder than R3b than R3a.
  func query(at span: SourceSpan, joining table: TableName, _ other: TableName?) -> CrossQuery? {
    let here = (byPlace[span.description] ?? []).filter { query in
      query.tables.contains(table) && (other.map(query.tables.contains) ?? true)
    }
    return here.max { ($0.rule, $1.name) < ($1.rule, $0.name) }
  }

  /// Columns of a table whose names stand anywhere in a text: more than are used, and none is missed.
  private func words(of text: QueryText, naming table: TableName) -> [String] {
    var words: Set<String> = []
    for piece in text.pieces {
      switch piece {
      case .text("*"): return ["*"]
      case .text(let word), .name(let word): words.insert(word.lowercased())
      case .parameter, .table: break
      }
    }
    return tables.columns(of: table).filter { words.contains($0.lowercased()) }
  }

  /// Columns of a table the read models of a service need, in the spelling of the declaration; `*` for all.
  func columns(of table: TableName, for service: String) -> Set<String> {
    var needed: Set<String> = []
    for query in queries(of: service) where query.tables.contains(table) {
      guard let shape = query.shape, shape.isPlain else {
        if let text = query.text { needed.formUnion(words(of: text, naming: table)) }
        continue
      }
      for (source, part) in shape.sources.enumerated() where part.table == table {
        for expression in shape.expressions {
          needed.formUnion(expression.columns(of: source))
          let takesAll = expression.pieces.contains {
            if case .star(let of) = $0 { of == nil || of == source } else { false }
          }
          if takesAll { needed.insert("*") }
        }
      }
    }
    return needed
  }
}
