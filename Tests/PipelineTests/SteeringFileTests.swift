import Foundation
import Pipeline
import Reporting
import Testing

/// `cleave.yml` from the file to the report, on the web shop.
@Suite struct SteeringFileTests {
  private static let shop = monoliths + "/webshop"

  private func request(_ scratch: Scratch, _ text: String?) throws -> AnalysisRequest {
    var request = AnalysisRequest(repository: Self.shop)
    request.stateDirectory = scratch.path + "/state"
    request.steeringFile = try text.map { try scratch.write($0, to: "cleave.yml") }
    return request
  }

  private func owner(_ table: String, _ report: Report) -> String {
    report.owners.first { $0.table == table }?.service ?? ""
  }

  @Test func decisionsAreObeyedAndPriced() async throws {
    let scratch = try Scratch()
    let report = try await Workbench.analyze(
      request(
        scratch,
        """
        pin:
          - tables: [payments, refunds]
            to: checkout
            because: one team
        must-link:
          - [cart*]
        cannot-link:
          - [orders, coupons]
        names:
          products: assortment
        ignore:
          - table: newsletter_*
        shared:
          - settings
        code:
          exclude: [src/review/**]
        weights:
          foreign-key: 3
          co-change: 0
          same package: 0.5
        dialect: mysql
        """))
    #expect(owner("payments", report) == "checkout" && owner("refunds", report) == "checkout")
    #expect(owner("orders", report) != owner("coupons", report))
    #expect(owner("products", report) == "assortment")
    #expect(owner("settings", report) == Report.sharedName)
    #expect(!report.tables.contains { $0.name.hasPrefix("newsletter") })
    #expect(!report.code.files.contains { $0.hasPrefix("src/review/") })
    #expect(!report.diagnostics.contains { $0.code.hasPrefix("steering") })
    #expect(report.constraints.map(\.section) == ["pin", "must-link", "cannot-link", "names", "ignore", "shared"])
    #expect(report.constraints.allSatisfy { $0.isObeyed })
    #expect(report.constraints[0].isPriced && report.constraints[0].place.line == 2)
    let again = try Report(json: Array(report.jsonText.utf8))
    #expect(again == report)
  }

  @Test func changedDecisionsAreSeen() async throws {
    let scratch = try Scratch()
    let first = try await Workbench.analyze(request(scratch, "pin:\n  - {table: refunds, to: checkout}\n"))
    let second = try await Workbench.analyze(request(scratch, "pin:\n  - {table: refunds, to: cart}\n"))
    #expect(owner("refunds", first) == "checkout" && owner("refunds", second) == "cart")
  }

  @Test(arguments: [
    ("pim:\n  - {table: orders, to: checkout}\n", "steering-unknown-key", 1, "pin"),
    ("pin:\n  - {tabel: orders, to: checkout}\n", "steering-unknown-key", 2, "table"),
    ("pin:\n  orders: checkout\n", "steering-wrong-type", 1, ""),
    ("must-link:\n  - [orders]\n", "steering-wrong-type", 2, "two"),
    ("pin:\n\n  - {table: orders}\n", "steering-wrong-type", 3, "to"),
    ("pin:\n  - {table: ordes, to: checkout}\n", "steering-no-match", 2, "orders"),
    ("pin:\n  - {table: orders, to: Check out}\n", "steering-bad-name", 2, "check-out"),
    ("services: many\n", "steering-wrong-type", 1, ""),
    ("services: {min: 5, max: 2}\n", "steering-contradiction", 1, "min"),
    ("weights: {wrte: 3}\n", "steering-unknown-key", 1, "write"),
    ("weights: {write: -3}\n", "steering-wrong-type", 1, ""),
    ("dialect: postgress\n", "steering-unknown-key", 1, "postgres"),
    ("ignore:\n  - tmp_*\n", "steering-no-match", 2, ""),
    ("- pin\n", "steering-wrong-type", 1, ""),
  ])
  func complaints(text: String, code: String, line: Int, next: String) async throws {
    let scratch = try Scratch()
    let report = try await Workbench.analyze(request(scratch, text))
    let found = report.diagnostics.filter { $0.code.hasPrefix("steering") }
    #expect(found.map(\.code).contains(code))
    #expect(
      found.contains {
        $0.code == code && $0.line == line && $0.file.hasSuffix("cleave.yml")
          && (next.isEmpty || $0.nextStep.contains(next))
      })
  }

  @Test func brokenFileIsAnErrorWithItsPlace() async throws {
    let scratch = try Scratch()
    do {
      _ = try await Workbench.analyze(request(scratch, "pin:\n  - {table: orders\n to: x\n"))
      Issue.record("the file was read")
    } catch PipelineError.steeringUnreadable(_, let line, _) {
      #expect(line > 0)
    }
    await #expect(throws: PipelineError.self) {
      var missing = AnalysisRequest(repository: Self.shop)
      missing.stateDirectory = scratch.path + "/state"
      missing.steeringFile = scratch.path + "/none.yml"
      _ = try await Workbench.analyze(missing)
    }
  }

  @Test func whatIfSavesAndKeepsTheRest() async throws {
    let scratch = try Scratch()
    let base = try request(scratch, "# ours\nnames:\n  products: assortment   # as the shop says\n")
    var wanted = WhatIfRequest()
    wanted.changes = [("--move", "table=refunds:checkout"), ("--rename", "cart:basket")]
    wanted.because = "tried"
    wanted.isSaved = true
    let answer = try await Workbench.whatIf(base, wanted)
    #expect(answer.tables.map(\.text).contains("refunds: payment → checkout"))
    #expect(!answer.newSeams.isEmpty && !answer.planAdded.isEmpty)
    #expect(answer.newSeams.allSatisfy { $0.seams.allSatisfy { $0.line > 0 } })
    let text = try String(contentsOfFile: scratch.path + "/cleave.yml", encoding: .utf8)
    #expect(text.hasPrefix("# ours\nnames:\n  products: assortment   # as the shop says\n"))
    let report = try await Workbench.analyze(base)
    #expect(owner("refunds", report) == "checkout" && owner("carts", report) == "basket")
    #expect(report.services.map(\.name).contains("assortment"))
  }

  @Test func importedSplitStandsBesideTheProposal() async throws {
    let scratch = try Scratch()
    var base = try request(scratch, nil)
    let found = try await Workbench.analyze(base)
    base.assignment = try scratch.write(
      "table,service\n" + found.tables.map { "\($0.name),\($0.name < "n" ? "left" : "right")\n" }.joined(),
      to: "split.csv")
    let judged = try await Workbench.analyze(base)
    #expect(judged.services.map(\.name) == ["left", "right"])
    #expect(
      judged.comparison.figures.contains {
        $0.name == "services" && $0.before == Double(found.services.count) && $0.after == 2
      })
    // What cleave itself exports is taken as it is.
    base.assignment = try scratch.write(csv(found, .services), to: "own.csv")
    let own = try await Workbench.analyze(base)
    #expect(own.owners.map(\.service) == found.owners.map(\.service))
    #expect(own.services == found.services)
    base.assignment = try scratch.write("a,b\n1,2\n", to: "bad.csv")
    let bad = base
    await #expect(throws: PipelineError.self) { _ = try await Workbench.analyze(bad) }
  }

  @Test func exampleIsNeverWrittenOver() throws {
    let scratch = try Scratch()
    let path = try Workbench.writeSteeringExample(in: scratch.path)
    #expect(try String(contentsOfFile: path, encoding: .utf8).contains("must-link:"))
    #expect(throws: PipelineError.self) { try Workbench.writeSteeringExample(in: scratch.path) }
  }

  /// The example in the file is what the reader understands.
  @Test func exampleWithoutCommentMarksHasNoComplaints() async throws {
    let scratch = try Scratch()
    let path = try Workbench.writeSteeringExample(in: scratch.path)
    let text = try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n").map { line in
      line.hasPrefix("# ") && (line.contains(":") || line.contains("- ")) && !line.hasSuffix(".") && !line.contains("`")
        ? String(line.dropFirst(2)) : String(line)
    }.filter { !$0.hasPrefix("code:") && !$0.hasPrefix("schema:") && !$0.contains("clude:") }
    let report = try await Workbench.analyze(request(scratch, text.joined(separator: "\n")))
    let complaints = report.diagnostics.filter { $0.code.hasPrefix("steering") && $0.code != "steering-no-match" }
    #expect(complaints == [])
  }

  @Test func schemaIsJSON() throws {
    let value = try JSONSerialization.jsonObject(with: Data(Workbench.steeringSchema.utf8))
    let properties = try #require((value as? [String: Any])?["properties"] as? [String: Any])
    #expect(
      properties.keys.sorted() == [
        "cannot-link", "code", "dialect", "ignore", "must-link", "names", "pin", "schema", "services", "shared",
        "tables-per-service", "weights",
      ])
  }
}
