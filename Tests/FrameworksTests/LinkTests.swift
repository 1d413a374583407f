import Basics
import Facts
import Testing

/// Names of the callers and callees of all call references.
private func calls(_ text: String, parsed: Bool) throws -> Set<String> {
  let system = try MarkedSystem(text).linked(parsed: parsed)
  return Set(
    system.references.filter { $0.kind == .call }
      .map { "\(system.units[$0.from].name) -> \(system.units[$0.to].name)" })
}

@Suite("References between units")
struct LinkTests {
  @Test(arguments: [false, true])
  func functionPointersInTables(parsed: Bool) throws {
    let found = try calls(
      """
      //- /main.c
      typedef struct { int (*query)(int); } driver;
      static int my_query(int id) { return id; }
      driver table = { .query = my_query };
      int use(driver *db) { return db->query(1); }
      """, parsed: parsed)
    #expect(found.contains("use -> my_query"))
  }

  @Test(arguments: [false, true])
  func virtualCallsReachOverrides(parsed: Bool) throws {
    let found = try calls(
      """
      //- /main.cpp
      struct Gateway { virtual int pay(int amount) { return 0; } };
      struct Card : Gateway { int pay(int amount) override { return amount; } };
      int checkout(Gateway &gateway) { return gateway.pay(1); }
      """, parsed: parsed)
    #expect(found.contains("checkout -> Gateway::pay"))
    #expect(found.contains("checkout -> Card::pay"))
  }

  @Test(arguments: [false, true])
  func localFunctionsOfTheSameNameStayApart(parsed: Bool) throws {
    let system = try MarkedSystem(
      """
      //- /a/one.c
      static int init(void) { return 1; }
      int start_one(void) { return init(); }
      //- /b/two.c
      static int init(void) { return 2; }
      int start_two(void) { return init(); }
      """
    ).linked(parsed: parsed)
    for reference in system.references where reference.kind == .call {
      #expect(system.units[reference.from].span.file == system.units[reference.to].span.file)
    }
    #expect(system.references.count { $0.kind == .call } == 2)
  }

  @Test func includesAreMatchedBySuffix() throws {
    let system = try MarkedSystem(
      """
      //- /src/core/db.h
      int db(void);
      //- /src/modules/acc/acc.c
      #include "core/db.h"
      int acc(void) { return 1; }
      """
    ).linked(parsed: false)
    let includes = system.references.filter { $0.kind == .include }
    #expect(includes.map { system.units[$0.to].name } == ["src/core/db.h"])
  }

  @Test(arguments: [false, true])
  func transactionsHoldWhatIsCalledInside(parsed: Bool) throws {
    let system = try MarkedSystem(
      schema + stubs + """
        //- /main.cpp
        #include "stubs.h"
        static void charge() { db.execute("INSERT INTO payment (id) VALUES (1)"); }
        void checkout() {
          db.begin_transaction();
          db.execute("UPDATE invoice SET total = 0");
          charge();
          db.commit();
          db.execute("DELETE FROM customer");
        }
        """
    ).linked(parsed: parsed)
    #expect(system.transactions.map { $0.writes.map(\.text) } == [["invoice", "payment"]])
  }

  @Test(arguments: [false, true])
  func accessesInLoopsAreKnown(parsed: Bool) throws {
    let system = try MarkedSystem(
      schema + stubs + """
        //- /main.cpp
        #include "stubs.h"
        void each(int n) {
          for (int i = 0; i < n; i++) db.store("SELECT name FROM customer WHERE id = 1");
          db.store("SELECT total FROM invoice");
        }
        """
    ).linked(parsed: parsed)
    #expect(system.accesses.map { "\($0.table) \($0.inLoop)" }.sorted() == ["customer true", "invoice false"])
  }

  @Test func orderOfFilesChangesNothing() throws {
    let marked = MarkedSystem(schema + stubs + "//- /a.cpp\nvoid a() { b(); }\n//- /b.cpp\nvoid b() { a(); }\n")
    let once = try marked.linked(parsed: false)
    #expect(once == (try marked.linked(parsed: false)))
  }
}
