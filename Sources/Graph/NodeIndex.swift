import Basics
import Facts

/// Decides which units are nodes and maps every unit and table to its node.
///
/// Types count as nodes when they have methods or take part in inheritance; plain data types stay with their file,
/// because a C system has thousands of them and nothing ever points at one.
struct NodeIndex {
  private(set) var nodes: [GraphNode] = []
  private(set) var nodeOfUnit: [Int32]
  private(set) var nodeOfTable: [TableName: Int] = [:]
  /// Node of the file with that path.
  private(set) var nodeOfFile: [String: Int] = [:]
  /// Whether each node is code of tests; tables are not.
  private(set) var isTest: [Bool] = []

  private struct Draft {
    let kind: GraphNode.Kind
    let name: String
    let span: SourceSpan
    let unit: Int?
  }

  init(system: SystemFacts) {
    nodeOfUnit = [Int32](repeating: -1, count: system.units.count)
    let owners = Self.ownersOfFunctions(system)
    var isType = [Bool](repeating: false, count: system.units.count)
    for owner in owners where owner >= 0 { isType[Int(owner)] = true }
    for reference in system.references where reference.kind == .inherit {
      for unit in [reference.from, reference.to] where system.units.indices.contains(unit) {
        if system.units[unit].kind == .type { isType[unit] = true }
      }
    }
    placeCode(system: system, isType: isType)
    for (unit, owner) in owners.enumerated() where owner >= 0 { nodeOfUnit[unit] = nodeOfUnit[Int(owner)] }
    placeTables(system.catalog.tables)
    markTests(system.units)
  }

  /// A type is a test when it is defined in one; a file when its units are.
  private mutating func markTests(_ units: [CodeUnit]) {
    isTest = nodes.map { $0.unit.map { units[$0].isTest } ?? false }
    for unit in units where unit.isTest {
      if let file = nodeOfFile[unit.span.file.text] { isTest[file] = true }
    }
  }

  /// For each function unit the index of its type unit, or -1.
  private static func ownersOfFunctions(_ system: SystemFacts) -> [Int32] {
    var typesByName: [String: [Int]] = [:]
    for (index, unit) in system.units.enumerated() where unit.kind == .type {
      typesByName[unit.name, default: []].append(index)
    }
    return system.units.map { unit in
      guard unit.kind == .function, !unit.owner.isEmpty, let types = typesByName[unit.owner] else { return -1 }
      return Int32(nearest(types, to: unit, in: system.units))
    }
  }

  /// Of several types with one name, the one in the same file, then in the same folder, then the first by place.
  private static func nearest(_ types: [Int], to unit: CodeUnit, in units: [CodeUnit]) -> Int {
    guard types.count > 1 else { return types[0] }
    func distance(_ index: Int) -> Int {
      let file = units[index].span.file
      return file == unit.span.file ? 0 : file.folder == unit.span.file.folder ? 1 : 2
    }
    return types.min { left, right in
      (distance(left), units[left].span) < (distance(right), units[right].span)
    } ?? types[0]
  }

  private mutating func placeCode(system: SystemFacts, isType: [Bool]) {
    var drafts: [Draft] = []
    var knownFiles: Set<String> = []
    for (index, unit) in system.units.enumerated() {
      if unit.kind == .file {
        let path = unit.span.file.text
        if knownFiles.insert(path).inserted {
          drafts.append(Draft(kind: .file, name: path, span: SourceSpan(file: unit.span.file, line: 0), unit: index))
        }
      } else if isType[index] {
        drafts.append(Draft(kind: .type, name: unit.name, span: unit.span, unit: index))
      }
    }
    for unit in system.units where unit.kind == .function || unit.kind == .type {
      let path = unit.span.file.text
      if knownFiles.insert(path).inserted {
        drafts.append(Draft(kind: .file, name: path, span: SourceSpan(file: unit.span.file, line: 0), unit: nil))
      }
    }
    drafts.sort { ($0.kind == .type ? 0 : 1, $0.name, $0.span) < ($1.kind == .type ? 0 : 1, $1.name, $1.span) }
    for draft in drafts { place(draft) }
    for (index, unit) in system.units.enumerated() where nodeOfUnit[index] < 0 && unit.kind != .storedProgram {
      nodeOfUnit[index] = Int32(nodeOfFile[unit.span.file.text] ?? -1)
    }
  }

  private mutating func place(_ draft: Draft) {
    let number = nodes.count
    if draft.kind == .file { nodeOfFile[draft.name] = number }
    if let unit = draft.unit { nodeOfUnit[unit] = Int32(number) }
    nodes.append(
      GraphNode(kind: draft.kind, name: draft.name, unit: draft.unit, table: nil, folder: draft.span.file.folder))
  }

  private mutating func placeTables(_ tables: [Table]) {
    for table in tables.sorted(by: { $0.name < $1.name }) where nodeOfTable[table.name] == nil {
      nodeOfTable[table.name] = nodes.count
      nodes.append(
        GraphNode(
          kind: .table, name: table.name.text, unit: nil, table: table.name, folder: table.source.file.folder))
    }
  }
}
