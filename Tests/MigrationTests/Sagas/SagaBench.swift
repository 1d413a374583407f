import Foundation
import Migration

/// Plays the participants of a saga on a real server, with the statements of its document.
final class SagaBench {
  /// One statement of the business code and the rows it changes, as table and values of the key.
  struct Work {
    let table: String
    let key: [String]
    let sql: String
  }

  let stage: Stage
  /// Nil for documents of reservations, which Seata drives itself.
  let machine: StateLanguage?
  let document: JSONNode
  /// What each step does, by its number.
  let work: [Int: [Work]]
  private(set) var calls = 0

  /// How a step is taken back: `compensate` in a saga, `cancel` of a reservation.
  private let back: String

  init(stage: Stage, saga: String, kind: String = "saga", work: [Int: [Work]]) throws {
    self.stage = stage
    self.work = work
    func file(_ ending: String) throws -> String {
      let all = stage.plan.groups.flatMap(\.steps).flatMap(\.artifacts)
      guard let found = all.first(where: { $0.path.hasSuffix("/\(kind)-\(saga).\(ending)") }) else {
        throw CommandFailure(description: "no \(kind)-\(saga).\(ending)")
      }
      return found.contents
    }
    back = kind == "saga" ? "compensate" : "cancel"
    machine = kind == "saga" ? try StateLanguage(json: try file("json")) : nil
    let (node, problem) = YAMLReader.read(try file("yaml"))
    guard let node else { throw CommandFailure(description: problem ?? "empty") }
    document = JSONNode(node)
  }

  private func step(_ number: Int) -> JSONNode {
    document["steps"]!.items.first { $0["number"]?.asNumber == number }!
  }

  /// Fills in the parameters; the last key first, as `:key_1` begins `:key_10`.
  private func filled(_ sql: String, saga: String, key: [String] = []) -> String {
    var text = sql.replacingOccurrences(of: ":saga_id", with: "'\(saga)'")
    for (number, value) in key.enumerated().reversed() {
      text = text.replacingOccurrences(of: ":key_\(number + 1)", with: value)
    }
    return text.hasSuffix(";") ? text : text + ";"
  }

  private func run(_ statements: [String]) throws -> String {
    calls += 1
    return try stage.server.sql(statements.joined(separator: "\n"), database: stage.source)
  }

  /// The state of a step in the log: empty, `done` or `compensated`.
  private func state(_ number: Int, saga: String) throws -> String {
    let lock = step(number)["onSource"]![back]!["lock"]!.asText!
    return try run(["BEGIN;", filled(lock, saga: saga), "COMMIT;"])
  }

  /// The local transaction of a step: true when it is done now or was before, false when it was closed.
  func forward(_ number: Int, saga: String) throws -> Bool {
    switch try state(number, saga: saga) {
    case "done": return true
    case "compensated": return false
    default: break
    }
    let sql = step(number)["onSource"]!
    var statements = ["BEGIN;", filled(sql["claim"]!.asText!, saga: saga)]
    for work in self.work[number] ?? [] {
      let around = sql["aroundEachRow"]!.items.first { $0["table"]?.asText == work.table }
      if let around { statements.append(filled(around["before"]!.asText!, saga: saga, key: work.key)) }
      statements.append(work.sql)
      for after in around?["after"]!.items ?? [] { statements.append(filled(after.asText!, saga: saga, key: work.key)) }
    }
    _ = try run(statements + ["COMMIT;"])
    return true
  }

  /// The step says no and remembers it, so that a late repetition is not taken for the first call.
  func refuse(_ number: Int, saga: String) throws -> Bool {
    _ = try run([filled(step(number)["onSource"]!["whenItRefuses"]!.asText!, saga: saga)])
    return false
  }

  /// Takes a step back; false when somebody else has changed the rows since.
  func undo(_ number: Int, saga: String) throws -> Bool {
    let sql = step(number)["onSource"]![back]!
    let undo = sql["undo"]!.items
    let checks = undo.flatMap { $0["mustCountZero"]!.items }.map { filled($0.asText!, saga: saga) }
    let close = ["BEGIN;", filled(sql["close"]!.asText!, saga: saga)]
    let counts = try run(close + checks + ["COMMIT;"]).split(separator: "\n")
    guard counts.allSatisfy({ $0 == "0" }) else { return false }
    let statements = undo.flatMap { $0["statements"]!.items }.map { filled($0.asText!, saga: saga) }
    _ = try run(["BEGIN;"] + statements + [filled(sql["finish"]!.asText!, saga: saga), "COMMIT;"])
    return true
  }

  /// Ends a reservation for good.
  func confirm(_ number: Int, saga: String) throws {
    let statements = step(number)["onSource"]!["confirm"]!.items.map { filled($0.asText!, saga: saga) }
    _ = try run(["BEGIN;"] + statements + ["COMMIT;"])
  }

  /// What is taken and not yet confirmed or given back.
  func reserved(_ number: Int) throws -> String {
    try run(step(number)["onSource"]!["reservedNow"]!.items.map { filled($0.asText!, saga: "") })
  }

  /// All rows of the tables the saga writes.
  func rows() throws -> String {
    let tables = Set(work.values.flatMap { $0 }.map(\.table)).sorted()
    let queries = tables.map { "SELECT * FROM \(stage.old($0)) ORDER BY 1, 2;" }
    return try run(queries)
  }

  /// The rows after the same statements in one transaction, which is rolled back.
  func rowsAfterAll() throws -> String {
    let tables = Set(work.values.flatMap { $0 }.map(\.table)).sorted()
    let statements = work.keys.sorted().flatMap { work[$0] ?? [] }.map(\.sql)
    return try run(
      ["BEGIN;"] + statements + tables.map { "SELECT * FROM \(stage.old($0)) ORDER BY 1, 2;" } + ["ROLLBACK;"])
  }

  var steps: [Int] { document["steps"]!.items.compactMap { $0["number"]?.asNumber } }
}
