import Facts

/// The rules of all frameworks, by language, for quick look-up.
struct Vocabulary {
  private struct Key: Hashable {
    var language: SourceLanguage
    var receiver: DataReceiver
    var method: String
  }

  private var rules: [Key: [(rule: DataRule, framework: Int)]] = [:]
  private var prefixes: [Key: [(prefix: String, rule: DataRule, framework: Int)]] = [:]
  private var containers: [SourceLanguage: [String: DataReceiver]] = [:]
  private var sessions: [SourceLanguage: Set<String>] = [:]
  private var members: [SourceLanguage: Set<String>] = [:]
  private let frameworks: [any FrameworkRecognizer]
  private let tracking: [String: Set<FunctionID>]

  /// The rules of `frameworks`.
  init(_ frameworks: [any FrameworkRecognizer], in system: SystemIndex) {
    self.frameworks = frameworks
    tracking = Dictionary(
      frameworks.filter(\.tracksChanges).compactMap { framework in
        framework.tracking(in: system).map { (framework.name, $0) }
      }, uniquingKeysWith: { first, _ in first })
    for (number, framework) in frameworks.enumerated() {
      for language in framework.languages {
        for rule in framework.rules {
          for method in rule.methods {
            if method.hasSuffix("*") {
              prefixes[Key(language: language, receiver: rule.receiver, method: ""), default: []].append(
                (String(method.dropLast()), rule, number))
              continue
            }
            rules[Key(language: language, receiver: rule.receiver, method: method), default: []].append((rule, number))
          }
        }
        containers[language, default: [:]].merge(framework.containerTypes) { first, _ in first }
        sessions[language, default: []].formUnion(framework.sessionTypes)
        members[language, default: []].formUnion(framework.queryMembers)
      }
    }
  }

  /// What a method does when called on a receiver of that kind; where several frameworks say something about it, that of
  /// the entity does, else the first.
  func rule(
    _ method: String, on receiver: DataReceiver, in language: SourceLanguage, of entity: EntityMapping? = nil
  ) -> DataRule? {
    func isOwn(_ framework: Int) -> Bool { frameworks[framework].name == entity?.framework }
    if let exact = rules[Key(language: language, receiver: receiver, method: method)] {
      return exact.count == 1 ? exact[0].rule : (exact.first { isOwn($0.framework) } ?? exact.first)?.rule
    }
    let known = prefixes[Key(language: language, receiver: receiver, method: "")]?.filter {
      method.hasPrefix($0.prefix) && method.utf8.count > $0.prefix.utf8.count
    }
    return known.flatMap { found in (found.first { isOwn($0.framework) } ?? found.first)?.rule }
  }

  /// What a value of a generic type is that holds rows of its first type argument.
  func container(_ type: String, in language: SourceLanguage) -> DataReceiver? { containers[language]?[type] }

  /// Names of the types that hold rows, for classes derived from them.
  func containers(in language: SourceLanguage) -> Set<String> { Set((containers[language] ?? [:]).keys) }

  func isSession(_ type: String, in language: SourceLanguage) -> Bool { sessions[language]?.contains(type) ?? false }

  func sessions(in language: SourceLanguage) -> Set<String> { sessions[language] ?? [] }

  /// Whether a member of an entity type or session leads to its rows.
  func isQueryMember(_ name: String, in language: SourceLanguage) -> Bool {
    members[language]?.contains(name) ?? false
  }

  /// Whether the framework of an entity has a unit of work that keeps track of fetched objects.
  func hasUnitOfWork(_ mapping: EntityMapping) -> Bool {
    frameworks.first { $0.name == mapping.framework }?.tracksChanges ?? false
  }

  /// Whether the framework of an entity writes changes of fetched objects by itself.
  func tracksChanges(_ mapping: EntityMapping, of object: FlowValue, in function: FunctionID) -> Bool {
    guard hasUnitOfWork(mapping) else { return false }
    guard let functions = tracking[mapping.framework] else { return true }
    return object.isFetched && functions.contains(function)
  }

  /// Whether the framework of an entity fetches its relations when they are asked for.
  func loadsRelations(_ mapping: EntityMapping) -> Bool {
    frameworks.first { $0.name == mapping.framework }?.loadsRelations ?? true
  }

  /// Whether the framework of an entity writes its collections and cascading relations together with it.
  func spreadsWrites(_ mapping: EntityMapping) -> Bool {
    frameworks.first { $0.name == mapping.framework }?.spreadsWrites ?? false
  }

  /// Whether it matters who fetched an object.
  var limitsTracking: Bool { !tracking.isEmpty }

  /// Methods of collections and of what may hold one value, in every language: what they give back.
  static func passing(_ method: String) -> Passing? { passings[method] }

  /// Whether a method of a collection puts something in or takes it out.
  static func isFilling(_ method: String) -> Bool { fillings.contains(method) }

  private static let fillings: Set<String> = [
    "add", "addAll", "remove", "removeAll", "removeIf", "clear", "put", "putAll", "set", "addFirst", "addLast", "push",
    "retainAll", "plusAssign", "minusAssign",
  ]

  /// What a method of a collection gives back.
  enum Passing { case element, same }

  private static let passings: [String: Passing] = {
    var table: [String: Passing] = [:]
    for name in [
      "get", "orElse", "orElseThrow", "orElseGet", "orElseNull", "getOrNull", "first", "First", "last", "firstOrNull",
      "single", "find", "findFirst", "findAny", "pop", "shift", "at", "next", "iterator", "getFirst", "getLast",
      "remove",
      "FirstOrDefault", "SingleOrDefault", "Single", "Last", "ElementAt", "sample", "elementAt", "block", "join",
      "unwrap",
    ] { table[name] = .element }
    for name in [
      "stream", "parallelStream", "filter", "sorted", "distinct", "limit", "skip", "collect", "toList", "toSet",
      "subList",
      "sort", "slice", "reverse", "reject", "select", "compact", "uniq", "to_a", "to_ary", "ToList", "ToArray",
      "AsEnumerable",
      "Where", "OrderBy", "asSequence", "peek", "sortedBy", "sort_by", "take", "drop", "concat", "values", "each",
      "forEach",
      "toArray", "tap", "presence", "let", "also", "apply", "run", "then", "freeze", "dup", "copy", "ToListAsync",
      "reversed",
    ] { table[name] = .same }
    return table
  }()
}
