import Foundation

/// A measured system cut into services, with the counts that the metrics of code are made of.
///
/// Only services with at least one class count; K is their number. Classes outside every service are left out, and so
/// are their calls. Classes are listed in order of their node.
package struct MeasuredSplit: Hashable, Sendable {
  /// An ordered pair of services, or an unordered one with the smaller number first.
  struct Pair: Hashable, Comparable {
    let left: Int
    let right: Int

    static func < (one: Pair, other: Pair) -> Bool { (one.left, one.right) < (other.left, other.right) }
  }

  /// A volume of calls under the three weightings that papers use.
  struct Volume: Hashable {
    /// Sum of v.
    var raw = 0.0
    /// Sum of ln v + 1.
    var logarithmic = 0.0
    /// Sum of ln (1 + v).
    var softened = 0.0

    mutating func add(_ volume: Int) {
      raw += Double(volume)
      logarithmic += log(Double(volume)) + 1
      softened += log(1 + Double(volume))
    }
  }

  /// The system.
  let system: MeasuredSystem
  /// Service of each node, without gaps; -1 for tables and for classes in none.
  let serviceOf: [Int]
  /// Classes in each service, N_i.
  let sizes: [Int]
  /// Unordered pairs of two classes of the service that call each other, in either or both directions.
  let pairsInside: [Int]
  /// Classes of the service that call themselves, without the last one listed.
  let selfPairs: [Int]
  /// Unordered pairs of classes that call each other, for each unordered pair of services.
  let pairsAcross: [Pair: Int]
  /// Ordered pairs of two classes of the service of which the first calls the second.
  let linksInside: [Int]
  /// Ordered pairs of classes of which the first calls the second, for each ordered pair of services.
  let linksAcross: [Pair: Int]
  /// Classes of the service that are called from other services.
  let published: [Int]
  /// Calls between two classes, and those of them that cross.
  let volume: Volume
  let volumeAcross: Volume

  /// Number of services, K.
  package var count: Int { sizes.count }

  /// Cuts a system: the service of each node, negative for none. Linear but for sorting the calls.
  package init(_ system: MeasuredSystem, serviceOf given: [Int]) {
    self.system = system
    let (serviceOf, sizes) = Self.dense(given, system.isClass)
    let last = serviceOf.indices.reduce(into: [Int](repeating: -1, count: sizes.count)) { last, node in
      if serviceOf[node] >= 0 { last[serviceOf[node]] = node }
    }
    var pairs: [Pair] = []
    var selfPairs = [Int](repeating: 0, count: sizes.count)
    var linksInside = selfPairs
    var linksAcross: [Pair: Int] = [:]
    var called: Set<Int> = []
    var volume = Volume()
    var volumeAcross = Volume()
    for call in system.calls where serviceOf[call.from] >= 0 && serviceOf[call.to] >= 0 {
      let from = serviceOf[call.from]
      let to = serviceOf[call.to]
      guard call.from != call.to else {
        if call.from != last[from] { selfPairs[from] += 1 }
        continue
      }
      volume.add(call.volume)
      pairs.append(Pair(left: min(call.from, call.to), right: max(call.from, call.to)))
      if from == to {
        linksInside[from] += 1
      } else {
        linksAcross[Pair(left: from, right: to), default: 0] += 1
        volumeAcross.add(call.volume)
        called.insert(call.to)
      }
    }
    (pairsInside, pairsAcross) = Self.counted(pairs, serviceOf, services: sizes.count)
    published = called.reduce(into: [Int](repeating: 0, count: sizes.count)) { $0[serviceOf[$1]] += 1 }
    self.serviceOf = serviceOf
    self.sizes = sizes
    self.selfPairs = selfPairs
    self.linksInside = linksInside
    self.linksAcross = linksAcross
    self.volume = volume
    self.volumeAcross = volumeAcross
  }

  private static func dense(_ given: [Int], _ isClass: [Bool]) -> (serviceOf: [Int], sizes: [Int]) {
    var numbers: [Int: Int] = [:]
    var sizes: [Int] = []
    let serviceOf = given.enumerated().map { node, service -> Int in
      guard service >= 0, isClass[node] else { return -1 }
      if let known = numbers[service] {
        sizes[known] += 1
        return known
      }
      numbers[service] = sizes.count
      sizes.append(1)
      return sizes.count - 1
    }
    return (serviceOf, sizes)
  }

  private static func counted(
    _ pairs: [Pair], _ serviceOf: [Int], services: Int
  ) -> (inside: [Int], across: [Pair: Int]) {
    var inside = [Int](repeating: 0, count: services)
    var across: [Pair: Int] = [:]
    var previous: Pair?
    for pair in pairs.sorted() where pair != previous {
      previous = pair
      let left = serviceOf[pair.left]
      let right = serviceOf[pair.right]
      if left == right {
        inside[left] += 1
      } else {
        across[Pair(left: min(left, right), right: max(left, right)), default: 0] += 1
      }
    }
    return (inside, across)
  }
}
