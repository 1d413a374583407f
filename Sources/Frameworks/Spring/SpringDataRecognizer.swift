import Basics
import Facts

/// Spring Data repositories: inherited methods by name, methods derived from their names, methods with a query.
///
/// A declared method that has a query of its own reads and writes what it says; those who call it do the same at the
/// place of the call. Inherited methods count at the place of the call alone.
struct SpringDataRecognizer: FrameworkRecognizer {
  let name = "Spring Data"
  let languages: Set<SourceLanguage> = [.java, .kotlin]

  let containerTypes: [String: DataReceiver] = Dictionary(
    uniqueKeysWithValues: [
      "Repository", "CrudRepository", "ListCrudRepository", "PagingAndSortingRepository",
      "ListPagingAndSortingRepository", "JpaRepository", "JpaRepositoryImplementation", "SimpleJpaRepository",
      "JpaSpecificationExecutor", "QuerydslPredicateExecutor", "QuerydslJpaRepository", "QueryByExampleExecutor",
      "ReactiveCrudRepository", "ReactiveSortingRepository", "R2dbcRepository", "CoroutineCrudRepository",
      "CoroutineSortingRepository", "PageableRepository", "GenericRepository", "RevisionRepository",
      "PanacheRepository", "PanacheRepositoryBase",
    ].map { ($0, .repository) })

  let rules: [DataRule] = [
    DataRule(
      .repository, ["findById", "findOne", "getById", "getOne", "findByIdOrNull", "findFirst", "findByIdOptional"],
      .read, .entity),
    DataRule(.repository, ["getReferenceById"], .nothing, .entity),
    DataRule(
      .repository,
      ["findAll", "findAllById", "findBy", "streamAll", "listAll", "findAllRevisions", "queryAll", "readAll"], .read,
      .entities),
    DataRule(.repository, ["count", "exists", "existsById"], .read, .value),
    DataRule(
      .repository, ["save", "saveAndFlush", "insert", "update", "persist", "persistAndFlush"], .write, .entity),
    DataRule(
      .repository, ["saveAll", "saveAllAndFlush", "insertAll", "updateAll", "persistAll", "persistAllAndFlush"], .write,
      .entities),
    DataRule(
      .repository,
      [
        "delete", "deleteById", "deleteAll", "deleteAllById", "deleteInBatch", "deleteAllInBatch",
        "deleteAllByIdInBatch",
      ], .write, .value),
  ]

  /// `@RepositoryDefinition(domainClass = Order.class, idClass = Long.class)` on an interface without a base.
  func containers(in system: SystemIndex) -> [ContainerClass] {
    system.types.compactMap { type in
      guard languages.contains(system.files[type.file].language),
        let annotation = system.type(type).annotations.first(named: "RepositoryDefinition"),
        case .type(let entity)? = annotation.argument("domainClass")
      else { return nil }
      return ContainerClass(type: type, receiver: .repository, entity: entity)
    }
  }

  func statements(in system: SystemIndex, model: EntityModel) -> [FrameworkStatement] {
    let known = Set(rules.flatMap(\.methods))
    let types = FlowTypes(
      index: system, model: model, vocabulary: Vocabulary([self], in: system), containers: containers(in: system))
    let named = NamedQueries(system)
    var found: [FrameworkStatement] = []
    for type in system.types where languages.contains(system.files[type.file].language) {
      guard system.type(type).kind == .interface else { continue }
      guard case .repository(let entity) = types.value(ofObject: type).kind else {
        found += queries(ofBase: type, types: types, system: system, model: model)
        continue
      }
      for id in system.methods(of: type) {
        let method = RepositoryMethod(id: id, entity: entity, system: system, model: model)
        if let statement = method.declared(named) {
          found.append(statement)
        } else if known.contains(method.name) {
          found += method.fetched()
        } else if let statement = method.derived() {
          found.append(statement)
        }
      }
    }
    return found
  }

  /// Queries of a base for repositories of several entities, which name the entity as `#{#entityName}`: what they do
  /// depends on the repository they are called on.
  private func queries(
    ofBase type: TypeID, types: FlowTypes, system: SystemIndex, model: EntityModel
  ) -> [FrameworkStatement] {
    let methods = system.methods(of: type).filter { id in
      system.symbols.function(id).annotations.first(named: "Query", "NativeQuery").map(RepositoryMethod.namesEntity)
        ?? false
    }
    guard !methods.isEmpty else { return [] }
    let entities = system.descendants(of: type).compactMap { below -> Int? in
      if case .repository(let entity) = types.value(ofObject: below).kind { entity } else { nil }
    }
    let named = NamedQueries(system)
    return Set(entities).sorted().flatMap { entity in
      methods.compactMap { id in
        var statement = RepositoryMethod(id: id, entity: entity, system: system, model: model).declared(named)
        statement?.receiver = entity
        return statement
      }
    }
  }
}

/// A method of a repository.
private struct RepositoryMethod {
  let id: FunctionID
  let entity: Int
  let system: SystemIndex
  let model: EntityModel
  let function: FunctionFact
  let name: String

  init(id: FunctionID, entity: Int, system: SystemIndex, model: EntityModel) {
    self.id = id
    self.entity = entity
    self.system = system
    self.model = model
    function = system.symbols.function(id)
    name = NameWords.lastPart(function.name)
  }

  private var entityName: String {
    let found = model.entities[entity]
    return found.mapping.entityName.isEmpty
      ? NameWords.lastPart(system.type(found.type).name) : found.mapping.entityName
  }

  private func statement(_ content: FrameworkStatement.Content, line: Int, via: String) -> FrameworkStatement {
    FrameworkStatement(
      content: content, function: id, file: id.file, line: line, confidence: .exact, via: via, reachesCallers: true)
  }

  private static let entityMarks = ["#{#entityName}", "#{ #entityName }"]

  /// Whether a query names the entity of the repository it is called on.
  static func namesEntity(_ query: AnnotationFact) -> Bool {
    query.arguments.contains { argument in
      var pending = [argument]
      while let next = pending.popLast() {
        if case .text(let text) = next, entityMarks.contains(where: text.contains) { return true }
        pending += next.parts
      }
      return false
    }
  }

  /// What an annotation, or a query of that name elsewhere, says.
  func declared(_ named: NamedQueries) -> FrameworkStatement? {
    if let annotation = function.annotations.first(named: "Query", "NativeQuery") {
      guard let value = annotation.argument("value"),
        let text = AnnotationText.text(value, from: id.file, in: system)
      else { return nil }
      let query = Self.entityMarks.reduce(text) { $0.replacing($1, with: entityName) }
      let isNative =
        annotation.argument("nativeQuery") == .literal("true") || NameWords.lastPart(annotation.name) == "NativeQuery"
        || isPlain(annotation)
      return statement(
        isNative ? .sql(AnnotationText.withoutExpressions(query)) : .entityQuery(query), line: annotation.line,
        via: "annotation:Query")
    }
    if let procedure = function.annotations.first(named: "Procedure") {
      let called = procedure.text("value") ?? procedure.text("procedureName") ?? name
      return statement(.sql("call \(called)()"), line: procedure.line, via: "annotation:Procedure")
    }
    if let query = named.query(entityName + "." + name) {
      return statement(
        query.isNative ? .sql(query.text) : .entityQuery(query.text), line: function.lines.lowerBound,
        via: "named-query")
    }
    return nil
  }

  /// Queries of Spring Data JDBC and R2DBC are SQL.
  private func isPlain(_ annotation: AnnotationFact) -> Bool {
    system.files[id.file].imports.contains {
      $0.local == annotation.name && ($0.path.contains(".data.jdbc.") || $0.path.contains(".data.r2dbc."))
    }
  }

  /// Related rows that an inherited method fetches as well.
  func fetched() -> [FrameworkStatement] {
    let paths = graph.flatMap { $0.split(separator: ".").map(String.init).prefix(1) }
    return Array(Set(paths.compactMap { model.target(of: $0, in: entity)?.entity })).sorted().map {
      statement(.entity($0, .read, properties: ["*"]), line: function.lines.lowerBound, via: "annotation:EntityGraph")
    }
  }

  /// The paths of an entity graph.
  private var graph: [String] {
    guard let value = function.annotations.first(named: "EntityGraph")?.argument("attributePaths") else { return [] }
    return JPAMapper.items(value).compactMap(\.literalText)
  }

  /// What the name says: `findByCustomerNameAndStatus`.
  func derived() -> FrameworkStatement? {
    guard function.isAbstract, let parts = DerivedQuery(name) else { return nil }
    var paths: [String] = []
    for property in parts.properties {
      guard let path = path(property, in: entity, depth: 0) else { continue }
      paths.append("e." + path.joined(separator: ".") + " = ?1")
    }
    let joins = graph.map { " join e.\($0)" }.joined()
    let condition = paths.isEmpty ? "" : " where " + paths.joined(separator: " and ")
    let text = (parts.isDelete ? "delete from " : "select e from ") + entityName + " e" + joins + condition
    return statement(.entityQuery(text), line: function.lines.lowerBound, via: "derived")
  }

  /// The path of properties that a name such as `CustomerAddressCity` means: the longest first part wins.
  private func path(_ text: String, in entity: Int, depth: Int) -> [String]? {
    guard depth < 6, !text.isEmpty else { return nil }
    let words = Self.words(text)
    for length in stride(from: words.count, through: 1, by: -1) {
      let head = words[..<length].joined()
      let name = head.prefix(1).lowercased() + head.dropFirst()
      let isKnown = model.entities[entity].properties[name] != nil || model.target(of: name, in: entity) != nil
      guard isKnown || model.entities[entity].properties[head] != nil else { continue }
      let property = isKnown ? name : head
      if length == words.count { return [property] }
      guard let next = model.target(of: property, in: entity)?.entity else { continue }
      let rest = words[length...].joined()
      if let tail = path(rest, in: next, depth: depth + 1) { return [property] + tail }
    }
    return nil
  }

  /// `CustomerName_Last` → `Customer`, `Name`, `Last`.
  private static func words(_ text: String) -> [String] {
    var words: [String] = []
    for character in text {
      if character == "_" {
        words.append("")
      } else if character.isUppercase || words.isEmpty {
        if words.last == "" { words[words.count - 1] = String(character) } else { words.append(String(character)) }
      } else {
        words[words.count - 1].append(character)
      }
    }
    return words.filter { !$0.isEmpty }
  }
}

/// The parts of a method name that is a query: `deleteByStatusAndCreatedBefore`.
struct DerivedQuery {
  let isDelete: Bool
  /// Names of properties or paths, as written.
  let properties: [String]

  private static let subjects = [
    "find", "read", "get", "query", "search", "stream", "count", "exists", "delete", "remove",
  ]
  /// Ends of conditions, longest first.
  private static let endings = [
    "IsGreaterThanEqual", "GreaterThanEqual", "IsLessThanEqual", "LessThanEqual", "IsNotContaining", "NotContaining",
    "IsStartingWith", "StartingWith", "IsGreaterThan", "MatchesRegex", "IsEndingWith", "IsContaining", "EndingWith",
    "GreaterThan", "IsNotEmpty", "Containing", "NotContains", "StartsWith", "IsNotLike", "IsNotNull", "IsBetween",
    "IsLessThan", "IgnoreCase", "NotEmpty", "IsWithin", "EndsWith", "LessThan", "Contains", "IsBefore", "NotLike",
    "NotNull", "Between", "IsNotIn", "IsAfter", "IsEmpty", "IsFalse", "Matches", "IsNear", "IsLike", "IsNull", "IsTrue",
    "Within", "Before", "Exists", "Equals", "IsNot", "NotIn", "After", "Empty", "False", "Regex", "IsIn", "Near",
    "Like", "Null", "True", "Not", "In", "Is",
  ]

  /// Nil when the name does not begin like a query, or has no condition.
  init?(_ name: String) {
    guard let subject = Self.subjects.first(where: { name.hasPrefix($0) }),
      let by = Self.range(of: "By", in: name, from: subject.count)
    else { return nil }
    isDelete = subject == "delete" || subject == "remove"
    var condition = String(name[by.upperBound...])
    var found: [String] = []
    if let order = Self.range(of: "OrderBy", in: condition, from: 0) {
      for part in Self.split(String(condition[order.upperBound...]), at: ["Asc", "Desc"]) { found.append(part) }
      condition = String(condition[..<order.lowerBound])
    }
    if condition.hasSuffix("AllIgnoreCase") { condition.removeLast("AllIgnoreCase".count) }
    for part in Self.split(condition, at: ["And", "Or"]) {
      var part = part
      if part.hasSuffix("IgnoreCase") { part.removeLast("IgnoreCase".count) }
      if let ending = Self.endings.first(where: { part.hasSuffix($0) && part.count > $0.count }) {
        part.removeLast(ending.count)
      }
      found.append(part)
    }
    properties = found
  }

  /// The first place of a word that another word, or nothing, follows.
  private static func range(of word: String, in text: String, from start: Int) -> Range<String.Index>? {
    var index = text.index(text.startIndex, offsetBy: start)
    while index < text.endIndex {
      if text[index...].hasPrefix(word) {
        let end = text.index(index, offsetBy: word.count)
        if end == text.endIndex || text[end].isUppercase { return index..<end }
      }
      index = text.index(after: index)
    }
    return nil
  }

  private static func split(_ text: String, at words: [String]) -> [String] {
    var parts: [String] = []
    var rest = text
    while !rest.isEmpty {
      let next = words.compactMap { range(of: $0, in: rest, from: min(1, rest.count)) }
        .min { $0.lowerBound < $1.lowerBound }
      guard let next else { break }
      parts.append(String(rest[..<next.lowerBound]))
      rest = String(rest[next.upperBound...])
    }
    return (parts + [rest]).filter { !$0.isEmpty }
  }
}

/// Texts in annotations.
enum AnnotationText {
  /// A literal, a constant, or several of them put together.
  static func text(_ value: Value, from file: Int, in system: SystemIndex, depth: Int = 0) -> String? {
    guard depth < 8 else { return nil }
    switch value {
    case .text(let text): return text
    case .join(let parts):
      return parts.reduce(into: "" as String?) { all, part in
        guard let text = text(part, from: file, in: system, depth: depth + 1) else { return all = nil }
        all? += text
      }
    case .list(let items): return items.first.flatMap { text($0, from: file, in: system, depth: depth + 1) }
    case .name(let name):
      guard let (fact, home) = system.symbols.constant(named: name, from: file) else { return nil }
      return text(fact.value, from: home, in: system, depth: depth + 1)
    case .literal, .type, .field, .call, .member, .either, .element, .operation, .closure, .opaque: return nil
    }
  }

  /// SQL with `#{…}` as parameters.
  static func withoutExpressions(_ text: String) -> String {
    guard text.contains("#{") else { return text }
    var result = ""
    var depth = 0
    var previous: Character = " "
    for character in text {
      if depth == 0, previous == "#", character == "{" {
        result.removeLast()
        result += "?"
        depth = 1
      } else if depth > 0 {
        if character == "{" { depth += 1 }
        if character == "}" { depth -= 1 }
      } else {
        result.append(character)
      }
      previous = character
    }
    return result
  }
}

/// Queries that entities declare under a name.
struct NamedQueries {
  private var queries: [String: (text: String, isNative: Bool)] = [:]

  init(_ system: SystemIndex) {
    for type in system.types {
      for annotation in system.type(type).annotations { add(annotation, file: type.file, system) }
    }
    for (_, root) in system.documents where root.name == "entity-mappings" || root.name == "hibernate-mapping" {
      for node in root.children + root.children.flatMap(\.children) {
        guard let name = node.attribute("name") else { continue }
        if node.name == "named-query" { queries[name] = (node.child("query")?.content ?? "", false) }
        if node.name == "named-native-query" { queries[name] = (node.child("query")?.content ?? "", true) }
        if node.name == "query" { queries[name] = (node.content, false) }
        if node.name == "sql-query" { queries[name] = (node.content, true) }
      }
    }
  }

  private mutating func add(_ annotation: AnnotationFact, file: Int, _ system: SystemIndex) {
    switch NameWords.lastPart(annotation.name) {
    case "NamedQuery", "NamedNativeQuery":
      guard let name = annotation.text("name"), let value = annotation.argument("query"),
        let text = AnnotationText.text(value, from: file, in: system)
      else { return }
      queries[name] = (text, NameWords.lastPart(annotation.name) == "NamedNativeQuery")
    case "NamedQueries", "NamedNativeQueries":
      guard let value = annotation.argument("value") else { return }
      for item in JPAMapper.items(value) {
        if let inner = JPAMapper.annotation(item, line: annotation.line) { add(inner, file: file, system) }
      }
    default: return
    }
  }

  func query(_ name: String) -> (text: String, isNative: Bool)? { queries[name] }

  var isEmpty: Bool { queries.isEmpty }
}
