import Basics
import Facts

/// What one boundary does to one table.
struct TableParty {
  /// What one place shows.
  struct Place {
    var weight = 0.0
    var confidence: Confidence
  }

  let service: String
  private(set) var weight = 0.0
  private(set) var columns: Set<String> = []
  private(set) var places: [SourceSpan: Place] = [:]
  /// Places of each column, by lower-case name; `*` for whole rows, empty for unknown columns.
  private(set) var placesOfColumn: [String: Set<SourceSpan>] = [:]
  /// Whether the columns of every place are known.
  private(set) var knowsColumns = true

  init(service: String) { self.service = service }

  /// Whether anything better than a name shows it.
  var isSure: Bool { places.values.contains { $0.confidence != .guessed } }

  var use: TableUse { TableUse(service: service, columns: columns.sorted(), evidence: places.keys.sorted()) }

  mutating func add(_ span: SourceSpan, columns: [String], weight: Double, confidence: Confidence) {
    self.weight += weight
    self.columns.formUnion(columns)
    var place = places[span] ?? Place(confidence: confidence)
    place.weight += weight
    place.confidence = min(place.confidence, confidence)
    places[span] = place
    knowsColumns = knowsColumns && !columns.isEmpty && !columns.contains("*")
    for column in columns.isEmpty ? [""] : columns { placesOfColumn[column.lowercased(), default: []].insert(span) }
  }
}
