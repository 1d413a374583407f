import Foundation
import Rehearsal
import Testing

/// Appliers with known mistakes are found, the plan's own is not.
@Suite(.serialized) struct FaultTests {
  private func run(_ fault: ApplierFault?) throws -> RehearsalCounts {
    let root = FileManager.default.isWritableFile(atPath: "/dev/shm") ? "/dev/shm" : NSTemporaryDirectory()
    return try ApplierTrial.run(
      fault: fault, changes: 6000, kills: 10, seed: 11, scratchRoot: root, worker: [try TrialSchema.worker()])
  }

  @Test func theMergeJobsOfAPlanKeepEverything() throws {
    let counts = try run(nil)
    #expect(counts.isClean && counts.duplicates > 0 && counts.changes >= 5900, "\(counts)")
  }

  @Test(arguments: ApplierFault.allCases)
  func brokenAppliersAreFound(_ fault: ApplierFault) throws {
    let counts = try run(fault)
    #expect(!counts.isClean, "\(counts)")
  }
}
