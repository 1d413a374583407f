import Basics
import Facts

/// Tables that are given by name, and the names in arguments.
extension FlowEvaluator {
  /// The table whose name is the text of an argument; an alias behind it does not count.
  func table(_ place: Int, _ arguments: [Value]) -> TableName? {
    guard place < arguments.count, let text = text(of: named(arguments[place])),
      let name = text.split(separator: " ").first
    else { return nil }
    return TableName(String(name))
  }

  /// What is inside of `goqu.T("orders").As("o")`, which only quotes a name.
  private func named(_ value: Value) -> Value {
    switch value {
    case .call("As", let inner?, _) where language == .go: named(inner)
    case .call("T", .name("goqu")?, let given) where language == .go: given.first ?? value
    default: value
    }
  }

  /// Doctrine's builder names what it joins to before the table, and the alias behind: `join('o', 'lines', 'l', …)`.
  func joined(_ place: Int, _ arguments: [Value]) -> Int {
    guard language == .php, arguments.count > place + 2, case .text(let second) = arguments[place + 1],
      case .text(let third) = arguments[place + 2], !second.contains("."), third.allSatisfy(\.isLetter)
    else { return place }
    return place + 1
  }

  /// The table a text literal names where other calls hand over objects or classes: in PHP and Go.
  func namedTable(_ place: Int, _ arguments: [Value]) -> TableName? {
    language == .php || language == .go ? table(place, arguments) : nil
  }

  /// The entity whose name is a text: `from('App\Entity\Order', 'o')`.
  func entity(named place: Int, _ arguments: [Value]) -> Int? {
    guard language == .php, place < arguments.count, case .text(let name) = arguments[place],
      name.first?.isUppercase ?? false
    else { return nil }
    return model.entity(named: NameWords.lastPart(name), from: id.file)
  }

  /// A query that will read rows of a table.
  mutating func startQuery(_ table: TableName, via: String) -> FlowValue {
    pendings.append(Pending(line: line, entity: nil, table: table, via: via, inLoop: inLoop, isGuessed: false))
    return FlowValue(kind: .table(table), pending: pendings.count - 1)
  }

  /// The arguments of the calls that led to a receiver: `db.Preload("Lines").Where(…)`.
  func chain(of receiver: Value?) -> [Value] {
    var found: [Value] = []
    var current = receiver
    while case .call(_, let inner, let arguments)? = current {
      found += arguments.prefix(1)
      current = inner
    }
    return found
  }

  mutating func join(_ table: TableName, into pending: Int) {
    pendings[pending].joined.append(StatementAccess(table: table, operation: .read))
    let own = pendings[pending].table ?? pendings[pending].entity.flatMap { model.tables(of: $0).first }
    if let own, own != table {
      pendings[pending].joins.append(StatementJoin(left: own, right: table, needsBothSides: true))
    }
  }

  mutating func touch(_ table: TableName, _ operation: AccessOperation, _ arguments: [Value], via: String) {
    let columns = names(in: Array(arguments.dropFirst()))
    accesses.append(
      FlowAccess(
        function: id, line: line,
        accesses: [
          StatementAccess(table: table, operation: operation, columns: columns.isEmpty ? ["*"] : columns.sorted())
        ], joins: [], confidence: .exact, via: via, inLoop: inLoop))
  }

  /// `sa.select(Order)`: a function of a module in Python.
  func moduleRule(_ method: String, receiver: Value?) -> DataRule? {
    guard language == .python, case .name(let name)? = receiver,
      flow.index.files[id.file].imports.contains(where: { $0.local == name })
    else { return nil }
    return flow.vocabulary.rule(method, on: .function, in: language)
  }
}
