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
    // Digests are compared: equal texts of Swift may differ in their bytes.
    for channel in channels {
      let isForward = truth == .source
      let (there, here) = (channel.from, channel.data)
      // A copy keeps deleted rows, marked.
      let live = channel.memory == nil ? " WHERE NOT cleave_deleted" : ""
      let wanted = try rows(of: there, channel, "", on: truth)
      let found = try rows(of: here, channel, live, on: isForward ? .target : .source)
      outcome.rows += wanted.count
      for (key, row) in wanted.sorted(by: { $0.key < $1.key }) where found[key]?.digest != row.digest {
        outcome.lost += 1
        let what = found[key] == nil ? "missing" : "different"
        if outcome.examples.count < 6 { outcome.examples.append("\(here.name) \(row.name): \(what)") }
      }
      for (key, row) in found.sorted(by: { $0.key < $1.key }) where wanted[key] == nil {
        outcome.ghosts += 1
        if outcome.examples.count < 6 { outcome.examples.append("\(here.name) \(row.name): not in the truth") }
      }
    }
    return outcome
  }

  /// Digest and name of each row, by the digest of its key.
  private func rows(
    of place: PlanPlace, _ channel: PlanChannel, _ condition: String, on side: PlanSide
  ) throws -> [String: (digest: String, name: String)] {
    let key = line(channel.key, channel)
    let row = line(channel.columns, channel)
    let result = try machine.query(
      "SELECT md5(\(key)), md5(\(row)), \(key) FROM \(words.table(place))\(condition)", on: side)
    return Dictionary(
      result.rows.map { ($0[0] ?? "", ($0[1] ?? "", $0[2] ?? "")) },
      uniquingKeysWith: { ($0.0 + $1.0, $0.1) })
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
