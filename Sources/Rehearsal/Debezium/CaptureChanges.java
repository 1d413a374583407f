import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.debezium.embedded.Connect;
import io.debezium.engine.DebeziumEngine;
import io.debezium.engine.RecordChangeEvent;
import io.debezium.engine.format.ChangeEventFormat;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Properties;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.connect.source.SourceRecord;

/**
 * The process of one stream of a rehearsal: runs the connector of a job and writes its events into topic files.
 *
 * The one argument is the file the rehearsal tells its processes by. When it is written anew the connector is changed
 * in the running process, as Kafka Connect would change it.
 */
public final class CaptureChanges {
  /**
   * Exit code for a first copy that was cut short. Debezium would copy again from a later moment and pass over the
   * changes in between: rows deleted meanwhile would stay, and all copied rows count as equally old.
   */
  static final int BEGIN_OVER = 3;

  private final Path file;
  private final long parent;
  private byte[] text;

  private CaptureChanges(Path file) throws IOException {
    this.file = file;
    text = Files.readAllBytes(file);
    parent = job().path("parent").asLong();
  }

  public static void main(String[] arguments) throws Exception {
    CaptureChanges capture = new CaptureChanges(Path.of(arguments[0]));
    Thread watcher = new Thread(capture::watch);
    watcher.setDaemon(true);
    watcher.start();
    while (true) capture.runConnector();
  }

  private JsonNode job() throws IOException { return new ObjectMapper().readTree(text); }

  /** Runs what the job says until it says something else. */
  private void runConnector() throws Exception {
    JsonNode job = job();
    JsonNode engine = job.path("engine");
    if (engine.path("isWarmUp").asBoolean()) {
      warmUp(engine, Path.of(job.path("status").asText()));
      waitForChange();
      return;
    }
    Path folder = Path.of(job.path("stream").path("topic").asText());
    Properties settings = settings(engine, folder);
    ColumnTypes types = new ColumnTypes(job, settings);
    boolean copies = settings.getProperty("snapshot.mode", "initial").equals("initial");
    if (copies && !Files.exists(folder.resolve(StoredOffsets.COPIED)) && types.hasSlot())
      Runtime.getRuntime().halt(BEGIN_OVER);
    TopicFiles topic = new TopicFiles(job, types, settings.getProperty("unavailable.value.placeholder"));
    DebeziumEngine<RecordChangeEvent<SourceRecord>> running = engine(settings, topic::take);
    ExecutorService executor = Executors.newSingleThreadExecutor();
    executor.execute(running);
    waitForChange();
    running.close();
    executor.shutdown();
    if (!executor.awaitTermination(20, TimeUnit.SECONDS)) Runtime.getRuntime().halt(1);
    topic.close();
  }

  private static DebeziumEngine<RecordChangeEvent<SourceRecord>> engine(
    Properties settings, DebeziumEngine.ChangeConsumer<RecordChangeEvent<SourceRecord>> consumer
  ) {
    return DebeziumEngine
      .create(ChangeEventFormat.of(Connect.class))
      .using(settings)
      .notifying(consumer)
      .using((DebeziumEngine.CompletionCallback) (isSuccess, message, error) -> {
        if (isSuccess) return;
        System.err.println("the engine ended: " + message + " " + error);
        Runtime.getRuntime().halt(1);
      })
      .build();
  }

  /** Runs a connector until its first event, with a slot that goes with it; writes the mark when that is done. */
  private static void warmUp(JsonNode task, Path mark) throws Exception {
    Properties settings = settings(task, mark.resolveSibling(mark.getFileName() + ".d"));
    // A killed process before this one had another slot.
    Files.deleteIfExists(Path.of(settings.getProperty(StoredOffsets.FILE)));
    settings.setProperty("slot.name", "cleave_warm_up_" + ProcessHandle.current().pid());
    settings.setProperty("slot.drop.on.stop", "true");
    settings.setProperty("snapshot.mode", "no_data");
    settings.setProperty("heartbeat.interval.ms", "100");
    CountDownLatch arrival = new CountDownLatch(1);
    DebeziumEngine<RecordChangeEvent<SourceRecord>> running = engine(settings, (events, committer) -> {
      for (RecordChangeEvent<SourceRecord> event : events) committer.markProcessed(event);
      committer.markBatchFinished();
      arrival.countDown();
    });
    ExecutorService executor = Executors.newSingleThreadExecutor();
    executor.execute(running);
    arrival.await(20, TimeUnit.SECONDS);
    running.close();
    executor.shutdown();
    executor.awaitTermination(20, TimeUnit.SECONDS);
    Files.writeString(mark, "");
  }

  private static Properties settings(JsonNode engine, Path folder) throws IOException {
    Files.createDirectories(folder);
    Properties settings = ConnectorSettings.read(
      Path.of(engine.path("connector").asText()), name -> name.equals("CLEAVE_STATE") ? folder.toString() : null,
      engine.path("password").asText());
    settings.setProperty("database.hostname", "127.0.0.1");
    settings.setProperty("database.port", engine.path("port").asText());
    settings.setProperty("database.dbname", engine.path("database").asText());
    settings.setProperty("offset.storage", StoredOffsets.class.getName());
    settings.setProperty(StoredOffsets.FILE, folder.resolve("offsets").toString());
    settings.setProperty("offset.flush.interval.ms", "500");
    return settings;
  }

  private void waitForChange() throws Exception {
    while (true) {
      Thread.sleep(10);
      byte[] now = Files.readAllBytes(file);
      if (now.length == 0 || Arrays.equals(now, text)) continue;
      text = now;
      return;
    }
  }

  /** Ends when the rehearsal is gone. */
  private void watch() {
    while (ProcessHandle.current().parent().map(ProcessHandle::pid).orElse(-1L) == parent) {
      try {
        Thread.sleep(200);
      } catch (InterruptedException ignored) {
        // Nobody interrupts this thread.
      }
    }
    Runtime.getRuntime().halt(0);
  }
}
