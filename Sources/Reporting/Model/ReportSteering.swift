/// What came of one entry of `cleave.yml`.
package struct ReportConstraint: JSONObject, Hashable, Sendable {
  /// Why it was decided; empty when nothing is said.
  package var because = ""
  /// Whether the proposal obeys it; the diagnostics say why not.
  package var isObeyed = false
  /// Whether its price was worked out.
  package var isPriced = false
  /// Where it is written.
  package var place = ReportPlace()
  /// Figures with it less the figures without it; those that do not differ are left out.
  package var price: [ReportMetric] = []
  /// The section of the file.
  package var section = ""
  /// Tables it is about, sorted.
  package var tables: [String] = []
  /// What it says in a few words.
  package var text = ""
  /// Types and files it is about, sorted.
  package var units: [String] = []

  package init() {}

  package mutating func fields<Map: FieldMap>(_ map: inout Map) throws(Map.Failure) {
    try map.field("because", &because)
    try map.field("isObeyed", &isObeyed)
    try map.field("isPriced", &isPriced)
    try map.field("place", &place)
    try map.field("price", &price)
    try map.field("section", &section)
    try map.field("tables", &tables)
    try map.field("text", &text)
    try map.field("units", &units)
  }

  /// The price in one line, such as `cross write +2, modularity -0.01`.
  package var priceText: String {
    guard isPriced else { return "" }
    return price.isEmpty ? "costs nothing" : price.map { Self.change($0) }.joined(separator: ", ")
  }

  /// `pin orders to billing (cleave.yml:4): cross write +2; the finance team runs it`.
  package var line: String {
    let price = isObeyed ? priceText : "left out"
    return "\(text) (\(place.text))" + (price.isEmpty ? "" : ": \(price)") + (because.isEmpty ? "" : "; \(because)")
  }

  private static func change(_ figure: ReportMetric) -> String {
    let sign = figure.value > 0 ? "+" : ""
    return "\(figure.name.replacing("_", with: " ")) \(sign)\(figure.value.rounded(to: 3))"
  }
}

/// A table or unit that another division puts elsewhere.
package struct ReportMove: JSONObject, Hashable, Sendable {
  /// Where it is in the first; empty for nowhere.
  package var from = ""
  /// The table or unit.
  package var name = ""
  /// Where it is in the second.
  package var to = ""

  package init() {}

  /// A move.
  package init(name: String, from: String, to: String) {
    self.name = name
    self.from = from
    self.to = to
  }

  package mutating func fields<Map: FieldMap>(_ map: inout Map) throws(Map.Failure) {
    try map.field("from", &from)
    try map.field("name", &name)
    try map.field("to", &to)
  }

  /// `orders: checkout → billing`.
  package var text: String { "\(name): \(from.isEmpty ? "(none)" : from) → \(to.isEmpty ? "(none)" : to)" }
}

/// A figure of two divisions.
package struct ReportFigure: JSONObject, Hashable, Sendable {
  /// Its value in the second.
  package var after = 0.0
  /// Its value in the first.
  package var before = 0.0
  /// Standard name.
  package var name = ""

  package init() {}

  /// A figure.
  package init(name: String, before: Double, after: Double) {
    self.name = name
    self.before = before
    self.after = after
  }

  package mutating func fields<Map: FieldMap>(_ map: inout Map) throws(Map.Failure) {
    try map.field("after", &after)
    try map.field("before", &before)
    try map.field("name", &name)
  }
}

/// An imported split beside the proposal: first the proposal, second the split.
package struct ReportComparison: JSONObject, Hashable, Sendable {
  /// Figures of both.
  package var figures: [ReportFigure] = []
  /// The file of the split; empty when there is none.
  package var source = ""
  /// Tables the split gives to another owner.
  package var tables: [ReportMove] = []

  package init() {}

  package mutating func fields<Map: FieldMap>(_ map: inout Map) throws(Map.Failure) {
    try map.field("figures", &figures)
    try map.field("source", &source)
    try map.field("tables", &tables)
  }
}
