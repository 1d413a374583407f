import Basics
import Facts
import SQL

/// What a name stands for at one point of a function.
struct FoldingScope {
  /// Texts of local variables so far; an empty list means the value is unknown.
  var locals: [String: FoldedTexts] = [:]
  /// Structured values of local variables that hold lists.
  var lists: [String: Value] = [:]
  /// Parameter positions by name.
  var parameters: [String: Int] = [:]
  /// Arguments bound to the parameters of a macro or function being expanded.
  var bound: [String: FoldedTexts] = [:]
  /// The class of the function; empty for free functions.
  var owner = ""
}

/// Folds values into text across the whole system: constants, concatenation, formats, builders, macros, and functions
/// that return text.
final class TextFolder {
  // A class because it holds the memory of functions already summarised, shared by all folds of one run.
  let symbols: SymbolTable
  /// Evaluates a function to the texts it returns; set once by the linker before folding begins.
  var evaluator: ((FunctionID) -> FoldedTexts)?
  /// What fields hold; set once by the linker before the functions are traced.
  var fields: FieldTexts? {
    didSet {
      returned = [:]
      constants = [:]
    }
  }
  /// Enumerations that name the elements of arrays.
  let enumerations: EnumerationArrays
  /// Functions of the system that fill a buffer given to them, like `snprintf`.
  let formatters: Set<String>
  private var returned: [FunctionID: FoldedTexts] = [:]
  private var inProgress: Set<FunctionID> = []
  private var constants: [ConstantKey: FoldedTexts] = [:]

  private struct ConstantKey: Hashable {
    var file: Int
    var name: String
  }

  init(symbols: SymbolTable) {
    self.symbols = symbols
    enumerations = EnumerationArrays(files: symbols.files)
    formatters = Formatters.names(in: symbols.files)
  }

  /// The texts `value` may stand for; empty when nothing is known.
  func fold(_ value: Value, in scope: FoldingScope, file: Int, line: Int, depth: Int = 0) -> FoldedTexts {
    guard depth < FoldingLimits.depth else { return [] }
    switch value {
    case .text(let text):
      return [FoldedText(text: Self.clipped(text), line: line)]
    case .name(let name):
      return foldName(name, in: scope, file: file, line: line, depth: depth)
    case .call(let callee, let receiver, let arguments):
      return foldCall(callee, receiver, arguments, in: scope, file: file, line: line, depth: depth)
    case .join(let parts):
      return join(parts, in: scope, file: file, line: line, depth: depth)
    case .either(let options):
      return FoldingLimits.bounded(
        options.flatMap { fold($0, in: scope, file: file, line: line, depth: depth + 1) })
    case .list(let items):
      return foldList(items, in: scope, file: file, line: line, depth: depth)
    case .member(_, let inner):
      return fold(inner, in: scope, file: file, line: line, depth: depth + 1)
    case .element(let base, let key):
      return foldElement(base, key, in: scope, file: file, line: line, depth: depth)
    case .field(_, let name):
      // The constant of that name, when there is but one.
      return foldConstant(name, file: file, line: line, depth: depth)
    case .literal, .type, .operation, .closure, .opaque:
      return []
    }
  }

  private static func clipped(_ text: String) -> String {
    text.utf8.count <= FoldingLimits.textBytes
      ? text : String(decoding: text.utf8.prefix(FoldingLimits.textBytes), as: UTF8.self)
  }

  // MARK: Structured values

  private func join(
    _ parts: [Value], in scope: FoldingScope, file: Int, line: Int, depth: Int
  ) -> FoldedTexts {
    var results: FoldedTexts = [FoldedText(text: "", line: 0)]
    for part in parts {
      var options = fold(part, in: scope, file: file, line: line, depth: depth + 1)
      // `'FROM ' . Order::class` is the name of the class.
      if case .type(let name) = part { options = [FoldedText(text: name, line: line)] }
      if options.isEmpty { options = [FoldedText(text: Hole.text(index: nil), line: 0)] }
      if options.count == 1 {
        results = results.map { $0.appending(options[0]) }
      } else {
        results = FoldingLimits.bounded(results.flatMap { left in options.map { left.appending($0) } })
      }
      if let first = results.first, first.text.utf8.count > FoldingLimits.textBytes { break }
    }
    return results
  }

  /// A structure that holds one text (`{text, length}`) stands for that text; an array stands for its elements.
  private func foldList(
    _ items: [Value], in scope: FoldingScope, file: Int, line: Int, depth: Int
  ) -> FoldedTexts {
    var texts: FoldedTexts = []
    for item in items.prefix(4 * FoldingLimits.alternatives) {
      texts += fold(item, in: scope, file: file, line: line, depth: depth + 1)
    }
    return FoldingLimits.bounded(texts)
  }

  private func foldElement(
    _ base: Value, _ key: Value, in scope: FoldingScope, file: Int, line: Int, depth: Int
  ) -> FoldedTexts {
    if let (items, names, home) = enumeratedTexts(base, in: scope, file: file) {
      guard case .name(let name) = key, let place = names.firstIndex(of: NameWords.lastPart(name)) else { return [] }
      return fold(items[place], in: FoldingScope(), file: home, line: line, depth: depth + 1)
    }
    guard case .list(let items) = structure(base, in: scope, file: file) else {
      return fold(base, in: scope, file: file, line: line, depth: depth + 1)
    }
    var origin = ""
    if case .name(let name) = base, scope.lists[name] == nil { origin = name }
    if case .name(let name) = key {
      let last = NameWords.lastPart(name)
      for case .member(let member, let value) in items where NameWords.lastPart(member) == last {
        return fold(value, in: scope, file: file, line: line, depth: depth + 1)
          .map { placed($0, line: line, origin: origin) }
      }
    }
    // An unknown key into an array keyed by names could mean any of them: that is a registry, not one text.
    let isKeyed = items.contains { if case .member = $0 { true } else { false } }
    guard !isKeyed else { return [] }
    return foldList(items, in: scope, file: file, line: line, depth: depth)
      .map { placed($0, line: line, origin: origin) }
  }

  /// The texts of a global array whose elements an enumeration names in order, with these names and its file.
  private func enumeratedTexts(
    _ base: Value, in scope: FoldingScope, file: Int
  ) -> (items: [Value], names: [String], home: Int)? {
    guard case .name(let name) = base, scope.lists[name] == nil, scope.locals[name] == nil,
      let (fact, home) = symbols.constant(named: name, from: file), case .list(let items) = fact.value,
      EnumerationArrays.areTexts(items),
      let names = enumerations.names(forTexts: items.count, in: symbols.files[home].file.folder)
    else { return nil }
    return (items, names.map(NameWords.lastPart).prefix(items.count) + [], home)
  }

  /// The list a value stands for, through local and global names.
  func structure(_ value: Value, in scope: FoldingScope, file: Int) -> Value {
    guard case .name(let name) = value else { return value }
    if let local = scope.lists[name] { return local }
    if scope.locals[name] != nil { return .opaque }
    return symbols.constant(named: name, from: file)?.fact.value ?? .opaque
  }

  // MARK: Names

  private func foldName(
    _ name: String, in scope: FoldingScope, file: Int, line: Int, depth: Int
  ) -> FoldedTexts {
    if let bound = scope.bound[name] { return bound }
    if let local = scope.locals[name] {
      return local.filter { !$0.text.isEmpty }
    }
    if let index = scope.parameters[name] { return [FoldedText(text: Hole.text(index: index), line: 0)] }
    if name.hasPrefix("this."), !name.utf8.dropFirst(5).contains(UInt8(ascii: ".")) {
      return foldOwn(String(name.dropFirst(5)), in: scope, file: file, line: line, depth: depth)
    }
    if let dot = name.utf8.firstIndex(of: UInt8(ascii: ".")) {
      let base = String(name[..<dot])
      // `table.s` of a parameter or local structure that wraps one text.
      if let local = scope.locals[base]?.filter({ !$0.text.isEmpty }), !local.isEmpty { return local }
      if let bound = scope.bound[base] { return bound }
      if let index = scope.parameters[base], name.utf8.count - base.utf8.count <= 5 {
        return [FoldedText(text: Hole.text(index: index), line: 0)]
      }
      return foldMember(name, base: base, file: file, line: line, depth: depth)
    }
    let texts = foldConstant(name, file: file, line: line, depth: depth)
    guard texts.isEmpty, let fields else { return texts }
    return fields.texts(named: NameWords.lastPart(name), owner: scope.owner, file: file).map {
      FoldedText(text: $0.text, line: line, origin: name, isInferred: true)
    }
  }

  /// A constant or field of the class of the function: its own before any other of that name.
  private func foldOwn(_ name: String, in scope: FoldingScope, file: Int, line: Int, depth: Int) -> FoldedTexts {
    let qualified = scope.owner.isEmpty ? name : scope.owner + "." + name
    let held = fields?.texts(named: name, owner: scope.owner, file: file) ?? []
    if !held.isEmpty {
      return held.map { FoldedText(text: $0.text, line: line, origin: name, isInferred: true) }
    }
    return foldConstant(qualified, file: file, line: line, depth: depth)
  }

  private func foldMember(_ name: String, base: String, file: Int, line: Int, depth: Int) -> FoldedTexts {
    let member = NameWords.lastPart(name)
    if let (fact, home) = symbols.constant(named: base, from: file), case .list(let items) = fact.value {
      for case .member(let key, let value) in items where key == member {
        return fold(value, in: FoldingScope(), file: home, line: line, depth: depth + 1)
      }
      let texts = foldConstant(base, file: file, line: line, depth: depth)
      if texts.count == 1 { return texts }
    }
    // A member is a field with a default, not any variable that happens to have the same name.
    // A variable of the same folder with the name of the member is where a configuration takes its value from.
    guard let (fact, home) = symbols.constant(named: member, from: file),
      fact.kind == .field || symbols.files[home].file.folder == symbols.files[file].file.folder
    else { return [] }
    return foldConstant(member, file: file, line: line, depth: depth)
  }

  private func foldConstant(_ name: String, file: Int, line: Int, depth: Int) -> FoldedTexts {
    let key = ConstantKey(file: file, name: name)
    if let known = constants[key] { return known.map { placed($0, line: line, origin: name) } }
    guard let (fact, home) = symbols.constant(named: name, from: file), fact.kind != .enumerator,
      fact.parameters.isEmpty
    else {
      constants[key] = []
      return []
    }
    constants[key] = []  // breaks cycles
    var texts = fold(fact.value, in: FoldingScope(), file: home, line: 0, depth: depth + 1)
    if texts.isEmpty, case .call(_, nil, let arguments) = fact.value, NameWords.isStorage(name) {
      // An object made from texts stands for them, whether the frontend knows its constructor or not.
      texts = foldList(arguments, in: FoldingScope(), file: home, line: 0, depth: depth + 1)
    }
    if fact.kind == .field || (fact.kind == .global && fields?.isAssigned(name) == true) {
      texts = texts.map { FoldedText(text: $0.text, line: $0.line, origin: $0.origin, isInferred: true) }
    }
    constants[key] = texts
    return texts.map { placed($0, line: line, origin: name) }
  }

  private func placed(_ text: FoldedText, line: Int, origin: String) -> FoldedText {
    FoldedText(text: text.text, line: line, origin: origin, isInferred: text.isInferred)
  }

  // MARK: Functions that return text

  /// What a function of the system returns, with numbered holes for its parameters.
  func returnedTexts(of id: FunctionID, evaluate: (FunctionID) -> FoldedTexts) -> FoldedTexts {
    if let known = returned[id] { return known }
    guard inProgress.insert(id).inserted, inProgress.count < FoldingLimits.depth else {
      return []
    }
    let texts = evaluate(id)
    inProgress.remove(id)
    returned[id] = texts
    return texts
  }
}
