import Basics
import Facts
import SQL

/// Gathers the statements of the system: texts, registries, table builders, and templates completed by callers.
struct StatementSearch {
  let symbols: SymbolTable
  let traces: [(id: FunctionID, trace: FunctionTrace)]
  let cache: StatementCache
  let declared: Set<String>
  private(set) var hits: [StatementHit] = []
  private(set) var unknown: [UnknownStatement] = []
  private var explained: Set<CodePlace> = []
  /// Texts of each function that are queries over entity names.
  private var entityQueries: [FunctionID: [String]] = [:]
  private(set) var usedConstants: Set<String> = []
  private var templates: [FunctionID: [StatementTemplate]] = [:]
  private var sinks: [TextSink: Int] = [:]
  /// How far a table name is followed from caller to caller.
  private static let maximumRounds = 5

  init(
    symbols: SymbolTable, traces: [(id: FunctionID, trace: FunctionTrace)], cache: StatementCache, declared: Set<String>
  ) {
    self.symbols = symbols
    self.traces = traces
    self.cache = cache
    self.declared = declared
  }

  /// Adds what frameworks found; before `run`.
  /// `explained` are calls that are known to be handed something else than SQL.
  mutating func add(_ found: [StatementHit], unknown: [UnknownStatement], explained: Set<CodePlace> = []) {
    hits += found
    self.unknown += unknown
    self.explained = explained
  }

  /// Adds what queries over entity names do; before `run`. Their texts are no SQL.
  mutating func add(_ found: [StatementHit], entityQueries: [FunctionID: [String]]) {
    hits += found
    self.entityQueries = entityQueries
  }

  /// Runs every recognizer; afterwards `hits` and `unknown` are sorted by place.
  mutating func run(folder: TextFolder) {
    findTexts(formatters: folder.formatters)
    findRegistries(folder: folder)
    findBuilders()
    complete()
    findUnknown()
    findUnusedConstants(folder: folder)
    hits.sort { ($0.function, $0.line) < ($1.function, $1.line) }
    unknown.sort { ($0.function, $0.line) < ($1.function, $1.line) }
  }

  private mutating func findTexts(formatters: Set<String>) {
    let recognizer = StatementTextRecognizer(
      cache: cache, declared: declared, prose: ProseSinks(traces: traces, cache: cache, formatters: formatters))
    for (id, trace) in traces {
      var trace = trace
      if let queries = entityQueries[id] {
        // The texts they grow from are no statements either.
        func isQuery(_ text: FoldedText) -> Bool { queries.contains { $0.utf8.starts(with: text.text.utf8) } }
        usedConstants.formUnion(trace.texts.filter { isQuery($0.folded) }.map(\.folded.origin))
        trace.texts.removeAll { isQuery($0.folded) }
      }
      let found = recognizer.findings(in: trace, of: id)
      hits += found.hits
      unknown += found.unknown
      usedConstants.formUnion(found.origins)
      if !found.templates.isEmpty { templates[id, default: []] += found.templates }
      for sink in found.sinks {
        sinks[TextSink(callee: NameWords.lastPart(sink.callee), position: sink.position), default: 0] += 1
      }
    }
  }

  private mutating func findRegistries(folder: TextFolder) {
    let registry = StatementRegistryRecognizer(symbols: symbols, traces: traces, folder: folder, cache: cache)
    let found = registry.findings(in: traces)
    // Registering a statement does not perform it.
    hits.removeAll {
      $0.via == "text" && found.unperformed.contains(.init(function: $0.function, line: $0.line))
    }
    hits += found.hits
    usedConstants.formUnion(found.constants)
  }

  private mutating func findBuilders() {
    let recognizer = TableBuilderRecognizer(declared: declared, cache: cache)
    for built in recognizer.built(in: traces, symbols: symbols) {
      if !Hole.indices(in: built.text).isEmpty {
        templates[built.function, default: []].append(StatementTemplate(text: built.text, inLoop: built.inLoop))
        continue
      }
      for var statement in cache.statements(in: built.text) {
        for place in statement.accesses.indices { statement.accesses[place].columns = built.columns }
        hits.append(
          StatementHit(
            function: built.function, line: built.line, statement: statement, via: "builder",
            confidence: built.isAssumed ? .guessed : .inferred, inLoop: built.inLoop))
      }
    }
  }

  // MARK: Templates

  /// Completes templates with the arguments of callers, round by round while callers pass their own parameters on.
  private mutating func complete() {
    var fresh = templates
    var completed: Set<FunctionID> = []
    for _ in 0..<Self.maximumRounds where !fresh.isEmpty {
      var next: [FunctionID: [StatementTemplate]] = [:]
      let names = Set(fresh.keys.map { NameWords.lastPart(symbols.function($0).name) })
      for (id, trace) in traces {
        let owner = symbols.function(id).owner
        for call in trace.calls where names.contains(NameWords.lastPart(call.callee)) {
          let targets =
            call.targets
            ?? symbols.functions(called: call.callee, from: id.file, owner: owner, hasReceiver: call.hasReceiver)
          for target in targets {
            for template in fresh[target] ?? [] {
              if complete(template, of: target, call: call, in: id, next: &next) { completed.insert(target) }
            }
          }
        }
      }
      fresh = next
    }
    for (id, waiting) in templates.sorted(by: { $0.key < $1.key }) where !completed.contains(id) {
      for template in Set(waiting).sorted(by: { $0.text < $1.text }) {
        unknown.append(
          UnknownStatement(
            function: id, line: symbols.function(id).lines.lowerBound, text: template.text,
            reason: "the table is a parameter and no caller names it"))
      }
    }
  }

  private mutating func complete(
    _ template: StatementTemplate, of target: FunctionID, call: TracedCall, in caller: FunctionID,
    next: inout [FunctionID: [StatementTemplate]]
  ) -> Bool {
    var isCompleted = false
    let bound = TextFolder.bind(FoldedText(text: template.text, line: call.line), to: call.arguments, line: call.line)
    for text in bound {
      for statement in cache.statements(in: text.text) {
        if statement.hasUnknownTable {
          guard statement.accesses.contains(where: { !Hole.indices(in: $0.table.text).isEmpty }) else { continue }
          let passedOn = StatementTemplate(text: text.text, inLoop: template.inLoop || call.inLoop)
          if next[caller]?.contains(passedOn) != true { next[caller, default: []].append(passedOn) }
          isCompleted = true
          continue
        }
        isCompleted = true
        hits.append(
          StatementHit(
            function: caller, line: call.line, statement: statement,
            via: "wrapper:\(symbols.function(target).name)", confidence: .inferred,
            inLoop: template.inLoop || call.inLoop))
      }
    }
    return isCompleted
  }

  // MARK: The unknown

  /// Calls that hand something unknown to a parameter that elsewhere receives statements.
  private mutating func findUnknown() {
    let strong = strongSinks()
    guard !strong.isEmpty else { return }
    let placesOfHits = Set(hits.map { "\($0.function.file):\($0.function.index):\($0.line)" })
    for (id, trace) in traces {
      for call in trace.calls where !call.isOnPrepared {
        let name = NameWords.lastPart(call.callee)
        for position in call.arguments.indices where strong.contains(TextSink(callee: name, position: position)) {
          let texts = call.arguments[position]
          let isPassedOn = texts.contains { !Hole.indices(in: $0.text).isEmpty }
          guard texts.isEmpty || texts.allSatisfy({ Hole.contains($0.text) && !SQLReader.mayBeStatement($0.text) }),
            !isPassedOn, !explained.contains(CodePlace(function: id, line: call.line)),
            !placesOfHits.contains("\(id.file):\(id.index):\(call.line)")
          else { continue }
          unknown.append(
            UnknownStatement(
              function: id, line: call.line, text: texts.first?.text ?? Hole.text(index: nil),
              reason: "the text handed to \(name) is built at run time"))
        }
      }
    }
  }

  /// Parameters that receive statements in at least half of the calls that hand them any text, and more than once.
  private func strongSinks() -> Set<TextSink> {
    let candidates = sinks.filter { $0.value >= 2 }
    guard !candidates.isEmpty else { return [] }
    let names = Set(candidates.keys.map(\.callee))
    var calls: [TextSink: Int] = [:]
    for (_, trace) in traces {
      for call in trace.calls {
        let name = NameWords.lastPart(call.callee)
        guard names.contains(name) else { continue }
        for position in call.arguments.indices { calls[TextSink(callee: name, position: position), default: 0] += 1 }
      }
    }
    return Set(candidates.filter { 2 * $0.value >= (calls[$0.key] ?? 0) }.keys)
  }

  /// Statements in constants that no function was seen to use belong to their file.
  private mutating func findUnusedConstants(folder: TextFolder) {
    unusedConstants = symbols.files.enumerated().flatMap { file, facts in
      facts.constants.filter {
        $0.kind != .macro && !usedConstants.contains($0.name) && !usedConstants.contains(NameWords.lastPart($0.name))
      }
      .flatMap { constant in
        folder.fold(constant.value, in: FoldingScope(), file: file, line: constant.line)
          .filter { SQLReader.mayBeStatement($0.text) }
          .flatMap { text in cache.statements(in: text.text).map { (file, constant, $0) } }
      }
    }
  }

  /// Statements in constants: file number, constant, statement.
  private(set) var unusedConstants: [(file: Int, constant: ConstantFact, statement: SQLStatement)] = []
}
