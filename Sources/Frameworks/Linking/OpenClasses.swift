import Basics
import Facts

/// The classes and modules of Ruby: defined and opened again in several files, named by where they are nested; and the
/// partial classes of C#.
struct OpenClasses {
  private var parts: [String: [TypeID]] = [:]
  private var names: [TypeID: String] = [:]
  private var scopes: [Int: [String]] = [:]

  /// Gathers the parts of each class; the first of them is where its bases and most of its body are. Linear.
  init(files: [FileFacts]) {
    for (file, facts) in files.enumerated() where facts.language == .ruby {
      var around: Set<String> = []
      for (index, type) in facts.types.enumerated() {
        parts[type.name, default: []].append(TypeID(file: file, index: index))
        around.insert(type.name)
      }
      around.formUnion(facts.functions.map(\.owner).filter { !$0.isEmpty })
      scopes[file] = Self.prefixes(of: around)
    }
    addPartial(files)
    for (name, places) in parts {
      func weight(_ id: TypeID) -> Int {
        let type = files[id.file].types[id.index]
        let isTest = files[id.file].file.text.split(separator: "/").contains { $0 == "spec" || $0 == "test" }
        return (isTest ? 0 : 100_000) + (type.bases.isEmpty ? 0 : 1000) + min(type.body.count + type.fields.count, 900)
      }
      let best = places.max { left, right in
        let (a, b) = (weight(left), weight(right))
        return a == b ? right < left : a < b
      }
      guard let best else { continue }
      parts[name] = [best] + places.filter { $0 != best }
      for place in places { names[place] = name }
    }
  }

  /// Types of C# with one full name are parts of one; no name of Ruby begins like their keys.
  private mutating func addPartial(_ files: [FileFacts]) {
    var all: [String: [TypeID]] = [:]
    for (file, facts) in files.enumerated() where facts.language == .csharp {
      for (index, type) in facts.types.enumerated() where type.kind != .enum {
        all["." + type.namespace + "." + type.name, default: []].append(TypeID(file: file, index: index))
      }
    }
    // A name without namespace says too little.
    for (name, places) in all where places.count > 1 && !name.hasPrefix("..") { parts[name] = places }
  }

  /// The modules that names in a file may be relative to, innermost first.
  private static func prefixes(of names: Set<String>) -> [String] {
    var all: Set<String> = []
    for name in names {
      var rest = name
      while !rest.isEmpty, all.insert(rest).inserted { rest = QualifiedName.scope(of: rest) }
    }
    return all.sorted { $0.utf8.count == $1.utf8.count ? $0 < $1 : $0.utf8.count > $1.utf8.count }
  }

  /// Every place of the class that `id` is a part of, its first part first; nil for other languages.
  func parts(of id: TypeID) -> [TypeID]? { names[id].flatMap { parts[$0] } }

  /// The first part of the class with exactly this name.
  func whole(named name: String, language: SourceLanguage = .ruby) -> TypeID? {
    language == .ruby ? parts[name]?.first : nil
  }

  /// The class a name means in a file: looked up from the inside out, as Ruby does.
  func resolve(_ name: String, from file: Int) -> TypeID? {
    for scope in scopes[file] ?? [] {
      if let found = parts[scope + "::" + name]?.first { return found }
    }
    return parts[name]?.first
  }
}
