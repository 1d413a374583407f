import Basics
package import Facts
package import Graph

/// A decomposition made by others, given by names.
package enum GivenSplit {
  /// The service of each node, negative for none: tables by the last part of their names, types and files by name. Code
  /// that is not named follows the code and tables that are, unless `isCodeListed`.
  package static func partition(
    tables: [(table: String, service: String)], units: [(unit: String, service: String)], isCodeListed: Bool,
    system: SystemFacts, graph: DependencyGraph
  ) -> [Int] {
    var numbers: [String: Int] = [:]
    func number(_ service: String) -> Int {
      let number = numbers[service] ?? numbers.count
      numbers[service] = number
      return number
    }
    let serviceOfTable = Dictionary(
      tables.filter { !$0.service.isEmpty }.map { (OwnerAgreement.baseName($0.table), number($0.service)) }
    ) { _, last in last }
    let serviceOfUnit = Dictionary(units.map { ($0.unit, number($0.service)) }) { _, last in last }
    let serviceOf = graph.nodes.indices.map { node -> Int in
      if let table = graph.nodes[node].table { return serviceOfTable[OwnerAgreement.baseName(table.text)] ?? -1 }
      return graph.isTest(node) ? -1 : serviceOfUnit[graph.nodes[node].name] ?? -1
    }
    return isCodeListed ? serviceOf : Followers(graph).followed(serviceOf)
  }
}
