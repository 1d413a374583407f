import Basics
import Facts

/// The units of the system in their final order, and where to find each.
struct UnitIndex {
  private(set) var units: [CodeUnit] = []
  private(set) var fileUnits: [Int] = []
  private(set) var functionUnits: [FunctionID: Int] = [:]
  private(set) var typeUnits: [String: [Int]] = [:]

  /// Units of `files` (file first, then its types, then its functions by line) and of the programs stored in the database.
  init(files: [FileFacts], programs: [StoredProgram]) {
    for (file, facts) in files.enumerated() {
      fileUnits.append(units.count)
      units.append(CodeUnit(kind: .file, name: facts.file.text, span: SourceSpan(file: facts.file, line: 0)))
      for type in facts.types {
        typeUnits[type.name, default: []].append(units.count)
        units.append(CodeUnit(kind: .type, name: type.name, span: SourceSpan(file: facts.file, line: type.line)))
      }
      for (index, function) in facts.functions.enumerated() {
        functionUnits[FunctionID(file: file, index: index)] = units.count
        units.append(
          CodeUnit(
            kind: .function, name: function.name,
            span: SourceSpan(file: facts.file, line: function.lines.lowerBound), owner: function.owner))
      }
    }
    for program in programs {
      units.append(CodeUnit(kind: .storedProgram, name: program.name, span: program.source))
    }
  }

  /// The unit of a type: the types of a file follow the file, in their order.
  func unit(of type: TypeID) -> Int { fileUnits[type.file] + 1 + type.index }

  /// Index of the first stored program's unit.
  func firstProgram(count: Int) -> Int { units.count - count }
}
