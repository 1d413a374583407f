import Testing

@Suite("MyBatis-Plus")
struct MyBatisPlusTests {
  private let entities = """
    //- /shop/Base.java
    package shop;
    public class Base { @TableId private Long id; }
    //- /shop/Invoice.java
    package shop;
    import com.baomidou.mybatisplus.annotation.*;
    public class Invoice extends Base {
      private Long customerId;
      @TableField("total") private Integer sum;
      @TableField(exist = false) private String note;
      private List<Payment> payments;
    }
    //- /shop/Client.java
    package shop;
    import com.baomidou.mybatisplus.annotation.*;
    @TableName("customer")
    public class Client extends Base { private String name; }
    //- /shop/Payment.java
    package shop;
    public class Payment extends com.baomidou.mybatisplus.extension.activerecord.Model<Payment> { private Integer amount; }
    //- /shop/InvoiceMapper.java
    package shop;
    import com.baomidou.mybatisplus.core.mapper.BaseMapper;
    public interface InvoiceMapper extends BaseMapper<Invoice> { int custom(); }
    //- /shop/ClientMapper.java
    package shop;
    public interface ClientMapper extends BaseMapperX<Client> { }
    //- /shop/BaseMapperX.java
    package shop;
    import com.baomidou.mybatisplus.core.mapper.BaseMapper;
    public interface BaseMapperX<T> extends BaseMapper<T> { }
    //- /shop/PaymentMapper.java
    package shop;
    import com.baomidou.mybatisplus.core.mapper.BaseMapper;
    public interface PaymentMapper extends BaseMapper<Payment> { }

    """

  @Test func mappers() throws {
    try check(
      schema + entities + """
        //- /shop/Billing.java
        package shop;
        public class Billing {
          @Autowired private InvoiceMapper invoices;
          private final ClientMapper clients;
          void run(Invoice invoice) {
            invoices.insert(invoice);
            // ^ writes invoice
            invoices.selectList(new LambdaQueryWrapper<Invoice>().eq(Invoice::getCustomerId, 1));
            // ^ reads invoice
            invoices.update(null, Wrappers.<Invoice>lambdaUpdate().set(Invoice::getSum, 1));
            // ^ writes invoice
            this.clients.selectById(1L).setName("x");
            // ^ reads customer
            clients.deleteBatchIds(List.of(1L));
            // ^ writes customer
            invoices.custom();
            new ArrayList<Invoice>().insert(1);
            other.selectById(1L);
          }
        }
        """)
  }

  @Test func genericBasesWithMethodsOfTheirOwn() throws {
    try check(
      schema
        + entities.replacing(
          "public interface BaseMapperX<T> extends BaseMapper<T> { }",
          with: """
            public interface BaseMapperX<T> extends BaseMapper<T> {
              default Page<T> selectPage(Param param, Wrapper<T> wrapper) { return selectPage(param, null, wrapper); }
              default Page<T> selectPage(Param param, List<Sort> sorts, Wrapper<T> wrapper) {
                List<T> all = selectList(wrapper);
                return new Page<>(all);
              }
              default T selectOne(String field, Object value) { return selectOne(new QueryWrapper<T>().eq(field, value)); }
              default void insertAll(T... rows) { for (T row : rows) insert(row); }
              default String describe(T row) { return row.toString(); }
            }
            """) + """
          //- /shop/ClientDao.java
          package shop;
          public interface ClientDao extends BaseMapperX<Client> {
            default Client named(String name) {
              return selectOne("name", name);
              // ^ reads customer
            }
            default Page<Client> page(Param param) {
              return selectPage(param, new QueryWrapper<>());
              // ^ reads customer
            }
            default List<Client> all() {
              return selectList(new QueryWrapper<>());
              // ^ reads customer
            }
          }
          //- /shop/Desk.java
          package shop;
          class Desk {
            private ClientDao dao;
            void go(Client client) {
              dao.insertAll(client, client);
              // ^ writes customer
              dao.named("x");
              dao.describe(client);
              dao.selectPage(new Param(), new QueryWrapper<>());
              // ^ reads customer
            }
          }
          """)
  }

  @Test func services() throws {
    try check(
      schema + entities + """
        //- /shop/IInvoiceService.java
        package shop;
        import com.baomidou.mybatisplus.extension.service.IService;
        public interface IInvoiceService extends IService<Invoice> { void close(); }
        //- /shop/InvoiceServiceImpl.java
        package shop;
        import com.baomidou.mybatisplus.extension.service.impl.ServiceImpl;
        public class InvoiceServiceImpl extends ServiceImpl<InvoiceMapper, Invoice> implements IInvoiceService {
          public void close() {
            baseMapper.selectCount(null);
            // ^ reads invoice
            this.baseMapper.deleteById(1L);
            // ^ writes invoice
            getBaseMapper().selectMaps(null);
            // ^ reads invoice
            list();
            // ^ reads invoice
            this.save(new Invoice());
            // ^ writes invoice
            super.removeById(2L);
            // ^ writes invoice
            lambdaQuery().eq(Invoice::getSum, 1).list();
            // ^ reads invoice
            lambdaUpdate().eq(Invoice::getSum, 1).set(Invoice::getSum, 2).update();
            // ^ writes invoice
          }
        }
        //- /shop/Web.java
        package shop;
        public class Web {
          private IInvoiceService service;
          void go() {
            service.saveOrUpdate(new Invoice());
            // ^ reads invoice, writes invoice
            service.page(new Page<>(1, 10));
            // ^ reads invoice
            service.lambdaUpdate().eq(Invoice::getSum, 1).remove();
            // ^ writes invoice
            service.close();
            new Payment().insert();
            // ^ writes payment
          }
        }
        """)
  }

  @Test func commonMapperAndFlex() throws {
    try check(
      schema + """
        //- /shop/Bill.java
        package shop;
        import javax.persistence.*;
        @Table(name = "invoice")
        public class Bill { @Id private Long id; @Column(name = "total") private Integer sum; }
        //- /shop/BillMapper.java
        package shop;
        import tk.mybatis.mapper.common.Mapper;
        public interface BillMapper extends Mapper<Bill> { }
        //- /shop/Client.java
        package shop;
        import com.mybatisflex.annotation.*;
        @Table("customer")
        public class Client { @Id private Long id; @Column(ignore = true) private String note; }
        //- /shop/ClientMapper.java
        package shop;
        import com.mybatisflex.core.BaseMapper;
        public interface ClientMapper extends BaseMapper<Client> { }
        //- /shop/WordCount.java
        package shop;
        import org.apache.hadoop.mapreduce.Mapper;
        public class WordCount extends Mapper<Payment> { }
        //- /shop/Payment.java
        package shop;
        public class Payment { private Long id; }
        //- /shop/Billing.java
        package shop;
        public class Billing {
          private BillMapper bills;
          private ClientMapper clients;
          private WordCount words;
          void run(Bill bill) {
            bills.insertSelective(bill);
            // ^ writes invoice
            bills.selectByExample(new Example(Bill.class));
            // ^ reads invoice
            clients.selectOneById(1);
            // ^ reads customer
            clients.deleteByQuery(QueryWrapper.create());
            // ^ writes customer
            words.insert(bill);
          }
        }
        """)
  }

  @Test func dynamicSQL() throws {
    try check(
      schema + """
        //- /shop/InvoiceSupport.java
        package shop;
        import org.mybatis.dynamic.sql.SqlColumn;
        import org.mybatis.dynamic.sql.AliasableSqlTable;
        public final class InvoiceSupport {
          public static final Invoices invoices = new Invoices();
          public static final SqlColumn<Long> id = invoices.id;
          public static final class Invoices extends AliasableSqlTable<Invoices> {
            public final SqlColumn<Long> id = column("id", JDBCType.BIGINT);
            public Invoices() { super("invoice", Invoices::new); }
          }
        }
        //- /shop/PaymentSupport.java
        package shop;
        import org.mybatis.dynamic.sql.*;
        public final class PaymentSupport {
          public static final Payments payments = new Payments();
          public static final class Payments extends SqlTable { public Payments() { super("payment"); } }
        }
        //- /shop/InvoiceMapper.java
        package shop;
        import static shop.InvoiceSupport.*;
        import org.mybatis.dynamic.sql.util.mybatis3.MyBatis3Utils;
        public interface InvoiceMapper {
          default long count(CountDSLCompleter completer) {
            return MyBatis3Utils.countFrom(this::count, invoices, completer);
            // ^ reads invoice
          }
          default int insert(Invoice row) {
            return MyBatis3Utils.insert(this::insert, row, invoices, c -> c.map(id).toProperty("id"));
            // ^ writes invoice
          }
          default List<Invoice> open() {
            return selectMany(select(id).from(invoices).join(PaymentSupport.payments, on(id, equalTo(id))).build());
            // ^ reads invoice, reads payment
          }
          default int drop() {
            return delete(deleteFrom(PaymentSupport.payments).where(id, isEqualTo(1L)).build());
            // ^ writes payment
          }
        }
        """)
  }
}
