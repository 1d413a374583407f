import Basics
import ClangFrontend
import Testing

@Suite("Compile databases")
struct CompileDatabaseTests {
  private func command(_ json: String) throws -> CompileCommand {
    try #require(try CompileDatabase.commands(in: Array(json.utf8)).first)
  }

  @Test func keepsWhatDecidesTheMeaning() throws {
    let found = try command(
      """
      [{"directory": "/b", "file": "../s/a.cpp",
        "command": "c++ -DX=\\\\\\"1\\\\\\" -I inc -I../s/./x -std=c++20 -O2 -Wall -o a.o -MF a.d -c ../s/a.cpp"}]
      """)
    #expect(found.file == "/s/a.cpp")
    #expect(found.arguments == ["-x", "c++", "-DX=\"1\"", "-I", "/b/inc", "-I/s/x", "-std=c++20"])
  }

  @Test func argumentsWin() throws {
    let found = try command(
      #"[{"directory": "/b", "file": "a.c", "arguments": ["cc", "-DNAME=two words", "-c", "a.c", "--", "-DNOT"]}]"#)
    #expect(found.arguments == ["-x", "c", "-DNAME=two words"])
  }

  @Test func firstEntryOfAFileWinsAndHeaderBuildsAreLeftOut() throws {
    let found = try CompileDatabase.commands(
      in: Array(
        """
        [{"directory": "/b", "file": "p.hxx.cxx", "command": "c++ -x c++-header -c p.hxx.cxx"},
         {"directory": "/b", "file": "a.c", "command": "cc -DFIRST -c a.c"},
         {"directory": "/b", "file": "a.c", "command": "cc -DSECOND -c a.c"}]
        """.utf8))
    #expect(found.map(\.arguments) == [["-x", "c", "-DFIRST"]])
  }

  @Test(arguments: ["", "{}", "[{\"directory\": \"/\"}]", "[1]", "\u{0}"])
  func malformed(text: String) {
    #expect(throws: CompileDatabaseError.self) { try CompileDatabase.commands(in: Array(text.utf8)) }
  }

  @Test func groupsShareHeadersThatSeveralUnitsInclude() throws {
    let users = ["a", "b", "c"].map { name in
      HeaderUser(
        path: "/s/\(name).cpp", arguments: ["-x", "c++"],
        includes: [
          IncludeLine(path: "all.h", isSystem: false, dependsOnText: false),
          IncludeLine(path: "vector", isSystem: true, dependsOnText: false),
          IncludeLine(path: "\(name).h", isSystem: false, dependsOnText: false),
          IncludeLine(path: "list.def", isSystem: false, dependsOnText: false),
          IncludeLine(path: "maybe.h", isSystem: false, dependsOnText: true),
        ])
    }
    let groups = HeaderGroup.groups(of: users) { $0 == "/s/all.h" }
    #expect(groups.map(\.lines) == [["\"/s/all.h\"", "<vector>"]])
    #expect(groups.map(\.members) == [[0, 1, 2]])
  }

  @Test func flagsAreGuessedFromWhatIsIncluded() {
    let flags = InferredFlags(
      root: "/r", headers: [RepoPath("src/core/db.h"), RepoPath("include/api.h"), RepoPath("src/acc/acc.h")],
      includes: [
        (
          RepoPath("src/acc/acc.c"),
          [
            IncludeLine(path: "core/db.h", isSystem: false, dependsOnText: false),
            IncludeLine(path: "acc.h", isSystem: false, dependsOnText: false),
            IncludeLine(path: "stdio.h", isSystem: true, dependsOnText: false),
          ]
        ), (RepoPath("src/main.cpp"), [IncludeLine(path: "api.h", isSystem: true, dependsOnText: false)]),
      ])
    #expect(
      flags.command(for: RepoPath("src/acc/acc.c")).arguments == ["-x", "c", "-std=gnu17", "-I/r/include", "-I/r/src"])
    #expect(flags.command(for: RepoPath("src/main.cpp")).arguments.prefix(3) == ["-x", "c++", "-std=gnu++20"])
  }
}
