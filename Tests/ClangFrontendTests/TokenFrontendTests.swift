import Basics
import ClangFrontend
import Facts
import Testing

/// Functions of a text as `name first-last (parameters)`.
private func functions(_ text: String) -> [String] {
  TokenFrontend.read(RepoPath("a.cpp"), bytes: Array(text.utf8)).facts.functions.map {
    "\($0.name) \($0.lines.lowerBound)-\($0.lines.upperBound) (\($0.parameters.joined(separator: ", ")))"
  }
}

@Suite("Declarations read from tokens")
struct TokenFrontendTests {
  @Test(arguments: [
    ("int f(int a, char *b) { return a; }", "f 1-1 (a, b)"),
    ("static inline unsigned long f(void)\n{\n}\n", "f 1-3 ()"),
    ("int f(a, b) int a; char *b; { return 0; }", "f 1-1 (, )"),
    ("namespace a { namespace b::c { void f() {} } }", "a::b::c::f 1-1 ()"),
    ("class A : public B<int> { void f() const override { } };", "A::f 1-1 ()"),
    ("A::A(int x) : a(x), b{x} { g(); }", "A::A 1-1 (x)"),
    ("template <typename T, int N = 3> T A<T>::f(T t) { return t; }", "A::f 1-1 (t)"),
    ("bool operator==(const A &a, const A &b) { return true; }", "operator== 1-1 (a, b)"),
    ("auto f(std::map<int, std::string> m = {}) -> std::vector<int> { return {}; }", "f 1-1 (m)"),
    ("void f(int (*callback)(int, char), int) {}", "f 1-1 (callback, )"),
    ("__attribute__((noreturn)) void f(void) __attribute__((cold)) { }", "f 1-1 ()"),
    ("EXPORT(int) f(int a) { return a; }", "f 1-1 (a)"),
    ("extern \"C\" {\nint f(int a) { return a; }\n}", "f 2-2 (a)"),
    ("A::~A() { }", "A::~A 1-1 ()"),
  ])
  func shapes(text: String, expected: String) {
    #expect(functions(text) == [expected])
  }

  @Test func conditionsWithUnbalancedBracesKeepOneBranch() {
    let text = """
      void f() {
      #ifdef A
        if (a) {
      #else
        if (b) {
      #endif
        }
      }
      void g() {}
      """
    #expect(functions(text) == ["f 1-8 ()", "g 9-9 ()"])
  }

  /// A macro that holds a brace must not swallow the functions after it, and what is lost is counted.
  @Test func unbalancedBracesEndAtTheNextLineThatBeginsWithOne() {
    let text = """
      void f(void)
      {
        BEGIN_LOOP(x) {
        step();
        END_LOOP
      }

      void g(void) { other(); }
      """
    let facts = TokenFrontend.read(RepoPath("a.c"), bytes: Array(text.utf8)).facts
    #expect(facts.functions.map(\.name) == ["f", "g"])
    #expect(facts.lostLines == 6)
    #expect(facts.understoodLines == 1)
    #expect(facts.diagnostics.map(\.code) == ["braces-unbalanced"])
  }

  @Test func everyBranchThatBalancesIsRead() {
    let text = """
      #ifdef MYSQL
      int open_db(void) { return 1; }
      #else
      int open_other(void) { return 2; }
      #endif
      #if 0
      int dead(void) { return 3; }
      #endif
      """
    #expect(functions(text) == ["open_db 2-2 ()", "open_other 4-4 ()"])
  }

  @Test func typesAndTheirBases() {
    let facts = TokenFrontend.read(
      RepoPath("a.h"),
      bytes: Array("namespace n { class A final : public B, private m::C<int> { struct D {}; }; }".utf8)
    ).facts
    #expect(facts.types.map(\.name) == ["n::A", "n::A::D"])
    #expect(facts.types.map(\.bases) == [["B", "m::C"], []])
  }

  @Test func literalsAreDecoded() {
    let facts = TokenFrontend.read(
      RepoPath("a.c"),
      bytes: Array(
        """
        const char *a = "x\\ty\\"z\\x41\\102" "more";
        const char *b = R"sql(a "quoted" \\n)sql";
        const char *c = u8"é\\
        nd";
        """.utf8)
    ).facts
    #expect(facts.constants.map(\.value) == [.text("x\ty\"zABmore"), .text("a \"quoted\" \\n"), .text("énd")])
  }

  /// Cutting a file anywhere must neither crash nor hang.
  @Test func truncationAnywhere() {
    let text = Array(
      """
      #include <a.h>
      #define M(x) do { x; } while (0)
      namespace n { class A : B { int f(int a = g({1, 2})) { return q ? "s" "t" : R"(r)"; } }; }
      static const T t[] = { [K] = {"a", 1}, {.b = "c"} };
      void h() { for (auto &x : y) { s << "a" << x; if (z) w += "b"; else v = [&](int i) { return i; }(3); } }
      """.utf8)
    for end in text.indices {
      let facts = TokenFrontend.read(RepoPath("a.cpp"), bytes: Array(text[..<end])).facts
      #expect(facts.lineCount <= 5)
    }
  }
}
