import Migration

/// Compares rows of both sides one by one, with queries of its own: nothing of the plan is trusted here.
struct RowComparison {
  /// What differs.
  struct Outcome {
    var rows = 0
    /// Rows of the truth that are missing or different.
    var lost = 0
    /// Rows that are not in the truth.
    var ghosts = 0
    var examples: [String] = []
  }

  let machine: RehearsalMachine
  let words: Wording

  /// Compares the tables of a stream; `truth` is the side writers write to.
  func compare(_ channels: [PlanChannel], truth: PlanSide) throws -> Outcome {
    var outcome = Outcome()
    for channel in channels {
      let isForward = truth == .source
      let (there, here) = (channel.from, channel.data)
      // A copy keeps deleted rows, marked.
      let live = channel.memory == nil ? " WHERE NOT cleave_deleted" : ""
      let wanted = try rows(of: there, channel, "", on: truth)
      let found = try rows(of: here, channel, live, on: isForward ? .target : .source)
      outcome.rows += wanted.count
      for (key, row) in wanted where found[key] != row {
        outcome.lost += 1
        let what = found[key] == nil ? "missing" : "different"
        if outcome.examples.count < 6 { outcome.examples.append("\(here.name) \(key): \(what)") }
      }
      for key in found.keys where wanted[key] == nil {
        outcome.ghosts += 1
        if outcome.examples.count < 6 { outcome.examples.append("\(here.name) \(key): not in the truth") }
      }
    }
    return outcome
  }

  private func rows(
    of place: PlanPlace, _ channel: PlanChannel, _ condition: String, on side: PlanSide
  ) throws -> [String: String] {
    let key = line(channel.key, channel)
    let row = line(channel.columns, channel)
    let result = try machine.query("SELECT \(key), \(row) FROM \(words.table(place))\(condition)", on: side)
    return Dictionary(
      result.rows.map { ($0[0] ?? "", $0[1] ?? "") }, uniquingKeysWith: { first, second in first + "\u{1}" + second })
  }

  private func line(_ columns: [String], _ channel: PlanChannel) -> String {
    let parts = columns.map { column in
      let text = words.text(of: column, isBinary: channel.binaryColumns.contains(column))
      return words.kind == .postgres ? "coalesce(quote_literal(\(text)), 'NULL')" : "quote(\(text))"
    }
    return words.kind == .postgres
      ? parts.joined(separator: " || ',' || ") : "concat_ws(',', \(parts.joined(separator: ", ")))"
  }
}
