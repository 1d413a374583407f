import Testing

/// Entities, repositories and services of a small shop.
let shop = """
  //- /shop/Customer.java
  package shop;
  import jakarta.persistence.*;
  import org.springframework.boot.SpringApplication;
  @Entity
  @Table(name = "customer")
  public class Customer {
    @Id @GeneratedValue private Long id;
    private String name;
    @Embedded private Address address;
    public Long getId() { return id; }
    public String getName() { return name; }
    public void setName(String name) { this.name = name; }
    public void rename(String next) { this.name = next; }
  }
  //- /shop/Address.java
  package shop;
  import jakarta.persistence.*;
  @Embeddable
  public class Address { private String city; }
  //- /shop/Invoice.java
  package shop;
  import jakarta.persistence.*;
  import java.util.*;
  @Entity
  @NamedQuery(name = "Invoice.open", query = "select i from Invoice i where i.total > 0")
  public class Invoice {
    @Id private Long id;
    @Column(name = "total") private Integer total;
    @ManyToOne @JoinColumn(name = "customer_id") private Customer customer;
    @OneToMany(mappedBy = "invoice") private List<Payment> payments = new ArrayList<>();
    public Customer getCustomer() { return customer; }
    public List<Payment> getPayments() { return payments; }
  }
  //- /shop/Payment.java
  package shop;
  import jakarta.persistence.*;
  @Entity
  public class Payment {
    @Id private Long id;
    private Integer amount;
    @ManyToOne private Invoice invoice;
  }
  //- /shop/Repositories.java
  package shop;
  import org.springframework.data.jpa.repository.*;
  @NoRepositoryBean
  interface Base<T, K> extends JpaRepository<T, K> {}
  interface Customers extends Base<Customer, Long> {
    List<Customer> findByAddressCity(String city);
    // ^ reads customer
    @Modifying @Query("update Customer c set c.name = :name where c.id = :id") int rename(String name, Long id);
    // ^ writes customer
    default Customer any() { return findAll().get(0); }
    // ^ reads customer
  }
  interface Invoices extends Base<Invoice, Long> {
    List<Invoice> findByCustomerNameOrderByTotalDesc(String name);
    // ^ reads invoice, reads customer
    @Query(value = "select * from payment where amount > ?1", nativeQuery = true) List<Object> raw(int a);
    // ^ reads payment
    long deleteByTotalLessThan(int total);
    // ^ writes invoice
    @Query("select i from #{#entityName} i join fetch i.payments where i.customer.id = ?1") List<Invoice> full(Long c);
    // ^ reads invoice, reads payment
    List<Invoice> open();
    // ^ reads invoice
  }

  """

@Suite("JPA and Spring Data")
struct JPATests {
  @Test func repositoriesAtTheirCallers() throws {
    try check(
      schema + shop + """
        //- /shop/Service.java
        package shop;
        class Service {
          private final Customers customers;
          private final Invoices invoices;
          Service(Customers customers, Invoices invoices) { this.customers = customers; this.invoices = invoices; }
          void all() {
            customers.save(new Customer());
            // ^ writes customer
            customers.findById(1L).orElseThrow();
            // ^ reads customer
            customers.findByAddressCity("x");
            // ^ reads customer
            customers.rename("x", 1L);
            // ^ writes customer
            invoices.findByCustomerNameOrderByTotalDesc("x");
            // ^ reads invoice, reads customer
            invoices.raw(1);
            // ^ reads payment
            invoices.deleteByTotalLessThan(3);
            // ^ writes invoice
            this.invoices.deleteAll();
            // ^ writes invoice
            invoices.full(1L);
            // ^ reads invoice, reads payment
            invoices.open();
            // ^ reads invoice
            invoices.flush();
            customers.toString();
          }
          void along(Invoice invoice) {
            invoice.getCustomer().getName();
            // ^ reads customer
            invoice.getCustomer().getId();
            for (Payment p : invoice.getPayments()) { p.hashCode(); }
            // ^ reads payment
          }
        }
        """)
  }

  @Test func changesOfFetchedObjects() throws {
    try check(
      schema + shop + """
        //- /shop/Service.java
        package shop;
        import org.springframework.transaction.annotation.*;
        class Service {
          private Customers customers;
          @Transactional
          public void inside(Customer given) {
            Customer found = customers.findById(1L).get();
            // ^ reads customer
            found.setName("x");
            // ^ writes customer
            found.rename("y");
            // ^ writes customer
            given.setName("z");
            helper();
            Customer fresh = new Customer();
            fresh.setName("n");
          }
          private void helper() {
            customers.findById(1L).ifPresent(c -> c.setName("x"));
            // ^ reads customer, writes customer
          }
          public void outside() {
            Customer found = customers.findById(1L).get();
            // ^ reads customer
            found.setName("x");
          }
          @Transactional(propagation = Propagation.NOT_SUPPORTED)
          public void suspended() {
            Customer found = customers.getById(1L);
            // ^ reads customer
            found.setName("x");
          }
        }
        """)
  }

  @Test func entityManager() throws {
    try check(
      schema + shop + """
        //- /shop/Dao.java
        package shop;
        import jakarta.persistence.*;
        class Dao {
          @PersistenceContext private EntityManager em;
          void all(Customer customer) {
            em.find(Customer.class, 1L);
            // ^ reads customer
            em.persist(new Invoice());
            // ^ writes invoice
            em.merge(customer);
            // ^ writes customer
            em.remove(customer);
            // ^ writes customer
            em.createQuery("select p from Payment p where p.invoice.customer.name = :n", Payment.class).getResultList();
            // ^ reads payment, reads invoice, reads customer
            em.createQuery("delete from Payment p where p.amount < 0").executeUpdate();
            // ^ writes payment
            em.createNamedQuery("Invoice.open", Invoice.class).getResultList();
            // ^ reads invoice
            em.createNativeQuery("select name from customer").getResultList();
            // ^ reads customer
          }
          void criteria() {
            CriteriaBuilder cb = em.getCriteriaBuilder();
            CriteriaQuery<Invoice> query = cb.createQuery(Invoice.class);
            Root<Invoice> root = query.from(Invoice.class);
            // ^ reads invoice, reads customer
            root.join("customer");
            em.createQuery(query).getResultList();
          }
        }
        """)
  }

  @Test func aggregatesWithoutSession() throws {
    try check(
      schema + """
        //- /shop/Invoice.java
        package shop;
        import org.springframework.data.annotation.Id;
        import org.springframework.data.relational.core.mapping.Table;
        import org.springframework.data.repository.CrudRepository;
        import org.springframework.data.jdbc.repository.query.Query;
        public class Invoice { @Id Long id; int total; Set<Payment> payments; void pay() { total = 0; } }
        class Payment { int amount; }
        @Table("customer") class Buyer { @Id Long id; String name; }
        interface Invoices extends CrudRepository<Invoice, Long> {
          @Query("select * from customer where id = :id") Buyer buyer(long id);
          // ^ reads customer
          List<Invoice> findByTotal(int total);
          // ^ reads invoice
        }
        class Service {
          Invoices invoices;
          @Transactional public void all() {
            Invoice invoice = invoices.findById(1L).get();
            // ^ reads invoice
            invoice.pay();
            invoices.save(invoice);
            // ^ writes invoice, writes payment
            invoices.buyer(1);
            // ^ reads customer
          }
        }
        """)
  }

  @Test func graphsCustomPartsAndActiveRecords() throws {
    try check(
      schema + shop + """
        //- /shop/More.java
        package shop;
        import org.springframework.data.jpa.repository.*;
        interface Special { List<Invoice> special(); }
        class SpecialImpl implements Special {
          private EntityManager em;
          public List<Invoice> special() { return em.createQuery("select i from Invoice i", Invoice.class).getResultList(); }
          // ^ reads invoice
        }
        interface Graphs extends JpaRepository<Invoice, Long>, Special {
          @EntityGraph(attributePaths = {"customer"}) List<Invoice> findByTotal(int total);
          // ^ reads invoice, reads customer
          @EntityGraph(attributePaths = "payments") List<Invoice> findAll();
          // ^ reads payment
        }
        class Use {
          Graphs graphs;
          void all() {
            graphs.findByTotal(1);
            // ^ reads invoice, reads customer
            graphs.findAll();
            // ^ reads invoice, reads payment
            graphs.special();
            Customer.listAll();
            // ^ reads customer
            new Customer().persist();
            // ^ writes customer
          }
        }
        """)
  }

  @Test func transactionsBegunByHand() throws {
    try check(
      schema + shop + """
        //- /shop/Use.java
        package shop;
        import org.springframework.transaction.support.TransactionTemplate;
        class Use {
          Customers customers;
          TransactionTemplate template;
          Task task;
          void template(long id) {
            template.execute(status -> { Customer c = customers.findById(id).get(); c.setName("x"); return c; });
            // ^ reads customer, writes customer
          }
          void task(long id) {
            task.execute(status -> { Customer c = customers.findById(id).get(); c.setName("x"); return c; });
            // ^ reads customer
          }
        }
        """)
  }

  @Test func lookAlikes() throws {
    try check(
      schema + """
        //- /other/Invoice.java
        package other;
        import other.annotations.Entity;
        @Entity
        class Invoice { private Long id; public void setTotal(int t) { this.total = t; } }
        //- /other/Box.java
        package other;
        class Box {
          private Repository<Invoice> repository;
          private Cache cache;
          void all() {
            cache.save(new Invoice());
            repository.find("x");
            cache.findByName("customer");
          }
        }
        """)
  }

  @Test func kotlin() throws {
    try check(
      schema + """
        //- /shop/Shop.kt
        package shop
        import jakarta.persistence.*
        import org.springframework.data.repository.CrudRepository
        import org.springframework.transaction.annotation.Transactional

        @Entity
        class Customer(@Id var id: Long? = null, var name: String)

        @Entity
        data class Invoice(
          @Id val id: Long,
          @ManyToOne val customer: Customer,
          var total: Int,
        )

        interface Invoices : CrudRepository<Invoice, Long> {
          fun findByCustomerName(name: String): List<Invoice>
          // ^ reads invoice, reads customer
        }

        @Transactional
        class Service(private val invoices: Invoices, private val em: EntityManager) {
          fun raise(id: Long) {
            val invoice = invoices.findByIdOrNull(id) ?: return
            // ^ reads invoice
            invoice.total += 1
            // ^ writes invoice
            println(invoice.customer.name)
            // ^ reads customer
            invoices.findByCustomerName("x").forEach { it.total = 0 }
            // ^ reads invoice, reads customer, writes invoice
            em.find(Customer::class.java, 1)
            // ^ reads customer
          }
        }
        """)
  }
}
