import Basics
import Facts

/// A place of a type in the facts of all files.
struct TypeID: Hashable, Comparable {
  var file: Int
  var index: Int

  static func < (left: TypeID, right: TypeID) -> Bool {
    left.file == right.file ? left.index < right.index : left.file < right.file
  }
}

/// The facts of all files with what recognizers look up in them: types by name, their bases, methods and documents.
final class SystemIndex {
  // A class because it holds the memory of resolved names, shared by every recognizer of one run.
  let files: [FileFacts]
  let symbols: SymbolTable
  /// Texts of SQL files that documents may include, by path.
  let scripts: [RepoPath: String]
  private let candidates: TypeCandidates
  private let openClasses: OpenClasses
  private let methodsByType: [TypeID: [FunctionID]]
  private var resolved: [NameKey: TypeID?] = [:]
  private var ancestors: [TypeID: [TypeID]] = [:]
  private var methodNames: [TypeID: [String: FunctionID]] = [:]
  private var derived: [TypeID: [TypeID]]?

  private struct NameKey: Hashable {
    var file: Int
    var name: String
  }

  init(symbols: SymbolTable, scripts: [RepoPath: String] = [:]) {
    self.symbols = symbols
    self.scripts = scripts
    files = symbols.files
    candidates = TypeCandidates(symbols: symbols)
    openClasses = OpenClasses(files: files)
    methodsByType = Self.methods(of: files, types: candidates, openClasses: openClasses)
  }

  /// The functions of each type: of the type of that name in the same file, else in the same folder, else of the first.
  private static func methods(
    of files: [FileFacts], types: TypeCandidates, openClasses: OpenClasses
  ) -> [TypeID: [FunctionID]] {
    var methods: [TypeID: [FunctionID]] = [:]
    for (file, facts) in files.enumerated() {
      // Methods of one type follow each other.
      var last: (name: String, owner: TypeID?) = ("", nil)
      for (index, function) in facts.functions.enumerated() where !function.owner.isEmpty {
        if function.owner == last.name {
          if let owner = last.owner { methods[owner, default: []].append(FunctionID(file: file, index: index)) }
          continue
        }
        if let owner = openClasses.whole(named: function.owner, language: facts.language) {
          methods[owner, default: []].append(FunctionID(file: file, index: index))
          continue
        }
        let candidates = types.named(NameWords.lastPart(function.owner)).filter {
          files[$0.file].types[$0.index].name == function.owner
        }
        let owner =
          candidates.first { $0.file == file }
          ?? candidates.first { files[$0.file].file.folder == facts.file.folder } ?? candidates.first
        last = (function.owner, owner.map { openClasses.parts(of: $0)?.first ?? $0 })
        if let owner = last.owner { methods[owner, default: []].append(FunctionID(file: file, index: index)) }
      }
    }
    return methods
  }

  // MARK: Types

  func type(_ id: TypeID) -> TypeFact { files[id.file].types[id.index] }

  /// Every place where a type is defined, the type's own first: Ruby opens classes again.
  func parts(of id: TypeID) -> [TypeID] { openClasses.parts(of: id) ?? [id] }

  /// The class of Ruby with exactly this name, wherever it is.
  func exactType(_ name: String) -> TypeID? { openClasses.whole(named: name) }

  /// Every type in order of file and line.
  var types: [TypeID] {
    files.indices.flatMap { file in files[file].types.indices.map { TypeID(file: file, index: $0) } }
  }

  /// Types of that simple name, in order of file and line.
  func types(named name: String) -> [TypeID] { candidates.named(NameWords.lastPart(name)) }

  /// The functions of a type in order of file and line.
  func methods(of id: TypeID) -> [FunctionID] { methodsByType[id] ?? [] }

  /// The type a function belongs to.
  func owner(of id: FunctionID) -> TypeID? {
    let owner = symbols.function(id).owner
    return owner.isEmpty ? nil : resolve(owner, from: id.file)
  }

  /// The type that `name` means in a file: its own, an imported one, one of its namespace, the nearest by folder; nil
  /// when there is none or several are equally near. Type arguments do not count.
  func resolve(_ name: String, from file: Int) -> TypeID? {
    let head = name.utf8.contains(UInt8(ascii: "<")) ? TypeName(name).head : name
    let key = NameKey(file: file, name: head)
    if let known = resolved[key] { return known }
    let answer = lookUp(head, from: file)
    resolved[key] = answer
    return answer
  }

  private func lookUp(_ name: String, from file: Int) -> TypeID? {
    if files[file].language == .ruby { return openClasses.resolve(name, from: file) }
    let found = candidates.nearest(name, from: file) { parts(of: $0).contains($1) }
    return found.flatMap { parts(of: $0).first }
  }

  /// The bases of a type that are in the system, nearest first, without repeats.
  func ancestors(of id: TypeID) -> [TypeID] {
    if let known = ancestors[id] { return known }
    ancestors[id] = []  // breaks cycles
    var found: [TypeID] = []
    var next = bases(of: id)
    var seen: Set<TypeID> = [id]
    while !next.isEmpty {
      let level = next.filter { seen.insert($0).inserted }
      found += level
      next = level.flatMap { bases(of: $0) }
    }
    ancestors[id] = found
    return found
  }

  private func bases(of id: TypeID) -> [TypeID] {
    parts(of: id).flatMap { part in type(part).bases.compactMap { resolve($0, from: part.file) } }
  }

  /// Types that name this one, or one derived from it, among their bases.
  func descendants(of id: TypeID) -> [TypeID] {
    if derived == nil {
      var all: [TypeID: [TypeID]] = [:]
      for type in types { for base in ancestors(of: type) { all[base, default: []].append(type) } }
      derived = all
    }
    return derived?[id] ?? []
  }

  /// The first base, of the type or of its bases, whose simple name is one of `names`, with its type arguments; nearest
  /// first. Bases outside of the system count by name.
  func base(of id: TypeID, named names: Set<String>) -> TypeName? {
    for current in [id] + ancestors(of: id) {
      for base in parts(of: current).flatMap({ type($0).bases }) {
        let name = TypeName(base)
        if names.contains(name.simple) || names.contains(name.head) { return name }
      }
    }
    return nil
  }

  /// A field of a type or of its bases.
  func field(_ name: String, of id: TypeID) -> (field: FieldFact, owner: TypeID)? {
    for current in [id] + ancestors(of: id) {
      for part in parts(of: current) {
        if let field = type(part).fields.first(where: { $0.name == name }) { return (field, current) }
      }
    }
    return nil
  }

  /// A method of a type or of its bases.
  func method(_ name: String, of id: TypeID) -> FunctionID? {
    if let own = firstMethods(of: id)[name] { return own }
    return ancestors(of: id).lazy.compactMap { self.firstMethods(of: $0)[name] }.first
  }

  /// The first method of each name of a type.
  private func firstMethods(of id: TypeID) -> [String: FunctionID] {
    if let known = methodNames[id] { return known }
    let found = Dictionary(
      methods(of: id).map { (NameWords.lastPart(symbols.function($0).name), $0) },
      uniquingKeysWith: { first, _ in first })
    methodNames[id] = found
    return found
  }

  // MARK: Documents

  /// Mapping, configuration and migration documents with the numbers of their files.
  var documents: [(file: Int, root: DocumentNode)] {
    files.enumerated().compactMap { file, facts in facts.document.map { (file, $0) } }
  }
}

extension Sequence<AnnotationFact> {
  /// The first annotation whose last name is one of `names`.
  func first(named names: String...) -> AnnotationFact? {
    first { names.contains(NameWords.lastPart($0.name)) }
  }
}

extension AnnotationFact {
  /// The argument of that name; for `value` the only argument without a name, too.
  func argument(_ name: String) -> Value? {
    for case .member(let key, let value) in arguments where key == name { return value }
    guard name == "value", let first = arguments.first else { return nil }
    if case .member = first { return nil }
    return first
  }

  /// The literal text of an argument; the first of a list.
  func text(_ name: String) -> String? { argument(name)?.literalText }
}

extension Value {
  /// The text of a literal, of the first item of a list, or of literals joined; nil for anything else.
  var literalText: String? {
    switch self {
    case .text(let text): text
    case .list(let items): items.first?.literalText
    case .join(let parts):
      parts.reduce(into: "" as String?) { all, part in
        guard let text = part.literalText else { return all = nil }
        all? += text
      }
    case .literal, .name, .type, .field, .call, .member, .either, .element, .operation, .closure, .opaque: nil
    }
  }

  /// The value of a named argument or entry among list items or call arguments.
  func entry(_ name: String) -> Value? {
    switch self {
    case .list(let items): items.entry(name)
    case .call(_, _, let arguments): arguments.entry(name)
    case .text, .literal, .name, .type, .field, .join, .member, .either, .element, .operation, .closure, .opaque: nil
    }
  }
}

extension [Value] {
  /// The value of the named argument or entry.
  func entry(_ name: String) -> Value? {
    for case .member(let key, let value) in self where key == name { return value }
    return nil
  }

  /// The arguments without a name, in order.
  var positional: [Value] { filter { if case .member = $0 { false } else { true } } }
}
