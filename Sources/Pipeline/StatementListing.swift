import Basics
import Facts
package import Foundation
import SQL

/// What is read out of single statements: for comparison with other parsers, and to measure the reader alone.
package enum StatementListing {
  /// Reads lines of JSON `{"sql": "…"}` and answers each with a line: tables read, written and defined, what is called,
  /// and whether every statement of the text was understood.
  ///
  /// `dialect` is the name of an engine family; nil for any other name than `any`.
  package static func lines(_ input: Data, dialect: String) -> String? {
    let engine = EngineFamily(rawValue: dialect)
    guard engine != nil || dialect == "any" else { return nil }
    let reader = SQLReader(engine: engine)
    var output = ""
    for line in input.split(separator: UInt8(ascii: "\n")) {
      guard let text = text(of: line) else {
        output += "{}\n"
        continue
      }
      output += answer(reader.statements(in: text))
    }
    return output
  }

  /// Reads all texts `repeats` times and tells how many statements that were and how many seconds of CPU it took.
  package static func measure(_ input: Data, dialect: String, repeats: Int) -> String? {
    let engine = EngineFamily(rawValue: dialect)
    guard engine != nil || dialect == "any" else { return nil }
    let texts = input.split(separator: UInt8(ascii: "\n")).compactMap { text(of: $0) }
    let reader = SQLReader(engine: engine)
    var count = 0
    let start = ThreadClock.seconds
    for _ in 0..<repeats { for text in texts { count += reader.statements(in: text).count } }
    let seconds = ThreadClock.seconds - start
    return "\(count) statements in \(seconds) s: \(Int(Double(count) / max(seconds, 1e-9))) a second\n"
  }

  private static func text(of line: Data) -> String? {
    let object = try? JSONSerialization.jsonObject(with: line) as? [String: String]
    return object?["sql"]
  }

  private static func answer(_ statements: [SQLStatement]) -> String {
    var tables: [AccessOperation: Set<String>] = [:]
    for access in statements.flatMap(\.accesses) { tables[access.operation, default: []].insert(access.table.key) }
    let isUnderstood = !statements.isEmpty && statements.allSatisfy(\.isUnderstood)
    let fields = AccessOperation.allCases.map { operation in
      "\"\(operation.rawValue)\":\(list((tables[operation] ?? []).sorted()))"
    }
    let calls = Set(statements.flatMap(\.calls)).sorted()
    return "{\(fields.joined(separator: ",")),\"calls\":\(list(calls)),\"understood\":\(isUnderstood),"
      + "\"statements\":\(statements.count)}\n"
  }

  private static func list(_ names: [String]) -> String {
    let data = (try? JSONSerialization.data(withJSONObject: names)) ?? Data("[]".utf8)
    return String(decoding: data, as: UTF8.self)
  }
}
