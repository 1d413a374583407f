import Basics
import Facts
import Testing

@Suite("Query libraries of Java and Kotlin")
struct JavaQueryTests {
  @Test func jooq() throws {
    try check(
      schema + """
        //- /shop/Store.java
        package shop;
        import org.jooq.DSLContext;
        import static shop.db.Tables.*;
        import shop.db.tables.records.InvoiceRecord;
        class Store {
          private DSLContext dsl;
          void all(InvoiceRecord given) {
            dsl.selectFrom(INVOICE).where(INVOICE.ID.eq(1)).fetch();
            // ^ reads invoice
            dsl.select().from(INVOICE.as("i")).join(CUSTOMER).on(CUSTOMER.ID.eq(INVOICE.CUSTOMER_ID)).fetch();
            // ^ reads invoice, reads customer
            dsl.insertInto(PAYMENT, PAYMENT.AMOUNT).values(1).execute();
            // ^ writes payment
            dsl.update(INVOICE).set(INVOICE.TOTAL, 1).execute();
            // ^ writes invoice
            dsl.deleteFrom(PAYMENT).execute();
            // ^ writes payment
            given.store();
            // ^ writes invoice
            InvoiceRecord made = dsl.newRecord(INVOICE);
            made.store();
            // ^ writes invoice
            list.from(MAXIMUM_SIZE_x);
          }
        }
        //- /shop/Other.java
        package shop;
        class Other { void all() { stream.from(INVOICE); cache.update(CUSTOMER); } }
        """)
  }

  @Test func exposed() throws {
    try check(
      schema + """
        //- /shop/Shop.kt
        package shop
        import org.jetbrains.exposed.dao.*
        import org.jetbrains.exposed.dao.id.IntIdTable
        import org.jetbrains.exposed.sql.*

        object Customers : IntIdTable("customer") { val name = varchar("name", 50) }
        object Invoices : IntIdTable("invoice") {
          val customer = reference("customer_id", Customers)
          val total = integer("total")
        }
        class Invoice(id: EntityID<Int>) : IntEntity(id) {
          companion object : IntEntityClass<Invoice>(Invoices)
          var total by Invoices.total
          val customer by Customer referencedOn Invoices.customer
        }
        class Customer(id: EntityID<Int>) : IntEntity(id) {
          companion object : IntEntityClass<Customer>(Customers)
          var name by Customers.name
        }
        fun all() = transaction {
          Customers.insert { it[name] = "x" }
          // ^ writes customer
          Customers.selectAll().where { Customers.name eq "x" }.forEach { println(it) }
          // ^ reads customer
          Invoices.update({ Invoices.total eq 1 }) { it[total] = 2 }
          // ^ writes invoice
          Invoices.deleteWhere { Invoices.total eq 1 }
          // ^ writes invoice
          (Invoices innerJoin Customers).selectAll().toList()
          // ^ reads invoice, reads customer
          val found = Invoice.findById(1)
          // ^ reads invoice
          found?.total = 3
          // ^ writes invoice
          Customer.new { name = "y" }
          // ^ writes customer
        }
        """)
  }

  @Test func querydsl() throws {
    try check(
      schema + """
        //- /shop/Entities.java
        package shop;
        import jakarta.persistence.*;
        @Entity class Customer { @Id Long id; String name; }
        @Entity class Invoice { @Id Long id; int total; @ManyToOne Customer customer; }
        //- /shop/Search.java
        package shop;
        import com.querydsl.jpa.impl.JPAQueryFactory;
        import static shop.QInvoice.invoice;
        class Search {
          private JPAQueryFactory queries;
          void all() {
            queries.selectFrom(invoice).where(invoice.total.gt(3)).fetch();
            // ^ reads invoice
            QCustomer other = QCustomer.customer;
            queries.select(other.name).from(other).fetch();
            // ^ reads customer
            queries.selectFrom(invoice).where(invoice.customer.name.eq("x")).fetch();
            // ^ reads invoice, reads customer
            queries.delete(other).where(other.name.isNull()).execute();
            // ^ writes customer
          }
        }
        """)
  }

  @Test func queriesOverEntityNames() throws {
    try check(
      schema + """
        //- /shop/Entities.java
        package shop;
        import jakarta.persistence.*;
        @Entity class Customer { @Id Long id; String name; @OneToMany(mappedBy = "customer") java.util.List<Invoice> invoices; }
        @Entity class Invoice { @Id Long id; int total; @ManyToOne Customer customer; @OneToMany(mappedBy="invoice") java.util.List<Payment> payments; }
        @Entity class Payment { @Id Long id; int amount; @ManyToOne Invoice invoice; }
        //- /shop/Dao.java
        package shop;
        import jakarta.persistence.*;
        class Dao {
          private EntityManager em;
          void all(String extra) {
            em.createQuery("from Invoice where total > 3");
            // ^ reads invoice
            em.createQuery("select new shop.Dto(i.id, c.name) from Invoice i left join i.customer c order by i.total");
            // ^ reads invoice, reads customer
            em.createQuery("select i from Invoice i where i.customer.id = :id and i.customer = :c");
            // ^ reads invoice
            em.createQuery("select c from Customer c where exists (select 1 from Payment p where p.invoice.customer = c)");
            // ^ reads customer, reads payment, reads invoice
            em.createQuery("select c from Customer c where size(c.invoices) > 3");
            // ^ reads customer, reads invoice
            em.createQuery("select p from Customer c, in(c.invoices) i join i.payments p");
            // ^ reads customer, reads invoice, reads payment
            em.createQuery("update Invoice i set i.total = 0 where i.id in (select p.invoice.id from Payment p)");
            // ^ writes invoice, reads payment
            em.createQuery("delete Payment where amount = 0");
            // ^ writes payment
            em.createQuery("select i from Invoice i where i.total > " + extra);
            // ^ reads invoice
          }
        }
        """)
  }

  @Test func routesJobsAndTransactions() throws {
    let system = try MarkedSystem(
      schema + """
        //- /shop/Web.java
        package shop;
        import org.springframework.web.bind.annotation.*;
        @RestController @RequestMapping("/orders")
        class Web {
          private EntityManager em;
          @GetMapping("/{id}") String one(long id) { return ""; }
          @RequestMapping(value = {"/a", "/b"}, method = RequestMethod.PUT) void put() {}
          @Scheduled(cron = "0 0 * * *") void nightly() {}
          @KafkaListener(topics = "paid") void paid(String text) {}
          public static void main(String[] args) {}
          @Transactional void both() { em.createNativeQuery("update invoice set total = 1").executeUpdate(); }
        }
        @Path("/shop") class Rest { @GET @Path("x") String x() { return ""; } String y() { return ""; } }
        class Runner implements CommandLineRunner { public void run(String... a) {} }
        """
    ).linked(parsed: false)
    #expect(
      system.entryPoints.map { "\($0.kind.rawValue) \($0.trigger) \(system.units[$0.unit].name)" } == [
        "route GET /orders/{id} Web.one", "route PUT /orders/a Web.put", "route PUT /orders/b Web.put",
        "job 0 0 * * * Web.nightly", "message paid Web.paid", "main  Web.main", "route GET /shop/x Rest.x",
        "command  Runner.run",
      ])
    #expect(system.transactions.map { system.units[$0.unit].name } == ["Web.both"])
    #expect(system.transactions.first?.writes.map(\.text) == ["invoice"])
  }
}
