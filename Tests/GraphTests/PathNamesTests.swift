import Testing
import Graph

@Suite struct PathNamesTests {
  @Test(arguments: [
    ("IOGuildRanks", ["io", "guild", "rank"]), ("acc_cdrs", ["acc", "cdr"]), ("address", ["address"]),
    ("companies", ["company"]), ("status", ["status"]), ("lcr_gw", ["lcr", "gw"]), ("", []), ("__", []),
    ("HTTPServer2", ["http", "server2"]), ("acc", ["acc"]), ("gas", ["gas"]), ("größen", ["größen"]),
  ])
  func wordsOfIdentifiers(identifier: String, words: [String]) {
    #expect(PathNames.words(identifier) == words)
  }

  @Test(arguments: [("a/b.c", "a/b"), ("a.b/c", "a.b/c"), ("x", "x"), ("a/b-create.sql", "a/b-create")])
  func extensionsAreRemoved(path: String, stem: String) {
    #expect(PathNames.withoutExtension(path) == stem)
  }

  @Test(arguments: [("a/b.c", "b.c"), ("x", "x"), ("a/", "")])
  func lastComponents(path: String, last: String) {
    #expect(PathNames.lastComponent(path) == last)
  }
}
