import Basics
import Facts

/// Classes that stand for tables, and tables that are made without classes.
struct SQLAlchemyModels {
  /// A class with a table, or one that lends its columns.
  struct Class {
    var type: TypeID
    /// Nil for bases and mixins, and for classes in the table of their base.
    var table: String?
    var isDeclared = false
    var columns: [(attribute: String, column: SQLAlchemyColumn)] = []
    var relations: [Relation] = []
    var uniques: [[String]] = []
    var constraints: [Value] = []
  }

  /// `lines = relationship("Line", back_populates="order")`
  struct Relation {
    var name: String
    var target: String
    /// Nil when only the keys tell.
    var isMany: Bool?
    var secondary: String?
    var reverseName: String
    var cascades: Bool
    var line: Int
  }

  let index: SystemIndex
  let columns: SQLAlchemyColumns
  private(set) var classes: [Class] = []
  private(set) var places: [TypeID: Int] = [:]
  /// Whether classes are written in the style of the second version.
  private var usesAnnotations = false
  /// Tables without classes, by the name of the constant they are kept in.
  private(set) var tables: [(name: String, table: Table)] = []

  private static let columnCalls: Set<String> = ["Column", "mapped_column", "Field", "deferred", "column_property"]
  private static let packages: Set<String> = [
    "sqlalchemy", "sqlmodel", "flask_sqlalchemy", "sqlalchemy_utils", "advanced_alchemy", "gino",
  ]

  init(_ index: SystemIndex) {
    self.index = index
    columns = SQLAlchemyColumns(index: index)
    let files = Set(index.files.indices.filter { Self.imports(index.files[$0]) })
    var mapped: Set<TypeID> = []
    for type in index.types where index.files[type.file].language == .python {
      if isMapped(type, files: files) { mapped.insert(type) }
    }
    for type in Array(mapped).sorted() {
      mapped.formUnion(index.ancestors(of: type).filter { lends($0, files: files) })
    }
    usesAnnotations = index.files.contains { facts in
      facts.language == .python
        && facts.imports.contains {
          $0.symbol == "Mapped" || $0.symbol == "mapped_column" || $0.symbol == "DeclarativeBase"
        }
    }
    for type in mapped.sorted() { read(type) }
    readTables(files)
  }

  private static func imports(_ facts: FileFacts) -> Bool {
    facts.language == .python && facts.imports.contains { packages.contains(String($0.path.prefix { $0 != "." })) }
  }

  /// Whether a class has a table: it says its name, or it is derived from what names it by itself.
  private func isMapped(_ type: TypeID, files: Set<Int>) -> Bool {
    let fact = index.type(type)
    let known = [type] + index.ancestors(of: type)
    guard known.contains(where: { files.contains($0.file) || isModel($0) }) else { return false }
    if fact.fields.contains(where: { $0.name == "__abstract__" && $0.value == .literal("true") }) { return false }
    if fact.fields.contains(where: { $0.name == "__tablename__" || $0.name == "__table__" }) { return true }
    if isTableModel(fact) { return true }
    let base = known.contains { isModel($0) || isDeclarativeBase($0) }
    let hasKey = fact.fields.contains { Self.isColumn($0.value) }
    return base && !isDeclarativeBase(type) && (hasKey || index.ancestors(of: type).contains { isNamed($0) })
  }

  /// `class Order(SQLModel, table=True)`
  private func isTableModel(_ fact: TypeFact) -> Bool {
    fact.annotations.first { $0.name == "class" }?.arguments.entry("table") == .literal("true")
  }

  private func isNamed(_ type: TypeID) -> Bool {
    index.type(type).fields.contains { $0.name == "__tablename__" } || namingMethod(of: type) != nil || isModel(type)
  }

  /// `db.Model` of Flask-SQLAlchemy.
  private func isModel(_ type: TypeID) -> Bool {
    index.type(type).bases.contains { base in
      guard base.hasSuffix(".Model") else { return false }
      let first = String(base.prefix { $0 != "." })
      guard case .call(let callee, _, _)? = index.symbols.constant(named: first, from: type.file)?.fact.value else {
        return false
      }
      return callee == "SQLAlchemy"
    }
  }

  private func isDeclarativeBase(_ type: TypeID) -> Bool {
    index.type(type).bases.contains { base in
      let last = NameWords.lastPart(base)
      if last == "DeclarativeBase" || last == "DeclarativeBaseNoMeta" || last == "SQLModel" { return true }
      guard case .call(let callee, _, _)? = index.symbols.constant(named: base, from: type.file)?.fact.value else {
        return false
      }
      return callee == "declarative_base" || callee == "automap_base" || callee == "generate_base"
    }
  }

  private func lends(_ type: TypeID, files: Set<Int>) -> Bool {
    files.contains(type.file) || index.type(type).fields.contains { Self.isColumn($0.value) }
  }

  static func isColumn(_ value: Value) -> Bool {
    guard case .call(let callee, _, _) = value else { return false }
    return columnCalls.contains(callee)
  }

  // MARK: Names

  private func namingMethod(of type: TypeID) -> FunctionFact? {
    index.methods(of: type).map { index.symbols.function($0) }.first { $0.name.hasSuffix(".__tablename__") }
  }

  private func tableName(of type: TypeID) -> (name: String, isDeclared: Bool)? {
    let fact = index.type(type)
    if let field = fact.fields.first(where: { $0.name == "__tablename__" }) {
      return DjangoValues.text(field.value, file: type.file, index: index).map { ($0, true) }
    }
    if let field = fact.fields.first(where: { $0.name == "__table__" }) {
      if case .call("Table", _, let arguments) = field.value { return arguments.first?.literalText.map { ($0, true) } }
      guard case .name(let name) = field.value,
        case .call("Table", _, let arguments)? = index.symbols.constant(named: name, from: type.file)?.fact.value
      else { return nil }
      return arguments.first?.literalText.map { ($0, true) }
    }
    let name = NameWords.lastPart(fact.name)
    for owner in [type] + index.ancestors(of: type) {
      if let method = namingMethod(of: owner) { return computed(method, name).map { ($0, false) } }
    }
    if isTableModel(fact) { return (name.lowercased(), false) }
    let bases = [type] + index.ancestors(of: type)
    // A subclass without a key of its own is kept in the table of its base.
    let isFirst = !index.ancestors(of: type).contains { isMapped($0, files: [$0.file]) }
    guard bases.contains(where: isModel), isFirst else { return nil }
    return (Self.snake(name), false)
  }

  /// What a method makes of the name of the class: `return cls.__name__.lower() + "s"`.
  private func computed(_ method: FunctionFact, _ name: String) -> String? {
    let results = method.events.compactMap { placed -> Value? in
      if case .result(let value) = placed.event { value } else { nil }
    }
    return results.first.flatMap { Self.text($0, name, depth: 0) }
  }

  private static func text(_ value: Value, _ name: String, depth: Int) -> String? {
    guard depth < 6 else { return nil }
    switch value {
    case .text(let text): return text
    case .name("this.__name__"): return name
    case .call("lower", let inner?, _): return text(inner, name, depth: depth + 1)?.lowercased()
    case .join(let parts):
      let texts = parts.compactMap { text($0, name, depth: depth + 1) }
      return texts.count == parts.count ? texts.joined() : nil
    // What functions make of it is mostly words with `_` between them.
    case .call(_, _, let arguments) where arguments.contains(.name("this.__name__")): return snake(name)
    case .literal, .name, .type, .field, .call, .list, .member, .either, .element, .operation, .closure, .opaque:
      return nil
    }
  }

  /// `OrderLine` is `order_line`, as Flask-SQLAlchemy does it.
  static func snake(_ name: String) -> String { NameWords.split(name).joined(separator: "_") }

  // MARK: Classes

  private mutating func read(_ type: TypeID) {
    let fact = index.type(type)
    var found = Class(type: type)
    let isAbstract = fact.fields.contains { $0.name == "__abstract__" && $0.value == .literal("true") }
    if !isAbstract, isMapped(type, files: [type.file]), let (name, isDeclared) = tableName(of: type) {
      found.table = name
      found.isDeclared = isDeclared
    }
    for field in fact.fields { read(field, type, into: &found) }
    for id in index.methods(of: type) { readAttribute(index.symbols.function(id), type, into: &found) }
    if let value = fact.fields.first(where: { $0.name == "__table_args__" })?.value, case .list(let items) = value {
      found.constraints = items
    }
    if case .call("Table", _, let arguments)? = fact.fields.first(where: { $0.name == "__table__" })?.value {
      for case .call("Column", _, let parts) in arguments {
        if let column = columns.column(parts, name: nil, file: type.file) {
          found.columns.append((column.column.name, column))
        }
      }
    }
    places[type] = classes.count
    classes.append(found)
  }

  private func read(_ field: FieldFact, _ type: TypeID, into found: inout Class) {
    let isOptional = field.type.isEmpty ? nil : field.annotations.contains { $0.name == "optional" }
    switch field.value {
    case .call(let callee, _, let arguments)
    where callee == "relationship" || callee == "relation" || callee == "Relationship":
      found.relations.append(relation(field, arguments, file: type.file))
    case .call(let callee, _, let arguments) where callee == "deferred" || callee == "column_property":
      guard case .call("Column", _, let inner)? = arguments.first,
        let column = columns.column(inner, name: field.name, file: type.file)
      else { return }
      found.columns.append((field.name, column))
    case .call(let callee, _, var arguments) where Self.columnCalls.contains(callee):
      if callee == "Field" {
        if case .call("Column", _, let inner)? = arguments.entry("sa_column") { arguments = inner }
        if let length = arguments.entry("max_length") {
          arguments.append(.call(callee: "String", receiver: nil, arguments: [length]))
        }
        arguments.removeAll { if case .literal = $0 { true } else { false } }
      }
      let isSaid = callee == "mapped_column" || callee == "Field"
      guard
        let column = columns.column(
          arguments, name: field.name, annotation: field.type.isEmpty ? nil : field.type,
          isOptional: isSaid ? isOptional : nil, file: type.file)
      else { return }
      found.columns.append((field.name, column))
    case .text, .literal, .name, .type, .field, .call, .join, .list, .member, .either, .element, .operation, .closure,
      .opaque:
      // `name: Mapped[str]` and, in SQLModel, `name: str`.
      let isMappedType = field.type.hasPrefix("Mapped<")
      guard isMappedType || (isTableModel(index.type(type)) && !field.type.isEmpty) else { return }
      let (arguments, annotation) = shared(field.type, file: type.file)
      guard
        let column = columns.column(
          arguments, name: field.name, annotation: annotation ?? field.type, isOptional: isOptional, file: type.file),
        !column.column.type.isEmpty
      else { return }
      found.columns.append((field.name, column))
    }
  }

  /// What `Mapped[key]` stands for where `key = Annotated[int, mapped_column(primary_key=True)]`.
  private func shared(_ type: String, file: Int) -> (arguments: [Value], annotation: String?) {
    guard let name = TypeName(type).arguments.first,
      case .element(_, .list(let parts))? = index.symbols.constant(named: name, from: file)?.fact.value
    else { return ([], nil) }
    var arguments: [Value] = []
    var annotation: String?
    for part in parts {
      if case .call("mapped_column", _, let inner) = part { arguments += inner }
      if case .name(let plain) = part, annotation == nil { annotation = plain }
    }
    return (arguments, annotation)
  }

  /// `@declared_attr def owner_id(cls): return Column(…)`
  private func readAttribute(_ method: FunctionFact, _ type: TypeID, into found: inout Class) {
    guard method.annotations.first(named: "declared_attr", "directive", "cascading") != nil else { return }
    let name = NameWords.lastPart(method.name)
    for placed in method.events {
      guard case .result(let value) = placed.event else { continue }
      read(FieldFact(name: name, value: value, line: placed.line), type, into: &found)
    }
  }

  private func relation(_ field: FieldFact, _ arguments: [Value], file: Int) -> Relation {
    var target = ""
    switch arguments.positional.first ?? arguments.entry("argument") {
    case .text(let text)?: target = text
    case .name(let name)?: target = name
    case .closure(_, .name(let name))?: target = name
    case .literal?, .type?, .field?, .call?, .join?, .list?, .member?, .either?, .element?, .operation?, .closure?,
      .opaque?, nil:
      break
    }
    let annotation = TypeName(field.type)
    let inner = annotation.simple == "Mapped" ? TypeName(annotation.arguments.first ?? "") : annotation
    let isList = ["List", "list", "Set", "set", "Sequence"].contains(inner.simple)
    if target.isEmpty { target = isList ? inner.arguments.first ?? "" : inner.head }
    var isMany: Bool? = field.type.isEmpty ? nil : isList
    if arguments.entry("uselist") == .literal("false") { isMany = false }
    var reverse = ""
    switch arguments.entry("backref") {
    case .text(let text)?: reverse = text
    case .call(_, _, let parts)?: reverse = parts.first?.literalText ?? ""
    case .literal?, .name?, .type?, .field?, .join?, .list?, .member?, .either?, .element?, .operation?, .closure?,
      .opaque?, nil:
      break
    }
    let cascade = arguments.entry("cascade")?.literalText ?? ""
    return Relation(
      name: field.name, target: target, isMany: isMany, secondary: secondary(arguments, file: file),
      reverseName: reverse,
      cascades: cascade.contains("all") || cascade.contains("delete"), line: field.line)
  }

  private func secondary(_ arguments: [Value], file: Int) -> String? {
    let value = arguments.entry("secondary") ?? arguments.entry("link_model")
    switch value {
    case .text(let text)?:
      if case .call("Table", _, let inner)? = index.symbols.constant(named: text, from: file)?.fact.value {
        return inner.first?.literalText
      }
      return text
    case .name(let name)?:
      if let type = index.resolve(name, from: file) { return tableName(of: type)?.name }
      guard case .call("Table", _, let inner)? = index.symbols.constant(named: name, from: file)?.fact.value else {
        return nil
      }
      return inner.first?.literalText
    case .literal?, .type?, .field?, .call?, .join?, .list?, .member?, .either?, .element?, .operation?, .closure?,
      .opaque?, nil:
      return nil
    }
  }

  // MARK: Tables without classes

  private mutating func readTables(_ files: Set<Int>) {
    for file in files.sorted() {
      for constant in index.files[file].constants {
        guard case .call("Table", _, let arguments) = constant.value, let name = arguments.first?.literalText else {
          continue
        }
        let span = SourceSpan(file: index.files[file].file, line: constant.line)
        let table = columns.table(name, Array(arguments.dropFirst()), file: file, span: span)
        guard !table.columns.isEmpty else { continue }
        tables.append((NameWords.lastPart(constant.name), table))
      }
    }
  }

  /// Columns of a class in the order of its table. Since its second version SQLAlchemy puts those of the class first,
  /// before that came those it is lent.
  func stored(_ found: Class) -> [(attribute: String, column: SQLAlchemyColumn)] {
    let bases = index.ancestors(of: found.type).compactMap { places[$0] }.map { classes[$0] }
    let lenders = bases.filter { $0.table == nil }
    let order = usesAnnotations ? [found] + lenders : lenders.reversed() + [found]
    var all: [(attribute: String, column: SQLAlchemyColumn)] = []
    for owner in order {
      for column in arranged(owner) {
        let place = all.firstIndex { $0.column.column.name == column.column.column.name }
        guard let place else {
          all.append(column)
          continue
        }
        if owner.type == found.type { all[place] = column }
      }
    }
    return all
  }

  /// Columns of one class in the order SQLAlchemy meets them: attributes with values and attributes with annotations
  /// are two lists, merged where they hold the same names.
  private func arranged(_ found: Class) -> [(attribute: String, column: SQLAlchemyColumn)] {
    guard usesAnnotations else { return found.columns }
    let fields = index.type(found.type).fields
    let methods = index.methods(of: found.type).map { index.symbols.function($0) }
    var valued = fields.filter { $0.value != .opaque }.map { (name: $0.name, line: $0.line) }
    valued += methods.map { (name: NameWords.lastPart($0.name), line: $0.lines.lowerBound) }
    valued.sort { $0.line < $1.line }
    let annotated = fields.filter { !$0.type.isEmpty }.map(\.name)
    let names = Self.merged(valued.map(\.name), annotated)
    let ranks = Dictionary(names.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
    return found.columns.enumerated().sorted {
      (ranks[$0.element.attribute] ?? names.count, $0.offset) < (ranks[$1.element.attribute] ?? names.count, $1.offset)
    }.map(\.element)
  }

  /// Goes through one list up to a name of both, then on in the other. From `merge_lists_w_ordering` of SQLAlchemy.
  private static func merged(_ first: [String], _ second: [String]) -> [String] {
    var overlap = Set(first).intersection(second)
    var result: [String] = []
    var current = first[...]
    var other = second[...]
    while let name = current.popFirst() {
      if overlap.remove(name) != nil {
        swap(&current, &other)
      } else {
        result.append(name)
      }
      if current.isEmpty { swap(&current, &other) }
    }
    return result
  }

  /// The class a class shares its table with, or whose rows hold a part of its own.
  func base(_ found: Class) -> Class? {
    index.ancestors(of: found.type).lazy.compactMap { places[$0] }.map { classes[$0] }.first { $0.table != nil }
  }
}
