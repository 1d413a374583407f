import Basics
import Facts
import Testing
import TreeSitterFrontend

@Suite("Python")
struct PythonFrontendTests {
  private func facts(_ source: String, file: String = "shop/orders/models.py") -> FileFacts {
    read(Array(source.utf8), file)
  }

  private func read(_ bytes: [UInt8], _ file: String = "a.py") -> FileFacts {
    guard let frontend = LanguageFrontend.of(file) else { return FileFacts(file: RepoPath(file)) }
    return bytes.withUnsafeBufferPointer { frontend.read(RepoPath(file), $0) }
  }

  private func events(_ source: String, of name: String = "<main>") -> [CodeEvent] {
    facts(source).functions.first { $0.name == name }?.events.map(\.event) ?? []
  }

  private func call(_ callee: String, on receiver: Value? = nil, _ arguments: Value...) -> Value {
    .call(callee: callee, receiver: receiver, arguments: arguments)
  }

  /// The value of `x = …` in a function.
  private func value(_ expression: String) -> Value? {
    for case .declare("x", _, let value) in events("def f(self_):\n    x = \(expression)\n", of: "f") { return value }
    return nil
  }

  @Test func texts() {
    #expect(value(#""a" 'b' r"\d" "\x41\u0042\n" b'\101'"#) == .text("ab\\dAB\nA"))
    #expect(
      value(#"f"select {a.b!r:>{w}} {{x}}" " from t""#)
        == .join([.text("select "), .name("a.b"), .text(" {x} from t")]))
    #expect(value(#""a" + b + "c" + "d""#) == .join([.text("a"), .name("b"), .text("cd")]))
    #expect(value(#""a %s" % b"#) == call("format", on: .text("a %s"), .name("b")))
    #expect(value(#""a %s %s" % (b, 1)"#) == call("format", on: .text("a %s %s"), .name("b"), .literal("1")))
    #expect(value(#""%(n)s" % {"n": b}"#) == call("format", on: .text("%(n)s"), .member("n", .name("b"))))
    #expect(value("count % 7") == .operation("%", [.name("count"), .literal("7")]))
    #expect(value("\"\"\"\n  a\n  b\"\"\"") == .text("\n  a\n  b"))
    #expect(value("\"a\\\nb\"") == .text("ab"))
    #expect(value("1 + 2") == .operation("+", [.literal("1"), .literal("2")]))
  }

  @Test func callsAndMembers() {
    let filter = call("filter", on: .name("Order.objects"), .member("total__gt", .literal("1")))
    #expect(
      value("Order.objects.filter(total__gt=1).first().customer")
        == .field(of: call("first", on: filter), name: "customer"))
    #expect(value("(await a.b)[1:2]") == .name("a.b"))
    #expect(value("a['k'][0]") == .element(of: .element(of: .name("a"), at: .text("k")), at: .literal("0")))
    #expect(value("Page[Order](q)") == call("Page", .name("q"), .type("Order")))
    #expect(value("a if b else c") == .either([.name("a"), .name("c")]))
    #expect(value("a or b or c") == .either([.name("a"), .name("b"), .name("c")]))
    #expect(
      value("Q(a=1) | ~Q(b=-2)")
        == .operation(
          "|",
          [
            call("Q", .member("a", .literal("1"))), .operation("~", [call("Q", .member("b", .literal("-2")))]),
          ]))
    #expect(
      value("{'a': 1, b: None, **c}")
        == .list([
          .member("a", .literal("1")), .list([.name("b"), .literal("null")]), .operation("**", [.name("c")]),
        ]))
    #expect(value("[Order(n) for n in names if n]") == .list([call("Order", .name("n"))]))
  }

  @Test func callEventsComeInnermostFirst() {
    let callees = events("a.b(c()).d(e=f())\n").compactMap { event -> String? in
      if case .call(let call) = event { call.callee } else { nil }
    }
    #expect(callees == ["c", "b", "f", "d"])
  }

  @Test func theObjectItself() {
    let source = """
      class Order(models.Model, metaclass=Meta):
          def __init__(me, repo: Repo, name=None):
              me.repo = repo
              me.name = name or "x"
              super().__init__()
          @classmethod
          def make(cls, n):
              return cls(n).save(cls.table)
          @staticmethod
          def plain(a): return a
          @property
          def owner(self) -> "User | None": return self.repo.find(self)
      """
    let found = facts(source)
    #expect(found.types.map(\.name) == ["Order"])
    #expect(found.types.first?.bases == ["models.Model"])
    #expect(found.types.first?.fields.map { "\($0.name):\($0.type)" } == ["repo:Repo", "name:", "owner:User"])
    #expect(found.functions.map(\.name) == ["Order.__init__", "Order.make", "Order.plain", "Order.owner"])
    #expect(found.functions.map(\.parameters) == [["repo", "name"], ["n"], ["a"], []])
    #expect(found.functions.map(\.isStatic) == [false, true, true, false])
    #expect(
      events(source, of: "Order.make").last
        == .result(
          call("save", on: call("Order", .name("n")), .name("this.table"))))
    #expect(
      events(source, of: "Order.__init__").contains(
        .call(CallFact(callee: "__init__", receiver: .name("super"), arguments: [], dispatch: .virtual))))
    #expect(events(source, of: "Order.owner").last == .result(call("find", on: .name("this.repo"), .name("this"))))
  }

  @Test func classesFieldsAndConstants() {
    let source = """
      class Status(models.TextChoices):
          PAID = "paid", "Paid"
      @dataclass(frozen=True)
      class Line(Base[Order], Manager.from_queryset(Rows)):
          TABLE = "lines"
          id: Mapped[Optional[int]] = mapped_column(primary_key=True)
          tags: List["Tag"]
          class Meta:
              db_table = "line"
          register(TABLE)
      """
    let found = facts(source)
    #expect(found.types.map(\.name) == ["Status", "Line", "Line.Meta"])
    #expect(found.types.map(\.kind) == [.enum, .class, .class])
    #expect(found.types[1].bases == ["Base<Order>", "Manager", "Rows"])
    #expect(found.types[1].annotations.map(\.name) == ["dataclass"])
    #expect(found.types[1].fields.map { "\($0.name):\($0.type)" } == ["TABLE:", "id:Mapped<int>", "tags:List<Tag>"])
    #expect(
      found.types[1].body.map(\.event) == [
        .call(CallFact(callee: "register", receiver: nil, arguments: [.name("TABLE")], dispatch: .direct))
      ])
    #expect(found.types[2].fields.first?.value == .text("line"))
    #expect(found.constants.map(\.name) == ["Status.PAID", "Line.TABLE", "Line.id", "Line.Meta.db_table"])
    #expect(found.constants.map(\.kind) == [.enumerator, .global, .field, .field])
    #expect(found.constants.first?.value == .text("paid"))
  }

  @Test func typesInTheCommonForm() {
    let source = """
      def f(a: Optional[List["Order"]], b: 'x.Order | None', c: Union[None, Order], d: dict[str, list[int]], \
      e: Annotated[Session, Depends(get(1, 2))], g: Callable[[int, str], None], *h: int): ...
      """
    #expect(
      facts(source).functions.first?.parameterTypes == [
        "List<Order>", "x.Order", "Order", "dict<str,list<int>>", "Session", "Callable<Array<int>,None>", "int",
      ])
  }

  @Test func importsAreAbsolute() {
    let source = """
      from __future__ import annotations
      from . import models
      from ..a.b import C as D
      from x import *
      import a.b as e, c.d
      if TYPE_CHECKING:
          from y import Z
      """
    #expect(facts(source).namespace == "shop.orders.models")
    #expect(facts("", file: "src/shop/__init__.py").namespace == "shop")
    #expect(
      facts(source).imports == [
        ImportFact(path: "shop.orders", symbol: "models", local: "models"),
        ImportFact(path: "shop.a.b", symbol: "C", local: "D"), ImportFact(path: "x", symbol: "*"),
        ImportFact(path: "a.b", local: "e"), ImportFact(path: "c.d", local: "c.d"),
        ImportFact(path: "y", symbol: "Z", local: "Z"),
      ])
    #expect(facts("from . import a", file: "shop/__init__.py").imports.first?.path == "shop")
  }

  @Test func branchesLoopsAndScopes() {
    let source = """
      def f(rows):
          with atomic() as t, lock:
              for a, b in rows.items():
                  if a: x = 1
                  elif b: x = 2
                  else: x += 3
          try: g()
          except A as e: h()
          except B: pass
          finally: i()
          match k:
              case 1: j()
              case other: l()
      """
    let names = events(source, of: "f").map { event -> String in
      switch event {
      case .declare(let name, _, _): "declare \(name)"
      case .assign(let name, _): "assign \(name)"
      case .append(let name, _): "append \(name)"
      case .call(let call): call.callee
      case .result: "result"
      case .mention: "mention"
      case .enterBranch: "branch"
      case .nextBranch: "next"
      case .enterLoop: "loop"
      case .enterScope(let callee): "scope \(callee)"
      case .leave: "leave"
      }
    }
    #expect(
      names == [
        "atomic", "scope atomic", "declare t", "scope lock", "items", "loop", "declare a", "declare b", "branch",
        "declare x", "next", "assign x", "next", "append x", "leave", "leave", "leave", "leave", "g", "branch",
        "declare e", "h", "next", "leave", "i", "branch", "j", "next", "declare other", "l", "leave",
      ])
  }

  @Test func functionsInFunctions() {
    let source = """
      def outer(repo):
          def local(x):
              return repo.find(x)
          @task
          def job(): repo.run()
          def kept(): return repo
          repo.each(lambda y: y.save())
          local(1)
          return kept
      total = lambda order: order.sum()
      """
    let found = facts(source)
    #expect(found.functions.map(\.name) == ["outer", "outer.job", "outer.kept", "total"])
    let find = call("find", on: .name("repo"), .name("x"))
    let save = call("save", on: .name("y"))
    #expect(
      events(source, of: "outer") == [
        .enterScope(callee: "local"), .declare(name: "x", type: "", value: .opaque),
        .call(CallFact(callee: "find", receiver: .name("repo"), arguments: [.name("x")], dispatch: .virtual)),
        .mention(find), .leave,
        .call(
          CallFact(
            callee: "each", receiver: .name("repo"), arguments: [.closure(parameters: ["y"], result: save)],
            dispatch: .virtual)),
        .enterScope(callee: "each"), .declare(name: "y", type: "", value: .element(of: .name("repo"), at: .opaque)),
        .call(CallFact(callee: "save", receiver: .name("y"), arguments: [], dispatch: .virtual)), .leave,
        .call(CallFact(callee: "local", receiver: nil, arguments: [.literal("1")], dispatch: .direct)),
        .result(.name("kept")),
      ])
  }

  @Test func documentationIsNoText() {
    #expect(events("\"\"\"select a from b\"\"\"\ndef f():\n    \"\"\"delete from c\"\"\"\n").isEmpty)
    #expect(events("def f():\n    \"\"\"delete from c\"\"\"\n", of: "f").isEmpty)
  }

  @Test func syntaxOfTheLastYearsIsRead() {
    let source = #"""
      async def f[T](a: T, /, *, b=1, **k) -> list[T]:
          async with g() as x, h(): pass
          return [y async for y in x if (n := len(y)) > 1]
      type Pair[A] = tuple[A, A]
      class C[T](Base[T]): pass
      match p:
          case {"a": [1, *_], **rest} if rest: pass
          case Order(id=1) | None as q: pass
      try: pass
      except* ValueError as e: pass
      with (open("a") as f, open("b") as g): pass
      def d(): yield from e(); return 1_000, 0xFF, 1j, ...
      print(f"{x = !r:^{width}} {'nested'}", *args, sep="")
      @(lambda f: f)
      def h(): global z; del a[0], b.c; assert (yield), "x"
      """#
    #expect(facts(source).diagnostics.isEmpty)
  }

  @Test func brokenFilesKeepWhatIsHealthy() {
    let found = facts(
      "def good():\n    a.save()\n\ndef bad(:\n    b.(\n\nclass C:\n    def m(self):\n        self.x()\n")
    #expect(found.diagnostics.map(\.code) == ["parse-errors"])
    #expect(found.functions.contains { $0.name == "good" && !$0.events.isEmpty })
    #expect(found.lineCount == 9)
  }

  @Test func deepAndLongSourcesAreSafe() {
    let terms = facts("x = " + Array(repeating: "a()", count: 10_000).joined(separator: " + ") + "\n")
    #expect(terms.functions.first?.events.count == 10_001)
    _ = facts("x = a" + String(repeating: ".b()", count: 10_000) + "\n")
    _ = facts("x = " + (0..<10_000).map { $0.isMultiple(of: 2) ? "a - " : "b + " }.joined() + "c\n")
    _ = facts("x = " + String(repeating: "[", count: 20_000))
    _ = facts("x = " + String(repeating: "f(", count: 2_000) + String(repeating: ")", count: 2_000))
    _ = facts((0..<300).map { String(repeating: " ", count: $0) + "if a:\n" }.joined())
    _ = facts("x: " + String(repeating: "List[", count: 5_000) + "\n")
    _ = facts("x = lambda: " + String(repeating: "lambda: ", count: 3_000) + "1\n")
    _ = facts("x = f\"{" + String(repeating: "f'{", count: 500))
  }

  @Test func anyBytesAreRead() {
    var state: UInt64 = 7
    for _ in 0..<200 {
      let bytes = (0..<300).map { _ -> UInt8 in
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        let pieces = Array("()[]{}:=,.'\"\\\n \tdefclass@f%+*|0aA\u{7F}".utf8) + [0xFF, 0x00]
        return pieces[Int(state >> 33) % pieces.count]
      }
      _ = read(bytes)
    }
  }
}
