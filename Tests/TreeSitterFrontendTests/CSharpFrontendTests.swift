import Basics
import Facts
import Testing
import TreeSitterFrontend

@Suite("C#")
struct CSharpFrontendTests {
  private func read(_ bytes: [UInt8]) -> FileFacts {
    guard let frontend = LanguageFrontend.of("a.cs") else { return FileFacts(file: RepoPath("a.cs")) }
    return bytes.withUnsafeBufferPointer { frontend.read(RepoPath("shop/a.cs"), $0) }
  }

  private func facts(_ source: String) -> FileFacts { read(Array(source.utf8)) }

  private func events(_ source: String, of name: String = "<main>") -> [CodeEvent] {
    facts(source).functions.first { $0.name == name }?.events.map(\.event) ?? []
  }

  private func value(_ expression: String) -> Value? {
    for case .declare("x", _, let value) in events("var x = \(expression);") { return value }
    return nil
  }

  private func call(_ callee: String, on receiver: Value? = nil, _ arguments: Value...) -> CodeEvent {
    .call(CallFact(callee: callee, receiver: receiver, arguments: arguments, dispatch: .direct))
  }

  private func made(_ callee: String, on receiver: Value? = nil, _ arguments: Value...) -> Value {
    .call(callee: callee, receiver: receiver, arguments: arguments)
  }

  // MARK: Texts

  @Test func texts() {
    #expect(value(#""a\t\"b\" \u0041""#) == .text("a\t\"b\" A"))
    #expect(value(#"@"a ""b"" \n""#) == .text(#"a "b" \n"#))
    #expect(value("\"\"\"\n    select *\n      from t\n    \"\"\"") == .text("select *\n  from t"))
    #expect(value(#""""a "b" c""""#) == .text(#"a "b" c"#))
    #expect(value(#"$"a {b.c} {{d}} {e:N2}""#) == .join([.text("a "), .name("b.c"), .text(" {d} "), .name("e")]))
    #expect(value(#"$@"a ""{b}"" \n""#) == .join([.text(#"a ""#), .name("b"), .text(#"" \n"#)]))
    #expect(
      value("$$\"\"\"\n  a {{b}} {c}\n  d\n  \"\"\"") == .join([.text("a "), .name("b"), .text(" {c}\nd")]))
    #expect(value(#"$"a {this}""#) == .join([.text("a "), .name("this")]))
    #expect(value(#""a" + b + 'c' + 1"#) == .join([.text("a"), .name("b"), .text("c"), .literal("1")]))
    #expect(value("a + b * 2") == .operation("+", [.name("a"), .operation("*", [.name("b"), .literal("2")])]))
    #expect(value("nameof(Order.Lines)") == .text("Lines"))
  }

  @Test func valuesOfOtherKinds() {
    #expect(value("typeof(List<Order>)") == .type("List<Order>"))
    #expect(value("a ? b : c") == .either([.name("b"), .name("c")]))
    #expect(value("a ?? b ?? c") == .either([.name("a"), .name("b"), .name("c")]))
    #expect(value("(Order)a!.b") == .name("a.b"))
    #expect(value("a?.b?.C()") == made("C", on: .name("a.b")))
    #expect(
      value("f(1).g[2].h")
        == .field(of: .element(of: .field(of: made("f", .literal("1")), name: "g"), at: .literal("2")), name: "h"))
    #expect(value("this.a") == .name("this.a"))
    #expect(value("base.A(this)") == made("A", on: .name("super"), .name("this")))
    #expect(value("[1, ..a]") == .list([.literal("1"), .name("a")]))
    #expect(value("new[] { 1, 2 }") == .list([.literal("1"), .literal("2")]))
    #expect(value("(1, b: 2)") == .list([.literal("1"), .member("b", .literal("2"))]))
    #expect(value("new { o.Id, N = 3 }") == .list([.member("Id", .name("o.Id")), .member("N", .literal("3"))]))
    #expect(value("new Order(1) { A = b }") == made("Order", .literal("1"), .member("A", .name("b"))))
    #expect(
      value(#"new Dictionary<string, int> { ["a"] = 1 }"#)
        == made("Dictionary", .list([.member("a", .literal("1"))]), .type("string"), .type("int")))
    #expect(value("a switch { 1 => \"b\", _ => throw new E() }") == .either([.text("b")]))
    #expect(
      value("await a.B<int>(c, d: 1).ConfigureAwait(false)")
        == made("B", on: .name("a"), .name("c"), .member("d", .literal("1")), .type("int")))
    #expect(
      events("Order o = new() { A = 1 };").last
        == .declare(name: "o", type: "Order", value: made("Order", .member("A", .literal("1")))))
  }

  // MARK: Declarations

  @Test func typesAndTheirMembers() {
    let facts = facts(
      """
      namespace Shop.Orders;
      [Table("orders", Schema = "s")]
      public abstract partial class Order<T>(int id) : Base(id), IFoo<T> where T : class, new()
      {
          private const string Sql = "a";
          private readonly List<Line?> _lines = new();
          [Key] public int Id { get; private set; }
          public string? Name => _name;
          public int[] Codes { get; init; } = [1];
          static Order() { Load(); }
          protected Order(string a) : this(1) { Name = a; }
          [HttpGet("{id}")] public async Task<Order> Get<U>([FromRoute] int id, params string[] more) => await Find(id);
          public class Inner { public void Run() { } }
          public enum State { New, Done = 3 }
      }
      public record Line(int Id, [property: Column("n")] string? Name) : Base(Id);
      public interface IStore { Task Save(Order o); }
      public static class Ext { public static void Pay(this Order o) { } }
      """)
    #expect(facts.namespace == "Shop.Orders")
    #expect(facts.types.map(\.name) == ["Order", "Order.Inner", "Order.State", "Line", "IStore", "Ext"])
    let order = facts.types[0]
    #expect(order.bases == ["Base", "IFoo<T>"])
    #expect(order.typeParameters == ["T"])
    #expect(order.annotations.first?.arguments == [.text("orders"), .member("Schema", .text("s"))])
    #expect(order.fields.map(\.name) == ["id", "Sql", "_lines", "Id", "Name", "Codes"])
    #expect(order.fields.map(\.type) == ["int", "string", "List<Line>", "int", "string", "Array<int>"])
    #expect(order.fields[2].value == made("List", .type("Line")))
    #expect(order.fields[3].annotations.map(\.name) == ["Key", "get", "set"])
    #expect(order.fields[4].annotations.map(\.name) == ["nullable", "get"])
    #expect(facts.constants.map(\.name).contains("Order.Sql"))
    #expect(facts.constants.first { $0.name == "Order.Sql" }?.kind == .global)
    #expect(facts.constants.filter { $0.kind == .enumerator }.map(\.name) == ["Order.State.New", "Order.State.Done"])
    #expect(
      facts.functions.map(\.name) == [
        "Order.Order", "Order.<static>", "Order.Name", "Order.<static>", "Order.Order", "Order.Get", "Order.Inner.Run",
        "Line.Line", "IStore.Save", "Ext.Pay",
      ])
    let get = facts.functions[5]
    #expect(get.parameters == ["id", "more"])
    #expect(get.parameterTypes == ["int", "Array<string>"])
    #expect(get.returnType == "Task<Order>")
    #expect(get.annotations.first?.name == "HttpGet")
    #expect(
      facts.functions[4].events.map(\.event) == [
        call("Order", .literal("1")), .assign(name: "Name", value: .name("a")),
      ])
    #expect(facts.types[3].fields.map(\.name) == ["Id", "Name"])
    #expect(facts.types[3].fields[1].annotations.first?.name == "Column")
    #expect(facts.functions[8].isAbstract)
    #expect(facts.functions[9].annotations.map(\.name) == ["Extension"])
    #expect(facts.diagnostics.isEmpty)
  }

  @Test func importsAndNamespaces() {
    let facts = facts(
      "global using A.B; using static C.D; using E = F.G<int>; namespace N { namespace M { class X { } } class Y { } }")
    #expect(
      facts.imports == [
        ImportFact(path: "A.B", symbol: "*"), ImportFact(path: "C.D", symbol: "*"),
        ImportFact(path: "F.G<int>", symbol: "G", local: "E"),
      ])
    #expect(facts.types.map(\.namespace) == ["N.M", "N"])
  }

  // MARK: Bodies

  @Test func callsComeInnermostFirst() {
    #expect(
      events("a.B(c()).D();") == [
        call("c"), call("B", on: .name("a"), made("c")), call("D", on: made("B", on: .name("a"), made("c"))),
      ])
  }

  @Test func closuresFollowTheirCall() {
    #expect(
      events("list.ForEach(q => { Use(q); });") == [
        call("ForEach", on: .name("list"), .closure(parameters: ["q"], result: .opaque)),
        .enterScope(callee: "ForEach"),
        .declare(name: "q", type: "", value: .element(of: .name("list"), at: .opaque)),
        call("Use", .name("q")), .leave,
      ])
  }

  @Test func branchesLoopsAndResources() {
    #expect(
      events("if (a()) b(); else if (c) d(); else e();") == [
        call("a"), .enterBranch, call("b"), .nextBranch, call("d"), .nextBranch, call("e"), .leave,
      ])
    #expect(
      events("foreach (Order o in all) Use(o);") == [
        .enterLoop, .declare(name: "o", type: "Order", value: .element(of: .name("all"), at: .opaque)),
        call("Use", .name("o")), .leave,
      ])
    #expect(
      events("{ using var t = c.Begin(); Use(t); } End();") == [
        call("Begin", on: .name("c")), .enterScope(callee: "Begin"),
        .declare(name: "t", type: "", value: made("Begin", on: .name("c"))), call("Use", .name("t")), .leave,
        call("End"),
      ])
    #expect(
      events("try { a(); } catch (E e) { b(); } finally { c(); }") == [
        call("a"), .enterBranch, .declare(name: "e", type: "E", value: .opaque), call("b"), .leave, call("c"),
      ])
    #expect(
      events("switch (a) { case 1: b(); break; case Order o when o.X: c(); break; }") == [
        .enterBranch, call("b"), .nextBranch, .declare(name: "o", type: "Order", value: .name("a")), call("c"), .leave,
      ])
  }

  @Test func assignments() {
    #expect(
      events("a.b = 1; a += \"x\"; (c, d) = f(); a ??= e;") == [
        .assign(name: "a.b", value: .literal("1")), .append(name: "a", value: .text("x")), call("f"),
        .assign(name: "c", value: .element(of: made("f"), at: .literal("0"))),
        .assign(name: "d", value: .element(of: made("f"), at: .literal("1"))),
        .assign(name: "a", value: .either([.name("a"), .name("e")])),
      ])
    #expect(
      events("var (a, b) = f();") == [
        call("f"), .declare(name: "a", type: "", value: .element(of: made("f"), at: .literal("0"))),
        .declare(name: "b", type: "", value: .element(of: made("f"), at: .literal("1"))),
      ])
  }

  @Test func queriesAreCalls() {
    let plain = value("from o in db.Orders where o.Total > 3 orderby o.Id select o.Name")
    let condition = Value.operation(">", [.name("o.Total"), .literal("3")])
    let filtered = made("Where", on: .name("db.Orders"), .closure(parameters: ["o"], result: condition))
    let ordered = made("OrderBy", on: filtered, .closure(parameters: ["o"], result: .name("o.Id")))
    #expect(plain == made("Select", on: ordered, .closure(parameters: ["o"], result: .name("o.Name"))))
    #expect(
      value("from o in a join c in b on o.Id equals c.Oid select c.Name")
        == made(
          "Select",
          on: made(
            "Join", on: .name("a"), .name("b"), .closure(parameters: ["o"], result: .name("o.Id")),
            .closure(parameters: ["c"], result: .name("c.Oid"))),
          .closure(parameters: ["o", "c"], result: .name("c.Name"))))
  }

  @Test func patternsDeclare() {
    #expect(
      events("if (a is Order { Id: var id } o) b();").prefix(2) == [
        .declare(name: "id", type: "", value: .opaque), .declare(name: "o", type: "Order", value: .name("a")),
      ])
  }

  // MARK: Robustness

  @Test func syntaxOfTheLastTenYearsIsRead() {
    let facts = facts(
      """
      using System.Text;
      extern alias Foo;
      var f = static async (int x, ref int y, params int[] z) => { await Task.Delay(x); return y; };
      var s = x is { Length: > 3 and < 5 } or null; var l = x is [1, .., var last];
      unsafe { int* p = &a; } checked { a++; } lock (a) { } goto end; end: ;
      await using (var a = b) { } await foreach (var i in c) { yield return i; }
      if (!int.TryParse(q, out var n)) { } ref readonly int r = ref t; Span<int> sp = stackalloc[] { 1 };
      var w = r with { A = 1 }; var t = (A: 1, 2); delegate*<int, void> fp = null; var k = x[^1..];
      string u = "b"u8; x!.y(); a >>>= 3; var d = default(int); int? m = null; m ??= 3; _ = f(1);
      #if DEBUG
      Debug();
      #else
      Release();
      #endif
      [Attr<int>] partial class P<T>(int a) : B(a), I where T : notnull, allows ref struct
      {
        public required int A { get; init; } public int this[int i] { get => a; set { } }
        public static P<T> operator +(P<T> l, P<T> r) => l; public static explicit operator int(P<T> p) => 1;
        public event Action E { add { } remove { } } file class F; ~P() { } public partial void M();
        void I.Do<U>(in U u, scoped ref int r) { int L(int z) => z; L(1); }
      }
      record struct R(int A); readonly ref struct S { } delegate void D<in T>(T t);
      interface I { static abstract int X { get; } void M() => N(); }
      """)
    #expect(facts.functions.map(\.name).contains("P.Do"))
    #expect(facts.functions.first { $0.name == "P.Do" }?.events.map(\.event).contains(call("L", .literal("1"))) == true)
    #expect(events("if (a) { } \n#if X\nb();\n#endif").contains(call("b")))
  }

  @Test func healthyPartsOfABrokenFileCount() {
    let facts = facts("class A { void F() { db.Run(\"x\"); } void G( { ) } void H() { db.Run(\"y\"); } }")
    #expect(facts.functions.map(\.name).contains("A.F"))
    #expect(facts.diagnostics.map(\.code) == ["parse-errors"])
    for source in ["", "class", "{{{{", "\"", "$\"{", "@", "a.b.c(", "from x in", "\u{FEFF}class A { }"] {
      _ = self.facts(source)
    }
    _ = read([0xFF, 0xFE, 0x00, 0x22, 0xC3])
  }

  @Test func deepAndLongExpressions() {
    let long = (0..<10_000).map { "\"a\($0)\"" }.joined(separator: " + ")
    #expect(value(long) == .text((0..<10_000).map { "a\($0)" }.joined()))
    #expect(events("a" + String(repeating: ".b()", count: 5_000) + ";").count == 5_000)
    _ = facts("var x = " + String(repeating: "(", count: 20_000) + "1" + String(repeating: ")", count: 20_000) + ";")
    _ = facts(String(repeating: "if (a) {", count: 5_000) + String(repeating: "}", count: 5_000))
    _ = facts(String(repeating: "class A {", count: 3_000) + String(repeating: "}", count: 3_000))
    _ = facts("if (a) b();" + String(repeating: " else if (a) b();", count: 5_000))
  }
}
