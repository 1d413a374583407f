import Basics
import Facts
import Testing

@Suite("MyBatis mapper files")
struct MyBatisMapperTests {
  /// A mapper file and its interface.
  private func mapper(_ content: String, interface: String = "Object run();") -> String {
    schema + """
      //- /shop/InvoiceMapper.java
      package shop;
      public interface InvoiceMapper { \(interface) }
      //- /resources/InvoiceMapper.xml
      <?xml version="1.0" encoding="UTF-8"?>
      <!DOCTYPE mapper PUBLIC "-//mybatis.org//DTD Mapper 3.0//EN" "http://mybatis.org/dtd/mybatis-3-mapper.dtd">
      <mapper namespace="shop.InvoiceMapper">
      \(content)
      </mapper>
      """
  }

  @Test func statementsOfEveryKind() throws {
    try check(
      mapper(
        """
          <select id="find" resultType="Invoice">
          <!-- ^ reads invoice, reads customer -->
            SELECT i.* FROM invoice i JOIN customer c ON c.id = i.customer_id WHERE i.total &lt; #{total,jdbcType=INTEGER}
          </select>
          <insert id="add">
          <!-- ^ writes invoice, reads payment -->
            <selectKey keyProperty="id" order="BEFORE">select max(id) from payment</selectKey>
            insert into invoice (id, total) values (#{id}, #{total})
          </insert>
          <update id="set">update invoice <set><if test="total != null">total = #{total},</if></set> where id = #{id}</update>
          <!-- ^ writes invoice -->
          <delete id="drop"><![CDATA[ delete from payment where amount < #{max} and id <> 3 ]]></delete>
          <!-- ^ writes payment -->
          <select id="nothing">select 1</select>
        """))
  }

  @Test func dynamicTags() throws {
    try check(
      mapper(
        """
          <sql id="columns">${alias}.id, ${alias}.total</sql>
          <sql id="from">from <include refid="table"/></sql>
          <sql id="table">invoice</sql>
          <select id="find">
          <!-- ^ reads invoice -->
            select <include refid="columns"><property name="alias" value="i"/></include> <include refid="from"/> i
            <where>
              <if test="a != null">and i.total = #{a}</if>
              <choose>
                <when test="b == 1">and i.id in <foreach collection="ids" item="id" open="(" separator="," close=")">#{id}</foreach></when>
                <otherwise>or i.customer_id = 3</otherwise>
              </choose>
            </where>
            ${scope}
            order by <if test="x">i.id</if> <if test="!x">i.total</if>
          </select>
          <insert id="all">
          <!-- ^ writes invoice -->
            insert into invoice (id) values
            <foreach collection="list" item="i" separator=",">(#{i.id})</foreach>
          </insert>
          <update id="each">
          <!-- ^ writes invoice -->
            <foreach collection="list" item="i" separator=";">update invoice set total = #{i.total} where id = #{i.id}</foreach>
          </update>
          <update id="trimmed">
          <!-- ^ writes payment -->
            update payment <trim prefix="set" suffixOverrides=","><if test="a">amount = 1,</if></trim>
            <trim prefix="where" prefixOverrides="and |or "> and order_id = 1</trim>
          </update>
        """))
  }

  @Test func alternativesOfTables() throws {
    try check(
      mapper(
        """
          <select id="choose">
          <!-- ^ reads invoice, reads payment, reads customer -->
            select * from <choose><when test="a">invoice</when><when test="b">payment</when><otherwise>customer</otherwise></choose>
          </select>
          <select id="conditions">
          <!-- ^ reads invoice, reads payment -->
            select * from
            <if test="kind == 'a'">invoice</if>
            <if test="kind == 'b'">payment</if>
            where id = 1
          </select>
          <select id="joined">
          <!-- ^ reads invoice, reads customer -->
            select * from invoice <if test="withCustomer">left join customer on customer.id = invoice.customer_id</if>
          </select>
        """))
  }

  @Test func unknownTables() throws {
    try check(
      mapper(
        """
          <select id="any">select * from ${table} where id = #{id}</select>
          <!-- ^ unresolved -->
          <select id="whole">${sql}</select>
          <!-- ^ unresolved -->
          <select id="partly">select * from invoice i, ${table} t where i.id = t.id</select>
          <!-- ^ reads invoice, unresolved -->
        """))
  }

  @Test func fragmentsOfOtherMappersAndCycles() throws {
    try check(
      mapper(
        """
          <sql id="loop">invoice <include refid="loop"/></sql>
          <select id="other">select <include refid="shop.OtherMapper.columns"/> from payment</select>
          <!-- ^ reads payment -->
          <select id="lost">select <include refid="nowhere"/> from payment</select>
          <!-- ^ reads payment -->
          <select id="again">select * from <include refid="loop"/></select>
          <!-- ^ reads invoice -->
          <select id="named">select * from <include refid="${which}"/></select>
          <!-- ^ unresolved -->
        """) + """

          //- /resources/OtherMapper.xml
          <mapper namespace="shop.OtherMapper"><sql id="columns">id, amount</sql></mapper>
          """)
  }

  @Test func otherDocumentsAreNoMappers() throws {
    try check(
      schema + """
        //- /pom.xml
        <project><select id="find">select * from invoice</select></project>
        //- /generatorConfig.xml
        <generatorConfiguration><context id="c"><table tableName="invoice"/></context></generatorConfiguration>
        //- /empty.xml
        <mapper namespace=""><select id="find">select * from invoice</select></mapper>
        """)
  }

  @Test func aStatementBelongsToTheMethodOfItsInterface() throws {
    let text =
      mapper(
        """
          <resultMap id="full" type="Invoice"><collection property="payments" select="payments" column="id"/></resultMap>
          <select id="find" resultMap="full">select * from invoice</select>
          <select id="payments">select * from payment</select>
          <select id="orphan">select * from customer</select>
        """, interface: "Invoice find(long id); List<Payment> payments(long id);") + """

        //- /shop/Billing.java
        package shop;
        class Billing {
          private InvoiceMapper mapper;
          private SqlSession session;
          void bill() { mapper.find(1); session.selectList("shop.InvoiceMapper.orphan"); }
        }
        """
    let system = try MarkedSystem(text).linked(parsed: false)
    let found = system.accesses.map { "\($0.span.file) \(system.units[$0.unit].name) \($0.table)" }
    #expect(
      found == [
        "resources/InvoiceMapper.xml InvoiceMapper.find invoice",
        "resources/InvoiceMapper.xml InvoiceMapper.payments payment",
        "resources/InvoiceMapper.xml InvoiceMapper.orphan customer",
      ])
    let calls = system.references.filter { $0.kind == .call }
      .map { "\(system.units[$0.from].name) -> \(system.units[$0.to].name)" }
    #expect(
      Set(calls) == [
        "Billing.bill -> InvoiceMapper.find", "Billing.bill -> InvoiceMapper.orphan",
        "InvoiceMapper.find -> InvoiceMapper.payments",
      ])
  }

  @Test func sqlMapsOfIBatis() throws {
    try check(
      schema + """
        //- /Invoice.xml
        <!DOCTYPE sqlMap PUBLIC "-//ibatis.apache.org//DTD SQL Map 2.0//EN" "http://ibatis.apache.org/dtd/sql-map-2.dtd">
        <sqlMap namespace="Invoice">
          <sql id="table">invoice</sql>
          <select id="find" resultClass="Invoice">
          <!-- ^ reads invoice -->
            select * from <include refid="table"/>
            <dynamic prepend="where">
              <isNotNull prepend="and" property="total">total = #total:INTEGER#</isNotNull>
              <isEqual prepend="and" property="kind" compareValue="1"><iterate open="id in (" close=")" conjunction=",">#ids[]#</iterate></isEqual>
            </dynamic>
            order by $order$
          </select>
          <statement id="Invoice.drop">delete from payment where id = #id#</statement>
          <!-- ^ writes payment -->
          <procedure id="any">select * from $table$</procedure>
          <!-- ^ unresolved -->
        </sqlMap>
        """)
  }
}

@Suite("MyBatis in code")
struct MyBatisCodeTests {
  @Test func annotations() throws {
    try check(
      schema + """
        //- /InvoiceMapper.java
        package shop;
        import org.apache.ibatis.annotations.*;
        public interface InvoiceMapper {
          String TABLE = "invoice";
          @Select("select * from " + TABLE + " where id = #{id}")
          // ^ reads invoice
          Invoice find(long id);
          @Insert({"insert into payment (id,", "amount) values (#{id}, #{amount})"})
          // ^ writes payment
          @SelectKey(statement = "select max(id) from customer", keyProperty = "id", before = true, resultType = long.class)
          // ^ reads customer
          void add(Payment payment);
          @Update("<script>update invoice <set><if test='total != null'>total = #{total},</if></set> where id < 3</script>")
          // ^ writes invoice
          void set(Invoice invoice);
          @Delete({"<script>", "delete from payment where id in",
          // ^ writes payment
              "<foreach collection='ids' item='i' open='(' separator=',' close=')'>#{i}</foreach>", "</script>"})
          void drop(List<Long> ids);
          @Select(
          // ^ reads customer
              \"\"\"
              select name
              from customer
              \"\"\")
          List<String> names();
          @Results({@Result(column = "select * from invoice")})
          @Select("select * from ${table}")
          // ^ unresolved
          Object any(String table);
        }
        //- /Form.java
        package shop;
        import org.springframework.web.Select;
        public interface Form {
          @Select("select * from invoice")
          Object look();
        }
        """)
  }

  @Test func providers() throws {
    let text =
      schema + """
        //- /InvoiceMapper.java
        package shop;
        import org.apache.ibatis.annotations.SelectProvider;
        public interface InvoiceMapper {
          @SelectProvider(type = InvoiceSql.class, method = "find") Invoice find(long id);
          @SelectProvider(InvoiceSql.class) Invoice all();
        }
        //- /InvoiceSql.java
        package shop;
        public class InvoiceSql {
          public String find() { return "select * from invoice where id = #{id}"; }
          // ^ reads invoice
          public String all() {
            StringBuilder sql = new StringBuilder("select * from ");
            // ^ reads payment
            sql.append("payment").append(" where id > 3");
            return sql.toString();
          }
        }
        """
    try check(text)
    let system = try MarkedSystem(text).linked(parsed: false)
    let calls = system.references.filter { $0.kind == .call }
      .map { "\(system.units[$0.from].name) -> \(system.units[$0.to].name)" }
    #expect(calls == ["InvoiceMapper.find -> InvoiceSql.find", "InvoiceMapper.all -> InvoiceSql.all"])
  }

  @Test func statementBuilder() throws {
    try check(
      schema + """
        //- /InvoiceSql.java
        package shop;
        import org.apache.ibatis.jdbc.SQL;
        public class InvoiceSql {
          public String find(final String name) {
            return new SQL() {{
            // ^ reads invoice, reads customer
              SELECT("i.id, i.total");
              FROM("invoice i");
              if (name != null) { LEFT_OUTER_JOIN("customer c on c.id = i.customer_id"); WHERE("c.name = #{name}"); }
              ORDER_BY("i.id");
            }}.toString();
          }
          public String add() {
            return new SQL().INSERT_INTO("payment").VALUES("id, amount", "#{id}, #{amount}").toString();
            // ^ writes payment
          }
          public String set() {
            SQL sql = new SQL();
            // ^ writes invoice, reads payment
            sql.UPDATE("invoice");
            sql.SET("total = 1");
            sql.WHERE("id = (select max(invoice_id) from payment)");
            return sql.toString();
          }
          public String drop() { return new SQL().DELETE_FROM("customer").WHERE("id = #{id}").toString(); }
          // ^ writes customer
          public String any(String table) { return new SQL().SELECT("*").FROM(table).toString(); }
          // ^ unresolved
        }
        """)
  }
}
