import Basics
import Facts

/// Writes that say in their arguments what they write.
extension FlowEvaluator {
  /// What the vocabulary says of a method of a value, first of all that of the framework of its entity; where the
  /// receiver is a call, what the two do together: `delete().from(Order)`.
  func rule(_ method: String, on value: FlowValue, receiver: Value?) -> DataRule? {
    guard let kind = value.kind.receiver else { return nil }
    let mapping = value.kind.entity.map { model.entities[$0].mapping }
    if isScript, case .call(let before, _, _)? = receiver,
      let both = flow.vocabulary.rule(before + "." + method, on: kind, in: language, of: mapping)
    {
      return both
    }
    return flow.vocabulary.rule(method, on: kind, in: language, of: mapping)
  }

  /// `into("orders")`, `into(Order)`: rows of an entity, or of a table by its name.
  mutating func writeNamed(_ place: Int, _ given: FlowValue, _ arguments: [Value], via: String) {
    if let entity = given.kind.entity {
      return write(entity, columns: ["*"], via: via, confidence: .exact, isGuessed: false)
    }
    guard place < arguments.count, let text = text(of: arguments[place]),
      let name = text.split(separator: " ").first
    else { return }
    if let entity = model.entity(named: String(name)) {
      return write(entity, columns: ["*"], via: via, confidence: .exact, isGuessed: false)
    }
    accesses.append(
      FlowAccess(
        function: id, line: line,
        accesses: [StatementAccess(table: TableName(String(name)), operation: .write, columns: ["*"])], joins: [],
        confidence: .exact, via: via, inLoop: inLoop))
  }

  /// Words under a relation that write its rows, and those that only tie rows together.
  private static let writing: Set<String> = [
    "create", "createMany", "connectOrCreate", "upsert", "update", "updateMany", "delete", "deleteMany",
  ]
  private static let tying: Set<String> = ["connect", "disconnect", "set"]

  /// A write with related rows among its data, and what it gives back of others.
  mutating func writeGraph(_ value: FlowValue, _ arguments: [Value], via: String) {
    guard let entity = value.kind.entity else { return }
    if let place = value.pending { pendings[place].isConsumed = true }
    let options = arguments.first ?? .opaque
    let data = ["data", "create", "update"].compactMap { options.entry($0) }
    write(
      entity, columns: columns(named: keys(of: data), of: entity), via: via, confidence: .exact,
      isGuessed: value.isGuessed)
    for entry in data { writeRelated(entry, of: entity, via: via, depth: 0) }
    let returned = ["include", "select"].compactMap { options.entry($0) }
    guard !returned.isEmpty else { return }
    pendings.append(Pending(line: line, entity: nil, via: via, inLoop: inLoop, isGuessed: value.isGuessed))
    followRelations(returned, from: entity, into: pendings.count - 1)
  }

  private func keys(of entries: [Value]) -> [String] {
    entries.flatMap { entry -> [String] in
      guard case .list(let items) = entry else { return [] }
      return items.compactMap { if case .member(let key, _) = $0 { key } else { nil } }
    }
  }

  private mutating func writeRelated(_ value: Value, of entity: Int, via: String, depth: Int) {
    guard depth < 8, case .list(let items) = value else { return }
    for item in items {
      guard case .member(let key, let inner) = item else {
        writeRelated(item, of: entity, via: via, depth: depth + 1)
        continue
      }
      guard let target = model.target(of: key, in: entity), case .list(let actions) = inner else { continue }
      for case .member(let action, let content) in actions {
        if Self.writing.contains(action) {
          write(target.entity, columns: ["*"], via: via, confidence: .exact, isGuessed: false)
          writeBetween(target, via: via)
          for part in [content] + ["data", "create", "update"].compactMap({ content.entry($0) }) {
            writeRelated(part, of: target.entity, via: via, depth: depth + 1)
          }
        } else if Self.tying.contains(action) {
          tie(key, target, of: entity, via: via)
        }
      }
    }
  }

  /// Rows are tied by the table between them, or by the key in the table that holds it.
  private mutating func tie(_ property: String, _ target: EntityModel.Target, of entity: Int, via: String) {
    if target.between != nil { return writeBetween(target, via: via) }
    guard case .inverse? = model.entities[entity].properties[property]?.storage else { return }
    write(target.entity, columns: ["*"], via: via, confidence: .exact, isGuessed: false)
  }

  private mutating func writeBetween(_ target: EntityModel.Target, via: String) {
    guard let between = target.between else { return }
    accesses.append(
      FlowAccess(
        function: id, line: line,
        accesses: [StatementAccess(table: between, operation: .write, columns: ["*"])], joins: [],
        confidence: .exact, via: via, inLoop: inLoop))
  }

  // MARK: Methods made from the names of relations

  /// `order.addItem(item)`, `order.getItems()`: what such a method does and gives back; nil for any other method.
  mutating func relationMethod(_ method: String, of value: FlowValue) -> FlowValue? {
    guard case .entity(let entity) = value.kind else { return nil }
    for (verb, action) in flow.vocabulary.relationVerbs(model.entities[entity].mapping) where method.hasPrefix(verb) {
      let rest = String(method.dropFirst(verb.utf8.count))
      guard rest.first?.isUppercase == true, let property = relation(calledBy: rest, of: entity),
        let target = model.target(of: property, in: entity)
      else { continue }
      let via = "orm:" + flow.name(of: entity) + "." + method
      switch action {
      case .read: return navigate(property, from: entity, of: value, isCall: true)
      case .write:
        write(target.entity, columns: ["*"], via: via, confidence: .exact, isGuessed: value.isGuessed)
        writeBetween(target, via: via)
      case .tie:
        if case .reference? = model.entities[entity].properties[property]?.storage {
          write(
            entity, columns: columns(named: [property], of: entity), via: via, confidence: .exact,
            isGuessed: value.isGuessed)
        } else {
          tie(property, target, of: entity, via: via)
        }
      }
      return FlowValue(kind: .entity(target.entity), type: model.entities[target.entity].type)
    }
    return nil
  }

  /// The relation `Items`, `items` or, for one of many, `Item` means.
  private func relation(calledBy name: String, of entity: Int) -> String? {
    let small = name.prefix(1).lowercased() + name.dropFirst()
    return [name, small, ScriptNames.plural(name), ScriptNames.plural(small)].first {
      model.target(of: $0, in: entity) != nil
    }
  }
}
