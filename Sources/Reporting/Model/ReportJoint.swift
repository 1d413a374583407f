/// Columns that go to one service.
package struct ReportPart: JSONObject, Hashable, Sendable {
  /// Columns, in the order of the table.
  package var columns: [String] = []
  /// The service.
  package var service = ""

  package init() {}

  /// A part.
  package init(service: String, columns: [String]) {
    self.service = service
    self.columns = columns
  }

  package mutating func fields<Map: FieldMap>(_ map: inout Map) throws(Map.Failure) {
    try map.field("columns", &columns)
    try map.field("service", &service)
  }
}

/// A service that has to call the owner of a table instead of writing it.
package struct ReportDelegate: JSONObject, Hashable, Sendable {
  /// Places where it calls code of the owner already.
  package var callsNow = 0
  /// Write statements that move to the owner.
  package var count = 0
  /// The first of them, at most `ReportUse.placeLimit`.
  package var places: [ReportPlace] = []
  /// The service, or `shared`.
  package var service = ""

  package init() {}

  package mutating func fields<Map: FieldMap>(_ map: inout Map) throws(Map.Failure) {
    try map.field("callsNow", &callsNow)
    try map.field("count", &count)
    try map.field("places", &places)
    try map.field("service", &service)
  }
}

/// A writer's part of the write evidence.
package struct ReportShare: JSONObject, Hashable, Sendable {
  /// The service.
  package var service = ""
  /// 0 to 1.
  package var share = 0.0

  package init() {}

  /// A share.
  package init(service: String, share: Double) {
    self.service = service
    self.share = share
  }

  package mutating func fields<Map: FieldMap>(_ map: inout Map) throws(Map.Failure) {
    try map.field("service", &service)
    try map.field("share", &share)
  }
}

/// What the resolution of joint ownership comes to; every part is empty that the resolution does not need.
package struct ReportJoint: JSONObject, Hashable, Sendable {
  /// Of delegation: who calls the owner, most statements first.
  package var delegates: [ReportDelegate] = []
  /// Of a table split: the key both parts share.
  package var key: [String] = []
  /// Of a consolidation: the part of both services' writes that goes to the other's tables, 0 to 1.
  package var mutualShare = 0.0
  /// Of a table split: what each part holds besides the key, the owner's first.
  package var parts: [ReportPart] = []
  /// The writers' parts of the write evidence, strongest first.
  package var shares: [ReportShare] = []
  /// What one writer would have to reach to dominate, or what mutual writes had to reach, 0 to 1.
  package var threshold = 0.0
  /// Of a table split: columns nobody writes, with the service they go to.
  package var unwritten: [ReportPart] = []

  package init() {}

  package mutating func fields<Map: FieldMap>(_ map: inout Map) throws(Map.Failure) {
    try map.field("delegates", &delegates)
    try map.field("key", &key)
    try map.field("mutualShare", &mutualShare)
    try map.field("parts", &parts)
    try map.field("shares", &shares)
    try map.field("threshold", &threshold)
    try map.field("unwritten", &unwritten)
  }
}

extension ReportOwner {
  /// Places and delegates named in text; the JSON has more.
  private static let placesShown = 3
  private static let delegatesShown = 6

  /// How the joint ownership is resolved, line by line; empty when there is nothing to resolve.
  package var resolutionLines: [String] {
    switch resolution {
    case "table split": return splitLines
    case "delegate": return delegateLines
    case "data domain":
      return [
        "\(sharesText) share it: none reaches \(Self.percent(joint.threshold)) of the write evidence, so nobody is the one to ask; "
          + "give it a service of its own or let them share a data domain"
      ]
    case "service consolidation":
      return [
        "\(joint.shares.prefix(2).map(\.service).joined(separator: " and ")) become one service: "
          + "\(Self.percent(joint.mutualShare)) of their writes go to tables of the other (from \(Self.percent(joint.threshold)) on)"
      ]
    default: return []
    }
  }

  private var splitLines: [String] {
    let key = joint.key.isEmpty ? "no key is declared" : "both keyed by \(joint.key.joined(separator: ", "))"
    var lines = joint.parts.map { part in
      let columns = part.columns.isEmpty ? "the key alone" : part.columns.joined(separator: ", ")
      return "\(part.service) \(part.service == service ? "keeps" : "takes") \(columns)"
    }
    lines.append(
      joint.parts.count > 2 && !joint.key.isEmpty ? "all keyed by \(joint.key.joined(separator: ", "))" : key)
    lines += joint.unwritten.map { part in
      "nobody writes \(part.columns.joined(separator: ", ")): to \(part.service)"
    }
    return lines
  }

  private var delegateLines: [String] {
    var lines = joint.delegates.prefix(Self.delegatesShown).map { delegate in
      let places = delegate.places.prefix(Self.placesShown).map(\.text).joined(separator: ", ")
      let more = delegate.count > Self.placesShown ? ", +\(delegate.count - Self.placesShown) more" : ""
      let who = delegate.service == Report.sharedName ? "shared code" : delegate.service
      let calls = delegate.callsNow > 0 ? " (calls it in \(counted(delegate.callsNow, "place")) already)" : ""
      return "\(who) calls \(service)\(calls): \(counted(delegate.count, "write statement")) to move, \(places)\(more)"
    }
    if joint.delegates.count > Self.delegatesShown {
      let rest = joint.delegates.dropFirst(Self.delegatesShown)
      lines.append(
        "+\(counted(rest.count, "more caller")) with \(counted(rest.reduce(0) { $0 + $1.count }, "write statement"))")
    }
    return lines
  }

  private var sharesText: String {
    joint.shares.map { "\($0.service) (\(Self.percent($0.share)))" }.joined(separator: ", ")
  }

  private static func percent(_ share: Double) -> String { "\((share * 100).rounded(to: 0))%" }
}
