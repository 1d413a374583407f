import Facts
import Graph

/// Tables clustered by the use cases that touch them, as INESC's mono2micro does (Nunes, Santos and Rito Silva 2019): two
/// tables are alike as far as the use cases of one touch the other, a tree by average linkage is cut into as many
/// services as cleave proposes with tables. Code follows its tables.
///
/// The measure of INESC is not symmetric; the mean of both directions is used. Without entry points the classes that
/// touch a table stand for its use cases.
struct AccessSimilarity {
  private let input: BaselineInput
  /// Above this many tables the matrix takes too much time and memory.
  private static let tableLimit = 6000

  init(_ input: BaselineInput) { self.input = input }

  /// The partition; nil without tables or with too many.
  var partition: [Int]? {
    let graph = input.graph
    let tables = graph.nodes.indices.filter { graph.nodes[$0].kind == .table }
    guard !tables.isEmpty, tables.count <= Self.tableLimit else { return nil }
    let users = self.users(tables)
    let counts = tables.indices.map { users.countShared($0, $0) }
    let linkage = AverageLinkage(count: tables.count) { left, right in
      let shared = Double(users.countShared(left, right))
      guard shared > 0 else { return 1 }
      return 1 - (shared / Double(counts[left]) + shared / Double(counts[right])) / 2
    }
    let clusters = linkage.clusters(max(1, min(input.serviceCount, tables.count)))
    var serviceOf = [Int](repeating: -1, count: graph.nodes.count)
    for (number, table) in tables.enumerated() { serviceOf[table] = clusters[number] }
    return Followers(graph).followed(serviceOf)
  }

  private func users(_ tables: [Int]) -> BitTable {
    let known = input.measured.useCases
    var users = BitTable(rows: tables.count, columns: max(known.columns, input.graph.nodes.count))
    for (number, table) in tables.enumerated() {
      if known.columns > 0 {
        known.forEach(row: table) { users.insert($0, row: number) }
      } else {
        for node in input.measured.tables[number].accessors { users.insert(node, row: number) }
      }
    }
    return users
  }
}

/// Hierarchical clustering by average linkage (Sokal and Michener 1958) along chains of nearest neighbours (Murtagh 1983):
/// squared time and memory. Ties go to the smaller number.
package struct AverageLinkage: Sendable {
  private let count: Int
  /// Merges as numbers of one member each with their distance, in the order they were found.
  private var merges: [(left: Int, right: Int, distance: Double)] = []

  /// Builds the tree over `count` items with a distance between each two.
  package init(count: Int, distance: (Int, Int) -> Double) {
    self.count = count
    var matrix = [Double](repeating: 0, count: count * count)
    for left in 0..<count {
      for right in 0..<left {
        matrix[left * count + right] = distance(left, right)
        matrix[right * count + left] = matrix[left * count + right]
      }
    }
    var sizes = [Int](repeating: 1, count: count)
    var alive = Array(0..<count)
    var chain: [Int] = []
    while alive.count > 1 {
      if chain.isEmpty { chain.append(alive[0]) }
      let top = chain[chain.count - 1]
      let previous = chain.count > 1 ? chain[chain.count - 2] : -1
      // The one before wins ties, else the chain would turn in circles.
      var best = previous
      for other in alive where other != top {
        if best < 0 || matrix[top * count + other] < matrix[top * count + best] { best = other }
      }
      guard best == previous else {
        chain.append(best)
        continue
      }
      chain.removeLast(2)
      let (kept, gone) = (min(top, best), max(top, best))
      merges.append((kept, gone, matrix[kept * count + gone]))
      let (first, second) = (Double(sizes[kept]), Double(sizes[gone]))
      for other in alive where other != kept && other != gone {
        let mean =
          (first * matrix[kept * count + other] + second * matrix[gone * count + other]) / (first + second)
        matrix[kept * count + other] = mean
        matrix[other * count + kept] = mean
      }
      sizes[kept] += sizes[gone]
      alive.removeAll { $0 == gone }
    }
  }

  /// The tree cut into `wanted` clusters: a cluster number for each item.
  package func clusters(_ wanted: Int) -> [Int] {
    var forest = DisjointSets(count: count)
    let sorted = merges.enumerated().sorted {
      ($0.element.distance, $0.offset) < ($1.element.distance, $1.offset)
    }
    for merge in sorted.prefix(max(0, count - wanted)) { forest.join(merge.element.left, merge.element.right) }
    return (0..<count).map { forest.root($0) }
  }
}
