import Decomposition
import Reporting

// What shows an owner, for the report.
extension ReportBuilder {
  static func column(_ proof: ColumnProof) -> ReportColumnProof {
    var row = ReportColumnProof()
    row.name = proof.name
    row.writers = proof.writers.map { ReportColumnUse(service: $0.service, count: $0.count) }
    row.readers = proof.readers.map { ReportColumnUse(service: $0.service, count: $0.count) }
    return row
  }

  static func flip(_ flip: OwnerFlip) -> ReportFlip {
    var row = ReportFlip()
    row.basis = flip.basis.rawValue
    row.placesToMove = flip.placesToMove
    row.placesToAppear = flip.placesToAppear
    row.unsurePlaces = flip.unsurePlaces
    row.hangsOnUnsure = flip.hangsOnUnsure
    row.text = flip.sentence
    return row
  }

  static func hiddenWriter(_ writer: HiddenWriter) -> ReportHiddenWriter {
    var row = ReportHiddenWriter()
    row.kind = writer.kind.rawValue
    row.name = writer.name
    row.service = writer.service
    row.columns = writer.columns
    row.effect = writer.effect
    row.place = place(writer.span)
    return row
  }

  static func joint(_ joint: JointResolution) -> ReportJoint {
    var row = ReportJoint()
    row.parts = joint.parts.map(part)
    row.key = joint.key
    row.unwritten = joint.unwritten.map(part)
    row.delegates = joint.delegates.map { delegate in
      var row = ReportDelegate()
      row.service = delegate.service
      row.count = delegate.places.count
      row.places = delegate.places.prefix(ReportUse.placeLimit).map(place)
      row.callsNow = delegate.callsNow
      return row
    }
    row.shares = joint.shares.map { ReportShare(service: $0.service, share: $0.share) }
    row.threshold = joint.threshold
    row.mutualShare = joint.mutualShare
    return row
  }

  private static func part(_ part: JointResolution.Part) -> ReportPart {
    ReportPart(service: part.service, columns: part.columns)
  }
}
