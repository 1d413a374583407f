import Graph

/// Turns the names people gave to groups of tables into names of services.
enum GroupLabels {
  /// One label a group; empty where nothing sets the group apart.
  static func readable(_ labels: [String], source: TableNaming.Source) -> [String] {
    switch source {
    case .schema: return labels
    case .words: return withoutCommonStart(labels)
    case .modules, .writers, .declarations: break
    }
    let parts = labels.map { label in
      label.split(separator: "/").map { PathNames.parts(PathNames.withoutExtension(String($0))) }
    }
    let common = commonWords(parts)
    var result = zip(labels, parts).map { label, parts -> String in
      // Tables without a writer go by their first word.
      if label.hasPrefix("\u{1}") { return String(label.dropFirst()) }
      let own = parts.map { $0.filter { !common.contains($0) } }
      return own.last { !$0.isEmpty }?.joined(separator: "_") ?? ""
    }
    for (number, label) in result.enumerated() where result.count(where: { $0 == label }) > 1 {
      // Two folders of one name: the folder above tells them apart.
      let own = parts[number].map { $0.filter { !common.contains($0) } }.filter { !$0.isEmpty }
      if own.count > 1 { result[number] = own.suffix(2).map { $0.joined(separator: "_") }.joined(separator: "-") }
    }
    return result
  }

  /// A word that starts every name, such as that of the product, tells nothing apart.
  private static func withoutCommonStart(_ labels: [String]) -> [String] {
    let parts = labels.map {
      $0.hasPrefix("\u{1}") ? [String($0.dropFirst())] : $0.split(separator: "_").map(String.init)
    }
    guard labels.count > 1, parts.allSatisfy({ $0.count > 1 && $0[0] == parts[0][0] }) else { return labels }
    return parts.map { $0.dropFirst().joined(separator: "_") }
  }

  /// Words that most labels hold, and numbers, such as those of migrations.
  private static func commonWords(_ parts: [[[String]]]) -> Set<String> {
    var counts: [String: Int] = [:]
    for label in parts {
      for word in Set(label.joined()) { counts[word, default: 0] += 1 }
    }
    let numbers = counts.keys.filter { $0.utf8.allSatisfy { $0 >= 48 && $0 <= 57 } }
    return Set(counts.filter { $0.value * 2 > parts.count }.keys).union(numbers)
  }
}
