import Facts
import SQL

/// Recognises functions that build a statement from a table name and a verb: `use_table(handle, table)` followed by
/// `insert(handle, …)`, or `db_delete(db, "invoice", …)`. Learned from names and arguments, not from a list of libraries.
struct TableBuilderRecognizer {
  let declared: Set<String>
  let cache: StatementCache
  /// Words of what moves rows between an object and its table.
  private static let movingWords: Set<String> = ["load", "reload", "save"]
  /// Words of functions that work with stored data.
  private static let dataWords: Set<String> = ["db", "sql", "row", "rows", "record", "records", "dao"]

  /// A statement made by a builder, with its text so that callers can complete it.
  struct Built {
    var function: FunctionID
    var line: Int
    var text: String
    var inLoop: Bool
    var isAssumed: Bool
    /// Names that may be columns of the table.
    var columns: [String] = []
    /// The call as written, without what it is made on.
    var callee = ""
  }

  /// Statements built by the traced functions.
  func built(in traces: [(id: FunctionID, trace: FunctionTrace)], symbols: SymbolTable) -> [Built] {
    var shared: [Int: [String: FoldedTexts]] = [:]
    for (id, trace) in traces {
      for use in trace.handles where use.verb == nil && !use.tables.isEmpty {
        let key = NameWords.lastPart(use.handle)
        shared[id.file, default: [:]][key] = FoldingLimits.bounded((shared[id.file]?[key] ?? []) + use.tables)
      }
    }
    let choosers = Self.choosers(in: traces, symbols: symbols)
    var result: [Built] = []
    for (id, trace) in traces {
      let uses = (trace.handles + Self.chosen(by: choosers, trace, id, symbols)).sorted { $0.order < $1.order }
      handleUses(uses, id, shared[id.file] ?? [:], &result)
      directUses(trace, id, symbols, &result)
    }
    return Self.withoutRepeats(result, symbols: symbols)
  }

  /// What a function of the system does with a table counts there, not once more where it is called with the handle.
  private static func withoutRepeats(_ built: [Built], symbols: SymbolTable) -> [Built] {
    let builders = Set(built.map(\.function))
    let names = Set(builders.map { NameWords.lastPart(symbols.function($0).name) })
    return built.filter { found in
      guard !found.callee.isEmpty, names.contains(NameWords.lastPart(found.callee)) else { return true }
      let targets = symbols.functions(
        called: found.callee, from: found.function.file, owner: symbols.function(found.function).owner,
        hasReceiver: false)
      return !targets.contains { builders.contains($0) && $0 != found.function }
    }
  }

  /// A function that only chooses a table: on which handle, and which parameter names the table or which table it is.
  private struct Chooser {
    var handle: String
    var parameter: Int?
    var tables: FoldedTexts
  }

  /// Functions that choose a table and leave it chosen, by the last part of their names.
  private static func choosers(
    in traces: [(id: FunctionID, trace: FunctionTrace)], symbols: SymbolTable
  ) -> [String: [FunctionID: Chooser]] {
    var found: [String: [FunctionID: Chooser]] = [:]
    for (id, trace) in traces {
      for use in trace.handles where use.verb == nil {
        guard let table = use.tables.first else { continue }
        let parameter = Hole.indices(in: table.text).first
        guard parameter == nil ? !Hole.contains(table.text) : table.text == Hole.text(index: parameter) else {
          continue
        }
        let name = NameWords.lastPart(symbols.function(id).name)
        found[name, default: [:]][id] = Chooser(
          handle: use.handle, parameter: parameter, tables: parameter == nil ? use.tables : [])
      }
    }
    return found
  }

  /// The tables a function chooses through such wrappers.
  private static func chosen(
    by choosers: [String: [FunctionID: Chooser]], _ trace: FunctionTrace, _ id: FunctionID, _ symbols: SymbolTable
  ) -> [HandleUse] {
    guard !choosers.isEmpty else { return [] }
    var uses: [HandleUse] = []
    for (order, call) in trace.calls.enumerated() {
      guard let known = choosers[NameWords.lastPart(call.callee)] else { continue }
      let targets = symbols.functions(
        called: call.callee, from: id.file, owner: symbols.function(id).owner, hasReceiver: call.hasReceiver)
      guard let chooser = targets.compactMap({ known[$0] }).first, id != targets[0] else { continue }
      var tables = chooser.tables
      if let parameter = chooser.parameter {
        guard parameter < call.arguments.count else { continue }
        tables = call.arguments[parameter]
      }
      uses.append(
        HandleUse(
          handle: chooser.handle, verb: nil, tables: tables, line: call.line, inLoop: call.inLoop, order: order))
    }
    return uses
  }

  private func handleUses(
    _ uses: [HandleUse], _ id: FunctionID, _ shared: [String: FoldedTexts], _ result: inout [Built]
  ) {
    var current: [String: FoldedTexts] = [:]
    for use in uses {
      let key = NameWords.lastPart(use.handle)
      guard let verb = use.verb else {
        current[key] = use.tables
        continue
      }
      // What other functions of the file choose on the handle says something only while they agree.
      guard let tables = current[key] ?? shared[key].flatMap({ $0.count == 1 ? $0 : nil }) else { continue }
      for table in tables where isTableName(table.text) || !Hole.indices(in: table.text).isEmpty {
        let isFound = current[key] != nil
        guard isFound || !Hole.contains(table.text) else { continue }
        result.append(
          Built(
            function: id, line: use.line, text: verb.statement(table: table.text, columns: []), inLoop: use.inLoop,
            isAssumed: !isFound, columns: use.columns, callee: use.callee))
      }
    }
  }

  /// `db_insert(h, "invoice")`: a verb, a declared table among the arguments, and a sign that both are about tables.
  /// `storage.load()`: the same for an object of the system that was made with one table.
  private func directUses(
    _ trace: FunctionTrace, _ id: FunctionID, _ symbols: SymbolTable, _ result: inout [Built]
  ) {
    for call in trace.calls {
      // A text that grows is no table, whatever is put behind it.
      guard let verb = AccessVerb(callee: call.callee), !TextPassing.isAppending(call.callee) else { continue }
      let words = Set(NameWords.split(NameWords.lastPart(call.callee)))
      let isAboutData = !words.isDisjoint(with: Self.dataWords)
      // `store_table(context, name)` keeps a name, `create_table` makes a table.
      let movesRows = !words.isDisjoint(with: Self.movingWords)
      let onlyNamesTable =
        words.contains("table") && !isAboutData && verb != .read
        && AccessVerb(handleCallee: call.callee) == nil
      for text in call.arguments.joined() where declared.contains(text.text.lowercased()) && !onlyNamesTable {
        let isAboutTables = isAboutData || words.contains("table")
        guard isAboutTables || Self.isNamedAfterTables(text) || (movesRows && NameWords.isStorage(text.origin)) else {
          continue
        }
        result.append(
          Built(
            function: id, line: call.line, text: verb.statement(table: text.text, columns: []), inLoop: call.inLoop,
            isAssumed: !isAboutTables && Self.isNamedAfterTables(text), callee: call.hasReceiver ? "" : call.callee))
      }
      guard movesRows else { continue }
      let tables = call.receiver.filter { declared.contains($0.text.lowercased()) && NameWords.isStorage($0.origin) }
      if let table = tables.first, tables.count == 1 {
        result.append(
          Built(
            function: id, line: call.line, text: verb.statement(table: table.text, columns: []), inLoop: call.inLoop,
            isAssumed: false))
      }
    }
  }

  private static func isNamedAfterTables(_ text: FoldedText) -> Bool {
    NameWords.split(text.origin).contains { $0 == "table" || $0 == "tbl" || $0 == "tab" }
  }

  private func isTableName(_ text: String) -> Bool {
    !text.isEmpty && text.utf8.count <= 128
      && text.utf8.allSatisfy { byte in
        (byte >= UInt8(ascii: "a") && byte <= UInt8(ascii: "z"))
          || (byte >= UInt8(ascii: "A") && byte <= UInt8(ascii: "Z"))
          || (byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9")) || byte == UInt8(ascii: "_")
          || byte == UInt8(ascii: ".")
          || byte == UInt8(ascii: "$")
      }
  }
}
