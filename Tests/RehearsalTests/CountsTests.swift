import Rehearsal
import Testing

struct CountsTests {
  @Test func killsAndDuplicatesAreNoFault() {
    var counts = RehearsalCounts()
    counts.kills = 3
    counts.duplicates = 9
    #expect(counts.isClean)
    counts.ghosts = 1
    #expect(!counts.isClean)
  }

  @Test func partsAddUp() {
    var one = RehearsalCounts()
    one.changes = 2
    one.lost = 1
    var sum = one
    sum.add(one)
    #expect(sum.changes == 4 && sum.lost == 2 && !sum.isClean)
  }
}
