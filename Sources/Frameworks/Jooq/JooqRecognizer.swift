import Basics
import Facts

/// jOOQ: tables as constants of generated classes, and records that store themselves.
struct JooqRecognizer: FrameworkRecognizer {
  let name = "jOOQ"
  let languages: Set<SourceLanguage> = [.java, .kotlin]

  private static let reading: Set<String> = [
    "selectFrom", "from", "join", "innerJoin", "leftJoin", "leftOuterJoin", "rightJoin", "rightOuterJoin", "fullJoin",
    "fullOuterJoin", "crossJoin", "naturalJoin", "fetch", "fetchOne", "fetchAny", "fetchSingle", "fetchOptional",
    "fetchCount", "fetchExists", "fetchStream", "using", "fetchValue", "leftSemiJoin", "leftAntiJoin",
  ]
  private static let writing: Set<String> = [
    "insertInto", "update", "deleteFrom", "delete", "mergeInto", "truncate", "truncateTable", "loadInto",
    "executeInsert", "executeUpdate", "executeDelete", "batchInsert", "batchUpdate", "batchDelete", "batchStore",
    "batchMerge",
  ]
  private static let storing: Set<String> = ["store", "insert", "update", "delete", "merge"]

  func statements(in system: SystemIndex, model: EntityModel) -> [FrameworkStatement] {
    var found: [FrameworkStatement] = []
    let generated = Self.generatedTables(in: system)
    for (file, facts) in system.files.enumerated() where languages.contains(facts.language) {
      guard facts.imports.contains(where: { $0.path.hasPrefix("org.jooq") }) else { continue }
      for (index, function) in facts.functions.enumerated() {
        var reader = JooqReader(facts: facts, function: function, generated: generated)
        for placed in function.events {
          for (table, operation) in reader.read(placed.event) {
            found.append(
              FrameworkStatement(
                content: .table(table, operation, columns: ["*"]), function: FunctionID(file: file, index: index),
                file: file, line: placed.line, confidence: .exact, via: "jooq"))
          }
        }
      }
    }
    return found
  }

  /// Names of tables as generated classes give them to their constructors, by the constants for those classes.
  private static func generatedTables(in system: SystemIndex) -> [String: String] {
    var found: [String: String] = [:]
    for type in system.types where system.base(of: type, named: ["TableImpl"]) != nil {
      let fact = system.type(type)
      let constants = fact.fields.filter { $0.isStatic && NameWords.lastPart($0.type) == NameWords.lastPart(fact.name) }
      guard let constant = constants.first else { continue }
      for id in system.methods(of: type) where system.symbols.function(id).parameters.isEmpty {
        for case .call(let call) in system.symbols.function(id).events.map(\.event) where call.callee == "this" {
          guard case .call("name", .name(let owner)?, let parts)? = call.arguments.first,
            NameWords.lastPart(owner) == "DSL", let name = parts.last?.literalText, found[constant.name] == nil
          else { continue }
          found[constant.name] = name
        }
      }
    }
    return found
  }

  /// Follows names of tables and records through one function.
  private struct JooqReader {
    private let facts: FileFacts
    private let generated: [String: String]
    /// Variables that stand for a table or for a record of one.
    private var tables: [String: TableName] = [:]
    private var records: [String: TableName] = [:]

    init(facts: FileFacts, function: FunctionFact, generated: [String: String]) {
      self.facts = facts
      self.generated = generated
      for (name, type) in zip(function.parameters, function.parameterTypes) {
        // Several at once: `List<OrderRecord>`.
        if let table = table(ofRecord: TypeName(type).arguments.last ?? type) { records[name] = table }
      }
    }

    mutating func read(_ event: CodeEvent) -> [(TableName, AccessOperation)] {
      switch event {
      case .declare(let name, let type, let value):
        tables[name] = table(value)
        records[name] = table(ofRecord: TypeName(type).arguments.last ?? type) ?? record(value)
        return []
      case .call(let call): return read(call)
      case .assign, .append, .result, .mention, .enterBranch, .nextBranch, .enterLoop, .enterScope, .leave: return []
      }
    }

    private func read(_ call: CallFact) -> [(TableName, AccessOperation)] {
      if JooqRecognizer.storing.contains(call.callee), call.arguments.isEmpty, let receiver = call.receiver {
        if case .name(let name) = receiver, let table = records[name] { return [(table, .write)] }
        return record(receiver).map { [($0, .write)] } ?? []
      }
      guard call.receiver != nil else { return [] }
      if JooqRecognizer.reading.contains(call.callee) {
        let given = call.callee == "from" ? call.arguments : Array(call.arguments.prefix(1))
        return given.compactMap(table).map { ($0, .read) }
      }
      guard JooqRecognizer.writing.contains(call.callee), let first = call.arguments.first else { return [] }
      if let table = table(first) { return [(table, .write)] }
      if case .name(let name) = first, let table = records[name],
        call.callee.hasPrefix("execute") || call.callee.hasPrefix("batch")
      {
        return [(table, .write)]
      }
      return []
    }

    /// The table a value names: `ORDERS`, `Tables.ORDERS.as("o")`, `table("orders")`.
    private func table(_ value: Value) -> TableName? {
      switch value {
      case .name(let name):
        if let known = tables[name] { return known }
        let last = NameWords.lastPart(name)
        guard last.count > 1, last.utf8.allSatisfy({ !($0 >= 97 && $0 <= 122) }),
          last.utf8.contains(where: { $0 >= 65 }),
          isGenerated(name)
        else { return nil }
        return TableName(generated[last] ?? last.lowercased())
      case .call("as", let receiver?, _): return table(receiver)
      case .call("table", _, let arguments):
        switch arguments.first {
        case .text(let text)?: return TableName(text)
        case .call("name", _, let parts)?: return parts.last?.literalText.map { TableName($0) }
        case .literal?, .name?, .type?, .field?, .call?, .join?, .list?, .member?, .either?, .element?, .operation?,
          .closure?, .opaque?, nil:
          return nil
        }
      case .text, .literal, .type, .field, .call, .join, .list, .member, .either, .element, .operation, .closure,
        .opaque:
        return nil
      }
    }

    /// Whether a constant comes from generated code: `Tables.ORDERS`, or an import from such a class.
    private func isGenerated(_ name: String) -> Bool {
      let parts = name.split(separator: ".").map(String.init)
      if parts.count > 1 {
        let owner = parts[parts.count - 2]
        if owner == "Tables" { return true }
        return facts.imports.contains { $0.local == owner && $0.path.contains(".tables.") }
      }
      return facts.imports.contains { fact in
        let isTables = fact.path.hasSuffix("Tables") || fact.path.contains(".tables.") || fact.path.contains(".Tables")
        return isTables && (fact.symbol == "*" || fact.local == name)
      }
    }

    private func record(_ value: Value) -> TableName? {
      guard case .call(let callee, _, let arguments) = value else { return nil }
      switch callee {
      case "newRecord", "fetchOne", "fetchAny", "fetchSingle", "fetchOptional": return arguments.first.flatMap(table)
      default: return table(ofRecord: callee)
      }
    }

    /// `OrderLinesRecord` holds a row of `order_lines`.
    private func table(ofRecord type: String) -> TableName? {
      let last = NameWords.lastPart(type)
      guard last.hasSuffix("Record"), last.utf8.count > 6 else { return nil }
      let words = NameWords.split(String(last.dropLast(6)))
      let name = words.joined(separator: "_")
      return words.isEmpty ? nil : TableName(generated[name.uppercased()] ?? name)
    }
  }
}
