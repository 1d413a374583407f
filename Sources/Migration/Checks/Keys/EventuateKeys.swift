extension KeyList {
  private static let version = "eventuate-cdc at 14bfad0b"

  /// Variables of the CDC service that belong to no reader, pipeline or cleaner.
  static let eventuateService = KeyList(
    system: "Eventuate CDC", version: version, source: "EventuateConfigurationProperties, docker-compose files",
    text: """
      EVENTUATELOCAL_KAFKA_BOOTSTRAP_SERVERS text !
      EVENTUATELOCAL_ZOOKEEPER_CONNECTION_STRING text !
      """)

  /// Variables of a reader, below `EVENTUATE_CDC_READER_NAME_`.
  static let eventuateReader = KeyList(
    system: "Eventuate CDC reader", version: version, source: "CdcPipelineReaderProperties and its subclasses",
    text: """
      ADDITIONALSERVICEREPLICATIONSLOTNAME text = eventuate_offset_control_slot
      BINLOGCONNECTIONTIMEOUTINMILLISECONDS whole = 5000
      CDCDBPASSWORD text
      CDCDBUSERNAME text
      DATASOURCEDRIVERCLASSNAME class !
      DATASOURCEPASSWORD text !
      DATASOURCEURL text !
      DATASOURCEUSERNAME text !
      LEADERSHIPLOCKPATH text !
      MAXATTEMPTSFORBINLOGCONNECTION whole = 100
      MAXATTEMPTSFORPOLLING whole = 100
      MAXEVENTSPERPOLLING whole = 1000
      MONITORINGRETRYATTEMPTS whole = 1000
      MONITORINGRETRYINTERVALINMILLISECONDS whole = 500
      MONITORINGSCHEMA text = eventuate
      MYSQLBINLOGCLIENTUNIQUEID whole
      OFFSETSTORAGETOPICNAME text = offset.storage.topic
      OFFSETSTOREKEY text
      OUTBOXID whole !
      OUTBOXTABLES whole
      POLLINGINTERVALINMILLISECONDS whole = 500
      POLLINGPARALLELCHANNELNAMES list
      POLLINGRETRYINTERVALINMILLISECONDS whole = 500
      POSTGRESREPLICATIONSLOTNAME text = eventuate_slot
      POSTGRESREPLICATIONSTATUSINTERVALINMILLISECONDS whole = 1000
      POSTGRESWALINTERVALINMILLISECONDS whole = 500
      READOLDDEBEZIUMDBOFFSETSTORAGETOPIC flag
      REPLICATIONLAGMEASURINGINTERVALINMILLISECONDS whole = 10000
      TYPE text(mysql-binlog|postgres-wal|polling) !
      WAITFOROFFSETSYNCTIMEOUTINMILLISECONDS whole = 60000
      """)

  /// Variables of a pipeline, below `EVENTUATE_CDC_PIPELINE_NAME_`.
  static let eventuatePipeline = KeyList(
    system: "Eventuate CDC pipeline", version: version, source: "CdcPipelineProperties",
    text: """
      EVENTUATEDATABASESCHEMA text
      READER text !
      SOURCETABLENAME text
      TYPE text(eventuate-tram|eventuate-local) !
      """)

  /// Variables of a cleaner, below `EVENTUATE_CDC_CLEANER_NAME_`.
  static let eventuateCleaner = KeyList(
    system: "Eventuate CDC cleaner", version: version, source: "MessageCleanerProperties, docker-compose files",
    text: """
      INTERVAL_IN_SECONDS whole = 60
      MESSAGES_MAX_AGE_IN_SECONDS whole = 172800
      MESSAGE_CLEANING_ENABLED flag = false
      PIPELINE text !
      RECEIVED_MESSAGES_MAX_AGE_IN_SECONDS whole = 172800
      RECEIVED_MESSAGE_CLEANING_ENABLED flag = false
      """)
}
