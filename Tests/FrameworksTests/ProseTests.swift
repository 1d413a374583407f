import Testing

@Suite("Prose, flags and names that look like statements")
struct ProseTests {
  @Test func sentencesAboutTables() throws {
    try check(
      schema + stubs + """
        //- /main.cpp
        #include "stubs.h"
        struct Log { void outErrorDb(const char *format, ...); };
        static Log sLog;
        void load(int id) {
          sLog.outErrorDb("Table `customer` has no record for id %d, skipped.", id);
          sLog.outErrorDb("Table `%s` is empty", "invoice");
          sLog.outErrorDb("insert payment timer for %d", id);
          db.store("SELECT id FROM invoice");
          // ^ reads invoice
        }
        """)
  }

  @Test func statementsInMessagesAreNotPerformed() throws {
    try check(
      schema + stubs + """
        //- /main.cpp
        #include "stubs.h"
        void run(int id) {
          log_info("would run DELETE FROM payment");
          log_info("DELETE FROM payment");
          std::string query = "DELETE FROM invoice";
          // ^ writes invoice
          log_info(query.c_str());
          db.execute(query);
        }
        """)
  }

  @Test func textsThatAreOnlyLookedAt() throws {
    try check(
      schema + stubs + """
        //- /main.cpp
        #include "stubs.h"
        extern "C" size_t strlen(const char *text);
        void expect_equal(const char *left, const char *right);
        static const char *const PURGE = "DELETE FROM payment WHERE id = %d";
        size_t run() {
          size_t length = strlen(PURGE);
          expect_equal("x", "UPDATE invoice SET total = 0");
          char buffer[100];
          snprintf(buffer, length, PURGE, 4);
          // ^ writes payment
          return strlen(buffer);
        }
        """)
  }

  @Test func valuesOfAStatementAreNoKeys() throws {
    try check(
      schema + stubs + """
        //- /main.cpp
        #include "stubs.h"
        enum Kind { KIND_PAID, KIND_OPEN };
        struct Client { bool perform(const char *sql, ...); };
        extern Client client;
        void set(Kind kind);
        void pay(int id) {
          client.perform("UPDATE invoice SET total = %d WHERE id = %d", KIND_PAID, id);
          // ^ writes invoice
        }
        void other() { set(KIND_PAID); }
        """)
  }

  @Test func settingsThatHoldTextAreNoRegistry() throws {
    try check(
      schema + stubs + """
        //- /main.cpp
        #include "stubs.h"
        enum Option { O_A, O_B, O_C, O_D, O_E, O_F, O_G, O_H, O_I, O_J, O_SCRIPT };
        struct Setting { Option option; const char *text; };
        static const Setting defaults[] = {{O_SCRIPT, "DELETE FROM payment"}};
        // ^ writes payment
        std::string setting(Option option);
        void show() { log_info(setting(O_SCRIPT).c_str()); }
        """)
  }

  @Test func oneOfSeveralNamesIsATable() throws {
    try check(
      schema + stubs + """
        //- /main.cpp
        #include "stubs.h"
        static const char *const tables[] = {"customer", "DND"};
        void clear(int which) {
          db.execute(std::string("DELETE FROM ") + tables[which]);
          // ^ writes customer
        }
        """)
  }

  @Test func numbersOfTheSystemInFormats() throws {
    try check(
      schema + stubs
        + """
        //- /main.cpp
        #include "stubs.h"
        #define PRIu64 "lu"
        void count(unsigned long id) {
          char query[100];
          snprintf(query, sizeof(query), "SELECT count(*) FROM payment WHERE id=%" PRIu64, id);
          // ^ reads payment
          db.store(query);
        }
        """.replacing("#define PRIu64 \"lu\"\n", with: "#include <inttypes.h>\n"))
  }
}
