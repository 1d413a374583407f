import Foundation
import Pipeline
import Reporting
import Testing

/// Everything a hostile or broken repository may hold beside one good file. Each leaves a diagnostic, none a gap.
@Suite("Bad input")
struct BadInputTests {
  private func report(_ prepare: (Scratch) throws -> Void) async throws -> Report {
    let scratch = try Scratch()
    try scratch.write(smallSchema, to: "repo/schema.sql")
    try scratch.write(smallSource, to: "repo/good.c")
    try prepare(scratch)
    let report = try await analyze(scratch.path + "/repo", state: scratch.path + "/state")
    #expect(report.accesses.contains { $0.table == "invoice" }, "the good file is still read")
    return report
  }

  @Test func binaryFile() async throws {
    let report = try await report { try $0.write([0x7F, 0x45, 0x4C, 0x46, 0, 0, 1, 2], to: "repo/binary.c") }
    #expect(codes(report) == ["file-binary"])
  }

  @Test func invalidUTF8() async throws {
    let report = try await report {
      try $0.write(
        Array("int run(const char *);\nint f(void) { return run(\"SELECT id FROM invoice WHERE n = '".utf8)
          + [0xE9, 0xFF] + Array("'\"); }\n".utf8), to: "repo/latin.c")
    }
    #expect(codes(report) == ["file-not-utf8"])
    #expect(report.accesses.count == 2)
  }

  /// Windows tools write UTF-16 with a mark at the beginning; some write the mark of UTF-8.
  @Test(arguments: ["utf16le", "utf16be", "utf8"]) func markedEncodings(_ encoding: String) async throws {
    let schema = "CREATE TABLE ledger (id INT, naïve INT);\r\n"
    let source = "int run(const char *);\r\nint g(void) { return run(\"SELECT id FROM ledger\"); }\r\n"
    func encoded(_ text: String) -> [UInt8] {
      switch encoding {
      case "utf16le": [0xFF, 0xFE] + text.utf16.flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] }
      case "utf16be": [0xFE, 0xFF] + text.utf16.flatMap { [UInt8($0 >> 8), UInt8($0 & 0xFF)] }
      default: [0xEF, 0xBB, 0xBF] + Array(text.utf8)
      }
    }
    let report = try await report {
      try $0.write(encoded(schema), to: "repo/ledger.sql")
      try $0.write(encoded(source), to: "repo/ledger.c")
    }
    #expect(codes(report) == [])
    #expect(report.accesses.contains { $0.table == "ledger" })
    #expect(report.tables.contains { $0.name == "ledger" && $0.columns.map(\.name) == ["id", "naïve"] })
  }

  @Test func symbolicLinks() async throws {
    let report = try await report { scratch in
      let files = FileManager.default
      try files.createSymbolicLink(atPath: scratch.path + "/repo/loop", withDestinationPath: scratch.path + "/repo")
      try files.createSymbolicLink(atPath: scratch.path + "/repo/outside.c", withDestinationPath: "/etc/passwd")
      try files.createSymbolicLink(atPath: scratch.path + "/repo/dangling.c", withDestinationPath: "nowhere.c")
    }
    #expect(codes(report) == ["link-skipped"])
    #expect(report.diagnostics.count == 2)
  }

  @Test func unreadableFile() async throws {
    // A socket is no regular file, whoever asks; permissions do not stop root.
    let report = try await report { scratch in
      try scratch.write("int f(void) { return 1; }\n", to: "repo/locked.c")
      try FileManager.default.setAttributes([.posixPermissions: 0], ofItemAtPath: scratch.path + "/repo/locked.c")
    }
    #expect(getuid() == 0 || codes(report) == ["file-unreadable"])
  }

  @Test func compileDatabaseNamesMissingFiles() async throws {
    let report = try await report { scratch in
      try scratch.write(
        """
        [{"directory": "\(scratch.path)/repo", "file": "gone.c", "command": "cc -c gone.c"},
         {"directory": "\(scratch.path)/repo", "file": "good.c", "command": "cc -Inowhere -c good.c"}]
        """, to: "repo/compile_commands.json")
    }
    #expect(codes(report) == ["unit-missing"])
  }

  @Test func malformedCompileDatabase() async throws {
    let report = try await report { try $0.write("[{\"file\": ", to: "repo/compile_commands.json") }
    #expect(codes(report) == ["compile-database-unreadable"])
  }

  @Test func missingHeadersAreRecoveredFromTokens() async throws {
    let report = try await report { scratch in
      try scratch.write(
        """
        #include <nowhere/to/be/found.h>
        Result find(Handle &handle) { return handle.store("SELECT total FROM invoice"); }
        """, to: "repo/broken.cpp")
      try scratch.write(
        "[{\"directory\": \"\(scratch.path)/repo\", \"file\": \"broken.cpp\", \"command\": \"c++ -c broken.cpp\"}]",
        to: "repo/compile_commands.json")
    }
    #expect(codes(report) == ["parse-errors"])
    #expect(report.accesses.count == 2)
  }

  /// A parser that gives up after some errors must not pass the rest of the file for understood.
  @Test func functionsAfterManyErrorsAreStillRead() async throws {
    let report = try await report { scratch in
      let errors = (0..<60).map { "Missing\($0) broken\($0);\n" }.joined()
      try scratch.write(
        errors + "Result find(Handle &handle) { return handle.store(\"SELECT total FROM invoice\"); }\n",
        to: "repo/broken.cpp")
      try scratch.write(
        "[{\"directory\": \"\(scratch.path)/repo\", \"file\": \"broken.cpp\", \"command\": \"c++ -c broken.cpp\"}]",
        to: "repo/compile_commands.json")
    }
    #expect(report.accesses.count == 2)
  }

  @Test func truncatedSchema() async throws {
    let report = try await report {
      try $0.write("CREATE TABLE payment (id INT PRIMARY KEY, amount IN", to: "repo/zz.sql")
    }
    #expect(!report.tables.isEmpty)
    #expect(report.coverage.schemaStatements >= 1)
  }

  @Test func unbalancedAndDeeplyNestedCode() async throws {
    let report = try await report { scratch in
      try scratch.write("int f(void) { return " + String(repeating: "(", count: 50_000) + "1;\n", to: "repo/deep.c")
      try scratch.write(String(repeating: "{[(<", count: 20_000), to: "repo/open.cpp")
      try scratch.write(String(repeating: "}])>", count: 20_000), to: "repo/close.cpp")
      try scratch.write("int g(void) { if(1) " + String(repeating: "if(1) ", count: 20_000) + "; }", to: "repo/ifs.c")
      try scratch.write("#if 1\n#else\n" + String(repeating: "#if 0\n", count: 10_000), to: "repo/conditions.c")
      try scratch.write("char *s = \"never closed;\nR\"x(never closed", to: "repo/quotes.cpp")
    }
    #expect(report.coverage.files == 7)
  }

  @Test func largeGeneratedFile() async throws {
    let row = "  {0x01, 0x02, 0x03, 0x04, \"a row of generated data\"},\n"
    let report = try await report { scratch in
      let text = "struct row rows[] = {\n" + String(repeating: row, count: 200_000) + "};\n"
      try scratch.write(text, to: "repo/generated.c")
    }
    #expect(codes(report) == ["file-large"])
  }

  @Test func nothingToAnalyze() async throws {
    let scratch = try Scratch()
    try scratch.write("hello", to: "repo/readme.txt")
    await #expect(throws: PipelineError.nothingToAnalyze(path: scratch.path + "/repo")) {
      _ = try await analyze(scratch.path + "/repo", state: scratch.path + "/state")
    }
  }
}
