/// The producer of transactional messages and its listener, as a skeleton in Java.
struct JavaPublisher {
  let log: TransactionLog
  let topic: String
  let group: String

  /// A string of Java; what JSON escapes, Java reads the same way.
  static func string(_ text: String) -> String { JSONText.string(text) }

  /// The source file.
  func source() -> String { head() + "\n\n" + publishing() + "\n\n" + listening() + "\n}" }

  private func head() -> String {
    """
    package cleave;

    import java.nio.charset.StandardCharsets;
    import java.sql.Connection;
    import java.sql.PreparedStatement;
    import java.sql.ResultSet;
    import java.sql.SQLException;
    import java.util.UUID;
    import java.util.concurrent.ExecutorService;
    import javax.sql.DataSource;
    import org.apache.rocketmq.client.exception.MQClientException;
    import org.apache.rocketmq.client.producer.LocalTransactionState;
    import org.apache.rocketmq.client.producer.TransactionListener;
    import org.apache.rocketmq.client.producer.TransactionMQProducer;
    import org.apache.rocketmq.client.producer.TransactionSendResult;
    import org.apache.rocketmq.common.message.Message;
    import org.apache.rocketmq.common.message.MessageExt;

    /** Runs business work and publishes one event with it: both happen or neither. */
    public final class TransactionalPublisher implements TransactionListener {
      /** The work of one local transaction; it must not commit. */
      public interface Work {
        void run(Connection connection) throws Exception;
      }

      record Task(String businessKey, Work work) {}

      static final String TOPIC = \(Self.string(topic));
      static final String GROUP = \(Self.string(group));
      static final String INSERT_COMMITTED = \(Self.string(log.insert(status: "1")));
      static final String INSERT_GIVEN_UP = \(Self.string(log.insert(status: "2")));
      static final String SELECT_STATUS = \(Self.string(log.select));
      /** Longer than any local transaction: a check gives up what is older and has left no row. */
      static final long LOCAL_LIMIT_MS = \(RocketMQMessages.localLimit * 1000)L;

      private final DataSource database;
      private final TransactionMQProducer producer;
    """
  }

  private func publishing() -> String {
    """
      public TransactionalPublisher(DataSource database, String nameServers, ExecutorService checks) {
        this.database = database;
        producer = new TransactionMQProducer(GROUP);
        producer.setNamesrvAddr(nameServers);
        producer.setExecutorService(checks);
        producer.setTransactionListener(this);
      }

      public void start() throws MQClientException {
        producer.start();
      }

      /** Publishes `payload` if and only if `work` is committed; throws when it is known not to be. */
      public void publish(String type, String businessKey, String payload, Work work) throws MQClientException {
        Message message = new Message(TOPIC, type, payload.getBytes(StandardCharsets.UTF_8));
        message.setKeys(UUID.randomUUID().toString());
        message.putUserProperty("businessKey", businessKey);
        TransactionSendResult result = producer.sendMessageInTransaction(message, new Task(businessKey, work));
        if (result.getLocalTransactionState() == LocalTransactionState.ROLLBACK_MESSAGE) {
          throw new IllegalStateException("not committed: " + message.getKeys());
        }
        // UNKNOW: the check will find out; who has to know now reads the status row of message.getKeys().
      }

      @Override
      public LocalTransactionState executeLocalTransaction(Message message, Object argument) {
        Task task = (Task) argument;
        boolean committing = false;
        try (Connection connection = database.getConnection()) {
          connection.setAutoCommit(false);
          try {
            // First, so that a transaction a check has given up fails before it does anything.
            insert(connection, INSERT_COMMITTED, message.getKeys(), task.businessKey());
            task.work().run(connection);
            committing = true;
            connection.commit();
            return LocalTransactionState.COMMIT_MESSAGE;
          } catch (Exception failure) {
            // A commit that fails may have happened all the same.
            if (committing) return LocalTransactionState.UNKNOW;
            connection.rollback();
            return LocalTransactionState.ROLLBACK_MESSAGE;
          }
        } catch (SQLException failure) {
          return LocalTransactionState.UNKNOW;
        }
      }
    """
  }

  private func listening() -> String {
    """
      @Override
      public LocalTransactionState checkLocalTransaction(MessageExt message) {
        try (Connection connection = database.getConnection()) {
          connection.setAutoCommit(true);
          LocalTransactionState known = status(connection, message.getKeys());
          if (known != LocalTransactionState.UNKNOW) return known;
          if (System.currentTimeMillis() - message.getBornTimestamp() < LOCAL_LIMIT_MS) {
            return LocalTransactionState.UNKNOW;
          }
          try {
            // The row makes the answer final: a commit that comes later fails on the key.
            insert(connection, INSERT_GIVEN_UP, message.getKeys(), String.valueOf(message.getUserProperty("businessKey")));
            return LocalTransactionState.ROLLBACK_MESSAGE;
          } catch (SQLException taken) {
            return status(connection, message.getKeys());
          }
        } catch (SQLException failure) {
          return LocalTransactionState.UNKNOW;
        }
      }

      private static LocalTransactionState status(Connection connection, String id) throws SQLException {
        try (PreparedStatement query = connection.prepareStatement(SELECT_STATUS)) {
          query.setString(1, id);
          try (ResultSet rows = query.executeQuery()) {
            if (!rows.next()) return LocalTransactionState.UNKNOW;
            return rows.getInt(1) == 1 ? LocalTransactionState.COMMIT_MESSAGE : LocalTransactionState.ROLLBACK_MESSAGE;
          }
        }
      }

      private static void insert(Connection connection, String sql, String id, String key) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
          statement.setString(1, id);
          statement.setString(2, key);
          statement.executeUpdate();
        }
      }
    """
  }
}
