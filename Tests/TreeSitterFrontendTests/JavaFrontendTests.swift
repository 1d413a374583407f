import Basics
import Facts
import Testing
import TreeSitterFrontend

private func read(_ text: String) throws -> FileFacts {
  let frontend = try #require(LanguageFrontend.of("A.java"))
  return Array(text.utf8).withUnsafeBufferPointer { frontend.read(RepoPath("A.java"), $0) }
}

/// The events of the body of a method, one a line: `what` is what the method holds.
private func events(_ body: String) throws -> [String] {
  let facts = try read("class A { void m() {\n\(body)\n} }")
  #expect(facts.diagnostics.isEmpty)
  return try #require(facts.functions.first { $0.name == "A.m" }).events.map { shown($0.event) }
}

private func shown(_ event: CodeEvent) -> String {
  switch event {
  case .declare(let name, let type, let value): "\(type) \(name) = \(shown(value))"
  case .assign(let name, let value): "\(name) = \(shown(value))"
  case .append(let name, let value): "\(name) += \(shown(value))"
  case .call(let call):
    "call " + shown(.call(callee: call.callee, receiver: call.receiver, arguments: call.arguments))
  case .result(let value): "return \(shown(value))"
  case .mention(let value): "mention \(shown(value))"
  case .enterBranch: "branch"
  case .nextBranch: "next"
  case .enterLoop: "loop"
  case .enterScope(let callee): "scope \(callee)"
  case .leave: "leave"
  }
}

private func shown(_ value: Value) -> String {
  func list(_ values: [Value]) -> String { values.map(shown).joined(separator: ", ") }
  return switch value {
  case .text(let content): "'\(content)'"
  case .literal(let content), .name(let content): content
  case .type(let name): "<\(name)>"
  case .field(let base, let name): "(\(shown(base))).\(name)"
  case .call(let callee, let receiver, let arguments):
    (receiver.map { shown($0) + "." } ?? "") + "\(callee)(\(list(arguments)))"
  case .join(let parts): "join(\(list(parts)))"
  case .list(let parts): "[\(list(parts))]"
  case .member(let name, let inner): "\(name): \(shown(inner))"
  case .either(let parts): "either(\(list(parts)))"
  case .element(let base, let key): "\(shown(base))[\(shown(key))]"
  case .operation(let name, let parts): "(\(name) \(list(parts)))"
  case .closure(let parameters, let result): "{\(parameters.joined(separator: ", ")) -> \(shown(result))}"
  case .opaque: "?"
  }
}

@Suite("Java declarations")
struct JavaDeclarationTests {
  @Test func typesFieldsAndImports() throws {
    let facts = try read(
      """
      package com.shop.orders;

      import java.util.List;
      import com.shop.*;
      import static com.shop.Tables.ORDERS;

      @Entity
      @Table(name = "orders", indexes = {@Index(columnList = "a, b"), @Index(columnList = "c")})
      public class Order<T extends Item & Named> extends Base<T> implements Named, Comparable<Order<T>> {
        public static final String SELECT = "select " + "*";
        @Id @GeneratedValue(strategy = GenerationType.AUTO) private Long id;
        private Map<String, ? extends List<Item[]>> items = new HashMap<>();
        String[] tags[], plain;
        enum Status implements Named { NEW("n"), @Deprecated OLD { void m() { run(); } }; private final String code; }
        record Line(@NotNull int number, String... names) { Line { check(number); } }
        sealed interface Shape permits Circle {}
        @interface Mark { String value() default "x"; }
      }
      """)
    #expect(facts.diagnostics.isEmpty)
    #expect(facts.namespace == "com.shop.orders")
    #expect(
      facts.imports == [
        ImportFact(path: "java.util.List", symbol: "List", local: "List"), ImportFact(path: "com.shop", symbol: "*"),
        ImportFact(path: "com.shop.Tables", symbol: "ORDERS", local: "ORDERS"),
      ])
    #expect(
      facts.types.map { "\($0.kind) \($0.name): \($0.bases.joined(separator: " "))" } == [
        "class Order: Base<T> Named Comparable<Order<T>>", "enum Order.Status: Named",
        "class Order.Status.OLD: Order.Status", "record Order.Line: ", "interface Order.Shape: ",
        "interface Order.Mark: ",
      ])
    let order = facts.types[0]
    #expect(order.typeParameters == ["T"])
    #expect(order.annotations.map(\.name) == ["Entity", "Table"])
    #expect(
      order.annotations[1].arguments.map(shown)
        == ["name: 'orders'", "indexes: [Index(columnList: 'a, b'), Index(columnList: 'c')]"])
    #expect(
      order.fields.map { "\($0.isStatic ? "static " : "")\($0.type) \($0.name)" } == [
        "static String SELECT", "Long id", "Map<String,List<Array<Item>>> items", "Array<Array<String>> tags",
        "Array<String> plain",
      ])
    #expect(order.fields[1].annotations.map(\.name) == ["Id", "GeneratedValue"])
    #expect(facts.types[3].fields.map { "\($0.type) \($0.name)" } == ["int number", "Array<String> names"])
    #expect(
      facts.constants.map { "\($0.kind) \($0.name) \(shown($0.value))" } == [
        "global Order.SELECT 'select *'", "field Order.items HashMap()",
        "enumerator Order.Status.NEW Order.Status('n')", "enumerator Order.Status.OLD ?",
      ])
    #expect(facts.functions.map(\.name) == ["Order.Status.OLD.m", "Order.Line.Line"])
    #expect(facts.functions[1].parameters == ["number", "names"])
  }

  @Test func methodsAndInitializers() throws {
    let facts = try read(
      """
      interface Dao {
        String ALL = "select * from t";
        @Select({"select *", "from t"}) List<Order> find(@Param("id") long id, String... more);
        default void both() { find(1); }
      }
      abstract class A {
        static { boot("x"); }
        private final Handler h = it -> save(it);
        private A(int x) { super(x); }
        protected abstract <T> T make(Class<T> type);
        private static int[] count()[] { return null; }
        class Inner { void run() { } }
      }
      """)
    #expect(facts.diagnostics.isEmpty)
    #expect(
      facts.functions.map { function in
        "\(function.isStatic ? "static " : "")\(function.isAbstract ? "abstract " : "")\(function.returnType) "
          + "\(function.name)(\(zip(function.parameterTypes, function.parameters).map { "\($0) \($1)" }.joined(separator: ", ")))"
      } == [
        "abstract List<Order> Dao.find(long id, Array<String> more)", " Dao.both()", "static  A.<static>()",
        " A.<init>()", " A.A(int x)", "abstract T A.make(Class<T> type)", "static Array<Array<int>> A.count()",
        " A.Inner.run()",
      ])
    #expect(facts.functions[0].annotations.first.map { $0.arguments.map(shown) } == ["['select *', 'from t']"])
    #expect(facts.functions[4].events.map { shown($0.event) } == ["call super(x)"])
    #expect(facts.functions[3].events.map { shown($0.event) } == ["scope h", " it = ?", "call save(it)", "leave"])
    #expect(facts.constants.map(\.name) == ["Dao.ALL", "A.h"])
    #expect(facts.understoodLines == 6)
  }
}

@Suite("Java statements and expressions")
struct JavaExpressionTests {
  @Test func texts() throws {
    #expect(
      try events(
        #"""
        String s = "a\tb\"" + x + 'c' + (n + 1);
        s += """
            select *
              from t\
             where \"a\"
            """;
        int i = n + 1;
        var q = cond ? "x" : y;
        this.sql = s; other.sql = s; a[0] = "text";
        """#) == [
          "String s = join('a\tb\"', x, 'c', (+ n, 1))", "s += 'select *\n  from t where \"a\"\n'",
          "int i = (+ n, 1)", " q = either('x', y)", "this.sql = s", "other.sql = s", "mention 'text'",
        ])
  }

  @Test func callsComeInnermostFirst() throws {
    #expect(
      try events(
        """
        a.b(c(1)).d(this.e, Order.class, (Order) f);
        Order o = new Order(1L, new ArrayList<Item>());
        em.<Order>find(-1, new int[] {1, 2}, Outer.this.x, super.go(), a[i]);
        """) == [
          "call c(1)", "call a.b(c(1))", "call a.b(c(1)).d(this.e, <Order>, f)", "call ArrayList(<Item>)",
          "call Order(1L, ArrayList(<Item>))", "Order o = Order(1L, ArrayList(<Item>))", "call super.go()",
          "call em.find(-1, [1, 2], this.x, super.go(), a[i], <Order>)",
        ])
  }

  @Test func branchesAndLoops() throws {
    #expect(
      try events(
        """
        if (a()) b(); else if (c()) d(); else { e(); }
        for (Order o : list()) { o.save(); }
        for (int i = 0; i < n(); i++) f();
        while (g()) h();
        try { i(); } catch (A | B e) { j(); } catch (C e) { k(); } finally { l(); }
        """) == [
          "call a()", "branch", "call b()", "next", "call c()", "branch", "call d()", "next", "call e()", "leave",
          "leave", "call list()", "loop", "Order o = list()[?]", "call o.save()", "leave", "int i = 0", "call n()",
          "loop", "call f()", "leave", "call g()", "loop", "call h()", "leave", "call i()", "branch", "A e = ?",
          "call j()", "next", "C e = ?", "call k()", "leave", "call l()",
        ])
  }

  @Test func switchesAndPatterns() throws {
    #expect(
      try events(
        """
        switch (kind) { case 1: a(); break; case 2, 3: b(); default: c(); }
        String s = switch (shape) { case Circle c -> "x"; case Box(int w, var h) when w > f() -> { yield "y"; } default -> throw new E("no"); };
        if (o instanceof Order order && !done) order.go();
        """) == [
          "branch", "call a()", "next", "call b()", "next", "call c()", "leave", "branch", "Circle c = shape", "next",
          "int w = shape[0]", " h = shape[1]", "call f()", "next", "call E('no')", "leave",
          "String s = either('x', 'y')",
          "Order order = o", "branch", "call order.go()", "leave",
        ])
  }

  @Test func closures() throws {
    #expect(
      try events(
        """
        orders.forEach(o -> dao.save(o));
        tx.execute(status -> { run(); return "x"; });
        jdbc.query("q", new RowMapper<Order>() { public Order mapRow(ResultSet rs, int i) { return make(rs); } });
        Runnable r = () -> go();
        list.map(Order::getId).forEach(repo::save);
        """) == [
          "call orders.forEach({o -> dao.save(o)})", "scope forEach", " o = orders[?]", "call dao.save(o)", "leave",
          "call tx.execute({status -> ?})", "scope execute", " status = tx[?]", "call run()", "mention 'x'", "leave",
          "call RowMapper(<Order>)", "call jdbc.query('q', {rs, i -> ?})", "scope query", "ResultSet rs = jdbc[?]",
          "int i = ?", "call make(rs)", "leave", "Runnable r = { -> go()}", "scope r", "call go()", "leave",
          "call list.map({it -> Order.getId(it)})",
          "call list.map({it -> Order.getId(it)}).forEach({it -> repo.save(it)})",
          "scope forEach", " it = list.map({it -> Order.getId(it)})[?]", "call repo.save(it)", "leave",
        ])
  }

  @Test func resources() throws {
    #expect(
      try events(
        """
        try (var c = ds.getConnection(); Statement s = c.createStatement()) { s.execute("x"); }
        synchronized (lock()) { a(); }
        label: while (x) { continue label; }
        class Local { void run() { b(); } }
        """) == [
          "call ds.getConnection()", "scope getConnection", " c = ds.getConnection()", "call c.createStatement()",
          "scope createStatement", "Statement s = c.createStatement()", "call s.execute('x')", "leave", "leave",
          "call lock()", "scope synchronized", "call a()", "leave", "loop", "leave",
        ])
  }
}

@Suite("Java files of any kind")
struct JavaRobustnessTests {
  @Test func recentSyntaxHasNoErrors() throws {
    let facts = try read(
      #"""
      import module java.base;
      public sealed abstract class S<T> permits S.A, S.B {
        static non-sealed class A extends S<String> {}
        record B<T>(T left, @Deprecated T right) implements Comparable<B<T>> {
          static int count; B { if (left == null) throw new NullPointerException(); }
          public int compareTo(B<T> o) { return 0; }
        }
        int m(Object o) {
          return switch (o) { case null -> 0; case Integer i when i > 1 -> i; case B(var l, _) -> 1; default -> 2; };
        }
        @Nullable String @NonNull [] names(final @A(1) int... x) throws @B Exception { assert x.length > 0 : "none"; return null; }
        var z = 0x1F_FFL; char c = '\u0041'; double d = 1e-3;
        <X> S(X x) { this.<X>go(x); }
        void f() { var l = (BiFunction<Integer, Integer, Integer>) (var a, var b) -> a + b; int[]::new; }
      }
      """#)
    // `import module` and a method reference alone are newer than the grammar, or no statement: the rest is read.
    #expect(facts.types.map(\.name) == ["S", "S.A", "S.B"])
    #expect(facts.functions.map(\.name).contains("S.m"))
  }

  @Test func healthyPartsOfBrokenFilesCount() throws {
    let facts = try read(
      """
      class A {
        void one() { db.query("select 1"); }
        void two( { ]]
        void three() { db.query("select 3"); }
      }
      """)
    #expect(facts.diagnostics.map(\.code) == ["parse-errors"])
    let texts = facts.functions.flatMap(\.events).map { shown($0.event) }
    #expect(texts.contains("call db.query('select 1')"))
    #expect(texts.contains("call db.query('select 3')"))
  }

  @Test(arguments: [
    "", "\u{0}", "{{{{", "}}}}", "class", "class A {", "@", "@A(", "import", "package ;", "class A { void m() { x. } }",
    "class A { void m() { \"\"\" } }", "\"", "'", "enum E { A(", "record R(", "x -> {", "class A { int x = ; }",
    "interface I { default", "new A() {", "switch (x) { case", "\u{FEFF}class A {}", "class A { A::", "a.b.c.",
  ])
  func nothingTraps(_ text: String) throws { _ = try read(text) }

  @Test func everyBeginningOfAFileIsRead() throws {
    let text =
      "class A { String s = \"a\\\\u00\" + \"\"\"\n x\\\"\"\"; void m() { f(o -> { g(A::b); }, new C() { int d() { } }); } }"
    for length in 0...text.utf8.count { _ = try read(String(decoding: text.utf8.prefix(length), as: UTF8.self)) }
  }

  @Test func depthIsBounded() throws {
    let many = 20_000
    func nested(_ open: String, _ inner: String, _ close: String) -> String {
      "class A { Object m() { return " + String(repeating: open, count: many) + inner
        + String(repeating: close, count: many) + "; } }"
    }
    _ = try read(nested("(", "1", ")"))
    _ = try read(nested("f(", "1", ")"))
    _ = try read(nested("x -> ", "1", ""))
    _ = try read(nested("a ? b : ", "1", ""))
    _ = try read(
      "class A { void m() " + String(repeating: "{", count: many) + String(repeating: "}", count: many) + " }")
    _ = try read(String(repeating: "class A { ", count: 2_000))
    let chain = try read(nested("", "sb", ".append(\"x\")"))
    #expect(chain.functions.first?.events.count == many + 1)
    let sum = try read(nested("\"a\" + ", "b", ""))
    let text = Value.text(String(repeating: "a", count: many))
    #expect(sum.functions.first?.events.map(\.event) == [.result(.join([text, .name("b")]))])
    let branches = try read(nested("", "1; " + String(repeating: "if (a) b(); else ", count: many) + "c()", ""))
    #expect((branches.functions.first?.events.count ?? 0) > many)
  }
}
