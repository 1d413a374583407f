import Facts
import Testing

@Suite("SQL kept in fields, objects and lists")
struct FieldTests {
  @Test func textOfAFieldIsUsedByOtherMethods() throws {
    try check(
      schema + stubs
        + """
        //- /main.cpp
        #include "stubs.h"
        struct Base { std::string listing; };
        struct Catalog : Base {
          std::string lookup;
          void init(int limit) {
            lookup = "SELECT name FROM customer";
            // ^ reads customer
            listing = fmt::format("{} {}", "invoice", limit);
          }
          void find() {
            db.store(lookup);
            // ^ reads customer
          }
          void list() {
            db.store("SELECT id FROM " + listing);
            // ^ reads invoice
          }
        };
        struct Stranger {
          std::string lookup;
          void find() { db.store(lookup); }
        };
        """.replacing("void find() { db.store(lookup); }", with: "void find(std::string lookup) { db.store(lookup); }"))
  }

  @Test func textOfAFileVariableIsUsedByOtherFunctions() throws {
    try check(
      schema + stubs + """
        //- /main.cpp
        #include "stubs.h"
        static std::string purge;
        void init() {
          purge = "DELETE FROM payment";
          // ^ writes payment
        }
        void clean() {
          db.execute(purge);
          // ^ writes payment
        }
        """)
  }

  @Test func objectsMadeWithATableAnswerWithIt() throws {
    try check(
      schema + stubs + """
        //- /main.cpp
        #include "stubs.h"
        #define CUSTOMER_TABLE "customer"
        struct Mapper {
          Mapper(char quote, const std::string &table);
          std::string tableQuoted() const;
          std::string columns() const;
        };
        template <typename Type, typename... Arguments>
        Type *make(Arguments... arguments) { return new Type(arguments...); }
        struct Store {
          Mapper *customers;
          Store() { customers = make<Mapper>('"', CUSTOMER_TABLE); }
          void find() {
            db.store(fmt::format("SELECT {} FROM {} WHERE id = 1", customers->columns(), customers->tableQuoted()));
            // ^ reads customer
          }
        };
        """)
  }

  @Test func buffersFilledByFunctionsOfTheSystem() throws {
    try check(
      schema + stubs + """
        //- /main.cpp
        #include "stubs.h"
        extern "C" int vsnprintf(char *buffer, size_t size, const char *format, void *list);
        int fill(char *buffer, const char *format, ...) { return vsnprintf(buffer, 100, format, 0); }
        void run(int id) {
          char query[100];
          char message[100];
          fill(query, "UPDATE invoice SET total = 0 WHERE id = %d", id);
          // ^ writes invoice
          db.execute(query);
          fill(message, "update customer set for %d", id);
          log_info(message);
        }
        """)
  }
}

@Suite("How sure an access is")
struct ConfidenceTests {
  @Test(arguments: [false, true])
  func whatMayChangeIsInferred(parsed: Bool) throws {
    let system = try MarkedSystem(
      schema + stubs + """
        //- /main.cpp
        #include "stubs.h"
        static const char *const FIXED = "customer";
        static const char *chosen = "invoice";
        struct Setting { const char *name; const char **value; };
        static const Setting settings[] = {{"table", &chosen}};
        void run() {
          db.store("SELECT id FROM payment");
          db.store(std::string("SELECT id FROM ") + FIXED);
          db.store(std::string("SELECT id FROM ") + chosen);
        }
        """
    ).linked(parsed: parsed)
    #expect(
      system.accesses.map { "\($0.table) \($0.confidence)" } == ["payment exact", "customer exact", "invoice inferred"])
  }
}
