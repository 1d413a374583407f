import Facts

extension DjangoModels {
  /// The model of users.
  var user: TypeID? {
    let key = reader.target(named: project.userModel, app: "")
    return classes.first { $0.key == key && !$0.isAbstract }?.type
  }

  /// `get_user_model()` and `apps.get_model("orders", "Order")`.
  var functions: [String: TypeID] {
    var found: [String: TypeID] = [:]
    if let user {
      found["get_user_model"] = user
      found["get_model(settings.auth_user_model)"] = user
    }
    for model in classes where !model.isAbstract {
      let key = "get_model(\(model.key.app).\(model.key.model))".lowercased()
      if found[key] == nil { found[key] = model.type }
    }
    return found
  }

  /// Managers of models with the classes their methods come from.
  func rowClasses(_ model: EntityModel) -> [RowClasses] {
    classes.compactMap { found in
      guard !found.isAbstract, let entity = model.byType[found.type] else { return nil }
      var members: [String] = []
      var types: [TypeID] = []
      for owner in [found.type] + index.ancestors(of: found.type) {
        for manager in of(owner)?.managers ?? [] {
          members.append(manager.name)
          for type in rowTypes(manager.value, file: owner.file) where !types.contains(type) { types.append(type) }
        }
      }
      return members.isEmpty ? nil : RowClasses(entity: entity, members: members, classes: types)
    }
  }

  /// The classes of the system that a manager is made from: `OrderManager()`, `OrderQuerySet.as_manager()`,
  /// `Manager.from_queryset(OrderQuerySet)()`.
  private func rowTypes(_ value: Value, file: Int, depth: Int = 0) -> [TypeID] {
    guard depth < 4 else { return [] }
    switch value {
    case .call("as_manager", let receiver?, _): return rowTypes(receiver, file: file, depth: depth + 1)
    case .call("from_queryset", let receiver?, let arguments):
      return ([receiver] + arguments).flatMap { rowTypes($0, file: file, depth: depth + 1) }
    case .call("__call__", let receiver?, _): return rowTypes(receiver, file: file, depth: depth + 1)
    case .call(let callee, let receiver, _):
      guard case .name(let base)? = receiver else { return rowTypes(.name(callee), file: file, depth: depth + 1) }
      return rowTypes(.name("\(base).\(callee)"), file: file, depth: depth + 1)
    case .name(let name):
      if let type = index.resolve(name, from: file) { return [type] }
      // `OrderManager = models.Manager.from_queryset(OrderQuerySet)`
      guard let (fact, home) = index.symbols.constant(named: name, from: file) else { return [] }
      return rowTypes(fact.value, file: home, depth: depth + 1)
    case .text, .literal, .type, .field, .join, .list, .member, .either, .element, .operation, .closure, .opaque:
      return []
    }
  }
}
