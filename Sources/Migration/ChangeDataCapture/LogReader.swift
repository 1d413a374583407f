/// How changes of a stream look to the applier: where they are and how each becomes a row of a stage.
struct MessageShape {
  /// How the version of a change is made: larger for later changes of the same row, the same when delivered again.
  let version: String
  /// How an operation, its row and its key are found in a message.
  let mapping: [(key: String, value: String)]
  /// What else the applier has to keep to.
  let rules: [String]
}

/// A tool that reads a log: its files, how it is started, changed and stopped, and what its messages look like.
protocol LogReader {
  var site: CaptureSite { get }
  /// The files that configure it below the folder of the step, the one that names it first.
  func files() -> [(name: String, contents: String)]
  /// Begins the stream; `main` is the path of the first file.
  func start(_ main: String) -> PlanAction
  /// Puts the file in the place of the one the stream runs with.
  func change(_ main: String) -> PlanAction
  /// Ends the stream for good.
  func stop() -> PlanAction
  /// Queries and statements people run while it runs, on the side whose log is read.
  func jobs() -> [(name: String, sql: String)]
  /// Copies the rows that were there before the stream; nil when `start` does.
  func copy(into draft: inout StepDraft)
  /// Whether it writes into the tables of the other side itself, past the stages.
  var appliesItself: Bool { get }
  /// What has to hold before it starts.
  var preconditions: [String] { get }
  /// The topic of a table's changes.
  func topic(_ place: PlacedName) -> String
  var shape: MessageShape { get }
  /// What remains risky about it.
  var risks: [PlanRisk] { get }
}

extension LogReader {
  var appliesItself: Bool { false }
}

extension CaptureSite {
  /// The tool that reads the log of this site.
  ///
  /// - Parameter snapshot: whether rows that are there already are copied first.
  func reader(snapshot: Bool = true) -> any LogReader {
    switch tool {
    case .debezium: DebeziumReader(site: self, snapshot: snapshot ? "initial" : "no_data")
    case .canal: CanalReader(site: self)
    case .maxwell: MaxwellReader(site: self)
    case .spinaltap: SpinalTapReader(site: self)
    }
  }
}

/// What brokers have to be told, whatever reads the log.
struct BrokerNotes {
  let context: GroupContext

  /// The notes as text for the reader of the plan; nil when there is no broker.
  func text(topics: [String]) -> String? {
    let list = topics.sorted().map { "- \(MarkdownText.code($0))" }.joined(separator: "\n")
    let head = "# Topics of \(MarkdownText.words(context.service))\n\n"
    switch context.broker {
    case .kafka:
      return head + """
        \(list)

        - Make them before the stream starts, with the number of partitions they keep: changes of a row stay in order \
        because its key decides the partition, and a partition added later moves keys.
        - `min.insync.replicas=2` with three replicas; the reader writes with `acks=all`.
        - Retention: at least the time a copy may take to be built again, and `cleanup.policy=delete`; compaction only \
        where keys are sent.
        - The schema history topic: one partition, `retention.ms=-1`, `cleanup.policy=delete`.
        """
    case .rocketmq:
      return head + """
        \(list)

        - `sh mqadmin updateTopic -n "$CLEAVE_ROCKETMQ" -c DefaultCluster -t TOPIC -r 8 -w 8`: the number of queues is \
        the number of partitions and stays as it is.
        - `flushDiskType=SYNC_FLUSH` and `brokerRole=SYNC_MASTER`: an acknowledged message survives the broker.
        - `fileReservedTime`: hours messages are kept, at least the longest outage of a consumer.
        - Consumers read a queue in order (`MessageListenerOrderly`).
        """
    case .redis:
      return head + """
        \(list)

        - One stream per topic is one partition: its order is the order of the log. More consumers than one per stream \
        break it.
        - `maxmemory-policy noeviction`, `appendonly yes`, `appendfsync always`: anything less loses acknowledged changes \
        when the server dies.
        - Trim with `XTRIM … MINID` below what every consumer group has acknowledged, never with `MAXLEN`.
        - A replica that takes over may lack the last writes: set `wait.enabled` in the sink when there are replicas.
        """
    case .none: return nil
    }
  }
}
