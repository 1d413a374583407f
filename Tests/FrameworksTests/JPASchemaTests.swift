import Facts
import Testing

/// The tables that mappings alone describe.
@Suite("Tables of JPA mappings")
struct JPASchemaTests {
  /// Tables as text: columns with `?` where they may be empty, the key in brackets, foreign keys.
  private func tables(_ text: String) throws -> [String] {
    try MarkedSystem(text).linked(parsed: false).catalog.tables.map { table in
      let columns = table.columns.map { "\($0.name) \($0.type)\($0.isNullable ? "?" : "")" }
      let keys = table.foreignKeys.map { "\($0.columns.joined(separator: "+"))->\($0.target)" }.sorted()
      return "\(table.name)(\(columns.joined(separator: ", "))) [\(table.primaryKey.joined(separator: ","))]"
        + (keys.isEmpty ? "" : " " + keys.joined(separator: " "))
    }
  }

  private let boot = """
    //- /shop/App.java
    package shop;
    import org.springframework.boot.SpringApplication;
    class App {}

    """

  @Test func columnsKeysAndRelations() throws {
    #expect(
      try tables(
        boot + """
          //- /shop/Order.java
          package shop;
          import jakarta.persistence.*;
          import java.util.*;
          @Entity @Table(name = "ShopOrders", uniqueConstraints = @UniqueConstraint(columnNames = {"order_no"}))
          public class Order extends Timed {
            static final int MAX = 3;
            transient int cached;
            @Transient private String shown;
            @Id @GeneratedValue(strategy = GenerationType.IDENTITY) private Long id;
            @Column(nullable = false, length = 20) private String orderNo;
            @Enumerated(EnumType.STRING) private State state;
            private State other;
            private int count;
            @Column(precision = 10, scale = 3) private BigDecimal total;
            @Lob private String note;
            @Embedded @AttributeOverride(name = "city", column = @Column(name = "ship_city")) private Address shipTo;
            @ManyToOne(optional = false) private Customer customer;
            @OneToMany(mappedBy = "order", cascade = CascadeType.ALL) private List<Line> lines;
            @ElementCollection private Set<String> tags;
            @ManyToMany private Set<Customer> watchers;
          }
          //- /shop/Parts.java
          package shop;
          import jakarta.persistence.*;
          enum State { A, B }
          @MappedSuperclass class Timed { private LocalDateTime createdAt; @Version private long version; }
          @Embeddable class Address { private String city; private String zipCode; }
          @Entity class Customer { @Id private UUID id; @OneToMany @JoinColumn(name = "owner_id") private List<Line> wishes; }
          @Entity class Line { @Id private Long id; @ManyToOne @JoinColumn(name = "order_ref") private Order order; }
          """) == [
          "customer(id uuid) [id]",
          "line(id bigint, order_ref bigint?, owner_id uuid?) [id] order_ref->shop_orders owner_id->customer",
          "order_tags(order_id bigint, tags varchar(255)?) [] order_id->shop_orders",
          "shop_orders(created_at timestamp(6)?, version bigint, id bigint, order_no varchar(20), state varchar(255)?,"
            + " other smallint?, count integer, total numeric(10,3)?, note oid?, ship_city varchar(255)?,"
            + " zip_code varchar(255)?, customer_id uuid) [id] customer_id->customer",
          "shop_orders_watchers(order_id bigint, watchers_id uuid) [order_id,watchers_id] order_id->shop_orders"
            + " watchers_id->customer",
        ])
  }

  @Test func inheritance() throws {
    let text = """
      //- /shop/Pay.java
      package shop;
      import javax.persistence.*;
      @Entity @Inheritance(strategy = InheritanceType.KIND)
      abstract class Payment { @Id Long id; int amount; }
      @Entity class CardPayment extends Payment { String cardNo; }
      @Entity @Table(name = "Cash") class CashPayment extends Payment { int given; }
      """
    #expect(
      try tables(text.replacing("KIND", with: "SINGLE_TABLE")) == [
        "Payment(id bigint, amount integer, DTYPE varchar(31), cardNo varchar(255)?, given integer?) [id]"
      ])
    #expect(
      try tables(text.replacing("KIND", with: "JOINED")) == [
        "CardPayment(id bigint, cardNo varchar(255)?) [id] id->Payment",
        "Cash(id bigint, given integer) [id] id->Payment", "Payment(id bigint, amount integer) [id]",
      ])
    #expect(
      try tables(text.replacing("KIND", with: "TABLE_PER_CLASS")) == [
        "CardPayment(id bigint, amount integer, cardNo varchar(255)?) [id]",
        "Cash(id bigint, amount integer, given integer) [id]", "Payment(id bigint, amount integer) [id]",
      ])
  }

  @Test func gettersAndEmbeddedKeys() throws {
    #expect(
      try tables(
        """
        //- /shop/Line.java
        package shop;
        import javax.persistence.*;
        @Entity public class Line {
          private LineId key; private String name; private boolean sold;
          @EmbeddedId public LineId getKey() { return key; }
          @Column(name = "label") public String getName() { return name; }
          public boolean isSold() { return sold; }
          @Transient public String getShown() { return ""; }
          @MapsId("orderId") @ManyToOne public Basket getOrder() { return null; }
        }
        @Embeddable class LineId { Long orderId; int place; }
        @Entity class Basket { @Id Long id; }
        """) == [
          "Basket(id bigint) [id]",
          "Line(order_id bigint, place integer, label varchar(255)?, sold boolean) [order_id,place] order_id->Basket",
        ])
  }

  @Test func mappingFiles() throws {
    let found = try tables(
      """
      //- /shop/A.java
      package shop;
      public class Order { private Long id; private String name; private Money price; private java.util.Set<Part> parts; }
      class Money { private long amount; }
      class Part { private Long id; }
      class Crate { private Long id; private Order order; private Boolean full; }
      //- /META-INF/orm.xml
      <entity-mappings>
        <package>shop</package>
        <entity class="Order">
          <table name="orders"/>
          <attributes>
            <id name="id"/>
            <basic name="name"><column name="title" length="30" nullable="false"/></basic>
            <one-to-many name="parts" target-entity="Part"><join-column name="order_no"/></one-to-many>
            <embedded name="price"><attribute-override name="amount"><column name="cents"/></attribute-override></embedded>
          </attributes>
        </entity>
        <entity class="Part"><attributes><id name="id"/></attributes></entity>
        <embeddable class="Money"><attributes><basic name="amount"/></attributes></embeddable>
      </entity-mappings>
      //- /shop/Crate.hbm.xml
      <hibernate-mapping package="shop">
        <class name="Crate" table="crates">
          <id name="id" column="crate_id"><generator class="native"/></id>
          <property name="full" column="is_full" not-null="true"/>
          <many-to-one name="order" column="order_id" class="Order"/>
        </class>
      </hibernate-mapping>
      """)
    #expect(
      found == [
        "crates(crate_id bigint, order_id bigint?, is_full boolean) [crate_id] order_id->orders",
        "orders(id bigint, title varchar(30), cents bigint) [id]",
        "Part(id bigint, order_no bigint?) [id] order_no->orders",
      ])
  }

  @Test func namingStrategies() throws {
    let entity = """
      //- /shop/OrderLine.java
      package shop;
      import javax.persistence.*;
      @Entity class OrderLine { @Id Long lineNo; }

      """
    #expect(try tables(entity) == ["OrderLine(lineNo bigint) [lineNo]"])
    #expect(try tables(boot + entity) == ["order_line(line_no bigint) [line_no]"])
    #expect(
      try tables(
        boot + entity + """
          //- /src/main/resources/application.yml
          spring:
            jpa:
              hibernate:
                naming:
                  physical-strategy: org.hibernate.boot.model.naming.PhysicalNamingStrategyStandardImpl
          """) == ["OrderLine(lineNo bigint) [lineNo]"])
    #expect(
      try tables(
        boot + entity + """
          //- /src/main/resources/application.properties
          spring.datasource.url=jdbc:mysql://db/shop
          """) == ["order_line(line_no bigint) [line_no]"])
  }

  @Test func exposed() throws {
    #expect(
      try tables(
        """
        //- /shop/Tables.kt
        package shop
        import org.jetbrains.exposed.sql.Table
        import org.jetbrains.exposed.dao.id.IntIdTable
        object Customers : IntIdTable("customers") { val name = varchar("name", 50).uniqueIndex() }
        object OrderTable : Table() {
          val no = long("no").autoIncrement()
          val customer = reference("customer_id", Customers).nullable()
          val note = text("note").nullable()
          override val primaryKey = PrimaryKey(no)
        }
        """)
        == [
          "customers(id integer, name varchar(50)) [id]",
          "Order(no bigint, customer_id integer?, note text?) [no] customer_id->customers",
        ].sorted { $0.lowercased() < $1.lowercased() })
  }
}
