extension KeyList {
  /// Keys of the standalone server; a wrong spelling between kebab, snake and camel case is passed over in silence.
  static let spinalTap = KeyList(
    system: "SpinalTap", version: "master at 6992bc33",
    source:
      "SpinalTapStandaloneConfiguration, MysqlConfiguration, SourceConfiguration, DestinationConfiguration, BinlogFilePos",
    text: #"""
      kafka-config.bootstrap_servers text !
      mysql-password text !
      mysql-schema-store.archive-database text = schema_store_archives
      mysql-schema-store.database text = schema_store
      mysql-schema-store.host text
      mysql-schema-store.mtls_enabled flag
      mysql-schema-store.port whole
      mysql-server-id whole ! = 65535
      mysql-sources[].delay_send_ms whole = 0
      mysql-sources[].destination.buffer_size whole = 0
      mysql-sources[].destination.pool_size whole = 0
      mysql-sources[].destination.type text(kafka) = kafka
      mysql-sources[].host text
      mysql-sources[].host_role text(MASTER|REPLICA|MIGRATION) = MASTER
      mysql-sources[].initial_binlog_position.fileName text
      mysql-sources[].initial_binlog_position.gtidSet text
      mysql-sources[].initial_binlog_position.nextPosition whole
      mysql-sources[].initial_binlog_position.position whole
      mysql-sources[].initial_binlog_position.serverUUID text
      mysql-sources[].instance_group_tag text
      mysql-sources[].large_message_enabled flag = false
      mysql-sources[].mtls_enabled flag = false
      mysql-sources[].name text
      mysql-sources[].overriding_database text
      mysql-sources[].port whole = 5672
      mysql-sources[].replicas whole = 3
      mysql-sources[].schema_version_enabled flag = false
      mysql-sources[].server_id whole = -1
      mysql-sources[].socket_timeout_seconds whole = 90
      mysql-sources[].ssl_mode text(DISABLED|PREFERRED|REQUIRED|VERIFY_CA|VERIFY_IDENTITY) = DISABLED
      mysql-sources[].tables[] text
      mysql-sources[].type text
      mysql-user text !
      tls-config.key_store_file_path text
      tls-config.key_store_password text
      tls-config.key_store_type text
      tls-config.trust_store_file_path text
      tls-config.trust_store_password text
      tls-config.trust_store_type text
      zk-connection-string text !
      zk-namespace text !
      """#)
}
