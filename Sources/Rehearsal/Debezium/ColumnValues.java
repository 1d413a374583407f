import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.Struct;

/** Values of events as text PostgreSQL reads as the very value they were made from. */
final class ColumnValues {
  private static final HexFormat HEX = HexFormat.of();

  /** What stands for a value the log left out. */
  private final String absent;
  private final String absentHex;

  ColumnValues(String absent) {
    this.absent = absent;
    absentHex = HEX.formatHex(absent.getBytes(StandardCharsets.UTF_8));
  }

  /** Whether the log left the value out because it did not change. */
  boolean isAbsent(Object value) {
    if (value instanceof List<?> list) return list.size() == 1 && isAbsent(list.get(0));
    return absent.equals(value) || absentHex.equals(value);
  }

  /** What values of a type lose on their way through the engine, whatever is done with them; null for nothing. */
  String loss(ColumnTypes.Type type, Object value) {
    return switch (type.name()) {
      case "timetz" -> "arrives in UTC: the zone it was written in is lost";
      case "varbit" -> "arrives in whole bytes: its length is lost";
      case "interval" -> value instanceof Long ? "arrives in microseconds: months and days are lost" : null;
      default -> null;
    };
  }

  /**
   * The value as a rehearsal writes it: a letter for its form and the text, null for none.
   *
   * @throws IllegalArgumentException for values in a form that is not known
   */
  String written(ColumnTypes.Type type, Schema schema, Object value) {
    if (value == null) return null;
    if (isAbsent(value)) return "u";
    if (type.name().equals("bytea")) return "x" + (value instanceof String text ? text : HEX.formatHex(bytes(value)));
    return "t" + text(type.name(), type.element(), schema, value);
  }

  private String text(String type, String element, Schema schema, Object value) {
    if (value instanceof List<?> list) return list(type, element, schema, list);
    switch (type) {
      case "date", "timestamp", "timestamptz":
        if (value instanceof String text) return moment(type, text);
        break;
      case "numeric":
        if (value.equals("POSITIVE_INFINITY")) return "Infinity";
        if (value.equals("NEGATIVE_INFINITY")) return "-Infinity";
        break;
      case "time":
        if (value instanceof String text) return text.replaceFirst("Z$", "");
        break;
      case "interval":
        if (value instanceof Long micros) return micros + " microseconds";
        break;
      case "bit", "varbit":
        if (value instanceof Boolean bit) return bit ? "1" : "0";
        byte[] bytes = bytes(value);
        return bits(bytes, type.equals("bit") ? Integer.parseInt(schema.parameters().get("length")) : bytes.length * 8);
      case "bytea":
        return "\\x" + value;
      case "hstore":
        if (value instanceof String text) return store(text);
        break;
      default:
        break;
    }
    if (value instanceof Struct struct) return struct(type, struct);
    if (value instanceof Map<?, ?> map) return store(map);
    if (value instanceof ByteBuffer || value instanceof byte[]) return HEX.formatHex(bytes(value));
    return String.valueOf(value);
  }

  private static byte[] bytes(Object value) {
    if (value instanceof byte[] bytes) return bytes;
    if (value instanceof ByteBuffer buffer) {
      byte[] bytes = new byte[buffer.remaining()];
      buffer.duplicate().get(bytes);
      return bytes;
    }
    throw new IllegalArgumentException("bytes as " + value.getClass().getSimpleName());
  }

  private static final Pattern MOMENT =
    Pattern.compile("([+-]?\\d+)(-\\d\\d-\\d\\d)(?:T([0-9:.]+))?(Z|[+-]\\d\\d:\\d\\d)?");

  /** How the engine spells the ends of time: no column holds such moments. */
  private static final Map<String, String> ENDS = Map.of(
    "+292278994-08-16Z", "infinity", "+292269055-12-02Z", "-infinity", "-5877611-06-22Z", "-infinity",
    "-5877611-06-21Z", "infinity", "+294247-01-10T04:00:25.2Z", "infinity", "-290308-12-21T19:59:27.6Z", "-infinity");

  /** Years before the first have another spelling. */
  private static String moment(String type, String text) {
    if (ENDS.containsKey(text)) return ENDS.get(text);
    Matcher parts = MOMENT.matcher(text);
    if (!parts.matches()) return text;
    long year = Long.parseLong(parts.group(1));
    String day = String.format("%04d", year > 0 ? year : 1 - year) + parts.group(2);
    String clock = parts.group(3) == null || type.equals("date") ? "" : " " + parts.group(3);
    String zone = parts.group(4) == null || !type.equals("timestamptz") ? "" : parts.group(4).replace("Z", "+00");
    return day + clock + zone + (year > 0 ? "" : " BC");
  }

  /** Bits come in bytes, the lowest first; zeros at the high end are left out. */
  private static String bits(byte[] bytes, int length) {
    StringBuilder text = new StringBuilder();
    for (int place = length - 1; place >= 0; place--)
      text.append(place / 8 < bytes.length ? (bytes[place / 8] >> (place % 8)) & 1 : 0);
    return text.toString();
  }

  private String list(String type, String element, Schema schema, List<?> list) {
    StringBuilder text = new StringBuilder();
    Schema inner = schema == null ? null : schema.valueSchema();
    boolean isVector = element == null;
    for (Object value : list) {
      text.append(text.length() == 0 ? "" : ",");
      if (value == null) {
        text.append("NULL");
      } else if (isVector) {
        text.append(value);
      } else {
        String plain = text(element, null, inner, value);
        text.append('"').append(plain.replace("\\", "\\\\").replace("\"", "\\\"")).append('"');
      }
    }
    return isVector ? "[" + text + "]" : "{" + text + "}";
  }

  private static String struct(String type, Struct struct) {
    if (type.equals("point")) return "(" + struct.get("x") + "," + struct.get("y") + ")";
    if (struct.schema().field("wkb") != null) return HEX.formatHex(bytes(struct.get("wkb")));
    throw new IllegalArgumentException("the type " + type + " as " + struct.schema().name());
  }

  private static String store(String json) {
    try {
      return store(new ObjectMapper().readValue(json, Map.class));
    } catch (JsonProcessingException error) {
      throw new IllegalArgumentException("hstore as " + error.getOriginalMessage());
    }
  }

  private static String store(Map<?, ?> map) {
    StringBuilder text = new StringBuilder();
    map.forEach((key, value) -> {
      text.append(text.length() == 0 ? "" : ",").append(quoted(key)).append("=>");
      text.append(value == null ? "NULL" : quoted(value));
    });
    return text.toString();
  }

  private static String quoted(Object text) {
    return '"' + String.valueOf(text).replace("\\", "\\\\").replace("\"", "\\\"") + '"';
  }
}
