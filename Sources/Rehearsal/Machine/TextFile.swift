import Foundation

/// Text in files of the scratch folder.
enum TextFile {
  /// Writes a file anew.
  static func write(_ text: String, to path: String) throws(MachineError) {
    do {
      try Data(text.utf8).write(to: URL(fileURLWithPath: path))
    } catch {
      throw MachineError(description: "\(path) cannot be written: \(error.localizedDescription)")
    }
  }
}
