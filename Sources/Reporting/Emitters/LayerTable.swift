/// What one layer of evidence weighs in a proposal, as shown.
package struct LayerRow: Hashable, Sendable {
  /// Name of the layer.
  package var name = ""
  /// What it rests on.
  package var source = ""
  /// Pairs it ties, or nodes it pulls.
  package var pairs = 0
  /// Sum of its weights.
  package var weight = 0.0
  /// Its part of all weight, 0 to 1.
  package var share = 0.0
  /// The part of its weight inside the services, 0 to 1.
  package var inside = 0.0
  /// Agreement of the owners with and without it, at most 1.
  package var agreement = 0.0

  /// An empty row.
  package init() {}
}

/// Layers of evidence as text, CSV or JSON.
package struct LayerTable {
  private let rows: [LayerRow]

  /// Names of the formats, sorted.
  package static let formats = ["csv", "json", "text"]

  /// A table of layers in their order.
  package init(_ rows: [LayerRow]) { self.rows = rows }

  /// The table in one of `formats`; text for any other name.
  package func text(format: String) -> String {
    switch format {
    case "json": json
    case "csv": ([cells.header] + cells.rows).map(Emitter.csvLine).joined()
    default: TextTable(cells).text
    }
  }

  private var cells: ViewRows {
    ViewRows(
      "layer,pairs,weight,share,inside,owners_without,source",
      numeric: ["pairs", "weight", "share", "inside", "owners_without"],
      rows: rows.map { row in
        [
          row.name, String(row.pairs), row.weight.rounded(to: 2), row.share.rounded(to: 4), row.inside.rounded(to: 4),
          row.agreement.rounded(to: 4), row.source,
        ]
      })
  }

  private var json: String {
    var writer = JSONWriter()
    writer.beginObject()
    writer.objects("layers", rows) { writer, row in
      writer.field("inside", is: row.inside)
      writer.field("layer", is: row.name)
      writer.field("ownersWithout", is: row.agreement)
      writer.field("pairs", is: row.pairs)
      writer.field("share", is: row.share)
      writer.field("source", is: row.source)
      writer.field("weight", is: row.weight)
    }
    writer.endObject()
    return writer.text + "\n"
  }
}
