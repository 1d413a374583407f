import Basics
import Decomposition
import Facts

/// Pairwise F1 of the owners against planted modules: pairs of tables that are together in both, by the naive definition.
func pairF1(_ proposal: Proposal, _ truth: [String: String]) -> Double {
  let tables = truth.keys.sorted()
  let service = Dictionary(uniqueKeysWithValues: proposal.owners.map { ($0.table.text, $0.service) })
  var both = 0.0
  var found = 0.0
  var wanted = 0.0
  for (position, left) in tables.enumerated() {
    for right in tables[(position + 1)...] {
      let isFound = service[left] == service[right] && service[left] != ""
      let isWanted = truth[left] == truth[right]
      if isFound { found += 1 }
      if isWanted { wanted += 1 }
      if isFound && isWanted { both += 1 }
    }
  }
  return found + wanted > 0 ? 2 * both / (found + wanted) : 1
}

/// The partition by names: service to sorted member names and tables.
func named(_ proposal: Proposal, _ system: SystemFacts) -> [String: [String]] {
  var result = Dictionary(
    uniqueKeysWithValues: proposal.services.map { service in
      (
        service.name,
        service.units.map { "\(system.units[$0].kind.rawValue) \(system.units[$0].name)" }.sorted()
          + service.tables.map { "table \($0.key)" }
      )
    })
  result["(shared)"] = proposal.shared.map { system.units[$0].name }.sorted()
  return result
}
