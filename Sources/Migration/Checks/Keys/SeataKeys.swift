extension KeyList {
  private static let seata = "Apache Seata"
  private static let seataVersion = "2.3.0-SNAPSHOT at 0b9d7c9a"

  /// Keys of a client, below `seata.`.
  static let seataClient = KeyList(
    system: seata, version: seataVersion, source: "script/client/spring/application.yml and ConfigurationKeys",
    prefixes: ["service.vgroup-mapping.", "service.grouplist.", "transport."],
    text: """
      application-id text !
      client.rm.async-commit-buffer-limit whole = 10000
      client.rm.branch-execution-timeout-xa whole = 60000
      client.rm.connection-two-phase-hold-timeout-xa whole = 10000
      client.rm.lock.retry-interval whole = 10
      client.rm.lock.retry-policy-branch-rollback-on-conflict flag = true
      client.rm.lock.retry-times whole = 30
      client.rm.report-retry-count whole = 5
      client.rm.report-success-enable flag = false
      client.rm.saga-branch-register-enable flag = false
      client.rm.saga-compensate-persist-mode-update flag = false
      client.rm.saga-json-parser text(fastjson|jackson|gson) = fastjson
      client.rm.saga-retry-persist-mode-update flag = false
      client.rm.table-meta-check-enable flag = false
      client.rm.table-meta-checker-interval whole = 60000
      client.tm.commit-retry-count whole = 5
      client.tm.default-global-transaction-timeout whole = 60000
      client.tm.degrade-check flag = false
      client.tm.degrade-check-allow-times whole = 10
      client.tm.degrade-check-period whole = 2000
      client.tm.rollback-retry-count whole = 5
      client.undo.compress.enable flag = true
      client.undo.compress.threshold text = 64k
      client.undo.compress.type text(none|gzip|zip|sevenz|bzip2|lz4|deflater|zstd) = zip
      client.undo.data-validation flag = true
      client.undo.log-serialization text(jackson|fastjson|kryo|fst|protostuff) = jackson
      client.undo.log-table text = undo_log
      client.undo.only-care-update-columns flag = true
      config.type text(file|nacos|apollo|zk|consul|etcd3|springcloudconfig|custom) = file
      data-source-proxy-mode text(AT|XA) = AT
      enable-auto-data-source-proxy flag = true
      enabled flag = true
      registry.type text(file|nacos|eureka|redis|zk|consul|etcd3|sofa|custom|raft|seata) = file
      service.disable-global-transaction flag = false
      tcc.context-json-parser-type text(fastjson|jackson|gson) = fastjson
      tcc.fence.clean-period text = 1h
      tcc.fence.log-table-name text = tcc_fence_log
      tx-service-group text !
      use-jdk-proxy flag = false
      """)

  /// Keys of the coordinator.
  static let seataServer = KeyList(
    system: seata, version: seataVersion, source: "server/src/main/resources/application.example.yml",
    text: """
      console.user.password text !
      console.user.username text !
      seata.config.type text(file|nacos|apollo|zk|consul|etcd3|springcloudconfig|custom) = file
      seata.registry.type text(file|nacos|eureka|redis|zk|consul|etcd3|sofa|custom|raft|seata) = file
      seata.server.max-commit-retry-timeout whole = -1
      seata.server.max-rollback-retry-timeout whole = -1
      seata.server.rollback-retry-timeout-unlock-enable flag = false
      seata.server.service-port whole = 8091
      seata.server.undo.log-delete-period whole = 86400000
      seata.server.undo.log-save-days whole = 7
      seata.store.db.branch-table text = branch_table
      seata.store.db.datasource text(druid|dbcp|hikari) = druid
      seata.store.db.db-type text(mysql|oracle|postgresql|sqlserver|dm|kingbase|oscar|oceanbase|mariadb|h2)
      seata.store.db.distributed-lock-table text = distributed_lock
      seata.store.db.driver-class-name class
      seata.store.db.global-table text = global_table
      seata.store.db.lock-table text = lock_table
      seata.store.db.max-conn whole = 30
      seata.store.db.max-wait whole = 5000
      seata.store.db.min-conn whole = 5
      seata.store.db.password text
      seata.store.db.query-limit whole = 100
      seata.store.db.url text
      seata.store.db.user text
      seata.store.db.vgroup-table text
      seata.store.lock.mode text(file|db|redis|raft)
      seata.store.mode text(file|db|redis|raft) !
      seata.store.session.mode text(file|db|redis|raft)
      server.port whole = 7091
      """)

  /// Keys of TX-LCN's clients, read when a use of it is converted; nothing is written in them.
  static let txLcnClient = KeyList(
    system: "TX-LCN", version: "5.0.2.RELEASE at 26a42955", source: "TxClientConfig, RpcConfig, TxLoggerProperties",
    prefixes: ["logger."],
    text: """
      aspect.log.file-path text
      client.chain-level whole = 3
      client.dtx-aspect-order whole = 0
      client.dtx-time whole = 30000
      client.manager-address list = 127.0.0.1:8070
      client.resource-order whole = 0
      client.tx-manager-delay whole
      client.tx-manager-heart whole
      message.netty.attr-delay-time whole = -1
      message.netty.cache-size whole = 1024
      message.netty.reconnect-count whole = 8
      message.netty.reconnect-delay whole = 6000
      message.netty.wait-time whole = -1
      """)

  /// Keys of its manager.
  static let txLcnManager = KeyList(
    system: "TX-LCN manager", version: "5.0.2.RELEASE at 26a42955", source: "TxManagerConfig",
    text: """
      manager.admin-key text = codingapi
      manager.concurrent-level whole = 0
      manager.dtx-lock-time whole = -1
      manager.dtx-time whole = 8000
      manager.ex-url text
      manager.ex-url-enabled flag = true
      manager.heart-time whole = 300000
      manager.host text = 127.0.0.1
      manager.port whole
      manager.seq-len whole = 12
      """)
}

extension ConfigFileKind {
  /// The Seata part of a service's configuration.
  static let seataClient = ConfigFileKind(
    name: "Seata client", format: .yaml,
    matches: { fileName($0).hasPrefix("seata-client-") && $0.hasSuffix(".yml") },
    layers: { _ in [KeyLayer(prefix: "seata.", list: .seataClient)] },
    rules: { entries in
      let group = entries.first { $0.key == "seata.tx-service-group" }?.value ?? ""
      return [
        SafetyRule(
          "seata.client.tm.degrade-check", .notOneOf(["true"]), "work would go on without a global transaction"),
        SafetyRule(
          "seata.client.undo.data-validation", .notOneOf(["false"]), "rows others changed would be overwritten"),
        SafetyRule("seata.service.disable-global-transaction", .notOneOf(["true"]), "nothing would be rolled back"),
        SafetyRule("seata.service.vgroup-mapping.\(group)", .present, "the group would have no coordinator"),
        SafetyRule("seata.enable-auto-data-source-proxy", .present, "the default is AT, also inside sagas"),
      ]
    })

  /// The coordinator.
  static let seataServer = ConfigFileKind(
    name: "Seata server", format: .yaml, matches: { fileName($0) == "seata-server.yml" },
    layers: { _ in [KeyLayer(prefix: "", list: .seataServer)] },
    rules: { _ in
      [
        SafetyRule("seata.store.mode", .oneOf(["db", "raft", "redis"]), "sessions in a file are lost with the host"),
        SafetyRule("console.user.password", .notOneOf(["seata"]), "the default is known to everybody"),
        SafetyRule(
          "seata.store.db.vgroup-table", .oneOf(["vgroup_table"]), "upstream's default is no name its script makes"),
        SafetyRule(
          "seata.server.rollback-retry-timeout-unlock-enable", .oneOf(["false"]), "locks would be given up too early"),
      ]
    })
}
