import Facts
import SQL

/// Recognises functions that build a statement from a table name and a verb: `use_table(handle, table)` followed by
/// `insert(handle, …)`, or `db_delete(db, "invoice", …)`. Learned from names and arguments, not from a list of libraries.
struct TableBuilderRecognizer {
  let declared: Set<String>
  let cache: StatementCache

  /// A statement made by a builder, with its text so that callers can complete it.
  struct Built {
    var function: FunctionID
    var line: Int
    var text: String
    var inLoop: Bool
    var isAssumed: Bool
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
    var result: [Built] = []
    for (id, trace) in traces {
      handleUses(trace, id, shared[id.file] ?? [:], &result)
      directUses(trace, id, symbols, &result)
    }
    return result
  }

  private func handleUses(
    _ trace: FunctionTrace, _ id: FunctionID, _ shared: [String: FoldedTexts], _ result: inout [Built]
  ) {
    var current: [String: FoldedTexts] = [:]
    for use in trace.handles {
      let key = NameWords.lastPart(use.handle)
      guard let verb = use.verb else {
        current[key] = use.tables
        continue
      }
      guard let tables = current[key] ?? shared[key] else { continue }
      for table in tables where isTableName(table.text) || !Hole.indices(in: table.text).isEmpty {
        let isFound = current[key] != nil
        guard isFound || !Hole.contains(table.text) else { continue }
        result.append(
          Built(
            function: id, line: use.line, text: verb.statement(table: table.text, columns: []), inLoop: use.inLoop,
            isAssumed: !isFound))
      }
    }
  }

  /// `db_insert(h, "invoice")`: a verb, a declared table among the arguments, and a sign that both are about tables.
  private func directUses(
    _ trace: FunctionTrace, _ id: FunctionID, _ symbols: SymbolTable, _ result: inout [Built]
  ) {
    for call in trace.calls {
      guard let verb = AccessVerb(callee: call.callee) else { continue }
      let words = Set(NameWords.split(NameWords.lastPart(call.callee)))
      let isAboutTables = !words.isDisjoint(with: ["table", "db", "sql", "row", "rows", "record", "records", "dao"])
      for text in call.arguments.joined() where declared.contains(text.text.lowercased()) {
        let originWords = Set(NameWords.split(text.origin))
        guard isAboutTables || !originWords.isDisjoint(with: ["table", "tbl", "tab"]) else { continue }
        result.append(
          Built(
            function: id, line: call.line, text: verb.statement(table: text.text, columns: []), inLoop: call.inLoop,
            isAssumed: !isAboutTables))
      }
    }
  }

  private func isTableName(_ text: String) -> Bool {
    !text.isEmpty && text.utf8.count <= 128
      && text.utf8.allSatisfy { byte in
        (byte >= UInt8(ascii: "a") && byte <= UInt8(ascii: "z")) || (byte >= UInt8(ascii: "A") && byte <= UInt8(ascii: "Z"))
          || (byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9")) || byte == UInt8(ascii: "_") || byte == UInt8(ascii: ".")
          || byte == UInt8(ascii: "$")
      }
  }
}
