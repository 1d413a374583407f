import Foundation

/// Appends lines to a topic; a line is there whole or not at all for its readers.
final class TopicWriter {
  private let descriptor: Int32

  /// Opens the file and cuts off what a killed writer left unfinished; nobody has read that yet.
  init(_ path: String) throws(MachineError) {
    descriptor = open(path, O_RDWR | O_CREAT, 0o600)
    guard descriptor >= 0 else { throw MachineError(description: "\(path) cannot be written") }
    let size = lseek(descriptor, 0, SEEK_END)
    var kept = size
    var byte: UInt8 = 0
    while kept > 0, pread(descriptor, &byte, 1, kept - 1) == 1, byte != UInt8(ascii: "\n") { kept -= 1 }
    if kept != size { ftruncate(descriptor, kept) }
    lseek(descriptor, kept, SEEK_SET)
  }

  deinit { close(descriptor) }

  /// Appends records, one line each.
  func append(_ records: [ChangeRecord]) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = .withoutEscapingSlashes
    var bytes = Data()
    for record in records {
      bytes += try encoder.encode(record)
      bytes.append(UInt8(ascii: "\n"))
    }
    try bytes.withUnsafeBytes { buffer in
      var done = 0
      while done < buffer.count {
        let written = write(descriptor, buffer.baseAddress.map { $0 + done }, buffer.count - done)
        guard written > 0 else { throw MachineError(description: "a topic cannot be written") }
        done += written
      }
    }
  }
}

/// Reads lines of a topic from a position.
struct TopicReader {
  let path: String
  /// Bytes read so far; where the next line begins.
  var position: Int64

  /// Up to `limit` records and the position behind each; fewer when there are no more.
  mutating func read(limit: Int) throws -> [ChangeRecord] {
    let descriptor = open(path, O_RDONLY)
    guard descriptor >= 0 else { return [] }
    defer { close(descriptor) }
    var buffer = [UInt8](repeating: 0, count: 1 << 20)
    let size = pread(descriptor, &buffer, buffer.count, Int(position))
    guard size > 0 else { return [] }
    let decoder = JSONDecoder()
    var records: [ChangeRecord] = []
    var start = 0
    while records.count < limit, let end = buffer[start..<size].firstIndex(of: UInt8(ascii: "\n")) {
      records.append(try decoder.decode(ChangeRecord.self, from: Data(buffer[start..<end])))
      start = end + 1
    }
    position += Int64(start)
    return records
  }
}
