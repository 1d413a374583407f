import Basics
package import Facts
package import Graph

/// A change to try.
package enum WhatIfChange: Hashable, Sendable {
  /// What a selector stands for goes to a service.
  case move(Selector, to: String)
  /// Services become one, which keeps the first name.
  case merge([String])
  /// A service becomes several; the first part keeps the name.
  case split(String, into: Int)
  /// A service gets another name.
  case rename(String, to: String)
}

/// Why a change cannot be tried.
package enum WhatIfError: Error, Hashable, Sendable {
  /// Nothing has that name; names that look like it.
  case unknown(what: String, name: String, near: [String])
  /// The change cannot be made, and what to do instead.
  case impossible(reason: String, nextStep: String)
}

/// A change and what it leads to.
package struct WhatIf: Sendable {
  /// The proposal now.
  package let before: Proposal
  /// The proposal with the changes.
  package let after: Proposal
  /// The changes as entries of a steering.
  package let entries: [SteeringEntry]

  /// Tries `changes` on top of `steering`, each where the ones before it led; `newServices` may be named as targets
  /// although there is no such service yet.
  package static func tried(
    _ changes: [WhatIfChange], newServices: Set<String> = [], because: String = "", steering: Steering,
    system: SystemFacts, graph: DependencyGraph, settings: DecompositionSettings = DecompositionSettings(),
    weights: EvidenceWeights = .standard
  ) throws(WhatIfError) -> WhatIf {
    let proposer = Proposer(system: system, graph: graph, settings: settings, weights: weights)
    let start = proposer.start(steering)
    let before = proposer.proposal(steering, from: start)
    var after = before
    var all = steering
    for change in changes {
      let writer = ChangeWriter(
        system: system, graph: graph, proposer: proposer, start: start, current: after, steering: all,
        newServices: newServices, because: because)
      let entries = try writer.entries(for: change)
      all.entries += entries
      after = proposer.proposal(all, from: start)
      let refused = after.constraints.suffix(entries.count).contains { !$0.isObeyed }
      if refused {
        let reason = after.diagnostics.first { diagnostic in entries.contains { $0.span == diagnostic.span } }
        throw .impossible(
          reason: reason?.message ?? "the change cannot be made", nextStep: "change the entry that stands against it")
      }
    }
    return WhatIf(before: before, after: after, entries: Array(all.entries.dropFirst(steering.entries.count)))
  }
}

/// Writes a change as entries that mean the same tomorrow: by tables, not by names of services alone.
private struct ChangeWriter {
  let system: SystemFacts
  let graph: DependencyGraph
  let proposer: Proposer
  let start: Division
  let current: Proposal
  let steering: Steering
  let newServices: Set<String>
  let because: String

  func entries(for change: WhatIfChange) throws(WhatIfError) -> [SteeringEntry] {
    switch change {
    case .move(let selector, let service): return try move(selector, to: service)
    case .merge(let names): return try merge(names)
    case .split(let name, let count): return try split(name, count)
    case .rename(let name, let other): return try rename(name, other)
    }
  }

  private func move(_ selector: Selector, to service: String) throws(WhatIfError) -> [SteeringEntry] {
    let index = SelectorIndex(system: system, graph: graph)
    guard !index.nodes(of: selector).isEmpty else {
      throw .unknown(
        what: selector.kind == .any ? "table or unit" : selector.kind.rawValue, name: selector.pattern.text,
        near: index.near(selector))
    }
    let span = span("--move \(selector.kind.rawValue)=\(selector.pattern.text):\(service)")
    var entries: [SteeringEntry] = []
    if !newServices.contains(service) {
      entries = anchor(try boundary(service), span)
    } else {
      try checkName(service)
    }
    return entries + [
      SteeringEntry(rule: .pin(to: service), selectors: [index.resolved(selector)], because: because, span: span)
    ]
  }

  private func merge(_ names: [String]) throws(WhatIfError) -> [SteeringEntry] {
    var boundaries: [ServiceBoundary] = []
    for name in names { boundaries.append(try boundary(name)) }
    guard let kept = boundaries.first, Set(names).count > 1 else {
      throw .impossible(reason: "a merge needs two services", nextStep: "give their names with a comma between")
    }
    let span = span("--merge \(names.joined(separator: ","))")
    return anchor(kept, span)
      + boundaries.dropFirst().filter { $0.name != kept.name }.map { pin(members(of: $0), to: kept.name, span) }
  }

  private func split(_ name: String, _ count: Int) throws(WhatIfError) -> [SteeringEntry] {
    let service = try boundary(name)
    guard count > 1 else {
      throw .impossible(reason: "a split makes at least two services", nextStep: "give a number from 2")
    }
    guard let parts = proposer.parts(of: name, count: count, in: current, steering, from: start) else {
      throw .impossible(
        reason: "\(name) has no \(count) parts that could be apart", nextStep: "split it in fewer, or loosen must-link")
    }
    let span = span("--split \(name):\(count)")
    var taken = Set(current.services.map(\.name))
    var number = 2
    var entries = anchor(service, span)
    for part in parts.dropFirst() {
      while taken.contains("\(name)-\(number)") { number += 1 }
      taken.insert("\(name)-\(number)")
      let tables = part.compactMap { graph.nodes[$0].table?.text }
      let selectors =
        tables.isEmpty
        ? part.map { Selector(.unit, graph.nodes[$0].name) } : tables.map { Selector(.table, $0) }
      entries.append(pin(selectors, to: "\(name)-\(number)", span))
    }
    return entries
  }

  private func rename(_ name: String, _ other: String) throws(WhatIfError) -> [SteeringEntry] {
    let service = try boundary(name)
    try checkName(other)
    guard !current.services.contains(where: { $0.name == other }) else {
      throw .impossible(reason: "there is a service \(other) already", nextStep: "choose another name, or use --merge")
    }
    // The table that is least likely to go elsewhere.
    let surest = current.owners.filter { $0.service == name }.max { ($0.margin, $1.table) < ($1.margin, $0.table) }
    let selector = surest.map { Selector(.table, $0.table.text) } ?? Selector(.service, service.name)
    return [
      SteeringEntry(
        rule: .name(other), selectors: [selector], because: because, span: span("--rename \(name):\(other)"))
    ]
  }

  private func boundary(_ name: String) throws(WhatIfError) -> ServiceBoundary {
    if let known = current.services.first(where: { $0.name == name }) { return known }
    throw .unknown(what: "service", name: name, near: NearNames.of(name, among: current.services.map(\.name)))
  }

  private func checkName(_ name: String) throws(WhatIfError) {
    guard ServiceNames.cleaned(name) == name, !name.isEmpty, name != ServiceNames.shared else {
      throw .impossible(
        reason: "\(name) cannot be the name of a service", nextStep: "use letters in lower case, digits, `-` and `_`")
    }
  }

  /// Nothing when the name means the same without the present division; else a pin of all there is in the service.
  private func anchor(_ service: ServiceBoundary, _ span: SourceSpan) -> [SteeringEntry] {
    let isNamed = steering.entries.contains { entry in
      switch entry.rule {
      case .pin(let name), .name(let name): name == service.name
      case .mustLink, .cannotLink, .ignore, .shared, .services, .tablesPerService: false
      }
    }
    if isNamed || start.names.contains(service.name) { return [] }
    return [pin(members(of: service), to: service.name, span)]
  }

  private func members(of service: ServiceBoundary) -> [Selector] {
    service.tables.isEmpty
      ? service.units.map { Selector(system.units[$0].kind == .file ? .path : .unit, system.units[$0].name) }
      : service.tables.map { Selector(.table, $0.text) }
  }

  private func pin(_ selectors: [Selector], to name: String, _ span: SourceSpan) -> SteeringEntry {
    SteeringEntry(rule: .pin(to: name), selectors: selectors, because: because, span: span)
  }

  private func span(_ option: String) -> SourceSpan { SourceSpan(file: RepoPath(option), line: 0) }
}
