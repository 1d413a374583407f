import Basics
import Facts
import Testing
import TreeSitterFrontend

@Suite("The Go frontend")
struct GoFrontendTests {
  private func read(_ text: String) throws -> FileFacts {
    let frontend = try #require(LanguageFrontend.of("a.go"))
    return Array(text.utf8).withUnsafeBufferPointer { frontend.read(RepoPath("a.go"), $0) }
  }

  private func events(_ body: String) throws -> [CodeEvent] {
    try #require(try read("package a\nfunc (s *Store) f(p string) {\n\(body)\n}").functions.first).events.map(\.event)
  }

  private func call(_ callee: String, on receiver: Value? = nil, _ arguments: Value...) -> CodeEvent {
    .call(CallFact(callee: callee, receiver: receiver, arguments: arguments, dispatch: .direct))
  }

  @Test func typesWithTags() throws {
    let facts = try read(
      """
      package shop
      import (
      	"database/sql"
      	m "github.com/x/models"
      	"gorm.io/gorm/v2"
      )
      type Order struct {
      	gorm.Model
      	ID, Number uint `gorm:"primaryKey" json:"id"`
      	Lines []*Line
      	Names map[string]*Line
      }
      type Orders []Order
      type Store[T any] interface {
      	io.Closer
      	Find(ctx context.Context, ids ...int) (*Order, error)
      }
      func (s *Repo[T]) All() []Order { return nil }
      """)
    #expect(facts.namespace == "shop")
    #expect(
      facts.imports == [
        ImportFact(path: "database/sql", local: "sql"), ImportFact(path: "github.com/x/models", local: "m"),
        ImportFact(path: "gorm.io/gorm/v2", local: "gorm"),
      ])
    #expect(facts.types.map(\.name) == ["Order", "Orders", "Store"])
    #expect(facts.types.map(\.bases) == [["gorm.Model"], ["Array<Order>"], ["io.Closer"]])
    let order = try #require(facts.types.first)
    #expect(order.fields.map(\.name) == ["ID", "Number", "Lines", "Names"])
    #expect(order.fields.map(\.type) == ["uint", "uint", "Array<Line>", "Map<string,Line>"])
    #expect(
      order.fields[0].annotations == [
        AnnotationFact(name: "gorm", arguments: [.text("primaryKey")], line: 9),
        AnnotationFact(name: "json", arguments: [.text("id")], line: 9),
      ])
    #expect(facts.functions.map(\.name) == ["Store.Find", "Repo.All"])
    #expect(facts.functions[0].isAbstract)
    #expect(facts.functions[0].parameterTypes == ["context.Context", "Array<int>"])
    #expect(facts.functions.map(\.returnType) == ["Order", "Array<Order>"])
  }

  @Test func constants() throws {
    let facts = try read(
      "package a\nconst (\n  A Kind = iota\n  B\n)\nconst q = `SELECT ` + \"x\\n\"\nvar m = map[Kind]string{A: \"a\"}")
    #expect(facts.constants.map(\.name) == ["A", "B", "q", "m"])
    #expect(facts.constants.map(\.kind) == [.enumerator, .enumerator, .global, .global])
    #expect(
      facts.constants.map(\.value) == [
        .literal("0"), .literal("1"), .text("SELECT x\n"), .list([.list([.name("A"), .text("a")])]),
      ])
  }

  @Test func theObjectItself() throws {
    #expect(
      try events("s.save(s.db)\ns.name = p\nreturn s") == [
        call("save", on: .name("this"), .name("this.db")), .assign(name: "this.name", value: .name("p")),
        .result(.name("this")),
      ])
  }

  @Test func firstOfSeveralResults() throws {
    let find = Value.call(callee: "find", receiver: nil, arguments: [])
    #expect(
      try events("o, err := find()\nif err != nil { return nil, err }\nx, y := 1, `b`") == [
        call("find"), .declare(name: "o", type: "", value: find),
        .declare(name: "err", type: "", value: .element(of: find, at: .literal("1"))), .enterBranch,
        .result(.literal("null")), .leave, .declare(name: "x", type: "", value: .literal("1")),
        .declare(name: "y", type: "", value: .text("b")),
      ])
  }

  @Test func literalsMakeObjects() throws {
    let made = Value.call(callee: "Order", receiver: nil, arguments: [.member("ID", .literal("1"))])
    #expect(
      try events("o := &Order{ID: 1}\nl := []m.Line{{1}}\nn := new(Order)") == [
        call("Order", .member("ID", .literal("1"))), .declare(name: "o", type: "Order", value: made),
        call("m.Line", .literal("1")),
        .declare(
          name: "l", type: "Array<m.Line>",
          value: .list([.call(callee: "m.Line", receiver: nil, arguments: [.literal("1")])])), call("Order"),
        .declare(name: "n", type: "Order", value: .call(callee: "Order", receiver: nil, arguments: [])),
      ])
  }

  @Test func closuresAndTypeArguments() throws {
    #expect(
      try events("tx.Run(func(o *Order) error { o.Save(); return nil })\nFind[Order](1)\ngo func() { a() }()") == [
        call("Run", on: .name("tx"), .closure(parameters: ["o"], result: .opaque)), .enterScope(callee: "Run"),
        .declare(name: "o", type: "Order", value: .element(of: .name("tx"), at: .opaque)), call("Save", on: .name("o")),
        .result(.literal("null")), .leave, call("Find", .literal("1"), .type("Order")), .enterScope(callee: ""),
        call("a"), .leave,
      ])
  }

  @Test func deferredCallsHappenLast() throws {
    #expect(
      try events("defer tx.Rollback()\na()\ntx.Commit()") == [
        call("a"), call("Commit", on: .name("tx")), call("Rollback", on: .name("tx")),
      ])
  }

  @Test func loopsAndBranches() throws {
    #expect(
      try events("for _, o := range all() { a(o) }\nswitch v := p.(type) { case *Order: b()\ndefault: c() }") == [
        call("all"), .enterLoop,
        .declare(
          name: "o", type: "", value: .element(of: .call(callee: "all", receiver: nil, arguments: []), at: .opaque)),
        call("a", .name("o")), .leave, .enterBranch, .declare(name: "v", type: "Order", value: .opaque), call("b"),
        .nextBranch, call("c"), .leave,
      ])
  }

  @Test func brokenFilesKeepTheirHealthyParts() throws {
    let facts = try read("package a\nfunc f() { a() }\nfunc ( {{ b(\nfunc g() { c() }\n")
    #expect(facts.diagnostics.map(\.code) == ["parse-errors"])
    #expect(facts.functions.contains { $0.name == "f" })
  }

  /// Names keep the test report short.
  @Test(arguments: ["sum", "parentheses", "calls", "lists", "closures", "marks", "branches"])
  func deepNesting(_ name: String) throws {
    let statement =
      switch name {
      case "sum": "z = a" + String(repeating: " + \"x\"", count: 10_000)
      case "parentheses": "z = " + String(repeating: "(", count: 5_000) + "1" + String(repeating: ")", count: 5_000)
      case "calls": "z = a" + String(repeating: ".b(1)", count: 3_000)
      case "lists": "z = []X" + String(repeating: "{", count: 3_000) + String(repeating: "}", count: 3_000)
      case "closures": String(repeating: "func() { ", count: 2_000) + String(repeating: "}()", count: 2_000)
      case "marks": "z = " + String(repeating: "!", count: 3_000) + "a"
      default: "if a { b() }" + String(repeating: " else if a { b() }", count: 3_000)
      }
    onLargeStack { _ = try? read("package a\nfunc f() { \(statement) }") }
  }
}
