import Basics
import Facts

/// Types by simple name with what decides which of them a name means, as numbers: a name that hundreds of types share,
/// as classes of migrations do, is looked up hundreds of times.
struct TypeCandidates {
  /// What a name is compared with.
  private struct Place {
    var id: TypeID
    var language: SourceLanguage
    var name: Int
    /// The name with its namespace, without what separates the parts.
    var full: Int
    var namespace: Int
    /// The namespace without what separates its parts.
    var package: Int
  }

  /// The imports of a file by what they are called in it.
  private struct Imports {
    var places: [String: Int] = [:]
    /// Packages of which everything is taken.
    var packages: Set<Int> = []
  }

  private let files: [FileFacts]
  private let symbols: SymbolTable
  private var places: [String: [Place]] = [:]
  private var imports: [Imports] = []
  private var numbers: [String: Int] = ["": 0]

  /// Every type of `symbols`.
  init(symbols: SymbolTable) {
    self.symbols = symbols
    files = symbols.files
    for (file, facts) in files.enumerated() {
      for (index, type) in facts.types.enumerated() {
        let full = type.namespace.isEmpty ? type.name : type.namespace + "." + type.name
        places[NameWords.lastPart(type.name), default: []].append(
          Place(
            id: TypeID(file: file, index: index), language: facts.language, name: number(type.name),
            full: number(Self.joined(full)), namespace: number(type.namespace),
            package: number(Self.joined(type.namespace))))
      }
    }
    imports = files.map { facts in
      var found = Imports()
      for (place, fact) in facts.imports.enumerated() {
        if found.places[fact.local] == nil { found.places[fact.local] = place }
        if fact.symbol == "*", let package = numbers[Self.joined(fact.path)] { found.packages.insert(package) }
      }
      return found
    }
  }

  private mutating func number(_ text: String) -> Int {
    if let known = numbers[text] { return known }
    numbers[text] = numbers.count
    return numbers.count - 1
  }

  /// Types of that simple name, in order of file and line.
  func named(_ last: String) -> [TypeID] { places[last]?.map(\.id) ?? [] }

  /// The type that `name` means in a file; nil when there is none or when two that `areSame` denies to be one are
  /// equally near.
  func nearest(_ name: String, from file: Int, areSame: (TypeID, TypeID) -> Bool) -> TypeID? {
    var last = NameWords.lastPart(name)
    // `import Order as O`: the name it has where it comes from.
    let imported = imported(name, or: last, in: file)
    if let imported, !imported.symbol.isEmpty, imported.symbol != "*", imported.symbol != "default",
      places[last] == nil
    {
      last = NameWords.lastPart(imported.symbol)
    }
    guard let candidates = places[last] else { return nil }
    if candidates.count == 1 { return candidates[0].id }
    let (exact, full) = (numbers[name], numbers[Self.joined(name)])
    let source = imported.map { ImportSource($0, numbers) }
    let namespace = numbers[files[file].namespace] ?? 0
    var best: TypeID?
    var bestScore = Int.min
    var isTied = false
    for candidate in candidates {
      var score = symbols.distanceScore(of: candidate.id.file, to: file)
      if candidate.name == exact || candidate.full == full { score += 40 }
      if candidate.id.file == file { score += 30 }
      if let source, source.names(candidate.full, in: files[candidate.id.file].file) { score += 60 }
      if namespace > 0, candidate.namespace == namespace { score += 25 }
      if imports[file].packages.contains(candidate.package) { score += 12 }
      if candidate.language != files[file].language { score -= 20 }
      if score > bestScore {
        (best, bestScore, isTied) = (candidate.id, score, false)
      } else if score == bestScore, !isTied, let best {
        isTied = !areSame(best, candidate.id)
      }
    }
    return isTied ? nil : best
  }

  /// The first import that is called one of two names.
  private func imported(_ name: String, or last: String, in file: Int) -> ImportFact? {
    let found = [imports[file].places[name], imports[file].places[last]].compactMap { $0 }.min()
    return found.map { files[file].imports[$0] }
  }

  /// Qualified names are the same whatever separates their parts.
  fileprivate static func joined(_ name: String) -> String {
    String(decoding: name.utf8.filter { !separators.contains($0) }, as: UTF8.self)
  }

  private static let separators = Array(".:\\/".utf8)
}

/// What an import says of the type it means.
private struct ImportSource {
  /// Numbers of the names it may have.
  private let full: [Int]
  /// The last part of the path, and the last behind a `/`; empty when the path is.
  private let (last, file): (Substring, Substring)

  init(_ fact: ImportFact, _ numbers: [String: Int]) {
    full = [fact.path, fact.path + "." + fact.symbol].compactMap { numbers[TypeCandidates.joined($0)] }
    last = fact.path.split { $0 == "." || $0 == "/" || $0 == "\\" }.last ?? ""
    file = fact.path.split(separator: "/").last ?? ""
  }

  /// Whether it means a type, by its qualified name or by the path of its file.
  func names(_ type: Int, in path: RepoPath) -> Bool {
    if full.contains(type) { return true }
    guard !last.isEmpty else { return false }
    // `from shop.orders.models import Order`, `import { Order } from "../orders/order.entity"`.
    let parts = path.text.split(separator: "/")
    guard let name = parts.last else { return false }
    return name.prefix { $0 != "." } == last || parts.dropLast().last == last || name.hasPrefix(file)
  }
}
