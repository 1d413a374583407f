import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.debezium.engine.DebeziumEngine;
import io.debezium.engine.RecordChangeEvent;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.connect.data.Field;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.header.Header;
import org.apache.kafka.connect.source.SourceRecord;

/** Events of the engine as lines of the topic files of a rehearsal: copied rows in one, changes in the other. */
final class TopicFiles {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  /** A table that travels. */
  private record Table(List<String> key, List<String> columns) {}

  private final ColumnTypes types;
  private final ColumnValues values;
  private final Map<String, Table> tables = new HashMap<>();
  private final List<String> outbox;
  private final RandomAccessFile rows;
  private final RandomAccessFile changes;
  private final Path notes;
  private final Set<String> noted = new HashSet<>();
  private boolean hasBegunCopy;
  private long lastLsn = -1;
  private long lastIndex;

  /** Opens the files of a job and cuts off what a killed process left unfinished; nobody has read that yet. */
  TopicFiles(JsonNode job, ColumnTypes types, String absent) throws IOException {
    this.types = types;
    values = new ColumnValues(absent);
    JsonNode stream = job.path("stream");
    for (JsonNode table : stream.path("tables"))
      tables.put(
        table.path("fromSchema").asText() + "." + table.path("fromTable").asText(),
        new Table(texts(table.path("key")), texts(table.path("columns"))));
    List<String> mark = texts(stream.path("mark"));
    if (!mark.isEmpty()) tables.put(String.join(".", mark), new Table(List.of("id"), List.of("id")));
    outbox = texts(stream.path("outbox"));
    Path folder = Path.of(stream.path("topic").asText());
    rows = opened(folder.resolve("rows.jsonl"));
    changes = opened(folder.resolve("changes.jsonl"));
    notes = folder.resolve("notes");
    if (Files.exists(notes)) noted.addAll(Files.readAllLines(notes));
  }

  private static List<String> texts(JsonNode list) {
    List<String> texts = new ArrayList<>();
    list.forEach(text -> texts.add(text.asText()));
    return texts;
  }

  private static RandomAccessFile opened(Path path) throws IOException {
    RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw");
    long size = file.length();
    while (size > 0) {
      file.seek(size - 1);
      if (file.read() == '\n') break;
      size--;
    }
    file.setLength(size);
    file.seek(size);
    return file;
  }

  void close() throws IOException {
    rows.close();
    changes.close();
  }

  /** Writes a batch down before the engine is told that it has arrived. */
  void take(
    List<RecordChangeEvent<SourceRecord>> events,
    DebeziumEngine.RecordCommitter<RecordChangeEvent<SourceRecord>> committer
  ) throws InterruptedException {
    try {
      ByteArrayOutputStream copied = new ByteArrayOutputStream();
      ByteArrayOutputStream changed = new ByteArrayOutputStream();
      for (RecordChangeEvent<SourceRecord> event : events) {
        ObjectNode line = line(event.record());
        if (line == null) continue;
        ByteArrayOutputStream file = line.path("o").asText().equals("r") ? copied : changed;
        file.write(MAPPER.writeValueAsBytes(line));
        file.write('\n');
      }
      rows.write(copied.toByteArray());
      changes.write(changed.toByteArray());
      for (RecordChangeEvent<SourceRecord> event : events) committer.markProcessed(event);
      committer.markBatchFinished();
    } catch (IOException | SQLException | RuntimeException error) {
      error.printStackTrace();
      Runtime.getRuntime().halt(1);
    }
  }

  /** Null for what is no change of a table that travels: tombstones, heartbeats, watermarks. */
  private ObjectNode line(SourceRecord record) throws IOException, SQLException {
    if (record.value() == null) return null;
    boolean isChange = record.value() instanceof Struct value && value.schema().field("source") != null
      && value.schema().field("op") != null;
    if (isChange) return change(record, (Struct) record.value());
    Header id = record.headers().lastWithName("id");
    return outbox.isEmpty() || id == null ? null : event(record, id);
  }

  private ObjectNode change(SourceRecord record, Struct value) throws IOException, SQLException {
    Struct source = value.getStruct("source");
    String place = source.getString("schema") + "." + source.getString("table");
    Table table = tables.get(place);
    String operation = value.getString("op");
    if (table == null || operation.equals("m")) return null;
    if (operation.equals("t")) throw new IllegalStateException(place + " was truncated, which no row tells");
    boolean isCopy = operation.equals("r");
    if (isCopy && "first".equals(source.getString("snapshot"))) {
      if (hasBegunCopy) Runtime.getRuntime().halt(CaptureChanges.BEGIN_OVER);
      hasBegunCopy = true;
    }
    boolean isDelete = operation.equals("d");
    Struct row = value.getStruct(isDelete ? "before" : "after");
    ObjectNode line = MAPPER.createObjectNode();
    line.put("s", source.getString("schema"));
    line.put("n", source.getString("table"));
    line.put("o", operation.equals("c") ? "i" : operation);
    place(line, record, isCopy ? null : source.getInt64("lsn"), isCopy ? null : micros(source));
    ObjectNode data = line.putObject("d");
    // Of a deleted row only the key is sure to be what it was.
    for (String column : isDelete ? table.key() : table.columns()) put(data, place, column, row);
    return line;
  }

  private static Long micros(Struct source) {
    return source.schema().field("ts_us") == null ? null : source.getInt64("ts_us");
  }

  private void put(ObjectNode data, String place, String column, Struct row) throws IOException, SQLException {
    ColumnTypes.Type type = types.of(place, column);
    Field field = row.schema().field(column);
    if (field == null) {
      note(place + "." + column + " (" + type.name() + ") is not in the events: the connector leaves such types out");
      data.putNull(column);
      return;
    }
    Object value = row.get(field);
    String loss = value == null ? null : values.loss(type, value);
    if (loss != null) note(place + "." + column + " (" + type.name() + ") " + loss);
    data.put(column, values.written(type, field.schema(), value));
  }

  /** What the event router made of a row of the outbox, as the row it was. */
  private ObjectNode event(SourceRecord record, Header id) {
    ObjectNode line = MAPPER.createObjectNode();
    line.put("s", outbox.get(0));
    line.put("n", outbox.get(1));
    line.put("o", "i");
    Long micros = number(record, "ts_usec");
    place(line, record, number(record, "lsn"), micros);
    ObjectNode data = line.putObject("d");
    data.put("id", "t" + id.value());
    data.put("aggregateid", "t" + record.key());
    data.put("payload", "t" + record.value());
    return line;
  }

  /** Version and order: of changes by the log, of copied rows below all changes. */
  private void place(ObjectNode line, SourceRecord record, Long lsn, Long micros) {
    long now = System.currentTimeMillis() * 1000;
    if (lsn == null) {
      line.put("v", "0").put("c", 0).put("i", 0).put("t", now);
      return;
    }
    Long commit = number(record, "lsn_commit");
    // A changed key makes two events of one place.
    lastIndex = lsn == lastLsn ? lastIndex + 1 : lsn * 2;
    lastLsn = lsn;
    line.put("v", lsn.toString()).put("c", commit == null ? 0 : commit).put("i", lastIndex);
    line.put("t", micros == null ? now : micros);
  }

  private static Long number(SourceRecord record, String key) {
    return record.sourceOffset().get(key) instanceof Number number ? number.longValue() : null;
  }

  private void note(String text) throws IOException {
    if (noted.add(text))
      Files.writeString(notes, text + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
  }
}
