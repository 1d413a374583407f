import Basics
import Facts

extension BlueprintReader {
  // MARK: Keys and what changes a table

  mutating func setKey(_ columns: [String], on open: inout Open, line: Int) {
    guard !open.isNew else { return open.table.primaryKey = columns }
    add(.setPrimaryKey(open.name, columns), line: line)
  }

  mutating func addUnique(_ columns: [String], on open: inout Open, line: Int) {
    guard !open.isNew else { return open.table.uniqueKeys.append(columns) }
    add(.addUnique(open.name, columns, name: nil), line: line)
  }

  mutating func addForeignKey(_ key: ForeignKey, on open: inout Open, line: Int) {
    guard !open.isNew else { return open.table.foreignKeys.append(key) }
    add(.addForeignKey(open.name, key), line: line)
  }

  mutating func command(_ link: Link, _ rest: [Link], on open: inout Open, line: Int) {
    let arguments = link.arguments.positional
    switch link.callee {
    case "primary": setKey(names(arguments.first), on: &open, line: line)
    case "unique": addUnique(names(arguments.first), on: &open, line: line)
    case "foreign":
      func argument(_ name: String) -> Value? { rest.first { $0.callee == name }?.arguments.positional.first }
      guard let target = text(argument("on")) else { return }
      let action = rest.compactMap { Self.onDelete($0.callee, self.text($0.arguments.positional.first)) }.first
      addForeignKey(
        ForeignKey(
          name: text(arguments.dropFirst().first), columns: names(arguments.first), target: TableName(target),
          targetColumns: names(argument("references")), onDelete: action ?? .noAction, span: span(line)),
        on: &open, line: line)
    case "dropColumn", "removeColumn":
      for value in arguments { for name in names(value) { add(.dropColumn(open.name, name), line: line) } }
    case "renameColumn":
      if let from = text(arguments.first), let to = text(arguments.dropFirst().first) {
        add(.renameColumn(open.name, from, to: to), line: line)
      }
    case "dropForeign": dropForeign(arguments.first, on: open, line: line)
    case "dropConstrainedForeignId":
      if let name = text(arguments.first) {
        add(.dropForeignKey(open.name, [name]), line: line)
        add(.dropColumn(open.name, name), line: line)
      }
    case "dropPrimary": add(.setPrimaryKey(open.name, []), line: line)
    case "dropUnique": if let name = text(arguments.first) { add(.dropConstraint(open.name, name: name), line: line) }
    case "dropTimestamps", "dropTimestampsTz":
      for name in ["created_at", "updated_at"] { add(.dropColumn(open.name, name), line: line) }
    case "dropSoftDeletes", "dropSoftDeletesTz":
      add(.dropColumn(open.name, text(arguments.first) ?? "deleted_at"), line: line)
    case "dropRememberToken": add(.dropColumn(open.name, "remember_token"), line: line)
    case "dropMorphs":
      if let name = text(arguments.first) {
        for end in ["_type", "_id"] { add(.dropColumn(open.name, name + end), line: line) }
      }
    case "rename": if let to = text(arguments.first) { add(.renameTable(open.name, to: TableName(to)), line: line) }
    case "drop", "dropIfExists": add(.dropTable(open.name), line: line)
    default: break
    }
  }

  /// Columns in an array, or the name that Laravel gave to the key.
  private mutating func dropForeign(_ value: Value?, on open: Open, line: Int) {
    if case .list? = value { return add(.dropForeignKey(open.name, names(value)), line: line) }
    guard let name = text(value) else { return }
    let start = open.name.text + "_"
    if name.hasPrefix(start), name.hasSuffix("_foreign") {
      add(.dropForeignKey(open.name, [String(name.dropFirst(start.count).dropLast(8))]), line: line)
    } else {
      add(.dropConstraint(open.name, name: name), line: line)
    }
  }
}
