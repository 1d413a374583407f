import Foundation
import Migration
import Rehearsal
import Testing

/// A plan carried out against real servers, with processes that die.
@Suite(.serialized) struct RehearsalRunTests {
  @Test func aServiceMovesAndComesBackUnderFaults() throws {
    let request = try Billing.request(["payments"], changes: 2500, kills: 4)
    defer { try? FileManager.default.removeItem(atPath: request.planFolder) }
    let report = try Rehearsal.run(request)
    for step in report.steps {
      print(
        step.step.text, step.direction, step.gateMet as Any, step.counts, step.writeBlock as Any, step.seconds,
        step.notes)
    }
    print(report.faults, report.killed, report.refused, report.notes)
    #expect(report.faults == [])
    #expect(report.totals.changes >= 2500)
    #expect(report.totals.kills == 4)
    #expect(report.isSourceRestored == true)
    let group = try #require(request.plan.groups.first { $0.service == "payments" })
    for direction in [StepRehearsal.Direction.forward, .back] {
      let taken = report.steps.filter { $0.direction == direction }.map(\.step)
      #expect(Set(taken) == Set(group.steps.map(\.id)), "every step is taken \(direction)")
    }
    #expect(report.changedTables == [] && report.rowsKept ?? 0 > 500)
  }
}
