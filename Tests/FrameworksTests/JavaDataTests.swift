import Basics
import Facts
import Testing

/// Ways of older and rarer Java frameworks to reach rows.
@Suite("Java: criteria, templates, generated tables")
struct JavaDataTests {
  @Test func criteriaThatChangeRows() throws {
    try check(
      """
      //- /shop/Orders.java
      package shop;
      import jakarta.persistence.*;
      import jakarta.persistence.criteria.*;
      @Entity @Table(name = "orders") class Order {
        @Id Long id; int total; @ElementCollection @CollectionTable(name = "notes") Set<String> notes;
      }
      class Use {
        @PersistenceContext EntityManager em;
        void change() {
          CriteriaBuilder builder = em.getCriteriaBuilder();
          CriteriaUpdate<Order> update = builder.createCriteriaUpdate(Order.class);
          // ^ writes orders
          Root<Order> root = update.from(Order.class);
          update.set("total", 1).where(builder.gt(root.get("total"), 2));
          em.createQuery(update).executeUpdate();
          CriteriaDelete<Order> delete = builder.createCriteriaDelete(Order.class);
          // ^ writes orders
          delete.from(Order.class);
          em.createQuery(delete).executeUpdate();
        }
        void read() {
          CriteriaBuilder builder = em.getCriteriaBuilder();
          CriteriaQuery<Order> query = builder.createQuery(Order.class);
          Root<Order> root = query.from(Order.class);
          // ^ reads orders
          em.createQuery(query.where(builder.gt(root.get("total"), 1))).getResultList();
        }
      }
      """)
  }

  @Test func sessionsAndTemplatesOfHibernate() throws {
    try check(
      """
      //- /shop/Bid.java
      package shop;
      public class Bid { private Long id; private int amount; private Item item; }
      class Item { private Long id; private String sku; }
      //- /shop/Shop.hbm.xml
      <hibernate-mapping package="shop">
        <class name="Item" table="ITEM"><id name="id"/><property name="sku"/></class>
        <class name="Bid" table="BID"><id name="id"/><property name="amount"/><many-to-one name="item" column="ITEM_ID"/></class>
      </hibernate-mapping>
      //- /shop/Use.java
      package shop;
      import org.hibernate.*;
      class Use {
        private SessionFactory sessionFactory;
        private HibernateTemplate template;
        void session() {
          sessionFactory.getCurrentSession().saveOrUpdate(new Bid());
          // ^ writes BID
          sessionFactory.openSession().createQuery("from Bid b where b.item.sku = :s").list();
          // ^ reads BID, reads ITEM
          sessionFactory.getCurrentSession().createCriteria(Item.class).add(Restrictions.eq("sku", "x")).list();
          // ^ reads ITEM
        }
        void template() {
          template.find("from Bid b where b.item.sku = ?", "x");
          // ^ reads BID, reads ITEM
          template.bulkUpdate("delete from Bid where amount < ?", 1);
          // ^ writes BID
          DetachedCriteria criteria = DetachedCriteria.forClass(Bid.class);
          // ^ reads BID
          template.findByCriteria(criteria);
        }
        void other(Finder finder) { finder.find("from Bid b where b.amount = ?", 1); }
      }
      """)
  }

  @Test func columnsOfTablesBetweenInMappingFiles() throws {
    let system = try MarkedSystem(
      """
      //- /shop/Order.java
      package shop;
      class Order { Long id; java.util.Set<Tag> tags; }
      class Tag { Long id; }
      //- /META-INF/orm.xml
      <entity-mappings><package>shop</package>
        <entity class="Order"><table name="orders"/><attributes><id name="id"/>
          <many-to-many name="tags"><join-table name="order_tags">
            <join-column name="o_id"/><inverse-join-column name="t_id"/></join-table></many-to-many></attributes></entity>
        <entity class="Tag"><table name="tags"/><attributes><id name="id"/></attributes></entity>
      </entity-mappings>
      """
    ).linked(parsed: false)
    let between = try #require(system.catalog.tables.first { $0.name.text == "order_tags" })
    #expect(between.columns.map(\.name) == ["o_id", "t_id"])
  }

  @Test func generatedTablesOfJooq() throws {
    try check(
      """
      //- /gen/tables/Author.java
      package gen.tables;
      import org.jooq.impl.*;
      public class Author extends TableImpl<AuthorRecord> {
        public static final Author AUTHOR = new Author();
        public final TableField<AuthorRecord, Integer> ID = createField(DSL.name("ID"), SQLDataType.INTEGER, this, "");
        public Author() { this(DSL.name("t_author"), null); }
      }
      //- /shop/Use.java
      package shop;
      import static gen.Tables.*;
      import org.jooq.*;
      class Use {
        private final DSLContext ctx;
        void run(List<AuthorRecord> records) {
          ctx.selectFrom(AUTHOR).where(AUTHOR.ID.eq(1)).fetch();
          // ^ reads t_author
          ctx.batchInsert(records).execute();
          // ^ writes t_author
          ctx.selectFrom(BOOK).fetch();
          // ^ reads book
          ctx.batchInsert(others).execute();
        }
      }
      """)
  }

  @Test func chainsAndStaticCallsOfMyBatisPlus() throws {
    try check(
      """
      //- /shop/User.java
      package shop;
      import com.baomidou.mybatisplus.annotation.*;
      import com.baomidou.mybatisplus.extension.toolkit.Db;
      @TableName("t_user") class User { @TableId Long id; }
      interface UserMapper extends BaseMapper<User> {}
      class Use {
        UserMapper users;
        void run() {
          Db.lambdaQuery(User.class).eq(User::getId, 1).list();
          // ^ reads t_user
          Db.getById(1, User.class);
          // ^ reads t_user
          Db.save(new User());
          // ^ writes t_user
          Db.lambdaUpdate(User.class).set(User::getId, 2).update();
          // ^ writes t_user
          Db.removeById(1, User.class);
          // ^ writes t_user
          new LambdaQueryChainWrapper<>(users).eq(User::getId, 1).one();
          // ^ reads t_user
          Db.save("t_user");
        }
      }
      """)
  }

  @Test func routesOfInterfaces() throws {
    let system = try MarkedSystem(
      """
      //- /shop/Api.java
      package shop;
      @Path("api") interface Api { @PUT @Path("orders/{id}") void put(long id); void plain(); }
      class ApiImpl implements Api { public void put(long id) {} public void put() {} public void plain() {} }
      @FeignClient("stock") interface Client { @GetMapping("/stock") int stock(); }
      class Fallback implements Client { public int stock() { return 0; } }
      """
    ).linked(parsed: false)
    #expect(
      system.entryPoints.map { "\(system.units[$0.unit].name) \($0.trigger)" } == ["ApiImpl.put PUT /api/orders/{id}"])
  }
}
