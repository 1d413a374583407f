package import Basics

/// A column of a table in the final schema.
package struct Column: Hashable, Sendable {
  /// The declared spelling without quotes.
  package var name: String
  /// The type as declared, lower case, white space collapsed, e.g. `varchar(64)` or `int(10) unsigned`.
  package var type: String
  /// Whether NULL is accepted; false for primary key columns.
  package var isNullable: Bool
  /// The default expression as written, if any.
  package var defaultExpression: String?
  /// Whether the engine fills it: identity, serial, AUTO_INCREMENT.
  package var isGenerated: Bool

  /// A column with all its parts.
  package init(
    name: String, type: String, isNullable: Bool, defaultExpression: String? = nil, isGenerated: Bool = false
  ) {
    self.name = name
    self.type = type
    self.isNullable = isNullable
    self.defaultExpression = defaultExpression
    self.isGenerated = isGenerated
  }
}

/// What happens to referencing rows when a referenced row is deleted.
package enum ReferentialAction: String, Hashable, Sendable {
  case noAction, restrict, cascade, setNull, setDefault
}

/// When a foreign key is checked.
package enum KeyTiming: String, Hashable, Sendable {
  /// With every statement.
  case immediate
  /// With every statement, unless a transaction asks for its end.
  case deferrable
  /// At the end of the transaction.
  case deferred
}

/// A foreign key of a table.
package struct ForeignKey: Hashable, Sendable {
  /// The constraint name, if declared.
  package var name: String?
  /// Referencing columns in key order.
  package var columns: [String]
  /// The referenced table.
  package var target: TableName
  /// Referenced columns in key order; filled from the target's primary key when the declaration leaves them out.
  package var targetColumns: [String]
  /// `ON DELETE` action.
  package var onDelete: ReferentialAction
  /// `ON UPDATE` action.
  package var onUpdate: ReferentialAction
  /// When it is checked.
  package var timing: KeyTiming
  /// Whether all its columns must be NULL when one is: `MATCH FULL`.
  package var isMatchedFull: Bool
  /// Where it was declared.
  package var span: SourceSpan

  /// A foreign key with all its parts.
  package init(
    name: String?, columns: [String], target: TableName, targetColumns: [String], onDelete: ReferentialAction,
    onUpdate: ReferentialAction = .noAction, timing: KeyTiming = .immediate, isMatchedFull: Bool = false,
    span: SourceSpan
  ) {
    self.name = name
    self.columns = columns
    self.target = target
    self.targetColumns = targetColumns
    self.onDelete = onDelete
    self.onUpdate = onUpdate
    self.timing = timing
    self.isMatchedFull = isMatchedFull
    self.span = span
  }
}

/// A table of the final schema.
package struct Table: Hashable, Sendable {
  /// The declared name.
  package var name: TableName
  /// Columns in ordinal order.
  package var columns: [Column]
  /// Primary key columns in key order; empty when there is none.
  package var primaryKey: [String]
  /// Unique keys, each with its columns in key order.
  package var uniqueKeys: [[String]]
  /// Foreign keys in order of declaration.
  package var foreignKeys: [ForeignKey]
  /// Where the table was created.
  package var source: SourceSpan
  /// The files whose changes created or altered it, sorted without repeats; empty where only the result is known.
  package var changedIn: [RepoPath] = []

  /// A table with all its parts.
  package init(
    name: TableName, columns: [Column] = [], primaryKey: [String] = [], uniqueKeys: [[String]] = [],
    foreignKeys: [ForeignKey] = [], source: SourceSpan
  ) {
    self.name = name
    self.columns = columns
    self.primaryKey = primaryKey
    self.uniqueKeys = uniqueKeys
    self.foreignKeys = foreignKeys
    self.source = source
  }

  /// The column of that name, compared without case.
  package func column(named name: String) -> Column? {
    let key = name.lowercased()
    return columns.first { $0.name.lowercased() == key }
  }
}

/// A view, trigger or stored routine: code that lives in the database and reads or writes tables unseen by the source.
package struct StoredProgram: Hashable, Sendable {
  /// What kind of program it is.
  package enum Kind: String, Hashable, Sendable { case view, trigger, routine }

  /// What kind of program it is.
  package var kind: Kind
  /// Declared name without quotes.
  package var name: String
  /// The table a trigger watches.
  package var table: TableName?
  /// What its body does to tables.
  package var accesses: [StatementAccess]
  /// Programs and functions it calls, lower case, as spelled without quotes, sorted; those of the engine left out.
  package var calls: [String]
  /// Statements it builds at run time whose tables are unknown, in order; what is not known of them are holes.
  package var unresolved: [String]
  /// Where it was declared.
  package var source: SourceSpan

  /// A stored program with all its parts.
  package init(
    kind: Kind, name: String, table: TableName?, accesses: [StatementAccess], calls: [String] = [],
    unresolved: [String] = [], source: SourceSpan
  ) {
    self.kind = kind
    self.name = name
    self.table = table
    self.accesses = accesses
    self.calls = calls
    self.unresolved = unresolved
    self.source = source
  }
}

/// Which family of engine a schema or statement is written for; `h2` stands for HSQLDB and Derby too.
package enum EngineFamily: String, Hashable, Sendable, CaseIterable {
  case h2, mysql, oracle, postgres, sqlite, sqlserver
}

/// The final schema after every file was replayed in order.
package struct Catalog: Hashable, Sendable {
  /// Tables sorted by name.
  package var tables: [Table]
  /// Views, triggers, routines sorted by kind and name.
  package var programs: [StoredProgram]
  /// The engine the schema is written for, judged by its own syntax.
  package var engine: EngineFamily

  /// A catalog with all its parts; sorts them.
  package init(tables: [Table] = [], programs: [StoredProgram] = [], engine: EngineFamily = .mysql) {
    self.tables = tables.sorted { $0.name < $1.name }
    self.programs = programs.sorted { ($0.kind.rawValue, $0.name) < ($1.kind.rawValue, $1.name) }
    self.engine = engine
  }
}
