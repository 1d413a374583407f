package import Basics

/// A part of an expression, in order of the text.
package enum QueryPiece: Hashable, Sendable {
  /// Keywords, operators, numbers, names of functions and types: printed as they stand.
  case text(String)
  /// A name that stood in quotes and is no column: printed in the quotes of the engine.
  case name(String)
  /// A column of the source of that index.
  case column(source: Int, name: String)
  /// `*`, or all columns of one source.
  case star(source: Int?)
  /// A value only known when the statement runs, or a literal that is not shown; index into the parameters.
  case parameter(Int)
  /// The alias of a select item, as it may stand behind `ORDER BY` and `GROUP BY`.
  case output(String)
}

/// An expression of a query.
package struct QueryExpression: Hashable, Sendable {
  /// Its parts in order.
  package var pieces: [QueryPiece]

  /// An expression of these parts.
  package init(pieces: [QueryPiece]) { self.pieces = pieces }

  /// The sources whose columns it uses, sorted.
  package var sources: [Int] {
    Set(
      pieces.compactMap { piece -> Int? in
        switch piece {
        case .column(let source, _): source
        case .star(let source): source
        case .text, .name, .parameter, .output: nil
        }
      }
    ).sorted()
  }

  /// The expression's one column when it is nothing else.
  package var onlyColumn: (source: Int, name: String)? {
    guard pieces.count == 1, case .column(let source, let name) = pieces[0] else { return nil }
    return (source, name)
  }

  /// Both sides of `a = b`; nil for anything else.
  package var equality: (left: QueryExpression, right: QueryExpression)? {
    guard let sign = pieces.firstIndex(of: .text("=")) else { return nil }
    let sides = [pieces[..<sign], pieces[(sign + 1)...]].map { part in
      QueryExpression(pieces: part.filter { $0 != .text(" ") })
    }
    guard sides.allSatisfy({ $0.pieces.count == 1 }) else { return nil }
    return (sides[0], sides[1])
  }
}

/// A value a query is given.
package struct QueryParameter: Hashable, Sendable {
  /// Where it comes from.
  package enum Origin: String, Hashable, Sendable { case placeholder, literal, code }

  /// A name without repeats in its query: letters, digits and underscores.
  package var name: String
  /// A bound parameter, a literal of the text, or text the code puts in.
  package var origin: Origin
}

/// A table of a query.
package struct QuerySource: Hashable, Sendable {
  /// How it is joined to what stands before it.
  package enum Join: String, Hashable, Sendable { case first, comma, cross, inner, left, right, full }

  /// The table as spelled.
  package var table: TableName
  /// What columns refer to it by.
  package var alias: String
  /// How it is joined.
  package var join: Join
  /// The conditions of the join, parted at `AND`.
  package var conditions: [QueryExpression]

  /// A table with its place in the query.
  package init(table: TableName, alias: String, join: Join, conditions: [QueryExpression]) {
    self.table = table
    self.alias = alias
    self.join = join
    self.conditions = conditions
  }
}

/// One `SELECT` taken apart.
package struct QueryShape: Hashable, Sendable {
  /// An item of the select list.
  package struct Item: Hashable, Sendable {
    /// What is selected.
    package var expression: QueryExpression
    /// The name of the column in the result; nil when the text gives none.
    package var name: String?

    /// An item and its name.
    package init(expression: QueryExpression, name: String?) {
      self.expression = expression
      self.name = name
    }
  }

  /// A term of `ORDER BY`.
  package struct Order: Hashable, Sendable {
    /// What is sorted by.
    package var expression: QueryExpression
    /// ` DESC`, ` ASC NULLS LAST` and the like, as it stands; empty when nothing does.
    package var direction: String

    /// A term and its direction.
    package init(expression: QueryExpression, direction: String) {
      self.expression = expression
      self.direction = direction
    }
  }

  /// Whether equal rows are shown once.
  package var isDistinct = false
  /// The select list, in order.
  package var items: [Item] = []
  /// Tables and how they are joined, in order.
  package var sources: [QuerySource] = []
  /// Conditions of `WHERE`, parted at `AND`.
  package var filters: [QueryExpression] = []
  /// Terms of `GROUP BY`.
  package var groups: [QueryExpression] = []
  /// Conditions of `HAVING`, parted at `AND`.
  package var having: [QueryExpression] = []
  /// Terms of `ORDER BY`.
  package var orders: [Order] = []
  /// How many rows at most; nil for all.
  package var limit: QueryExpression?
  /// How many rows are left out first; nil for none.
  package var offset: QueryExpression?
  /// Values that differ from call to call, in order.
  package var parameters: [QueryParameter] = []
  /// Whether an aggregate function is called.
  package var hasAggregates = false
  /// Whether rows are locked, as by `FOR UPDATE`.
  package var locksRows = false
  /// Why the query is more than one plain `SELECT`; empty when nothing was lost.
  package var obstacles: [String] = []

  /// Nothing yet.
  package init() {}

  /// Whether everything about the query is told here.
  package var isPlain: Bool { obstacles.isEmpty }
}

/// A whole query in which only the tables are marked.
package struct QueryText: Hashable, Sendable {
  /// A part of the text.
  package enum Piece: Hashable, Sendable {
    case text(String)
    /// A name in quotes.
    case name(String)
    case parameter(Int)
    /// A table, and the alias it needs when the text gives none.
    case table(TableName, alias: String?)
  }

  /// Its parts in order.
  package var pieces: [Piece]
  /// Values that differ from call to call, in order.
  package var parameters: [QueryParameter]
}
