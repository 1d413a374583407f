import Testing

@Suite("SQL text built in C and C++")
struct TextTests {
  @Test func literal() throws {
    try check(
      schema + stubs + """
        //- /main.cpp
        #include "stubs.h"
        void pay(int id) {
          db.execute("UPDATE invoice SET total = 0 WHERE id = 1");
          // ^ writes invoice
          db.execute("DELETE FROM payment WHERE invoice_id IN (SELECT id FROM invoice)");
          // ^ writes payment, reads invoice
        }
        """)
  }

  @Test func concatenation() throws {
    try check(
      schema + stubs
        + """
        //- /main.cpp
        #include "stubs.h"
        void find(int id) {
          std::string sql = "SELECT name FROM ";
          sql += "customer";
          sql += " WHERE id = " + std::to_string(id);
          db.store(sql);
        }
        void both(int id) {
          db.store(std::string("SELECT 1 FROM customer c JOIN invoice i") + " ON i.customer_id = c.id");
          // ^ reads customer, reads invoice
        }
        """.replacing(
          "std::string sql = \"SELECT name FROM \";",
          with: "std::string sql = \"SELECT name FROM \";\n  // ^ reads customer"))
  }

  @Test func streams() throws {
    try check(
      schema + stubs + """
        //- /main.cpp
        #include "stubs.h"
        void record(int id, int amount) {
          std::ostringstream query;
          query << "INSERT INTO payment (invoice_id, amount) VALUES (" << id << "," << amount << ")";
          // ^ writes payment
          db.execute(query.str());
          query.str("");
          query << "SELECT id FROM invoice WHERE id = " << id;
          // ^ reads invoice
          db.store(query.str());
        }
        """)
  }

  @Test func formats() throws {
    try check(
      schema + stubs + """
        //- /main.cpp
        #include "stubs.h"
        void record(int id, const char *name) {
          db.execute(fmt::format("UPDATE customer SET name = '{:s}' WHERE id = {:d}", name, id));
          // ^ writes customer
          char buffer[200];
          snprintf(buffer, sizeof(buffer), "SELECT total FROM %s WHERE id = %d", "invoice", id);
          // ^ reads invoice
          db.store(buffer);
        }
        """)
  }

  @Test func rawStringsAndMacros() throws {
    try check(
      schema + stubs + """
        //- /main.cpp
        #include "stubs.h"
        #define CUSTOMERS "customer"
        #define SELECT_ALL(table) "SELECT * FROM " table
        void list() {
          db.store(R"(SELECT id, total FROM invoice)");
          // ^ reads invoice
          db.store("SELECT name FROM " CUSTOMERS " ORDER BY name");
          // ^ reads customer
          db.store(SELECT_ALL("payment"));
          // ^ reads payment
        }
        """)
  }

  @Test func constantsAndArrays() throws {
    try check(
      schema + stubs + """
        //- /main.cpp
        #include "stubs.h"
        static const char *const FIND = "SELECT id FROM invoice WHERE id = ?";
        static const char *const purge[] = {"DELETE FROM payment", "DELETE FROM invoice"};
        struct Names { const char *table; };
        static const Names names = {"customer"};
        void find() {
          db.store(FIND);
          // ^ reads invoice
          for (int i = 0; i < 2; i++) db.execute(purge[i]);
          // ^ writes payment, writes invoice
          db.store(std::string("SELECT * FROM ") + names.table);
          // ^ reads customer
        }
        """)
  }

  @Test func branchesKeepEveryTable() throws {
    try check(
      schema + stubs + """
        //- /main.cpp
        #include "stubs.h"
        void list(bool paid) {
          const char *table = "invoice";
          if (paid) table = "payment";
          db.store(std::string("SELECT id FROM ") + table);
          // ^ reads invoice, reads payment
          db.store(paid ? "SELECT 1 FROM customer" : "SELECT 2 FROM customer");
          // ^ reads customer
        }
        """)
  }

  @Test func proseAndDeadCodeAreNoStatements() throws {
    try check(
      schema + stubs + """
        //- /main.cpp
        #include "stubs.h"
        void trap(int id) {
          log_info("select a customer from the list");
          log_info("update invoice failed for %d", id);
          log_info("delete payment? (y/n)");
          // db.execute("DELETE FROM invoice");
        #if 0
          db.execute("DELETE FROM customer");
        #endif
        }
        """)
  }
}
