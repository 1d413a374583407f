import Testing

@Suite("Data access of .NET besides Entity Framework")
struct DotNetTests {
  private let tables = """
    //- /schema.sql
    CREATE TABLE orders (id INT PRIMARY KEY, status VARCHAR(20));
    CREATE TABLE customers (id INT PRIMARY KEY, name VARCHAR(20));
    CREATE TABLE audit (id INT PRIMARY KEY);

    """

  @Test func dapperAndCommands() throws {
    try check(
      tables + #"""
        //- /Data.cs
        using Dapper;
        using System.Data.SqlClient;
        namespace Shop;
        public class OrderRow { public int Id { get; set; } }
        public class Data
        {
            private const string Table = "orders";
            private readonly IDbConnection _connection;
            public async Task<int> Count() => await _connection.ExecuteScalarAsync<int>($"SELECT COUNT(*) FROM {Table}");
            // ^ reads orders
            public IEnumerable<OrderRow> All(int id)
            {
                const string sql = @"SELECT o.id FROM orders o JOIN customers c ON c.id = o.id";
                // ^ reads orders, reads customers
                return _connection.Query<OrderRow>(sql, new { id });
            }
            public void Change(SqlConnection connection)
            {
                using var command = new SqlCommand("UPDATE orders SET status = @s", connection);
                // ^ writes orders
                command.ExecuteNonQuery();
                var other = connection.CreateCommand();
                other.CommandText = """DELETE FROM customers WHERE id = 1""";
                // ^ writes customers
                other.ExecuteNonQuery();
            }
            public void Define()
            {
                var command = new CommandDefinition("INSERT INTO audit (id) VALUES (@id)", new { id = 1 });
                // ^ writes audit
                _connection.Execute(command);
            }
            public void Log() { Console.WriteLine("select an order from the list"); }
        }
        """#)
  }

  @Test func rowsOfClasses() throws {
    try check(
      tables + """
        //- /Data.cs
        using Dapper.Contrib.Extensions;
        namespace Shop;
        [Table("customers")] public class Customer { [Key] public int Id { get; set; } }
        public class Data
        {
            private readonly IDbConnection _connection;
            public void Run(Customer customer)
            {
                _connection.Insert(customer);
                // ^ writes customers
                var found = _connection.Get<Customer>(3);
                // ^ reads customers
                cache.Insert(customer);
            }
        }
        """)
  }

  @Test func storedProcedures() throws {
    try check(
      tables + """
        //- /procedures.sql
        CREATE PROCEDURE close_order(p_id INT) BEGIN UPDATE orders SET status = 'closed' WHERE id = p_id; END;
        -- ^ writes orders
        //- /Data.cs
        using Dapper;
        namespace Shop;
        public class Data
        {
            private readonly IDbConnection _connection;
            public void Close(int id)
            {
                _connection.Execute("close_order", new { id }, commandType: CommandType.StoredProcedure);
                // ^ writes orders
                var command = new SqlCommand("close_order", connection);
                // ^ writes orders
                command.CommandType = CommandType.StoredProcedure;
                command.ExecuteNonQuery();
            }
        }
        """)
  }

  @Test func nhibernate() throws {
    try check(
      """
      //- /Maps.cs
      using FluentNHibernate.Mapping;
      using NHibernate;
      namespace Shop;
      public class Order { public virtual int Id { get; set; } public virtual string Name { get; set; } public virtual Customer Customer { get; set; } }
      public class Customer { public virtual int Id { get; set; } }
      public class OrderMap : ClassMap<Order>
      {
          public OrderMap() { Table("orders"); Id(x => x.Id); Map(x => x.Name).Column("name"); References(x => x.Customer); }
      }
      public class Store
      {
          private readonly ISession _session;
          public void Run(Order order)
          {
              _session.Save(order);
              // ^ writes orders
              var one = _session.Get<Order>(1);
              // ^ reads orders
              var all = _session.Query<Order>().Where(o => o.Name == "x").ToList();
              // ^ reads orders
              _session.Delete(one);
              // ^ writes orders
              var some = _session.Get<Customer>(1);
              // ^ reads customers
          }
      }
      //- /Customer.hbm.xml
      <hibernate-mapping namespace="Shop">
        <class name="Customer" table="customers">
          <id name="Id" column="id"><generator class="native"/></id>
        </class>
      </hibernate-mapping>
      """)
  }
}
