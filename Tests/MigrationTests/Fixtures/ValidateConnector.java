// Does to connector files what Kafka Connect does before it starts one, without broker, server or database:
// java -cp 'libs/*' ValidateConnector.java connector.json...; one line per problem, one `KEYS class key...` per class.
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.debezium.config.Configuration;
import io.debezium.config.Field;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.config.ConfigValue;
import org.apache.kafka.connect.connector.Connector;
import org.apache.kafka.connect.runtime.ConnectorConfig;
import org.apache.kafka.connect.runtime.SourceConnectorConfig;
import org.apache.kafka.connect.runtime.isolation.Plugins;

public class ValidateConnector {
  static final Map<String, String> CONFIGS = Map.of(
    "PostgresConnector", "io.debezium.connector.postgresql.PostgresConnectorConfig",
    "MySqlConnector", "io.debezium.connector.mysql.MySqlConnectorConfig",
    "SqlServerConnector", "io.debezium.connector.sqlserver.SqlServerConnectorConfig",
    "OracleConnector", "io.debezium.connector.oracle.OracleConnectorConfig");

  public static void main(String[] files) throws Exception {
    Plugins plugins = new Plugins(Map.of("plugin.discovery", "service_load"));
    Set<String> listed = new TreeSet<>();
    for (String file : files) {
      JsonNode json = new ObjectMapper().readTree(Files.readAllBytes(Path.of(file)));
      Map<String, String> settings = new LinkedHashMap<>();
      settings.put("name", json.path("name").asText());
      json.path("config").fields().forEachRemaining(e -> settings.put(e.getKey(), e.getValue().asText()));
      Connector connector = plugins.newConnector(settings.get("connector.class"));
      String type = connector.getClass().getSimpleName();
      // Transforms, predicates and converters: their classes are there and take their options.
      ConfigDef enriched = ConnectorConfig.enrich(plugins, SourceConnectorConfig.configDef(), settings, false);
      for (ConfigValue value : enriched.validate(settings)) report(file, value);
      // The connector's own rules, without a connection.
      java.lang.reflect.Field all = Class.forName(CONFIGS.get(type)).getDeclaredField("ALL_FIELDS");
      all.setAccessible(true);
      Field.Set fields = (Field.Set) all.get(null);
      Properties properties = new Properties();
      properties.putAll(settings);
      Configuration.from(properties).validateAndRecord(fields, message -> System.out.println("PROBLEM " + file + " " + message));
      Set<String> known = new TreeSet<>(connector.config().names());
      known.addAll(SourceConnectorConfig.configDef().names());
      for (Field field : fields) known.add(field.name());
      for (String key : settings.keySet())
        if (!known.contains(key) && !key.startsWith("transforms.") && !key.startsWith("predicates.")
          && !key.startsWith("key.converter") && !key.startsWith("value.converter") && !key.startsWith("driver.")
          && !key.startsWith("schema.history.internal.")) System.out.println("UNKNOWN " + file + " " + key);
      if (listed.add(type)) System.out.println("KEYS " + type + " " + String.join(" ", connector.config().names()));
    }
  }

  static void report(String file, ConfigValue value) {
    for (String message : value.errorMessages()) System.out.println("PROBLEM " + file + " " + value.name() + ": " + message);
  }
}
