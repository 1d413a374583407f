import Basics
import Facts
import Foundation
import Graph

/// Who writes and reads each table, by node, with the weight of the evidence.
struct WriteLedger {
  /// One access of code to a declared table.
  struct Entry {
    let node: Int
    let access: Int
    let weight: Double
  }

  /// Writing accesses of each table node, in order of the accesses.
  private(set) var writes: [Int: [Entry]] = [:]
  /// Reading accesses of each table node.
  private(set) var reads: [Int: [Entry]] = [:]

  /// Tables with a writer whose statement was read in full.
  private var exactlyWritten: Set<Int> = []
  /// Nodes that touch some table with more evidence than a name.
  private(set) var touchesTable: Set<Int> = []
  /// Packages that declare a table or carry its name, with what that counts.
  private(set) var claims: [Int: [Claim]] = [:]

  /// A package's claim on a table, used where no statement that writes it was read in full.
  struct Claim {
    /// Index of the package in the groups of the graph.
    let package: Int
    let weight: Double
  }

  init(system: SystemFacts, graph: DependencyGraph, weights: EvidenceWeights) {
    for (number, access) in system.accesses.enumerated() {
      guard let table = graph.node(ofTable: access.table), let node = graph.node(ofUnit: access.unit),
        !system.isTest(access.unit), !access.isEcho
      else { continue }
      if access.confidence != .guessed { touchesTable.insert(node) }
      let entry = Entry(node: node, access: number, weight: weights.share(access.confidence))
      switch access.operation {
      case .write: writes[table, default: []].append(entry)
      case .read: reads[table, default: []].append(entry)
      case .ddl: break
      }
      if access.operation == .write, access.confidence == .exact { exactlyWritten.insert(table) }
    }
    collectClaims(graph, weights)
  }

  private mutating func collectClaims(_ graph: DependencyGraph, _ weights: EvidenceWeights) {
    for (number, group) in graph.groups.enumerated() where group.kind == .package {
      for member in group.members where graph.nodes[member.node].kind == .table {
        let weight = member.kind == .schemaFile ? weights.schemaClaim : weights.nameClaim
        claims[member.node, default: []].append(Claim(package: number, weight: weight))
      }
    }
  }

  /// What speaks for each party to own a table, strongest first, ties by number: its writes, and, when none of these was read in
  /// full, whether it declares the table.
  ///
  /// `partyOf` gives the party of a node and `partyOfPackage` that of a package; negative parties are left out.
  func ownerShares(
    ofTable table: Int, partyOf: (Int) -> Int, partyOfPackage: (Int) -> Int
  ) -> [(cluster: Int, weight: Double)] {
    guard let entries = writes[table] else { return [] }
    let pieces = entries.map { (party: partyOf($0.node), weight: $0.weight) }
    guard !exactlyWritten.contains(table) else { return Self.summed(pieces) }
    // A table name that is also a common word is taken for a table again and again: repetition says little.
    let softened = Self.summed(pieces).map { (party: $0.cluster, weight: log2(1 + $0.weight)) }
    return Self.summed(softened + (claims[table] ?? []).map { (party: partyOfPackage($0.package), weight: $0.weight) })
  }

  private static func summed(_ pieces: [(party: Int, weight: Double)]) -> [(cluster: Int, weight: Double)] {
    var weights: [Int: [Double]] = [:]
    for piece in pieces where piece.party >= 0 { weights[piece.party, default: []].append(piece.weight) }
    // Sorted before summing, so that the order of the input cannot change the last digit and with it a tie.
    return weights.map { (cluster: $0.key, weight: $0.value.sorted().reduce(0, +)) }.sorted {
      $0.weight != $1.weight ? $0.weight > $1.weight : $0.cluster < $1.cluster
    }
  }
}
