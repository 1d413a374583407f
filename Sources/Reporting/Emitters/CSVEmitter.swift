extension Emitter {
  /// Comma-separated values after RFC 4180 with a header line; lines end in a line feed alone, as Unix tools expect.
  static let csv = Emitter(
    format: "csv", views: [.tables, .columns, .accesses, .services, .alternatives, .owners, .seams, .graph]
  ) { report, view, level in
    guard let table = ViewRows(report, view: view, level: level) else { return "" }
    var text = csvLine(table.header)
    for row in table.rows { text += csvLine(row) }
    return text
  }

  /// One record with its line feed.
  static func csvLine(_ cells: [String]) -> String {
    var line = ""
    for (index, cell) in cells.enumerated() {
      if index > 0 { line += "," }
      line += csvCell(cell)
    }
    return line + "\n"
  }

  /// Quotes a cell when it holds a separator, a quote, a line break, or white space at an end that readers may trim.
  package static func csvCell(_ text: String) -> String {
    let mustQuote = text.utf8.contains {
      $0 == UInt8(ascii: ",") || $0 == UInt8(ascii: "\"") || $0 == 0x0A || $0 == 0x0D
    }
    guard mustQuote || text.utf8.first == 0x20 || text.utf8.last == 0x20 else { return text }
    var quoted: [UInt8] = [UInt8(ascii: "\"")]
    for byte in text.utf8 {
      if byte == UInt8(ascii: "\"") { quoted.append(byte) }
      quoted.append(byte)
    }
    quoted.append(UInt8(ascii: "\""))
    return String(decoding: quoted, as: UTF8.self)
  }
}
