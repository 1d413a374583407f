/// A consumer that keeps an inbox, as a skeleton in Java.
struct JavaConsumer {
  let text: SQLText
  let inbox: PlacedName
  let topic: String
  let group: String

  /// The statement that remembers a message, with `?` for consumer and message in turn.
  private var remember: String {
    let sql = text.insertIfMissing(
      into: inbox, keys: ["consumer", "message_id"], values: [("consumer", "?"), ("message_id", "?")])
    let line = sql.split(separator: "\n").joined(separator: " ")
    return line.hasSuffix(";") ? String(line.dropLast()) : line
  }

  /// The source file.
  func source() -> String {
    // SQL Server names the values twice.
    let count = remember.split(separator: "?", omittingEmptySubsequences: false).count - 1
    let binds = (0..<count).map { "statement.setString(\($0 + 1), \($0 % 2 == 0 ? "GROUP" : "id"));" }
    return """
      package cleave;

      import java.sql.Connection;
      import java.sql.PreparedStatement;
      import java.util.List;
      import javax.sql.DataSource;
      import org.apache.rocketmq.client.consumer.listener.ConsumeOrderlyContext;
      import org.apache.rocketmq.client.consumer.listener.ConsumeOrderlyStatus;
      import org.apache.rocketmq.client.consumer.listener.MessageListenerOrderly;
      import org.apache.rocketmq.common.message.MessageExt;

      /** Applies each message once: its identity and its effect are written in one transaction. */
      public abstract class InboxConsumer implements MessageListenerOrderly {
        static final String TOPIC = \(JavaPublisher.string(topic));
        static final String GROUP = \(JavaPublisher.string(group));
        static final String REMEMBER = \(JavaPublisher.string(remember));

        private final DataSource database;

        protected InboxConsumer(DataSource database) {
          this.database = database;
        }

        /** The effect of a message; it must not commit. */
        protected abstract void apply(MessageExt message, Connection connection) throws Exception;

        @Override
        public ConsumeOrderlyStatus consumeMessage(List<MessageExt> messages, ConsumeOrderlyContext context) {
          for (MessageExt message : messages) {
            try (Connection connection = database.getConnection()) {
              connection.setAutoCommit(false);
              try {
                // The key the producer gave: the broker's own id differs when a message is sent twice.
                if (isNew(connection, message.getKeys())) apply(message, connection);
                connection.commit();
              } catch (Exception failure) {
                connection.rollback();
                throw failure;
              }
            } catch (Exception failure) {
              return ConsumeOrderlyStatus.SUSPEND_CURRENT_QUEUE_A_MOMENT;
            }
          }
          return ConsumeOrderlyStatus.SUCCESS;
        }

        private static boolean isNew(Connection connection, String id) throws Exception {
          try (PreparedStatement statement = connection.prepareStatement(REMEMBER)) {
            \(binds.joined(separator: "\n      "))
            return statement.executeUpdate() == 1;
          }
        }
      }
      """
  }
}
