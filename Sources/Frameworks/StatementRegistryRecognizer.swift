import Facts
import SQL

/// Recognises registries of statements: `prepare(KEY, "sql")` calls and arrays keyed by enumerators. Every user of a
/// key performs the statement registered under it.
struct StatementRegistryRecognizer {
  private var statements: [String: [SQLStatement]] = [:]
  private var registrars: [String: Set<FunctionID>] = [:]
  private var arrays: [String: Set<String>] = [:]

  /// Learns the registrations that the traces and constants show.
  init(symbols: SymbolTable, traces: [(id: FunctionID, trace: FunctionTrace)], folder: TextFolder, cache: StatementCache) {
    for (id, trace) in traces {
      for call in trace.calls where !call.keys.isEmpty {
        for key in call.keys where Self.isEnumerator(key, symbols, from: id.file) {
          for text in call.arguments.joined() where text.origin.isEmpty {
            register(key, cache.statements(in: text.text), by: id)
          }
        }
      }
    }
    for (file, facts) in symbols.files.enumerated() {
      for constant in facts.constants {
        guard case .list(let items) = constant.value else { continue }
        learn(items, constant: constant, file: file, symbols: symbols, folder: folder, cache: cache)
      }
    }
  }

  private mutating func learn(
    _ items: [Value], constant: ConstantFact, file: Int, symbols: SymbolTable, folder: TextFolder, cache: StatementCache
  ) {
    for item in items {
      switch item {
      case .member(let key, let value) where Self.isEnumerator(key, symbols, from: file):
        for text in folder.fold(value, in: FoldingScope(), file: file, line: constant.line) {
          register(key, cache.statements(in: text.text), by: nil)
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
          register(key, cache.statements(in: text.text), by: nil)
          arrays[NameWords.lastPart(key), default: []].insert(constant.name)
        }
      case .text, .name, .call, .join, .member, .either, .element, .opaque: continue
      }
    }
  }

  private static func isEnumerator(_ key: String, _ symbols: SymbolTable, from file: Int) -> Bool {
    guard let (fact, _) = symbols.constant(named: key, from: file) else { return false }
    return fact.kind == .enumerator
      || (fact.kind == .macro && fact.parameters.isEmpty && NameWords.split(fact.name).count > 1 && fact.value == .opaque)
  }

  private mutating func register(_ key: String, _ found: [SQLStatement], by id: FunctionID?) {
    guard !found.isEmpty else { return }
    let last = NameWords.lastPart(key)
    statements[last, default: []] += found
    if let id { registrars[last, default: []].insert(id) }
  }

  /// What users of keys do.
  struct Findings {
    var hits: [StatementHit] = []
    /// Functions whose own texts only register.
    var registrars: Set<FunctionID> = []
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
          let last = NameWords.lastPart(key)
          guard let found = statements[last], !(registrars[last]?.contains(id) ?? false) else { continue }
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
      findings.registrars.formUnion(registrars[key] ?? [])
      findings.constants.formUnion(arrays[key] ?? [])
    }
    return findings
  }
}
