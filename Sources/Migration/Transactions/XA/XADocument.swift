import Basics

/// What XA needs on an engine, and how transactions in doubt are found and ended.
struct XADocument {
  let group: SpanningGroup
  let context: GroupContext

  /// XA keeps locks on both sides: longer than a quarter it is no migration any more.
  private static let longestDays = 90

  /// `xa-<name>.yaml`.
  var document: String {
    YAMLText.document(
      .map([
        ("transaction", .text(group.name)), ("mode", .text("Seata XA")), ("beganBy", .text(group.service)),
        ("participants", .texts(group.participants)), ("replaces", .texts(group.places.map(\.description))),
        ("rule", .text(group.decision.rule)), ("cannot", .texts(group.decision.limits)),
        ("endsAfterDays", .number(Self.longestDays)),
        ("thenReplacedBy", .text("R5 saga")),
        (
          "annotate",
          .texts([
            "@GlobalTransactional(name = \"\(group.name)\", timeoutMills = 10000, rollbackFor = Exception.class) where it begins"
          ])
        ), ("beforeItStarts", .texts(settings)), ("inDoubt", .text(Self.inDoubt(context.text.engine))),
        ("endOne", .texts(Self.ending(context.text.engine))),
        (
          "whoDecides",
          .text("the coordinator's global_table: commit branches of a transaction that committed, roll back all others")
        ),
      ]))
  }

  private var settings: [String] {
    switch context.text.engine {
    case .postgres:
      [
        "max_prepared_transactions at least as large as max_connections; needs a restart",
        "idle_in_transaction_session_timeout does not end prepared ones: watch them",
      ]
    case .mysql:
      [
        "MySQL 5.7.7 or newer: older servers lose prepared transactions of closed connections",
        "XA_RECOVER_ADMIN for the login that recovers",
      ]
    case .mariadb: ["MariaDB 10.5 or newer: prepared transactions survive the end of their connection"]
    case .sqlserver: ["sp_sqljdbc_xa_install once, and XA enabled in the distributed transaction coordinator"]
    case .oracle: ["SELECT on sys.dba_pending_transactions, EXECUTE on dbms_xa for the login"]
    }
  }

  /// Lists what is prepared and not decided; nothing when all is well.
  static func inDoubt(_ engine: PlanEngine) -> String {
    switch engine {
    case .postgres: "SELECT gid, prepared, owner, database FROM pg_prepared_xacts ORDER BY prepared;"
    case .mysql, .mariadb: "XA RECOVER;"
    case .sqlserver:
      "SELECT t.transaction_id, t.transaction_begin_time, t.transaction_uow FROM sys.dm_tran_active_transactions t "
        + "WHERE t.transaction_type = 4 ORDER BY t.transaction_begin_time;"
    case .oracle: "SELECT local_tran_id, global_tran_id, state, fail_time FROM dba_2pc_pending ORDER BY fail_time;"
    }
  }

  private static func ending(_ engine: PlanEngine) -> [String] {
    switch engine {
    case .postgres: ["COMMIT PREPARED '<gid>';", "ROLLBACK PREPARED '<gid>';"]
    case .mysql, .mariadb:
      ["XA COMMIT '<gtrid>', '<bqual>', <formatID>;", "XA ROLLBACK '<gtrid>', '<bqual>', <formatID>;"]
    case .sqlserver: ["KILL '<transaction_uow>' WITH COMMIT;", "KILL '<transaction_uow>' WITH ROLLBACK;"]
    case .oracle: ["COMMIT FORCE '<local_tran_id>';", "ROLLBACK FORCE '<local_tran_id>';"]
    }
  }
}
