import Basics
import Facts

/// Evidence of words: code and tables that are named with the same rare words.
///
/// Each type, file and table is a bag of the stems of the words it is named with: its own name, and with less weight the names of
/// its functions or columns. Stems are weighed by term frequency and inverse document frequency (Salton and Buckley
/// 1988), and bags compared by the cosine. Only the best tables of each piece of code count. Tables are never tied to each other:
/// how people named them is judged by the data elsewhere. Neither does a name alone give a table to code: tables that no code
/// touches are left out. Linear in the words: stems that many bags hold are skipped.
struct WordEvidence {
  let system: SystemFacts
  let index: NodeIndex

  /// Tables each piece of code is tied to, the most similar ones (ours).
  private static let tablesKept = 3
  /// Less similar pairs share a word by chance (ours).
  private static let leastSimilarity = 0.3
  /// What a word of a function or column counts, next to one of the name itself (ours).
  private static let partShare = 0.25
  /// A stem in more tables than this names no one table; bounds the work, too (ours).
  private static let mostTables = 40

  private typealias Bag = [String: Double]

  private struct Pair {
    let table: Int
    let similarity: Double
  }

  func collect(into collector: inout EdgeCollector) {
    var bags = bags()
    weigh(&bags)
    var tablesOfStem: [String: [(table: Int, weight: Double)]] = [:]
    let touched = touchedTables()
    for (node, bag) in bags.enumerated() where touched.contains(node) {
      for (stem, weight) in bag { tablesOfStem[stem, default: []].append((node, weight)) }
    }
    for (node, bag) in bags.enumerated() where index.nodes[node].kind != .table {
      var parts: [Int: [Double]] = [:]
      for (stem, weight) in bag {
        guard let tables = tablesOfStem[stem], tables.count <= Self.mostTables else { continue }
        for entry in tables { parts[entry.table, default: []].append(weight * entry.weight) }
      }
      // Sums depend on their order, and dictionaries have none.
      var similar: [Pair] = []
      for (table, products) in parts {
        let similarity = products.sorted().reduce(0, +)
        if similarity >= Self.leastSimilarity { similar.append(Pair(table: table, similarity: similarity)) }
      }
      similar.sort { $0.similarity != $1.similarity ? $0.similarity > $1.similarity : $0.table < $1.table }
      for pair in similar.prefix(Self.tablesKept) {
        collector.add(from: node, to: pair.table, kind: .words, amount: pair.similarity, at: place(of: node))
      }
    }
  }

  private func touchedTables() -> Set<Int> {
    Set(system.accesses.lazy.filter { !system.isTest($0.unit) }.compactMap { index.nodeOfTable[$0.table] })
  }

  private func place(of node: Int) -> SourceSpan {
    index.nodes[node].unit.map { system.units[$0].span } ?? SourceSpan(file: RepoPath(index.nodes[node].name), line: 0)
  }

  /// How often each stem names each node.
  private func bags() -> [Bag] {
    var bags = index.nodes.map { node -> Bag in
      var bag: Bag = [:]
      for word in WordStem.stems(PathNames.ownName(of: node)) { bag[word, default: 0] += 1 }
      return bag
    }
    func add(_ name: String, to node: Int) {
      for word in WordStem.stems(name) { bags[node][word, default: 0] += Self.partShare }
    }
    for (number, unit) in system.units.enumerated() where unit.kind == .function {
      let node = Int(index.nodeOfUnit[number])
      if node >= 0 { add(PathNames.lastName(of: unit.name), to: node) }
    }
    for table in system.catalog.tables {
      guard let node = index.nodeOfTable[table.name] else { continue }
      for column in table.columns { add(column.name, to: node) }
    }
    return bags
  }

  /// Term frequency, dampened, times inverse document frequency; each bag scaled to length 1.
  private func weigh(_ bags: inout [Bag]) {
    var documents: [String: Int] = [:]
    for bag in bags { for stem in bag.keys { documents[stem, default: 0] += 1 } }
    let total = Double(bags.count)
    for node in bags.indices {
      var bag = bags[node]
      for (stem, count) in bag { bag[stem] = log2OnePlus(count) * log2OnePlus(total / Double(documents[stem] ?? 1)) }
      let length = bag.values.map { $0 * $0 }.sorted().reduce(0, +).squareRoot()
      bags[node] = length > 0 ? bag.mapValues { $0 / length } : [:]
    }
  }
}
