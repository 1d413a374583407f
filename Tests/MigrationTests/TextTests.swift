import Foundation
import Migration
import Testing

/// Escapes give back what went in.
@Suite struct TextTests {
  /// Texts made of everything that has a meaning somewhere.
  private static func texts() -> [String] {
    var generator = Seeded(state: 42)
    let pieces = [
      "a", "Z", "0", " ", "  ", "'", "\"", "`", "\\", "\n", "\r", "\t", "#", ":", "=", "!", "-", "- ", "? ", "{", "}",
      "[", "]", ",", "&", "*",
      "|", ">", "%", "@", "é", "漢", "😀", "\u{1}", "\u{7f}", "\u{85}", "\u{a0}", "\u{2028}", "\u{feff}", "${env:X}",
      "true", "null", "~", "1e3",
      "<b>", "_", "$", "$$", "$cleave$", "\u{1b}",
    ]
    let made = (0..<400).map { _ in
      (0..<Int.random(in: 1...6, using: &generator)).map { _ in pieces.randomElement(using: &generator)! }.joined()
    }
    return pieces + made + [
      "", "yes", "No", "0x1", "2026-01-01", "a: b", "a #b", "line\n  indented\nend", "tail \nx", "x\n\n",
    ]
  }

  struct Seeded: RandomNumberGenerator {
    var state: UInt64
    mutating func next() -> UInt64 {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return state ^ (state >> 29)
    }
  }

  @Test func jsonGivesBackTheText() throws {
    for text in Self.texts() {
      let back = try JSONDecoder().decode([String].self, from: Data("[\(JSONText.string(text))]".utf8))
      #expect(back == [text])
    }
  }

  @Test func yamlGivesBackTheText() throws {
    let texts = Self.texts()
    let document = YAMLText.document(
      .map([
        ("list", .texts(texts)),
        ("nested", .list(texts.map { .map([("key", .text($0)), ("keys", .map([($0, .number(1))]))]) })),
        ("empty", .list([])), ("none", .map([])),
      ]))
    let program = """
      import yaml, json, sys
      read = yaml.safe_load(sys.stdin.buffer.read().decode())
      assert [n["key"] for n in read["nested"]] == read["list"], "nested"
      assert [list(n["keys"])[0] for n in read["nested"]] == read["list"], "keys"
      assert read["empty"] == [] and read["none"] == {}
      print(json.dumps(read["list"]))
      """
    let result = try Command.run(["python3", "-c", program], input: document)
    #expect(result.status == 0, "\(result.errors)")
    #expect(try JSONDecoder().decode([String].self, from: Data(result.output.utf8)) == texts)
  }

  /// Read back by `java.util.Properties` itself.
  @Test func propertiesGiveBackTheText() throws {
    let texts = Self.texts().filter { !$0.isEmpty }
    var unique: [String: String] = [:]
    for text in texts { unique[text] = text }
    let keys = unique.keys.sorted()
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("cleave-properties-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let file = folder.appendingPathComponent("x.properties")
    try Data(PropertiesText.document(keys.map { ($0, $0) }, comment: "two\nlines").utf8).write(to: file)
    let program = folder.appendingPathComponent("Check.java")
    try Data(
      """
      import java.io.FileInputStream;
      import java.util.Properties;
      public class Check {
        public static void main(String[] arguments) throws Exception {
          Properties read = new Properties();
          try (FileInputStream input = new FileInputStream(arguments[0])) { read.load(input); }
          for (String key : read.stringPropertyNames())
            if (!key.equals(read.getProperty(key))) System.out.println("differs: " + key);
          System.out.println(read.size());
        }
      }
      """.utf8
    ).write(to: program)
    let result = try Command.run(["java", program.path, file.path])
    #expect(result.trimmed == String(keys.count), "\(result.output) \(result.errors)")
  }

  @Test func shellGivesBackTheText() throws {
    let texts = Self.texts().filter { !$0.contains("\0") }
    let words = texts.map(ShellText.word).joined(separator: " ")
    let result = try Command.run(["sh", "-c", "for word in \(words); do printf '%s\\036' \"$word\"; done"])
    #expect(
      result.output.split(separator: "\u{1e}", omittingEmptySubsequences: false).dropLast().map(String.init) == texts)
  }

  @Test func markdownStaysOnItsLine() {
    for text in Self.texts() {
      #expect(!MarkdownText.words(text).contains("\n") && !MarkdownText.code(text).contains("\n"))
      #expect(MarkdownText.block(text, language: "sh").hasPrefix("```"))
    }
    #expect(MarkdownText.words("a_b*c|d") == #"a\_b\*c\|d"#)
    #expect(MarkdownText.code("a`b") == "``a`b``")
  }

  @Test func longNamesAreShortenedAndStayApart() {
    let long = String(repeating: "é", count: 60)
    #expect(Naming.shortened(long).utf8.count <= Naming.identifierLimit)
    #expect(Naming.shortened(long + "a") != Naming.shortened(long + "b"))
    for length in 60...70 {
      let name = String(repeating: "a", count: length)
      #expect(Naming.shortened(name).utf8.count <= 63 && (length > 63 || Naming.shortened(name) == name))
    }
    #expect(Naming.shortened("short") == "short")
    #expect(Naming.shortened(long) == Naming.shortened(long))
  }

  @Test(arguments: [
    ("Billing Core", "billing_core"), ("a-b", "a_b"), ("9lives", "s_9lives"), ("--x--", "x"), ("Ünïcode", "n_code"),
  ]) func slugsAreSafe(_ name: String, _ expected: String) { #expect(Naming.slug(name) == expected) }

  @Test func slugsOfDifferentServicesDiffer() {
    let names = ["a-b", "a_b", "A B", "é", "è", "", "!"]
    let slugs = Naming.slugs(of: names)
    #expect(Set(slugs.values).count == names.count)
    for slug in slugs.values {
      #expect(
        slug.utf8.count <= 20 && slug.utf8.allSatisfy { (97...122).contains($0) || (48...57).contains($0) || $0 == 95 })
    }
  }
}
