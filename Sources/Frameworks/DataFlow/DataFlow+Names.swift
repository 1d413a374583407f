import Basics
import Facts

/// What names alone say: of entities, parameters and constants.
extension DataFlow {
  /// The name people call an entity by.
  func name(of entity: Int) -> String {
    let mapping = types.model.entities[entity]
    return mapping.mapping.entityName.isEmpty
      ? NameWords.lastPart(index.type(mapping.type).name) : mapping.mapping.entityName
  }

  /// A parameter without a type that has the name of an entity.
  func guess(_ parameter: String, from file: Int) -> FlowValue {
    let language = index.files[file].language
    switch language {
    case .ruby: return guessInRuby(parameter, from: file)
    case .python, .php, .javascript:
      guard let entity = types.model.entity(loosely: parameter.replacing("_", with: "")),
        index.files[types.model.entities[entity].mapping.file].language == language
      else { return .unknown }
      return FlowValue(kind: .entity(entity), type: types.model.entities[entity].type, isGuessed: true)
    case .c, .csharp, .document, .go, .java, .kotlin, .typescript: return .unknown
    }
  }

  /// `line_item`, `other_line_item` and `line_items`: the entity whose class the last words name, as Ruby would look it
  /// up there.
  private func guessInRuby(_ name: String, from file: Int) -> FlowValue {
    let key = GuessKey(file: file, name: name)
    if let known = guesses[key] { return known }
    var found = FlowValue.unknown
    let words = name.split(separator: "_").map(String.init)
    for first in words.indices where found == .unknown {
      let tail = Array(words[first...])
      guard let last = tail.last, last.utf8.count > 2 else { break }
      if let entity = entity(words: tail, from: file) {
        found = FlowValue(kind: .entity(entity), type: types.model.entities[entity].type, isGuessed: true)
      } else if let entity = Self.singulars(of: last).lazy.compactMap({
        self.entity(words: tail.dropLast() + [$0], from: file)
      }).first {
        found = FlowValue(
          kind: .entities(entity), type: types.model.entities[entity].type, isMany: true, isGuessed: true)
      }
    }
    guesses[key] = found
    return found
  }

  /// `user.payments` of an unknown user: the entity that every relation of that name leads to, unless something else
  /// in the code has that name.
  func guessRelation(_ name: String, from file: Int) -> Int? {
    let others = namesByLanguage[index.files[file].language]?[name]?.count ?? 0
    guard name.utf8.count > 5, others == 0 || others == 1 && name.utf8.contains(UInt8(ascii: "_")) else { return nil }
    if relations == nil {
      var found: [String: Set<Int>] = [:]
      for entity in types.model.entities.indices {
        for property in types.model.entities[entity].properties.values where property.isMany {
          if let target = types.model.target(of: property.name, in: entity) {
            found[property.name, default: []].insert(target.entity)
          }
        }
      }
      let fields = Set(index.files.flatMap { $0.types.flatMap { $0.fields.map(\.name) } })
      relations = found.filter { $0.value.count == 1 && !fields.contains($0.key) }.compactMapValues(\.first)
    }
    return relations?[name]
  }

  private static func singulars(of word: String) -> [String] {
    guard word.hasSuffix("s"), !word.hasSuffix("ss") else { return [] }
    if word.hasSuffix("ies") { return [word.dropLast(3) + "y"] }
    return word.hasSuffix("es") ? [String(word.dropLast()), String(word.dropLast(2))] : [String(word.dropLast())]
  }

  private func entity(words: [String], from file: Int) -> Int? {
    let name = words.map { $0.prefix(1).uppercased() + $0.dropFirst() }.joined()
    if let type = index.resolve(name, from: file) { return types.model.byType[type] }
    guard let entity = types.model.entity(loosely: name),
      index.files[types.model.entities[entity].mapping.file].language == .ruby
    else { return nil }
    return entity
  }

  struct GuessKey: Hashable {
    var file: Int
    var name: String
  }

  /// What a constant or variable at the top of a file holds.
  func constant(_ name: String, from file: Int) -> FlowValue {
    if vocabulary.isSession(name, in: index.files[file].language) { return FlowValue(kind: .session) }
    guard let (fact, home) = index.symbols.constant(named: name, from: file),
      case .call(let callee, let receiver, let arguments) = fact.value
    else { return .unknown }
    if let entity = types.entityType(from: callee) { return entity }
    if let rule = vocabulary.rule(callee, on: .function, in: index.files[file].language),
      case .tableNamed(let place) = rule.result, place < arguments.count, let name = arguments[place].literalText
    {
      return FlowValue(kind: .table(TableName(name)))
    }
    guard receiver == nil else { return .unknown }
    return types.value(ofType: callee, from: home)
  }
}
