extension KeyList {
  /// Keys of Debezium Server itself.
  static let debeziumServer = KeyList(
    system: "Debezium Server", version: "3.6 at v3.6.0.Final",
    source: "DebeziumProperties and the files of the distribution",
    text: #"""
      debezium.api.enabled flag = false
      debezium.format.header text(json|jsonbytearray|avro|protobuf|cloudevents|simplestring|connect|binary) = json
      debezium.format.header.schemas.enable flag = true
      debezium.format.key text(json|jsonbytearray|avro|protobuf|cloudevents|simplestring|connect|binary) = json
      debezium.format.key.schemas.enable flag = true
      debezium.format.value text(json|jsonbytearray|avro|protobuf|cloudevents|simplestring|connect|binary) = json
      debezium.format.value.schemas.enable flag = true
      debezium.predicates list
      debezium.sink.type text(redis|kafka|http|pulsar|nats-jetstream|rabbitmq|rabbitmqstream|rocketmq|kinesis|pubsub|eventhubs|infinispan) !
      debezium.transforms list
      quarkus.http.port whole = 8080
      quarkus.log.console.json flag = true
      quarkus.log.level text = INFO
      """#)

  /// Keys of the sink into Redis streams, below `debezium.sink.redis.`, beside those of the client.
  static let debeziumRedisSink = KeyList(
    system: "Debezium Server Redis sink", version: "3.6 at v3.6.0.Final",
    source: "RedisStreamChangeConsumerConfig",
    text: #"""
      batch.size whole = 500
      buffer.fill.rate whole = 30000
      memory.limit.mb whole = 0
      message.format text(compact|extended) = compact
      null.key text = default
      null.value text = default
      skip.heartbeat.messages flag = true
      """#)

  /// Keys of the sink into RocketMQ, below `debezium.sink.rocketmq.`.
  static let debeziumRocketMQSink = KeyList(
    system: "Debezium Server RocketMQ sink", version: "3.6 at v3.6.0.Final",
    source: "RocketMqChangeConsumerConfig",
    text: #"""
      producer.access.key text
      producer.acl.enabled flag = false
      producer.group text !
      producer.max.message.size whole
      producer.name.srv.addr text !
      producer.secret.key text
      producer.send.msg.timeout whole
      """#)

  /// Keys of the engine, below `debezium.source.`.
  static let debeziumEngine = KeyList(
    system: "Debezium engine", version: "3.6.3.Final",
    source: "EmbeddedEngineConfig, AsyncEngineConfig and RedisOffsetBackingStoreConfig",
    text: #"""
      errors.retry.delay.initial.ms whole = 300
      errors.retry.delay.max.ms whole = 10000
      offset.flush.interval.ms whole = 60000
      offset.flush.timeout.ms whole = 5000
      offset.storage class
      offset.storage.file.filename text
      offset.storage.redis.key text = metadata:debezium:offsets
      record.processing.order text(ORDERED|UNORDERED) = ORDERED
      record.processing.threads text
      """#)
}
