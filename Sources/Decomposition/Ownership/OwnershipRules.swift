import Basics
import Facts
import Graph

/// One owner for every table of the catalog, with writers, readers and the reason.
struct OwnershipRules {
  private let assignment: Assignment
  private let ledger: WriteLedger
  private let settings: DecompositionSettings
  private let weights: EvidenceWeights
  /// Writes of programs stored in the database, by table: name of the boundary that owns the watched table, and place.
  private let hiddenWrites: [TableName: [HiddenWrite]]
  /// Write evidence from one boundary to tables owned by another (or the same).
  private let flow: [Flow: Double]

  private struct HiddenWrite {
    let service: String
    let columns: [String]
    let place: SourceSpan
  }

  private struct Flow: Hashable {
    let from: String
    let to: String
  }

  /// What one boundary does to one table.
  private struct Party {
    let service: String
    var weight = 0.0
    var columns: Set<String> = []
    var places: Set<SourceSpan> = []
    /// Whether anything better than a name shows it.
    var isSure = false
    /// Whether the columns of every place are known.
    var knowsColumns = true

    var use: TableUse { TableUse(service: service, columns: columns.sorted(), evidence: places.sorted()) }
  }

  init(assignment: Assignment, ledger: WriteLedger, settings: DecompositionSettings, weights: EvidenceWeights) {
    self.assignment = assignment
    self.ledger = ledger
    self.settings = settings
    self.weights = weights
    hiddenWrites = Self.hiddenWrites(assignment)
    flow = Self.flow(assignment, ledger)
  }

  /// Owners sorted by table.
  func owners() -> [TableOwner] {
    var seen: Set<TableName> = []
    return assignment.system.catalog.tables.map(\.name).sorted().compactMap { table in
      seen.insert(table).inserted ? owner(of: table) : nil
    }
  }

  private func owner(of table: TableName) -> TableOwner {
    let node = assignment.graph.node(ofTable: table) ?? -1
    let service = assignment.owner(of: table) ?? ""
    let writers = parties(ledger.writes[node] ?? [], hidden: hiddenWrites[table] ?? [])
    let readers = parties(ledger.reads[node] ?? [], hidden: [])
    let total = writers.reduce(0) { $0 + $1.weight }
    let own = writers.first { $0.service == service }?.weight ?? 0
    let next = (writers.isEmpty ? readers : writers).first {
      $0.service != service && $0.service != ServiceNames.shared
    }
    let nextWeight = writers.isEmpty ? 0 : next?.weight ?? 0
    let readingServices = Set(readers.map(\.service)).subtracting([ServiceNames.shared])
    let isReference = service.isEmpty || readingServices.count >= settings.referenceReaders
    let kind = writers.isEmpty && isReference ? OwnershipKind.reference : kind(of: writers)
    return TableOwner(
      table: table, service: service, margin: total > 0 ? max(0, (own - nextWeight) / total) : 0,
      runnerUp: next?.service ?? "", ownership: kind,
      resolution: resolution(kind, writers: writers, owner: service), writers: writers.map(\.use),
      readers: readers.map(\.use),
      reason: OwnerReason(
        assignment: assignment, table: table, service: service, writers: writers.map { ($0.use, $0.weight) },
        readers: readers.map(\.use)
      ).sentence)
  }

  /// Boundaries by weight, strongest first, ties by name.
  private func parties(_ entries: [WriteLedger.Entry], hidden: [HiddenWrite]) -> [Party] {
    var parties: [String: Party] = [:]
    for entry in entries.sorted(by: { $0.weight < $1.weight }) {
      let access = assignment.system.accesses[entry.access]
      let service = assignment.service(ofUnit: access.unit)
      var party = parties[service] ?? Party(service: service)
      party.weight += entry.weight
      party.columns.formUnion(access.columns)
      party.places.insert(access.span)
      party.isSure = party.isSure || access.confidence != .guessed
      party.knowsColumns = party.knowsColumns && !access.columns.isEmpty && !access.columns.contains("*")
      parties[service] = party
    }
    for write in hidden {
      var party = parties[write.service] ?? Party(service: write.service)
      party.weight += weights.share(.exact)
      party.columns.formUnion(write.columns)
      party.places.insert(write.place)
      party.isSure = true
      party.knowsColumns = party.knowsColumns && !write.columns.isEmpty && !write.columns.contains("*")
      parties[write.service] = party
    }
    return parties.values.sorted { $0.weight != $1.weight ? $0.weight > $1.weight : $0.service < $1.service }
  }

  /// Writers known by name evidence alone make no table joint when another writer is surer.
  private func sureWriters(_ writers: [Party]) -> [Party] {
    let sure = writers.filter(\.isSure)
    return sure.isEmpty ? writers : sure
  }

  private func kind(of writers: [Party]) -> OwnershipKind {
    let count = sureWriters(writers).count
    if count == 0 { return .unwritten }
    if count == 1 { return .single }
    let common = max(
      settings.commonCount, Int((Double(assignment.names.count) * settings.commonShare).rounded(.up)))
    return count >= common ? .common : .joint
  }

  private func resolution(_ kind: OwnershipKind, writers: [Party], owner: String) -> OwnershipResolution {
    switch kind {
    case .single, .unwritten, .reference: return .none
    case .common: return .delegate
    case .joint: break
    }
    let sure = sureWriters(writers)
    if hasDisjointColumns(sure) { return .tableSplit }
    let total = sure.reduce(0) { $0 + $1.weight }
    if sure.count >= 2, isEntangled(sure[0].service, sure[1].service) { return .serviceConsolidation }
    if sure[0].weight >= settings.dominance * total || sure.count > 2 { return .delegate }
    return .dataDomain
  }

  private func hasDisjointColumns(_ writers: [Party]) -> Bool {
    guard writers.allSatisfy(\.knowsColumns) else { return false }
    var seen: Set<String> = []
    for writer in writers {
      let columns = Set(writer.columns.map { $0.lowercased() })
      guard seen.isDisjoint(with: columns) else { return false }
      seen.formUnion(columns)
    }
    return true
  }

  /// Whether most writes of two boundaries go to tables of the other one.
  private func isEntangled(_ left: String, _ right: String) -> Bool {
    let all = flow.filter { $0.key.from == left || $0.key.from == right }.map(\.value).sorted().reduce(0, +)
    let crossing = (flow[Flow(from: left, to: right)] ?? 0) + (flow[Flow(from: right, to: left)] ?? 0)
    return all > 0 && crossing >= settings.consolidation * all
  }

  private static func flow(_ assignment: Assignment, _ ledger: WriteLedger) -> [Flow: Double] {
    var flow: [Flow: Double] = [:]
    for (table, entries) in ledger.writes.sorted(by: { $0.key < $1.key }) where assignment.clusterOf[table] >= 0 {
      let owner = assignment.names[assignment.clusterOf[table]]
      for entry in entries.sorted(by: { $0.weight < $1.weight }) where assignment.clusterOf[entry.node] >= 0 {
        flow[Flow(from: assignment.names[assignment.clusterOf[entry.node]], to: owner), default: 0] += entry.weight
      }
    }
    return flow
  }

  /// A trigger writes in the name of the boundary that owns the table it watches.
  private static func hiddenWrites(_ assignment: Assignment) -> [TableName: [HiddenWrite]] {
    var writes: [TableName: [HiddenWrite]] = [:]
    for program in assignment.system.catalog.programs {
      guard let watched = program.table, let service = assignment.owner(of: watched) else { continue }
      for access in program.accesses where access.operation == .write {
        writes[access.table, default: []].append(
          HiddenWrite(service: service, columns: access.columns, place: program.source))
      }
    }
    return writes
  }
}
