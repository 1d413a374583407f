package import Basics

/// What is done to a table.
package enum AccessOperation: String, Hashable, Sendable, Comparable, CaseIterable {
  case read, write, ddl

  package static func < (left: AccessOperation, right: AccessOperation) -> Bool { left.rawValue < right.rawValue }
}

/// How sure an access is.
package enum Confidence: String, Hashable, Sendable, CaseIterable, Comparable {
  /// Literal SQL, or a resolved mapping.
  case exact
  /// Partly built SQL, or a convention.
  case inferred
  /// Name evidence only.
  case guessed

  private var rank: Int {
    switch self {
    case .exact: 0
    case .inferred: 1
    case .guessed: 2
    }
  }

  package static func < (left: Confidence, right: Confidence) -> Bool { left.rank < right.rank }
}

/// What one SQL statement does to one table.
package struct StatementAccess: Hashable, Sendable {
  /// The table as spelled in the statement, without quotes.
  package var table: TableName
  /// What is done.
  package var operation: AccessOperation
  /// The columns named for that table, sorted without repeats; `*` when the statement takes all of them.
  package var columns: [String]

  /// What a statement does to `table`.
  package init(table: TableName, operation: AccessOperation, columns: [String] = []) {
    self.table = table
    self.operation = operation
    self.columns = columns
  }
}

/// Two tables one statement joins.
package struct StatementJoin: Hashable, Sendable {
  /// The table whose name sorts first.
  package var left: TableName
  /// The other table.
  package var right: TableName
  /// Whether the statement filters, sorts or aggregates by columns of more than one table.
  package var needsBothSides: Bool

  /// A join; the sides are put in name order.
  package init(left: TableName, right: TableName, needsBothSides: Bool) {
    self.left = min(left, right)
    self.right = max(left, right)
    self.needsBothSides = needsBothSides
  }
}

/// One place where a code unit touches a table.
package struct Access: Hashable, Sendable {
  /// Index into `SystemFacts.units`.
  package var unit: Int
  /// The table as declared in the catalog, or as spelled when the catalog does not know it.
  package var table: TableName
  /// Whether the catalog declares the table.
  package var isDeclared: Bool
  /// What is done.
  package var operation: AccessOperation
  /// Where the statement or the call stands.
  package var span: SourceSpan
  /// How sure it is.
  package var confidence: Confidence
  /// The rule that found it, such as `literal`, `folded`, `builder`, `registry`; and through what, after a colon.
  package var via: String
  /// Columns touched, sorted; `*` for all; empty when unknown.
  package var columns: [String]
  /// Whether it runs inside a loop of its unit.
  package var inLoop: Bool
  /// Which statement of the system it belongs to: accesses with the same number come from one statement.
  package var statement: Int

  /// What `via` ends with where a column is only written because another row is: a time that is touched, a count.
  package static let echoMark = ":echo"

  /// Whether the row is only written because another one is. That is a write, and says nothing of who owns the table.
  package var isEcho: Bool { via.hasSuffix(Access.echoMark) }

  /// An access with all its parts.
  package init(
    unit: Int, table: TableName, isDeclared: Bool, operation: AccessOperation, span: SourceSpan,
    confidence: Confidence, via: String, columns: [String], inLoop: Bool, statement: Int
  ) {
    self.unit = unit
    self.table = table
    self.isDeclared = isDeclared
    self.operation = operation
    self.span = span
    self.confidence = confidence
    self.via = via
    self.columns = columns
    self.inLoop = inLoop
    self.statement = statement
  }
}
