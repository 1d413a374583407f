/// Configuration files of Seata 2.x.
struct SeataConfig {
  /// What the coordinator is used for.
  enum Mode: Hashable {
    case saga, at, tcc, xa
  }

  let service: String
  let slug: String
  let mode: Mode
  let engine: PlanEngine
  /// Name of the fence table as the client has to write it.
  let fence: String

  private static let cluster = "default"

  /// The group transactions of a service run in; at most 32 characters, as the coordinator stores it.
  private var group: String { "\(slug.prefix(20))_tx_group" }

  /// The part of a service's `application.yml`.
  func client() -> String {
    let isProxied = mode == .at || mode == .xa
    var rm: [(key: String, value: YAMLNode)] = [
      (
        "lock",
        .map([
          ("retry-interval", .number(10)), ("retry-times", .number(30)),
          ("retry-policy-branch-rollback-on-conflict", .flag(true)),
        ])
      ), ("saga-json-parser", .text("jackson")),
    ]
    if mode == .at {
      // Without the check a branch is undone over a row that others have changed.
      rm += [("report-success-enable", .flag(false)), ("table-meta-check-enable", .flag(true))]
    }
    if mode == .xa {
      rm += [("branch-execution-timeout-xa", .number(10000)), ("connection-two-phase-hold-timeout-xa", .number(10000))]
    }
    var client: [(key: String, value: YAMLNode)] = [
      ("rm", .map(rm)),
      (
        "tm",
        .map([
          ("default-global-transaction-timeout", .number(mode == .xa ? 10000 : 60000)), ("degrade-check", .flag(false)),
        ])
      ),
    ]
    if mode == .at {
      client.append(
        (
          "undo",
          .map([
            ("data-validation", .flag(true)), ("log-serialization", .text("jackson")), ("log-table", .text("undo_log")),
            ("only-care-update-columns", .flag(true)),
          ])
        ))
    }
    var seata: [(key: String, value: YAMLNode)] = [
      ("enabled", .flag(true)), ("application-id", .text(String(slug.prefix(32)))), ("tx-service-group", .text(group)),
      ("enable-auto-data-source-proxy", .flag(isProxied)),
    ]
    // Automatic branches inside a saga would hold locks of their own.
    if isProxied { seata.append(("data-source-proxy-mode", .text(mode == .xa ? "XA" : "AT"))) }
    seata += [
      ("client", .map(client)),
      (
        "service",
        .map([
          ("vgroup-mapping", .map([(group, .text(Self.cluster))])),
          ("grouplist", .map([(Self.cluster, .text("seata-server:8091"))])),
          ("disable-global-transaction", .flag(false)),
        ])
      ), ("registry", .map([("type", .text("file"))])), ("config", .map([("type", .text("file"))])),
    ]
    if mode == .tcc {
      seata.append(
        (
          "tcc",
          .map([
            ("fence", .map([("log-table-name", .text(fence)), ("clean-period", .text("1h"))])),
            ("context-json-parser-type", .text("jackson")),
          ])
        ))
    }
    return YAMLText.document(.map([("seata", .map(seata))]))
  }

  /// `application.yml` of the coordinator, with its tables in a database.
  static func server(engine: PlanEngine) -> String {
    let (type, driver, url) =
      switch engine {
      case .postgres: ("postgresql", "org.postgresql.Driver", "jdbc:postgresql://seata-db:5432/seata")
      case .mysql:
        ("mysql", "com.mysql.cj.jdbc.Driver", "jdbc:mysql://seata-db:3306/seata?rewriteBatchedStatements=true")
      case .mariadb:
        ("mysql", "com.mysql.cj.jdbc.Driver", "jdbc:mysql://seata-db:3306/seata?rewriteBatchedStatements=true")
      case .sqlserver:
        (
          "sqlserver", "com.microsoft.sqlserver.jdbc.SQLServerDriver",
          "jdbc:sqlserver://seata-db:1433;databaseName=seata"
        )
      case .oracle: ("oracle", "oracle.jdbc.OracleDriver", "jdbc:oracle:thin:@seata-db:1521/seata")
      }
    return YAMLText.document(
      .map([
        ("server", .map([("port", .number(7091))])),
        // Both default to seata: whoever reaches the console could end transactions.
        (
          "console",
          .map([
            (
              "user",
              .map([("username", .text("${SEATA_CONSOLE_USER}")), ("password", .text("${SEATA_CONSOLE_PASSWORD}"))])
            )
          ])
        ),
        (
          "seata",
          .map([
            ("config", .map([("type", .text("file"))])), ("registry", .map([("type", .text("file"))])),
            (
              "store",
              .map([
                ("mode", .text("db")), ("lock", .map([("mode", .text("db"))])),
                ("session", .map([("mode", .text("db"))])),
                (
                  "db",
                  .map([
                    ("datasource", .text("druid")), ("db-type", .text(type)), ("driver-class-name", .text(driver)),
                    ("url", .text(url)), ("user", .text("${SEATA_DB_USER}")),
                    ("password", .text("${SEATA_DB_PASSWORD}")),
                    ("min-conn", .number(5)), ("max-conn", .number(30)), ("global-table", .text("global_table")),
                    ("branch-table", .text("branch_table")), ("lock-table", .text("lock_table")),
                    ("distributed-lock-table", .text("distributed_lock")), ("vgroup-table", .text("vgroup_table")),
                  ])
                ),
              ])
            ),
            (
              "server",
              .map([
                ("service-port", .number(8091)), ("max-commit-retry-timeout", .number(-1)),
                ("max-rollback-retry-timeout", .number(-1)), ("rollback-retry-timeout-unlock-enable", .flag(false)),
                ("undo", .map([("log-save-days", .number(7)), ("log-delete-period", .number(86_400_000))])),
              ])
            ),
          ])
        ),
      ]))
  }
}
