import Migration

/// Compares the events that were published with those a consumer took.
struct EventComparison {
  let machine: RehearsalMachine
  let words: Wording

  /// Lost, ghosts and order breaks of one stream of events.
  func compare(outbox: PlanPlace, on side: PlanSide, stream: String) throws -> RehearsalCounts {
    var counts = RehearsalCounts()
    let published = try machine.query("SELECT id FROM \(words.table(outbox))", on: side).rows
    let taken = try machine.query(
      "SELECT message, md5(aggregate), sequence FROM \(ScratchBook.name).received WHERE stream = \(words.literal(stream)) ORDER BY place",
      on: side
    ).rows
    let truth = Set(published.compactMap { $0[0] })
    var seen: Set<String> = []
    var last: [String: Int] = [:]
    for row in taken {
      guard let message = row[0], let aggregate = row[1], let sequence = row[2].flatMap({ Int($0) }) else { continue }
      if !seen.insert(message).inserted { counts.orderBreaks += 1 }
      if !truth.contains(message) { counts.ghosts += 1 }
      if sequence <= last[aggregate] ?? 0 { counts.orderBreaks += 1 }
      last[aggregate] = sequence
    }
    counts.lost = truth.subtracting(seen).count
    return counts
  }
}
