package import Facts

/// What a statement is for.
package enum StatementKind: String, Hashable, Sendable, CaseIterable {
  case select, insert, replace, update, delete, merge, truncate, create, alter, drop, rename, call, copy, lock, begin,
    commit, rollback, optimize, analyze, maintenance, set, show, pragma, grant, other
}

/// One statement found in a text: what it does to which tables.
package struct SQLStatement: Hashable, Sendable {
  /// What it is for.
  package var kind: StatementKind
  /// What it does, one entry for each table and operation, in order of first appearance.
  ///
  /// A write names the columns it sets (`*` when it gives none or removes rows), a read those it looks at.
  package var accesses: [StatementAccess]
  /// Tables it joins, in order of appearance, without repeats.
  package var joins: [StatementJoin]
  /// Programs and functions it calls, lower case, in order, without repeats; those every engine has are left out.
  package var calls: [String]
  /// Whether a table position holds a hole, in whole or in part.
  package var hasUnknownTable: Bool
  /// Whether the grammar fits; false for prose that begins like a statement. Nothing else is told then.
  package var isUnderstood: Bool
  /// UTF-8 offset of its first token in the text.
  package var offset: Int
  /// Line ends before `offset`.
  package var line: Int
  /// Its text for people, masked; empty where nobody asked for it.
  package var shownText = ""
  /// Its whole text with values and holes; empty where nobody asked for it, and for anything but queries.
  package var wholeText = ""

  /// A statement with all its parts.
  package init(
    kind: StatementKind, accesses: [StatementAccess] = [], joins: [StatementJoin] = [], calls: [String] = [],
    hasUnknownTable: Bool = false, isUnderstood: Bool, offset: Int = 0, line: Int = 0
  ) {
    self.kind = kind
    self.accesses = accesses
    self.joins = joins
    self.calls = calls
    self.hasUnknownTable = hasUnknownTable
    self.isUnderstood = isUnderstood
    self.offset = offset
    self.line = line
  }
}
