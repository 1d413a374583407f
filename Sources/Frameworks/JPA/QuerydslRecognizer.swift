import Basics
import Facts

/// Querydsl over JPA: generated classes `QOrder` that stand for entities.
struct QuerydslRecognizer: FrameworkRecognizer {
  let name = "Querydsl"
  let languages: Set<SourceLanguage> = [.java, .kotlin]

  private static let reading: Set<String> = [
    "selectFrom", "from", "join", "innerJoin", "leftJoin", "rightJoin", "fullJoin", "where", "findAll", "findOne",
    "count", "exists", "orderBy", "select",
  ]
  private static let writing: Set<String> = ["update", "delete"]

  func statements(in system: SystemIndex, model: EntityModel) -> [FrameworkStatement] {
    var found: [FrameworkStatement] = []
    for (file, facts) in system.files.enumerated() where languages.contains(facts.language) {
      guard facts.imports.contains(where: { $0.path.contains("querydsl") }) else { continue }
      for (index, function) in facts.functions.enumerated() {
        var names: [String: Int] = [:]
        for (parameter, type) in zip(function.parameters, function.parameterTypes) {
          names[parameter] = entity(ofClass: type, model)
        }
        for placed in function.events {
          switch placed.event {
          case .declare(let name, let type, let value):
            names[name] = entity(ofClass: type, model) ?? path(value, names, facts, system, file, model)?.entity
          case .call(let call):
            for text in queries(call, names, facts, system, file, model) {
              found.append(
                FrameworkStatement(
                  content: .entityQuery(text), function: FunctionID(file: file, index: index), file: file,
                  line: placed.line, confidence: .exact, via: "querydsl"))
            }
          case .assign, .append, .result, .mention, .enterBranch, .nextBranch, .enterLoop, .enterScope, .leave: continue
          }
        }
      }
    }
    return found
  }

  /// What a call does, as queries over entity names.
  private func queries(
    _ call: CallFact, _ names: [String: Int], _ facts: FileFacts, _ system: SystemIndex, _ file: Int,
    _ model: EntityModel
  ) -> [String] {
    guard call.receiver != nil else { return [] }
    let isWrite = Self.writing.contains(call.callee)
    guard isWrite || Self.reading.contains(call.callee) else { return [] }
    let isCondition = !["selectFrom", "from", "join", "innerJoin", "leftJoin", "rightJoin", "fullJoin"].contains(
      call.callee)
    var found: [String] = []
    var next = isWrite || !isCondition ? Array(call.arguments.prefix(call.callee == "from" ? 8 : 1)) : call.arguments
    while let value = next.popLast() {
      guard let (entity, rest) = path(value, names, facts, system, file, model) else {
        if isCondition { next += value.parts }
        continue
      }
      let name = entityName(entity, model, system)
      if isWrite {
        found.append("delete from \(name) e")
      } else if !isCondition || rest.count > 1 {
        // A path that leads along a relation joins it; one that does not says nothing new.
        found.append("select e from \(name) e" + (rest.isEmpty ? "" : " where e.\(rest.joined(separator: ".")) = 1"))
      }
    }
    return found.sorted()
  }

  private func entityName(_ entity: Int, _ model: EntityModel, _ system: SystemIndex) -> String {
    let found = model.entities[entity]
    return found.mapping.entityName.isEmpty
      ? NameWords.lastPart(system.type(found.type).name) : found.mapping.entityName
  }

  /// The entity that `QOrder` stands for.
  private func entity(ofClass type: String, _ model: EntityModel) -> Int? {
    let last = NameWords.lastPart(type)
    guard last.hasPrefix("Q"), last.dropFirst().first?.isUppercase ?? false else { return nil }
    return model.entity(named: String(last.dropFirst()))
  }

  /// What a value names: the entity and the path of properties behind it.
  private func path(
    _ value: Value, _ names: [String: Int], _ facts: FileFacts, _ system: SystemIndex, _ file: Int,
    _ model: EntityModel
  ) -> (entity: Int, rest: [String])? {
    switch value {
    case .name(let name):
      var parts = name.split(separator: ".").map(String.init)
      if parts.first == "this" { parts.removeFirst() }
      guard let first = parts.first else { return nil }
      if let known = names[first] { return (known, Array(parts.dropFirst())) }
      if parts.count > 1, let entity = entity(ofClass: first, model) { return (entity, Array(parts.dropFirst(2))) }
      if let fact = facts.imports.first(where: {
        $0.local == first || $0.symbol == "*" && !$0.path.isEmpty && Self.isStatic($0, first)
      }),
        let entity = entity(ofClass: fact.symbol == first ? owner(of: fact) : NameWords.lastPart(fact.path), model)
      {
        return (entity, Array(parts.dropFirst()))
      }
      return nil
    case .call(let callee, nil, _): return entity(ofClass: callee, model).map { ($0, []) }
    case .text, .literal, .type, .field, .call, .join, .list, .member, .either, .element, .operation, .closure, .opaque:
      return nil
    }
  }

  /// `import static shop.QOrder.*` gives `order`.
  private static func isStatic(_ fact: ImportFact, _ name: String) -> Bool {
    let last = NameWords.lastPart(fact.path)
    guard last.hasPrefix("Q") else { return false }
    let rest = last.dropFirst()
    return rest.prefix(1).lowercased() + rest.dropFirst() == name
  }

  private func owner(of fact: ImportFact) -> String {
    // A static import names the class; Kotlin's names the member as well.
    let last = NameWords.lastPart(fact.path)
    guard last == fact.symbol else { return last }
    return NameWords.lastPart(String(fact.path.dropLast(last.utf8.count + 1)))
  }
}
