extension Emitter {
  /// Text for people: the summary, or the rows of a view in aligned columns.
  static let text = Emitter(format: "text", views: ReportView.allCases) { report, view, level in
    guard let table = ViewRows(report, view: view, level: level) else { return Summary(report).text }
    guard !table.rows.isEmpty else { return "no \(view.rawValue)\n" }
    switch view {
    case .owners: return TextTable(table).text + OwnerBlocks(report).text
    case .seams: return TextTable(table.adding("cost", before: "recommendation", report.seams.map(\.costText))).text
    case .summary, .tables, .columns, .accesses, .services, .alternatives, .graph: return TextTable(table).text
    }
  }
}

/// Rows set in columns. Long cells are shortened in every column but the last.
struct TextTable {
  private let table: ViewRows
  private let widths: [Int]

  /// Widest column but the last, in characters: four of them fit a wide terminal.
  private static let widest = 48

  init(_ table: ViewRows) {
    self.table = table
    var widths = table.header.map(\.count)
    for row in table.rows {
      for (index, cell) in row.enumerated() { widths[index] = max(widths[index], cell.textWidth) }
    }
    self.widths = widths.map { min($0, TextTable.widest) }
  }

  var text: String {
    var text = line(table.header.map { $0.replacing("_", with: " ") })
    text += line(widths.indices.map { String(repeating: "-", count: table.header[$0].count) })
    for row in table.rows { text += line(row) }
    return text
  }

  private func line(_ cells: [String]) -> String {
    var line = ""
    for (index, cell) in cells.enumerated() {
      let isLast = index == cells.count - 1
      let shown = isLast ? cell.oneLine : cell.oneLine.shortened(to: TextTable.widest)
      let padding = String(repeating: " ", count: max(0, widths[index] - shown.textWidth))
      let isNumeric = table.numeric.contains(table.header[index])
      line += isNumeric ? padding + shown : isLast ? shown : shown + padding
      if !isLast { line += "  " }
    }
    while line.last == " " { line.removeLast() }
    return line + "\n"
  }
}

extension String {
  /// Characters; bytes are counted when all are ASCII, which is much quicker.
  var textWidth: Int { utf8.allSatisfy { $0 < 0x80 } ? utf8.count : count }

  /// Without line breaks and other control characters, which would break a line of a table or drive a terminal.
  var oneLine: String {
    guard unicodeScalars.contains(where: { $0.value < 0x20 || (0x7F..<0xA0).contains($0.value) }) else { return self }
    var text = ""
    for scalar in unicodeScalars {
      let isControl = scalar.value < 0x20 || (0x7F..<0xA0).contains(scalar.value)
      text.unicodeScalars.append(isControl ? " " : scalar)
    }
    return text
  }

  /// At most `limit` characters; the middle of a longer text becomes `…`, since both ends of a name say something.
  func shortened(to limit: Int) -> String {
    guard textWidth > limit else { return self }
    let half = (limit - 1) / 2
    return String(prefix(half)) + "…" + String(suffix(limit - 1 - half))
  }
}
