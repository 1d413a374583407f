import Basics
import Facts

/// What a column is used for, as far as joins and writes care.
enum UseRole: UInt8, Sendable {
  /// Only fetched.
  case select
  /// In the condition of an explicit join.
  case on
  /// Filters, sorts or groups rows.
  case filter
  /// Sorts or groups; may name an alias of the select list.
  case order
  /// Inside an aggregate function.
  case aggregate
  /// Receives a value.
  case set
}

/// A column met in an expression, not yet tied to a table.
struct ColumnUse: Sendable {
  var scope: Int
  /// Token before the last dot, or -1.
  var qualifier: Int
  /// Token of the column, or -1 for `*`.
  var name: Int
  var role: UseRole
  /// The source it surely belongs to, or -1.
  var source = -1
  /// The joined source whose condition it stands in, or -1.
  var joined = -1
}

/// A table, derived table or table function in a `FROM` list, or the target of a write.
struct Source: Sendable {
  var scope: Int
  /// Index into the tables of the statement; -1 for derived tables and functions.
  var table: Int
  var operation = AccessOperation.read
  /// Token of the alias, or -1.
  var alias = -1
  /// Token of the last part of the name, or -1.
  var name = -1
  /// The scope of a derived table or common table expression, or -1.
  var derived = -1
  /// Set when the source turned out to repeat another one.
  var isVoid = false
  /// Whether every column is written.
  var writesAll = false
}

/// One `SELECT`, or one write statement, as a place where names are looked up.
struct Scope: Sendable {
  var parent: Int
  /// Whether rows of the parent are filtered or extended by this one.
  var filtersParent: Bool
  /// Tokens of select-list aliases.
  var aliases: [Int] = []
  /// Sources that stand in it, in order.
  var sources: [Int] = []
}

/// What the parser learns about a statement before names are resolved.
struct StatementFacts: Sendable {
  var tables: [TableName] = []
  var sources: [Source] = []
  var scopes: [Scope] = []
  var uses: [ColumnUse] = []
  /// Pairs of uses that stand on both sides of an equals sign.
  var equalities: [(left: Int, right: Int)] = []
  /// Scopes of common table expressions by lower-case name; a later one hides an earlier one.
  var expressions: [String: Int] = [:]
  /// Accesses and joins found in nested texts: routine bodies, prepared statements.
  var nestedAccesses: [StatementAccess] = []
  var nestedJoins: [StatementJoin] = []
  /// First and last tokens of the names of called functions and programs, and names found in nested texts.
  var calls: [(first: Int, last: Int)] = []
  var nestedCalls: [String] = []
  var hasUnknownTable = false
  /// Indices of tables by name, once there are many.
  private var tableIndices: [TableName: Int] = [:]

  /// Tables of a statement up to which a plain search is faster.
  private static let fewTables = 8

  /// Opens a scope and returns its index.
  mutating func openScope(parent: Int, filtersParent: Bool = false) -> Int {
    scopes.append(Scope(parent: parent, filtersParent: filtersParent))
    return scopes.count - 1
  }

  /// Adds a source to its scope and returns its index.
  mutating func add(_ source: Source) -> Int {
    sources.append(source)
    scopes[source.scope].sources.append(sources.count - 1)
    return sources.count - 1
  }

  /// The index of a table name.
  mutating func table(named name: String) -> Int {
    let table = TableName(name)
    if tables.count <= Self.fewTables {
      if let index = tables.firstIndex(of: table) { return index }
    } else if let index = tableIndices[table] {
      return index
    }
    tables.append(table)
    if tables.count > Self.fewTables {
      if tableIndices.isEmpty { for (index, table) in tables.enumerated() { tableIndices[table] = index } }
      tableIndices[table] = tables.count - 1
    }
    return tables.count - 1
  }
}
