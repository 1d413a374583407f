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
  private let unseen: HiddenWriters
  private let resolver: JointResolver
  /// Name of the division of the tables the proposal is built on; empty when it was given.
  private let division: String

  private struct HiddenWrite {
    let service: String
    let columns: [String]
    let place: SourceSpan
  }

  private struct Flow: Hashable {
    let from: String
    let to: String
  }

  init(
    assignment: Assignment, ledger: WriteLedger, settings: DecompositionSettings, weights: EvidenceWeights,
    division: String
  ) {
    self.assignment = assignment
    self.ledger = ledger
    self.settings = settings
    self.weights = weights
    hiddenWrites = Self.hiddenWrites(assignment)
    flow = Self.flow(assignment, ledger)
    unseen = HiddenWriters(assignment)
    resolver = JointResolver(assignment)
    self.division = division
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
    let resolution = resolution(kind, writers: writers, owner: service)
    var owner = TableOwner(
      table: table, service: service, margin: total > 0 ? max(0, (own - nextWeight) / total) : 0,
      runnerUp: next?.service ?? "", ownership: kind, resolution: resolution, writers: writers.map(\.use),
      readers: readers.map(\.use),
      reason: OwnerReason(
        assignment: assignment, table: table, service: service, writers: writers.map { ($0.use, $0.weight) },
        readers: readers.map(\.use)
      ).sentence)
    owner.proof.columns = resolver.columns(of: table, writers: writers, readers: readers)
    owner.proof.flip =
      FlipRule(
        service: service, division: division, writers: writers, readers: readers, runnerUp: next?.service ?? "",
        exactWeight: weights.share(.exact)
      ).flip
    owner.proof.hiddenWriters = unseen.ofTable[table] ?? []
    let sure = sureWriters(writers)
    owner.proof.joint = resolver.resolution(
      resolution, of: table, owner: service, writers: sure, readers: readers, settings: settings,
      mutualShare: sure.count < 2 ? 0 : mutualShare(sure[0].service, sure[1].service))
    return owner
  }

  /// Boundaries by weight, strongest first, ties by name.
  private func parties(_ entries: [WriteLedger.Entry], hidden: [HiddenWrite]) -> [TableParty] {
    var parties: [String: TableParty] = [:]
    for entry in entries.sorted(by: { $0.weight < $1.weight }) {
      let access = assignment.system.accesses[entry.access]
      let service = assignment.service(ofUnit: access.unit)
      var party = parties[service] ?? TableParty(service: service)
      party.add(access.span, columns: access.columns, weight: entry.weight, confidence: access.confidence)
      parties[service] = party
    }
    for write in hidden {
      var party = parties[write.service] ?? TableParty(service: write.service)
      party.add(write.place, columns: write.columns, weight: weights.share(.exact), confidence: .exact)
      parties[write.service] = party
    }
    return parties.values.sorted { $0.weight != $1.weight ? $0.weight > $1.weight : $0.service < $1.service }
  }

  /// Writers known by name evidence alone make no table joint when another writer is surer.
  private func sureWriters(_ writers: [TableParty]) -> [TableParty] {
    let sure = writers.filter(\.isSure)
    return sure.isEmpty ? writers : sure
  }

  private func kind(of writers: [TableParty]) -> OwnershipKind {
    let count = sureWriters(writers).count
    if count == 0 { return .unwritten }
    if count == 1 { return .single }
    let common = max(
      settings.commonCount, Int((Double(assignment.names.count) * settings.commonShare).rounded(.up)))
    return count >= common ? .common : .joint
  }

  private func resolution(_ kind: OwnershipKind, writers: [TableParty], owner: String) -> OwnershipResolution {
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

  private func hasDisjointColumns(_ writers: [TableParty]) -> Bool {
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
    let share = mutualShare(left, right)
    return share > 0 && share >= settings.consolidation
  }

  /// The part of the writes of two boundaries that goes to tables of the other one, 0 to 1.
  private func mutualShare(_ left: String, _ right: String) -> Double {
    let all = flow.filter { $0.key.from == left || $0.key.from == right }.map(\.value).sorted().reduce(0, +)
    let crossing = (flow[Flow(from: left, to: right)] ?? 0) + (flow[Flow(from: right, to: left)] ?? 0)
    return all > 0 ? crossing / all : 0
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
