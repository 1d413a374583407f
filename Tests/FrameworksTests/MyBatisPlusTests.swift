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
}
