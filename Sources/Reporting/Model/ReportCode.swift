/// Units and references as parallel columns: a system may have 60,000 functions and 300,000 calls, and columns of
/// small integers keep that at a few megabytes that read in milliseconds.
package struct ReportCode: JSONObject, Hashable, Sendable {
  /// Paths that `fileOf` and `referenceFile` point into.
  package var files: [String] = []
  /// File of each unit.
  package var fileOf: [Int] = []
  /// The type or file a unit belongs to, an index of a unit; itself for types and files.
  package var homes: [Int] = []
  /// Kind of each unit, an index into `kindNames`.
  package var kinds: [Int] = []
  /// Names of the kinds.
  package var kindNames: [String] = []
  /// First line of each unit.
  package var lines: [Int] = []
  /// Qualified name of each unit.
  package var names: [String] = []
  /// References between units.
  package var references = ReportReferences()
  /// Service of each unit: an index into `Report.services`, or `noService`, or `sharedService`.
  package var services: [Int] = []

  /// Marks a unit of no service.
  package static let noService = -1
  /// Marks a unit that all services share.
  package static let sharedService = -2

  package init() {}

  /// How many units there are.
  package var count: Int { names.count }

  /// Where a unit is defined.
  package func place(of unit: Int) -> ReportPlace { ReportPlace(file: files[fileOf[unit]], line: lines[unit]) }

  /// Kind of a unit: function, type, file or storedProgram.
  package func kind(of unit: Int) -> String { kindNames[kinds[unit]] }

  package mutating func fields<Map: FieldMap>(_ map: inout Map) throws(Map.Failure) {
    try map.field("fileOf", &fileOf)
    try map.field("files", &files)
    try map.field("homes", &homes)
    try map.field("kindNames", &kindNames)
    try map.field("kinds", &kinds)
    try map.field("lines", &lines)
    try map.field("names", &names)
    try map.field("references", &references)
    try map.field("services", &services)
  }

  func isConsistent(services serviceCount: Int) -> Bool {
    let columns = [fileOf, homes, kinds, lines, services]
    return columns.allSatisfy { $0.count == count }
      && fileOf.allSatisfy { files.indices.contains($0) } && homes.allSatisfy { names.indices.contains($0) }
      && kinds.allSatisfy { kindNames.indices.contains($0) }
      && services.allSatisfy { $0 >= ReportCode.sharedService && $0 < serviceCount }
      && references.isConsistent(units: count, files: files.count)
  }
}

/// References between units as parallel columns, sorted by from, to, kind.
package struct ReportReferences: JSONObject, Hashable, Sendable {
  /// How many places show each reference.
  package var counts: [Int] = []
  /// File of the first place, an index into `ReportCode.files`.
  package var files: [Int] = []
  /// The unit that needs.
  package var froms: [Int] = []
  /// Kind of each reference, an index into `kindNames`.
  package var kinds: [Int] = []
  /// Names of the kinds.
  package var kindNames: [String] = []
  /// Line of the first place.
  package var lines: [Int] = []
  /// The unit that is needed.
  package var tos: [Int] = []

  package init() {}

  /// How many references there are.
  package var count: Int { froms.count }

  package mutating func fields<Map: FieldMap>(_ map: inout Map) throws(Map.Failure) {
    try map.field("counts", &counts)
    try map.field("files", &files)
    try map.field("froms", &froms)
    try map.field("kindNames", &kindNames)
    try map.field("kinds", &kinds)
    try map.field("lines", &lines)
    try map.field("tos", &tos)
  }

  func isConsistent(units: Int, files fileCount: Int) -> Bool {
    let unitRange = 0..<units
    let columns = [counts, files, kinds, lines, tos]
    return columns.allSatisfy { $0.count == count }
      && froms.allSatisfy { unitRange.contains($0) } && tos.allSatisfy { unitRange.contains($0) }
      && files.allSatisfy { $0 >= 0 && $0 < fileCount } && kinds.allSatisfy { kindNames.indices.contains($0) }
  }
}

/// Weighted evidence between nodes as parallel columns. A node is a unit (its index in `ReportCode`) or a table (the
/// number of units plus its index in `Report.tables`).
package struct ReportEvidence: JSONObject, Hashable, Sendable {
  /// File of an example, an index into `ReportCode.files`; -1 when there is none.
  package var files: [Int] = []
  /// One end.
  package var froms: [Int] = []
  /// Nodes that belong together by place or name.
  package var groups: [ReportGroup] = []
  /// Kind of evidence, an index into `kindNames`.
  package var kinds: [Int] = []
  /// Names of the kinds.
  package var kindNames: [String] = []
  /// Line of the example.
  package var lines: [Int] = []
  /// The other end.
  package var tos: [Int] = []
  /// Weight, greater than 0; the unit is one call.
  package var weights: [Double] = []

  package init() {}

  /// How many pieces of evidence there are.
  package var count: Int { froms.count }

  package mutating func fields<Map: FieldMap>(_ map: inout Map) throws(Map.Failure) {
    try map.field("files", &files)
    try map.field("froms", &froms)
    try map.field("groups", &groups)
    try map.field("kindNames", &kindNames)
    try map.field("kinds", &kinds)
    try map.field("lines", &lines)
    try map.field("tos", &tos)
    try map.field("weights", &weights)
  }

  func isConsistent(units: Int, tables: Int, files fileCount: Int) -> Bool {
    let nodes = 0..<(units + tables)
    return [files, kinds, lines, tos].allSatisfy { $0.count == count } && weights.count == count
      && files.allSatisfy { $0 >= -1 && $0 < fileCount }
      && froms.allSatisfy { nodes.contains($0) } && tos.allSatisfy { nodes.contains($0) }
      && kinds.allSatisfy { kindNames.indices.contains($0) }
      && groups.allSatisfy { $0.pulls.count == $0.members.count && $0.members.allSatisfy { nodes.contains($0) } }
  }
}

/// Nodes that belong together by place or name: a package, a schema file, a family of names.
package struct ReportGroup: JSONObject, Hashable, Sendable {
  /// What the members share, in words.
  package var kind = ""
  /// Members, nodes as in `ReportEvidence`.
  package var members: [Int] = []
  /// The folder, the file or the word.
  package var name = ""
  /// Pull on each member, as a multiple of the sum of the member's other evidence.
  package var pulls: [Double] = []

  package init() {}

  package mutating func fields<Map: FieldMap>(_ map: inout Map) throws(Map.Failure) {
    try map.field("kind", &kind)
    try map.field("members", &members)
    try map.field("name", &name)
    try map.field("pulls", &pulls)
  }
}
