import Foundation
import Migration

/// A report as text for people and as JSON for programs.
package struct RehearsalText {
  private let report: RehearsalReport

  /// The forms of a report.
  package init(_ report: RehearsalReport) { self.report = report }

  // MARK: JSON

  private struct Counts: Encodable {
    let changes, kills, lost, ghosts, duplicates: Int
    let orderBreaks: Int

    enum CodingKeys: String, CodingKey {
      case changes, kills, lost, ghosts, duplicates
      case orderBreaks = "order_breaks"
    }

    init(_ counts: RehearsalCounts) {
      changes = counts.changes
      kills = counts.kills
      lost = counts.lost
      ghosts = counts.ghosts
      duplicates = counts.duplicates
      orderBreaks = counts.orderBreaks
    }
  }

  private struct Step: Encodable {
    let service, step, direction: String
    let gateMet: Bool?
    let counts: Counts
    let rowsCompared: Int
    let meanLag, longestLag, writeBlock: Double?
    let seconds: Double
    let notes: [String]

    enum CodingKeys: String, CodingKey {
      case service, step, direction, seconds, notes
      case gateMet = "gate_met"
      case rowsCompared = "rows_compared"
      case meanLag = "mean_lag_seconds"
      case longestLag = "longest_lag_seconds"
      case writeBlock = "write_block_seconds"
    }

    init(_ step: StepRehearsal) {
      service = step.service
      self.step = step.step.text
      direction = step.direction.rawValue
      gateMet = step.gateMet
      counts = Counts(step.counts)
      rowsCompared = step.rowsCompared
      meanLag = step.meanLag?.rounded(toPlaces: 3)
      longestLag = step.longestLag?.rounded(toPlaces: 3)
      writeBlock = step.writeBlock?.rounded(toPlaces: 3)
      seconds = step.seconds.rounded(toPlaces: 3)
      notes = step.notes
    }

    func encode(to encoder: any Encoder) throws {
      var container = encoder.container(keyedBy: CodingKeys.self)
      try container.encode(service, forKey: .service)
      try container.encode(step, forKey: .step)
      try container.encode(direction, forKey: .direction)
      try container.encode(gateMet, forKey: .gateMet)
      try container.encode(rowsCompared, forKey: .rowsCompared)
      try container.encode(meanLag, forKey: .meanLag)
      try container.encode(longestLag, forKey: .longestLag)
      try container.encode(writeBlock, forKey: .writeBlock)
      try container.encode(seconds, forKey: .seconds)
      try container.encode(notes, forKey: .notes)
      // The counts stand beside the rest, under the names of the totals.
      try counts.encode(to: encoder)
    }
  }

  private struct Whole: Encodable {
    let schemaVersion: Int
    let engine, capture: String
    let seed: UInt64
    let passed: Bool
    let faults: [String]
    let totals: Counts
    let writeBlock: Double?
    let isSourceRestored: Bool?
    let rowsKept: Int?
    let changedTables: [String]
    let killed: [String: Int]
    let refused: Int
    let notes: [String]
    let steps: [Step]
    let dualWrites: Counts?
    let source: SourceText.Values?

    enum CodingKeys: String, CodingKey {
      case schemaVersion, engine, capture, seed, passed, faults, killed, notes, steps, source
      case dualWrites = "dual_writes"
      case refused = "refused_transactions"
      case isSourceRestored = "source_restored"
      case rowsKept = "source_rows_kept"
      case changedTables = "source_tables_changed"
      case writeBlock = "write_block_seconds"
    }

    func encode(to encoder: any Encoder) throws {
      var container = encoder.container(keyedBy: CodingKeys.self)
      try container.encode(schemaVersion, forKey: .schemaVersion)
      try container.encode(engine, forKey: .engine)
      try container.encode(capture, forKey: .capture)
      try container.encode(seed, forKey: .seed)
      try container.encode(passed, forKey: .passed)
      try container.encode(faults, forKey: .faults)
      try container.encode(writeBlock, forKey: .writeBlock)
      try container.encode(isSourceRestored, forKey: .isSourceRestored)
      try container.encode(rowsKept, forKey: .rowsKept)
      try container.encode(changedTables, forKey: .changedTables)
      try container.encode(killed, forKey: .killed)
      try container.encode(refused, forKey: .refused)
      try container.encode(notes, forKey: .notes)
      try container.encode(steps, forKey: .steps)
      try container.encode(dualWrites, forKey: .dualWrites)
      try container.encode(source, forKey: .source)
      try totals.encode(to: encoder)
    }
  }

  /// One JSON object: the totals, and the same per step.
  package var json: String {
    let whole = Whole(
      schemaVersion: 1, engine: report.engine.rawValue, capture: report.capture, seed: report.seed,
      passed: report.faults.isEmpty, faults: report.faults, totals: Counts(report.totals),
      writeBlock: report.writeBlock?.rounded(toPlaces: 3), isSourceRestored: report.isSourceRestored,
      rowsKept: report.rowsKept, changedTables: Set(report.changedTables).sorted(), killed: report.killed,
      refused: report.refused, notes: report.notes,
      steps: report.steps.map(Step.init), dualWrites: report.dualWrites.map { Counts($0.counts) },
      source: report.source.map { SourceText($0).values })
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    guard let data = try? encoder.encode(whole) else { return "{}\n" }
    return String(decoding: data, as: UTF8.self) + "\n"
  }

  // MARK: Text

  /// A table of the steps and what came of them.
  package var text: String {
    var rows = [
      [
        "service", "step", "way", "gate", "changes", "kills", "lost", "ghosts", "absorbed", "disorder", "lag s",
        "block s", "seconds",
      ]
    ]
    for step in report.steps { rows.append(row(step)) }
    let totals = report.totals
    rows.append([
      "total", "", "", "", String(totals.changes), String(totals.kills), String(totals.lost), String(totals.ghosts),
      String(totals.duplicates), String(totals.orderBreaks), "", number(report.writeBlock), "",
    ])
    let widths = rows[0].indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
    var text = ""
    for row in rows {
      let cells = zip(row, widths).enumerated().map { place, cell in
        let blank = String(repeating: " ", count: cell.1 - cell.0.count)
        return place < 4 ? cell.0 + blank : blank + cell.0
      }
      text += cells.joined(separator: "  ").trimmingCharacters(in: .whitespaces) + "\n"
    }
    text += "\n"
    for step in report.steps {
      for note in step.notes { text += "\(step.service) \(step.step.text) \(step.direction.rawValue): \(note)\n" }
    }
    if !report.capture.isEmpty { text += "changes were captured by \(report.capture)\n" }
    for note in report.notes { text += "\(note)\n" }
    if report.isSourceRestored == true { text += "the old database has the structure it had\n" }
    if let rows = report.rowsKept, report.changedTables.isEmpty {
      text += "its \(rows) rows are what they were when the last stream ended\n"
    }
    if let source = report.source { text += SourceText(source).text }
    return text + (report.dualWrites?.text ?? "") + verdict
  }

  private var verdict: String {
    if report.faults.isEmpty { return "passed: nothing was lost, invented or applied out of order\n" }
    return report.faults.map { "FAILED: \($0)\n" }.joined()
  }

  private func row(_ step: StepRehearsal) -> [String] {
    let counts = step.counts
    return [
      step.service, step.step.text, step.direction.rawValue, step.gateMet.map { $0 ? "held" : "FAILED" } ?? "-",
      String(counts.changes), String(counts.kills), String(counts.lost), String(counts.ghosts),
      String(counts.duplicates), String(counts.orderBreaks), number(step.meanLag), number(step.writeBlock),
      number(step.seconds),
    ]
  }

  private func number(_ value: Double?) -> String { value.map { String($0.rounded(toPlaces: 2)) } ?? "" }
}
