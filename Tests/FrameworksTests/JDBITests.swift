import Basics
import Facts
import Testing

@Suite("JDBI SQL objects")
struct JDBITests {
  @Test func annotations() throws {
    try check(
      schema + """
        //- /InvoiceDao.java
        package shop;
        import org.jdbi.v3.sqlobject.statement.*;
        public interface InvoiceDao {
          @SqlQuery("select * from invoice where id = :id and total < 3")
          // ^ reads invoice
          Invoice find(long id);
          @SqlUpdate("insert into payment (id, amount) values (:id, :amount)")
          // ^ writes payment
          void add(Payment payment);
          @SqlBatch("delete from customer where id in (<ids>)")
          // ^ writes customer
          void drop(List<Long> ids);
          @SqlQuery("select * from <table>")
          // ^ unresolved
          Object any(String table);
          @SqlQuery
          Object lost();
        }
        """)
  }

  private let templates =
    schema + """
      //- /shop/Base.java
      package shop;
      import org.skife.jdbi.v2.sqlobject.*;
      public interface Base { @SqlQuery Object getById(String id); @SqlUpdate void create(Object o); }
      //- /shop/InvoiceDao.java
      package shop;
      import org.skife.jdbi.v2.sqlobject.*;
      public interface InvoiceDao extends Base {
        @SqlQuery List<Invoice> unpaid(long id);
        @SqlUpdate("drop") void remove(long id);
      }
      //- /resources/shop/Base.sql.stg
      group Base;
      tableName() ::= ""
      fields(prefix) ::= "<prefix>id, <prefix>total"
      getById(id) ::= <<
      select <fields("t.")> from <tableName()> t where t.id = :id <if(deleted)> and not t.deleted <else> <endif>
      >>
      create() ::= "insert into <tableName()> (<fields()>) values (:id, :total)"
      """

  @Test func groupsOfTemplates() throws {
    try check(
      templates + """

        //- /resources/shop/InvoiceDao.sql.stg
        group InvoiceDao: Base;
        // ^ reads invoice, writes invoice
        tableName() ::= "invoice"
        /* what is still to be paid */
        unpaid(id) ::=
        // ^ reads invoice, reads payment
        <<
        select <fields("i.")> from <tableName()> i
        left join payment p on p.invoice_id = i.id where p.amount \\< i.total and i.id in (<ids>) <unknown("i.")>
        ;
        >>
        drop() ::= "delete from <tableName()> where id = :id"
        // ^ writes invoice
        """)
  }

  @Test func inheritedMethodsBelongToTheObjectThatCompletesThem() throws {
    let text =
      templates + """

        //- /resources/shop/InvoiceDao.sql.stg
        import "shop/Base.sql.stg"
        tableName() ::= "invoice"
        """
    let system = try MarkedSystem(text).linked(parsed: false)
    let found = system.accesses.map { "\(system.units[$0.unit].name) \($0.operation.rawValue) \($0.table)" }
    #expect(found == ["InvoiceDao.getById read invoice", "InvoiceDao.create write invoice"])
  }

  @Test func filesOfStatements() throws {
    try check(
      schema + """
        //- /shop/InvoiceDao.java
        package shop;
        import org.jdbi.v3.sqlobject.statement.*;
        @UseClasspathSqlLocator
        public interface InvoiceDao {
          @SqlQuery List<Invoice> find();
          // ^ reads invoice, reads customer
          @SqlUpdate("add") void insert(Invoice invoice);
          // ^ writes invoice
          @SqlQuery List<Invoice> lost();
          @SqlUpdate("delete from payment where id = :id") void remove(long id);
          // ^ writes payment
          interface Lines { @SqlQuery List<Line> all(); }
          // ^ reads payment
        }
        //- /shop/Plain.java
        package shop;
        public interface Plain { @SqlQuery List<Invoice> find(); }
        //- /resources/shop/InvoiceDao/find.sql
        -- with their customers
        select * from invoice i join customer c on c.id = i.customer_id where i.total > :total and i.id in (<ids>);
        //- /resources/shop/InvoiceDao/add.sql
        insert into invoice (id, total) values (:id, :total)
        //- /resources/shop/InvoiceDao/insert.sql
        delete from customer
        //- /resources/shop/InvoiceDao$Lines/all.sql
        select * from payment
        //- /resources/shop/Plain/find.sql
        select * from payment
        //- /resources/other/InvoiceDao/lost.sql
        select * from payment
        """)
  }

  @Test func filesOfStatementsThatCodeLocates() throws {
    try check(
      schema + """
        //- /shop/Reports.java
        package shop;
        import org.jdbi.v3.core.locator.ClasspathSqlLocator;
        class Reports {
          void run(Handle handle) {
            handle.createQuery(ClasspathSqlLocator.create().locate("queries.open")).mapToMap();
            // ^ reads invoice
            handle.createUpdate(ClasspathSqlLocator.create().locate(Reports.class, "purge")).execute();
            // ^ writes payment
            handle.createQuery(ClasspathSqlLocator.create().locate("queries.missing"));
          }
        }
        //- /resources/queries/open.sql
        select id from invoice
        //- /resources/shop/Reports/purge.sql
        delete from payment
        """)
  }
}
