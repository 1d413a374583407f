import Testing

/// Statements of psycopg that are composed of quoted names.
@Suite struct ComposedSQLTests {
  @Test func psycopg() throws {
    try check(
      """
      //- /schema.sql
      CREATE TABLE orders (id INT PRIMARY KEY);
      CREATE TABLE stock (id INT PRIMARY KEY);
      //- /store.py
      from psycopg import sql
      import psycopg2.sql as s2
      def load(cur, name):
          # ^ unresolved
          cur.execute(sql.SQL("SELECT * FROM {}").format(sql.Identifier("orders")))
          # ^ reads orders
          query = sql.SQL("INSERT INTO {table} ({cols}) VALUES ({})").format(sql.Placeholder(), table=sql.Identifier("public", "stock"), cols=sql.SQL(", ").join([sql.Identifier("id")]))
          # ^ writes stock
          cur.execute(query)
          cur.execute(sql.SQL("DELETE FROM {} WHERE id = %s").format(sql.Identifier(name)))
          cur.execute(s2.SQL("UPDATE {} SET id = 1").format(s2.Identifier("stock")))
          # ^ writes stock
          print(other.SQL("orders {}").format("stock"))
      """)
  }
}
