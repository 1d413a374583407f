import Basics
import Foundation

/// What a report says about a live database, as text for people and as values for JSON.
struct SourceText {
  private let report: SourceReport

  init(_ report: SourceReport) { self.report = report }

  /// Differences that are listed one by one for people; JSON holds all.
  private static let listed = 25

  // MARK: Text

  var text: String {
    var text =
      "\nlive database \(report.address) (\(report.server)): its statistics, and its structure read \(report.reading); "
      + "no rows\n"
    if !report.tables.isEmpty { text += table + basis }
    for note in report.notes { text += "  \(note)\n" }
    if report.drift.isEmpty { return text + "no drift: tables that move are as the schema files say\n\n" }
    text += "drift, as the plan was made from schema files that say otherwise:\n"
    for item in report.drift.prefix(Self.listed) { text += "  \(item.text)\n" }
    let rest = report.drift.count - Self.listed
    return text + (rest > 0 ? "  and \(rest) more (--format json lists all)\n" : "") + "\n"
  }

  private var table: String {
    let rows =
      [["service", "table", "rows there", "size there", "rows here", "copying, estimated"]]
      + report.tables.map { table in
        [
          table.service, table.table.text + (table.isCopy ? " (copy)" : ""),
          table.rows.map(Self.count) ?? "not counted",
          table.bytes.map(Self.size) ?? "-", String(table.rehearsed), table.copySeconds.map(Self.time) ?? "-",
        ]
      }
    let widths = rows[0].indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
    return rows.map { row in
      let cells = zip(row, widths).enumerated().map { place, cell in
        let blank = String(repeating: " ", count: cell.1 - cell.0.count)
        return place < 2 ? cell.0 + blank : blank + cell.0
      }
      return "  " + cells.joined(separator: "  ") + "\n"
    }.joined()
  }

  private var basis: String {
    let start = "  rows and sizes are what the server's statistics say"
    guard let rate = report.copyRate else {
      return start + "; too few rows were copied here to estimate how long it takes\n"
    }
    return start + "; times are an estimate from the \(Self.count(Int(rate))) rows a second\n"
      + "  one applier took over on this machine under load: network, disks and indexes there change it\n"
  }

  static func count(_ number: Int) -> String {
    var digits = String(number)
    var groups: [Substring] = []
    while digits.count > 3 {
      groups.insert(digits.suffix(3), at: 0)
      digits = String(digits.dropLast(3))
    }
    return ([digits] + groups.map(String.init)).joined(separator: ",")
  }

  static func size(_ bytes: Int) -> String {
    var value = Double(bytes)
    for unit in ["B", "kB", "MB", "GB"] {
      if value < 1000 {
        let isSmall = value < 10 && unit != "B"
        return "\(isSmall ? String((value * 10).rounded() / 10) : String(Int(value.rounded()))) \(unit)"
      }
      value /= 1000
    }
    return "\((value * 10).rounded() / 10) TB"
  }

  static func time(_ seconds: Double) -> String {
    if seconds < 1 { return "under 1 s" }
    if seconds < 90 { return "about \(Int(seconds.rounded())) s" }
    if seconds < 5400 { return "about \(Int((seconds / 60).rounded())) min" }
    if seconds < 172_800 { return "about \(Int((seconds / 3600).rounded())) h" }
    return "about \(Int((seconds / 86_400).rounded())) days"
  }

  // MARK: JSON

  struct Values: Encodable {
    let address, server, method: String
    let isUsed: Bool
    let copyRate: Double?
    let tables: [TableValues]
    let drift: [DriftValues]
    let notes: [String]

    enum CodingKeys: String, CodingKey {
      case address, server, method, tables, drift, notes
      case isUsed = "used"
      case copyRate = "copied_rows_per_second"
    }
  }

  struct TableValues: Encodable {
    let service, table: String
    let isCopy: Bool
    let rows, bytes: Int?
    let rehearsed: Int
    let copySeconds: Double?

    enum CodingKeys: String, CodingKey {
      case service, table
      case isCopy = "copy"
      case rows = "estimated_rows"
      case bytes = "estimated_bytes"
      case rehearsed = "rehearsed_rows"
      case copySeconds = "estimated_copy_seconds"
    }
  }

  struct DriftValues: Encodable {
    let kind, table: String
    let column: String?
    let files, live: String
  }

  var values: Values {
    Values(
      address: report.address, server: report.server, method: report.method, isUsed: report.isUsed,
      copyRate: report.copyRate.map { $0.rounded() },
      tables: report.tables.map {
        TableValues(
          service: $0.service, table: $0.table.text, isCopy: $0.isCopy, rows: $0.rows, bytes: $0.bytes,
          rehearsed: $0.rehearsed,
          copySeconds: $0.copySeconds?.rounded(toPlaces: 1))
      },
      drift: report.drift.map {
        DriftValues(
          kind: $0.kind.rawValue, table: $0.table.text, column: $0.column, files: $0.files, live: $0.live)
      }, notes: report.notes)
  }
}
