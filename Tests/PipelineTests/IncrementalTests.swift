import Foundation
import Pipeline
import Reporting
import Synchronization
import Testing

/// Counts the files a run reads.
private final class ReadCounter: Sendable {
  private let total = Mutex(0)
  var count: Int { total.withLock { $0 } }

  func note(_ update: ProgressUpdate) {
    guard update.stage == "reading code" else { return }
    total.withLock { $0 = max($0, update.total) }
  }
}

@Suite("Only what changed is read again")
struct IncrementalTests {
  @Test func changedFileAlone() async throws {
    let scratch = try Scratch()
    try scratch.write(smallSchema, to: "repo/schema.sql")
    try scratch.write(smallSource, to: "repo/a.c")
    try scratch.write("int other(void) { return 1; }\n", to: "repo/b.c")
    let state = scratch.path + "/state"
    _ = try await analyze(scratch.path + "/repo", state: state)
    try scratch.write(
      "int run(const char *);\nint other(void) { return run(\"DELETE FROM invoice\"); }\n", to: "repo/b.c")
    let counter = ReadCounter()
    let second = try await analyze(scratch.path + "/repo", state: state) { counter.note($0) }
    #expect(counter.count == 1)
    let fresh = try await analyze(scratch.path + "/repo", state: scratch.path + "/fresh")
    #expect(second.jsonText == fresh.jsonText)
    #expect(second.accesses.count == 2)
  }

  @Test func changedHeaderReadsItsUnitsAgain() async throws {
    let scratch = try Scratch()
    try scratch.write(smallSchema, to: "repo/schema.sql")
    try scratch.write("#define TABLE \"invoice\"\n", to: "repo/names.h")
    try scratch.write(
      "#include \"names.h\"\nint run(const char *);\nint pay(void) { return run(\"DELETE FROM \" TABLE); }\n",
      to: "repo/a.c")
    let database = try scratch.write(
      "[{\"directory\": \"\(scratch.path)/repo\", \"file\": \"a.c\", \"command\": \"cc -c a.c\"}]",
      to: "db/compile_commands.json")
    let state = scratch.path + "/state"
    let first = try await analyze(scratch.path + "/repo", state: state, compileDatabase: database)
    #expect(first.accesses.map(\.table) == ["invoice"])
    try scratch.write("#define TABLE \"payment\"\n", to: "repo/names.h")
    let second = try await analyze(scratch.path + "/repo", state: state, compileDatabase: database)
    #expect(second.accesses.map(\.table) == ["payment"])
  }

  @Test func nothingChangedReadsNothing() async throws {
    let scratch = try Scratch()
    try scratch.write(smallSource, to: "repo/a.c")
    let state = scratch.path + "/state"
    let first = try await analyze(scratch.path + "/repo", state: state)
    let counter = ReadCounter()
    let second = try await analyze(scratch.path + "/repo", state: state) { counter.note($0) }
    #expect(counter.count == 0)
    #expect(first.jsonText == second.jsonText)
  }

  @Test func damagedStoreIsRebuilt() async throws {
    let scratch = try Scratch()
    try scratch.write(smallSchema, to: "repo/schema.sql")
    try scratch.write(smallSource, to: "repo/a.c")
    let state = scratch.path + "/state"
    let first = try await analyze(scratch.path + "/repo", state: state)
    try scratch.write([UInt8](repeating: 0x5A, count: 20_000), to: "state/facts.sqlite")
    let second = try await analyze(scratch.path + "/repo", state: state)
    #expect(codes(second).contains("cache-rebuilt"))
    #expect(try csv(first, .accesses) == csv(second, .accesses))
  }

  @Test func damagedReportIsMadeAgain() async throws {
    let scratch = try Scratch()
    try scratch.write(smallSource, to: "repo/a.c")
    let state = scratch.path + "/state"
    let first = try await analyze(scratch.path + "/repo", state: state)
    try scratch.write("{\"schemaVersion\": 1, ", to: "state/report.json")
    let second = try await analyze(scratch.path + "/repo", state: state)
    #expect(first.jsonText == second.jsonText)
  }
}
