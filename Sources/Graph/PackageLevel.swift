import Basics
import Facts

/// The folders that act as modules: the cut through the folder tree with the highest modularity over the references.
///
/// For each folder, bottom up, either the whole subtree is one package, or its subfolders and its own files are
/// packages of their own, whichever has the higher modularity (Newman and Girvan 2004, with resolution 1). This finds
/// `src/modules/*` in one system and `com/shop/*` in another without being told; layers such as `controllers` and
/// `services`, whose files refer to each other across the folders, score worse than no split at all.
struct PackageLevel {
  /// A module: its folder and its nodes, sorted.
  struct Package {
    let folder: String
    let nodes: [Int]
  }

  /// Packages sorted by folder; empty when the folders say nothing.
  let packages: [Package]
  /// Modularity of the packages, 0 to 1; 0 when there are none.
  let quality: Double

  /// Folders that say nothing.
  static let none = PackageLevel(packages: [], quality: 0)

  private init(packages: [Package], quality: Double) {
    self.packages = packages
    self.quality = quality
  }

  init(nodes: [GraphNode], edges: [GraphEdge]) {
    var tree = PathTree()
    for (number, node) in nodes.enumerated() where node.kind != .table { tree.place(number, at: node.folder) }
    let code = edges.filter { nodes[$0.from].kind != .table && nodes[$0.to].kind != .table }
    guard !code.isEmpty else {
      packages = Self.sorted(tree.leaves())
      quality = packages.isEmpty ? 0 : Self.qualityWithoutReferences
      return
    }
    for edge in code { tree.bind(edge.from, edge.to, weight: edge.weight) }
    let best = tree.bestCut()
    packages = Self.sorted(best.parts)
    quality = packages.isEmpty ? 0 : min(1, max(0, best.quality))
  }

  /// Belief in folders when no reference speaks for or against them (ours).
  private static let qualityWithoutReferences = 0.3

  private static func sorted(_ parts: [PathTree.Part]) -> [Package] {
    guard parts.count > 1 else { return [] }
    return parts.map { Package(folder: $0.path, nodes: $0.items) }.sorted { $0.folder < $1.folder }
  }
}
