import Basics
import Facts
import Foundation
import Migration
import Rehearsal
import SQL

/// Schemas that trials run on.
enum TrialSchema {
  private static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()

  /// Files of the fixture monoliths, in order.
  static func files(_ monolith: String, _ names: [String]) -> [String] {
    names.map { root.appendingPathComponent("fixtures/monoliths/\(monolith)/sql/\($0)").path }
  }

  static let billing = files("billing", ["001_core.sql", "002_invoices.sql", "003_payments.sql", "004_later.sql"])
  static let webshop = files(
    "webshop",
    ["schema.sql"]
      + [
        "002_coupons", "003_total_cents", "004_newsletter_mailings", "005_drop_legacy_wishlist",
        "006_stock_reservations",
      ].map { "migrations/\($0).sql" })

  /// Facts that consist of a schema alone.
  static func system(_ files: [String], _ engine: PlanEngine) throws -> SystemFacts {
    var reader = SchemaReader(engine: engine == .postgres ? .postgres : .mysql)
    for file in files { reader.read(try String(contentsOfFile: file, encoding: .utf8), file: RepoPath(file)) }
    var system = SystemFacts()
    system.catalog = reader.catalog()
    return system
  }

  /// Facts of code that runs `statements`, one function each; statements joined by `;` share a function.
  static func system(_ files: [String], _ engine: PlanEngine, statements: [String]) throws -> SystemFacts {
    var system = try system(files, engine)
    let reader = SQLReader(engine: nil)
    var number = 0
    for (unit, text) in statements.enumerated() {
      let span = SourceSpan(file: RepoPath("src/app.c"), line: unit + 1)
      system.units.append(CodeUnit(kind: .function, name: "f\(unit)", span: span))
      for statement in text.split(separator: ";") {
        number += 1
        system.statementTexts[number] = String(statement)
        for access in reader.statements(in: String(statement)).flatMap(\.accesses) {
          system.accesses.append(
            Access(
              unit: unit, table: access.table, isDeclared: true, operation: access.operation, span: span,
              confidence: .exact, via: "literal", columns: access.columns, inLoop: false, statement: number))
        }
      }
    }
    return system
  }

  /// A trial of a schema.
  static func request(_ files: [String], _ engine: PlanEngine, system: SystemFacts? = nil) throws -> TrialRequest {
    TrialRequest(
      engine: engine, system: try system ?? self.system(files, engine), schema: files, database: "monolith",
      scratchRoot: FileManager.default.isWritableFile(atPath: "/dev/shm") ? "/dev/shm" : NSTemporaryDirectory(),
      worker: [try worker()])
  }

  /// The program beside the test bundle that becomes the processes of a trial.
  static func worker() throws -> String {
    let bundle = URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent()
    let candidates = [bundle, URL(fileURLWithPath: FileManager.default.currentDirectoryPath + "/.build/debug")]
      .map { $0.appendingPathComponent("RehearsalWorker").path }
    guard let found = candidates.first(where: FileManager.default.isExecutableFile) else {
      throw MachineError(description: "RehearsalWorker was not built: swift build --build-tests")
    }
    return found
  }
}
