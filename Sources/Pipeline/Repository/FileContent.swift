import Basics
import Glibc

/// Reads whole files; every way it can go wrong is a diagnostic.
enum FileContent {
  /// Files beyond this are not read: no source a person wrote is that large.
  static let maximumBytes = 512 << 20

  /// The bytes of the file at `path`; a reason when it cannot be read.
  static func read(_ path: String) -> Result<[UInt8], ReadError> {
    let descriptor = open(path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC)
    guard descriptor >= 0 else { return .failure(ReadError(reason: String(cString: strerror(errno)))) }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
      return .failure(ReadError(reason: "not a regular file"))
    }
    guard status.st_size <= maximumBytes else { return .failure(ReadError(reason: "larger than 512 MB")) }
    let size = Int(status.st_size)
    let bytes = [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
      while count < size {
        let got = Glibc.read(descriptor, buffer.baseAddress?.advanced(by: count), size - count)
        if got <= 0 { break }
        count += got
      }
    }
    return bytes.count == size ? .success(bytes) : .failure(ReadError(reason: "the file shrank while it was read"))
  }

  /// Why a file could not be read.
  struct ReadError: Error {
    var reason: String
  }

  /// Whether the content is no text: a zero byte early on.
  static func isBinary(_ bytes: [UInt8]) -> Bool { bytes.prefix(8192).contains(0) }

  /// Whether the bytes are valid UTF-8; anything else is read as Latin bytes would be, names and SQL are ASCII anyway.
  static func isUTF8(_ bytes: [UInt8]) -> Bool {
    bytes.withUnsafeBufferPointer { buffer in
      if buffer.allSatisfy({ $0 < 0x80 }) { return true }
      return String(validating: buffer, as: UTF8.self) != nil
    }
  }

  static func unreadable(_ file: RepoPath, _ reason: String) -> Diagnostic {
    Diagnostic(
      code: "file-unreadable", severity: .error, span: SourceSpan(file: file, line: 0),
      message: "the file cannot be read: \(reason)", nextStep: "make it readable and run again")
  }
}
