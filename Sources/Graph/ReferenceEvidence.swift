import Basics
import Facts

/// Evidence of code about code: calls, inheritance, globals, includes, files that belong together.
struct ReferenceEvidence {
  let system: SystemFacts
  let index: NodeIndex
  let weights: EvidenceWeights

  func collect(into collector: inout EdgeCollector) {
    collectReferences(into: &collector)
    collectFilesOfTypes(into: &collector)
    collectStems(into: &collector)
  }

  private func collectReferences(into collector: inout EdgeCollector) {
    let users = usersOfTargets { $0 != .use }
    // A type is named by more code than ever calls or extends it.
    let namers = usersOfTargets { $0 == .use }
    for (number, reference) in system.references.enumerated() {
      guard let from = node(reference.from), let to = node(reference.to), from != to else { continue }
      let others = (reference.kind == .use ? namers : users)[reference.to]
      let share = discount(Int(others), exponent: weights.referencePopularity)
      collector.add(
        from: from, to: to, kind: kind(of: reference.kind), amount: Double(max(1, reference.count)) * share,
        reference: number, count: reference.count)
    }
  }

  private func node(_ unit: Int) -> Int32? {
    guard index.nodeOfUnit.indices.contains(unit), index.nodeOfUnit[unit] >= 0 else { return nil }
    return index.nodeOfUnit[unit]
  }

  private func kind(of kind: Reference.Kind) -> EvidenceKind {
    switch kind {
    case .call: .call
    case .inherit: .inherit
    case .global: .global
    case .include: .include
    case .use: .use
    }
  }

  /// For each unit the number of other nodes that refer to it in one of these ways; tests refer to everything and say nothing about popularity.
  private func usersOfTargets(_ counts: (Reference.Kind) -> Bool) -> [Int32] {
    var pairs: [UInt64] = []
    pairs.reserveCapacity(system.references.count)
    for reference in system.references where counts(reference.kind) && !system.isTest(reference.from) {
      guard let from = node(reference.from), let to = node(reference.to), from != to else { continue }
      pairs.append(UInt64(reference.to) << 32 | UInt64(from))
    }
    pairs.sort()
    var users = [Int32](repeating: 0, count: system.units.count)
    var previous = UInt64.max
    for pair in pairs where pair != previous {
      users[Int(pair >> 32)] += 1
      previous = pair
    }
    return users
  }

  /// A type pulls the file that declares it and the files that hold its methods.
  private func collectFilesOfTypes(into collector: inout EdgeCollector) {
    var seen: Set<UInt64> = []
    for (number, unit) in system.units.enumerated() where unit.kind == .function || unit.kind == .type {
      guard let type = node(number), index.nodes[Int(type)].kind == .type,
        let file = index.nodeOfFile[unit.span.file.text],
        seen.insert(UInt64(type) << 32 | UInt64(file)).inserted
      else { continue }
      let place = SourceSpan(file: unit.span.file, line: 0)
      collector.add(from: Int(type), to: file, kind: .sameFile, amount: 1, at: place)
    }
  }

  /// `order.c` and `order.h` in one folder: a chain through all files with that stem.
  private func collectStems(into collector: inout EdgeCollector) {
    var last: [String: Int] = [:]
    for (number, node) in index.nodes.enumerated() where node.kind == .file {
      let stem = PathNames.withoutExtension(node.name)
      if let other = last.updateValue(number, forKey: stem) {
        let place = SourceSpan(file: RepoPath(index.nodes[other].name), line: 0)
        collector.add(from: number, to: other, kind: .sameStem, amount: 1, at: place)
      }
    }
  }
}
