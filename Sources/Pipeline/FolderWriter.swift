import Foundation

/// Writes many files below a folder, each whole or not at all. Nobody waits for the disk: after a power failure they are
/// made again, and to wait for each would take longer than to make them all.
struct FolderWriter {
  private let root: String
  private var made: Set<String> = []

  init(_ root: String) { self.root = root }

  /// Puts text at a path below the folder; readers see the old content or the new one, never a part.
  mutating func write(_ text: String, to path: String) throws(PipelineError) {
    let whole = "\(root)/\(path)"
    let parent = URL(fileURLWithPath: whole).deletingLastPathComponent().path
    if made.insert(parent).inserted {
      do {
        try FileManager.default.createDirectory(atPath: parent, withIntermediateDirectories: true)
      } catch {
        throw .outputUnwritable(path: whole, reason: error.localizedDescription)
      }
    }
    let part = "\(whole).\(getpid()).part"
    guard Self.put(text, at: part), rename(part, whole) == 0 else {
      let reason = String(cString: strerror(errno))
      unlink(part)
      throw .outputUnwritable(path: whole, reason: reason)
    }
  }

  private static func put(_ text: String, at path: String) -> Bool {
    let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { return false }
    defer { close(descriptor) }
    var text = text
    return text.withUTF8 { bytes in
      var done = 0
      while done < bytes.count {
        let written = Glibc.write(descriptor, bytes.baseAddress.map { $0 + done }, bytes.count - done)
        if written < 0, errno == EINTR { continue }
        guard written > 0 else { return false }
        done += written
      }
      return true
    }
  }
}
