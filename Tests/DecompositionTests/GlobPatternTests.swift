import Basics
import Testing

@Suite struct GlobPatternTests {
  @Test(arguments: [
    ("orders", "Orders", true), ("order?", "orders", true), ("order_*", "order_lines", true),
    ("order_*", "orders", false),
    ("*", "", true), ("*_log", "audit_log", true), ("a*b*c", "aXbYc", true), ("a*b*c", "aXbY", false), ("", "", true),
  ])
  func names(pattern: String, name: String, fits: Bool) { #expect(GlobPattern(pattern).matches(name) == fits) }

  @Test(arguments: [
    ("src/**", "src/a/b.c", true), ("src/*", "src/a.c", true), ("src/*", "src/a/b.c", true),
    ("src/*.c", "src/a/b.c", false),
    ("src", "src/a/b.c", true), ("./src/", "src/a.c", true), ("src", "srcs/a.c", false),
    ("**/test/**", "test/a.c", true),
    ("**/test/**", "a/b/test/c.c", true), ("a/**/b.c", "a/b.c", true), ("a/**/b.c", "a/x/y/b.c", true),
    ("**/*.java", "a/B.java", true), ("**/*.java", "B.java", true), ("a?b", "a/b", false),
  ])
  func paths(pattern: String, path: String, fits: Bool) { #expect(GlobPattern(pattern).matches(path: path) == fits) }

  /// Patterns with many stars take no time.
  @Test(.timeLimit(.minutes(1))) func starsDoNotExplode() {
    let text = String(repeating: "a", count: 2000)
    #expect(!GlobPattern(String(repeating: "a*", count: 40) + "b").matches(text))
    #expect(!GlobPattern(String(repeating: "**/a*", count: 12) + "b").matches(path: text))
  }
}
