import Basics
import Facts

/// A use of TX-LCN that was found: kept running, and replaced bit by bit. It is never introduced.
struct LcnConversion {
  let system: SystemFacts

  /// Name under which its users are counted.
  static let library = "TX-LCN"

  /// What shows the use, in words; nil when nothing does.
  var evidence: [String]? {
    let files = system.coverage.unread.filter { $0.name == Self.library }.map { "\($0.files) files import it" }
    let tables = system.catalog.tables.filter { $0.name.baseKey == "t_tx_exception" }.map {
      "table \($0.name.text) of its manager (\($0.source))"
    }
    let all = files + tables
    return all.isEmpty ? nil : all
  }

  /// `txlcn-conversion.yaml`; nil when it is not used.
  var document: String? {
    guard let evidence else { return nil }
    let modes: [(String, String, String)] = [
      ("@LcnTransaction", "R5 saga, or R8 XA for a limited time", "holds a connection until the manager answers"),
      (
        "@TxcTransaction", "R5 saga, or R7 Seata AT once the monolith writes no more",
        "keeps its undo log in a local file database"
      ),
      (
        "@TccTransaction", "R6 TCC: @TwoPhaseBusinessAction with useTCCFence = true",
        "confirm and cancel methods are found by name"
      ),
      ("@TxTransaction", "by its type: lcn, txc or tcc as above", ""),
      ("@EnableDistributedTransaction", "seata.enabled and seata.tx-service-group", ""),
      ("@EnableTransactionManagerServer", "a Seata server", ""),
    ]
    let keys: [(String, String)] = [
      ("tx-lcn.client.manager-address", "seata.service.grouplist.default"),
      ("tx-lcn.client.dtx-time", "seata.client.tm.default-global-transaction-timeout"),
      ("tx-lcn.manager.dtx-time", "timeoutMills of @GlobalTransactional"),
      (
        "tx-lcn.manager.admin-key",
        "console.user.password of the Seata server; the default codingapi is known to everybody"
      ),
      ("tx-lcn.manager.ex-url-enabled", "nothing: set it to false at once, its default posts to a third party"),
      (
        "tx-lcn.aspect.log.file-path",
        "nothing: undo_log is in the database; the file needs a lasting volume until then"
      ),
    ]
    return YAMLText.document(
      .map([
        ("system", .text("TX-LCN 5.0.2: unmaintained since 2020, convert and never introduce")),
        ("evidence", .texts(evidence)),
        (
          "annotations",
          .list(
            modes.map { from, to, trap in
              .map([("from", .text(from)), ("to", .text(to)), ("trap", .text(trap.isEmpty ? "none known" : trap))])
            })
        ), ("settings", .list(keys.map { .map([("from", .text($0.0)), ("to", .text($0.1))]) })),
        (
          "order",
          .texts([
            "end or repair what is open in t_tx_exception (ex_state 0)",
            "convert one transaction at a time; one transaction never runs under both",
            "remove the manager when t_tx_exception stays empty for the hold of S4",
          ])
        ),
      ]))
  }

  /// Counts what the manager has not settled.
  static let openQuery = "SELECT count(*) FROM t_tx_exception WHERE ex_state = 0;"
}
