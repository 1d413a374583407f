import Testing

@Suite("SQL as text in languages read through their syntax trees")
struct LanguageTextTests {
  @Test func phpConcatenatesAndKeepsTextInProperties() throws {
    try check(
      schema + """
        //- /Store.php
        <?php
        class Store {
          private $table = 'invoice';
          const FIND = 'SELECT name FROM customer WHERE id = ?';
          public function find($db, $id) {
            return $db->query("SELECT * FROM {$this->table} WHERE id = " . $id);
            // ^ reads invoice
          }
          public function name(PDO $db) {
            $s = $db->prepare(self::FIND);
            // ^ reads customer
            return $s->execute([1]);
          }
          public function pay($db) {
            $sql = "INSERT INTO payment (id, amount)";
            // ^ writes payment
            $sql .= " VALUES (1, 2)";
            mysqli_query($db, $sql);
          }
          public function talk($log) {
            $log->info("delete the payment from the list");
          }
        }
        """)
  }

  @Test func pythonFormatsText() throws {
    try check(
      schema + """
        //- /store.py
        TABLE = "invoice"

        class Store:
            FIND = "SELECT name FROM customer WHERE id = %s"

            def __init__(self, db):
                self.db = db
                self.target = "payment"

            def find(self, cursor, number):
                cursor.execute(f"SELECT * FROM {TABLE} WHERE id = %s", (number,))
                # ^ reads invoice
                cursor.execute(self.FIND, [number])
                # ^ reads customer

            def pay(self, cursor):
                cursor.execute("INSERT INTO %s (id) VALUES (1)" % self.target)
                # ^ writes payment
                cursor.execute("DELETE FROM {} WHERE id = 1".format(TABLE))
                # ^ writes invoice

            def multi(self, cursor):
                cursor.execute(
                    # ^ reads payment, reads invoice
                    "SELECT p.amount "
                    "FROM payment p JOIN invoice i ON i.id = p.invoice_id"
                )
        """)
  }

  @Test func rubyHeredocsAndInterpolation() throws {
    try check(
      schema + """
        //- /store.rb
        class Store
          TABLE = 'invoice'.freeze

          def find(db)
            db.execute(<<~SQL)
            # ^ reads customer
              SELECT name FROM customer
              WHERE id = 1
            SQL
          end

          def clear(db)
            db.execute("DELETE FROM #{TABLE} WHERE id > 0")
            # ^ writes invoice
          end
        end
        """)
  }

  @Test func javaBuildersAndConstants() throws {
    try check(
      schema + """
        //- /Store.java
        package shop;
        class Store {
          private static final String TABLE = "invoice";
          private static final String FIND = "SELECT name FROM customer WHERE id = ?";
          java.sql.ResultSet find(Connection db) {
            PreparedStatement s = db.prepareStatement(FIND);
            // ^ reads customer
            return s.executeQuery();
          }
          void clear(Connection db) {
            StringBuilder sql = new StringBuilder("DELETE FROM ").append(TABLE);
            // ^ writes invoice
            sql.append(" WHERE id > 0");
            db.createStatement().executeUpdate(sql.toString());
          }
          void pay(Connection db) {
            String sql = String.format("UPDATE %s SET amount = 1", "payment");
            // ^ writes payment
            db.createStatement().executeUpdate(sql);
            String text = "SELECT i.total " + "FROM invoice i";
            // ^ reads invoice
            db.createStatement().executeQuery(text);
          }
        }
        """)
  }

  @Test func kotlinTemplates() throws {
    try check(
      schema + """
        //- /Store.kt
        package shop
        const val TABLE = "invoice"
        class Store(private val jdbc: JdbcTemplate) {
          fun find(id: Long) = jdbc.queryForList("SELECT name FROM customer WHERE id = ?", id)
          // ^ reads customer
          fun clear() {
            jdbc.update("DELETE FROM $TABLE WHERE id > ${0}")
            // ^ writes invoice
          }
        }
        """)
  }
}
