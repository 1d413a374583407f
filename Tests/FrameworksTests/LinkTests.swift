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

  @Test func typesThatAreNamedAreUsed() throws {
    let system = try MarkedSystem(
      """
      //- /shop/Order.java
      package shop;
      public class Order { private Customer customer; private String note; }
      //- /shop/Customer.java
      package shop;
      public class Customer { String name; }
      //- /shop/Line.java
      package shop;
      public record Line(int count) {}
      //- /shop/Basket.java
      package shop;
      import java.util.*;
      public class Basket {
        private Map<String, List<Order>> orders;
        Line first(Customer customer) { Line line = find(); return line; }
        Object make() { return new Order(); }
        void put() { Basket again = this; }
        private Line find() { return null; }
      }
      //- /other/Line.java
      package other;
      public class Line {}
      """
    ).linked(parsed: false)
    let uses = system.references.filter { $0.kind == .use }.map { reference in
      "\(system.units[reference.from].name) \(system.units[reference.to].span.file) \(reference.count)"
    }
    #expect(
      Set(uses) == [
        "Order shop/Customer.java 1", "Basket shop/Order.java 1", "Basket.first shop/Line.java 2",
        "Basket.first shop/Customer.java 1", "Basket.make shop/Order.java 1", "Basket.put shop/Basket.java 1",
        "Basket.find shop/Line.java 1",
      ])
  }

  @Test func globalsThatTakeStatementsAreHandles() throws {
    let system = try MarkedSystem(
      """
      //- /schema.sql
      CREATE TABLE guild (id INT); CREATE TABLE player (id INT); CREATE TABLE item (id INT); CREATE TABLE odd (id INT);
      //- /a.cpp
      struct Database { void Execute(const char *text); };
      extern Database CharacterDatabase; extern Database WorldDatabase;
      class Guild { void save() { CharacterDatabase.Execute("UPDATE guild SET id = 1"); } };
      class Player {
        Database database;
        void save() { CharacterDatabase.Execute("UPDATE player SET id = 1"); }
        void other(Database OddDatabase) { OddDatabase.Execute("UPDATE odd SET id = 1"); }
        void own() { database.Execute("UPDATE odd SET id = 2"); }
      };
      //- /b.cpp
      struct Database { void Execute(const char *text); };
      extern Database CharacterDatabase; extern Database WorldDatabase;
      class Load { void run() { WorldDatabase.Execute("DELETE FROM item"); CharacterDatabase.Execute("DELETE FROM guild"); } };
      class Loot { void run() { WorldDatabase.Execute("DELETE FROM item"); } };
      class Shop { void run() { WorldDatabase.Execute("DELETE FROM item"); } };
      """
    ).linked(parsed: false)
    let handles = system.handles.map { "\($0.table) \($0.handle)" }
    #expect(handles == ["guild CharacterDatabase", "item WorldDatabase", "player CharacterDatabase"])
  }

  @Test func contextsAndClassesThatConnectAreHandles() throws {
    let system = try MarkedSystem(
      """
      //- /Shop.cs
      using Microsoft.EntityFrameworkCore;
      namespace Shop {
        public class Order { public int Id { get; set; } }
        public class User { public int Id { get; set; } }
        public class ShopContext : DbContext { public DbSet<Order> Orders { get; set; } }
        public class UserContext : DbContext { public DbSet<User> Users { get; set; } }
      }
      """
    ).linked(parsed: false)
    #expect(system.handles.map { "\($0.table) \($0.handle)" } == ["Orders ShopContext", "Users UserContext"])
  }
}
