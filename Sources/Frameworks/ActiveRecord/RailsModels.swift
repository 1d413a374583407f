import Basics
import Facts

/// The models of a Rails system: which classes are records, which modules lend them macros, and what their tables are
/// called.
final class RailsModels {
  // A class because it holds the tables already worked out, shared by all who ask.
  let system: SystemIndex
  let inflector: Inflector
  private var kinds: [TypeID: Kind] = [:]
  private var tables: [TypeID: String?] = [:]
  private var prefixes: [String: String] = [:]

  /// What a class is to ActiveRecord.
  enum Kind { case model, abstract, none }

  /// Bases that come from Rails itself, or that every application defines from it.
  private static let roots: Set<String> = ["ActiveRecord::Base", "ApplicationRecord"]
  /// What bases of records are called that come from elsewhere.
  private static let likelyRoots: Set<String> = ["ApplicationRecord", "Base", "Record", "BaseRecord", "BaseModel"]
  private static let macros: Set<String> = ["belongs_to", "has_many", "has_one", "has_and_belongs_to_many"]

  init(system: SystemIndex, inflector: Inflector) {
    self.system = system
    self.inflector = inflector
    findPrefixes()
  }

  /// Classes that are records, in order of file and line; each once, at its first part.
  func all() -> [TypeID] {
    system.types.filter {
      system.files[$0.file].language == .ruby && system.parts(of: $0).first == $0 && kind(of: $0) != .none
    }
  }

  // MARK: What a class is

  func kind(of type: TypeID) -> Kind {
    if let known = kinds[type] { return known }
    kinds[type] = Kind.none  // breaks cycles
    let kind = isRecord(type) ? (isAbstract(type) ? Kind.abstract : .model) : .none
    kinds[type] = kind
    return kind
  }

  private func isRecord(_ type: TypeID) -> Bool {
    guard system.type(type).kind != .module else { return false }
    for part in system.parts(of: type) {
      for base in system.type(part).bases {
        if let found = system.resolve(base, from: part.file), found != type {
          if system.type(found).kind != .module, kind(of: found) != .none { return true }
          if Self.roots.contains(base) { return true }
          continue
        }
        if Self.roots.contains(base) { return true }
        // A base of a library: what it is called, and what the class asks of it, tells.
        if Self.likelyRoots.contains(NameWords.lastPart(base)), asksForAssociations(type) { return true }
      }
    }
    return false
  }

  private func asksForAssociations(_ type: TypeID) -> Bool {
    bodies(of: type).contains { placed in
      switch placed.event.event {
      case .call(let call): call.receiver == nil && Self.macros.contains(call.callee)
      case .assign(let name, _): name == "this.table_name"
      case .declare, .append, .result, .mention, .enterBranch, .nextBranch, .enterLoop, .enterScope, .leave: false
      }
    }
  }

  private func isAbstract(_ type: TypeID) -> Bool {
    if system.type(type).name == "ApplicationRecord" { return true }
    for part in system.parts(of: type) {
      for placed in system.type(part).body {
        switch placed.event {
        case .assign("this.abstract_class", .literal("true")): return true
        case .call(let call) where call.callee == "primary_abstract_class": return true
        case .declare, .assign, .append, .call, .result, .mention, .enterBranch, .nextBranch, .enterLoop, .enterScope,
          .leave:
          continue
        }
      }
    }
    return false
  }

  /// An event of a class body and the file it stands in.
  struct BodyEvent {
    var event: PlacedEvent
    var file: Int
  }

  /// What the body of a class does, with the bodies of the modules it includes, its own first.
  func bodies(of type: TypeID) -> [BodyEvent] {
    var found: [BodyEvent] = []
    let lent = system.ancestors(of: type).filter { system.type($0).kind == .module }
    for part in ([type] + lent).flatMap({ system.parts(of: $0) }) {
      found += system.type(part).body.map { BodyEvent(event: $0, file: part.file) }
    }
    return found
  }

  // MARK: Tables

  /// The record above a class that is stored in a table of its own; nil when the class itself is that one.
  func storedBase(of type: TypeID) -> TypeID? {
    system.ancestors(of: type).first { kind(of: $0) == .model }
  }

  /// The name of the table of a class; nil for those that have none.
  func table(of type: TypeID) -> String? {
    if let known = tables[type] { return known }
    tables[type] = String?.none  // breaks cycles
    let name = declaredTable(of: type) ?? computedTable(of: type)
    tables[type] = name
    return name
  }

  private func computedTable(of type: TypeID) -> String? {
    guard kind(of: type) == .model else { return nil }
    if let base = storedBase(of: type) { return table(of: base) }
    let name = system.type(type).name
    let own = inflector.plural(inflector.underscored(NameWords.lastPart(name)))
    let parent = QualifiedName.scope(of: name)
    if !parent.isEmpty, let outer = system.resolve(parent, from: type.file), kind(of: outer) == .model,
      let table = table(of: outer)
    {
      return inflector.singular(table) + "_" + own
    }
    return prefix(of: name, type: type) + own
  }

  /// `self.table_name = "…"` in the body of the class.
  func declaredTable(of type: TypeID) -> String? {
    for part in system.parts(of: type) {
      for placed in system.type(part).body {
        let value: Value
        switch placed.event {
        case .assign("this.table_name", let given): value = given
        case .call(let call) where call.callee == "set_table_name" && call.arguments.count == 1:
          value = call.arguments[0]
        case .declare, .assign, .append, .call, .result, .mention, .enterBranch, .nextBranch, .enterLoop, .enterScope,
          .leave:
          continue
        }
        if let name = text(value, of: type) { return name }
      }
    }
    for method in system.methods(of: type) {
      let function = system.symbols.function(method)
      guard function.isStatic, NameWords.lastPart(function.name) == "table_name" else { continue }
      for case .result(let value) in function.events.lazy.map(\.event) {
        if let name = text(value, of: type) { return name }
      }
    }
    return nil
  }

  /// A text put together from literals, constants and prefixes.
  private func text(_ value: Value, of type: TypeID, depth: Int = 0) -> String? {
    guard depth < 6 else { return nil }
    switch value {
    case .text(let text): return text
    case .join(let parts):
      var all = ""
      for part in parts {
        guard let text = text(part, of: type, depth: depth + 1) else { return nil }
        all += text
      }
      return all
    case .call("table_name_prefix", nil, _), .name("this.table_name_prefix"):
      return prefix(of: system.type(type).name, type: type)
    case .call("to_s", let receiver?, _), .call("freeze", let receiver?, _):
      return text(receiver, of: type, depth: depth + 1)
    case .call("table_name", .name(let other)?, _):
      return system.resolve(other, from: type.file).flatMap { $0 == type ? nil : table(of: $0) }
    case .name(let name):
      guard let fact = system.symbols.constant(named: name, from: type.file)?.fact, fact.value != value else {
        return nil
      }
      return text(fact.value, of: type, depth: depth + 1)
    case .literal, .type, .field, .call, .list, .member, .either, .element, .operation, .closure, .opaque: return nil
    }
  }

  // MARK: Prefixes

  /// The prefix of tables in the innermost module around a name that has one.
  private func prefix(of name: String, type: TypeID) -> String {
    var scope = QualifiedName.scope(of: name)
    while !scope.isEmpty {
      if let found = prefixes[scope] { return found }
      scope = QualifiedName.scope(of: scope)
    }
    for ancestor in [type] + system.ancestors(of: type) {
      for case .assign("this.table_name_prefix", let value) in system.type(ancestor).body.lazy.map(\.event) {
        if let text = value.literalText { return text }
      }
    }
    return ""
  }

  /// `def self.table_name_prefix`, `isolate_namespace Shop` and `engine_name`.
  private func findPrefixes() {
    for facts in system.files where facts.language == .ruby {
      for type in facts.types {
        var isolated: String?
        var engine: String?
        for placed in type.body {
          guard case .call(let call) = placed.event, call.receiver == nil else { continue }
          switch (call.callee, call.arguments.first) {
          case ("isolate_namespace", .name(let module)?): isolated = module
          case ("engine_name", let name?): engine = name.literalText
          default: continue
          }
        }
        if let isolated, prefixes[isolated] == nil {
          _ = engine
          prefixes[isolated] = inflector.underscored(isolated).replacing("/", with: "_") + "_"
        }
      }
    }
    for facts in system.files where facts.language == .ruby {
      for function in facts.functions where function.isStatic && function.name.hasSuffix(".table_name_prefix") {
        for case .result(let value) in function.events.lazy.map(\.event) {
          if let text = value.literalText { prefixes[function.owner] = text }
        }
      }
    }
  }
}
