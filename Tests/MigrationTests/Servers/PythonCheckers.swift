import Foundation

/// Readers of formats that are not ours, as `.ci/deps test` installs them.
enum PythonCheckers {
  /// What goes into `PYTHONPATH`.
  static let path = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().appendingPathComponent(".deps/python-checkers-2").path
}
