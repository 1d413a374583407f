/// A proposed service.
package struct ReportService: JSONObject, Hashable, Sendable {
  /// Share of its edge weight that stays inside, 0 to 1.
  package var cohesion = 0.0
  /// Unique name.
  package var name = ""
  /// Tables it owns, sorted.
  package var tables: [String] = []
  /// Types and files in it, sorted.
  package var units: [String] = []

  package init() {}

  /// A service.
  package init(name: String, tables: [String], units: [String], cohesion: Double) {
    self.name = name
    self.tables = tables
    self.units = units
    self.cohesion = cohesion
  }

  package mutating func fields<Map: FieldMap>(_ map: inout Map) throws(Map.Failure) {
    try map.field("cohesion", &cohesion)
    try map.field("name", &name)
    try map.field("tables", &tables)
    try map.field("units", &units)
  }
}

/// What one service does with a table, with the places that show it.
package struct ReportUse: JSONObject, Hashable, Sendable {
  /// Columns touched, sorted; `*` for all.
  package var columns: [String] = []
  /// How many places show it.
  package var count = 0
  /// The first places, at most `placeLimit`.
  package var places: [ReportPlace] = []
  /// The service; empty for code that belongs to none.
  package var service = ""

  /// Places kept for each use: enough to check a claim by eye, few enough to keep the report small.
  package static let placeLimit = 12

  package init() {}

  /// A use; places beyond the limit are dropped.
  package init(service: String, columns: [String], count: Int, places: [ReportPlace]) {
    self.service = service
    self.columns = columns
    self.count = count
    self.places = Array(places.prefix(ReportUse.placeLimit))
  }

  /// `service (count)`.
  package var text: String { "\(service) (\(count))" }

  package mutating func fields<Map: FieldMap>(_ map: inout Map) throws(Map.Failure) {
    try map.field("columns", &columns)
    try map.field("count", &count)
    try map.field("places", &places)
    try map.field("service", &service)
  }
}

/// The single source of truth proposed for a table.
package struct ReportOwner: JSONObject, Hashable, Sendable {
  /// Who touches which column; the view of owners shows it where several services write.
  package var columns: [ReportColumnProof] = []
  /// What would flip it.
  package var flip = ReportFlip()
  /// Writers that a look at the code does not show.
  package var hiddenWriters: [ReportHiddenWriter] = []
  /// What the resolution comes to.
  package var joint = ReportJoint()
  /// Lead over the runner-up, 0 to 1.
  package var margin = 0.0
  /// single, common, joint or unwritten.
  package var ownership = ""
  /// Reading services, strongest first.
  package var readers: [ReportUse] = []
  /// Why this service.
  package var reason = ""
  /// How joint ownership is resolved; empty when there is nothing to resolve.
  package var resolution = ""
  /// Who would own it next; empty when nobody.
  package var runnerUp = ""
  /// The owning service; empty when nothing points at any.
  package var service = ""
  /// The table.
  package var table = ""
  /// Writing services, strongest first.
  package var writers: [ReportUse] = []

  package init() {}

  package mutating func fields<Map: FieldMap>(_ map: inout Map) throws(Map.Failure) {
    try map.field("columns", &columns)
    try map.field("flip", &flip)
    try map.field("hiddenWriters", &hiddenWriters)
    try map.field("joint", &joint)
    try map.field("margin", &margin)
    try map.field("ownership", &ownership)
    try map.field("readers", &readers)
    try map.field("reason", &reason)
    try map.field("resolution", &resolution)
    try map.field("runnerUp", &runnerUp)
    try map.field("service", &service)
    try map.field("table", &table)
    try map.field("writers", &writers)
  }
}

/// A place where the cut goes through data.
package struct ReportSeam: JSONObject, Hashable, Sendable {
  /// Columns reached, sorted.
  package var columns: [String] = []
  /// What the recommendation costs.
  package var costs: [ReportCost] = []
  /// Path of the file.
  package var file = ""
  /// The service that reaches out.
  package var from = ""
  /// write, read, join, foreign_key, transaction, n_plus_one or trigger.
  package var kind = ""
  /// Line from 1.
  package var line = 0
  /// The other table of a join or foreign key; empty otherwise.
  package var otherTable = ""
  /// What to do about it.
  package var recommendation = ""
  /// Identifier of the rule that recommends.
  package var rule = ""
  /// The statement, shortened, literals masked; empty when it has no text.
  package var statement = ""
  /// The table reached.
  package var table = ""
  /// The service that owns what is reached.
  package var to = ""

  package init() {}

  /// Where it stands.
  package var place: ReportPlace { ReportPlace(file: file, line: line) }
  /// The costs in one short line: staleness is left out, since it is 0 without messages and unknown with them.
  package var costText: String { costs.filter { $0.name != "staleness_seconds" }.map(\.text).joined(separator: ", ") }

  package mutating func fields<Map: FieldMap>(_ map: inout Map) throws(Map.Failure) {
    try map.field("columns", &columns)
    try map.field("costs", &costs)
    try map.field("file", &file)
    try map.field("from", &from)
    try map.field("kind", &kind)
    try map.field("line", &line)
    try map.field("otherTable", &otherTable)
    try map.field("recommendation", &recommendation)
    try map.field("rule", &rule)
    try map.field("statement", &statement)
    try map.field("table", &table)
    try map.field("to", &to)
  }
}

/// A figure about the proposal.
package struct ReportMetric: JSONObject, Hashable, Sendable {
  /// Standard name.
  package var name = ""
  /// Its value.
  package var value = 0.0

  package init() {}

  /// A figure.
  package init(name: String, value: Double) {
    self.name = name
    self.value = value
  }

  package mutating func fields<Map: FieldMap>(_ map: inout Map) throws(Map.Failure) {
    try map.field("name", &name)
    try map.field("value", &value)
  }
}

/// One way to divide the tables, judged by the data alone.
package struct ReportDivision: JSONObject, Hashable, Sendable {
  /// Share of the ties among the tables that lies inside the groups, 0 to 1.
  package var coverage = 0.0
  /// Modularity as a share of what it could be at most, at most 1.
  package var assortativity = 0.0
  /// Foreign keys between groups.
  package var crossForeignKeys = 0
  /// Joins in statements between groups.
  package var crossJoins = 0
  /// Transactions that write in more than one group.
  package var crossTransactions = 0
  /// Number of groups.
  package var groups = 0
  /// Whether the proposal is built on it.
  package var isTaken = false
  /// Tables in the largest group.
  package var largest = 0
  /// That share less the one expected by chance, -0.5 to 1.
  package var modularity = 0.0
  /// What it divides by.
  package var name = ""
  /// Standard deviations by which that exceeds chance.
  package var significance = 0.0

  package init() {}

  package mutating func fields<Map: FieldMap>(_ map: inout Map) throws(Map.Failure) {
    try map.field("assortativity", &assortativity)
    try map.field("coverage", &coverage)
    try map.field("crossForeignKeys", &crossForeignKeys)
    try map.field("crossJoins", &crossJoins)
    try map.field("crossTransactions", &crossTransactions)
    try map.field("groups", &groups)
    try map.field("isTaken", &isTaken)
    try map.field("largest", &largest)
    try map.field("modularity", &modularity)
    try map.field("name", &name)
    try map.field("significance", &significance)
  }
}
