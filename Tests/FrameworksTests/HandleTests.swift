import Facts
import Testing

private let handles = """
  //- /db.h
  #pragma once
  typedef struct { char *s; int len; } str;
  typedef str *db_key_t;
  #define str_init(text) { text, sizeof(text) - 1 }
  typedef struct db_func {
    int (*use_table)(void *handle, const str *table);
    int (*query)(void *handle, db_key_t *keys, void *values, int n);
    int (*insert)(void *handle, db_key_t *keys, void *values, int n);
    int (*raw_query)(void *handle, const str *text);
  } db_func_t;
  extern db_func_t dbf;
  extern void *handle;

  """

@Suite("Tables chosen on handles")
struct HandleTests {
  @Test func tableChosenByAFunctionOfItsOwn() throws {
    try check(
      schema + handles + """
        //- /main.c
        #include "db.h"
        static str invoice_table = str_init("invoice");
        static str payment_table = str_init("payment");
        static int use_invoices(void) { return dbf.use_table(handle, &invoice_table); }
        static int use_payments(void) { return dbf.use_table(handle, &payment_table); }
        int load(void) {
          if (use_invoices() < 0) return -1;
          return dbf.query(handle, 0, 0, 0);
          // ^ reads invoice
        }
        int save(void) {
          use_payments();
          return dbf.insert(handle, 0, 0, 0);
          // ^ writes payment
        }
        int unknown(void) { return dbf.query(handle, 0, 0, 0); }
        """)
  }

  @Test func callsThatOnlyManageAHandle() throws {
    try check(
      schema + handles + """
        //- /main.c
        #include "db.h"
        static str invoice_table = str_init("invoice");
        static str text = str_init("commit");
        void set_statement(void *handle, int *statement);
        void db_close_query(void *handle, const char *name);
        int store_table(void *context, str *table);
        int load(int *statement) {
          dbf.use_table(handle, &invoice_table);
          set_statement(handle, statement);
          db_close_query(handle, "customer");
          dbf.raw_query(handle, &text);
          store_table(statement, &invoice_table);
          return dbf.query(handle, 0, 0, 0);
          // ^ reads invoice
        }
        """)
  }

  @Test func membersAreNotVariablesOfOtherFolders() throws {
    try check(
      schema + """
        //- /group/group.c
        char *table = "customer";
        // ^ reads customer
        //- /cache/cache.c
        struct entry { char *table; };
        int db_insert(void *h, const char *table);
        int keep(struct entry *e) { return db_insert(0, e->table); }
        """)
  }

  @Test(arguments: [false, true])
  func columnsOfKeyArrays(parsed: Bool) throws {
    let system = try MarkedSystem(
      schema + handles + """
        //- /main.c
        #include "db.h"
        static str invoice_table = str_init("invoice");
        static str id_column = str_init("id");
        static str total_column = str_init("total");
        int save(void) {
          db_key_t keys[2];
          keys[0] = &id_column;
          keys[1] = &total_column;
          dbf.use_table(handle, &invoice_table);
          return dbf.insert(handle, keys, 0, 2);
        }
        int load(void) {
          db_key_t keys[] = {&id_column};
          dbf.use_table(handle, &invoice_table);
          return dbf.query(handle, keys, 0, 1);
        }
        int every(void) {
          dbf.use_table(handle, &invoice_table);
          return dbf.query(handle, 0, 0, 0);
        }
        """
    ).linked(parsed: parsed)
    #expect(system.accesses.map(\.columns) == [["id", "total"], ["id"], ["*"]])
  }
}

@Suite("Objects that hold the rows of a table")
struct StorageTests {
  @Test func storagesAreLoadedFromTheirTable() throws {
    try check(
      schema + """
        //- /main.cpp
        struct SqlStorage {
          SqlStorage(const char *format, const char *key, const char *table);
          void Load();
          int GetMaxEntry();
        };
        struct Loader { void Load(SqlStorage &store); };
        SqlStorage sInvoiceStorage("iii", "id", "invoice");
        SqlStorage sCustomerStorage("is", "id", "customer");
        void load_all(Loader &loader) {
          sInvoiceStorage.Load();
          // ^ reads invoice
          loader.Load(sCustomerStorage);
          // ^ reads customer
        }
        int highest() { return sInvoiceStorage.GetMaxEntry(); }
        """)
  }
}
