import Basics
import Facts

/// A column as code of SQLAlchemy writes it.
struct SQLAlchemyColumn: Hashable {
  var column: Column
  var isPrimary = false
  var isUnique = false
  /// What it leads to: table, column, what happens on removal.
  var target: Target?

  struct Target: Hashable {
    var table: String
    var column: String
    var onDelete: ReferentialAction
  }
}

/// Reads columns and constraints from the calls that make them.
struct SQLAlchemyColumns {
  let index: SystemIndex

  /// Types as PostgreSQL has them. From the type compilers of SQLAlchemy's PostgreSQL dialect.
  private static let types: [String: String] = [
    "Integer": "integer", "INTEGER": "integer", "INT": "integer", "SmallInteger": "smallint", "SMALLINT": "smallint",
    "BigInteger": "bigint", "BIGINT": "bigint", "String": "varchar", "VARCHAR": "varchar", "Unicode": "varchar",
    "NVARCHAR": "varchar", "AutoString": "varchar", "CHAR": "char", "Text": "text", "TEXT": "text",
    "UnicodeText": "text",
    "Boolean": "boolean", "BOOLEAN": "boolean", "DateTime": "timestamp", "DATETIME": "timestamp",
    "TIMESTAMP": "timestamp", "Date": "date", "DATE": "date", "Time": "time", "TIME": "time", "Interval": "interval",
    "INTERVAL": "interval", "Numeric": "numeric", "NUMERIC": "numeric", "DECIMAL": "numeric",
    "Float": "double precision", "FLOAT": "double precision", "Double": "double precision",
    "DOUBLE_PRECISION": "double precision", "DOUBLE": "double precision", "REAL": "real", "LargeBinary": "bytea",
    "BYTEA": "bytea", "BLOB": "bytea", "PickleType": "bytea", "JSON": "json", "JSONB": "jsonb", "UUID": "uuid",
    "Uuid": "uuid", "UUIDType": "uuid", "GUID": "uuid", "HSTORE": "hstore", "INET": "inet", "CIDR": "cidr",
    "MACADDR": "macaddr", "TSVECTOR": "tsvector", "CITEXT": "citext", "MONEY": "money", "OID": "oid", "BIT": "bit",
    "ARROW": "timestamp", "EmailType": "varchar(255)", "URLType": "text", "JSONType": "json",
    "ArrowType": "timestamp without time zone", "INT4RANGE": "int4range", "TSTZRANGE": "tstzrange",
    "DATERANGE": "daterange", "NUMRANGE": "numrange",
  ]
  /// What annotations of attributes come to.
  private static let annotations: [String: String] = [
    "int": "integer", "str": "varchar", "bool": "boolean", "float": "double precision", "bytes": "bytea",
    "datetime": "timestamp without time zone", "date": "date", "time": "time without time zone",
    "timedelta": "interval", "Decimal": "numeric", "UUID": "uuid",
  ]
  private static let maximumDepth = 5

  // MARK: Types

  /// The type `value` names; nil when it is none.
  func type(_ value: Value, file: Int, depth: Int = 0) -> String? {
    guard depth < Self.maximumDepth else { return nil }
    switch value {
    case .name(let name): return named(NameWords.lastPart(name), [], whole: name, file: file, depth: depth)
    case .call("with_variant", let base?, _): return type(base, file: file, depth: depth + 1)
    case .call("as_mutable", _, let arguments):
      return arguments.first.flatMap { type($0, file: file, depth: depth + 1) }
    case .call(let callee, _, let arguments): return named(callee, arguments, whole: callee, file: file, depth: depth)
    case .text, .literal, .type, .field, .join, .list, .member, .either, .element, .operation, .closure, .opaque:
      return nil
    }
  }

  private func named(_ name: String, _ arguments: [Value], whole: String, file: Int, depth: Int) -> String? {
    let positional = arguments.positional
    switch name {
    case "Enum", "ENUM", "ChoiceType": return enumeration(arguments, file: file)
    case "ARRAY", "Array":
      return positional.first.flatMap { type($0, file: file, depth: depth + 1) }.map { $0 + "[]" }
    default: break
    }
    guard let known = Self.types[name] else { return decorated(whole, file: file, depth: depth) }
    switch known {
    case "varchar", "char":
      let length = number(arguments.entry("length") ?? positional.first, file: file)
      return length.map { "\(known)(\($0))" } ?? (known == "char" ? "char(1)" : known)
    case "numeric":
      let digits = number(arguments.entry("precision") ?? positional.first, file: file)
      let scale = number(arguments.entry("scale") ?? (positional.count > 1 ? positional[1] : nil), file: file)
      return digits.map { digits in "numeric(\(digits)\(scale.map { "," + $0 } ?? ""))" } ?? known
    case "timestamp", "time":
      let zone = arguments.entry("timezone") ?? positional.first
      return "\(known) \(zone == .literal("true") ? "with" : "without") time zone"
    default: return known
    }
  }

  /// The name of an enumeration: said, or that of its class in lower case.
  private func enumeration(_ arguments: [Value], file: Int) -> String {
    if arguments.entry("native_enum") == .literal("false") { return "varchar" }
    if let name = arguments.entry("name")?.literalText { return name.lowercased() }
    if case .name(let name)? = arguments.positional.first { return NameWords.lastPart(name).lowercased() }
    return "enum"
  }

  /// A class of the system that decorates a type: `impl = CHAR(32)`, or one derived from a known type.
  private func decorated(_ name: String, file: Int, depth: Int) -> String? {
    guard let type = index.resolve(name, from: file), index.files[type.file].language == .python else { return nil }
    if let impl = index.field("impl", of: type) {
      return self.type(impl.field.value, file: impl.owner.file, depth: depth + 1)
    }
    for base in index.type(type).bases {
      if let known = Self.types[NameWords.lastPart(base)] { return known }
    }
    return nil
  }

  private func number(_ value: Value?, file: Int) -> String? {
    switch value {
    case .literal(let digits)? where digits != "null": return digits
    case .name(let name)?:
      guard case .literal(let digits)? = index.symbols.constant(named: name, from: file)?.fact.value else { return nil }
      return digits
    case .text?, .literal?, .type?, .field?, .call?, .join?, .list?, .member?, .either?, .element?, .operation?,
      .closure?, .opaque?, nil:
      return nil
    }
  }

  // MARK: Columns

  /// The column of `Column("name", String(20), ForeignKey("t.id"), nullable=False)`. `name` and `annotation` are those
  /// of the attribute it is given to.
  func column(
    _ arguments: [Value], name: String?, annotation: String? = nil, isOptional: Bool? = nil, file: Int
  ) -> SQLAlchemyColumn? {
    var positional = arguments.positional[...]
    var name = arguments.entry("name")?.literalText ?? name
    if let first = positional.first, let text = DjangoValues.text(first, file: file, index: index) {
      name = text
      positional = positional.dropFirst()
    }
    guard let name else { return nil }
    let kinds = Array(positional) + [arguments.entry("type_"), arguments.entry("sa_type")].compactMap { $0 }
    var type = kinds.lazy.compactMap { self.type($0, file: file) }.first
    if type == nil, let annotation { type = self.annotation(annotation, file: file) }
    var found = SQLAlchemyColumn(column: Column(name: name, type: type ?? "", isNullable: true))
    found.isPrimary = arguments.entry("primary_key") == .literal("true")
    found.isUnique = arguments.entry("unique") == .literal("true")
    found.target =
      kinds.lazy.compactMap { self.target($0, file: file) }.first
      ?? arguments.entry("foreign_key").flatMap { self.target(text: $0.literalText, .noAction) }
    found.column.isNullable =
      arguments.entry("nullable").map { $0 == .literal("true") } ?? ((isOptional ?? true) && !found.isPrimary)
    if found.isPrimary { found.column.isNullable = false }
    return found
  }

  /// The type an annotation comes to: `Mapped[int]`, an enumeration of the system.
  func annotation(_ text: String, file: Int) -> String? {
    let name = TypeName(text)
    if name.simple == "Mapped" || name.simple == "WriteOnlyMapped" {
      return name.arguments.first.flatMap { annotation($0, file: file) }
    }
    if let known = Self.annotations[name.simple] { return known }
    if name.simple == "Literal" { return "varchar" }
    guard let type = index.resolve(name.head, from: file), index.type(type).kind == .enum else { return nil }
    return NameWords.lastPart(index.type(type).name).lowercased()
  }

  /// `ForeignKey("orders.id", ondelete="CASCADE")`, `ForeignKey(Order.id)`.
  private func target(_ value: Value, file: Int) -> SQLAlchemyColumn.Target? {
    guard case .call("ForeignKey", _, let arguments) = value, let first = arguments.positional.first else { return nil }
    let rule = Self.action(arguments.entry("ondelete"))
    if let text = DjangoValues.text(first, file: file, index: index) { return target(text: text, rule) }
    guard case .name(let name) = first else { return nil }
    let parts = name.split(separator: ".").map(String.init).filter { $0 != "c" }
    guard parts.count > 1, let column = parts.last else { return nil }
    let owner = parts.dropLast().joined(separator: ".")
    if let type = index.resolve(owner, from: file),
      let table = index.field("__tablename__", of: type)?.field.value.literalText
    {
      return SQLAlchemyColumn.Target(table: table, column: column, onDelete: rule)
    }
    guard case .call("Table", _, let inner)? = index.symbols.constant(named: owner, from: file)?.fact.value,
      let table = inner.first?.literalText
    else { return nil }
    return SQLAlchemyColumn.Target(table: table, column: column, onDelete: rule)
  }

  private func target(text: String?, _ rule: ReferentialAction) -> SQLAlchemyColumn.Target? {
    let parts = (text ?? "").split(separator: ".").map(String.init)
    guard parts.count > 1 else { return nil }
    return SQLAlchemyColumn.Target(table: parts[parts.count - 2], column: parts[parts.count - 1], onDelete: rule)
  }

  static func action(_ value: Value?) -> ReferentialAction {
    switch value?.literalText?.uppercased() {
    case "CASCADE": .cascade
    case "SET NULL": .setNull
    case "SET DEFAULT": .setDefault
    case "RESTRICT": .restrict
    default: .noAction
    }
  }

  // MARK: Tables

  /// What `Table("orders", metadata, Column(…), …)` and `op.create_table("orders", …)` make of their arguments.
  func table(_ name: String, _ items: [Value], file: Int, span: SourceSpan) -> Table {
    var table = Table(name: TableName(name), source: span)
    var columns: [SQLAlchemyColumn] = []
    for item in items {
      guard case .call(let callee, _, let arguments) = item else { continue }
      if callee == "Column" || callee == "column",
        let column = column(arguments, name: nil, file: file)
      {
        columns.append(column)
      }
    }
    Self.add(columns, to: &table)
    for item in items { constraint(item, to: &table) }
    return table
  }

  /// Adds columns with the keys they say themselves.
  static func add(_ columns: [SQLAlchemyColumn], to table: inout Table) {
    let counts = columns.filter(\.isPrimary).count
    for found in columns where table.column(named: found.column.name) == nil {
      var column = found.column
      let isNumber = column.type == "integer" || column.type == "bigint" || column.type == "smallint"
      column.isGenerated = found.isPrimary && counts == 1 && isNumber && found.target == nil
      table.columns.append(column)
      if found.isPrimary { table.primaryKey.append(column.name) }
      if found.isUnique { table.uniqueKeys.append([column.name]) }
      if let target = found.target {
        table.foreignKeys.append(
          ForeignKey(
            name: nil, columns: [column.name], target: TableName(target.table), targetColumns: [target.column],
            onDelete: target.onDelete, span: table.source))
      }
    }
  }

  /// `PrimaryKeyConstraint("id")`, `UniqueConstraint("a", "b")`, `ForeignKeyConstraint(["a"], ["t.id"])`.
  func constraint(_ value: Value, to table: inout Table) {
    guard case .call(let callee, _, let arguments) = value else { return }
    let names = arguments.positional.compactMap { if case .text(let text) = $0 { text } else { nil } }
    switch callee {
    case "PrimaryKeyConstraint":
      table.primaryKey = names
      for place in table.columns.indices where names.contains(table.columns[place].name) {
        table.columns[place].isNullable = false
      }
    case "UniqueConstraint": if !names.isEmpty { table.uniqueKeys.append(names) }
    case "ForeignKeyConstraint":
      guard arguments.count > 1, case .list(let own) = arguments[0], case .list(let others) = arguments[1] else {
        return
      }
      let targets = others.compactMap(\.literalText).map { $0.split(separator: ".").map(String.init) }
      guard let first = targets.first, first.count > 1 else { return }
      table.foreignKeys.append(
        ForeignKey(
          name: arguments.entry("name")?.literalText, columns: own.compactMap(\.literalText),
          target: TableName(first[first.count - 2]),
          targetColumns: targets.compactMap(\.last), onDelete: Self.action(arguments.entry("ondelete")),
          span: table.source))
    default: return
    }
  }
}
