package import Basics
package import Facts
import Graph

/// Reads what people decided from the nodes of `cleave.yml`. What is not understood is left out and reported.
package struct SteeringReader {
  private let file: RepoPath
  private var steering = Steering()
  private var diagnostics: [Diagnostic] = []

  /// The decisions in `document`, whose children are the sections, and what was wrong with it.
  package static func read(
    _ document: DocumentNode, file: RepoPath
  ) -> (steering: Steering, diagnostics: [Diagnostic]) {
    var reader = SteeringReader(file: file)
    for node in document.children { reader.section(node) }
    return (reader.steering, reader.diagnostics.sorted())
  }

  private init(file: RepoPath) { self.file = file }

  private mutating func section(_ node: DocumentNode) {
    guard !node.name.isEmpty, node.name != "-" else {
      return complain("wrong-type", node, "the file is no list of sections", "begin a line with a section and `:`")
    }
    guard let section = SteeringSection(rawValue: node.name) else {
      return unknown("section", node.name, at: node, among: SteeringSection.allCases.map(\.rawValue))
    }
    let shape = Shape(node)
    if case .empty = shape { return }
    switch section {
    case .pin, .mustLink, .cannotLink, .ignore, .shared: items(shape, of: section, node)
    case .names: names(shape, node)
    case .services: range(shape, node) { .services($0) }
    case .tablesPerService: range(shape, node) { .tablesPerService($0) }
    case .weights: weights(shape, node)
    case .dialect: dialect(shape, node)
    case .code:
      for child in mapping(shape, node, keys: ["include", "exclude"]) {
        let patterns = texts(child).map { GlobPattern($0.text) }
        if child.name == "include" { steering.files.include = patterns } else { steering.files.exclude = patterns }
      }
    case .schema: steering.files.schema = texts(node).map { GlobPattern($0.text) }
    }
  }

  // MARK: Entries

  private mutating func items(_ shape: Shape, of section: SteeringSection, _ node: DocumentNode) {
    guard case .list(let items) = shape else { return wrongType(node, wanted: "a list") }
    for item in items {
      switch Shape(item) {
      case .empty: wrongType(item, wanted: "an entry")
      case .text(let name): plain([Selector(.any, name)], of: section, item)
      case .list: plain(texts(item).map { Selector(.any, $0.text) }, of: section, item)
      case .mapping(let keys): entry(keys, of: section, item)
      }
    }
  }

  /// Names without anything else.
  private mutating func plain(_ selectors: [Selector], of section: SteeringSection, _ item: DocumentNode) {
    switch section {
    case .mustLink: add(.mustLink, selectors, "", item, least: 2)
    case .cannotLink: add(.cannotLink, selectors, "", item, least: 2)
    case .ignore: add(.ignore, selectors, "", item)
    case .shared: add(.shared, selectors, "", item)
    case .pin, .names, .services, .tablesPerService, .weights, .dialect, .code, .schema:
      wrongType(item, wanted: "an entry with `table`, `unit` or `path`, and `to`")
    }
  }

  private mutating func entry(
    _ keys: [DocumentNode], of section: SteeringSection, _ item: DocumentNode, selectors given: [Selector] = []
  ) {
    var selectors = given
    var because = ""
    var target: String?
    let targetKey: String? = section == .pin ? "to" : section == .names ? "name" : nil
    let known = SelectorKey.allCases.map(\.rawValue) + ["because"] + (targetKey.map { [$0] } ?? [])
    for key in keys {
      if let selector = SelectorKey(rawValue: key.name) {
        selectors += texts(key).map { Selector(selector.kind, $0.text) }
      } else if key.name == "service", section == .names {
        selectors += texts(key).map { Selector(.service, $0.text) }
      } else if key.name == "because" {
        because = text(key) ?? ""
      } else if key.name == targetKey {
        target = text(key)
      } else {
        unknown("key", key.name, at: key, among: known)
      }
    }
    switch section {
    case .pin:
      guard let name = serviceName(target, key: "to", item) else { return }
      add(.pin(to: name), selectors, because, item)
    case .names:
      guard let name = serviceName(target, key: "name", item) else { return }
      add(.name(name), selectors, because, item)
    case .mustLink: add(.mustLink, selectors, because, item, least: 2)
    case .cannotLink: add(.cannotLink, selectors, because, item, least: 2)
    case .ignore: add(.ignore, selectors, because, item)
    case .shared: add(.shared, selectors, because, item)
    case .services, .tablesPerService, .weights, .dialect, .code, .schema: break
    }
  }

  private mutating func add(
    _ rule: SteeringEntry.Rule, _ selectors: [Selector], _ because: String, _ node: DocumentNode, least: Int = 1
  ) {
    // One pattern alone may stand for several things that stay together.
    let isPattern = rule == .mustLink && selectors.contains { $0.pattern.isOpen }
    guard selectors.count >= (isPattern ? 1 : least) else {
      return complain(
        "wrong-type", node, "the entry names \(selectors.isEmpty ? "nothing" : "one thing alone")",
        least > 1 ? "name at least two things" : "say what it is about with `table`, `unit` or `path`")
    }
    steering.entries.append(SteeringEntry(rule: rule, selectors: selectors, because: because, span: span(node)))
  }

  private mutating func names(_ shape: Shape, _ node: DocumentNode) {
    switch shape {
    case .empty: break
    case .text: wrongType(node, wanted: "entries such as `orders: ordering`")
    case .list: items(shape, of: .names, node)
    case .mapping(let keys):
      for key in keys {
        if case .mapping(let fields) = Shape(key) {
          entry(fields, of: .names, key, selectors: [Selector(.any, key.name)])
        } else if let name = serviceName(text(key), key: key.name, key) {
          add(.name(name), [Selector(.any, key.name)], "", key)
        }
      }
    }
  }

  private mutating func serviceName(_ text: String?, key: String, _ node: DocumentNode) -> String? {
    guard let text, !text.isEmpty else {
      complain("wrong-type", node, "the entry does not say the name of a service", "add `\(key): <service>`")
      return nil
    }
    let cleaned = ServiceNames.cleaned(text)
    guard text == cleaned, text != ServiceNames.shared else {
      let next =
        text == ServiceNames.shared
        ? "choose another one; `shared:` lists what belongs to no service"
        : "use letters in lower case, digits, `-` and `_`" + (cleaned.isEmpty ? "" : ", such as \(cleaned)")
      complain("bad-name", node, "\(text) cannot be the name of a service", next)
      return nil
    }
    return text
  }

  private mutating func range(
    _ shape: Shape, _ node: DocumentNode, rule: (CountRange) -> SteeringEntry.Rule
  ) {
    var range = CountRange()
    var because = ""
    if case .text(let text) = shape {
      guard let count = Int(text), count >= 0 else { return wrongType(node, wanted: "a number, or `min` and `max`") }
      range = CountRange(least: count, most: count)
    } else {
      for child in mapping(shape, node, keys: ["because", "max", "min"]) {
        let text = text(child) ?? ""
        if child.name == "because" {
          because = text
        } else if let count = Int(text), count >= 0 {
          if child.name == "min" { range.least = count } else { range.most = count }
        } else {
          wrongType(child, wanted: "a number")
        }
      }
    }
    guard range != CountRange() else { return }
    guard range.least <= range.most ?? .max else {
      return complain(
        "contradiction", node, "no number is at least \(range.least) and at most \(range.most ?? 0)",
        "the entry is left out; exchange `min` and `max`")
    }
    steering.entries.append(SteeringEntry(rule: rule(range), because: because, span: span(node)))
  }

  private mutating func weights(_ shape: Shape, _ node: DocumentNode) {
    guard case .mapping(let keys) = shape else { return wrongType(node, wanted: "kinds of evidence and numbers") }
    for key in keys {
      let named = EvidenceKind(rawValue: key.name) ?? EvidenceKind(rawValue: key.name.replacing("-", with: " "))
      guard let kind = named else {
        unknown("kind of evidence", key.name, at: key, among: EvidenceKind.allCases.map(\.rawValue))
        continue
      }
      guard let weight = text(key).flatMap(Double.init), weight >= 0, weight.isFinite else {
        wrongType(key, wanted: "a number from 0")
        continue
      }
      steering.weights[kind] = weight
    }
  }

  private mutating func dialect(_ shape: Shape, _ node: DocumentNode) {
    guard case .text(let name) = shape else { return wrongType(node, wanted: "the name of an engine") }
    if let engine = EngineFamily(rawValue: name.lowercased()) {
      steering.dialect = engine
    } else if name.lowercased() == "mariadb" {
      steering.dialect = .mysql
    } else {
      unknown("engine", name, at: node, among: EngineFamily.allCases.map(\.rawValue))
    }
  }

  // MARK: Values

  /// What an entry holds.
  private enum Shape {
    case empty
    case text(String)
    case list([DocumentNode])
    case mapping([DocumentNode])

    init(_ node: DocumentNode) {
      if node.children.isEmpty {
        self = .empty
      } else if node.children.contains(where: \.name.isEmpty) {
        self = .text(node.content)
      } else if node.children.allSatisfy({ $0.name == "-" }) {
        self = .list(node.children)
      } else {
        self = .mapping(node.children)
      }
    }
  }

  private mutating func mapping(_ shape: Shape, _ node: DocumentNode, keys: [String]) -> [DocumentNode] {
    guard case .mapping(let children) = shape else {
      wrongType(node, wanted: keys.map { "`\($0)`" }.joined(separator: " and "))
      return []
    }
    return children.filter { child in
      if keys.contains(child.name) { return true }
      unknown("key", child.name, at: child, among: keys)
      return false
    }
  }

  private mutating func text(_ node: DocumentNode) -> String? {
    guard case .text(let text) = Shape(node) else {
      wrongType(node, wanted: "a text")
      return nil
    }
    return text
  }

  /// One text or a list of them.
  private mutating func texts(_ node: DocumentNode) -> [(text: String, line: Int)] {
    switch Shape(node) {
    case .text(let text): return [(text, node.line)]
    case .list(let items): return items.compactMap { item in text(item).map { ($0, item.line) } }
    case .empty, .mapping:
      wrongType(node, wanted: "a name or a list of names")
      return []
    }
  }

  // MARK: Complaints

  private func span(_ node: DocumentNode) -> SourceSpan { SourceSpan(file: file, line: node.line) }

  private mutating func complain(_ code: String, _ node: DocumentNode, _ message: String, _ next: String) {
    diagnostics.append(
      Diagnostic(
        code: "steering-\(code)", severity: .warning, span: span(node), message: message, nextStep: next))
  }

  private mutating func wrongType(_ node: DocumentNode, wanted: String) {
    let name = node.name == "-" || node.name.isEmpty ? "the entry" : node.name
    complain("wrong-type", node, "\(name) has to be \(wanted); it is left out", "`cleave config --init` shows examples")
  }

  private mutating func unknown(_ what: String, _ name: String, at node: DocumentNode, among known: [String]) {
    let near = NearNames.of(name, among: known)
    complain(
      "unknown-key", node, "there is no \(what) \(name); it is left out",
      near.isEmpty ? "known: \(known.joined(separator: ", "))" : "did you mean \(near.joined(separator: ", "))")
  }
}
