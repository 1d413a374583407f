import Basics
import Facts

/// Resolves calls, inheritance, includes and shared globals into references between units.
struct ReferenceLinker {
  private struct Key: Hashable {
    var from: Int
    var to: Int
    var kind: Reference.Kind
  }

  private let symbols: SymbolTable
  private let index: UnitIndex
  private var found: [Key: Reference] = [:]

  init(symbols: SymbolTable, index: UnitIndex) {
    self.symbols = symbols
    self.index = index
  }

  /// All references, sorted by from, to and kind; `calls` are those frameworks make, `others` were found elsewhere.
  func references(
    traces: [(id: FunctionID, trace: FunctionTrace)], calls: [FrameworkCall], besides others: [Reference]
  ) -> [Reference] {
    var linker = self
    let pointers = linker.functionsByField()
    let overrides = linker.overridingOwners()
    for (id, trace) in traces { linker.addCalls(id, trace, pointers, overrides) }
    for call in calls {
      guard let from = index.unit(of: call.from, at: call.line), let to = index.functionUnits[call.to] else { continue }
      linker.add(from, to, .call, SourceSpan(file: symbols.files[call.file].file, line: call.line))
    }
    linker.addFileReferences()
    linker.addTypes()
    return (Array(linker.found.values) + others).sorted {
      ($0.from, $0.to, $0.kind.rawValue) < ($1.from, $1.to, $1.kind.rawValue)
    }
  }

  private mutating func add(_ from: Int, _ to: Int, _ kind: Reference.Kind, _ span: SourceSpan) {
    guard from != to else { return }
    let key = Key(from: from, to: to, kind: kind)
    if found[key] != nil {
      found[key]?.count += 1
    } else {
      found[key] = Reference(from: from, to: to, kind: kind, span: span, count: 1)
    }
  }

  // MARK: Calls

  private mutating func addCalls(
    _ id: FunctionID, _ trace: FunctionTrace, _ pointers: [String: [FunctionID]], _ overrides: [String: [String]]
  ) {
    let owner = symbols.function(id).owner
    let file = symbols.files[id.file].file
    for call in trace.calls {
      guard let from = index.unit(of: id, at: call.line) else { continue }
      let span = SourceSpan(file: file, line: call.line)
      var targets =
        call.targets
        ?? symbols.functions(called: call.callee, from: id.file, owner: owner, hasReceiver: call.hasReceiver)
      if targets.isEmpty, call.targets == nil, call.hasReceiver {
        targets = pointers[NameWords.lastPart(call.callee)] ?? []
      }
      for target in targets {
        guard let to = index.functionUnits[target] else { continue }
        add(from, to, .call, span)
        guard call.targets == nil else { continue }
        for derived in overrides[symbols.function(target).owner] ?? [] {
          let name = derived + "::" + NameWords.lastPart(call.callee)
          for override in symbols.functions(called: name, from: id.file, owner: derived, hasReceiver: false) {
            if let overriding = index.functionUnits[override] { add(from, overriding, .call, span) }
          }
        }
      }
      for key in call.keys { addGlobal(key.name, from: id.file, span: span) }
    }
  }

  private mutating func addGlobal(_ name: String, from file: Int, span: SourceSpan) {
    guard let (fact, home) = symbols.constant(named: name, from: file), home != file, fact.kind == .global else {
      return
    }
    add(index.fileUnits[file], index.fileUnits[home], .global, span)
  }

  /// Functions put into structure fields by initializers: `{.query = my_query}`.
  private func functionsByField() -> [String: [FunctionID]] {
    var fields: [String: [FunctionID]] = [:]
    for (file, facts) in symbols.files.enumerated() {
      for constant in facts.constants {
        guard case .list(let items) = constant.value else { continue }
        for case .member(let field, .name(let name)) in items {
          let targets = symbols.functions(called: name, from: file, owner: "", hasReceiver: false)
          if targets.count == 1 { fields[field, default: []].append(targets[0]) }
        }
      }
    }
    // A field with very many implementations (plug-in interfaces) says nothing about one of them.
    return fields.mapValues { Array(Set($0)).sorted() }.filter { $0.value.count <= 8 }
  }

  /// Classes derived from a class, directly.
  private func overridingOwners() -> [String: [String]] {
    var derived: [String: [String]] = [:]
    for facts in symbols.files {
      for type in facts.types {
        for base in type.bases { derived[base, default: []].append(type.name) }
      }
    }
    return derived.filter { $0.value.count <= 40 }
  }

  // MARK: Files and types

  private mutating func addFileReferences() {
    let resolver = IncludeResolver(files: symbols.files.map(\.file))
    for (file, facts) in symbols.files.enumerated() {
      for include in facts.includes {
        guard let target = resolver.resolve(include, from: facts.file) else { continue }
        add(index.fileUnits[file], index.fileUnits[target], .include, SourceSpan(file: facts.file, line: 0))
      }
      for constant in facts.constants {
        guard case .list(let items) = constant.value else { continue }
        addMentions(items, file: file, line: constant.line, depth: 0)
      }
    }
  }

  /// Functions named in tables of a file are called by whoever walks the table.
  private mutating func addMentions(_ items: [Value], file: Int, line: Int, depth: Int) {
    guard depth < 4 else { return }
    for item in items {
      switch item {
      case .list(let inner): addMentions(inner, file: file, line: line, depth: depth + 1)
      case .member(_, let inner): addMentions([inner], file: file, line: line, depth: depth + 1)
      case .name(let name):
        for target in symbols.functions(called: name, from: file, owner: "", hasReceiver: false).prefix(1) {
          guard let to = index.functionUnits[target] else { continue }
          add(index.fileUnits[file], to, .call, SourceSpan(file: symbols.files[file].file, line: line))
        }
      case .text, .call, .join, .either, .element, .literal, .type, .field, .operation, .closure, .opaque: continue
      }
    }
  }

  private mutating func addTypes() {
    var byLast: [String: [Int]] = [:]
    for (name, units) in index.typeUnits { byLast[NameWords.lastPart(name), default: []] += units }
    for facts in symbols.files {
      for type in facts.types {
        guard let from = index.typeUnits[type.name]?.min() else { continue }
        for base in type.bases {
          let exact = index.typeUnits[base] ?? byLast[NameWords.lastPart(base)] ?? []
          guard let to = exact.min(), exact.count <= 3 else { continue }
          add(from, to, .inherit, SourceSpan(file: facts.file, line: type.line))
        }
      }
    }
  }
}
