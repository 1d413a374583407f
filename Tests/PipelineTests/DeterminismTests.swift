import Foundation
import Pipeline
import Reporting
import Testing

@Suite("The same bytes every time")
struct DeterminismTests {
  @Test(arguments: ["billing", "webshop"])
  func anyNumberOfJobsAnyPathAnyRun(monolith: String) async throws {
    let scratch = try Scratch()
    let copy = scratch.path + "/elsewhere/" + monolith
    try FileManager.default.createDirectory(atPath: scratch.path + "/elsewhere", withIntermediateDirectories: true)
    try FileManager.default.copyItem(atPath: monoliths + "/" + monolith, toPath: copy)
    let one = try await analyze(monoliths + "/" + monolith, state: scratch.path + "/1", jobs: 1)
    let two = try await analyze(copy, state: scratch.path + "/2", jobs: 2)
    let again = try await analyze(copy, state: scratch.path + "/2", jobs: 2)
    #expect(one.jsonText == two.jsonText)
    #expect(one.jsonText == again.jsonText)
    #expect(!one.jsonText.contains(scratch.path))
  }

  @Test func compileDatabaseChangesNoAccess() async throws {
    let scratch = try Scratch()
    let shop = monoliths + "/webshop"
    let sources = try #require(FileManager.default.enumerator(atPath: shop + "/src")).compactMap { $0 as? String }
      .filter { $0.hasSuffix(".cpp") }.sorted()
    let entries = sources.map { source in
      """
      {"directory": "\(shop)", "file": "src/\(source)",
       "arguments": ["c++", "-std=c++17", "-Isrc", "-Ithird_party", "-c", "src/\(source)"]}
      """
    }
    let database = try scratch.write("[\(entries.joined(separator: ",\n"))]", to: "compile_commands.json")
    let parsed = try await analyze(shop, state: scratch.path + "/parsed", compileDatabase: database)
    let again = try await analyze(shop, state: scratch.path + "/again", jobs: 1, compileDatabase: database)
    let tokens = try await analyze(shop, state: scratch.path + "/tokens")
    #expect(parsed.jsonText == again.jsonText)
    let places = { (report: Report) in
      Set(
        try csv(report, .accesses).split(separator: "\n").map {
          $0.split(separator: ",").prefix(4).joined(separator: " ")
        })
    }
    #expect(try places(parsed).symmetricDifference(places(tokens)).sorted() == [])
  }
}
