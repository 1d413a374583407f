// Runs a connector file in Debezium's embedded engine and prints one JSON line per event.
// java -cp 'classes:libs/*' RunConnector connector.json offsets.dat
// Compiled together with Sources/Rehearsal/Debezium/ConnectorSettings.java.
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.debezium.engine.ChangeEvent;
import io.debezium.engine.DebeziumEngine;
import io.debezium.engine.Header;
import io.debezium.engine.format.Json;
import io.debezium.engine.format.KeyValueHeaderChangeEventFormat;
import java.nio.file.Path;
import java.util.Properties;

public class RunConnector {
  static final ObjectMapper MAPPER = new ObjectMapper();

  public static void main(String[] arguments) throws Exception {
    Properties settings = ConnectorSettings.read(Path.of(arguments[0]), System::getenv, "secret");
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
