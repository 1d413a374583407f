import Basics
import Glibc

/// Reads whole files; every way it can go wrong is a diagnostic.
enum FileContent {
  /// Files beyond this are not read: no source a person wrote is that large.
  static let maximumBytes = 512 << 20

  /// The bytes of the file at `path`, as UTF-8 when it begins with a mark of UTF-16; a reason when it cannot be read.
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
    guard bytes.count == size else { return .failure(ReadError(reason: "the file shrank while it was read")) }
    return .success(utf8(bytes))
  }

  /// Text in UTF-16 as UTF-8; tools on Windows write schemas and code that way. Other bytes as they are.
  static func utf8(_ bytes: [UInt8]) -> [UInt8] {
    guard bytes.count >= 2, bytes.count % 2 == 0 else { return bytes }
    let isLittle = bytes[0] == 0xFF && bytes[1] == 0xFE
    guard isLittle || bytes[0] == 0xFE && bytes[1] == 0xFF else { return bytes }
    // FF FE 00 00 begins UTF-32, which nobody writes files in.
    if bytes.count >= 4, bytes[2] == 0, bytes[3] == 0 { return bytes }
    let low = isLittle ? 0 : 1
    var units: [UInt16] = []
    units.reserveCapacity(bytes.count / 2)
    for index in stride(from: 2, to: bytes.count, by: 2) {
      units.append(UInt16(bytes[index + low]) | UInt16(bytes[index + 1 - low]) << 8)
    }
    return Array(String(decoding: units, as: UTF16.self).utf8)
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
