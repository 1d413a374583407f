/// RocketMQ transactional messages (R4c): a half message, the local transaction, then commit or rollback of the message;
/// the broker asks back when it hears nothing.
struct RocketMQMessages {
  /// How long a local transaction may take before a check gives it up, in seconds.
  static let localLimit = 60
  /// How often the broker asks: with 30 seconds between that is two hours of outage of all producers.
  static let checks = 240
  /// Seconds between two checks.
  static let checkInterval = 30

  let context: GroupContext

  private var names: ObjectNames { context.names }
  private var topic: String { "\(names.slug)_events" }

  /// Adds the files and actions to S4.
  func add(to draft: inout StepDraft) {
    let log = TransactionLog(context: context, side: .source)
    draft.run(log.script(), named: "tx-log", on: .source)
    draft.job("purge-tx-log", log.purge(), on: .source)
    let topics = draft.add("rocketmq/create-topic.sh", createTopic())
    let broker = draft.add("rocketmq/broker.conf", brokerSettings())
    let publisher = JavaPublisher(log: log, topic: topic, group: "\(names.slug)_tx_producer")
    draft.add("rocketmq/cleave/TransactionalPublisher.java", publisher.source())
    let consumer = JavaConsumer(
      text: context.text, inbox: names.helperTable("inbox"), topic: topic, group: "\(names.slug)_consumer")
    draft.add("rocketmq/cleave/InboxConsumer.java", consumer.source())
    draft.add("rocketmq/LIMITS.md", limits())
    draft.act(
      .manual(
        "set the keys of \(broker) on every broker, run sh \(topics), and watch the topic TRANS_CHECK_MAX_TIME_TOPIC: it has to stay empty"
      ),
      undo: .manual("delete the topic \(topic) with mqadmin deleteTopic"))
  }

  private func createTopic() -> String {
    """
    #!/bin/sh
    # CLEAVE_ROCKETMQ is the address of the name server. Queues are partitions: their number stays as it is.
    set -eu
    sh mqadmin updateTopic -n "$CLEAVE_ROCKETMQ" -c "${CLEAVE_ROCKETMQ_CLUSTER:-DefaultCluster}" \\
      -t \(ShellText.word(topic)) -r 8 -w 8 -a +message.type=TRANSACTION
    """
  }

  private func brokerSettings() -> String {
    PropertiesText.document(
      [
        ("rejectTransactionMessage", "false"), ("transactionTimeOut", String(Self.localLimit * 1000)),
        ("transactionCheckMax", String(Self.checks)), ("transactionCheckInterval", String(Self.checkInterval * 1000)),
        ("fileReservedTime", "72"), ("flushDiskType", "SYNC_FLUSH"), ("brokerRole", "SYNC_MASTER"),
        ("autoCreateTopicEnable", "false"),
      ],
      comment: "added to the broker's own file\n"
        + "the defaults, 15 checks 30 s apart, give up after 7.5 minutes: the message is then neither delivered nor rolled back\n"
        + "fileReservedTime is in hours: half messages older than it are passed over")
  }

  private func limits() -> String {
    """
    # Transactional messages of \(MarkdownText.words(context.service)): what they promise and what they cost

    - At least once: a message may be checked, delivered and consumed more than once. Every consumer keeps an inbox.
    - One message per local transaction. Two messages are two half messages, and one of them may be committed alone.
    - The broker asks \(Self.checks) times, \(Self.checkInterval) s apart, from \(Self.localLimit) s after the send. \
    Its own defaults are 15 checks, about 7.5 minutes: an outage of all producers longer than that leaves the message in \
    `TRANS_CHECK_MAX_TIME_TOPIC`, neither delivered nor rolled back. That topic needs an alarm.
    - A local transaction longer than \(Self.localLimit) s is given up by the check: it then fails on the key of `tx_log`.
    - When the send ends with FLUSH_DISK_TIMEOUT, FLUSH_SLAVE_TIMEOUT or SLAVE_NOT_AVAILABLE the client rolls back by \
    itself and the local transaction never runs: the caller gets an error and has to try again.
    - No delay levels, no batches, and no order with other messages: consumers guard by version.
    - The producer group is for these messages alone, and every member of it can answer checks.

    ## The coupling

    The broker takes part in the transaction. While it is away the business operation fails too; it calls back into the \
    service and needs one of its processes to answer; the code that writes has to be Java and to go through the \
    publisher. An outbox has none of that: the event waits in a table until the broker is back. Choose this only when \
    no outbox and no log reader is allowed (R4c).
    """
  }

  /// What remains risky about it.
  static let risk = PlanRisk(
    code: "rocketmq-coupling",
    text:
      "transactional messages make the broker a part of the write: no broker, no write; the outbox of S4 does without, so use one or the other "
      + "per event, never both", evidence: [])
}
