import Facts
import Testing

@Suite("Statements kept beside enumerations")
struct RegistryTests {
  private static let enumeration = """
    //- /queries.h
    #pragma once
    struct Query {
      enum class Name { find_customer, pay_invoice, drop_payment, list_invoices, count_payments, number_of_queries };
    };

    """

  @Test func textsInOrderOfAnEnumeration() throws {
    try check(
      schema + Self.enumeration + stubs + """
        //- /main.cpp
        #include "stubs.h"
        #include "queries.h"
        static const char *const queries[] = {
          "SELECT name FROM customer WHERE id = %d",
          "UPDATE invoice SET total = 0 WHERE id = %d",
          "DELETE FROM payment WHERE id = %d",
          "SELECT id FROM invoice",
          "SELECT count(*) FROM payment",
        };
        const char *text(Query::Name name) { return queries[static_cast<int>(name)]; }
        int run(Query::Name name);
        void find() {
          run(Query::Name::find_customer);
          // ^ reads customer
        }
        void drop() {
          run(Query::Name::drop_payment);
          // ^ writes payment
        }
        """)
  }

  @Test(arguments: [false])
  func textsOfAnIncludedFileAndNamesGivenToTemplates(parsed: Bool) throws {
    let system = try MarkedSystem(
      schema + Self.enumeration + """
        //- /queries.inc
        R"sql(SELECT name FROM customer
        WHERE id = %d)sql",
        "UPDATE invoice SET total = 0 "
        "WHERE id = %d",
        "DELETE FROM payment WHERE id = %d",
        "SELECT id FROM invoice",
        "SELECT count(*) FROM payment",
        //- /main.cpp
        void pay(Database &db) { db.run<Query::Name::pay_invoice>(4); }
        """
    ).linked(parsed: parsed)
    #expect(system.accesses.map { "\(system.units[$0.unit].name) \($0.table)" } == ["pay invoice"])
  }

  @Test func aFlagBeforeStatementsIsNoKey() throws {
    try check(
      schema + stubs + """
        //- /main.cpp
        #include "stubs.h"
        enum Mode { MODE_FAST, MODE_SAFE };
        struct Client { bool perform(Mode mode, const char *sql); };
        extern Client client;
        void other(Mode mode);
        void all() {
          client.perform(MODE_SAFE, "DELETE FROM payment");
          // ^ writes payment
          client.perform(MODE_SAFE, "DELETE FROM invoice");
          // ^ writes invoice
          client.perform(MODE_SAFE, "DELETE FROM customer");
          // ^ writes customer
          client.perform(MODE_SAFE, "UPDATE invoice SET total = 0");
          // ^ writes invoice
          client.perform(MODE_SAFE, "UPDATE customer SET name = ''");
          // ^ writes customer
        }
        void unrelated() { other(MODE_SAFE); }
        """)
  }
}
