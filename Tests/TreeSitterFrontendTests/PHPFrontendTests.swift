import Basics
import Facts
import Testing
import TreeSitterFrontend

@Suite("The PHP frontend")
struct PHPFrontendTests {
  private func read(_ text: String) throws -> FileFacts {
    let frontend = try #require(LanguageFrontend.of("a.php"))
    return Array(text.utf8).withUnsafeBufferPointer { frontend.read(RepoPath("a.php"), $0) }
  }

  private func events(_ body: String) throws -> [CodeEvent] {
    try #require(try read("<?php function f($p) {\n\(body)\n}").functions.first).events.map(\.event)
  }

  private func call(_ callee: String, on receiver: Value? = nil, _ arguments: Value...) -> CodeEvent {
    .call(CallFact(callee: callee, receiver: receiver, arguments: arguments, dispatch: .direct))
  }

  @Test func classesWithTraitsAttributesAndComments() throws {
    let facts = try read(
      #"""
      <?php
      namespace App\Models;
      use Doctrine\ORM\Mapping as ORM;
      use App\{A, B as C};
      /**
       * @ORM\Table(name="orders", indexes={@ORM\Index(columns={"a"})})
       * @extends Base<Line>
       */
      #[ORM\Entity(repositoryClass: Orders::class)]
      abstract class Order extends Base implements \Countable {
        use Timestamps, Deleted;
        const TABLE = 'orders';
        /**
         * @var Collection|Line[]
         * @ORM\OneToMany(targetEntity=Line::class, cascade={"all"})
         */
        private $lines;
        #[ORM\Column(length: 64)] private ?string $name = null;
        public static int $count = 0;
        public function __construct(private readonly Clock $clock) {}
        /** @return Line[] */
        abstract function lines(int|string|null $id, \App\Order ...$more): array;
      }
      """#)
    #expect(facts.namespace == #"App\Models"#)
    #expect(
      facts.imports == [
        ImportFact(path: #"Doctrine\ORM\Mapping"#, symbol: "Mapping", local: "ORM"),
        ImportFact(path: #"App\A"#, symbol: "A", local: "A"), ImportFact(path: #"App\B"#, symbol: "B", local: "C"),
      ])
    let type = try #require(facts.types.first)
    #expect(type.namespace == #"App\Models"#)
    #expect(type.bases == ["Base<Line>", "Countable", "Timestamps", "Deleted"])
    #expect(type.annotations.map(\.name) == [#"ORM\Table"#, #"ORM\Entity"#, "abstract"])
    #expect(type.annotations[0].line == 6)
    #expect(
      type.annotations[0].arguments == [
        .member("name", .text("orders")),
        .member(
          "indexes",
          .list([
            .call(callee: #"ORM\Index"#, receiver: nil, arguments: [.member("columns", .list([.text("a")]))])
          ])),
      ])
    #expect(type.annotations[1].arguments == [.member("repositoryClass", .type("Orders"))])
    #expect(type.fields.map(\.name) == ["lines", "name", "count", "clock"])
    #expect(type.fields.map(\.type) == ["Collection<Line>", "string", "int", "Clock"])
    #expect(type.fields[0].annotations.map(\.name) == [#"ORM\OneToMany"#])
    #expect(
      type.fields[1].annotations == [
        AnnotationFact(name: #"ORM\Column"#, arguments: [.member("length", .literal("64"))], line: 18)
      ])
    #expect(facts.constants.map(\.name) == ["Order.TABLE", "Order.name", "Order.count"])
    #expect(facts.functions.map(\.name) == ["Order::__construct", "Order::lines"])
    #expect(facts.functions[0].events.map(\.event) == [.assign(name: "this.clock", value: .name("clock"))])
    #expect(facts.functions[1].isAbstract)
    #expect(facts.functions[1].returnType == "Array<Line>")
    #expect(facts.functions[1].parameterTypes == ["int|string", #"App\Order"#])
  }

  @Test func texts() throws {
    #expect(
      try events(#"$a = "x $p {$p->q} $p[k] \"\n" . 'it\'s' . "!";"#) == [
        .declare(
          name: "a", type: "",
          value: .join([
            .text("x "), .name("p"), .text(" "), .name("p.q"), .text(" "), .element(of: .name("p"), at: .text("k")),
            .text(" \"\nit's!"),
          ]))
      ])
    #expect(
      try events("$a = <<<SQL\n    SELECT\n      $p\n    SQL;\n$b = <<<'X'\n  $c\\n\n  X;\n$b .= 'd';") == [
        .declare(name: "a", type: "", value: .join([.text("SELECT\n  "), .name("p")])),
        .declare(name: "b", type: "", value: .text("$c\\n")), .append(name: "b", value: .text("d")),
      ])
  }

  @Test func callsInnermostFirst() throws {
    let find = Value.call(callee: "find", receiver: .name("Order"), arguments: [.literal("1")])
    #expect(
      try events("return Order::find(1)?->lines(of: $p)->first;") == [
        call("find", on: .name("Order"), .literal("1")), call("lines", on: find, .member("of", .name("p"))),
        .result(
          .field(
            of: .call(callee: "lines", receiver: find, arguments: [.member("of", .name("p"))]), name: "first")),
      ])
    #expect(
      try events("$this->x->go(); parent::go(); self::go(); new Order(self::X, Line::class); $p();") == [
        call("go", on: .name("this.x")), call("go", on: .name("super")), call("go", on: .name("this")),
        call("Order", .name("this.X"), .type("Line")), call("__invoke", on: .name("p")),
      ])
  }

  @Test func closuresFollowTheirCall() throws {
    #expect(
      try events("$p->run(function (Order $o) use ($p) { $o->save(); }, fn() => 1);") == [
        call(
          "run", on: .name("p"), .closure(parameters: ["o"], result: .opaque),
          .closure(parameters: [], result: .literal("1"))),
        .enterScope(callee: "run"),
        .declare(name: "o", type: "Order", value: .element(of: .name("p"), at: .opaque)), call("save", on: .name("o")),
        .leave,
      ])
  }

  @Test func assignmentsAndLoops() throws {
    #expect(
      try events("/** @var Order $o */\n$o = $p; [$a, 'k' => $b] = $p; foreach ($p as $k => $v) { $a[] = $v; }") == [
        .declare(name: "o", type: "Order", value: .name("p")),
        .declare(name: "a", type: "", value: .element(of: .name("p"), at: .literal("0"))),
        .declare(name: "b", type: "", value: .element(of: .name("p"), at: .text("k"))), .enterLoop,
        .declare(name: "k", type: "", value: .opaque),
        .declare(name: "v", type: "", value: .element(of: .name("p"), at: .opaque)),
        .append(name: "a", value: .list([.name("v")])), .leave,
      ])
  }

  @Test func branches() throws {
    #expect(
      try events("if ($p) a(); elseif (b()) c(); else d(); $x = match($p) { 1 => e(), default => 'f' };") == [
        .enterBranch, call("a"), .nextBranch, call("b"), call("c"), .nextBranch, call("d"), .leave, .enterBranch,
        call("e"), .nextBranch, .leave,
        .declare(
          name: "x", type: "", value: .either([.call(callee: "e", receiver: nil, arguments: []), .text("f")])),
      ])
    #expect(
      try events("try { a(); } catch (E $e) { b(); } finally { c(); }") == [
        call("a"), .enterBranch, .declare(name: "e", type: "E", value: .opaque), call("b"), .leave, call("c"),
      ])
  }

  @Test func anonymousClassesAndCodeOutsideOfFunctions() throws {
    let facts = try read("<p>x</p>\n<?php return new class extends Migration { function up() { a(); } };")
    #expect(facts.types.map(\.name) == ["class@anonymous"])
    #expect(facts.types.first?.bases == ["Migration"])
    #expect(Set(facts.functions.map(\.name)) == ["<main>", "class@anonymous::up"])
    #expect(try read("<p>x</p>").functions.isEmpty)
  }

  @Test func brokenFilesKeepTheirHealthyParts() throws {
    let facts = try read("<?php class A { function f() { a(); } function ( { b(; }\nfunction g() { c(); }")
    #expect(facts.diagnostics.map(\.code) == ["parse-errors"])
    #expect(facts.functions.contains { $0.name.hasSuffix("f") })
  }

  /// Names keep the test report short.
  @Test(arguments: ["concatenation", "parentheses", "calls", "arrays", "closures", "negations", "sums"])
  func deepNesting(_ name: String) throws {
    let expression =
      switch name {
      case "concatenation": "$a" + String(repeating: " . 'x'", count: 10_000)
      case "parentheses": String(repeating: "(", count: 5_000) + "1" + String(repeating: ")", count: 5_000)
      case "calls": "$a" + String(repeating: "->b(1)", count: 3_000)
      case "arrays": String(repeating: "[", count: 3_000) + String(repeating: "]", count: 3_000)
      case "closures": String(repeating: "fn() => ", count: 2_000) + "1"
      case "negations": String(repeating: "!", count: 3_000) + "$a"
      default: "$a" + String(repeating: " + 1 - 1", count: 5_000)
      }
    onLargeStack {
      _ = try? read("<?php $z = \(expression);")
      _ = try? read("<?php " + String(repeating: "if ($a) { ", count: 2_000) + "b();")
    }
  }

  @Test func includeFilesBelongToPHPWhenTheyBeginLikeIt() {
    #expect(LanguageFrontend.of("a.inc", content: Array("\n<?php echo 1;".utf8)) != nil)
    #expect(LanguageFrontend.of("a.inc", content: Array("#define A 1".utf8)) == nil)
  }

  @Test func FN_constantsInEnumsEndTheEnum() throws {
    let facts = try read("<?php enum E { case A; const B = self::A; function f() { a(); } }")
    #expect(facts.functions.map(\.name) == ["f"])
  }
}
