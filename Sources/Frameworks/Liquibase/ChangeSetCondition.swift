import Basics
import Facts
import SQL

/// What there is of a schema while a change log runs.
struct ChangeLogState {
  /// Columns of the tables that changes made.
  let columns: [TableName: [String: Column]]
  /// SQL that ran, in lower case.
  let statements: [String]

  /// Whether a table is there; nil when SQL that ran may have made or dropped it.
  func hasTable(_ name: TableName) -> Bool? {
    if isMentioned(name.baseKey) { return nil }
    return columns[name] != nil
  }

  /// Whether a table has a column; nil when SQL that ran may have made or dropped it.
  func hasColumn(_ column: String, of table: TableName) -> Bool? {
    if isMentioned(table.baseKey) { return nil }
    return columns[table]?[column.lowercased()] != nil
  }

  private func isMentioned(_ name: String) -> Bool { statements.contains { $0.contains(name) } }
}

/// Conditions of change logs and change sets, as far as they can be judged without a database.
///
/// Source: Liquibase documentation, "Preconditions": conditions side by side must all hold; `and`, `or` and `not` nest.
struct ChangeSetCondition {
  let engine: EngineFamily?
  /// Nil where only the engine counts.
  let state: ChangeLogState?
  let substituted: (String) -> String
  private static let maximumDepth = 12

  /// Whether all conditions inside hold; nil when that cannot be told.
  func verdict(on list: DocumentNode) -> Bool? { all(list, depth: 0) }

  /// Elements in XML; the entries of the items of a list elsewhere.
  private func inside(_ node: DocumentNode) -> [DocumentNode] {
    node.children.flatMap { $0.name == "-" ? $0.children : [$0] }.filter { !$0.name.isEmpty }
  }

  private func all(_ node: DocumentNode, depth: Int) -> Bool? {
    guard depth < Self.maximumDepth else { return nil }
    let verdicts = inside(node).compactMap { condition($0, depth: depth + 1) }
    if verdicts.contains(.fails) { return false }
    return verdicts.contains(.unknown) ? nil : true
  }

  private enum Verdict { case holds, fails, unknown }

  private static func verdict(_ answer: Bool?) -> Verdict { answer.map { $0 ? .holds : .fails } ?? .unknown }

  /// Nil for what is no condition: settings of the list itself.
  private func condition(_ node: DocumentNode, depth: Int) -> Verdict? {
    switch node.name {
    case "onFail", "onError", "onSqlOutput", "onFailMessage", "onErrorMessage", "onUpdateSQL", "onUpdateSql": return nil
    case "and": return Self.verdict(all(node, depth: depth))
    case "or":
      let verdicts = inside(node).compactMap { condition($0, depth: depth + 1) }
      if verdicts.contains(.holds) { return .holds }
      return verdicts.contains(.unknown) ? .unknown : .fails
    case "not":
      // Several conditions inside must all fail.
      let verdicts = inside(node).compactMap { condition($0, depth: depth + 1) }
      if verdicts.contains(.holds) { return .fails }
      return verdicts.contains(.unknown) ? .unknown : .holds
    case "dbms":
      guard let type = node.value("type"), engine != nil else { return .unknown }
      return ChangeSetEngines.hold(type, for: engine) ? .holds : .fails
    case "tableExists":
      guard let state, let table = node.value("tableName") else { return .unknown }
      return Self.verdict(state.hasTable(TableName(substituted(table))))
    case "columnExists":
      guard let state, let table = node.value("tableName"), let column = node.value("columnName") else {
        return .unknown
      }
      return Self.verdict(state.hasColumn(substituted(column), of: TableName(substituted(table))))
    default: return .unknown
    }
  }
}
