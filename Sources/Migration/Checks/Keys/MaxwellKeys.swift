extension KeyList {
  /// Options Maxwell takes from its file; it passes over others in silence. Those of the command line only are left out.
  static let maxwell = KeyList(
    system: "Maxwell", version: "1.45.0 at b600e519",
    source: "options and defaults of MaxwellConfig.java",
    prefixes: ["kafka.", "custom_producer."],
    text: #"""
      bigquery_dataset text
      bigquery_project_id text
      bigquery_table text
      binlog_event_queue_size whole = 5000
      binlog_heartbeat flag = false
      bootstrapper text(async|sync|none) = async
      buffer_memory_usage number = 0.25
      client_id text = maxwell
      custom_health.factory text
      custom_producer.factory text
      ddl_kafka_topic text
      ddl_pubsub_topic text
      dead_letter_topic text
      encrypt text(none|data|all) = none
      env_config_prefix text
      exclude_columns text
      filter text
      gtid_mode flag = false
      ha flag = false
      host text = localhost
      http_bind_address text
      http_config flag = false
      http_diagnostic flag = false
      http_diagnostic_timeout whole = 10000
      http_path_prefix text = /
      http_port whole = 8080
      ignore_missing_schema flag = false
      ignore_producer_error flag = true
      javascript text
      jdbc_options text
      jgroups_config text = raft.xml
      kafka.bootstrap.servers text
      kafka_key_format text(hash|array) = hash
      kafka_partition_hash text(default|murmur3) = default
      kafka_topic text = maxwell
      kinesis_md5_keys flag = false
      kinesis_stream text
      log_level text(DEBUG|INFO|WARN|ERROR)
      master_recovery flag = false
      max_schemas whole
      metrics_age_slo whole
      metrics_datadog_apikey text
      metrics_datadog_host text = localhost
      metrics_datadog_interval whole = 60
      metrics_datadog_port whole = 8125
      metrics_datadog_site text = us
      metrics_datadog_tags text
      metrics_datadog_type text = udp
      metrics_jvm flag = false
      metrics_prefix text = MaxwellMetrics
      metrics_slf4j_interval whole = 60
      metrics_type text
      nats_subject text = %{database}.%{table}
      nats_url text = nats://localhost:4222
      output_binlog_position flag = false
      output_commit_info flag = true
      output_ddl flag = false
      output_file text
      output_gtid_position flag = false
      output_naming_strategy text
      output_null_zerodates flag = false
      output_nulls flag = true
      output_primary_key_columns flag = false
      output_primary_keys flag = false
      output_push_timestamp flag = false
      output_row_query flag = false
      output_schema_id flag = false
      output_server_id flag = false
      output_thread_id flag = false
      output_xoffset flag = true
      password text
      port whole = 3306
      producer text(stdout|file|kafka|kinesis|sqs|sns|nats|pubsub|rabbitmq|redis|bigquery|profiler|buffer|none|custom) = stdout
      producer_ack_timeout whole = 0
      producer_partition_by text(database|table|primary_key|transaction_id|thread_id|column|random) = database
      producer_partition_by_fallback text(database|table|primary_key|transaction_id)
      producer_partition_columns text
      pubsub_emulator text
      pubsub_initial_rpc_timeout whole = 5L)
      pubsub_max_retry_delay whole = 60L)
      pubsub_max_rpc_timeout whole = 600L)
      pubsub_message_count_batch_size whole = 1
      pubsub_message_ordering_key text
      pubsub_project_id text
      pubsub_publish_delay_threshold whole = 1L)
      pubsub_request_bytes_threshold whole = 1
      pubsub_retry_delay whole = 100L)
      pubsub_retry_delay_multiplier number = 1.3
      pubsub_rpc_timeout_multiplier number = 1.0
      pubsub_topic text = maxwell
      pubsub_total_timeout whole = 600L)
      rabbitmq_declare_exchange flag = true
      rabbitmq_exchange text = maxwell
      rabbitmq_exchange_autodelete flag = false
      rabbitmq_exchange_durable flag = false
      rabbitmq_exchange_type text = fanout
      rabbitmq_handshake_timeout whole
      rabbitmq_host text
      rabbitmq_message_persistent flag = false
      rabbitmq_pass text = guest
      rabbitmq_port whole
      rabbitmq_routing_key_template text = %db%.%table%
      rabbitmq_uri text
      rabbitmq_use_ssl flag = false
      rabbitmq_user text = guest
      rabbitmq_virtual_host text = /
      raft_member_id text
      redis_auth text
      redis_database whole = 0
      redis_host text = localhost
      redis_key text = maxwell
      redis_port whole = 6379
      redis_sentinel_master_name text
      redis_sentinels text
      redis_stream_json_key text = message
      redis_type text(pubsub|xadd|lpush|rpush) = pubsub
      replica_server_id whole = 6379
      replication_host text
      replication_jdbc_options text
      replication_password text
      replication_port whole
      replication_reconnection_retries whole = 1
      replication_ssl text(DISABLED|PREFERRED|REQUIRED|VERIFY_CA|VERIFY_IDENTITY)
      replication_user text
      row_query_max_length whole = 0
      schema_database text = maxwell
      schema_host text
      schema_jdbc_options text
      schema_password text
      schema_port whole
      schema_ssl text(DISABLED|PREFERRED|REQUIRED|VERIFY_CA|VERIFY_IDENTITY)
      schema_user text
      secret_key text
      sns_attrs text
      sns_service_endpoint text
      sns_signing_region text
      sns_topic text
      sqs_queue_uri text
      sqs_service_endpoint text
      sqs_signing_region text
      ssl text(DISABLED|PREFERRED|REQUIRED|VERIFY_CA|VERIFY_IDENTITY) = DISABLED
      user text
      """#)
}
