import Facts

/// Methods that a generic base brings to the repositories of many entities: what they do, they do to the entity of the
/// object they are called on.
extension FlowEvaluator {
  /// The methods of the system among `own` that a call with that many arguments can mean; none when all that fit are the
  /// framework's. What a generic base does for this entity is done where it is called.
  mutating func fitting(_ own: [FunctionID], _ method: String, on value: FlowValue, arguments: [Value]) -> [FunctionID]
  {
    guard !own.isEmpty, case .repository = value.kind, let type = value.type else { return own }
    guard language == .java || language == .kotlin else { return own }
    let count = arguments.positional.count { if case .type = $0 { false } else { true } }
    let overloads = flow.overloads(method, of: type).filter { fits($0, count) }
    guard let first = overloads.first else { return [] }
    if let base = flow.index.owner(of: first), base != type, !flow.index.symbols.function(first).isAbstract,
      types.value(ofObject: base).kind == .none
    {
      for access in flow.effects(of: first, on: value) {
        accesses.append(
          FlowAccess(
            function: id, line: line, accesses: access.accesses, joins: access.joins, confidence: access.confidence,
            via: access.via, inLoop: inLoop || access.inLoop))
      }
      return [first]
    }
    let kept = own.filter { fits($0, count) }
    return kept.isEmpty ? [first] : kept
  }

  private func fits(_ id: FunctionID, _ count: Int) -> Bool {
    let function = flow.index.symbols.function(id)
    let expected = function.parameters.count
    if count == expected { return true }
    // Parameters of Kotlin may have defaults; the last one of Java may stand for many.
    if flow.index.files[id.file].language == .kotlin { return count < expected }
    return function.parameterTypes.last?.hasPrefix("Array<") == true && count >= expected - 1
  }
}

extension DataFlow {
  /// Every method of that name of a type and its bases, nearest first.
  func overloads(_ name: String, of type: TypeID) -> [FunctionID] {
    ([type] + index.ancestors(of: type)).flatMap { current in
      index.methods(of: current).filter { NameWords.lastPart(index.symbols.function($0).name) == name }
    }
  }
}
