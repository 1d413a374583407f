import Decomposition
package import Reporting

extension Workbench {
  /// Compares the owners of a report with known ones in a CSV file.
  package static func evaluate(_ report: Report, truth: String) throws(PipelineError) -> AgreementText {
    agreement(try OwnerFile(path: truth), report.owners.map { (table: $0.table, service: $0.service) })
  }

  /// Compares an existing split in a CSV file with a known one.
  package static func evaluate(assignment: String, truth: String) throws(PipelineError) -> AgreementText {
    agreement(try OwnerFile(path: truth), try OwnerFile(path: assignment).tables)
  }

  private static func agreement(_ truth: OwnerFile, _ found: [(table: String, service: String)]) -> AgreementText {
    let agreement = OwnerAgreement(truth: truth.tables, found: found)
    var counts = [("common", agreement.common)]
    var shares = [("owned", agreement.owned)]
    if let partition = agreement.partition {
      counts += [("truth_services", partition.truthGroups), ("found_services", partition.foundGroups)]
      shares += figures(partition).map { ($0.name, $0.value) }
    }
    return AgreementText(counts: counts, shares: shares)
  }

  /// Every figure about how two partitions agree, by name.
  static func figures(_ partition: PartitionAgreement) -> [(name: String, value: Double)] {
    [
      ("ari", partition.ari), ("v_measure", partition.vMeasure), ("homogeneity", partition.homogeneity),
      ("completeness", partition.completeness), ("pair_precision", partition.pairPrecision),
      ("pair_recall", partition.pairRecall), ("pair_f1", partition.pairF1), ("mojofm", partition.mojoFM),
    ]
  }
}
