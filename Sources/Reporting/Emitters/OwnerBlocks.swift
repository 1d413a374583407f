/// What follows the table of owners for people: how each joint table is resolved, and who writes unseen.
struct OwnerBlocks {
  private let report: Report

  /// Tables and writers shown; `explain` and the JSON show the rest.
  private static let joint = 60
  private static let hidden = 30

  init(_ report: Report) { self.report = report }

  var text: String { (jointLines + hiddenLines).map { $0.oneLine + "\n" }.joined() }

  private var jointLines: [String] {
    let joint = report.owners.filter { !$0.resolution.isEmpty }
    guard !joint.isEmpty else { return [] }
    var lines = ["", "\(counted(joint.count, "table")) written from several services"]
    for owner in joint.prefix(Self.joint) {
      lines.append("  \(owner.table) of \(owner.service): \(owner.resolution)")
      lines += owner.resolutionLines.map { "    \($0)" }
    }
    if joint.count > Self.joint { lines.append("  +\(joint.count - Self.joint) more: cleave owners --format json") }
    return lines
  }

  /// Writers that act for another service than the owner.
  private var hiddenLines: [String] {
    let crossing = report.owners.flatMap { owner in
      owner.hiddenWriters.filter { $0.service != owner.service }.map { (owner.table, $0) }
    }
    guard !crossing.isEmpty else { return [] }
    var lines = ["", "\(counted(crossing.count, "hidden write")) from outside of the owner"]
    lines += crossing.prefix(Self.hidden).map { "  \($0.0): \($0.1.text)" }
    if crossing.count > Self.hidden {
      lines.append("  +\(crossing.count - Self.hidden) more: cleave owners --format json")
    }
    return lines
  }
}
