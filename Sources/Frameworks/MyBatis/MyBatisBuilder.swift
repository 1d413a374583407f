import Facts
import SQL

/// The SQL builder of MyBatis: `new SQL().SELECT("id").FROM("orders")`, or its methods in an initializer block or taken
/// over by static imports.
struct MyBatisBuilder {
  let system: SystemIndex

  /// Clauses of a statement under construction, by method.
  private struct Statement {
    var line: Int
    var clauses: [String: [String]] = [:]
  }

  private static let methods: Set<String> = [
    "SELECT", "SELECT_DISTINCT", "FROM", "JOIN", "INNER_JOIN", "LEFT_OUTER_JOIN", "RIGHT_OUTER_JOIN", "OUTER_JOIN",
    "INSERT_INTO", "UPDATE", "DELETE_FROM", "SET", "VALUES", "INTO_COLUMNS", "INTO_VALUES", "WHERE", "GROUP_BY",
    "HAVING", "ORDER_BY",
  ]
  private static let joins = ["JOIN", "INNER_JOIN", "LEFT_OUTER_JOIN", "RIGHT_OUTER_JOIN", "OUTER_JOIN"]

  func statements() -> [FrameworkStatement] {
    var found: [FrameworkStatement] = []
    for (file, facts) in system.files.enumerated() where facts.language == .java || facts.language == .kotlin {
      guard facts.imports.contains(where: { $0.path.hasPrefix("org.apache.ibatis.jdbc") }) else { continue }
      for (place, function) in facts.functions.enumerated() {
        for statement in statements(in: function, file: file) {
          guard let text = Self.text(of: statement) else { continue }
          found.append(
            FrameworkStatement(
              content: .sql(text), function: FunctionID(file: file, index: place), file: file, line: statement.line,
              confidence: .exact, via: "builder"))
        }
      }
    }
    return found
  }

  private func statements(in function: FunctionFact, file: Int) -> [Statement] {
    var statements: [Statement] = []
    var variables: [String: Int] = [:]
    for placed in function.events {
      switch placed.event {
      case .call(let call):
        if call.callee == "SQL" && call.receiver == nil || call.callee == "BEGIN" && call.arguments.isEmpty {
          statements.append(Statement(line: placed.line))
        } else if Self.methods.contains(call.callee), !statements.isEmpty {
          guard let number = number(of: call.receiver, variables, count: statements.count) else { continue }
          let texts = call.arguments.compactMap { system.annotationText($0, from: file) }
          statements[number].clauses[call.callee, default: []] += texts
        }
      case .declare(let name, _, let value), .assign(let name, let value):
        if !statements.isEmpty, Self.isBuilder(value) { variables[name] = statements.count - 1 }
      case .append, .result, .mention, .enterBranch, .nextBranch, .enterLoop, .enterScope, .leave: continue
      }
    }
    return statements
  }

  /// Which statement a clause is added to.
  private func number(of receiver: Value?, _ variables: [String: Int], count: Int) -> Int? {
    switch receiver {
    case nil, .name("this")?: return count - 1
    case .name(let name)?: return variables[name]
    case .call(let callee, let inner, _)?:
      return callee == "SQL" && inner == nil ? count - 1 : number(of: inner, variables, count: count)
    case .some: return nil
    }
  }

  private static func isBuilder(_ value: Value) -> Bool {
    var current = value
    while case .call(let callee, let receiver, _) = current {
      guard let receiver else { return callee == "SQL" }
      current = receiver
    }
    return false
  }

  private static func text(of statement: Statement) -> String? {
    let clauses = statement.clauses
    func list(_ name: String, _ separator: String = ", ") -> String? {
      clauses[name].map { $0.joined(separator: separator) }
    }
    func clause(_ word: String, _ name: String, _ separator: String = ", ") -> String {
      list(name, separator).map { " \(word) \($0)" } ?? ""
    }
    let condition = clause("WHERE", "WHERE", " AND ")
    let joined = joins.flatMap { clauses[$0] ?? [] }.map { " JOIN \($0)" }.joined()
    if let table = list("INSERT_INTO") {
      let pairs = clauses["VALUES"] ?? []
      let columns = (clauses["INTO_COLUMNS"] ?? []) + pairs.enumerated().filter { $0.offset % 2 == 0 }.map(\.element)
      let values = (clauses["INTO_VALUES"] ?? []) + pairs.enumerated().filter { $0.offset % 2 == 1 }.map(\.element)
      let target = columns.isEmpty ? table : "\(table) (\(columns.joined(separator: ", ")))"
      return "INSERT INTO \(target) VALUES (\(values.isEmpty ? "?" : values.joined(separator: ", ")))"
    }
    if let table = list("UPDATE") {
      return "UPDATE \(table)\(joined) SET \(list("SET") ?? "\(Hole.text(index: nil)) = ?")\(condition)"
    }
    if let table = list("DELETE_FROM") { return "DELETE FROM \(table)\(condition)" }
    guard let columns = list("SELECT") ?? list("SELECT_DISTINCT") else { return nil }
    guard let table = list("FROM") else { return nil }
    return "SELECT \(columns) FROM \(table)\(joined)\(condition)\(clause("GROUP BY", "GROUP_BY"))"
      + "\(clause("HAVING", "HAVING", " AND "))\(clause("ORDER BY", "ORDER_BY"))"
  }
}
