/// Java sources for the Kill Bill queue: an event, a producer that fails instead of dropping events, a handler with an
/// inbox.
struct KillBillSources {
  let context: GroupContext

  private var text: SQLText { context.text }
  /// `Ordering` for the service `ordering`.
  private var stem: String { JavaText.typeName(context.names.slug) }

  /// The files, below the step's folder.
  func files() -> [PlanFile] {
    [
      PlanFile(path: "java/\(stem)Event.java", contents: event),
      PlanFile(path: "java/\(stem)Producer.java", contents: producer),
      PlanFile(path: "java/\(stem)Handler.java", contents: handler),
      PlanFile(path: "pom-snippet.xml", contents: pom),
    ]
  }

  private var pom: String {
    """
    <!-- Leave the classifier out when the application brings no JDBI of its own. -->
    <dependency>
      <groupId>org.kill-bill.commons</groupId>
      <artifactId>killbill-queue</artifactId>
      <classifier>jdbi-shaded</classifier>
      <exclusions>
        <exclusion>
          <groupId>org.kill-bill.commons</groupId>
          <artifactId>killbill-jdbi</artifactId>
        </exclusion>
      </exclusions>
    </dependency>

    """
  }

  private var event: String {
    """
    package migration;

    import com.fasterxml.jackson.annotation.JsonCreator;
    import com.fasterxml.jackson.annotation.JsonProperty;
    import java.util.UUID;
    import org.killbill.bus.api.BusEvent;

    /** An event as it stands in the bus: one class for all types, so that the bus never misses a class. */
    public final class \(stem)Event implements BusEvent {
        private final UUID id;
        private final String type;
        private final String aggregateId;
        private final long version;
        private final String payload;

        /**
         * @param id the identifier consumers keep in their inbox
         * @param version the aggregate's own version, raised by every change: what is not newer is ignored
         * @param payload the JSON of asyncapi.yaml
         */
        @JsonCreator
        public \(stem)Event(
                @JsonProperty("id") final UUID id,
                @JsonProperty("type") final String type,
                @JsonProperty("aggregateId") final String aggregateId,
                @JsonProperty("version") final long version,
                @JsonProperty("payload") final String payload,
                @JsonProperty("searchKey1") final Long searchKey1,
                @JsonProperty("searchKey2") final Long searchKey2,
                @JsonProperty("userToken") final UUID userToken) {
            this.id = id;
            this.type = type;
            this.aggregateId = aggregateId;
            this.version = version;
            this.payload = payload;
        }

        public UUID getId() {
            return id;
        }

        public String getType() {
            return type;
        }

        public String getAggregateId() {
            return aggregateId;
        }

        public long getVersion() {
            return version;
        }

        public String getPayload() {
            return payload;
        }

        /** Finds the events of an aggregate: both keys are indexed. */
        @Override
        public Long getSearchKey1() {
            return (long) (aggregateId.hashCode() & 0x7fffffff);
        }

        @Override
        public Long getSearchKey2() {
            return 0L;
        }

        @Override
        public UUID getUserToken() {
            return id;
        }
    }

    """
  }

  private var producer: String {
    let table = text.table(KillBillOutbox(context: context).place("bus_events", on: .source))
    let found = "SELECT count(*) FROM \(table) WHERE search_key2 = ? AND search_key1 = ? AND user_token = ?"
    return """
      package migration;

      import java.sql.Connection;
      import java.sql.PreparedStatement;
      import java.sql.ResultSet;
      import java.sql.SQLException;
      import org.killbill.bus.api.PersistentBus;
      import org.killbill.bus.api.PersistentBus.EventBusException;

      /**
       * Posts events inside the caller's transaction.
       *
       * The bus logs a warning and returns when it is off, not started, or when it cannot write an event as JSON: the
       * rows would commit and the event would be gone. So every event is looked for after posting, and its absence fails
       * the transaction.
       */
      public final class \(stem)Producer {
          private static final String FOUND =
              \(JavaText.string(found));

          private final PersistentBus bus;

          public \(stem)Producer(final PersistentBus bus) {
              this.bus = bus;
          }

          /**
           * Call after locking and changing the aggregate's row, on the connection that changed it.
           *
           * @throws EventBusException when the bus dropped the event; let it roll the transaction back
           */
          public void post(final \(stem)Event event, final Connection connection) throws EventBusException, SQLException {
              if (connection.getAutoCommit()) {
                  throw new IllegalStateException("no transaction: the event would be posted without its change");
              }
              bus.postFromTransaction(event, connection);
              try (PreparedStatement statement = connection.prepareStatement(FOUND)) {
                  statement.setLong(1, event.getSearchKey2());
                  statement.setLong(2, event.getSearchKey1());
                  statement.setString(3, event.getUserToken().toString());
                  try (ResultSet rows = statement.executeQuery()) {
                      if (!rows.next() || rows.getLong(1) != 1) {
                          throw new EventBusException("the bus dropped event " + event.getId() + " of type " + event.getType());
                      }
                  }
              }
          }
      }

      """
  }

  private var handler: String {
    // JDBC marks parameters with question marks on every engine.
    let insert = InboxTable(context: context).insert(on: .source).replacing("$1", with: "?").replacing("$2", with: "?")
    return """
      package migration;

      import java.sql.Connection;
      import java.sql.PreparedStatement;
      import java.sql.SQLException;
      import javax.sql.DataSource;
      import org.killbill.commons.eventbus.Subscribe;

      /**
       * Takes every event once: the inbox row and the effect share a transaction.
       *
       * Register it after the bus was started: before that the bus ignores handlers with a warning. Several nodes claim
       * events side by side, and a failed event is tried again after later ones: effects compare versions.
       */
      public abstract class \(stem)Handler {
          private static final String INSERT =
              \(JavaText.string(insert));

          private final DataSource database;
          private final String consumer;

          /** @param consumer inboxName of events.yaml; two consumers never share one */
          protected \(stem)Handler(final DataSource database, final String consumer) {
              this.database = database;
              this.consumer = consumer;
          }

          /** Applies the event when its version is newer than the stored one; on the given connection, without commit. */
          protected abstract void apply(\(stem)Event event, Connection connection) throws SQLException;

          @Subscribe
          public void handle(final \(stem)Event event) throws SQLException {
              try (Connection connection = database.getConnection()) {
                  connection.setAutoCommit(false);
                  try {
                      if (isNew(event, connection)) {
                          apply(event, connection);
                      }
                      connection.commit();
                  } catch (final SQLException | RuntimeException failure) {
                      connection.rollback();
                      throw failure;
                  }
              }
          }

          private boolean isNew(final \(stem)Event event, final Connection connection) throws SQLException {
              try (PreparedStatement statement = connection.prepareStatement(INSERT)) {
                  statement.setString(1, consumer);
                  statement.setString(2, event.getId().toString());
                  return statement.executeUpdate() == 1;
              }
          }
      }

      """
  }
}
