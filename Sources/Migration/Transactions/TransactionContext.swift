import Basics
import Decomposition
import Facts

extension GroupContext {
  /// The service that owns a table; empty when none does.
  func serviceOf(_ table: TableName) -> String { tableOwners[table]?.service ?? "" }

  /// The names of everything the move of another service creates.
  func names(of service: String) -> ObjectNames {
    ObjectNames(
      slug: slug(service), sourceSchema: names.sourceSchema, taken: names.taken, engine: names.engine,
      targetEngine: names.targetEngine)
  }

  /// Whether a write only records that something happened.
  func isNews(_ touch: Touch) -> Bool {
    if touch.isEcho { return true }
    guard touch.reading.verb == .insert else { return false }
    return tableOwners[touch.table]?.ownership == .common
  }

  /// Groups of transactions this group's S4 replaces: those no group that moves earlier has replaced.
  var replaced: [SpanningGroup] { spanning.filter { !replacedBefore.contains($0.name) } }

  /// The sagas of a group of transactions; the variants that are left out because there are too many come second.
  func sagas(of group: SpanningGroup) -> (sagas: [SagaPlan], others: [TransactionVariant]) {
    let builder = SagaBuilder(group: group, context: self)
    let made = group.variants.prefix(TransactionsStep.mostVariants).compactMap(builder.saga)
    return (made, Array(group.variants.dropFirst(TransactionsStep.mostVariants)))
  }

  /// Sagas are made for groups decided so, and for what is left of others once services that belong together are one.
  func sagas(where isWanted: (SpanningGroup) -> Bool) -> [(group: SpanningGroup, saga: SagaPlan)] {
    spanning.filter { isWanted($0) && $0.keepsImages }.flatMap { group in sagas(of: group).sagas.map { (group, $0) } }
  }
}

extension SpanningGroup {
  /// Whether a saga is what replaces its transactions.
  var hasSagas: Bool {
    switch decision.answer {
    case .keepTogether, .replace(.saga): true
    case .tell, .replace(.tcc), .replace(.seata), .replace(.xa): false
    }
  }

  /// Whether the steps of its transactions are kept in the log of steps, with images of their rows.
  var keepsImages: Bool { hasSagas || uses(.tcc) }

  /// Whether it runs under Seata's coordinator.
  var needsCoordinator: Bool {
    switch decision.answer {
    case .replace(.tcc), .replace(.seata), .replace(.xa): true
    case .keepTogether, .replace(.saga): SagaStyle.fitting(participants: decision.locals) == .orchestration
    case .tell: false
    }
  }

  /// Whether a style replaces its transactions.
  func uses(_ style: TransactionStyle) -> Bool { decision.answer == .replace(style) }
}
