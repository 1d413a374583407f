import Basics
import Facts
import Graph

/// Works out what a resolution of joint ownership comes to: columns, calls and statements.
struct JointResolver {
  private let assignment: Assignment
  private let tables: [TableName: Table]
  /// Places where code of one boundary calls code of another.
  private let calls: [Pair: Int]

  private struct Pair: Hashable {
    let from: String
    let to: String
  }

  init(_ assignment: Assignment) {
    self.assignment = assignment
    tables = Dictionary(
      assignment.system.catalog.tables.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
    var calls: [Pair: Int] = [:]
    for reference in assignment.system.references where reference.kind == .call && assignment.isCode(reference.from) {
      let pair = Pair(from: assignment.service(ofUnit: reference.from), to: assignment.service(ofUnit: reference.to))
      if pair.from != pair.to { calls[pair, default: 0] += reference.count }
    }
    self.calls = calls
  }

  /// Who touches which column of a table.
  func columns(of table: TableName, writers: [TableParty], readers: [TableParty]) -> [ColumnProof] {
    var names: [String: String] = [:]
    var order: [String] = []
    for column in tables[table]?.columns ?? [] {
      names[column.name.lowercased()] = column.name
      order.append(column.name.lowercased())
    }
    let known = Set(order)
    let others = Set((writers + readers).flatMap(\.placesOfColumn.keys)).subtracting(known)
    return (order + others.sorted()).compactMap { key in
      let proof = ColumnProof(
        name: names[key] ?? key, writers: Self.uses(writers, key), readers: Self.uses(readers, key))
      return proof.writers.isEmpty && proof.readers.isEmpty ? nil : proof
    }
  }

  private static func uses(_ parties: [TableParty], _ column: String) -> [ColumnUse] {
    parties.compactMap { party in
      party.placesOfColumn[column].map { ColumnUse(service: party.service, count: $0.count) }
    }.sorted { ($1.count, $0.service) < ($0.count, $1.service) }
  }

  /// The numbers behind `kind`; `writers` are the sure ones, strongest first.
  func resolution(
    _ kind: OwnershipResolution, of table: TableName, owner: String, writers: [TableParty], readers: [TableParty],
    settings: DecompositionSettings, mutualShare: Double
  ) -> JointResolution {
    var joint = JointResolution()
    let total = writers.map(\.weight).sorted().reduce(0, +)
    let shares = writers.map { JointResolution.Share(service: $0.service, share: total > 0 ? $0.weight / total : 0) }
    switch kind {
    case .none: break
    case .tableSplit: split(table, owner, writers, readers, into: &joint)
    case .delegate:
      joint.shares = shares
      joint.threshold = settings.dominance
      joint.delegates = writers.filter { $0.service != owner }.map { writer in
        JointResolution.Delegate(
          service: writer.service, places: writer.places.keys.sorted(),
          callsNow: calls[Pair(from: writer.service, to: owner)] ?? 0)
      }.sorted { ($1.places.count, $0.service) < ($0.places.count, $1.service) }
    case .dataDomain:
      joint.shares = shares
      joint.threshold = settings.dominance
    case .serviceConsolidation:
      joint.shares = shares
      joint.threshold = settings.consolidation
      joint.mutualShare = mutualShare
    }
    return joint
  }

  private func split(
    _ name: TableName, _ owner: String, _ writers: [TableParty], _ readers: [TableParty],
    into joint: inout JointResolution
  ) {
    guard let table = tables[name] else { return }
    joint.key = table.primaryKey
    let key = Set(table.primaryKey.map { $0.lowercased() })
    let declared = table.columns.filter { !key.contains($0.name.lowercased()) }
    let parts = writers.map { writer in
      let own = declared.map(\.name).filter { writer.placesOfColumn[$0.lowercased()] != nil }
      let known = Set(own.map { $0.lowercased() }).union(key)
      let unknown = writer.columns.filter { !known.contains($0.lowercased()) }.sorted()
      return JointResolution.Part(service: writer.service, columns: own + unknown)
    }
    joint.parts = parts.filter { $0.service == owner } + parts.filter { $0.service != owner }
    let written = Set(writers.flatMap(\.placesOfColumn.keys))
    var unwritten: [String: [String]] = [:]
    for column in declared.map(\.name) where !written.contains(column.lowercased()) {
      let reader = Self.uses(readers.filter { $0.service != ServiceNames.shared }, column.lowercased()).first
      let heir = reader.flatMap { use in parts.contains { $0.service == use.service } ? use.service : nil }
      unwritten[heir ?? owner, default: []].append(column)
    }
    joint.unwritten = unwritten.sorted { $0.key < $1.key }.map {
      JointResolution.Part(service: $0.key, columns: $0.value)
    }
  }
}
