package import Basics

/// One change of a schema, whatever language it was written in.
package enum SchemaOperation: Hashable, Sendable {
  /// A new table; when one of that name is there it stays, or is replaced when `replaces` is set.
  case createTable(Table, replaces: Bool)
  case dropTable(TableName)
  case renameTable(TableName, to: TableName)
  /// A new column at the end, or after the named one.
  case addColumn(TableName, Column)
  case dropColumn(TableName, String)
  case renameColumn(TableName, String, to: String)
  /// Another type, nullability or default of the column of that name.
  case changeColumn(TableName, Column)
  case setPrimaryKey(TableName, [String])
  case addUnique(TableName, [String], name: String?)
  case addForeignKey(TableName, ForeignKey)
  /// Removes the foreign keys over exactly these columns.
  case dropForeignKey(TableName, [String])
  /// Removes a key, unique or other constraint or index by name.
  case dropConstraint(TableName, name: String)
  /// SQL in the dialect of the engine.
  case statement(String)
}

/// A change and where it is written.
package struct PlacedOperation: Hashable, Sendable {
  /// The change.
  package var operation: SchemaOperation
  /// Where it is written.
  package var span: SourceSpan

  /// A change and where it is written.
  package init(_ operation: SchemaOperation, at span: SourceSpan) {
    self.operation = operation
    self.span = span
  }
}

/// The way one source of truth leads to a schema: a snapshot, migrations in order, or the mappings of an ORM.
package struct SchemaHistory: Hashable, Sendable {
  /// How much a source is to be trusted where several define a table; the first of these wins.
  package enum Origin: Int, Hashable, Sendable, CaseIterable, Comparable {
    /// The changes that are really applied, in order.
    case migrations
    /// A dump of their result.
    case snapshot
    /// What classes say the tables look like.
    case mapping

    package static func < (left: Origin, right: Origin) -> Bool { left.rawValue < right.rawValue }
  }

  /// The framework it comes from, as people call it: `Rails`, `Django`.
  package var framework: String
  /// What kind of source it is.
  package var origin: Origin
  /// The engine it is known to be for; nil when nothing tells.
  package var engine: EngineFamily?
  /// The changes in the order they apply.
  package var operations: [PlacedOperation]
  /// Of a mapping, the tables that are named there and do not only follow from a convention.
  package var declared: Set<TableName>

  /// A history with all its parts.
  package init(
    framework: String, origin: Origin, engine: EngineFamily? = nil, operations: [PlacedOperation],
    declared: Set<TableName> = []
  ) {
    self.framework = framework
    self.origin = origin
    self.engine = engine
    self.operations = operations
    self.declared = declared
  }
}
