import Facts
import Foundation
import Migration
import Testing

/// The Java of transactional messages, compiled against the few types of the client it uses.
@Suite struct RocketMQTests {
  /// Package, name and body of each type, as the client 5.3 declares them.
  private static let types: [(package: String, name: String, body: String)] = [
    ("client.exception", "MQClientException", "public class MQClientException extends Exception {}"),
    (
      "client.producer", "LocalTransactionState",
      "public enum LocalTransactionState { COMMIT_MESSAGE, ROLLBACK_MESSAGE, UNKNOW }"
    ),
    (
      "client.producer", "TransactionListener",
      """
      import org.apache.rocketmq.common.message.*;
      public interface TransactionListener {
        LocalTransactionState executeLocalTransaction(final Message msg, final Object arg);
        LocalTransactionState checkLocalTransaction(final MessageExt msg);
      }
      """
    ),
    (
      "client.producer", "TransactionSendResult",
      "public class TransactionSendResult { public LocalTransactionState getLocalTransactionState() { return null; } }"
    ),
    (
      "client.producer", "TransactionMQProducer",
      """
      import org.apache.rocketmq.client.exception.MQClientException;
      import org.apache.rocketmq.common.message.Message;
      public class TransactionMQProducer {
        public TransactionMQProducer(final String producerGroup) {}
        public void setNamesrvAddr(String address) {}
        public void setExecutorService(java.util.concurrent.ExecutorService service) {}
        public void setTransactionListener(TransactionListener listener) {}
        public void start() throws MQClientException {}
        public TransactionSendResult sendMessageInTransaction(final Message msg, final Object arg) throws MQClientException { return null; }
      }
      """
    ),
    (
      "common.message", "Message",
      """
      public class Message {
        public Message(String topic, String tags, byte[] body) {}
        public void setKeys(String keys) {}
        public String getKeys() { return null; }
        public void putUserProperty(final String name, final String value) {}
        public String getUserProperty(final String name) { return null; }
      }
      """
    ),
    (
      "common.message", "MessageExt",
      "public class MessageExt extends Message { public MessageExt() { super(null, null, null); } public long getBornTimestamp() { return 0; } }"
    ),
    ("client.consumer.listener", "ConsumeOrderlyContext", "public class ConsumeOrderlyContext {}"),
    (
      "client.consumer.listener", "ConsumeOrderlyStatus",
      "public enum ConsumeOrderlyStatus { SUCCESS, ROLLBACK, COMMIT, SUSPEND_CURRENT_QUEUE_A_MOMENT }"
    ),
    (
      "client.consumer.listener", "MessageListenerOrderly",
      """
      import org.apache.rocketmq.common.message.MessageExt;
      public interface MessageListenerOrderly {
        ConsumeOrderlyStatus consumeMessage(final java.util.List<MessageExt> msgs, final ConsumeOrderlyContext context);
      }
      """
    ),
  ]

  @Test func javaCompiles() throws {
    try Command.require("javac", package: "openjdk-17-jdk-headless")
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("cleave-java-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: folder) }
    func write(_ path: String, _ text: String) throws -> String {
      let file = folder.appendingPathComponent(path)
      try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
      try Data(text.utf8).write(to: file)
      return file.path
    }
    let stubs = try Self.types.map { type in
      try write(
        "stubs/org/apache/rocketmq/\(type.package.replacingOccurrences(of: ".", with: "/"))/\(type.name).java",
        "package org.apache.rocketmq.\(type.package);\n\(type.body)")
    }
    for engine in PlanEngine.allCases {
      let plan = try Planner.plan(
        system: Shop.system(engine == .mysql || engine == .mariadb ? .mysql : .postgres), proposal: Shop.proposal(),
        options: PlanOptions(service: "goods", engine: engine, broker: .rocketmq), factsDigest: "d")
      let sources = try plan.files().filter { $0.path.hasSuffix(".java") && $0.path.contains("/rocketmq/") }.map {
        try write("\(engine)/\($0.path)", $0.contents)
      }
      #expect(sources.count == 2)
      let run = try Command.run(
        ["javac", "-Xlint:all,-serial", "-Werror", "-d", folder.appendingPathComponent("out-\(engine)").path] + stubs
          + sources)
      #expect(run.status == 0, "\(engine): \(run.errors)")
    }
  }

  /// The key of tx_log lets the local transaction or the check win, never both, whoever comes first.
  @Test(arguments: ServerKind.allCases) func theFirstAnswerStands(_ kind: ServerKind) throws {
    let stage = try Stage(on: kind.server(), broker: .rocketmq, name: "txlog")
    defer { stage.clean() }
    let group = stage.plan.groups.first { $0.service.hasPrefix("goods") }!
    for step in group.steps where step.id <= .transactions { try stage.run(step.apply) }
    let log = "\(stage.quoted("cleave_\(group.folder)")).\(stage.quoted("tx_log"))"
    func insert(_ id: String, _ status: Int) throws -> Bool {
      (try? stage.server.sql(
        "INSERT INTO \(log) (transaction_id, business_key, status) VALUES ('\(id)', 'k', \(status))",
        database: stage.source))
        != nil
    }
    #expect(try insert("late", 2))
    #expect(try !insert("late", 1), "a commit after the check fails")
    #expect(try insert("quick", 1))
    #expect(try !insert("quick", 2), "a check after the commit fails")
    #expect(try !insert("odd", 3))
    try stage.run(group.steps.first { $0.id == .transactions }!.rollback)
  }
}
