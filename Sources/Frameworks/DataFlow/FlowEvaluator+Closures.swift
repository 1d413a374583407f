import Facts

/// Closures of PHP that build a part of the query they are handed to.
extension FlowEvaluator {
  private static let relating = [
    "wherehas", "orwherehas", "wheredoesnthave", "orwheredoesnthave", "withwherehas", "has",
  ]
  private static let fresh = ["whereexists", "orwhereexists", "wherenotexists", "wherein", "wherenotin", "orwherein"]

  /// Gives the parameter of a closure the query it stands for: that on the rows of the relation which the call before
  /// names, one on tables not named yet, or the query the call was made on. False for other closures.
  mutating func givesQuery(to name: String) -> Bool {
    guard language == .php, let last = recent.last, case .call(let callee, _, let arguments) = last.value,
      arguments.contains(where: { if case .closure = $0 { true } else { false } })
    else { return false }
    let method = NameWords.lastPart(callee).lowercased()
    guard last.result.pending != nil || Self.fresh.contains(method) else { return false }
    if Self.fresh.contains(method) {
      locals[name] = FlowValue(kind: .session)
      return true
    }
    if ["where", "orwhere", "wherenot"].contains(method) {
      locals[name] = last.result
      return true
    }
    guard Self.relating.contains(method), case .query(let entity) = last.result.kind, let outer = last.result.pending,
      let path = arguments.first?.literalText
    else { return false }
    var current = entity
    for part in path.split(separator: ".") {
      guard let target = model.target(of: String(part), in: current) else { return false }
      current = target.entity
    }
    // The rows of the relation are read whatever is done with those of the query.
    let query = startQuery(current, via: pendings[outer].via, type: model.entities[current].type)
    if let place = query.pending { pendings[place].line = pendings[outer].line }
    locals[name] = query
    return true
  }
}
