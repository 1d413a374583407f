import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A connector file of a plan as settings of Debezium's embedded engine. */
final class ConnectorSettings {
  private static final Pattern PLACEHOLDER = Pattern.compile("\\$\\{(env|file):([^}]*)\\}");

  private ConnectorSettings() {}

  /**
   * Settings of a file as they stand there.
   *
   * @param environment values of environment variables; null for those that are not set
   * @param secret what stands in every file of secrets
   */
  static Properties read(Path file, UnaryOperator<String> environment, String secret) throws IOException {
    JsonNode connector = new ObjectMapper().readTree(Files.readAllBytes(file));
    Properties settings = new Properties();
    settings.setProperty("name", connector.path("name").asText());
    connector.path("config").fields().forEachRemaining(entry -> {
      // Converters belong to Kafka Connect; the engine formats events itself.
      if (!entry.getKey().startsWith("key.converter") && !entry.getKey().startsWith("value.converter"))
        settings.setProperty(entry.getKey(), resolved(entry.getValue().asText(), environment, secret));
    });
    return settings;
  }

  /** What Kafka Connect's config providers would do. */
  private static String resolved(String text, UnaryOperator<String> environment, String secret) {
    Matcher matcher = PLACEHOLDER.matcher(text);
    StringBuilder result = new StringBuilder();
    while (matcher.find()) {
      String value = matcher.group(1).equals("env") ? environment.apply(matcher.group(2)) : secret;
      if (value == null) throw new IllegalStateException("no environment variable " + matcher.group(2));
      matcher.appendReplacement(result, Matcher.quoteReplacement(value));
    }
    return matcher.appendTail(result).toString();
  }
}
