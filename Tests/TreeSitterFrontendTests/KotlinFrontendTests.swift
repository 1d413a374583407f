import Basics
import Facts
import Testing
import TreeSitterFrontend

@Suite("The Kotlin frontend")
struct KotlinFrontendTests {
  private func read(_ text: String) throws -> FileFacts {
    let frontend = try #require(LanguageFrontend.of("a.kt"))
    return Array(text.utf8).withUnsafeBufferPointer { frontend.read(RepoPath("a.kt"), $0) }
  }

  private func events(_ body: String) throws -> [CodeEvent] {
    try #require(try read("fun f(p: Order?) {\n\(body)\n}\n").functions.first).events.map(\.event)
  }

  private func call(_ callee: String, on receiver: Value? = nil, _ arguments: Value...) -> CodeEvent {
    .call(CallFact(callee: callee, receiver: receiver, arguments: arguments, dispatch: .direct))
  }

  @Test func classesWithPropertiesAnnotationsAndCompanions() throws {
    let facts = try read(
      """
      package com.shop
      import com.shop.base.Entity as Base
      import com.shop.tools.*

      @Entity
      @Table(name = "orders", indexes = [Index(name = "i")])
      data class Order(
        @Id val id: Long? = null,
        @field:Column(name = "nm") var name: String,
        note: String,
      ) : Base<Order>(1), Marker {
        @get:Transient
        val total: Int
          get() = items.size
        lateinit var clock: Clock
        companion object : LongEntityClass<Order>(Orders) {
          const val KIND = "o"
          fun of(n: String) = Order(name = n)
        }
        class Line
      }
      """)
    #expect(facts.namespace == "com.shop")
    #expect(
      facts.imports == [
        ImportFact(path: "com.shop.base.Entity", symbol: "Entity", local: "Base"),
        ImportFact(path: "com.shop.tools", symbol: "*"),
      ])
    #expect(facts.types.map(\.name) == ["Order", "Order.Companion", "Order.Line"])
    let order = try #require(facts.types.first)
    #expect(order.bases == ["Base<Order>", "Marker"])
    #expect(order.annotations.map(\.name) == ["Entity", "Table"])
    #expect(order.fields.map(\.name) == ["id", "name", "total", "clock", "KIND"])
    #expect(order.fields.map(\.type) == ["Long", "String", "Int", "Clock", ""])
    #expect(order.fields.map { $0.annotations.first?.name } == ["Id", "Column", "Transient", nil, nil])
    #expect(order.fields.map(\.isStatic) == [false, false, false, false, true])
    #expect(facts.types[1].bases == ["LongEntityClass<Order>"])
    #expect(facts.types[1].body.map(\.event) == [call("LongEntityClass", .name("Orders"))])
    #expect(facts.functions.map(\.name) == ["Order.Order", "Order.total", "Order.of"])
    #expect(facts.functions[0].parameterTypes == ["Long", "String", "String"])
    #expect(facts.functions[2].isStatic)
    #expect(facts.constants.map(\.name) == ["Order.KIND"])
  }

  @Test func objectsEnumsInterfacesAndExtensions() throws {
    let facts = try read(
      """
      fun interface Clock { fun now(): Long }
      interface Orders : CrudRepository<Order, Long> {
        fun findByName(name: String?): List<Order>?
      }
      object Table1 : IntIdTable("t1") { val name = varchar("name", 50).nullable() }
      enum class Kind(val code: String) {
        A("a"), B("b");
        fun first() = code
      }
      typealias Rows = List<Order>
      private fun Order.total(): Int = this.sum + 1
      class Dao(private val jpa: Jpa) : Base by jpa {
        override fun all() = jpa.findAll()
      }
      """)
    #expect(facts.types.map(\.name) == ["Clock", "Orders", "Table1", "Kind", "Rows", "Dao"])
    #expect(facts.types.map(\.kind) == [.interface, .interface, .class, .enum, .alias, .class])
    let find = try #require(facts.functions.first { $0.name == "Orders.findByName" })
    #expect(find.isAbstract)
    #expect(find.parameterTypes == ["String"])
    #expect(find.returnType == "List<Order>")
    #expect(facts.types[2].body.map(\.event) == [call("IntIdTable", .text("t1"))])
    #expect(facts.constants.filter { $0.kind == .enumerator }.map(\.value) == [.text("a"), .text("b")])
    let total = try #require(facts.functions.first { $0.name == "Order.total" })
    #expect(total.owner == "Order")
    #expect(total.isLocal)
    #expect(total.events.map(\.event) == [.result(.operation("+", [.name("this.sum"), .literal("1")]))])
    #expect(facts.functions.contains { $0.name == "Dao.all" })
  }

  @Test func texts() throws {
    let quotes = "\"\"\""
    #expect(
      try events("val a = \"x\\t$p ${p.id} é\" + T") == [
        .declare(
          name: "a", type: "",
          value: .join([.text("x\t"), .name("p"), .text(" "), .name("p.id"), .text(" é"), .name("T")]))
      ])
    #expect(
      try events("val a = \(quotes)\n    one\n      two\n  \(quotes).trimIndent()") == [
        .declare(name: "a", type: "", value: .text("one\n  two"))
      ])
    #expect(
      try events("val a = \(quotes)\n  |one \\n\n  |two\(quotes).trimMargin()") == [
        .declare(name: "a", type: "", value: .text("\none \\n\ntwo"))
      ])
  }

  @Test func callsAndClosures() throws {
    let find: Value = .call(callee: "find", receiver: .name("repo"), arguments: [.literal("1")])
    let element: Value = .element(of: .name("list"), at: .opaque)
    #expect(
      try events("repo.find(1)?.let { it.name = \"x\" } ?: throw Gone(p!!.id)") == [
        call("find", on: .name("repo"), .literal("1")),
        call("let", on: find, .closure(parameters: ["it"], result: .opaque)), .enterScope(callee: "let"),
        .declare(name: "it", type: "", value: find), .assign(name: "it.name", value: .text("x")), .leave,
        .enterBranch, call("Gone", .name("p.id")), .leave,
      ])
    #expect(
      try events("list.forEach { o -> save<Order>(o, key = 2) }") == [
        call(
          "forEach", on: .name("list"),
          .closure(
            parameters: ["o"],
            result: .call(
              callee: "save", receiver: nil,
              arguments: [.name("o"), .member("key", .literal("2")), .type("Order")]))),
        .enterScope(callee: "forEach"), .declare(name: "o", type: "", value: element),
        call("save", .name("o"), .member("key", .literal("2")), .type("Order")), .leave,
      ])
    #expect(
      try events("p.apply { name = \"x\" }").dropFirst() == [
        .enterScope(callee: "apply"), .declare(name: "it", type: "", value: .name("p")),
        .assign(name: "it.name", value: .text("x")), .leave,
      ])
    #expect(
      try events("em.find(Order::class.java, 1)") == [call("find", on: .name("em"), .type("Order"), .literal("1"))])
    #expect(
      try events("val m = mapOf(\"a\" to 1)") == [
        .declare(name: "m", type: "", value: .list([.member("a", .literal("1"))]))
      ])
    #expect(
      try events("Orders.id eq 5") == [call("eq", on: .name("Orders.id"), .literal("5"))])
  }

  @Test func control() throws {
    #expect(
      try events("for ((k, v) in m) { k() }") == [
        .enterLoop,
        .declare(name: "k", type: "", value: .element(of: .element(of: .name("m"), at: .opaque), at: .literal("0"))),
        .declare(name: "v", type: "", value: .element(of: .element(of: .name("m"), at: .opaque), at: .literal("1"))),
        call("k"), .leave,
      ])
    #expect(
      try events("return when (val z = g()) {\n is A -> a()\n \"x\", in 1..3 -> \"y\"\n else -> { c() }\n }") == [
        call("g"), .declare(name: "z", type: "", value: .call(callee: "g", receiver: nil, arguments: [])),
        .enterBranch, call("a"), .nextBranch, .nextBranch, call("c"), .leave,
        .result(
          .either([
            .call(callee: "a", receiver: nil, arguments: []), .text("y"),
            .call(callee: "c", receiver: nil, arguments: []),
          ])),
      ])
    #expect(
      try events("try { a() } catch (e: E) { b() } finally { c() }") == [
        call("a"), .enterBranch, call("b"), .leave, call("c"),
      ])
    #expect(
      try events("p.items[0].name += \"x\"\np.count -= 1") == [
        .declare(name: "_", type: "", value: .element(of: .name("p.items"), at: .literal("0"))),
        .append(name: "_.name", value: .text("x")),
        .assign(name: "p.count", value: .operation("-", [.name("p.count"), .literal("1")])),
      ])
  }

  @Test func modernSyntaxParses() throws {
    let facts = try read(
      """
      sealed interface Shape
      @JvmInline value class Id(val raw: Long)
      data object Empty : Shape
      suspend fun <T : Any> load(block: suspend () -> T): T? = withContext(IO) { block() }
      inline fun <reified T> all() = T::class
      val x by lazy { 1 }
      fun g(n: Int) { for (i in 0..<n) { println(i) } }
      """)
    #expect(facts.diagnostics.isEmpty)
    #expect(facts.types.map(\.name) == ["Shape", "Id", "Empty"])
  }

  @Test func brokenFilesKeepWhatIsHealthy() throws {
    let facts = try read("class A {\n fun ok() { a() }\n fun bad( { }}}\n fun later() { b() }\n}\nfun last() { c() }\n")
    #expect(facts.diagnostics.map(\.code) == ["parse-errors"])
    #expect(facts.functions.contains { $0.name.hasSuffix("ok") && !$0.events.isEmpty })
    #expect(facts.functions.contains { $0.name.hasSuffix("last") && !$0.events.isEmpty })
  }

  @Test(arguments: ["a + ", "a.b().", "f(", "!", "a ?: ", "a to ", "a && "])
  func deepNestingEnds(unit: String) throws {
    let text = "fun f() { val x = " + String(repeating: unit, count: 10_000) + "a"
    #expect(try read(text + " }").lineCount == 1)
    #expect(try read(text + String(repeating: ")", count: 10_000) + " }").lineCount == 1)
  }

  @Test func anyBytesAreRead() throws {
    let frontend = try #require(LanguageFrontend.of("a.kts"))
    for seed in 0..<40 {
      var state = UInt64(seed) &* 6_364_136_223_846_793_005 &+ 1
      let bytes = (0..<300).map { _ in
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return UInt8(truncatingIfNeeded: state >> 33)
      }
      _ = bytes.withUnsafeBufferPointer { frontend.read(RepoPath("a.kts"), $0) }
    }
  }
}
