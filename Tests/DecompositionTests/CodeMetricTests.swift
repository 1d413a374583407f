import Decomposition
import Foundation
import Testing

/// Metrics of code and use cases against a second implementation straight from their definitions, over full matrices.
@Suite struct CodeMetricTests {
  /// A random system with a partition, as matrices.
  private struct Sample {
    var volume: [[Int]]
    var useCases: [Set<Int>]
    var service: [Int]
    var tables: [MeasuredSystem.TableReach]

    init(seed: UInt64) {
      var random = SeededGenerator(seed: seed)
      let count = Int.random(in: 2...40, using: &random)
      let services = Int.random(in: 1...6, using: &random)
      service = (0..<count).map { _ in Int.random(in: -1..<services, using: &random) }
      volume = (0..<count).map { _ in
        (0..<count).map { _ in Int.random(in: 0..<6, using: &random) == 0 ? Int.random(in: 1...99, using: &random) : 0 }
      }
      useCases = (0..<count).map { _ in Set((0..<90).filter { _ in Int.random(in: 0..<9, using: &random) == 0 }) }
      tables = (0..<7).map { _ in
        let lists = (0..<3).map { _ in
          (0..<count).filter { _ in Int.random(in: 0..<7, using: &random) == 0 }
        }
        return MeasuredSystem.TableReach(entries: lists[0], accessors: lists[1], writers: lists[2])
      }
    }

    var split: MeasuredSplit {
      var rows = BitTable(rows: service.count, columns: 90)
      for (row, numbers) in useCases.enumerated() { for number in numbers { rows.insert(number, row: row) } }
      var calls: [MeasuredSystem.Call] = []
      for from in service.indices {
        for to in service.indices where volume[from][to] > 0 {
          calls.append(MeasuredSystem.Call(from: from, to: to, volume: volume[from][to]))
        }
      }
      let system = MeasuredSystem(
        isClass: service.map { _ in true }, calls: calls, useCases: rows, tables: tables)
      return MeasuredSplit(system, serviceOf: service)
    }

    /// Members of each service, without empty ones.
    var groups: [[Int]] {
      Set(service.filter { $0 >= 0 }).sorted().map { name in service.indices.filter { service[$0] == name } }
    }

    func linked(_ left: Int, _ right: Int) -> Bool { volume[left][right] > 0 || volume[right][left] > 0 }
  }

  private func mean(_ values: [Double]) -> Double { values.isEmpty ? 0 : values.reduce(0, +) / Double(values.count) }

  private func expectSame(_ value: Double, _ naive: Double, _ name: String) {
    #expect(abs(value - naive) < 1e-9, "\(name): \(value), by definition \(naive)")
  }

  @Test(arguments: UInt64(1)...30) func structuralModularity(seed: UInt64) {
    let sample = Sample(seed: seed)
    let groups = sample.groups
    let split = sample.split
    var cohesion = [[Double]](repeating: [], count: 3)
    for members in groups {
      let size = Double(members.count)
      var pairs = 0.0
      var own = 0.0
      var directed = 0.0
      for (position, left) in members.enumerated() {
        if position < members.count - 1, sample.volume[left][left] > 0 { own += 1 }
        for right in members[(position + 1)...] where sample.linked(left, right) { pairs += 1 }
        for right in members where right != left && sample.volume[left][right] > 0 { directed += 1 }
      }
      cohesion[0].append((pairs + own) / (size * size))
      cohesion[1].append(pairs / (size * size))
      cohesion[2].append(directed / (size * size))
    }
    var halves: [Double] = []
    var densities: [Double] = []
    for first in groups.indices {
      for second in groups.indices where first != second {
        let cells = groups[first].flatMap { left in groups[second].map { (left, $0) } }
        let size = Double(cells.count)
        halves.append(Double(cells.count { sample.linked($0.0, $0.1) }) / (2 * size))
        densities.append(Double(cells.count { sample.volume[$0.0][$0.1] > 0 }) / size)
      }
    }
    expectSame(split.structuralModularityMono2Micro, mean(cohesion[0]) - 2 * mean(halves), "Mono2Micro")
    expectSame(split.structuralModularityFoSCI, mean(cohesion[1]) - mean(halves), "FoSCI")
    expectSame(split.structuralModularityCHGNN, 2 * mean(cohesion[1]) - mean(halves), "CHGNN")
    expectSame(split.structuralModularityRLDec, mean(cohesion[2]) - mean(densities), "RLDec")
  }

  @Test(arguments: UInt64(1)...30) func callsThatCross(seed: UInt64) {
    let sample = Sample(seed: seed)
    let split = sample.split
    let placed = sample.service.indices.filter { sample.service[$0] >= 0 }
    var all = [0.0, 0, 0]
    var across = all
    var pairs = 0.0
    for from in placed {
      for to in placed where from != to {
        let crosses = sample.service[from] != sample.service[to]
        if crosses, from < to, sample.linked(from, to) { pairs += 1 }
        guard sample.volume[from][to] > 0 else { continue }
        let volume = Double(sample.volume[from][to])
        for (position, weight) in [log(volume) + 1, volume, log(1 + volume)].enumerated() {
          all[position] += weight
          if crosses { across[position] += weight }
        }
      }
    }
    func share(_ position: Int) -> Double { all[position] > 0 ? across[position] / all[position] : 0 }
    expectSame(split.interCallMono2Micro, share(0), "ICP Mono2Micro")
    expectSame(split.interCallCARGO, share(1), "ICP CARGO")
    expectSame(split.interCallRLDec, share(2), "ICP RLDec")
    let groups = sample.groups
    expectSame(split.interfacesMono2Micro, groups.isEmpty ? 0 : pairs / Double(groups.count), "IFN Mono2Micro")
    let published = groups.map { members in
      Double(
        members.count { to in
          placed.contains { sample.service[$0] != sample.service[to] && sample.volume[$0][to] > 0 }
        })
    }
    expectSame(split.interfacesFoSCI, mean(published), "IFN FoSCI")
    let quality = groups.map { members -> Double in
      let others = placed.filter { !members.contains($0) }
      func links(_ from: [Int], _ to: [Int]) -> Double {
        Double(from.reduce(0) { sum, left in sum + to.count { left != $0 && sample.volume[left][$0] > 0 } })
      }
      let inside = links(members, members)
      return inside > 0 ? 2 * inside / (2 * inside + links(members, others) + links(others, members)) : 0
    }
    expectSame(split.turboMQ, quality.reduce(0, +), "TurboMQ")
  }

  @Test(arguments: UInt64(1)...30) func sizes(seed: UInt64) {
    let sample = Sample(seed: seed)
    let split = sample.split
    let sizes = sample.groups.map { Double($0.count) }
    guard !sizes.isEmpty else { return }
    let all = sizes.reduce(0, +)
    let count = Double(sizes.count)
    expectSame(split.extremesMono2Micro, 1 - sizes.filter { $0 > 4 && $0 < 21 }.reduce(0, +) / all, "Mono2Micro")
    expectSame(split.extremesRLDec, 1 - Double(sizes.count { $0 > 4 && $0 < 20 }) / count, "RLDec")
    expectSame(split.evennessCHGNN, sizes.filter { 2 * abs($0 * count - all) <= all }.reduce(0, +) / all, "CHGNN")
  }

  @Test(arguments: UInt64(1)...30) func purity(seed: UInt64) {
    let sample = Sample(seed: seed)
    let split = sample.split
    func entropy(_ items: [Int]) -> Double {
      Set(items).sorted().reduce(0) { sum, item in
        let share = Double(items.count { $0 == item }) / Double(items.count)
        return sum - share * log(share)
      }
    }
    let contexts = sample.groups.map { members in members.flatMap { sample.useCases[$0] } }
    let distinct = contexts.map { $0.isEmpty ? 0 : log(Double(Set($0).count)) }
    expectSame(split.contextPurityMono2Micro, mean(distinct), "BCP Mono2Micro")
    expectSame(split.contextPurityCARGO, mean(contexts.map { $0.isEmpty ? 0 : entropy($0) }), "BCP CARGO")
    let levels: [([[Int]], Double, Double)] = [
      (sample.tables.map(\.entries), split.purityAtEntry, split.evenPurityAtEntry),
      (sample.tables.map(\.accessors), split.purityAtAccess, split.evenPurityAtAccess),
      (sample.tables.map(\.writers), split.purityAtWrite, split.evenPurityAtWrite),
    ]
    for (tables, value, even) in levels {
      let services = tables.map { $0.map { sample.service[$0] }.filter { $0 >= 0 } }.filter { !$0.isEmpty }
      let average = mean(services.map(entropy))
      expectSame(value, services.isEmpty ? 0 : 1 - average, "TP")
      let scale = log(Double(sample.groups.count))
      expectSame(even, services.isEmpty ? 0 : scale > 0 ? 1 - average / scale : 1, "TP normalised")
    }
  }

  /// Two services: {0, 1} call each other, 2 alone; 1 calls 2 ten times; 0 calls itself.
  @Test func smallExample() {
    let calls = [(0, 0, 3), (0, 1, 1), (1, 0, 1), (1, 2, 10)].map {
      MeasuredSystem.Call(from: $0.0, to: $0.1, volume: $0.2)
    }
    var useCases = BitTable(rows: 3, columns: 2)
    useCases.insert(0, row: 0)
    useCases.insert(0, row: 1)
    useCases.insert(1, row: 1)
    let reach = MeasuredSystem.TableReach(entries: [0, 1, 2], accessors: [2], writers: [])
    let system = MeasuredSystem(isClass: [true, true, true], calls: calls, useCases: useCases, tables: [reach])
    let split = MeasuredSplit(system, serviceOf: [7, 7, 3])
    expectSame(split.structuralModularityMono2Micro, (2.0 / 4 + 0) / 2 - 1.0 / 2, "SM Mono2Micro")
    expectSame(split.structuralModularityFoSCI, (1.0 / 4) / 2 - 1.0 / 4, "SM FoSCI")
    expectSame(split.structuralModularityCHGNN, (2.0 / 4) / 2 - 1.0 / 4, "SM CHGNN")
    expectSame(split.structuralModularityRLDec, (2.0 / 4) / 2 - (1.0 / 2) / 2, "SM RLDec")
    expectSame(split.interCallCARGO, 10.0 / 12, "ICP CARGO")
    expectSame(split.interCallMono2Micro, (log(10.0) + 1) / (log(10.0) + 3), "ICP Mono2Micro")
    expectSame(split.interfacesMono2Micro, 0.5, "IFN Mono2Micro")
    expectSame(split.turboMQ, 4.0 / 5, "TurboMQ")
    expectSame(split.contextPurityMono2Micro, log(2.0) / 2, "BCP Mono2Micro")
    expectSame(split.contextPurityCARGO, (log(3.0) - 2.0 / 3 * log(2.0)) / 2, "BCP CARGO")
    expectSame(split.purityAtEntry, 1 - (log(3.0) - 2.0 / 3 * log(2.0)), "TP")
    expectSame(split.purityAtAccess, 1, "TP at access")
    expectSame(split.purityAtWrite, 0, "TP without writers")
  }

  /// Three equal services reach the one table: below zero, as the paper's own formula gives.
  @Test func purityHasNoLowerBound() {
    let reach = MeasuredSystem.TableReach(entries: [0, 1, 2], accessors: [0], writers: [0, 1])
    let system = MeasuredSystem(
      isClass: [true, true, true], calls: [], useCases: BitTable(rows: 3, columns: 0), tables: [reach])
    let split = MeasuredSplit(system, serviceOf: [0, 1, 2])
    expectSame(split.purityAtEntry, 1 - log(3.0), "TP")
    expectSame(split.evenPurityAtEntry, 0, "TP normalised")
    expectSame(split.purityAtAccess, 1, "TP at access")
    expectSame(split.purityAtWrite, 1 - log(2.0), "TP at write")
  }
}
