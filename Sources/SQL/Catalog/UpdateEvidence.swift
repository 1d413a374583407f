/// What the statements of an update say about whether a schema holds their result already.
struct UpdateEvidence: Hashable, Sendable {
  /// Something it adds is there.
  private(set) var isHeld = false
  /// Something it removes or renames is gone, and nothing shows what became of it.
  private(set) var isPassed = false
  /// Something it adds is not there: it was not applied, or was taken away later.
  private(set) var isNew = false
  /// Something it removes or renames is still there: it can not have been applied.
  private(set) var isDue = false

  /// Whether anything it does is left to do.
  var hasWork: Bool { isNew || isDue }

  mutating func noteHeld() { isHeld = true }
  mutating func notePassed() { isPassed = true }
  mutating func noteNew() { isNew = true }
  mutating func noteDue() { isDue = true }

  mutating func merge(_ other: UpdateEvidence) {
    isHeld = isHeld || other.isHeld
    isPassed = isPassed || other.isPassed
    isNew = isNew || other.isNew
    isDue = isDue || other.isDue
  }
}
