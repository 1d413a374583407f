import Basics
import SQL

/// How a query is answered by asking its owners by key.
struct Composition: Hashable {
  /// Where the key of a fetch comes from.
  enum KeySource: Hashable {
    case column(source: Int, name: String)
    case parameter(Int)
  }

  /// One part of a key.
  struct Key: Hashable {
    /// Column of the table fetched.
    let column: String
    let from: KeySource
  }

  /// Rows fetched by the keys of rows that are there.
  struct Fetch: Hashable {
    /// Index of the source in the query.
    let source: Int
    /// The service asked.
    let service: String
    /// Whether the table is in the reader's own database.
    let isLocal: Bool
    /// Whether rows without a partner stay, as behind `LEFT JOIN`.
    let keepsRows: Bool
    let keys: [Key]
    /// Whether a key names one row at most.
    let isUnique: Bool
    /// How many owners are asked one after the other up to here.
    let hop: Int
  }

  /// A column of the answer.
  struct Output: Hashable {
    let name: String
    let expression: QueryExpression
  }

  /// Sources read together from the reader's own database; empty when the first fetch is by parameters.
  var root: [Int] = []
  var filters: [QueryExpression] = []
  var orders: [QueryShape.Order] = []
  var fetches: [Fetch] = []
  var outputs: [Output] = []
  /// Rows the root has at most; nil when unknown.
  var rootRows: Int?

  /// Owners asked, sorted.
  var providers: [String] { Set(fetches.filter { !$0.isLocal }.map(\.service)).sorted() }
  /// Owners asked one after the other.
  var hops: Int { fetches.map(\.hop).max() ?? 0 }

  /// Columns of a source that are needed: keys, what is answered, and what is computed from.
  func columns(of source: Int) -> [String] {
    var found: Set<String> = []
    for output in outputs { found.formUnion(output.expression.columns(of: source)) }
    for fetch in fetches {
      if fetch.source == source { found.formUnion(fetch.keys.map(\.column)) }
      for key in fetch.keys { if case .column(source, let name) = key.from { found.insert(name) } }
    }
    return found.sorted()
  }
}

extension QueryExpression {
  /// Names of the columns of one source.
  func columns(of source: Int) -> [String] {
    pieces.compactMap { piece in
      if case .column(source, let name) = piece { name } else { nil }
    }
  }

  /// The expression with columns replaced.
  func replacing(_ column: (source: Int, name: String), by other: (source: Int, name: String)) -> QueryExpression {
    QueryExpression(
      pieces: pieces.map { piece in
        piece == .column(source: column.source, name: column.name)
          ? .column(source: other.source, name: other.name) : piece
      })
  }
}

extension QueryShape {
  /// Every expression of the query.
  var expressions: [QueryExpression] {
    items.map(\.expression) + sources.flatMap(\.conditions) + filters + groups + having + orders.map(\.expression)
  }
}
