import Basics
import Facts
import SQL

/// Turns statement hits into the accesses, joins and coverage of the system.
struct AccessBuilder {
  private let catalog: Catalog
  private let index: UnitIndex
  private let files: [FileFacts]
  private let declared: DeclaredTables
  private let columns: [String: Set<String>]
  private var system = SystemFacts()
  private var seen: [AccessKey: Int] = [:]

  private struct AccessKey: Hashable {
    var unit: Int
    var table: String
    var operation: AccessOperation
    var line: Int
  }

  init(catalog: Catalog, index: UnitIndex, files: [FileFacts]) {
    self.catalog = catalog
    self.index = index
    self.files = files
    let views = catalog.programs.filter { $0.kind == .view }.map { TableName($0.name) }
    declared = DeclaredTables(catalog.tables.map(\.name) + views)
    columns = Dictionary(
      catalog.tables.map { ($0.name.key, Set($0.columns.map { $0.name.lowercased() })) },
      uniquingKeysWith: { first, _ in first })
    system.units = index.units
    system.catalog = catalog
  }

  mutating func add(_ search: StatementSearch) {
    for hit in search.hits where !hit.statement.accesses.isEmpty {
      guard let unit = unit(of: hit.function, file: hit.file, line: hit.line) else { continue }
      add(
        hit.statement, unit: unit, file: hit.file ?? hit.function.file, line: hit.line, via: hit.via,
        confidence: hit.confidence,
        inLoop: hit.inLoop)
    }
    for found in search.unusedConstants {
      add(
        found.statement, unit: index.fileUnits[found.file], file: found.file, line: found.constant.line,
        via: "constant:\(found.constant.name)", confidence: .inferred, inLoop: false)
    }
    var places: Set<String> = []
    for unknown in search.unknown {
      guard let unit = unit(of: unknown.function, file: unknown.file, line: unknown.line),
        places.insert("\(unit):\(unknown.line)").inserted
      else {
        continue
      }
      system.coverage.statements += 1
      system.unresolved.append(
        UnresolvedStatement(
          unit: unit, span: SourceSpan(file: files[unknown.file ?? unknown.function.file].file, line: unknown.line),
          text: Self.shown(unknown.text), reason: unknown.reason))
    }
    addNamedTables()
    addPrograms()
  }

  private func unit(of function: FunctionID, file: Int?, line: Int) -> Int? {
    file ?? function.file == function.file ? index.unit(of: function, at: line) : index.functionUnits[function]
  }

  /// A text as people see it: holes as an ellipsis, one line, shortened.
  private static func shown(_ text: String) -> String {
    var shown: [UInt8] = []
    var inHole = false
    for byte in text.utf8 {
      if byte == 1 {
        inHole = true
        shown += Array("…".utf8)
      } else if byte == 2 {
        inHole = false
      } else if !inHole {
        shown.append(byte < 0x20 ? UInt8(ascii: " ") : byte)
      }
      if shown.count > 160 { break }
    }
    return String(decoding: shown, as: UTF8.self)
  }

  private mutating func add(
    _ statement: SQLStatement, unit: Int, file: Int, line: Int, via: String, confidence: Confidence, inLoop: Bool
  ) {
    let number = system.coverage.statements
    system.coverage.statements += 1
    if !statement.hasUnknownTable { system.coverage.resolvedStatements += 1 }
    if !statement.shownText.isEmpty { system.statementTexts[number] = statement.shownText }
    if !statement.wholeText.isEmpty { system.queryTexts[number] = statement.wholeText }
    let span = SourceSpan(file: files[file].file, line: line)
    for access in statement.accesses where !Hole.contains(access.table.text) && !access.table.text.isEmpty {
      let known = declared[access.table]
      let sure = known != nil || catalog.tables.isEmpty ? confidence : max(confidence, .inferred)
      add(
        Access(
          unit: unit, table: known ?? access.table, isDeclared: known != nil, operation: access.operation, span: span,
          confidence: sure, via: via,
          columns: via == "builder" ? self.columns(access.columns, of: access.table) : access.columns, inLoop: inLoop,
          statement: number))
    }
    for join in statement.joins {
      guard let left = declared[join.left], let right = declared[join.right] else { continue }
      system.joins.append(
        JoinFact(
          unit: unit, join: StatementJoin(left: left, right: right, needsBothSides: join.needsBothSides), span: span,
          statement: number))
    }
  }

  /// Of the names handed to a builder those that are columns of its table; all columns when none is.
  private func columns(_ names: [String], of table: TableName) -> [String] {
    let known = declared[table].flatMap { columns[$0.key] } ?? []
    let found = names.filter { known.contains($0.lowercased()) }
    return found.isEmpty ? ["*"] : found
  }

  private mutating func add(_ access: Access) {
    let key = AccessKey(
      unit: access.unit, table: access.table.key, operation: access.operation, line: access.span.line)
    if let place = seen[key] {
      let merged = Set(system.accesses[place].columns).union(access.columns)
      system.accesses[place].columns = merged.contains("*") ? ["*"] : merged.sorted()
      let isMore = system.accesses[place].isEcho && !access.isEcho
      if isMore || access.confidence < system.accesses[place].confidence {
        system.accesses[place].confidence = access.confidence
        system.accesses[place].via = access.via
      }
      return
    }
    seen[key] = system.accesses.count
    system.accesses.append(access)
  }

  /// A constant named after tables whose value is a declared table, in a folder that shows no other access to it, is
  /// name evidence: something there works with that table.
  private mutating func addNamedTables() {
    let accessed = Set(system.accesses.map { "\($0.span.file.folder)|\($0.table.key)" })
    for (file, facts) in files.enumerated() {
      for constant in facts.constants where constant.kind == .global || constant.kind == .macro {
        let words = NameWords.split(constant.name)
        guard words.contains("table") || words.contains("tbl") || words.contains("tab"),
          let text = Self.onlyText(constant.value),
          let table = declared[TableName(text)], !accessed.contains("\(facts.file.folder)|\(table.key)")
        else { continue }
        add(
          Access(
            unit: index.fileUnits[file], table: table, isDeclared: true, operation: .read,
            span: SourceSpan(file: facts.file, line: constant.line), confidence: .guessed,
            via: "constant:\(constant.name)", columns: [], inLoop: false, statement: system.coverage.statements))
      }
    }
  }

  private static func onlyText(_ value: Value) -> String? {
    switch value {
    case .text(let text): return text
    case .call(_, _, let arguments): return arguments.count == 1 ? onlyText(arguments[0]) : nil
    case .list(let items):
      let texts = items.compactMap { item -> String? in
        if case .text(let text) = item { text } else if case .member(_, .text(let text)) = item { text } else { nil }
      }
      return texts.count == 1 ? texts[0] : nil
    case .name, .join, .member, .either, .element, .literal, .type, .field, .operation, .closure, .opaque: return nil
    }
  }

  /// Views, triggers and routines are readers and writers too.
  private mutating func addPrograms() {
    let first = index.firstProgram(count: catalog.programs.count)
    for (offset, program) in catalog.programs.enumerated() {
      let number = system.coverage.statements
      system.coverage.statements += 1
      system.coverage.resolvedStatements += 1
      for access in program.accesses where !Hole.contains(access.table.text) {
        let known = declared[access.table]
        add(
          Access(
            unit: first + offset, table: known ?? access.table, isDeclared: known != nil, operation: access.operation,
            span: program.source, confidence: .exact, via: program.kind.rawValue, columns: access.columns,
            inLoop: false, statement: number))
      }
      for text in program.unresolved {
        system.coverage.statements += 1
        system.unresolved.append(
          UnresolvedStatement(
            unit: first + offset, span: program.source, text: Self.shown(text),
            reason: "the program builds the statement when it runs"))
      }
    }
  }

  /// The system with accesses and joins in order of place.
  func finished() -> SystemFacts {
    var sorted = system
    sorted.accesses.sort {
      if $0.span != $1.span { return $0.span < $1.span }
      if $0.unit != $1.unit { return $0.unit < $1.unit }
      return $0.table == $1.table ? $0.operation < $1.operation : $0.table < $1.table
    }
    sorted.joins.sort {
      if $0.span != $1.span { return $0.span < $1.span }
      return ($0.join.left, $0.join.right) < ($1.join.left, $1.join.right)
    }
    sorted.unresolved.sort { $0.span == $1.span ? $0.text < $1.text : $0.span < $1.span }
    let isShipped = sorted.accesses.contains {
      sorted.units[$0.unit].kind != .storedProgram && !sorted.units[$0.unit].isTest
    }
    // Where nothing but tests touches data they are what there is to look at.
    if !isShipped { for unit in sorted.units.indices { sorted.units[unit].isTest = false } }
    return sorted
  }
}
