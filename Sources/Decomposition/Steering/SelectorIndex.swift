package import Basics
package import Facts
import Graph

/// Looks up what selectors stand for in a system.
struct SelectorIndex {
  private let system: SystemFacts
  private let graph: DependencyGraph
  /// File of each node of code; empty for tables.
  private let pathOfNode: [String]

  init(system: SystemFacts, graph: DependencyGraph) {
    self.system = system
    self.graph = graph
    pathOfNode = graph.nodes.map { node in
      switch node.kind {
      case .table: ""
      case .file: node.name
      case .type: node.unit.map { system.units[$0].span.file.text } ?? ""
      }
    }
  }

  /// Nodes a selector stands for, ascending; services stand for nothing here.
  func nodes(of selector: Selector) -> [Int] {
    switch selector.kind {
    case .table: tables(selector.pattern)
    case .unit: units(selector.pattern)
    case .path: paths(selector.pattern)
    case .service: []
    case .any: first([tables(selector.pattern), units(selector.pattern), paths(selector.pattern)])
    }
  }

  /// The selector with the kind of thing that it stands for.
  func resolved(_ selector: Selector) -> Selector {
    guard selector.kind == .any else { return selector }
    let kinds: [Selector.Kind] = [.table, .unit, .path]
    let kind = kinds.first { !nodes(of: Selector($0, selector.pattern.text)).isEmpty }
    return Selector(kind ?? .any, selector.pattern.text)
  }

  private func first(_ answers: [[Int]]) -> [Int] { answers.first { !$0.isEmpty } ?? [] }

  private func tables(_ pattern: GlobPattern) -> [Int] {
    let tables = graph.nodes.indices.filter { graph.nodes[$0].kind == .table }
    let exact = tables.filter { pattern.matches(graph.nodes[$0].name) }
    return exact.isEmpty ? tables.filter { pattern.matches(Self.lastPart(graph.nodes[$0].name)) } : exact
  }

  /// By whole names, else by the last parts of qualified ones; functions stand for the type or file they belong to.
  private func units(_ pattern: GlobPattern) -> [Int] {
    let units = system.units.indices.filter { system.units[$0].kind != .storedProgram }
    let exact = units.filter { pattern.matches(system.units[$0].name) }
    let found = exact.isEmpty ? units.filter { pattern.matches(Self.lastPart(system.units[$0].name)) } : exact
    return Set(found.compactMap { graph.node(ofUnit: $0) }).sorted()
  }

  private func paths(_ pattern: GlobPattern) -> [Int] {
    graph.nodes.indices.filter { graph.nodes[$0].kind != .table && pattern.matches(path: pathOfNode[$0]) }
  }

  /// Names that look like the one a selector asks for.
  func near(_ selector: Selector) -> [String] {
    let names = system.units.lazy.filter { $0.kind != .storedProgram }.map(\.name)
    let candidates: [String] =
      switch selector.kind {
      case .table: graph.nodes.filter { $0.kind == .table }.map(\.name)
      case .unit: Array(names)
      case .path: Set(pathOfNode).union(graph.nodes.map(\.folder)).subtracting([""]).sorted()
      case .service: []
      case .any: graph.nodes.filter { $0.kind == .table }.map(\.name) + Array(names)
      }
    return NearNames.of(selector.pattern.text, among: candidates)
  }

  static func lastPart(_ name: String) -> String {
    let separators = Set("/:.#".utf8)
    guard let last = name.utf8.lastIndex(where: { separators.contains($0) }) else { return name }
    return String(name[name.utf8.index(after: last)...])
  }
}

extension Steering {
  /// The system without what is ignored, and diagnostics for entries that stand for nothing. Unchanged, and as cheap as
  /// nothing, when nothing is ignored.
  package func withoutIgnored(_ system: SystemFacts) -> (system: SystemFacts, diagnostics: [Diagnostic]) {
    var units: Set<Int> = []
    var tables: Set<TableName> = []
    var diagnostics: [Diagnostic] = []
    for entry in entries where entry.rule == .ignore {
      for selector in entry.selectors {
        let found = IgnoredThings(selector, in: system)
        units.formUnion(found.units)
        tables.formUnion(found.tables)
        guard found.isEmpty else { continue }
        let near = NearNames.of(
          selector.pattern.text, among: system.catalog.tables.map(\.name.text) + system.units.map(\.name))
        diagnostics.append(.noMatch(selector, entry, near: near))
      }
    }
    guard !units.isEmpty || !tables.isEmpty else { return (system, diagnostics) }
    return (system.without(units: units, tables: tables), diagnostics)
  }
}

/// What one selector of an `ignore` entry stands for: units with everything inside of them, and tables.
private struct IgnoredThings {
  private(set) var units: [Int] = []
  private(set) var tables: [TableName] = []

  var isEmpty: Bool { units.isEmpty && tables.isEmpty }

  init(_ selector: Selector, in system: SystemFacts) {
    let pattern = selector.pattern
    if selector.kind == .table || selector.kind == .any {
      let names = system.catalog.tables.map(\.name) + system.accesses.map(\.table)
      tables = names.filter { pattern.matches($0.text) || pattern.matches($0.baseKey) }
      if !tables.isEmpty { return }
    }
    if selector.kind == .unit || selector.kind == .any {
      units = system.units.indices.filter { unit in
        let unit = system.units[unit]
        return pattern.matches(unit.name) || pattern.matches(SelectorIndex.lastPart(unit.name))
          || !unit.owner.isEmpty && (pattern.matches(unit.owner) || pattern.matches(SelectorIndex.lastPart(unit.owner)))
      }
      if !units.isEmpty { return }
    }
    guard selector.kind == .path || selector.kind == .any else { return }
    units = system.units.indices.filter { pattern.matches(path: system.units[$0].span.file.text) }
    tables = system.catalog.tables.filter { pattern.matches(path: $0.source.file.text) }.map(\.name)
  }
}

extension SystemFacts {
  /// The same system without some units and tables and everything said about them; numbers of units change.
  fileprivate func without(units ignored: Set<Int>, tables: Set<TableName>) -> SystemFacts {
    var place = [Int](repeating: -1, count: units.count)
    var result = self
    result.units = []
    for (number, unit) in units.enumerated() where !ignored.contains(number) {
      place[number] = result.units.count
      result.units.append(unit)
    }
    func moved(_ unit: Int) -> Int? { units.indices.contains(unit) && place[unit] >= 0 ? place[unit] : nil }
    result.references = references.compactMap { reference in
      guard let from = moved(reference.from), let to = moved(reference.to) else { return nil }
      return Reference(from: from, to: to, kind: reference.kind, span: reference.span, count: reference.count)
    }
    result.accesses = accesses.compactMap { access in
      guard let unit = moved(access.unit), !tables.contains(access.table) else { return nil }
      var copy = access
      copy.unit = unit
      return copy
    }
    result.joins = joins.compactMap { fact in
      guard let unit = moved(fact.unit), !tables.contains(fact.join.left), !tables.contains(fact.join.right) else {
        return nil
      }
      return JoinFact(unit: unit, join: fact.join, span: fact.span, statement: fact.statement)
    }
    result.transactions = transactions.compactMap { scope in
      guard let unit = moved(scope.unit) else { return nil }
      return TransactionScope(
        unit: unit, span: scope.span, writes: scope.writes.filter { !tables.contains($0) },
        reads: scope.reads.filter { !tables.contains($0) },
        touches: scope.touches.compactMap { touch in
          guard let unit = moved(touch.access.unit), !tables.contains(touch.access.table) else { return nil }
          var copy = touch
          copy.access.unit = unit
          return copy
        })
    }
    result.entryPoints = entryPoints.compactMap { entry in
      guard let unit = moved(entry.unit) else { return nil }
      return EntryPoint(unit: unit, kind: entry.kind, trigger: entry.trigger, span: entry.span)
    }
    result.unresolved = unresolved.compactMap { statement in
      guard let unit = moved(statement.unit) else { return nil }
      return UnresolvedStatement(unit: unit, span: statement.span, text: statement.text, reason: statement.reason)
    }
    let programs = catalog.programs.compactMap { program -> StoredProgram? in
      if let watched = program.table, tables.contains(watched) { return nil }
      var copy = program
      copy.accesses.removeAll { tables.contains($0.table) }
      return copy
    }
    result.catalog = Catalog(
      tables: catalog.tables.filter { !tables.contains($0.name) }, programs: programs, engine: catalog.engine)
    return result
  }
}

extension Diagnostic {
  /// A selector that stands for nothing.
  static func noMatch(_ selector: Selector, _ entry: SteeringEntry, near: [String]) -> Diagnostic {
    let what = selector.kind == .any ? "table, unit or path" : selector.kind.rawValue
    return Diagnostic(
      code: "steering-no-match", severity: .warning, span: entry.span,
      message: "no \(what) is named \(selector.pattern.text) (\(entry.section.rawValue))",
      nextStep: near.isEmpty
        ? "`cleave tables` and `cleave services` list what there is" : "did you mean \(near.joined(separator: ", "))")
  }
}
