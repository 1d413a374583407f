/// The items of a select list, as far as they name columns.
enum SelectItems {
  /// One item.
  enum Item {
    /// `*` or `t.*`.
    case all
    /// A column and the name it gets; the column is empty for other expressions.
    case column(String, alias: String)
  }

  /// Reads the list behind the `SELECT` at or after token `start`.
  static func read(from start: Int, in cursor: TokenCursor) -> [Item] {
    var cursor = cursor
    cursor.index = start
    while !cursor.isAtEnd, !cursor.at(.select) { cursor.advance() }
    cursor.advance()
    _ = cursor.accept(anyOf: [.distinct, .all])
    var items: [Item] = []
    repeat {
      if let item = item(&cursor) { items.append(item) }
    } while cursor.accept(symbol: .of(","))
    return items
  }

  private static func item(_ cursor: inout TokenCursor) -> Item? {
    let start = cursor.index
    while !cursor.isAtEnd, !cursor.at(symbol: .of(",")), !cursor.at(.from), !cursor.at(symbol: .of(")")),
      !cursor.at(.into)
    {
      if cursor.at(symbol: .of("(")) { cursor.skipParentheses() } else { cursor.advance() }
    }
    guard cursor.index > start else { return nil }
    let last = cursor.tokens[cursor.index - 1]
    if last.isSymbol(.of("*")) { return .all }
    guard last.isName else { return nil }
    let alias = cursor.name(of: last)
    let before = cursor.index - start >= 2 ? cursor.tokens[cursor.index - 2] : nil
    let isPlain = before == nil || before?.isSymbol(.of(".")) == true
    if isPlain { return .column(alias, alias: alias) }
    let source = before?.keyword == .as && cursor.index - start >= 3 ? cursor.tokens[cursor.index - 3] : before
    let column = source.map { $0.isName ? cursor.name(of: $0) : "" } ?? ""
    return .column(column, alias: alias)
  }
}
