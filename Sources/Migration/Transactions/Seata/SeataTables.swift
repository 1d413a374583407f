/// The tables of Seata 2.x as its scripts make them (script/client, script/server), for all engines.
struct SeataTables {
  let text: SQLText
  /// Where they stand; nil for the schema of the connection, as Seata looks for them.
  let schema: String?

  private func name(_ table: String) -> String { schema.map { "\(text.name($0)).\(table)" } ?? table }

  /// Names are written without quotes: Seata does not quote them either, and engines that fold names agree with it.
  private func create(_ table: String, _ lines: [String]) -> String {
    "CREATE TABLE \(name(table)) (\n\(lines.map { "  \($0)" }.joined(separator: ",\n"))\n)\(text.tableSuffix);"
  }

  private func index(_ index: String, on table: String, _ columns: String) -> String {
    // PostgreSQL puts an index beside its table, and takes no schema here.
    "CREATE INDEX \(text.engine == .oracle && schema != nil ? "\(name(index))" : index) ON \(name(table)) (\(columns));"
  }

  private func drop(_ tables: [String]) -> String {
    tables.reversed().map { "DROP TABLE \(name($0));" }.joined(separator: "\n")
  }

  private func words(_ length: Int) -> String {
    text.engine == .oracle ? "varchar2(\(length))" : "varchar(\(length))"
  }

  private var big: String { text.engine == .oracle ? "number(19)" : "bigint" }
  private var small: String { text.engine == .oracle ? "number(3)" : text.engine == .postgres ? "smallint" : "tinyint" }
  private var whole: String { text.engine == .oracle ? "number(10)" : "int" }
  /// A reserved word of Oracle, which holds plain names in capitals.
  private var cluster: String { text.engine == .oracle ? "\"CLUSTER\"" : "cluster" }
  private var bytes: String { text.type(.bytes) }
  private var long: String { text.type(.longText) }

  private func moment(_ digits: Int) -> String {
    switch text.engine {
    case .postgres, .oracle: "timestamp(\(digits))"
    case .mysql, .mariadb: "datetime(\(digits))"
    case .sqlserver: "datetime2"
    }
  }

  /// AT mode: what undoes a branch. MySQL's script has no primary key; here it has one, which group replication wants.
  func undoLog() -> Script {
    let key: [String] =
      switch text.engine {
      case .postgres: ["id serial NOT NULL", "PRIMARY KEY (id)"]
      case .oracle: ["id number(19) NOT NULL", "PRIMARY KEY (id)"]
      case .mysql, .mariadb: ["id bigint NOT NULL AUTO_INCREMENT", "PRIMARY KEY (id)"]
      case .sqlserver: []
      }
    let lines =
      key.prefix(1) + [
        "branch_id \(big) NOT NULL", "xid \(words(128)) NOT NULL", "context \(words(128)) NOT NULL",
        "rollback_info \(bytes) NOT NULL", "log_status \(whole) NOT NULL", "log_created \(moment(6)) NOT NULL",
        "log_modified \(moment(6)) NOT NULL",
      ] + key.dropFirst() + ["CONSTRAINT ux_undo_log UNIQUE (xid, branch_id)"]
    var up = [create("undo_log", Array(lines)), index("ix_log_created", on: "undo_log", "log_created")]
    var down = drop(["undo_log"])
    if text.engine == .oracle {
      up.append("CREATE SEQUENCE \(name("UNDO_LOG_SEQ")) START WITH 1 INCREMENT BY 1;")
      down = "DROP SEQUENCE \(name("UNDO_LOG_SEQ"));\n\(down)"
    }
    return Script(up: up.joined(separator: "\n"), down: down)
  }

  /// TCC: what makes confirm and cancel happen once, empty rollbacks harmless and late tries refused.
  func fence() -> Script {
    let lines = [
      "xid \(words(128)) NOT NULL", "branch_id \(big) NOT NULL", "action_name \(words(64)) NOT NULL",
      "status \(small) NOT NULL", "gmt_create \(moment(3)) NOT NULL", "gmt_modified \(moment(3)) NOT NULL",
      "PRIMARY KEY (xid, branch_id)",
    ]
    return Script(
      up: [
        create("tcc_fence_log", lines), index("idx_fence_gmt_modified", on: "tcc_fence_log", "gmt_modified"),
        index("idx_fence_status", on: "tcc_fence_log", "status"),
      ].joined(separator: "\n"), down: drop(["tcc_fence_log"]))
  }

  /// Saga: definitions and runs of state machines, where the orchestrator keeps them.
  func saga() -> Script {
    let tables: [(String, [String])] = [
      (
        "seata_state_machine_def",
        [
          "id \(words(32)) NOT NULL", "name \(words(128)) NOT NULL", "tenant_id \(words(32)) NOT NULL",
          "app_name \(words(32)) NOT NULL", "type \(words(20))", "comment_ \(words(255))", "ver \(words(16)) NOT NULL",
          "gmt_create \(moment(3)) NOT NULL", "status \(words(2)) NOT NULL", "content \(long)",
          "recover_strategy \(words(16))", "PRIMARY KEY (id)",
        ]
      ),
      (
        "seata_state_machine_inst",
        [
          "id \(words(128)) NOT NULL", "machine_id \(words(32)) NOT NULL", "tenant_id \(words(32)) NOT NULL",
          "parent_id \(words(128))", "gmt_started \(moment(3)) NOT NULL", "business_key \(words(48))",
          "start_params \(long)", "gmt_end \(moment(3))", "excep \(bytes)", "end_params \(long)", "status \(words(2))",
          "compensation_status \(words(2))", "is_running \(small)", "gmt_updated \(moment(3)) NOT NULL",
          "PRIMARY KEY (id)", "CONSTRAINT unikey_buz_tenant UNIQUE (business_key, tenant_id)",
        ]
      ),
      (
        "seata_state_inst",
        [
          "id \(words(48)) NOT NULL", "machine_inst_id \(words(128)) NOT NULL", "name \(words(128)) NOT NULL",
          "type \(words(20))", "service_name \(words(128))", "service_method \(words(128))",
          "service_type \(words(16))", "business_key \(words(48))", "state_id_compensated_for \(words(50))",
          "state_id_retried_for \(words(50))", "gmt_started \(moment(3)) NOT NULL", "is_for_update \(small)",
          "input_params \(long)", "output_params \(long)", "status \(words(2)) NOT NULL", "excep \(bytes)",
          "gmt_updated \(moment(3))", "gmt_end \(moment(3))", "PRIMARY KEY (id, machine_inst_id)",
        ]
      ),
    ]
    return Script(
      up: tables.map { create($0.0, $0.1) }.joined(separator: "\n\n"), down: drop(tables.map(\.0)))
  }
}

extension SeataTables {
  /// The coordinator's own tables, with a lock table wide enough for the tables of the system.
  func server(lock: LockWidths) -> Script {
    let times = ["gmt_create \(moment(3))", "gmt_modified \(moment(3))"]
    let tables: [(String, [String])] = [
      (
        "global_table",
        [
          "xid \(words(128)) NOT NULL", "transaction_id \(big)", "status \(small) NOT NULL",
          "application_id \(words(32))", "transaction_service_group \(words(32))", "transaction_name \(words(128))",
          "timeout \(whole)", "begin_time \(big)", "application_data \(words(2000))",
        ] + times + ["PRIMARY KEY (xid)"]
      ),
      (
        "branch_table",
        [
          "branch_id \(big) NOT NULL", "xid \(words(128)) NOT NULL", "transaction_id \(big)",
          "resource_group_id \(words(32))", "resource_id \(words(256))", "branch_type \(words(8))", "status \(small)",
          "client_id \(words(64))", "application_data \(words(2000))",
        ] + times + ["PRIMARY KEY (branch_id)"]
      ),
      (
        "lock_table",
        [
          "row_key \(words(lock.rowKey)) NOT NULL", "xid \(words(128))", "transaction_id \(big)",
          "branch_id \(big) NOT NULL", "resource_id \(words(256))", "table_name \(words(lock.table))",
          "pk \(words(lock.key))", "status \(small) DEFAULT 0 NOT NULL",
        ] + times + ["PRIMARY KEY (row_key)"]
      ),
      (
        "distributed_lock",
        [
          "lock_key char(20) NOT NULL", "lock_value \(words(20)) NOT NULL", "expire \(big)", "PRIMARY KEY (lock_key)",
        ]
      ),
      (
        "vgroup_table",
        [
          "vGroup \(words(255))", "namespace \(words(255))", "\(cluster) \(words(255))",
          "CONSTRAINT idx_vgroup_namespace_cluster UNIQUE (vGroup, namespace, \(cluster))",
        ]
      ),
    ]
    let indexes = [
      index("idx_status_gmt_modified", on: "global_table", "status, gmt_modified"),
      index("idx_transaction_id", on: "global_table", "transaction_id"),
      index("idx_branch_xid", on: "branch_table", "xid"), index("idx_lock_status", on: "lock_table", "status"),
      index("idx_lock_branch_id", on: "lock_table", "branch_id"), index("idx_lock_xid", on: "lock_table", "xid"),
    ]
    // Oracle keeps no empty text, so that a lock nobody holds is written as a space there, as Seata's script does.
    let free = text.engine == .oracle ? "' '" : "''"
    let seeds = ["AsyncCommitting", "RetryCommitting", "RetryRollbacking", "TxTimeoutCheck"].map {
      "INSERT INTO \(name("distributed_lock")) (lock_key, lock_value, expire) VALUES ('\($0)', \(free), 0);"
    }
    return Script(
      up: (tables.map { create($0.0, $0.1) } + indexes + seeds).joined(separator: "\n"),
      down: drop(tables.map(\.0)))
  }
}

/// How wide the columns of `lock_table` have to be.
///
/// A longer name makes the insert of the lock fail, which the client reports as a timeout of the global lock.
struct LockWidths: Hashable {
  /// As upstream has them.
  static let upstream = LockWidths(table: 32, key: 36, rowKey: 128)

  let table: Int
  let key: Int
  let rowKey: Int

  /// What the tables need: composite keys are joined by `_`, the row key is resource, table and key.
  init(for tables: [PlannedTable]) {
    let names = tables.map { $0.target.name.utf8.count + $0.target.schema.utf8.count + 1 }.max() ?? 0
    let keys = tables.map(Self.keyWidth).max() ?? 0
    table = max(Self.upstream.table, names)
    key = max(Self.upstream.key, keys)
    // The resource is the database's address without its options; upstream allows it 256.
    rowKey = table <= Self.upstream.table && key <= Self.upstream.key ? Self.upstream.rowKey : 256 + table + key + 8
  }

  private init(table: Int, key: Int, rowKey: Int) {
    self.table = table
    self.key = key
    self.rowKey = rowKey
  }

  /// The longest text of a key: numbers take up to 20 characters.
  static func keyWidth(_ table: PlannedTable) -> Int {
    let parts = table.key.columns.map { column -> Int in
      let type = table.columns.first { $0.name == column }?.type
      switch table.kind(of: column) {
      case .integer: return 20
      case .uuid: return 36
      case .date, .time, .timestamp, .timestampZone: return 32
      case .decimal, .money, .boolean, .float, .text, .padded, .plain, .binary, .json, .bits, .other:
        return min(type?.maxBytes ?? 255, 255)
      }
    }
    return parts.reduce(0, +) + max(0, parts.count - 1)
  }
}
