import Basics
import Facts
import Graph

/// Finds code that only makes the schema, such as migrations: it stands in a file that creates or alters tables, and no other file
/// needs it. The rows such code fills in when a table is made do not make it the owner of the table.
struct SchemaCode {
  /// Whether each node is such code.
  let isSchemaCode: [Bool]

  init(system: SystemFacts, graph: DependencyGraph) {
    let files = Set(system.catalog.tables.flatMap(\.changedIn))
    let fileOf = graph.nodes.map { node -> RepoPath? in
      switch node.kind {
      case .table: nil
      case .file, .type: node.unit.map { system.units[$0].span.file } ?? RepoPath(node.name)
      }
    }
    var isSchemaCode = fileOf.map { file in file.map(files.contains) ?? false }
    for edge in graph.edges where isSchemaCode[edge.to] && fileOf[edge.from] != fileOf[edge.to] {
      if edge.evidence.contains(where: { $0.kind != .words && $0.kind != .coChange }) { isSchemaCode[edge.to] = false }
    }
    self.isSchemaCode = isSchemaCode
  }
}
