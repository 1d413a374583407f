// Runs a connector file in Debezium's embedded engine and prints one JSON line per event.
// java -cp 'libs/*' RunConnector.java connector.json offsets.dat
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.debezium.engine.ChangeEvent;
import io.debezium.engine.DebeziumEngine;
import io.debezium.engine.Header;
import io.debezium.engine.format.Json;
import io.debezium.engine.format.KeyValueHeaderChangeEventFormat;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

public class RunConnector {
  static final ObjectMapper MAPPER = new ObjectMapper();
  static final Pattern PLACEHOLDER = Pattern.compile("\\$\\{(env|file):([^}]*)\\}");

  // What Kafka Connect's config providers would do.
  static String resolve(String text) {
    Matcher matcher = PLACEHOLDER.matcher(text);
    StringBuilder result = new StringBuilder();
    while (matcher.find()) {
      String value = matcher.group(1).equals("env") ? System.getenv(matcher.group(2)) : "secret";
      if (value == null) throw new IllegalStateException("no environment variable " + matcher.group(2));
      matcher.appendReplacement(result, Matcher.quoteReplacement(value));
    }
    return matcher.appendTail(result).toString();
  }

  public static void main(String[] arguments) throws Exception {
    JsonNode file = MAPPER.readTree(Files.readAllBytes(Path.of(arguments[0])));
    Properties settings = new Properties();
    settings.setProperty("name", file.path("name").asText());
    file.path("config").fields().forEachRemaining(e -> {
      // Converters belong to Kafka Connect; the engine formats events itself.
      if (!e.getKey().startsWith("key.converter") && !e.getKey().startsWith("value.converter"))
        settings.setProperty(e.getKey(), resolve(e.getValue().asText()));
    });
    // The host names of the plan do not exist here.
    settings.setProperty("database.hostname", System.getenv("DATABASE_HOST"));
    settings.setProperty("database.port", System.getenv("DATABASE_PORT"));
    settings.setProperty("offset.storage", "org.apache.kafka.connect.storage.FileOffsetBackingStore");
    settings.setProperty("offset.storage.file.filename", arguments[1]);
    settings.setProperty("offset.flush.interval.ms", "200");
    settings.setProperty("converter.schemas.enable", "false");
    settings.setProperty("poll.interval.ms", "50");
    DebeziumEngine<ChangeEvent<String, String>> engine = DebeziumEngine
      .create(KeyValueHeaderChangeEventFormat.of(Json.class, Json.class, Json.class))
      .using(settings)
      .notifying((records, committer) -> {
        for (ChangeEvent<String, String> record : records) {
          ObjectNode line = MAPPER.createObjectNode();
          line.put("topic", record.destination());
          line.put("key", record.key());
          line.put("value", record.value());
          ObjectNode headers = line.putObject("headers");
          for (Header<?> header : record.headers()) headers.put(header.getKey(), String.valueOf(header.getValue()));
          System.out.println(line);
          committer.markProcessed(record);
        }
        committer.markBatchFinished();
      })
      .using((DebeziumEngine.CompletionCallback) (ok, message, error) -> {
        System.err.println("engine ended: " + ok + " " + message + " " + error);
        System.exit(1);
      })
      .build();
    // Ends with its parent: standard input closes when the test goes away.
    Thread watcher = new Thread(() -> {
      try { while (System.in.read() >= 0) { } } catch (Exception ignored) { }
      System.exit(0);
    });
    watcher.setDaemon(true);
    watcher.start();
    engine.run();
  }
}
