import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Base64;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.connect.runtime.WorkerConfig;
import org.apache.kafka.connect.storage.MemoryOffsetBackingStore;

/**
 * Offsets in a file that is replaced whole, as Kafka keeps them whole: the store that comes with the engine writes
 * over its file, and a process killed meanwhile could not read it again.
 */
public final class StoredOffsets extends MemoryOffsetBackingStore {
  /** The setting that names the file. */
  static final String FILE = "offset.storage.file.filename";
  /** The file beside it that is there once the first copy of the rows lies behind the stored place. */
  static final String COPIED = "copied";

  private Path file;

  @Override
  public void configure(WorkerConfig config) {
    super.configure(config);
    file = Path.of(config.originalsStrings().get(FILE));
  }

  @Override
  public synchronized void start() {
    super.start();
    try {
      if (!Files.exists(file)) return;
      for (String line : Files.readAllLines(file)) {
        String[] pair = line.split(" ", 2);
        data.put(bytes(pair[0]), bytes(pair[1]));
      }
    } catch (IOException error) {
      throw new UncheckedIOException(error);
    }
  }

  private static ByteBuffer bytes(String text) {
    return text.equals("-") ? null : ByteBuffer.wrap(Base64.getDecoder().decode(text));
  }

  private static String text(ByteBuffer bytes) {
    return bytes == null ? "-" : Base64.getEncoder().encodeToString(bytes.array());
  }

  @Override
  protected void save() {
    StringBuilder lines = new StringBuilder();
    boolean isCopied = false;
    for (Map.Entry<ByteBuffer, ByteBuffer> entry : data.entrySet()) {
      lines.append(text(entry.getKey())).append(' ').append(text(entry.getValue())).append('\n');
      if (entry.getValue() == null) continue;
      String place = new String(entry.getValue().array(), StandardCharsets.UTF_8);
      isCopied |= !place.contains("\"snapshot\":") || place.contains("\"snapshot_completed\":true");
    }
    try {
      Path fresh = file.resolveSibling(file.getFileName() + ".new");
      Files.writeString(fresh, lines);
      Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      Path mark = file.resolveSibling(COPIED);
      if (isCopied && !Files.exists(mark)) Files.writeString(mark, "");
    } catch (IOException error) {
      throw new UncheckedIOException(error);
    }
  }

  @Override
  public Set<Map<String, Object>> connectorPartitions(String connector) {
    return Set.of();
  }
}
