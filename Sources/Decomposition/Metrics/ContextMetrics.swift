import Foundation

// Metrics of use cases and of data: H is entropy with the natural logarithm.
extension MeasuredSplit {
  /// BCP = mean_i ln (number of use cases that touch service i), from 0 on, lower is better; a service that none touches
  /// counts 0. Source: code of Mono2Micro (Kalia et al. 2021).
  package var contextPurityMono2Micro: Double {
    let counts = useCaseCounts().map { $0.count { $0 > 0 } }
    return mean(counts.map { $0 > 0 ? log(Double($0)) : 0 })
  }

  /// BCP = mean_i H(use cases of the classes of service i, each as often as classes touch it), from 0 on, lower is better.
  /// Source: CARGO (Nitin et al. 2022).
  package var contextPurityCARGO: Double { mean(useCaseCounts().map(Self.entropy)) }

  /// For each service and use case, how many classes of the service the use case touches.
  private func useCaseCounts() -> [[Int]] {
    var counts = [[Int]](repeating: [Int](repeating: 0, count: system.useCases.columns), count: count)
    for (node, service) in serviceOf.enumerated() where service >= 0 {
      system.useCases.forEach(row: node) { counts[service][$0] += 1 }
    }
    return counts
  }

  /// TP = 1 - mean over tables of H(services of the classes whose entry points reach the table), higher is better, 1 at
  /// most and unbounded below: three equal services give 1 - ln 3. Tables no such class reaches are left out.
  /// Source: CARGO (Nitin et al. 2022).
  package var purityAtEntry: Double { purity(scale: 1, \.entries) }

  /// TP of the classes that touch the table themselves, same range; says little, as code is put next to its data by
  /// everybody. Source: CARGO, one level below.
  package var purityAtAccess: Double { purity(scale: 1, \.accessors) }

  /// TP of the classes that write the table, same range. Source: CARGO, writers alone.
  package var purityAtWrite: Double { purity(scale: 1, \.writers) }

  /// TP at entry points with entropies divided by ln K, 0 to 1, higher is better; 1 for a single service. Ours, after
  /// CARGO.
  package var evenPurityAtEntry: Double { purity(scale: log(Double(max(1, count))), \.entries) }

  /// TP of accessing classes with entropies divided by ln K, 0 to 1, higher is better. Ours, after CARGO.
  package var evenPurityAtAccess: Double { purity(scale: log(Double(max(1, count))), \.accessors) }

  /// TP of writing classes with entropies divided by ln K, 0 to 1, higher is better. Ours, after CARGO.
  package var evenPurityAtWrite: Double { purity(scale: log(Double(max(1, count))), \.writers) }

  private func purity(scale: Double, _ classes: KeyPath<MeasuredSystem.TableReach, [Int]>) -> Double {
    let entropies = system.tables.compactMap { table -> Double? in
      var counts: [Int: Int] = [:]
      for node in table[keyPath: classes] where serviceOf[node] >= 0 { counts[serviceOf[node], default: 0] += 1 }
      return counts.isEmpty ? nil : Self.entropy(counts.sorted { $0.key < $1.key }.map(\.value))
    }
    guard !entropies.isEmpty else { return 0 }
    return scale > 0 ? 1 - mean(entropies) / scale : 1
  }

  /// Entropy of a distribution given by counts.
  private static func entropy(_ counts: [Int]) -> Double {
    let total = Double(counts.reduce(0, +))
    return counts.reduce(0) { sum, count in
      guard count > 0 else { return sum }
      let share = Double(count) / total
      return sum - share * log(share)
    }
  }

  private func mean(_ values: [Double]) -> Double {
    values.isEmpty ? 0 : values.reduce(0, +) / Double(values.count)
  }
}
