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
}
