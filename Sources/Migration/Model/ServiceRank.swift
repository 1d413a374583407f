import Decomposition

/// What speaks for and against moving a service early, as numbers.
struct ServiceRank: Hashable {
  /// Edges across the boundary, each as heavy as what it takes to replace it.
  let risk: Int
  /// Places in its own code that use its own tables: what leaves the shared database.
  let benefit: Int
  /// The edges behind the risk, by kind.
  let edges: [String: Int]
  /// How many of its tables others write too.
  let sharedTables: Int

  /// A transaction needs a saga; a write or a stored program needs an owner that does it; a join or loop needs another
  /// query; a read needs a copy or a call; a key needs a check in code. Relative effort, from the steps each one takes.
  private static func weight(_ kind: String) -> Int {
    switch kind {
    case "transaction": 5
    case "write", "trigger": 3
    case "join", "n_plus_one": 2
    default: 1
    }
  }

  /// A table others write too has to get one writer before S9.
  private static let sharedTableWeight = 3

  init(decisions: [PlanDecision], owners: [TableOwner], service: String) {
    edges = decisions.reduce(into: [:]) { $0[$1.kind, default: 0] += 1 }
    let own = owners.filter { $0.service == service }
    sharedTables = own.filter { owner in owner.writers.contains { $0.service != service } }.count
    risk = edges.reduce(0) { $0 + Self.weight($1.key) * $1.value } + Self.sharedTableWeight * sharedTables
    benefit = own.reduce(0) { sum, owner in
      sum + (owner.writers + owner.readers).filter { $0.service == service }.reduce(0) { $0 + $1.evidence.count }
    }
  }

  /// More places leave per risk taken.
  func paysMore(than other: ServiceRank) -> Bool { benefit * (other.risk + 1) > other.benefit * (risk + 1) }

  /// `2 transactions, 5 writes`, heaviest first; `no edge` when nothing crosses.
  var edgeText: String {
    let parts = edges.sorted { (Self.weight($1.key), $0.key) < (Self.weight($0.key), $1.key) }
      .map { EdgeWords.count($0.value, of: $0.key) }
    return parts.isEmpty ? "no edge" : parts.joined(separator: ", ")
  }

  /// Why the service stands at its place.
  func reason(isFirst: Bool, tables: Int) -> String {
    let shared = sharedTables == 0 ? "" : ", \(sharedTables) of \(tables) tables written by others too"
    let numbers = "risk \(risk) (\(edgeText)\(shared)), benefit \(benefit) places of its own code"
    return isFirst ? "least risk, so it proves the path: \(numbers)" : "next in benefit per risk: \(numbers)"
  }
}

/// Kinds of edges in plain words.
enum EdgeWords {
  /// `3 foreign keys`; a read once per round of a loop is a loop.
  static func count(_ number: Int, of kind: String) -> String {
    let noun = kind == "n_plus_one" ? "loop" : kind.replacing("_", with: " ")
    return "\(number) \(noun)\(number == 1 ? "" : "s")"
  }
}
