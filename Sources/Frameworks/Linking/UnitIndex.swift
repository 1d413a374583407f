import Basics
import Facts

/// The units of the system in their final order, and where to find each.
struct UnitIndex {
  private(set) var units: [CodeUnit] = []
  private(set) var fileUnits: [Int] = []
  private(set) var functionUnits: [FunctionID: Int] = [:]
  private(set) var typeUnits: [String: [Int]] = [:]
  /// The handlers written inside of functions.
  private(set) var handlers: [FunctionID: [Handler]] = [:]

  /// A handler and its unit.
  struct Handler {
    var handler: InlineHandler
    var unit: Int
  }

  /// Units of `files` (file first, then its types, then its functions by
  /// line, each followed by the handlers written inside) and of the programs stored in the database.
  init(files: [FileFacts], programs: [StoredProgram]) {
    let tests = TestCode(files: files)
    let inline = InlineHandlers(files: files)
    for (file, facts) in files.enumerated() {
      let isTest = tests.isTest[file]
      fileUnits.append(units.count)
      units.append(
        CodeUnit(kind: .file, name: facts.file.text, span: SourceSpan(file: facts.file, line: 0), isTest: isTest))
      for type in facts.types {
        typeUnits[type.name, default: []].append(units.count)
        units.append(
          CodeUnit(
            kind: .type, name: type.name, span: SourceSpan(file: facts.file, line: type.line), isTest: isTest))
      }
      for (index, function) in facts.functions.enumerated() {
        let id = FunctionID(file: file, index: index)
        functionUnits[id] = units.count
        units.append(
          CodeUnit(
            kind: .function, name: function.name,
            span: SourceSpan(file: facts.file, line: function.lines.lowerBound), owner: function.owner, isTest: isTest))
        for handler in inline.byFunction[id] ?? [] {
          handlers[id, default: []].append(Handler(handler: handler, unit: units.count))
          units.append(
            CodeUnit(
              kind: .function, name: handler.name,
              span: SourceSpan(file: facts.file, line: handler.lines.lowerBound), owner: function.owner, isTest: isTest)
          )
        }
      }
    }
    for program in programs {
      units.append(CodeUnit(kind: .storedProgram, name: program.name, span: program.source))
    }
  }

  /// The unit of a type: the types of a file follow the file, in their order.
  func unit(of type: TypeID) -> Int { fileUnits[type.file] + 1 + type.index }

  /// The unit that what stands on a line of a function belongs to: a handler written there, else the function.
  func unit(of id: FunctionID, at line: Int) -> Int? {
    handlers[id]?.first { $0.handler.lines.contains(line) }?.unit ?? functionUnits[id]
  }

  /// Index of the first stored program's unit.
  func firstProgram(count: Int) -> Int { units.count - count }
}
