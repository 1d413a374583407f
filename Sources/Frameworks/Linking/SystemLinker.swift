package import Facts
package import Basics
import SQL

/// Links the facts of all files into one system: folds text, finds statements, completes templates in callers,
/// resolves calls, and names the unit behind every access.
package enum SystemLinker {
  /// The linked system. `files` are sorted by path first, so any order gives the same result. `catalog` is what the SQL
  /// files come to; what migrations and mappings in code say of the schema is added.
  /// `scripts` are the texts of SQL files that documents may include.
  package static func link(
    files: [FileFacts], catalog sql: Catalog, scripts: [RepoPath: String] = [:]
  ) -> SystemFacts {
    var files = MapperFunctions.added(to: files.sorted { $0.file < $1.file })
    files = DjangoViewFunctions.added(to: SQLObjectFunctions.added(to: files))
    files = SQLCQueries.added(to: files, scripts: scripts)
    let symbols = SymbolTable(files: files)
    let folder = TextFolder(symbols: symbols)
    let frameworks = FrameworkLinker(index: SystemIndex(symbols: symbols, scripts: scripts))
    let model = frameworks.model
    folder.tableOfClass = { name, file in
      model.entity(named: name, from: file).flatMap { model.entities[$0].table?.text }
    }
    let (catalog, histories) = CatalogAssembler.assemble(sql: sql, histories: frameworks.histories)
    let views = catalog.programs.filter { $0.kind == .view }.map { TableName($0.name) }
    let declared = Set((catalog.tables.map(\.name) + views).map(\.baseKey))
    let cache = StatementCache(engine: nil, declared: declared)
    let known = frameworks.hits(cache: cache, folder: folder, programs: catalog.programs)
    let traces = self.traces(of: files, folder: folder, declared: declared, targets: known.findings.targets)
    var search = StatementSearch(symbols: symbols, traces: traces, cache: cache, declared: declared)
    search.add(known.hits, unknown: known.unknown, explained: known.findings.explained)
    let queries = frameworks.queryHits(known.findings.queries, traces: traces)
    search.add(queries.hits, entityQueries: queries.texts)
    search.run(folder: folder)
    let index = UnitIndex(files: files, programs: catalog.programs)
    var builder = AccessBuilder(catalog: catalog, index: index, files: files)
    builder.add(search)
    var system = builder.finished()
    let programs = ProgramReferences(catalog: catalog, index: index, files: files).references(hits: search.hits)
    system.references = ReferenceLinker(symbols: symbols, index: index).references(
      traces: traces, calls: frameworks.calls,
      besides: programs + TypeUses(index: frameworks.index, units: index).references())
    system.transactions = TransactionRecognizer(symbols: symbols, index: index).scopes(
      traces: traces, accesses: system.accesses, references: system.references, whole: frameworks.transactions)
    system.entryPoints = frameworks.entryPoints(units: index)
    system.handles = TableHandles(index: frameworks.index, model: model, catalog: catalog).handles(
      of: system.accesses, units: index)
    system.coverage.schemaStatements = histories.statementCount
    system.coverage.understoodSchemaStatements = histories.understoodCount
    system.coverage.unread = UnreadFrameworks.counts(in: files)
    system.libraries = UsedLibraries.counts(in: files)
    system.diagnostics = histories.diagnostics
    return system
  }

  private static func traces(
    of files: [FileFacts], folder: TextFolder, declared: Set<String>, targets: [FunctionID: [Int: [FunctionID]]]
  ) -> [(id: FunctionID, trace: FunctionTrace)] {
    // `unowned` would dangle if the folder outlived the call; it does not, and a strong cycle would leak every fact.
    folder.evaluator = { [unowned folder] id in
      FunctionEvaluator.trace(folder.symbols.function(id), file: id.file, folder: folder).results
    }
    // Fields are read before the functions that use what they hold; what a field takes from another one stays unknown.
    var fields = FieldTexts(files: files, declared: declared)
    let writers = fields.learnObjects(of: files, folder: folder)
    folder.fields = fields
    for id in writers {
      let function = folder.symbols.function(id)
      fields.learn(
        FunctionEvaluator.trace(function, file: id.file, folder: folder), owner: function.owner, file: id.file)
    }
    folder.fields = fields
    var traces: [(id: FunctionID, trace: FunctionTrace)] = []
    for (file, facts) in files.enumerated() {
      for index in facts.functions.indices {
        let id = FunctionID(file: file, index: index)
        let resolved = facts.language == .c ? nil : targets[id] ?? [:]
        traces.append(
          (id, FunctionEvaluator.trace(facts.functions[index], file: file, folder: folder, targets: resolved)))
      }
    }
    folder.evaluator = nil
    return traces
  }
}
