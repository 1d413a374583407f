/// A figure about a decomposition: its name, which way it should go, and where its formula stands.
package struct DecompositionMetric: Sendable {
  /// Which way is better.
  package enum Direction: String, Hashable, Sendable {
    case higher, lower
    /// Neither: it says something about the system or depends on taste.
    case neither
  }

  /// Name in reports and tables; a paper's name follows where papers use one name for different formulas.
  package let name: String
  /// Which way is better.
  package let better: Direction
  /// The formula; range and source are in its doc comment.
  let value: @Sendable (ProposalMetrics) -> Double

  private init(_ name: String, _ better: Direction, _ value: @escaping @Sendable (ProposalMetrics) -> Double) {
    self.name = name
    self.better = better
    self.value = value
  }

  /// Every metric once, in the order of the report.
  package static let all: [DecompositionMetric] = [
    DecompositionMetric("services", .neither) { $0.services },
    DecompositionMetric("modularity", .higher) { $0.figures.modularity },
    DecompositionMetric("mean_cohesion", .higher) { $0.meanCohesion },
    DecompositionMetric("mean_conductance", .lower) { $0.meanConductance },
    DecompositionMetric("mean_instability", .neither) { $0.meanInstability },
    DecompositionMetric("tables", .neither) { $0.tables },
    DecompositionMetric("single_writer_share", .higher) { $0.singleWriterShare },
    DecompositionMetric("joint_share", .lower) { $0.jointShare },
    DecompositionMetric("common_share", .neither) { $0.commonShare },
    DecompositionMetric("unwritten_share", .neither) { $0.unwrittenShare },
    DecompositionMetric("mean_owner_margin", .higher) { $0.meanOwnerMargin },
    DecompositionMetric("cross_write", .lower) { $0.seams(.write) },
    DecompositionMetric("cross_read", .lower) { $0.seams(.read) },
    DecompositionMetric("cross_join", .lower) { $0.seams(.join) },
    DecompositionMetric("cross_foreign_key", .lower) { $0.seams(.foreignKey) },
    DecompositionMetric("cross_transaction", .lower) { $0.seams(.transaction) },
    DecompositionMetric("cross_n_plus_one", .lower) { $0.seams(.nPlusOne) },
    DecompositionMetric("cross_trigger", .lower) { $0.seams(.trigger) },
    DecompositionMetric("distributed_transaction_share", .lower) { $0.distributedTransactionShare },
    DecompositionMetric("unassigned_share", .lower) { $0.unassignedShare },
    DecompositionMetric("cross_foreign_key_share", .lower) { $0.crossForeignKeyShare },
    DecompositionMetric("hidden_writers", .neither) { $0.hiddenWriters },
    DecompositionMetric("cross_hidden_writers", .lower) { $0.crossHiddenWriters },
    DecompositionMetric("replicas", .lower) { $0.replicas },
    DecompositionMetric("replicated_columns", .lower) { $0.replicatedColumns },
    DecompositionMetric("sm_mono2micro", .higher) { $0.split.structuralModularityMono2Micro },
    DecompositionMetric("sm_fosci", .higher) { $0.split.structuralModularityFoSCI },
    DecompositionMetric("sm_chgnn", .higher) { $0.split.structuralModularityCHGNN },
    DecompositionMetric("sm_rldec", .higher) { $0.split.structuralModularityRLDec },
    DecompositionMetric("icp_mono2micro", .lower) { $0.split.interCallMono2Micro },
    DecompositionMetric("icp_cargo", .lower) { $0.split.interCallCARGO },
    DecompositionMetric("icp_rldec", .lower) { $0.split.interCallRLDec },
    DecompositionMetric("ifn_mono2micro", .lower) { $0.split.interfacesMono2Micro },
    DecompositionMetric("ifn_fosci", .lower) { $0.split.interfacesFoSCI },
    DecompositionMetric("ned_mono2micro", .lower) { $0.split.extremesMono2Micro },
    DecompositionMetric("ned_rldec", .lower) { $0.split.extremesRLDec },
    DecompositionMetric("ned_chgnn", .higher) { $0.split.evennessCHGNN },
    DecompositionMetric("bcp_mono2micro", .lower) { $0.split.contextPurityMono2Micro },
    DecompositionMetric("bcp_cargo", .lower) { $0.split.contextPurityCARGO },
    DecompositionMetric("coupling_cargo", .lower) { $0.couplingCARGO },
    DecompositionMetric("cohesion_cargo", .higher) { $0.meanCohesionCARGO },
    DecompositionMetric("tp_entry", .higher) { $0.split.purityAtEntry },
    DecompositionMetric("tp_access", .higher) { $0.split.purityAtAccess },
    DecompositionMetric("tp_write", .higher) { $0.split.purityAtWrite },
    DecompositionMetric("tp_entry_normalised", .higher) { $0.split.evenPurityAtEntry },
    DecompositionMetric("tp_access_normalised", .higher) { $0.split.evenPurityAtAccess },
    DecompositionMetric("tp_write_normalised", .higher) { $0.split.evenPurityAtWrite },
    DecompositionMetric("turbo_mq", .higher) { $0.split.turboMQ },
  ]
}
