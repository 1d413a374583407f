/// A place in the source.
package struct ReportPlace: JSONObject, Hashable, Comparable, Sendable {
  /// Path relative to the repository.
  package var file = ""
  /// Line from 1; 0 when only the file is known.
  package var line = 0

  package init() {}

  /// A place.
  package init(file: String, line: Int) {
    self.file = file
    self.line = line
  }

  /// `file:line`, or the file alone when the line is unknown.
  package var text: String { line > 0 ? "\(file):\(line)" : file }

  package static func < (left: ReportPlace, right: ReportPlace) -> Bool {
    left.file == right.file ? left.line < right.line : left.file < right.file
  }

  package mutating func fields<Map: FieldMap>(_ map: inout Map) throws(Map.Failure) {
    try map.field("file", &file)
    try map.field("line", &line)
  }
}

/// A column of the final schema.
package struct ReportColumn: JSONObject, Hashable, Sendable {
  /// Declared name.
  package var name = ""
  /// Whether NULL is accepted.
  package var nullable = true
  /// Declared type.
  package var type = ""

  package init() {}

  /// A column.
  package init(name: String, type: String, nullable: Bool) {
    self.name = name
    self.type = type
    self.nullable = nullable
  }

  package mutating func fields<Map: FieldMap>(_ map: inout Map) throws(Map.Failure) {
    try map.field("name", &name)
    try map.field("nullable", &nullable)
    try map.field("type", &type)
  }
}

/// A foreign key.
package struct ReportForeignKey: JSONObject, Hashable, Sendable {
  /// Referencing columns.
  package var columns: [String] = []
  /// What happens on delete: noAction, restrict, cascade, setNull, setDefault.
  package var onDelete = "noAction"
  /// Where it is declared.
  package var source = ReportPlace()
  /// The referenced table.
  package var target = ""
  /// Referenced columns.
  package var targetColumns: [String] = []

  package init() {}

  /// A foreign key.
  package init(
    columns: [String], target: String, targetColumns: [String], onDelete: String = "noAction",
    source: ReportPlace = ReportPlace()
  ) {
    self.columns = columns
    self.target = target
    self.targetColumns = targetColumns
    self.onDelete = onDelete
    self.source = source
  }

  /// `a+b->t(x+y)`, the public spelling.
  package var text: String {
    columns.joined(separator: "+") + "->" + target + "(" + targetColumns.joined(separator: "+") + ")"
  }

  package mutating func fields<Map: FieldMap>(_ map: inout Map) throws(Map.Failure) {
    try map.field("columns", &columns)
    try map.field("onDelete", &onDelete)
    try map.field("source", &source)
    try map.field("target", &target)
    try map.field("targetColumns", &targetColumns)
  }
}

/// A table of the final schema.
package struct ReportTable: JSONObject, Hashable, Sendable {
  /// Columns in ordinal order.
  package var columns: [ReportColumn] = []
  /// Foreign keys in order of declaration.
  package var foreignKeys: [ReportForeignKey] = []
  /// Declared name.
  package var name = ""
  /// Primary key columns in key order.
  package var primaryKey: [String] = []
  /// Where it is created.
  package var source = ReportPlace()

  package init() {}

  /// A table.
  package init(
    name: String, columns: [ReportColumn], primaryKey: [String], foreignKeys: [ReportForeignKey], source: ReportPlace
  ) {
    self.name = name
    self.columns = columns
    self.primaryKey = primaryKey
    self.foreignKeys = foreignKeys
    self.source = source
  }

  package mutating func fields<Map: FieldMap>(_ map: inout Map) throws(Map.Failure) {
    try map.field("columns", &columns)
    try map.field("foreignKeys", &foreignKeys)
    try map.field("name", &name)
    try map.field("primaryKey", &primaryKey)
    try map.field("source", &source)
  }
}

/// A view, trigger or routine: code inside the database.
package struct ReportProgram: JSONObject, Hashable, Sendable {
  /// view, trigger or routine.
  package var kind = ""
  /// Declared name.
  package var name = ""
  /// Tables it reads, sorted.
  package var reads: [String] = []
  /// Where it is declared.
  package var source = ReportPlace()
  /// The table a trigger watches; empty otherwise.
  package var table = ""
  /// Tables it writes, sorted.
  package var writes: [String] = []

  package init() {}

  package mutating func fields<Map: FieldMap>(_ map: inout Map) throws(Map.Failure) {
    try map.field("kind", &kind)
    try map.field("name", &name)
    try map.field("reads", &reads)
    try map.field("source", &source)
    try map.field("table", &table)
    try map.field("writes", &writes)
  }
}

/// Two tables joined by statements.
package struct ReportJoin: JSONObject, Hashable, Sendable {
  /// How many statements join them.
  package var count = 0
  /// The table whose name sorts first.
  package var left = ""
  /// First place.
  package var place = ReportPlace()
  /// The other table.
  package var right = ""

  package init() {}

  /// A joined pair.
  package init(left: String, right: String, count: Int, place: ReportPlace) {
    self.left = left
    self.right = right
    self.count = count
    self.place = place
  }

  package mutating func fields<Map: FieldMap>(_ map: inout Map) throws(Map.Failure) {
    try map.field("count", &count)
    try map.field("left", &left)
    try map.field("place", &place)
    try map.field("right", &right)
  }
}
