import Testing

@Suite("SQL through wrappers, registries and builders")
struct WrapperTests {
  @Test func textPassedThroughWrappers() throws {
    try check(
      schema + stubs + """
        //- /main.cpp
        #include "stubs.h"
        struct Store {
          bool run(const std::string &sql) { return db.execute(sql); }
          bool again(const std::string &sql) { return run(sql); }
        };
        void use(Store &store) {
          store.again("DELETE FROM payment WHERE id = 4");
          // ^ writes payment
        }
        """)
  }

  @Test func tableAsParameterBelongsToTheCaller() throws {
    try check(
      schema + stubs + """
        //- /main.cpp
        #include "stubs.h"
        static void clear(const char *table) {
          db.execute(std::string("DELETE FROM ") + table + " WHERE id > 0");
        }
        static void clear_twice(const char *which) {
          clear(which);
          clear(which);
        }
        void reset() {
          clear("invoice");
          // ^ writes invoice
          clear_twice("payment");
          // ^ writes payment
        }
        """)
  }

  @Test func functionsThatReturnText() throws {
    try check(
      schema + stubs + """
        //- /main.cpp
        #include "stubs.h"
        static std::string table_name() { return "customer"; }
        static std::string select_from(const std::string &table) { return "SELECT id FROM " + table; }
        void use() {
          db.store("SELECT name FROM " + table_name());
          // ^ reads customer
          db.store(select_from("invoice"));
          // ^ reads invoice
        }
        """)
  }

  @Test func registryGivesStatementsToUsersOfTheKey() throws {
    try check(
      schema + stubs + """
        //- /main.cpp
        #include "stubs.h"
        enum Statement { STMT_FIND, STMT_PAY };
        struct Registry {
          void prepare(Statement key, const char *sql);
          int run(Statement key);
          void load() {
            prepare(STMT_FIND, "SELECT name FROM customer WHERE id = ?");
            prepare(STMT_PAY, "INSERT INTO payment (id) VALUES (?)");
          }
        };
        void use(Registry &registry) {
          registry.run(STMT_FIND);
          // ^ reads customer
          registry.run(STMT_PAY);
          // ^ writes payment
        }
        """)
  }

  @Test func arraysKeyedByEnumerators() throws {
    try check(
      schema + """
        //- /main.c
        enum query { Q_FIND, Q_PAY };
        static const char *queries[] = {
          [Q_FIND] = "SELECT name FROM customer WHERE id = $1",
          [Q_PAY] = "UPDATE invoice SET total = 0 WHERE id = $1",
        };
        int PQexec(void *connection, const char *sql);
        void use(void *connection) {
          PQexec(connection, queries[Q_FIND]);
          // ^ reads customer
          PQexec(connection, queries[Q_PAY]);
          // ^ writes invoice
        }
        """)
  }

  @Test func tableChosenOnAHandle() throws {
    try check(
      schema + """
        //- /main.c
        typedef struct { char *s; int len; } str;
        #define str_init(text) { text, sizeof(text) - 1 }
        typedef struct db_func {
          int (*use_table)(void *handle, const str *table);
          int (*query)(void *handle, void *keys);
          int (*insert)(void *handle, void *keys);
        } db_func_t;
        static db_func_t dbf;
        static void *handle;
        str invoice_table = str_init("invoice");
        static str payment_table = str_init("payment");
        int load(void) {
          if (dbf.use_table(handle, &invoice_table) < 0) return -1;
          return dbf.query(handle, 0);
          // ^ reads invoice
        }
        int save(void) {
          dbf.use_table(handle, &payment_table);
          return dbf.insert(handle, 0);
          // ^ writes payment
        }
        """)
  }

  @Test func textUnknownUntilRunTimeIsCounted() throws {
    try check(
      schema + stubs + """
        //- /main.cpp
        #include "stubs.h"
        std::string from_script();
        void known() {
          db.execute("DELETE FROM payment WHERE id = 1");
          // ^ writes payment
          db.execute("DELETE FROM payment WHERE id = 2");
          // ^ writes payment
        }
        void run() {
          db.execute(from_script());
          // ^ unresolved
        }
        """)
  }

  @Test func whatAPreparedStatementExecutesIsKnown() throws {
    try check(
      schema + stubs + """
        //- /main.cpp
        #include "stubs.h"
        struct Prepared { bool execute(int id); };
        Prepared prepare(const char *sql);
        void known() {
          db.execute("DELETE FROM payment WHERE id = 1");
          // ^ writes payment
          db.execute("DELETE FROM payment WHERE id = 2");
          // ^ writes payment
        }
        void run(int number()) {
          Prepared statement = prepare("UPDATE invoice SET total = 0 WHERE id = ?");
          // ^ writes invoice
          statement.execute(number());
        }
        """)
  }
}
