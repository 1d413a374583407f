import Basics
import Facts

/// The updates of one folder, in order: a beginning the base holds already, and a rest it may lack.
///
/// No engine records in the files themselves where a base stands. But an update that adds what is there was applied,
/// and so were all before it; what follows and still has work to do was not.
struct UpdateSequence: Sendable {
  /// A file as it was read.
  struct File: Sendable {
    let text: String
    let path: RepoPath
  }

  /// Files the base does not hold as far as is known, in order.
  private var rest: [File] = []
  private var overlay = UpdateOverlay()
  /// Whether a file before was found to be held.
  private var isAnchored = false
  /// Whether the rest has something that can not have been applied.
  private var isDue = false

  /// Files to apply after the base; none while it is not sure that they come after it.
  var pending: [File] { isAnchored || isDue ? rest : [] }

  /// Judges the next file.
  mutating func add(_ file: File, dialect: Dialect, base: Replay) {
    var alone = UpdateOverlay()
    if alone.see(file.text, file: file.path, dialect: dialect, over: base).isHeld {
      return restart()
    }
    let evidence = overlay.see(file.text, file: file.path, dialect: dialect, over: base)
    if evidence.isHeld || evidence.isPassed { return restart() }
    guard evidence.hasWork || !rest.isEmpty else {
      overlay = UpdateOverlay()
      return
    }
    isDue = isDue || evidence.isDue
    rest.append(file)
  }

  private mutating func restart() {
    rest = []
    overlay = UpdateOverlay()
    isAnchored = true
    isDue = false
  }
}
