import Basics
import Facts
import SQL

/// Runs every framework over the system: its entities, the schema they and migrations describe, what their methods and
/// mapper files do, and where requests come in.
struct FrameworkLinker {
  let index: SystemIndex
  let model: EntityModel
  let histories: [SchemaHistory]
  private let frameworks: [any FrameworkRecognizer]

  init(index: SystemIndex) {
    self.index = index
    let languages = Set(index.files.map(\.language))
    frameworks = FrameworkRegistry.all.filter {
      !$0.languages.isDisjoint(with: languages) && $0.isUsed(in: index)
    }
    model = EntityModel(frameworks.flatMap { $0.entities(in: index) }, index: index)
    let written = frameworks.flatMap { $0.histories(in: index) }
    histories =
      written + MappingSchema(model: model, index: index).histories(engine: written.lazy.compactMap(\.engine).first)
  }

  /// Statements that frameworks know of, those of methods among them.
  func hits(cache: StatementCache, folder: TextFolder, programs: [StoredProgram]) -> (
    hits: [StatementHit], unknown: [UnknownStatement], findings: FlowFindings
  ) {
    var hits: [StatementHit] = []
    var unknown: [UnknownStatement] = []
    var reaching: [FunctionID: [DataFlow.ReachingStatement]] = [:]
    let queries = EntityQueryReader(model: model)
    for statement in frameworks.flatMap({ $0.statements(in: index, model: model) }) {
      let parsed = self.parsed(
        statement.content, from: statement.function.file, cache: cache, queries: queries, programs: programs)
      if parsed.isEmpty, let text = Self.written(statement.content) {
        unknown.append(
          UnknownStatement(
            function: statement.function, line: statement.line, file: statement.file, text: text,
            reason: "the statement is not understood"))
      }
      for found in parsed {
        if found.hasUnknownTable {
          unknown.append(
            UnknownStatement(
              function: statement.function, line: statement.line, file: statement.file,
              text: Self.text(of: statement.content),
              reason: "the table name is built at run time"))
        }
        if statement.receiver == nil {
          hits.append(
            StatementHit(
              function: statement.function, line: statement.line, file: statement.file, statement: found,
              via: statement.via, confidence: statement.confidence, inLoop: false))
        }
        if statement.reachesCallers {
          reaching[statement.function, default: []].append(
            DataFlow.ReachingStatement(
              accesses: found.accesses, joins: found.joins, confidence: statement.confidence,
              receiver: statement.receiver))
        }
      }
    }
    let types = FlowTypes(
      index: index, model: model, vocabulary: Vocabulary(frameworks, in: index),
      containers: frameworks.flatMap { $0.containers(in: index) },
      rows: frameworks.flatMap { $0.rowClasses(in: index, model: model) },
      functions: frameworks.reduce(into: [:]) { $0.merge($1.entityFunctions(in: index)) { first, _ in first } })
    let flow = DataFlow(types: types, reaching: reaching) { value, id in
      folder.fold(value, in: FoldingScope(owner: index.symbols.function(id).owner), file: id.file, line: 0).first?.text
    }
    var findings = flow.run()
    hits += findings.accesses.map(Self.hit)
    findings.queries = flow.queries
    findings.explained = flow.explained
    return (hits, unknown, findings)
  }

  /// What calls that hand over queries over entity names do, by the texts the functions handle, and which texts of
  /// which functions those are: nothing else is to be read from them.
  func queryHits(
    _ calls: [DataFlow.EntityQueryCall], traces: [(id: FunctionID, trace: FunctionTrace)]
  ) -> (hits: [StatementHit], texts: [FunctionID: [String]]) {
    let reader = EntityQueryReader(model: model)
    let places = Dictionary(traces.indices.map { (traces[$0].id, $0) }) { first, _ in first }
    var hits: [StatementHit] = []
    var texts: [FunctionID: [String]] = [:]
    for call in calls {
      let traced = places[call.function].map { traces[$0].trace.calls } ?? []
      let found =
        traced.first {
          $0.line == call.line && NameWords.lastPart($0.callee) == NameWords.lastPart(call.callee)
            && call.place < $0.arguments.count && !$0.arguments[call.place].isEmpty
        }?.arguments[call.place].map(\.text) ?? (call.text.map { [$0] } ?? [])
      for text in found {
        let isPHP = index.files[call.function.file].language == .php
        let query = isPHP ? EntityQueryReader.withoutNamespaces(text) : text
        guard let statement = reader.statement(in: query, from: call.function.file) else { continue }
        if !statement.accesses.isEmpty { texts[call.function, default: []].append(text) }
        hits.append(
          StatementHit(
            function: call.function, line: call.line, statement: statement, via: "entity-query", confidence: .exact,
            inLoop: call.inLoop))
      }
    }
    return (hits, texts)
  }

  private static func hit(_ access: FlowAccess) -> StatementHit {
    StatementHit(
      function: access.function, line: access.line,
      statement: SQLStatement(kind: .other, accesses: access.accesses, joins: access.joins, isUnderstood: true),
      via: access.via, confidence: access.confidence, inLoop: access.inLoop)
  }

  /// The text of a statement that should have come to something.
  private static func written(_ content: FrameworkStatement.Content) -> String? {
    switch content {
    case .sql(let text), .program(let text): text
    case .entityQuery, .entity, .table: nil
    }
  }

  private static func text(of content: FrameworkStatement.Content) -> String {
    switch content {
    case .sql(let text), .entityQuery(let text), .program(let text): text
    case .entity, .table: ""
    }
  }

  private func parsed(
    _ content: FrameworkStatement.Content, from file: Int, cache: StatementCache, queries: EntityQueryReader,
    programs: [StoredProgram]
  ) -> [SQLStatement] {
    switch content {
    case .sql(let text): return cache.statements(in: text)
    case .entityQuery(let text): return queries.statement(in: text, from: file).map { [$0] } ?? []
    case .entity(let number, let operation, let properties):
      let columns = properties.contains("*") ? ["*"] : self.columns(properties, of: number)
      return [
        SQLStatement(
          kind: .other,
          accesses: model.tables(of: number).map {
            StatementAccess(table: $0, operation: operation, columns: columns)
          }, isUnderstood: true)
      ]
    case .program(let name):
      let wanted = TableName(name)
      let same = programs.filter { $0.kind == .routine && TableName($0.name).baseKey == wanted.baseKey }
      let found = same.first { TableName($0.name) == wanted } ?? same.first
      return found.map { [SQLStatement(kind: .other, accesses: $0.accesses, isUnderstood: true)] } ?? []
    case .table(let name, let operation, let columns):
      return [
        SQLStatement(
          kind: .other, accesses: [StatementAccess(table: name, operation: operation, columns: columns)],
          isUnderstood: true)
      ]
    }
  }

  private func columns(_ properties: [String], of entity: Int) -> [String] {
    var found: Set<String> = []
    for property in properties {
      switch model.entities[entity].properties[property]?.storage {
      case .column(let column): found.insert(column.name)
      case .reference(_, let columns, _): found.formUnion(columns.map(\.name))
      case .inverse, .joinTable, .collection, .embedded, nil: continue
      }
    }
    return found.sorted()
  }

  // MARK: Entry points and transactions

  func entryPoints(units: UnitIndex) -> [EntryPoint] {
    var found: Set<EntryPoint> = []
    for entry in frameworks.flatMap({ $0.entryPoints(in: index) }) {
      // A handler written on the spot is an entry of its own.
      let isInline = units.handlers[entry.function]?.contains {
        $0.handler.line == entry.line && $0.handler.kind == entry.kind
      }
      if isInline == true { continue }
      guard let unit = units.functionUnits[entry.function] else { continue }
      let span = SourceSpan(file: index.files[entry.function.file].file, line: entry.line)
      found.insert(EntryPoint(unit: unit, kind: entry.kind, trigger: entry.trigger, span: span))
    }
    for (function, handlers) in units.handlers {
      for case let (handler, unit) in handlers.map({ ($0.handler, $0.unit) }) {
        let span = SourceSpan(file: index.files[function.file].file, line: handler.line)
        found.insert(EntryPoint(unit: unit, kind: handler.kind, trigger: handler.trigger, span: span))
      }
    }
    return found.sorted {
      $0.span == $1.span
        ? ($0.unit, $0.kind.rawValue, $0.trigger) < ($1.unit, $1.kind.rawValue, $1.trigger)
        : $0.span < $1.span
    }
  }

  /// Calls that only frameworks make.
  var calls: [FrameworkCall] { frameworks.flatMap { $0.calls(in: index) } }

  /// Functions that run in one transaction as a whole.
  var transactions: Set<FunctionID> { Set(frameworks.flatMap { $0.transactions(in: index) }) }
}
