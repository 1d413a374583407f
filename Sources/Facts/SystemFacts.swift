package import Basics

/// A function, type or file of the analyzed system after linking.
package struct CodeUnit: Hashable, Sendable {
  /// What kind of unit it is.
  package enum Kind: String, Hashable, Sendable { case function, type, file, storedProgram }

  /// What kind of unit it is.
  package var kind: Kind
  /// Qualified name; for files the path.
  package var name: String
  /// Where it is defined.
  package var span: SourceSpan
  /// The type a method belongs to, qualified; empty otherwise.
  package var owner: String
  /// Whether it is code of tests: never deployed, so that what it does says nothing about boundaries and owners.
  package var isTest: Bool

  /// A unit with all its parts.
  package init(kind: Kind, name: String, span: SourceSpan, owner: String = "", isTest: Bool = false) {
    self.kind = kind
    self.name = name
    self.span = span
    self.owner = owner
    self.isTest = isTest
  }
}

/// One unit needs another.
package struct Reference: Hashable, Sendable {
  /// Why it needs it; `use` is a type that is named: by a field, a parameter, a result, a variable, or where it is made.
  package enum Kind: String, Hashable, Sendable, CaseIterable { case call, inherit, global, include, use }

  /// Index of the unit that needs.
  package var from: Int
  /// Index of the unit that is needed.
  package var to: Int
  /// Why.
  package var kind: Kind
  /// The first place that shows it.
  package var span: SourceSpan
  /// How many places show it.
  package var count: Int

  /// A reference with all its parts.
  package init(from: Int, to: Int, kind: Kind, span: SourceSpan, count: Int) {
    self.from = from
    self.to = to
    self.kind = kind
    self.span = span
    self.count = count
  }
}

/// Two tables joined by a statement of a unit.
package struct JoinFact: Hashable, Sendable {
  /// Index of the unit that runs the statement.
  package var unit: Int
  /// The joined tables.
  package var join: StatementJoin
  /// Where the statement stands.
  package var span: SourceSpan
  /// Which statement of the system it belongs to, as in `Access.statement`; -1 when unknown.
  package var statement: Int

  /// A join with all its parts.
  package init(unit: Int, join: StatementJoin, span: SourceSpan, statement: Int = -1) {
    self.unit = unit
    self.join = join
    self.span = span
    self.statement = statement
  }
}

/// A stretch of code between begin and commit.
package struct TransactionScope: Hashable, Sendable {
  /// Index of the unit that begins it.
  package var unit: Int
  /// Where it begins.
  package var span: SourceSpan
  /// Tables written inside, directly or through calls, sorted without repeats.
  package var writes: [TableName]
  /// Tables read inside, sorted without repeats.
  package var reads: [TableName]
  /// The accesses inside, in the order of the code that leads to them; empty where only the tables are known.
  package var touches: [TransactionTouch]

  /// A transaction with all its parts.
  package init(
    unit: Int, span: SourceSpan, writes: [TableName], reads: [TableName], touches: [TransactionTouch] = []
  ) {
    self.unit = unit
    self.span = span
    self.writes = writes
    self.reads = reads
    self.touches = touches
  }
}

/// One access of a transaction.
package struct TransactionTouch: Hashable, Sendable {
  /// What is done.
  package var access: Access
  /// The line of the function that begins the transaction which does it or leads to it.
  package var line: Int

  /// An access and the line that leads to it.
  package init(access: Access, line: Int) {
    self.access = access
    self.line = line
  }
}

/// A place whose SQL could not be resolved: it reaches the database, but which table is unknown.
package struct UnresolvedStatement: Hashable, Sendable {
  /// Index of the unit.
  package var unit: Int
  /// Where.
  package var span: SourceSpan
  /// What was seen, shortened; holes shown as `…`.
  package var text: String
  /// Why it stays unknown.
  package var reason: String

  /// An unresolved statement with all its parts.
  package init(unit: Int, span: SourceSpan, text: String, reason: String) {
    self.unit = unit
    self.span = span
    self.text = text
    self.reason = reason
  }
}

/// A language or framework that is used in the system and not followed.
package struct UnreadSource: Hashable, Sendable {
  /// What kind of thing it is.
  package enum Kind: String, Hashable, Sendable { case language, framework }

  /// What kind of thing it is.
  package var kind: Kind
  /// What people call it.
  package var name: String
  /// How many files use it.
  package var files: Int

  /// A source with all its parts.
  package init(kind: Kind, name: String, files: Int) {
    self.kind = kind
    self.name = name
    self.files = files
  }
}

/// How much of the input was understood.
package struct Coverage: Hashable, Sendable {
  /// Source files read.
  package var files = 0
  /// Source files that could not be read.
  package var unreadableFiles = 0
  /// Source files that were skipped because a tool wrote them: bundles and minified code.
  package var generatedFiles = 0
  /// Lines of all source files.
  package var lines = 0
  /// Lines inside functions that were read.
  package var understoodLines = 0
  /// Lines inside functions that were lost.
  package var lostLines = 0
  /// SQL statements seen in code.
  package var statements = 0
  /// SQL statements in code whose tables are all known.
  package var resolvedStatements = 0
  /// SQL statements in schema files.
  package var schemaStatements = 0
  /// SQL statements in schema files that were understood.
  package var understoodSchemaStatements = 0
  /// What is not followed, languages first, each sorted by name.
  package var unread: [UnreadSource] = []

  /// Nothing read yet.
  package init() {}
}

/// The facts of the whole system, linked across files: what the graph is built from.
package struct SystemFacts: Hashable, Sendable {
  /// Units, in order of file, line and name; other facts point here by index.
  package var units: [CodeUnit] = []
  /// References between units, sorted by from, to, kind.
  package var references: [Reference] = []
  /// Accesses sorted by place and table.
  package var accesses: [Access] = []
  /// Joins sorted by place.
  package var joins: [JoinFact] = []
  /// Transactions sorted by place.
  package var transactions: [TransactionScope] = []
  /// Where requests, messages and jobs come in, sorted by place.
  package var entryPoints: [EntryPoint] = []
  /// Text of statements by their number (`Access.statement`), literals masked and shortened; nothing where a statement has no text.
  package var statementTexts: [Int: String] = [:]
  /// Whole text of queries by their number, with values and holes: never shown, only taken apart.
  package var queryTexts: [Int: String] = [:]
  /// Statements that reach the database but could not be resolved, sorted by place.
  package var unresolved: [UnresolvedStatement] = []
  /// What connection tables are reached through, sorted by table, where that is certain.
  package var handles: [TableHandle] = []
  /// Files that change together, sorted; empty without a history.
  package var coChanges: [CoChange] = []
  /// Parts that people declared, sorted.
  package var hints: [ModuleHint] = []
  /// The final schema.
  package var catalog = Catalog()
  /// How much was understood.
  package var coverage = Coverage()
  /// Libraries that bear on how data moves and that the code imports, sorted by name.
  package var libraries: [UsedLibrary] = []
  /// Everything that went wrong, sorted.
  package var diagnostics: [Diagnostic] = []

  /// An empty system.
  package init() {}

  /// Whether the unit is code of tests. False for numbers that are no unit.
  package func isTest(_ unit: Int) -> Bool { units.indices.contains(unit) && units[unit].isTest }
}

/// The connection a table is reached through: a global object, or a type that stands for a database.
package struct TableHandle: Hashable, Sendable {
  /// The declared table.
  package var table: TableName
  /// Name of the object or type.
  package var handle: String

  /// A table and its handle.
  package init(table: TableName, handle: String) {
    self.table = table
    self.handle = handle
  }
}

/// A function where requests, messages and jobs come in.
package struct EntryPoint: Hashable, Sendable {
  /// What kind of entry it is.
  package enum Kind: String, Hashable, Sendable, CaseIterable { case route, message, job, command, main }

  /// Index into `SystemFacts.units`.
  package var unit: Int
  /// What kind of entry it is.
  package var kind: Kind
  /// What calls it: `GET /orders/{id}`, a queue, a schedule; empty when nothing is said.
  package var trigger: String
  /// Where that is said.
  package var span: SourceSpan

  /// An entry point with all its parts.
  package init(unit: Int, kind: Kind, trigger: String, span: SourceSpan) {
    self.unit = unit
    self.kind = kind
    self.trigger = trigger
    self.span = span
  }
}
