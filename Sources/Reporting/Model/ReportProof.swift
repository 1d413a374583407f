/// How many places of a service touch a column.
package struct ReportColumnUse: JSONObject, Hashable, Sendable {
  /// Places.
  package var count = 0
  /// The service.
  package var service = ""

  package init() {}

  /// A use.
  package init(service: String, count: Int) {
    self.service = service
    self.count = count
  }

  /// `service (count)`.
  package var text: String { "\(service.isEmpty ? "(no service)" : service) (\(count))" }

  package mutating func fields<Map: FieldMap>(_ map: inout Map) throws(Map.Failure) {
    try map.field("count", &count)
    try map.field("service", &service)
  }
}

/// Who touches one column.
package struct ReportColumnProof: JSONObject, Hashable, Sendable {
  /// The column; `*` for statements about whole rows, empty where the columns of a statement are unknown.
  package var name = ""
  /// Reading services, most places first.
  package var readers: [ReportColumnUse] = []
  /// Writing services, most places first.
  package var writers: [ReportColumnUse] = []

  package init() {}

  package mutating func fields<Map: FieldMap>(_ map: inout Map) throws(Map.Failure) {
    try map.field("name", &name)
    try map.field("readers", &readers)
    try map.field("writers", &writers)
  }
}

/// The smallest change of evidence that would flip an owner.
package struct ReportFlip: JSONObject, Hashable, Sendable {
  /// What decides today: writes, division, placement or decision.
  package var basis = ""
  /// Whether the runner-up would write more without the places that are inferred or guessed.
  package var hangsOnUnsure = false
  /// Write places that would have to appear in the runner-up; 0 where places do not decide.
  package var placesToAppear = 0
  /// Write places that would have to move to the runner-up; 0 where places do not decide.
  package var placesToMove = 0
  /// In plain words; empty when there is no owner.
  package var text = ""
  /// Write places of the owner that are inferred or guessed.
  package var unsurePlaces = 0

  package init() {}

  package mutating func fields<Map: FieldMap>(_ map: inout Map) throws(Map.Failure) {
    try map.field("basis", &basis)
    try map.field("hangsOnUnsure", &hangsOnUnsure)
    try map.field("placesToAppear", &placesToAppear)
    try map.field("placesToMove", &placesToMove)
    try map.field("text", &text)
    try map.field("unsurePlaces", &unsurePlaces)
  }
}

/// What writes a table without a statement in the code that a request runs.
package struct ReportHiddenWriter: JSONObject, Hashable, Sendable {
  /// Columns written, sorted; `*` for whole rows.
  package var columns: [String] = []
  /// What it does, in a few words.
  package var effect = ""
  /// cascade, job, routine or trigger.
  package var kind = ""
  /// The program, the job, or the table whose deletes cascade.
  package var name = ""
  /// Where it is declared; of a job the write.
  package var place = ReportPlace()
  /// The service it acts for; empty when unknown.
  package var service = ""

  package init() {}

  /// One line for people.
  package var text: String {
    let whom = service.isEmpty ? "" : " of \(service)"
    let what = columns.isEmpty || columns == ["*"] ? "" : ", columns \(columns.joined(separator: ", "))"
    return "\(kind) \(name)\(whom): \(effect)\(what), \(place.text)"
  }

  package mutating func fields<Map: FieldMap>(_ map: inout Map) throws(Map.Failure) {
    try map.field("columns", &columns)
    try map.field("effect", &effect)
    try map.field("kind", &kind)
    try map.field("name", &name)
    try map.field("place", &place)
    try map.field("service", &service)
  }
}

/// One figure of what a recommendation costs.
package struct ReportCost: JSONObject, Hashable, Sendable {
  /// What is counted: queries_now, calls_after, messages_after, replica_columns, compensations, merged_services or staleness_seconds.
  package var name = ""
  /// A number, or `unknown` where the code does not tell.
  package var value = ""

  package init() {}

  /// A figure.
  package init(name: String, value: String) {
    self.name = name
    self.value = value
  }

  /// For people: `1 call after`.
  package var text: String {
    let isOne = value == "1"
    switch name {
    case "queries_now": return value == "unknown" ? "n queries now" : "\(value) \(isOne ? "query" : "queries") now"
    case "calls_after": return "\(value) \(isOne ? "call" : "calls") after"
    case "messages_after": return "\(value) \(isOne ? "message" : "messages") after"
    case "replica_columns": return "copy of \(value) \(isOne ? "column" : "columns")"
    case "compensations": return "\(value) \(isOne ? "compensation" : "compensations")"
    case "merged_services": return "\(value) services become one"
    case "staleness_seconds": return value == "0" ? "never stale" : "staleness \(value)"
    default: return "\(name) \(value)"
    }
  }

  package mutating func fields<Map: FieldMap>(_ map: inout Map) throws(Map.Failure) {
    try map.field("name", &name)
    try map.field("value", &value)
  }
}
