import Basics
import Facts
import Testing
import TreeSitterFrontend

@Suite("TypeScript and JavaScript")
struct TypeScriptFrontendTests {
  private func facts(_ source: String, _ file: String = "shop/orders.ts") -> FileFacts {
    let frontend = LanguageFrontend.of(file)
    return Array(source.utf8).withUnsafeBufferPointer { bytes in
      frontend?.read(RepoPath(file), bytes) ?? FileFacts(file: RepoPath(file))
    }
  }

  private func function(_ name: String, in facts: FileFacts) throws -> FunctionFact {
    try #require(facts.functions.first { $0.name == name }, "no \(name) among \(facts.functions.map(\.name))")
  }

  private func events(_ name: String, in facts: FileFacts) throws -> [CodeEvent] {
    try function(name, in: facts).events.map(\.event)
  }

  private func call(_ callee: String, on receiver: Value? = nil, _ arguments: Value...) -> Value {
    .call(callee: callee, receiver: receiver, arguments: arguments)
  }

  private func made(_ callee: String, on receiver: Value? = nil, _ arguments: Value...) -> CodeEvent {
    .call(CallFact(callee: callee, receiver: receiver, arguments: arguments, dispatch: .direct))
  }

  @Test func everyNameIsOfAGrammar() {
    #expect(TypeScriptFrontend.unknownNames.everywhere.isEmpty)
    // JavaScript has its own word for fields of classes; with markup `<T>x` is none.
    #expect(TypeScriptFrontend.unknownNames.tsx == ["field_definition", "type_assertion"])
  }

  @Test func classesWithFieldsDecoratorsAndBases() throws {
    let facts = facts(
      """
      @Entity('orders')
      export class Order extends Base<Order> implements Priced, Owned<Customer> {
        static readonly TABLE = 'orders';
        @Column({ name: 'state', nullable: true }) state?: string | null;
        @OneToMany(() => Item, item => item.order) items: Item[];
        constructor(@InjectRepository(Order) private readonly rows: Repository<Order>, plain: number) { super(); }
        static make(): Order { return new Order(); }
      }
      """)
    let type = try #require(facts.types.first)
    #expect(type.name == "Order")
    #expect(type.bases == ["Base<Order>", "Priced", "Owned<Customer>"])
    #expect(type.annotations == [AnnotationFact(name: "Entity", arguments: [.text("orders")], line: 1)])
    #expect(type.fields.map(\.name) == ["TABLE", "state", "items", "rows"])
    #expect(type.fields.map(\.type) == ["", "string", "Array<Item>", "Repository<Order>"])
    #expect(
      type.fields[1].annotations.first?.arguments
        == [.list([.member("name", .text("state")), .member("nullable", .literal("true"))])])
    #expect(
      type.fields[2].annotations.first?.arguments == [
        .closure(parameters: [], result: .name("Item")), .closure(parameters: ["item"], result: .name("item.order")),
      ])
    #expect(type.fields[3].annotations.first?.name == "InjectRepository")
    let made = try function("Order.make", in: facts)
    #expect(made.isStatic && made.returnType == "Order" && made.owner == "Order")
    #expect(try function("Order.constructor", in: facts).parameters == ["rows", "plain"])
    #expect(facts.constants.first?.name == "Order.TABLE")
  }

  @Test func chainsKeepTheirReceivers() throws {
    let facts = facts(
      """
      export async function find(id: number) {
        const row = await this.rows?.createQueryBuilder('o')
          .where('o.id = :id', { id })
          .getOne();
        return row!.items;
      }
      """)
    let first = call("createQueryBuilder", on: .name("this.rows"), .text("o"))
    let second = call("where", on: first, .text("o.id = :id"), .list([.member("id", .name("id"))]))
    #expect(
      try events("find", in: facts) == [
        made("createQueryBuilder", on: .name("this.rows"), .text("o")),
        made("where", on: first, .text("o.id = :id"), .list([.member("id", .name("id"))])),
        made("getOne", on: second), .declare(name: "row", type: "", value: call("getOne", on: second)),
        .result(.name("row.items")),
      ])
    #expect(try function("find", in: facts).events.map(\.line) == [2, 3, 4, 2, 5])
  }

  @Test func textsAndTemplates() throws {
    let facts = facts(
      """
      const TABLE = 'orders';
      export function run(id) {
        let sql = "select * " + 'from ' + TABLE + "\\n";
        sql += ` where id = ${id}`;
        db.query(sql, 1 + id);
        return sql`delete from ${TABLE}`;
      }
      """, "a.js")
    #expect(
      try events("run", in: facts) == [
        .declare(name: "sql", type: "", value: .join([.text("select * from "), .name("TABLE"), .text("\n")])),
        .append(name: "sql", value: .join([.text(" where id = "), .name("id")])),
        made("query", on: .name("db"), .name("sql"), .operation("+", [.literal("1"), .name("id")])),
        made("sql", .join([.text("delete from "), .name("TABLE")])),
        .result(call("sql", .join([.text("delete from "), .name("TABLE")]))),
      ])
    #expect(facts.constants.map(\.name) == ["TABLE"])
  }

  @Test func closuresComeBehindTheirCall() throws {
    let facts = facts(
      """
      export function sum(orders: Order[]) {
        orders.forEach(order => { total(order); });
        load().then(rows => rows.length);
      }
      """)
    #expect(
      try events("sum", in: facts) == [
        made("forEach", on: .name("orders"), .closure(parameters: ["order"], result: .opaque)),
        .enterScope(callee: "forEach"),
        .declare(name: "order", type: "", value: .element(of: .name("orders"), at: .opaque)),
        made("total", .name("order")), .leave,
        made("load"),
        made("then", on: call("load"), .closure(parameters: ["rows"], result: .name("rows.length"))),
        .enterScope(callee: "then"), .declare(name: "rows", type: "", value: call("load")), .leave,
      ])
  }

  @Test func branchesLoopsAndDestructuring() throws {
    let facts = facts(
      """
      export function f({ a, b: c = 2 }, limit = 10) {
        if (a) one(); else if (c) two(); else three();
        for (const x of list()) { use(x); }
        try { four(); } catch (e) { five(); }
        switch (a) { case 1: six(); break; default: seven(); }
        const [p, q] = pair;
      }
      """)
    #expect(try function("f", in: facts).parameters == ["$0", "limit"])
    #expect(
      try events("f", in: facts) == [
        .declare(name: "a", type: "", value: .element(of: .name("$0"), at: .text("a"))),
        .declare(name: "c", type: "", value: .either([.element(of: .name("$0"), at: .text("b")), .literal("2")])),
        .assign(name: "limit", value: .either([.name("limit"), .literal("10")])),
        .enterBranch, made("one"), .nextBranch, made("two"), .nextBranch, made("three"), .leave,
        made("list"), .enterLoop, .declare(name: "x", type: "", value: .element(of: call("list"), at: .opaque)),
        made("use", .name("x")), .leave,
        made("four"), .enterBranch, .declare(name: "e", type: "", value: .opaque), made("five"), .leave,
        .enterBranch, made("six"), .nextBranch, made("seven"), .leave,
        .declare(name: "p", type: "", value: .element(of: .name("pair"), at: .literal("0"))),
        .declare(name: "q", type: "", value: .element(of: .name("pair"), at: .literal("1"))),
      ])
  }

  @Test func importsOfBothKinds() {
    let facts = facts(
      """
      import Shop, { Order as O } from './shop';
      import * as all from 'lib';
      const { Pool, Client: C } = require('pg');
      const db = require('./db');
      export * from './more';
      """)
    #expect(
      facts.imports == [
        ImportFact(path: "./shop", symbol: "default", local: "Shop"),
        ImportFact(path: "./shop", symbol: "Order", local: "O"), ImportFact(path: "lib", symbol: "", local: "all"),
        ImportFact(path: "pg", symbol: "Pool", local: "Pool"), ImportFact(path: "pg", symbol: "Client", local: "C"),
        ImportFact(path: "./db", symbol: "default", local: "db"), ImportFact(path: "./more", symbol: "*"),
      ])
    #expect(!facts.functions.contains { $0.name == "<main>" })
  }

  @Test func functionsByTheNameTheyAreGiven() throws {
    let facts = facts(
      """
      exports.list = async (req, res) => { one(); };
      exports.remove = wrap(async function (req) { two(); });
      module.exports.find = function () {};
      function Dao(db) { this.load = function (id) { return db.query(id); }; }
      Dao.prototype.save = function (row) {};
      const service = { async get(id) {}, put: row => {} };
      class Shop { handle = async () => {}; }
      function factory(db) { const t = 'x'; function all() { return db(t); } return { all, one() {} }; }
      module.exports = { up: async db => {}, Dao };
      """, "shop.js")
    #expect(
      facts.functions.map(\.name) == [
        "<main>", "list", "remove", "find", "Dao.load", "Dao", "Dao.save", "service.get", "service.put", "Shop.handle",
        "factory.all", "factory.one", "factory", "up",
      ])
    #expect(try function("Dao.load", in: facts).owner == "Dao")
    #expect(facts.types.map(\.name) == ["Dao", "service", "Shop"])
    #expect(try function("service.get", in: facts).isLocal == false)
    #expect(try function("factory", in: facts).isLocal)
    #expect(try function("Dao", in: facts).isLocal == false)
  }

  @Test func interfacesAliasesEnumsAndNamespaces() throws {
    let facts = facts(
      """
      export interface Priced<T> extends Named { price: number; of?: readonly T[]; total(x: T): number }
      type Shape = { id: string } & Named;
      enum State { Open = 'open', Closed = 'closed' }
      namespace Shop { export class Order {} export function find() {} }
      """)
    #expect(facts.types.map(\.name) == ["Priced", "Shape", "State", "Shop.Order"])
    #expect(facts.types[0].fields.map(\.type) == ["number", "Array<T>"])
    #expect(facts.types[1].bases == ["Named"])
    #expect(try function("Priced.total", in: facts).isAbstract)
    #expect(facts.constants.map(\.name) == ["State.Open", "State.Closed"])
    #expect(try function("Shop.find", in: facts).owner.isEmpty)
  }

  @Test func expressionsInsideOfMarkup() throws {
    let facts = facts(
      "export const List = () => <ul onClick={() => go(1)}>{items.map(i => <li>{show(i)}</li>)}</ul>;", "list.tsx")
    let calls = try events("List", in: facts).compactMap { event in
      if case .call(let call) = event { call.callee } else { nil }
    }
    #expect(calls.sorted() == ["go", "map", "show"])
    #expect(facts.diagnostics.isEmpty)
  }

  @Test func scriptsOfComponents() throws {
    let facts = facts(
      """
      <template><b v-if="a < b">x</b></template>
      <script lang="ts">
      export default { methods: { async load(id: number) { await fetch(id); } } };
      </script>
      """, "list.vue")
    #expect(facts.language == .typescript)
    #expect(try function("methods.load", in: facts).lines == 3...3)
  }

  @Test func syntaxOfTheLastYears() {
    let facts = facts(
      """
      import type { A } from './a';
      import data from './d.json' with { type: 'json' };
      export const x = { a: 1 } satisfies A as const;
      class P { #secret = 1; static { start(); } accessor = 2; get v() { return this.#secret; } declare y: string; }
      function over(a: string): void; function over(a: number): void; function over(a: unknown) {}
      const big = 1_000n ** 2n; a ??= b; const r = /x/v; label: for await (const e of s()) { continue label; }
      function isA(x: unknown): x is A { return x!; } type M = { readonly [K in keyof A]?: A[K] };
      abstract class Q<in out T extends object = {}> { abstract run(): asserts this; override go?(): void; }
      const typed = sql<Order[]>`select 1`; export type { A };
      enum E { A = 1 << 2 } declare global { interface Window { x: 1 } } let u: unique symbol;
      const f = async <T,>(x: T) => { await import('./lazy'); return x?.y?.[0]?.(1); };
      """)
    #expect(facts.diagnostics.isEmpty)
    #expect(facts.imports.contains(ImportFact(path: "./lazy")))
  }

  @Test func healthyPartsOfBrokenFilesCount() throws {
    let facts = facts(
      """
      export function good() { one(); }
      class { ] function (
      export class Fine { run() { two(); } }
      """)
    #expect(facts.diagnostics.map(\.code) == ["parse-errors"])
    #expect(try events("good", in: facts) == [made("one")])
    for bytes in [[0xFF, 0xFE, 0x00], [0x60], [0x22, 0x5C], Array("`${`${".utf8), Array("a.b?.(".utf8)] as [[UInt8]] {
      for ending in ["ts", "js", "tsx", "vue"] {
        _ = bytes.withUnsafeBufferPointer { LanguageFrontend.of("x." + ending)?.read(RepoPath("x." + ending), $0) }
      }
    }
  }

  @Test func bundlesAreSkippedAndDeclarationFilesGiveTypes() throws {
    let bundle = facts(String(repeating: "a.b=function(c,d){return e(f)},", count: 400), "bundle.js")
    #expect(bundle.diagnostics.map(\.code) == ["file-generated"])
    #expect(bundle.functions.count == 0)
    let long = facts("export function up(db) { db.query('" + String(repeating: "a int, ", count: 1_000) + "'); }")
    #expect(long.functions.map(\.name) == ["up"])
    let lines = (0..<9).map { "x\($0)(" + String(repeating: "a.b(c),", count: 100) + "1);sql='DROP TABLE orders'" }
    let minified = facts(lines.joined(separator: "\n"), "lib/orders.js")
    #expect(minified.diagnostics.map(\.code) == ["file-generated"])
    #expect(facts("var sql = 'SELECT id FROM orders'", "lib/orders.min.js").functions.isEmpty)
    let declared = facts("declare class Order { id: number; save(): Promise<void>; }", "order.d.ts")
    #expect(declared.functions.map(\.isAbstract) == [true])
  }

  @Test func deepAndLongNestingIsBounded() throws {
    let sum = Array(repeating: "'x'", count: 10_000).joined(separator: " + y + ")
    let chain = "q" + String(repeating: ".where(1)", count: 5_000)
    let nested = String(repeating: "f(", count: 3_000) + String(repeating: ")", count: 3_000)
    let blocks = String(repeating: "if (a) {", count: 3_000) + String(repeating: "}", count: 3_000)
    let bodies = [sum, chain, nested, blocks]
    let source = zip("abcd", bodies).map { "function \($0)() { \($1) }\n" }.joined()
    let facts = facts(source, "deep.js")
    #expect(facts.functions.count == 4)
    #expect(try function("b", in: facts).events.count == 5_000)
    #expect(try function("a", in: facts).events.count == 1)
  }
}
