import Basics
import Facts
import SQL

/// Recognises registries of statements: `prepare(KEY, "sql")` calls and arrays keyed by enumerators. Every user of a
/// key performs the statement registered under it.
struct StatementRegistryRecognizer {
  private var statements: [String: [SQLStatement]] = [:]
  private var registrars: [String: Set<FunctionID>] = [:]
  private var arrays: [String: Set<String>] = [:]
  private var places: [String: Set<Place>] = [:]
  private var unperformed: [String: Set<Place>] = [:]
  /// A name handed over with more statements than this is a flag or a mode, not a key.
  private static let maximumPlaces = 4

  /// An enumeration with more enumerators for each statement is not one of statements.
  private static let keysPerStatement = 8

  /// Where a registered text is written.
  struct Place: Hashable {
    var function: FunctionID
    var line: Int
  }

  /// Learns the registrations that the traces and constants show.
  init(
    symbols: SymbolTable, traces: [(id: FunctionID, trace: FunctionTrace)], folder: TextFolder, cache: StatementCache
  ) {
    for (id, trace) in traces {
      for call in trace.calls where !call.keys.isEmpty {
        learn(call, of: id, symbols: symbols, cache: cache)
      }
    }
    for (file, facts) in symbols.files.enumerated() {
      for constant in facts.constants {
        guard case .list(let items) = constant.value else { continue }
        if EnumerationArrays.areTexts(items),
          let names = folder.enumerations.names(forTexts: items.count, in: facts.file.folder)
        {
          learnInOrder(items, constant: constant, file: file, names: names, folder: folder, cache: cache)
        }
        learn(items, constant: constant, file: file, symbols: symbols, folder: folder, cache: cache)
      }
    }
  }

  /// `prepare(KEY, "sql")`: the key comes before the text; a name after it is one of its values or a flag.
  private mutating func learn(_ call: TracedCall, of id: FunctionID, symbols: SymbolTable, cache: StatementCache) {
    let keys = call.keys.filter { $0.position >= 0 && Self.isEnumerator($0.name, symbols, from: id.file) }
    guard let first = keys.map(\.position).min() else { return }
    for place in call.arguments.indices where place > first {
      for text in call.arguments[place] where text.origin.isEmpty {
        let found = cache.statements(in: text.text)
        guard !found.isEmpty else { continue }
        // Values handed over with the text mean that it is performed here as well.
        let isPerformed = place + 1 < call.arguments.count && FormatText.hasPlaceholder(text.text)
        let written = Place(function: id, line: text.line)
        for key in keys where key.position < place {
          let last = NameWords.lastPart(key.name)
          statements[last, default: []] += found
          registrars[last, default: []].insert(id)
          places[last, default: []].insert(written)
          if !isPerformed { unperformed[last, default: []].insert(written) }
        }
      }
    }
  }

  private mutating func learn(
    _ items: [Value], constant: ConstantFact, file: Int, symbols: SymbolTable, folder: TextFolder, cache: StatementCache
  ) {
    guard isRegistry(items, file: file, symbols: symbols) else { return }
    for item in items {
      switch item {
      case .member(let key, let value) where Self.isEnumerator(key, symbols, from: file):
        for text in folder.fold(value, in: FoldingScope(), file: file, line: constant.line) {
          register(key, cache.statements(in: text.text))
          arrays[NameWords.lastPart(key), default: []].insert(constant.name)
        }
      case .list(let entry):
        // `{KEY, "sql"}` rows of a table.
        let keys = entry.compactMap { value -> String? in
          guard case .name(let name) = value, Self.isEnumerator(name, symbols, from: file) else { return nil }
          return name
        }
        guard let key = keys.first else { continue }
        for text in folder.fold(item, in: FoldingScope(), file: file, line: constant.line) {
          register(key, cache.statements(in: text.text))
          arrays[NameWords.lastPart(key), default: []].insert(constant.name)
        }
      case .text, .name, .call, .join, .member, .either, .element, .literal, .type, .field, .operation, .closure,
        .opaque:
        continue
      }
    }
  }

  /// Whether the keys of an array make up a good part of their enumeration: a few settings that happen to hold text are
  /// no registry of statements.
  private func isRegistry(_ items: [Value], file: Int, symbols: SymbolTable) -> Bool {
    let keys = items.compactMap { item -> String? in
      switch item {
      case .member(let key, _): key
      case .list(let entry): entry.lazy.compactMap { if case .name(let name) = $0 { name } else { nil } }.first
      case .text, .name, .call, .join, .either, .element, .literal, .type, .field, .operation, .closure, .opaque: nil
      }
    }
    guard let key = keys.first, let (fact, home) = symbols.constant(named: key, from: file), fact.kind == .enumerator
    else { return true }
    return EnumerationArrays.siblings(of: fact, in: symbols.files[home].constants) <= Self.keysPerStatement * keys.count
  }

  /// `queries[] = {"sql", "sql"}` beside an enumeration with as many names: each name stands for the text at its place.
  private mutating func learnInOrder(
    _ items: [Value], constant: ConstantFact, file: Int, names: [String], folder: TextFolder, cache: StatementCache
  ) {
    let texts = items.map { folder.fold($0, in: FoldingScope(), file: file, line: constant.line) }
    let found = texts.map { $0.flatMap { cache.statements(in: $0.text) } }
    // Parts of statements may stand among them, but most are whole.
    guard 2 * found.count(where: { !$0.isEmpty }) > found.count else { return }
    for (name, statements) in zip(names, found) where !statements.isEmpty {
      register(name, statements)
      arrays[NameWords.lastPart(name), default: []].insert(constant.name)
    }
  }

  private static func isEnumerator(_ key: String, _ symbols: SymbolTable, from file: Int) -> Bool {
    guard let (fact, _) = symbols.constant(named: key, from: file) else { return false }
    return fact.kind == .enumerator
      || (fact.kind == .macro && fact.parameters.isEmpty && NameWords.split(fact.name).count > 1
        && fact.value == .opaque)
  }

  private mutating func register(_ key: String, _ found: [SQLStatement]) {
    guard !found.isEmpty else { return }
    statements[NameWords.lastPart(key), default: []] += found
  }

  /// What users of keys do.
  struct Findings {
    var hits: [StatementHit] = []
    /// Places of texts that are only registered.
    var unperformed: Set<Place> = []
    /// Arrays whose keys are used.
    var constants: Set<String> = []
  }

  /// Statements performed by users of keys.
  func findings(in traces: [(id: FunctionID, trace: FunctionTrace)]) -> Findings {
    guard !statements.isEmpty else { return Findings() }
    var hits: [StatementHit] = []
    var used: Set<String> = []
    for (id, trace) in traces {
      for call in trace.calls {
        for key in call.keys {
          let last = NameWords.lastPart(key.name)
          guard let found = statements[last], (places[last]?.count ?? 0) <= Self.maximumPlaces,
            !(registrars[last]?.contains(id) ?? false)
          else { continue }
          used.insert(last)
          for statement in found {
            hits.append(
              StatementHit(
                function: id, line: call.line, statement: statement, via: "registry:\(last)", confidence: .exact,
                inLoop: call.inLoop))
          }
        }
      }
    }
    var findings = Findings(hits: hits)
    for key in used {
      findings.unperformed.formUnion(unperformed[key] ?? [])
      findings.constants.formUnion(arrays[key] ?? [])
    }
    return findings
  }
}
