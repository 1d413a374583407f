import com.fasterxml.jackson.databind.JsonNode;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;

/** Types of columns, as the database that is read names them. */
final class ColumnTypes {
  /** The type under all domains, and that of the elements of an array; the latter null for other types. */
  record Type(String name, String element) {}

  private static final String QUERY = """
    WITH RECURSIVE base (root, oid) AS (
      SELECT oid, oid FROM pg_catalog.pg_type
      UNION ALL
      SELECT b.root, t.typbasetype FROM base b JOIN pg_catalog.pg_type t ON t.oid = b.oid WHERE t.typtype = 'd')
    SELECT a.attname, t.typname, CASE WHEN t.typcategory = 'A' THEN e.typname END
    FROM pg_catalog.pg_attribute a
      JOIN pg_catalog.pg_class c ON c.oid = a.attrelid
      JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
      JOIN base b ON b.root = a.atttypid
      JOIN pg_catalog.pg_type t ON t.oid = b.oid AND t.typtype <> 'd'
      LEFT JOIN pg_catalog.pg_type e ON e.oid = t.typelem
    WHERE n.nspname = ? AND c.relname = ? AND a.attnum > 0 AND NOT a.attisdropped
    """;

  private final List<String[]> tables = new ArrayList<>();
  private final Properties settings;
  private Map<String, Map<String, Type>> types;

  /** Types of the tables of a job, asked for with the login of its connector when the first one is needed. */
  ColumnTypes(JsonNode job, Properties settings) {
    this.settings = settings;
    for (JsonNode table : job.path("stream").path("tables"))
      tables.add(new String[] {table.path("fromSchema").asText(), table.path("fromTable").asText()});
  }

  private Connection connect() throws SQLException {
    String place = "jdbc:postgresql://" + settings.getProperty("database.hostname") + ":"
      + settings.getProperty("database.port") + "/" + settings.getProperty("database.dbname");
    return DriverManager.getConnection(
      place, settings.getProperty("database.user"), settings.getProperty("database.password"));
  }

  /** Whether there is the slot of the connector already. */
  boolean hasSlot() throws SQLException {
    try (Connection connection = connect(); PreparedStatement statement = connection.prepareStatement(
        "SELECT 1 FROM pg_catalog.pg_replication_slots WHERE slot_name = ?")) {
      statement.setString(1, settings.getProperty("slot.name"));
      return statement.executeQuery().next();
    }
  }

  /** The type of a column; one without a name for columns that were added since. */
  Type of(String table, String column) throws SQLException {
    if (types == null) types = read();
    return types.getOrDefault(table, Map.of()).getOrDefault(column, new Type("", null));
  }

  private Map<String, Map<String, Type>> read() throws SQLException {
    Map<String, Map<String, Type>> found = new HashMap<>();
    try (Connection connection = connect()) {
      for (String[] table : tables) found.put(table[0] + "." + table[1], columns(connection, table[0], table[1]));
    }
    return found;
  }

  private static Map<String, Type> columns(Connection connection, String schema, String name) throws SQLException {
    Map<String, Type> columns = new HashMap<>();
    try (PreparedStatement statement = connection.prepareStatement(QUERY)) {
      statement.setString(1, schema);
      statement.setString(2, name);
      ResultSet rows = statement.executeQuery();
      while (rows.next()) columns.put(rows.getString(1), new Type(rows.getString(2), rows.getString(3)));
    }
    return columns;
  }
}
