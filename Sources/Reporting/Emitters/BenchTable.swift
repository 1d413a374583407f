/// Named rows of figures, printed as a table for people, CSV or JSON.
package struct BenchTable: Sendable {
  private let first: String
  private let columns: [String]
  private let shown: Set<String>
  private var rows: [(name: String, values: [Double?])] = []

  /// The formats there are.
  package static let formats = ["csv", "json", "text"]
  /// Digits after the point in files, and for people.
  private static let exactDigits = 6
  private static let shownDigits = 3

  /// A table without rows. `first` heads the names; people see the columns in `shown`, all when it is empty.
  package init(first: String, columns: [String], shown: Set<String> = []) {
    self.first = first
    self.columns = columns
    self.shown = shown
  }

  /// Adds a row; nil stands for a figure that does not apply.
  package mutating func add(_ name: String, _ values: [Double?]) { rows.append((name, values)) }

  /// The table in one of `formats`.
  package func text(format: String) -> String {
    switch format {
    case "csv": csv
    case "json": json
    default: plain
    }
  }

  private var csv: String {
    var text = Emitter.csvLine([first] + columns)
    for row in rows {
      text += Emitter.csvLine([row.name] + row.values.map { $0?.rounded(to: Self.exactDigits) ?? "" })
    }
    return text
  }

  private var json: String {
    var writer = JSONWriter()
    writer.beginArray()
    for row in rows { writer.element(Entry(first: first, row: row.name, columns: columns, values: row.values)) }
    writer.endArray()
    return writer.text + "\n"
  }

  /// One row a line, the figures turned to columns whose heads are broken at their underscores.
  private var plain: String {
    let visible = columns.indices.filter { shown.isEmpty || shown.contains(columns[$0]) }
    let heads = visible.map { columns[$0].split(separator: "_").map(String.init) }
    let height = heads.map(\.count).max() ?? 1
    var lines = (0..<height).map { line in
      [line == height - 1 ? first : ""]
        + heads.map { words in
          let position = line - (height - words.count)
          return position >= 0 ? words[position] : ""
        }
    }
    for row in rows { lines.append([row.name] + visible.map { row.values[$0]?.rounded(to: Self.shownDigits) ?? "-" }) }
    let widths = (0...visible.count).map { column in lines.map { $0[column].textWidth }.max() ?? 0 }
    return lines.map { cells in
      let padded = cells.enumerated().map { column, cell in
        let padding = String(repeating: " ", count: widths[column] - cell.textWidth)
        return column == 0 ? cell + padding : padding + cell
      }
      return padded.joined(separator: "  ").trimmedAtEnd + "\n"
    }.joined()
  }

  private struct Entry: JSONCoded {
    var first = ""
    var row = ""
    var columns: [String] = []
    var values: [Double?] = []

    func write(to writer: inout JSONWriter) {
      writer.beginObject()
      writer.entry(first, row)
      for (column, value) in zip(columns, values) {
        if let value { writer.entry(column, value) }
      }
      writer.endObject()
    }

    mutating func read(from reader: inout JSONReader) throws(ReportError) {}
  }
}

/// How well owners agree with known ones, as one JSON object.
package struct AgreementText {
  private let counts: [(name: String, value: Int)]
  private let shares: [(name: String, value: Double)]

  /// Figures by name.
  package init(counts: [(String, Int)], shares: [(String, Double)]) {
    self.counts = counts.map { (name: $0.0, value: $0.1) }
    self.shares = shares.map { (name: $0.0, value: $0.1) }
  }

  /// The object with its keys in order.
  package var jsonText: String {
    var writer = JSONWriter()
    writer.beginObject()
    for count in counts { writer.entry(count.name, count.value) }
    for share in shares { writer.entry(share.name, share.value) }
    writer.endObject()
    return writer.text + "\n"
  }
}

extension String {
  fileprivate var trimmedAtEnd: String {
    var text = self
    while text.last == " " { text.removeLast() }
    return text
  }
}
