import Testing

@Suite("JDBC and Spring JDBC")
struct JDBCTests {
  private func dao(_ members: String) -> String {
    schema + """
      //- /Dao.java
      package shop;
      import org.springframework.jdbc.core.*;
      public class Dao {
        private JdbcTemplate jdbc;
        private NamedParameterJdbcTemplate named;
      \(members)
      }
      """
  }

  @Test func driverAndTemplates() throws {
    try check(
      dao(
        """
          private static final String FIND = "SELECT * FROM invoice WHERE id = ?";
          private static final String TABLE = "payment";
          Invoice one(long id) {
            return jdbc.queryForObject(FIND, new RowMapper<Invoice>() {
            // ^ reads invoice
              public Invoice mapRow(ResultSet rs, int i) throws SQLException { return new Invoice(rs.getLong("id")); }
            }, id);
          }
          void plain(Connection c) throws SQLException {
            try (PreparedStatement s = c.prepareStatement("insert into " + TABLE + " (id, amount) values (?, ?)")) {
              // ^ writes payment
              s.executeUpdate();
            }
            Statement st = c.createStatement();
            st.executeQuery("select name from customer");
            // ^ reads customer
          }
          void more(String column) {
            jdbc.update(String.format("update invoice set %s = ? where id = %d", column, 1));
            // ^ writes invoice
            named.update("delete from payment where id = :id", Map.of("id", 1));
            // ^ writes payment
            JdbcClient.create(ds).sql("select count(*) from customer").query(Integer.class).single();
            // ^ reads customer
            jdbc.queryForList("select * from ".concat(TABLE));
            // ^ reads payment
          }
        """))
  }

  @Test func builders() throws {
    try check(
      dao(
        """
          private static final String TABLE = "payment";
          List<Invoice> search(String name, boolean paid) {
            StringBuilder sql = new StringBuilder("select i.* from invoice i");
            // ^ reads invoice, reads customer, reads payment
            if (name != null) {
              sql.append(" join customer c on c.id = i.customer_id").append(" and c.name = ?");
            }
            sql.append(" where 1 = 1");
            if (paid) sql.append(" and i.id in (select invoice_id from ").append(TABLE).append(")");
            return jdbc.query(sql.toString(), (rs, n) -> new Invoice(rs.getLong(1)));
          }
          void chained() {
            String sql = new StringBuilder().append("delete from ").append("invoice").toString();
            // ^ writes invoice
            jdbc.execute(sql);
            StringBuffer b = new StringBuffer();
            b.append("update ").append(TABLE);
            // ^ writes payment
            b.append(" set amount = 1");
            jdbc.execute(b.toString());
          }
        """))
  }

  @Test func tablesAsParametersAndProse() throws {
    try check(
      dao(
        """
          void clear(String table) { jdbc.execute("truncate table " + table); }
          void clearAll() {
            clear("customer");
            // ^ writes customer
          }
          void talk() {
            log.info("select a table from invoice please");
            throw new RuntimeException("Update of invoice failed");
          }
        """))
  }

  @Test func inserters() throws {
    try check(
      schema + """
        //- /Dao.java
        package shop;
        import org.springframework.jdbc.core.simple.*;
        public class Dao {
          private final SimpleJdbcInsert inserter;
          private SimpleJdbcInsert later = new SimpleJdbcInsert(ds);
          private Executor executor;
          public Dao(DataSource ds) {
            this.inserter = new SimpleJdbcInsert(ds).withTableName("customer").usingGeneratedKeyColumns("id");
            later.withTableName("payment");
          }
          long add(Customer c) {
            return inserter.executeAndReturnKey(Map.of("name", c.name())).longValue();
            // ^ writes customer
          }
          void pay() {
            this.later.execute(Map.of());
            // ^ writes payment
            SimpleJdbcInsert local = new SimpleJdbcInsert(ds).withTableName("invoice");
            local.executeBatch(rows);
            // ^ writes invoice
            new SimpleJdbcInsert(ds).withSchemaName("public").withTableName("invoice").execute(Map.of());
            // ^ writes invoice
            executor.execute(task);
          }
        }
        """)
  }
}
