import Basics
import Facts

/// Which types the code names: in fields, parameters, results and variables, where it makes objects, and as values.
///
/// Holders of data have few methods, and often none that is called across files; without these references nothing ties them to the
/// code that passes them on. Type arguments count like the types themselves: `List<Order>` names `Order`.
struct TypeUses {
  private let index: SystemIndex
  private let units: UnitIndex
  private var found: [Pair: Reference] = [:]
  /// Types named by each text, by file: the same few texts stand in a file over and over.
  private var known: [String: [TypeID]] = [:]

  private struct Pair: Hashable {
    let from: Int
    let to: Int
  }

  /// Arguments nested deeper than this are left out.
  private static let deepestArgument = 4

  init(index: SystemIndex, units: UnitIndex) {
    self.index = index
    self.units = units
  }

  /// One reference for each pair of a unit and a type it names, in no order. Linear in fields, parameters and events.
  func references() -> [Reference] {
    var uses = self
    for (file, facts) in index.files.enumerated() {
      uses.known = [:]
      for (number, type) in facts.types.enumerated() {
        let unit = units.unit(of: TypeID(file: file, index: number))
        for field in type.fields { uses.add(field.type, from: unit, file: file, line: field.line) }
      }
      for (number, function) in facts.functions.enumerated() {
        guard let unit = units.functionUnits[FunctionID(file: file, index: number)] else { continue }
        let line = function.lines.lowerBound
        for type in function.parameterTypes { uses.add(type, from: unit, file: file, line: line) }
        uses.add(function.returnType, from: unit, file: file, line: line)
        for placed in function.events {
          let place = units.unit(of: FunctionID(file: file, index: number), at: placed.line) ?? unit
          uses.add(placed, from: place, file: file, isC: facts.language == .c)
        }
      }
    }
    return Array(uses.found.values)
  }

  private mutating func add(_ placed: PlacedEvent, from unit: Int, file: Int, isC: Bool) {
    switch placed.event {
    case .declare(_, let type, _): add(type, from: unit, file: file, line: placed.line)
    case .call(let call):
      // `new Order()` of a type that declares no constructor calls nothing; in C and C++ it would be any call.
      if !isC, call.receiver == nil, call.callee.utf8.first.map({ $0 >= 65 && $0 <= 90 }) == true {
        add(call.callee, from: unit, file: file, line: placed.line)
      }
      for case .type(let type) in call.arguments { add(type, from: unit, file: file, line: placed.line) }
    case .assign, .append, .result, .mention, .enterBranch, .nextBranch, .enterLoop, .enterScope, .leave: break
    }
  }

  private mutating func add(_ type: String, from unit: Int, file: Int, line: Int) {
    guard !type.isEmpty else { return }
    for target in types(in: type, file: file) {
      let to = units.unit(of: target)
      guard to != unit else { continue }
      let pair = Pair(from: unit, to: to)
      if found[pair] != nil {
        found[pair]?.count += 1
      } else {
        let span = SourceSpan(file: index.files[file].file, line: line)
        found[pair] = Reference(from: unit, to: to, kind: .use, span: span, count: 1)
      }
    }
  }

  /// The types of the system that a text names, without repeats.
  private mutating func types(in text: String, file: Int) -> [TypeID] {
    if let types = known[text] { return types }
    var types: [TypeID] = []
    var level = [text]
    for _ in 0...Self.deepestArgument {
      var next: [String] = []
      for part in level {
        let name = TypeName(part)
        next += name.arguments
        // Names that many types of other kinds share resolve to none; see `SystemIndex.resolve`.
        if let type = index.resolve(name.head, from: file), !types.contains(type) { types.append(type) }
      }
      level = next
    }
    known[text] = types
    return types
  }
}
