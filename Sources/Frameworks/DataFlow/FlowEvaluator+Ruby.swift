import Facts

/// What only Ruby does: relations read like variables, and the methods it makes for them.
extension FlowEvaluator {
  /// `order.lines = [line]` writes the rows on the other side at once in Ruby.
  mutating func replaceRelated(of base: String, property: String) {
    let object = evaluate(.name(base))
    guard case .entity(let entity) = object.kind, !object.isNew,
      let target = model.target(of: property, in: entity), target.isMany
    else { return }
    write(
      target.entity, columns: ["*"], via: "orm:\(flow.name(of: entity)).\(property)=", confidence: .inferred,
      isGuessed: object.isGuessed)
  }

  /// Ruby reads relations of the object itself like variables; where a module is mixed in, its methods are found, too.
  func isOwnRelation(_ name: String, of this: FlowValue) -> Bool {
    guard language == .ruby, let entity = this.kind.entity else { return false }
    if model.target(of: name, in: entity) != nil { return true }
    return this.type.map { $0 != owner && !flow.methods(name, of: $0).isEmpty } ?? false
  }

  /// `order.cancel!` of a state machine, `order.create_payment!`, `order.build_payment` and `order.payment_ids`: methods Ruby makes for relations.
  mutating func madeThrough(_ method: String, of value: FlowValue) -> FlowValue? {
    guard case .entity(let entity) = value.kind else { return nil }
    for (prefix, isWritten) in [("create_", true), ("build_", false)] where method.hasPrefix(prefix) {
      let name = method.dropFirst(prefix.utf8.count)
      let property = name.hasSuffix("!") ? String(name.dropLast()) : String(name)
      guard let target = model.target(of: property, in: entity), !target.isMany else { continue }
      if isWritten {
        write(
          target.entity, columns: ["*"], via: "orm:\(flow.name(of: entity)).\(method)", confidence: .exact,
          isGuessed: value.isGuessed)
      }
      return FlowValue(
        kind: .entity(target.entity), type: model.entities[target.entity].type, isGuessed: value.isGuessed,
        isNew: !isWritten)
    }
    if method.hasSuffix("!"), flow.isStateEvent(String(method.dropLast())) {
      write(
        entity, columns: ["*"], via: "orm:\(flow.name(of: entity)).\(method)", confidence: .inferred,
        isGuessed: value.isGuessed)
      return value
    }
    guard method.hasSuffix("_ids") else { return nil }
    let stem = method.dropLast(4)
    for property in [stem + "s", stem + "es", stem.dropLast() + "ies"].map(String.init)
    where model.target(of: property, in: entity)?.isMany == true {
      _ = navigate(property, from: entity, of: value)
      return .unknown
    }
    return nil
  }
}

extension DataFlow {
  /// Whether a state machine somewhere has an event of that name: Ruby's save the object when called with a `!`.
  func isStateEvent(_ name: String) -> Bool {
    if stateEvents == nil {
      var found: Set<String> = []
      for facts in index.files where facts.language == .ruby {
        for placed in facts.types.lazy.flatMap(\.body) + facts.functions.lazy.flatMap(\.events) {
          guard case .call(let call) = placed.event, call.callee == "event", call.receiver == nil,
            case .text(let event)? = call.arguments.first
          else { continue }
          found.insert(event)
        }
      }
      stateEvents = found
    }
    return stateEvents?.contains(name) ?? false
  }
}
