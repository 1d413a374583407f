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

@Suite struct WordStemTests {
  @Test(arguments: [
    ("orders", "order"), ("ordered", "order"), ("ordering", "order"), ("categories", "category"), ("boxes", "box"),
    ("shipping", "shipped"), ("billing", "bill"), ("caching", "cache"), ("caches", "cache"), ("prices", "pricing"),
    ("companies", "company"), ("addresses", "address"),
  ])
  func spellingsMeet(one: String, other: String) { #expect(WordStem.stem(one) == WordStem.stem(other)) }

  @Test(arguments: [
    ("status", "state"), ("string", "stre"), ("news", "newt"), ("ring", "r"), ("user", "use"), ("analysis", "analyst"),
  ])
  func othersStayApart(one: String, other: String) { #expect(WordStem.stem(one) != WordStem.stem(other)) }

  @Test func identifiersAreSplit() {
    #expect(WordStem.stems("OMSOrderItems_2x") == ["oms", "order", "item", "2x"])
    #expect(WordStem.stems("a1_B") == ["a1"])
    #expect(WordStem.stems("…") == ["…"] || WordStem.stems("…").isEmpty)
    #expect(WordStem.stems("").isEmpty)
  }
}
