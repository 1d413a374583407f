import Basics

/// Puts seams in order and makes one of those that say the same.
enum SeamOrder {
  /// What makes a seam: the same thing crossing in the same place is one seam, however often it was found.
  private struct Identity: Hashable {
    let kind: Seam.Kind
    let from: String
    let to: String
    let table: TableName
    let otherTable: TableName?
    let span: SourceSpan
  }

  /// Each seam once, sorted by kind, from, to, table and place. Of several that are one, columns are joined; of different advice
  /// the one for the harder case stays.
  static func distinct(_ seams: [Seam]) -> [Seam] {
    var merged: [Seam] = []
    var places: [Identity: Int] = [:]
    for seam in seams.sorted(by: isBefore) {
      let identity = Identity(
        kind: seam.kind, from: seam.from, to: seam.to, table: seam.table, otherTable: seam.otherTable, span: seam.span)
      guard let place = places[identity] else {
        places[identity] = merged.count
        merged.append(seam)
        continue
      }
      merged[place].columns = Set(merged[place].columns + seam.columns).sorted()
      if hardness(of: seam) > hardness(of: merged[place]) {
        merged[place].rule = seam.rule
        merged[place].recommendation = seam.recommendation
        merged[place].costs = seam.costs
      }
      if merged[place].statement.isEmpty { merged[place].statement = seam.statement }
    }
    return merged
  }

  /// Tables that must not be parted (R0) come first, then the higher rule of a kind: a read model before a call.
  private static func hardness(of seam: Seam) -> String { seam.rule == "R0" ? "S" : seam.rule }

  private static func isBefore(_ left: Seam, _ right: Seam) -> Bool {
    if left.kind != right.kind { return left.kind.rawValue < right.kind.rawValue }
    if (left.from, left.to) != (right.from, right.to) { return (left.from, left.to) < (right.from, right.to) }
    if left.table != right.table { return left.table < right.table }
    if left.span != right.span { return left.span < right.span }
    if left.otherTable != right.otherTable { return (left.otherTable?.key ?? "") < (right.otherTable?.key ?? "") }
    if left.columns != right.columns { return left.columns.lexicographicallyPrecedes(right.columns) }
    return (left.rule, left.recommendation, left.table.text, left.statement)
      < (right.rule, right.recommendation, right.table.text, right.statement)
  }
}
