import Facts
import SQL

/// Texts kept in fields of classes and variables of files: put there by one function, used by others.
struct FieldTexts {
  private struct Key: Hashable {
    /// The class, or the number of the file for what belongs to none.
    var scope: String
    var name: String
  }

  private var texts: [Key: FoldedTexts] = [:]
  private var tables: [Key: Set<String>] = [:]
  /// Names that functions assign to or that tables of settings point to: what they begin with may change.
  private var assigned: Set<String> = []
  private let bases: [String: [String]]
  private let declared: Set<String>
  /// A field that is given more texts than this stands for none of them.
  private static let maximumTexts = 4
  /// How far base classes are followed.
  private static let maximumBases = 4

  /// No texts yet; `declared` are the tables whose names make a text worth keeping.
  init(files: [FileFacts], declared: Set<String>) {
    self.declared = declared
    var bases: [String: [String]] = [:]
    for type in files.flatMap(\.types) where !type.bases.isEmpty {
      bases[NameWords.lastPart(type.name), default: []] += type.bases.map(NameWords.lastPart)
    }
    self.bases = bases
    for case .list(let rows) in files.lazy.flatMap(\.constants).map(\.value) {
      for case .list(let row) in rows {
        for case .name(let name) in row { assigned.insert(NameWords.lastPart(name)) }
      }
    }
  }

  /// Whether a variable may hold something else than what it begins with.
  func isAssigned(_ name: String) -> Bool { assigned.contains(NameWords.lastPart(name)) }

  // MARK: Learning

  /// Functions that put a text into something that is neither theirs nor given to them, and objects made there with a
  /// table. Linear in the events.
  mutating func learnObjects(of files: [FileFacts], folder: TextFolder) -> [FunctionID] {
    var writers: [FunctionID] = []
    for (file, facts) in files.enumerated() {
      for (index, function) in facts.functions.enumerated() {
        var own = Set(function.parameters)
        var writes = false
        for placed in function.events {
          switch placed.event {
          case .declare(let name, _, _): own.insert(name)
          case .assign(let written, let value):
            guard let name = Self.fieldName(written, own: own) else { continue }
            assigned.insert(NameWords.lastPart(name))
            if Self.holdsText(value, depth: 0) { writes = true }
            learnObject(name, value, function: function, file: file, line: placed.line, folder: folder)
          case .append, .call, .result, .mention, .enterBranch, .nextBranch, .enterLoop, .enterScope, .leave:
            continue
          }
        }
        if writes { writers.append(FunctionID(file: file, index: index)) }
      }
    }
    return writers
  }

  /// The field an assignment means: `this.name`, or a name that is neither a variable nor a parameter; nil for others.
  static func fieldName(_ name: String, own: Set<String>) -> String? {
    let field = name.hasPrefix("this.") ? String(name.dropFirst(5)) : name
    guard !field.utf8.contains(UInt8(ascii: ".")), field != name || !own.contains(name) else { return nil }
    return field
  }

  private static func holdsText(_ value: Value, depth: Int) -> Bool {
    guard depth < 6 else { return false }
    switch value {
    case .text(let text): return text.utf8.count > 2
    case .call(_, _, let arguments): return arguments.contains { holdsText($0, depth: depth + 1) }
    case .join(let parts), .either(let parts): return parts.contains { holdsText($0, depth: depth + 1) }
    case .name, .list, .member, .element, .literal, .type, .field, .operation, .closure, .opaque: return false
    }
  }

  /// `mapper = make(quote, TABLE, columns)`: an object made with exactly one table.
  private mutating func learnObject(
    _ name: String, _ value: Value, function: FunctionFact, file: Int, line: Int, folder: TextFolder
  ) {
    guard case .call(_, _, let arguments) = value, arguments.count <= 12 else { return }
    var found: Set<String> = []
    for argument in arguments {
      switch argument {
      case .name, .text:
        let texts = folder.fold(argument, in: FoldingScope(), file: file, line: line).map(\.text)
        found.formUnion(texts.filter { declared.contains($0.lowercased()) })
      case .call, .join, .list, .member, .either, .element, .literal, .type, .field, .operation, .closure, .opaque:
        continue
      }
    }
    guard found.count == 1 else { return }
    for key in Self.keys(name, owner: function.owner, file: file) { tables[key, default: []].formUnion(found) }
  }

  /// Remembers what the traced functions put into fields.
  mutating func learn(_ trace: FunctionTrace, owner: String, file: Int) {
    for stored in trace.stored {
      let kept = stored.texts.filter { isWorthKeeping($0.text) || Self.isTable($0.text, in: stored.name) }
      guard !kept.isEmpty else { continue }
      for key in Self.keys(stored.name, owner: owner, file: file) {
        let known = texts[key] ?? []
        texts[key] = known + kept.filter { text in !known.contains { $0.text == text.text } }
      }
    }
  }

  /// Whether a text is a statement or names a table.
  private func isWorthKeeping(_ text: String) -> Bool {
    if SQLReader.mayBeStatement(text) { return true }
    guard text.utf8.count <= 4096 else { return false }
    return text.utf8.split { byte in
      !((byte | 0x20 >= UInt8(ascii: "a") && byte | 0x20 <= UInt8(ascii: "z")) || byte == UInt8(ascii: "_")
        || (byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9")))
    }.contains { declared.contains(String(decoding: $0, as: UTF8.self).lowercased()) }
  }

  /// Whether a text is a plain name in a field that is named after a table.
  private static func isTable(_ text: String, in field: String) -> Bool {
    guard NameWords.split(field).contains(where: { ["table", "tablename", "tbl"].contains($0) }) else { return false }
    return text.utf8.count > 2
      && text.utf8.allSatisfy { byte in
        byte | 0x20 >= UInt8(ascii: "a") && byte | 0x20 <= UInt8(ascii: "z") || byte == UInt8(ascii: "_")
          || byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9")
      }
  }

  private static func keys(_ name: String, owner: String, file: Int) -> [Key] {
    let inFile = Key(scope: "#\(file)", name: name)
    return owner.isEmpty ? [inFile] : [Key(scope: NameWords.lastPart(owner), name: name), inFile]
  }

  // MARK: Asking

  /// The texts a name that is neither local nor constant may stand for in a function of `owner`; empty when unknown.
  func texts(named name: String, owner: String, file: Int) -> FoldedTexts {
    guard let found = first(in: texts, name, owner: owner, file: file), found.count <= Self.maximumTexts else {
      return []
    }
    return found
  }

  /// The table the object in a field was made with; nil when none or several are known.
  func table(ofObject name: String, owner: String, file: Int) -> String? {
    guard let found = first(in: tables, name, owner: owner, file: file), found.count == 1 else { return nil }
    return found.first
  }

  private func first<Found>(in known: [Key: Found], _ name: String, owner: String, file: Int) -> Found? {
    guard !known.isEmpty else { return nil }
    var scopes = owner.isEmpty ? [] : [NameWords.lastPart(owner)]
    var next = 0
    while next < scopes.count, next < Self.maximumBases {
      if let found = known[Key(scope: scopes[next], name: name)] { return found }
      scopes += bases[scopes[next]] ?? []
      next += 1
    }
    return known[Key(scope: "#\(file)", name: name)]
  }
}
