// Metrics of code: the same name stands for different formulas in different papers, so each carries its paper's name.
// m_i: unordered linked pairs inside service i; s_ij: those between i and j; N_i: classes of i; v: calls of a pair.
extension MeasuredSplit {
  // MARK: Structural modularity

  /// SM = mean_i ((m_i + r_i) / N_i²) - 2 mean_{i<j} (s_ij / (2 N_i N_j)), -1 to 1, higher is better; r_i are the classes
  /// that call themselves, without the last one listed. Source: code of Mono2Micro (Kalia et al. 2021) and CoGCN.
  package var structuralModularityMono2Micro: Double {
    mean { Double(pairsInside[$0] + selfPairs[$0]) / square(sizes[$0]) } - meanCoupling
  }

  /// SM = mean_i (m_i / N_i²) - mean_{i<j} (s_ij / (2 N_i N_j)), -0.5 to 0.5, higher is better. Source: SMQ of FoSCI
  /// (Jin et al. 2019).
  package var structuralModularityFoSCI: Double {
    mean { Double(pairsInside[$0]) / square(sizes[$0]) } - meanCoupling / 2
  }

  /// SM = mean_i (2 m_i / N_i²) - mean_{i<j} (s_ij / (2 N_i N_j)), -0.5 to 1, higher is better. Source: CHGNN (Mathai et
  /// al. 2021).
  package var structuralModularityCHGNN: Double {
    mean { 2 * Double(pairsInside[$0]) / square(sizes[$0]) } - meanCoupling / 2
  }

  /// SM = mean_i (l_i / N_i²) - mean_{i≠j} (l_ij / (N_i N_j)), l the ordered linked pairs, -1 to 1, higher is better.
  /// Source: RLDec (Sellami et al. 2022).
  package var structuralModularityRLDec: Double {
    let across = linksAcross.sorted { $0.key < $1.key }.reduce(0) { sum, entry in
      sum + Double(entry.value) / (Double(sizes[entry.key.left]) * Double(sizes[entry.key.right]))
    }
    return mean { Double(linksInside[$0]) / square(sizes[$0]) }
      - (count > 1 ? across / Double(count * (count - 1)) : 0)
  }

  /// Mean over unordered pairs of services of s_ij / (N_i N_j); 0 for a single service.
  private var meanCoupling: Double {
    guard count > 1 else { return 0 }
    let sum = pairsAcross.sorted { $0.key < $1.key }.reduce(0) { sum, entry in
      sum + Double(entry.value) / (Double(sizes[entry.key.left]) * Double(sizes[entry.key.right]))
    }
    return sum / (Double(count) * Double(count - 1) / 2)
  }

  // MARK: Calls that cross

  /// ICP = Σ (ln v + 1) over crossing calls / the same over all, 0 to 1, lower is better; calls of a class to itself are
  /// dropped. Source: code of Mono2Micro (Kalia et al. 2021).
  package var interCallMono2Micro: Double { ratio(volumeAcross.logarithmic, volume.logarithmic) }

  /// ICP = Σ v over crossing calls / the same over all, 0 to 1, lower is better. Source: CARGO (Nitin et al. 2022).
  package var interCallCARGO: Double { ratio(volumeAcross.raw, volume.raw) }

  /// ICP = Σ ln (1 + v) over crossing calls / the same over all, 0 to 1, lower is better. Source: RLDec (Sellami et al.
  /// 2022).
  package var interCallRLDec: Double { ratio(volumeAcross.softened, volume.softened) }

  /// IFN = unordered linked pairs of classes of different services / K, from 0 on, lower is better; falls with K alone.
  /// Source: code of Mono2Micro (Kalia et al. 2021); CHGNN.
  package var interfacesMono2Micro: Double { ratio(Double(pairsAcross.values.reduce(0, +)), Double(count)) }

  /// IFN = mean_i of the classes of i that other services call, from 0 on, lower is better. Source: FoSCI (Jin et al.
  /// 2019); RLDec.
  package var interfacesFoSCI: Double { mean { Double(published[$0]) } }

  /// MQ = Σ_i 2 l_i / (2 l_i + e_i), l_i the ordered linked pairs inside, e_i those in and out, 0 to K, higher is better;
  /// grows with K. Source: TurboMQ of Bunch (Mitchell and Mancoridis 2006), each pair counted once.
  package var turboMQ: Double {
    var crossing = [Int](repeating: 0, count: count)
    for (pair, links) in linksAcross {
      crossing[pair.left] += links
      crossing[pair.right] += links
    }
    return (0..<count).reduce(0) { sum, service in
      sum + ratio(2 * Double(linksInside[service]), Double(2 * linksInside[service] + crossing[service]))
    }
  }

  // MARK: Sizes

  /// NED = 1 - classes in services of 5 to 20 classes / all classes, 0 to 1, lower is better. Source: code of Mono2Micro
  /// (Kalia et al. 2021).
  package var extremesMono2Micro: Double {
    guard count > 0 else { return 0 }
    return 1 - ratio(Double(sizes.filter { (5...20).contains($0) }.reduce(0, +)), Double(classes))
  }

  /// NED = 1 - services of 5 to 19 classes / K, 0 to 1, lower is better. Source: RLDec (Sellami et al. 2022).
  package var extremesRLDec: Double {
    guard count > 0 else { return 0 }
    return 1 - ratio(Double(sizes.count { (5...19).contains($0) }), Double(count))
  }

  /// NED = classes in services of 0.5 to 1.5 times the mean size / all classes, 0 to 1, higher is better. Source: CHGNN
  /// (Mathai et al. 2021).
  package var evennessCHGNN: Double {
    // In whole numbers, so that sizes just at the limits are inside.
    let even = sizes.filter { classes <= 2 * $0 * count && 2 * $0 * count <= 3 * classes }
    return ratio(Double(even.reduce(0, +)), Double(classes))
  }

  private var classes: Int { sizes.reduce(0, +) }

  // MARK: Arithmetic

  private func square(_ size: Int) -> Double { Double(size) * Double(size) }

  private func ratio(_ part: Double, _ whole: Double) -> Double { whole > 0 ? part / whole : 0 }

  private func mean(_ value: (Int) -> Double) -> Double {
    count > 0 ? (0..<count).reduce(0) { $0 + value($1) } / Double(count) : 0
  }
}
