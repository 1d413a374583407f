import Foundation
import Testing

/// The built program, run as users run it.
struct Program {
  struct Outcome {
    var code: Int32
    var output: String
    var errors: String
  }

  /// `cleave` lies beside the test bundle.
  private static var path: String {
    get throws {
      let bundle = URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent()
      let candidates = [bundle, URL(fileURLWithPath: FileManager.default.currentDirectoryPath + "/.build/debug")]
        .map { $0.appendingPathComponent("cleave").path }
      return try #require(candidates.first { FileManager.default.isExecutableFile(atPath: $0) })
    }
  }

  static func run(_ arguments: [String]) throws -> Outcome {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: try path)
    process.arguments = arguments
    let (output, errors) = (Pipe(), Pipe())
    process.standardOutput = output
    process.standardError = errors
    process.standardInput = FileHandle.nullDevice
    try process.run()
    // The tests below write little to standard error, so reading one after the other cannot block.
    let text = output.fileHandleForReading.readDataToEndOfFile()
    let complaint = errors.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return Outcome(
      code: process.terminationStatus, output: String(decoding: text, as: UTF8.self),
      errors: String(decoding: complaint, as: UTF8.self))
  }
}

private let shop = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
  .deletingLastPathComponent().appendingPathComponent("fixtures/monoliths/webshop").path

@Suite("The program from outside")
struct CommandTests {
  private func state() -> String {
    FileManager.default.temporaryDirectory.appendingPathComponent("cleave-command-\(UUID().uuidString)").path
  }

  /// The headers other programs parse.
  @Test(arguments: [
    ("tables", "table,columns,primary_key,foreign_keys,source"),
    ("columns", "table,ordinal,column,type,nullable"),
    ("accesses", "file,function,table,op,line,confidence,via,columns"),
    ("services", "service,kind,member"),
    ("owners", "table,service,margin,runner_up,ownership,resolution,writers,readers"),
    ("seams", "kind,from,to,table,file,line,rule,recommendation"),
  ])
  func headers(command: String, header: String) throws {
    let folder = state()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let outcome = try Program.run([command, shop, "--state-dir", folder, "--format", "csv", "--quiet"])
    #expect(outcome.code == 0)
    #expect(outcome.output.split(separator: "\n").first.map(String.init) == header)
    #expect(outcome.output.split(separator: "\n").count > 5)
    #expect(outcome.errors == "")
  }

  @Test func analyzeLeavesAReportThatOtherCommandsRender() throws {
    let folder = state()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let analyzed = try Program.run(["analyze", shop, "--state-dir", folder, "--format", "json", "--quiet"])
    #expect(analyzed.code == 0)
    let saved = try String(contentsOfFile: folder + "/report.json", encoding: .utf8)
    #expect(analyzed.output.contains("\"schemaVersion\":1"))
    #expect(saved.contains("\"schemaVersion\":1"))
    let rendered = try Program.run(["owners", "--report", folder + "/report.json", "--format", "csv"])
    let fresh = try Program.run(["owners", shop, "--state-dir", folder, "--format", "csv", "--quiet"])
    #expect(rendered.output == fresh.output)
    #expect(!FileManager.default.fileExists(atPath: shop + "/.cleave"))
  }

  @Test(arguments: [
    ("analyze --no-such-option", 2), ("no-such-command", 2), ("analyze /no/such/folder", 2),
    ("graph . --level galaxy", 2), ("--help", 0), ("plan --help", 0), ("--version", 0),
  ])
  func exitCodes(line: String, code: Int) throws {
    #expect(try Program.run(line.split(separator: " ").map(String.init)).code == Int32(code))
  }

  @Test func nothingToAnalyzeIsThree() throws {
    let folder = state()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    #expect(try Program.run(["analyze", folder]).code == 3)
  }

  @Test func poorlyUnderstoodIsFour() throws {
    let folder = state()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let outcome = try Program.run(["analyze", shop, "--state-dir", folder, "--quiet", "--min-coverage", "100"])
    #expect(outcome.code == 4)
    #expect(outcome.errors.contains("--min-coverage"))
  }

  @Test func explainNamesEvidenceAndNearMatches() throws {
    let folder = state()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let known = try Program.run(["explain", "orders", shop, "--state-dir", folder, "--quiet"])
    #expect(known.code == 0)
    #expect(known.output.contains("src/checkout/"))
    let unknown = try Program.run(["explain", "order", shop, "--state-dir", folder, "--quiet"])
    #expect(unknown.code == 2)
    #expect(unknown.errors.contains("orders"))
  }

  @Test func evaluateComparesOwnersAndSplits() throws {
    let folder = state()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let arguments = [shop, "--state-dir", folder, "--quiet", "--format", "csv"]
    let (owners, split) = (folder + "/owners.csv", folder + "/split.csv")
    try Program.run(["owners"] + arguments).output.write(toFile: owners, atomically: true, encoding: .utf8)
    try Program.run(["services"] + arguments).output.write(toFile: split, atomically: true, encoding: .utf8)
    let own = try Program.run(["evaluate", shop, "--state-dir", folder, "--quiet", "--truth", owners])
    #expect(own.code == 0)
    let figures = try #require(JSONSerialization.jsonObject(with: Data(own.output.utf8)) as? [String: Double])
    #expect(
      Set(figures.keys) == [
        "ari", "v_measure", "homogeneity", "completeness", "pair_precision", "pair_recall", "pair_f1", "mojofm",
        "common", "owned", "truth_services", "found_services",
      ])
    #expect(figures["ari"] == 1 && figures["mojofm"] == 1 && figures["owned"] == 1)
    #expect(try Program.run(["evaluate", "--truth", owners, "--assignment", split]).output == own.output)
    #expect(try Program.run(["evaluate", "--truth", folder + "/none.csv", "--assignment", split]).code == 2)
  }

  @Test func benchSetsTheProposalBesideOthers() throws {
    let folder = state()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let outcome = try Program.run([
      "bench", "decomposition", shop, "--state-dir", folder, "--quiet", "--format", "csv",
    ])
    #expect(outcome.code == 0)
    let lines = outcome.output.split(separator: "\n").map { $0.split(separator: ",", omittingEmptySubsequences: false) }
    #expect(lines.prefix(3).map { $0.first } == ["partition", "cleave", "one_service"])
    #expect(lines.count > 9)
    #expect(Set(lines.map(\.count)).count == 1)
    let planted = try Program.run([
      "bench", "decomposition", "--planted", "--groups", "20", "--nodes", "800", "--edges", "8000", "--format", "json",
    ])
    let rows = try #require(JSONSerialization.jsonObject(with: Data(planted.output.utf8)) as? [[String: Any]])
    #expect(rows.contains { $0["method"] as? String == "leiden_cpm" && ($0["ari"] as? Double ?? 0) > 0.99 })
    #expect(try Program.run(["bench", "decomposition", "--planted", "--mixing", "2"]).code == 2)
  }

  @Test func whatIfShowsWhatBreaksAndRefusesUnknownNames() throws {
    let folder = state()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let run = { (arguments: [String]) in
      try Program.run(["whatif", shop, "--state-dir", folder, "--quiet"] + arguments)
    }
    let tried = try run(["--move", "table=refunds:checkout"])
    #expect(tried.code == 0)
    #expect(tried.output.contains("refunds: payment → checkout"))
    #expect(tried.output.contains("src/payment/Payment.cpp:"))
    #expect(tried.output.contains("modularity"))
    let unknown = try run(["--move", "table=refund:checkout"])
    #expect(unknown.code == 2 && unknown.errors.contains("refunds"))
    let nowhere = try run(["--move", "table=refunds:chekout"])
    #expect(nowhere.code == 2 && nowhere.errors.contains("checkout"))
    #expect(try run([]).code == 2)
    #expect(!FileManager.default.fileExists(atPath: shop + "/cleave.yml"))
  }

  @Test func explainNamesWhatHoldsAServiceTogether() throws {
    let folder = state()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let outcome = try Program.run(["explain", "checkout", shop, "--state-dir", folder, "--quiet"])
    #expect(outcome.code == 0)
    #expect(outcome.output.contains("nearest neighbour: "))
    #expect(outcome.output.contains("seams"))
  }

  @Test func brokenDecisionsAreWrongUsage() throws {
    let folder = state()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    let file = folder + "/decisions.yml"
    try "pin:\n  - {table: orders\n".write(toFile: file, atomically: true, encoding: .utf8)
    let outcome = try Program.run(["owners", shop, "--state-dir", folder, "--config", file, "--quiet"])
    #expect(outcome.code == 2)
    #expect(outcome.errors.contains("decisions.yml:"))
    #expect(try Program.run(["config", "--schema"]).output.hasPrefix("{"))
    #expect(try Program.run(["config"]).code == 2)
  }

  @Test func graphAsSVG() throws {
    let folder = state()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let outcome = try Program.run(["graph", shop, "--state-dir", folder, "--format", "svg", "--quiet"])
    #expect(outcome.code == 0)
    #expect(outcome.output.contains("<svg"))
  }

  @Test func unsupportedChoiceSaysWhatToChoose() throws {
    let folder = state()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let outcome = try Program.run(
      [
        "plan", shop, "--state-dir", folder, "--out", folder + "/plan", "--engine", "postgres", "--cdc", "canal",
        "--quiet",
      ])
    #expect(outcome.code == 2)
    #expect(outcome.errors.contains("debezium"))
    #expect(!FileManager.default.fileExists(atPath: folder + "/plan"))
  }

  @Test func layersAreWeighedAndSwitchedOff() throws {
    let folder = state()
    let common = ["services", shop, "--state-dir", folder, "--quiet", "--format", "csv"]
    let all = try Program.run(common + ["--explain-weights"])
    #expect(all.code == 0)
    #expect(all.output.hasPrefix("layer,pairs,weight,share,inside,owners_without,source\n"))
    #expect(all.output.contains("\nwrite,") && all.output.contains("\ncall,"))
    let less = try Program.run(common + ["--explain-weights", "--weight", "call=0"])
    #expect(less.output.contains("\nwrite,") && !less.output.contains("\ncall,"))
    let unknown = try Program.run(common + ["--weight", "calls=0"])
    #expect(unknown.code == 2 && unknown.errors.contains("calls=0"))
    #expect(try Program.run(common + ["--weight", "calls"]).code == 2)
  }
}
