import Foundation
import Migration
import Rehearsal
import Testing

/// Appliers with known mistakes turn a rehearsal red.
@Suite(.serialized) struct FaultTests {
  /// Which service moves does not matter; few changes and many kills make the mistake show.
  @Test(arguments: [ApplierFault.positionBeforeRows, .noVersionGuard])
  func brokenAppliersAreFound(_ fault: ApplierFault) throws {
    var request = try Billing.request(["payments"], changes: 2000, kills: 14)
    defer { try? FileManager.default.removeItem(atPath: request.planFolder) }
    request.fault = fault
    let report = try Rehearsal.run(request)
    print(report.faults, report.steps.map { ($0.step.text, $0.direction, $0.counts, $0.notes, $0.seconds) })
    #expect(report.totals.lost + report.totals.ghosts + report.totals.orderBreaks > 0 || !report.faults.isEmpty)
    #expect(report.totals.lost + report.totals.ghosts + report.totals.orderBreaks > 0)
  }
}
