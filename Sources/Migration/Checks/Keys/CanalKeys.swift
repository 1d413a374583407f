extension KeyList {
  /// Keys of the server, with those it hands down to every instance.
  static let canalServer = KeyList(
    system: "Canal server", version: "1.1.9-SNAPSHOT at e20e4424",
    source: "canal.properties, CanalConstants.java and file-instance.xml",
    prefixes: ["kafka.sasl.", "kafka.security.", "kafka.ssl."],
    text: #"""
      canal.admin.manager text
      canal.admin.passwd text
      canal.admin.port whole = 11110
      canal.admin.register.auto text
      canal.admin.register.cluster text
      canal.admin.register.name text
      canal.admin.user text = admin
      canal.aliyun.accessKey text
      canal.aliyun.secretKey text
      canal.aliyun.uid text
      canal.auto.reset.latest.pos.mode flag = false
      canal.auto.scan flag = true
      canal.auto.scan.interval whole = 5
      canal.conf.dir text = ../conf
      canal.destinations list !
      canal.destinations.expr text
      canal.file.data.dir text = ${canal.conf.dir}
      canal.file.flush.period whole = 1000
      canal.id text
      canal.instance.binlog.format list(ROW|STATEMENT|MIXED) = ROW,STATEMENT,MIXED
      canal.instance.binlog.image list(FULL|MINIMAL|NOBLOB) = FULL,MINIMAL,NOBLOB
      canal.instance.connectionCharset text = UTF-8
      canal.instance.dbPassword text = retl
      canal.instance.dbUsername text = retl
      canal.instance.defaultDatabaseName text
      canal.instance.detecting.enable flag = false
      canal.instance.detecting.heartbeatHaEnable flag = false
      canal.instance.detecting.interval.time whole = 3
      canal.instance.detecting.retry.threshold whole = 3
      canal.instance.detecting.sql text = select 1
      canal.instance.enableDruid flag = false
      canal.instance.fallbackIntervalInSeconds whole = 60
      canal.instance.filter.black.field text
      canal.instance.filter.black.regex text
      canal.instance.filter.dml.delete flag = false
      canal.instance.filter.dml.insert flag = false
      canal.instance.filter.dml.update flag = false
      canal.instance.filter.druid.ddl flag = true
      canal.instance.filter.field text
      canal.instance.filter.query.dcl flag = false
      canal.instance.filter.query.ddl flag = false
      canal.instance.filter.query.dml flag = false
      canal.instance.filter.regex text = .*\..*
      canal.instance.filter.rows flag = false
      canal.instance.filter.table.error flag = false
      canal.instance.filter.transaction.entry flag = false
      canal.instance.get.ddl.isolation flag = false
      canal.instance.global.lazy flag = false
      canal.instance.global.manager.address text = ${canal.admin.manager}
      canal.instance.global.mode text(spring|manager) = spring
      canal.instance.global.spring.xml text = classpath:spring/file-instance.xml
      canal.instance.gtidon flag = false
      canal.instance.memory.batch.mode text(MEMSIZE|ITEMSIZE) = MEMSIZE
      canal.instance.memory.buffer.memunit whole = 1024
      canal.instance.memory.buffer.size whole = 16384
      canal.instance.memory.rawEntry flag = true
      canal.instance.multi.stream.on flag = false
      canal.instance.mysql.slaveId whole = 0
      canal.instance.network.receiveBufferSize whole = 16384
      canal.instance.network.sendBufferSize whole = 16384
      canal.instance.network.soTimeout whole = 30
      canal.instance.parser.parallel flag = true
      canal.instance.parser.parallelBufferSize whole = 256
      canal.instance.parser.parallelThreadSize whole
      canal.instance.pwdPublicKey text = retl
      canal.instance.transaction.size whole = 1024
      canal.instance.tsdb.dbPassword text = canal
      canal.instance.tsdb.dbUsername text = canal
      canal.instance.tsdb.dir text = ${canal.file.data.dir:../conf}/${canal.instance.destination:}
      canal.instance.tsdb.enable flag = true
      canal.instance.tsdb.snapshot.expire whole = 360
      canal.instance.tsdb.snapshot.interval whole = 24
      canal.instance.tsdb.spring.xml text = classpath:spring/tsdb/h2-tsdb.xml
      canal.instance.tsdb.url text = jdbc:h2:${canal.instance.tsdb.dir}/h2;CACHE_SIZE=1000;MODE=MYSQL;
      canal.ip text
      canal.metrics.pull.port whole = 11112
      canal.mq.accessChannel text(local|cloud) = local
      canal.mq.build.thread.size whole = 8
      canal.mq.canalBatchSize whole = 50
      canal.mq.canalGetTimeout whole = 100
      canal.mq.database.hash flag = true
      canal.mq.flatMessage flag = true
      canal.mq.send.thread.size whole = 30
      canal.passwd text
      canal.port whole = 11111
      canal.register.ip text
      canal.serverMode text(tcp|kafka|rocketMQ|rabbitMQ|pulsarMQ) = tcp
      canal.socketChannel text
      canal.user text
      canal.withoutNetty flag = false
      canal.zkServers text
      canal.zookeeper.flush.period whole = 1000
      kafka.acks text(all|-1|0|1) = all
      kafka.batch.size whole = 16384
      kafka.bootstrap.servers text = 127.0.0.1:9092
      kafka.buffer.memory whole = 33554432
      kafka.compression.type text(none|gzip|snappy|lz4|zstd) = none
      kafka.kerberos.enable flag = false
      kafka.kerberos.jaas.file text = ../conf/kerberos/jaas.conf
      kafka.kerberos.krb5.file text = ../conf/kerberos/krb5.conf
      kafka.linger.ms whole = 1
      kafka.max.in.flight.requests.per.connection whole = 1
      kafka.max.request.size whole = 1048576
      kafka.retries whole = 0
      kafka.sasl.jaas.config text
      kafka.sasl.mechanism text
      kafka.security.protocol text
      pulsarmq.roleToken text
      pulsarmq.serverUrl text
      pulsarmq.topicTenantPrefix text
      rabbitmq.deliveryMode text
      rabbitmq.exchange text
      rabbitmq.host text
      rabbitmq.password text
      rabbitmq.queue text
      rabbitmq.routingKey text
      rabbitmq.username text
      rabbitmq.virtual.host text
      rocketmq.customized.trace.topic text
      rocketmq.enable.message.trace flag = false
      rocketmq.namespace text
      rocketmq.namesrv.addr text = 127.0.0.1:9876
      rocketmq.producer.group text = test
      rocketmq.retry.times.when.send.failed whole = 0
      rocketmq.tag text
      rocketmq.vip.channel.enabled flag = false
      """#)

  /// Keys of an instance: what the Spring files bind, anything else is passed over.
  static let canalInstance = KeyList(
    system: "Canal instance", version: "1.1.9-SNAPSHOT at e20e4424",
    source: "file-instance.xml and default-instance.xml",
    text: #"""
      canal.instance.binlog.format list(ROW|STATEMENT|MIXED) = ROW,STATEMENT,MIXED
      canal.instance.binlog.image list(FULL|MINIMAL|NOBLOB) = FULL,MINIMAL,NOBLOB
      canal.instance.connectionCharset text = UTF-8
      canal.instance.dbPassword text = retl
      canal.instance.dbUsername text = retl
      canal.instance.defaultDatabaseName text
      canal.instance.detecting.enable flag = false
      canal.instance.detecting.heartbeatHaEnable flag = false
      canal.instance.detecting.interval.time whole = 5
      canal.instance.detecting.retry.threshold whole = 3
      canal.instance.detecting.sql text
      canal.instance.enableDruid flag = false
      canal.instance.fallbackIntervalInSeconds whole = 60
      canal.instance.filter.black.field text
      canal.instance.filter.black.regex text
      canal.instance.filter.dml.delete flag = false
      canal.instance.filter.dml.insert flag = false
      canal.instance.filter.dml.update flag = false
      canal.instance.filter.druid.ddl flag = true
      canal.instance.filter.field text
      canal.instance.filter.query.dcl flag = false
      canal.instance.filter.query.ddl flag = false
      canal.instance.filter.query.dml flag = false
      canal.instance.filter.regex text = .*\..*
      canal.instance.filter.rows flag = false
      canal.instance.filter.table.error flag = false
      canal.instance.filter.transaction.entry flag = false
      canal.instance.get.ddl.isolation flag = false
      canal.instance.gtidon flag = false
      canal.instance.master.address text !
      canal.instance.master.clientCertificateKeyStorePassword text
      canal.instance.master.clientCertificateKeyStoreType text
      canal.instance.master.clientCertificateKeyStoreUrl text
      canal.instance.master.gtid text
      canal.instance.master.journal.name text
      canal.instance.master.position whole
      canal.instance.master.sslMode text(DISABLED|PREFERRED|REQUIRED|VERIFY_CA|VERIFY_IDENTITY) = DISABLED
      canal.instance.master.timestamp whole
      canal.instance.master.tlsVersions text
      canal.instance.master.trustCertificateKeyStorePassword text
      canal.instance.master.trustCertificateKeyStoreType text
      canal.instance.master.trustCertificateKeyStoreUrl text
      canal.instance.memory.batch.mode text(MEMSIZE|ITEMSIZE) = MEMSIZE
      canal.instance.memory.buffer.memunit whole = 1024
      canal.instance.memory.buffer.size whole = 16384
      canal.instance.memory.rawEntry flag = true
      canal.instance.multi.stream.on flag = false
      canal.instance.mysql.slaveId whole = 0
      canal.instance.network.receiveBufferSize whole = 16384
      canal.instance.network.sendBufferSize whole = 16384
      canal.instance.network.soTimeout whole = 30
      canal.instance.parser.parallel flag = true
      canal.instance.parser.parallelBufferSize whole = 256
      canal.instance.parser.parallelThreadSize whole
      canal.instance.pwdPublicKey text = retl
      canal.instance.standby.address text
      canal.instance.standby.clientCertificateKeyStorePassword text
      canal.instance.standby.clientCertificateKeyStoreType text
      canal.instance.standby.clientCertificateKeyStoreUrl text
      canal.instance.standby.gtid text
      canal.instance.standby.journal.name text
      canal.instance.standby.position whole
      canal.instance.standby.sslMode text(DISABLED|PREFERRED|REQUIRED|VERIFY_CA|VERIFY_IDENTITY) = DISABLED
      canal.instance.standby.timestamp whole
      canal.instance.standby.tlsVersions text
      canal.instance.standby.trustCertificateKeyStorePassword text
      canal.instance.standby.trustCertificateKeyStoreType text
      canal.instance.standby.trustCertificateKeyStoreUrl text
      canal.instance.transaction.size whole = 1024
      canal.instance.tsdb.dbPassword text
      canal.instance.tsdb.dbUsername text
      canal.instance.tsdb.enable flag = true
      canal.instance.tsdb.snapshot.expire whole = 360
      canal.instance.tsdb.snapshot.interval whole = 24
      canal.instance.tsdb.spring.xml text
      canal.instance.tsdb.url text
      canal.mq.dynamicTopic text
      canal.mq.dynamicTopicPartitionNum text
      canal.mq.enableDynamicQueuePartition flag = false
      canal.mq.partition whole
      canal.mq.partitionHash text
      canal.mq.partitionsNum whole
      canal.mq.topic text
      canal.zkServers text = 127.0.0.1:2181
      canal.zookeeper.flush.period whole = 1000
      """#)

  /// Keys of the client adapter as its launcher reads them; the README of the adapter shows the layout of 1.1.1.
  static let canalAdapter = KeyList(
    system: "Canal client adapter", version: "1.1.9-SNAPSHOT at e20e4424",
    source: "application.yml of the launcher, CanalClientConfig.java, OuterAdapterConfig.java, RdbAdapter.java",
    text: #"""
      canal.conf.accessKey text
      canal.conf.batchSize whole
      canal.conf.canalAdapters[].groups[].groupId text = default
      canal.conf.canalAdapters[].groups[].outerAdapters[].hosts text
      canal.conf.canalAdapters[].groups[].outerAdapters[].key text
      canal.conf.canalAdapters[].groups[].outerAdapters[].name text(logger|rdb|es6|es7|es8|hbase|kudu|phoenix|clickhouse|tablestore)
      canal.conf.canalAdapters[].groups[].outerAdapters[].properties.cluster.name text
      canal.conf.canalAdapters[].groups[].outerAdapters[].properties.druid.stat.enable flag = true
      canal.conf.canalAdapters[].groups[].outerAdapters[].properties.druid.stat.slowSqlMillis whole = 1000
      canal.conf.canalAdapters[].groups[].outerAdapters[].properties.jdbc.driverClassName class
      canal.conf.canalAdapters[].groups[].outerAdapters[].properties.jdbc.password text
      canal.conf.canalAdapters[].groups[].outerAdapters[].properties.jdbc.url text
      canal.conf.canalAdapters[].groups[].outerAdapters[].properties.jdbc.username text
      canal.conf.canalAdapters[].groups[].outerAdapters[].properties.mode text(transport|rest)
      canal.conf.canalAdapters[].groups[].outerAdapters[].properties.security.auth text
      canal.conf.canalAdapters[].groups[].outerAdapters[].properties.security.ca.path text
      canal.conf.canalAdapters[].groups[].outerAdapters[].properties.skipDupException flag = true
      canal.conf.canalAdapters[].groups[].outerAdapters[].properties.threads whole
      canal.conf.canalAdapters[].groups[].outerAdapters[].zkHosts text
      canal.conf.canalAdapters[].instance text
      canal.conf.consumerProperties.canal.tcp.batch.size whole = 500
      canal.conf.consumerProperties.canal.tcp.password text
      canal.conf.consumerProperties.canal.tcp.server.host text = 127.0.0.1:11111
      canal.conf.consumerProperties.canal.tcp.username text
      canal.conf.consumerProperties.canal.tcp.zookeeper.hosts text
      canal.conf.consumerProperties.kafka.auto.commit.interval.ms whole = 1000
      canal.conf.consumerProperties.kafka.auto.offset.reset text(latest|earliest|none) = latest
      canal.conf.consumerProperties.kafka.bootstrap.servers text = 127.0.0.1:9092
      canal.conf.consumerProperties.kafka.enable.auto.commit flag = false
      canal.conf.consumerProperties.kafka.isolation.level text(read_committed|read_uncommitted) = read_committed
      canal.conf.consumerProperties.kafka.max.poll.records whole = 1000
      canal.conf.consumerProperties.kafka.request.timeout.ms whole = 40000
      canal.conf.consumerProperties.kafka.session.timeout.ms whole = 30000
      canal.conf.consumerProperties.rabbitmq.host text
      canal.conf.consumerProperties.rabbitmq.password text
      canal.conf.consumerProperties.rabbitmq.resource.ownerId text
      canal.conf.consumerProperties.rabbitmq.username text
      canal.conf.consumerProperties.rabbitmq.virtual.host text
      canal.conf.consumerProperties.rocketmq.access.channel text
      canal.conf.consumerProperties.rocketmq.batch.size whole = 1000
      canal.conf.consumerProperties.rocketmq.customized.trace.topic text
      canal.conf.consumerProperties.rocketmq.enable.message.trace flag = false
      canal.conf.consumerProperties.rocketmq.namespace text
      canal.conf.consumerProperties.rocketmq.namesrv.addr text = 127.0.0.1:9876
      canal.conf.consumerProperties.rocketmq.subscribe.filter text
      canal.conf.flatMessage flag = true
      canal.conf.mode text(tcp|kafka|rocketMQ|rabbitMQ) ! = tcp
      canal.conf.retries whole !
      canal.conf.secretKey text
      canal.conf.syncBatchSize whole = 1000
      canal.conf.terminateOnException flag ! = false
      canal.conf.timeout whole = 500
      canal.conf.zookeeperHosts text
      server.port whole = 8081
      spring.jackson.date-format text
      spring.jackson.default-property-inclusion text
      spring.jackson.time-zone text
      """#)

  /// Keys of a data source of the client adapter, below `srcDataSources.NAME.`.
  static let canalDataSource = KeyList(
    system: "Canal client adapter", version: "1.1.9-SNAPSHOT at e20e4424",
    source: "DatasourceConfig.java",
    text: #"""
      database text
      driver class
      maxActive whole = 3
      password text
      type text = mysql
      url text
      username text
      """#)

  /// Keys of a table mapping.
  static let canalTableMapping = KeyList(
    system: "Canal table mapping", version: "1.1.9-SNAPSHOT at e20e4424",
    source: "MappingConfig.java of the rdb adapter",
    prefixes: ["dbMapping.targetPk.", "dbMapping.targetColumns."],
    text: #"""
      concurrent flag = false
      dataSourceKey text !
      dbMapping.caseInsensitive flag = false
      dbMapping.commitBatch whole = 5000
      dbMapping.database text !
      dbMapping.etlCondition text
      dbMapping.mapAll flag = false
      dbMapping.mirrorDb flag = false
      dbMapping.readBatch whole = 5000
      dbMapping.table text !
      dbMapping.targetDb text
      dbMapping.targetTable text !
      destination text !
      groupId text
      outerAdapterKey text
      """#)
}
