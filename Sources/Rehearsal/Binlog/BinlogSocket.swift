import Glibc

/// A connection that speaks the replication protocol of MySQL and MariaDB over a Unix socket; the identity of a session.
///
/// The client library hides the bytes of row events behind an interface that loses digits, so that this little is done here.
final class BinlogSocket {
  /// Closed by `deinit`.
  private let descriptor: Int32
  private var received: [UInt8] = []
  private var sequence: UInt8 = 0

  /// Connects and logs in without a password.
  init(path: String, login: String) throws(BinlogError) {
    let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
    guard descriptor >= 0 else { throw BinlogError("no socket could be made", isLost: true) }
    self.descriptor = descriptor
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    let bytes = Array(path.utf8.prefix(MemoryLayout.size(ofValue: address.sun_path) - 1))
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: bytes) }
    let status = withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
      }
    }
    guard status == 0 else { throw BinlogError("\(path) does not answer", isLost: true) }
    _ = try packet()
    try send(Self.greeting(login))
    var answer = try packet()
    // The server wants another way of logging in, which needs no more than this without a password.
    if answer.first == 0xfe {
      try send([])
      answer = try packet()
    }
    try Self.check(answer)
  }

  deinit { close(descriptor) }

  /// What a client says of itself: protocol 4.1, native passwords, no password.
  private static func greeting(_ login: String) -> [UInt8] {
    let abilities: UInt32 = 0x1 | 0x4 | 0x200 | 0x8000 | 0x80000
    let sizes = number(UInt64(abilities), 4) + number(1 << 24, 4)
    let head = sizes + [45] + [UInt8](repeating: 0, count: 23)
    return head + Array(login.utf8) + [0, 0] + Array("mysql_native_password".utf8) + [0]
  }

  private static func number(_ value: UInt64, _ count: Int) -> [UInt8] {
    (0..<count).map { UInt8(truncatingIfNeeded: value >> (8 * UInt64($0))) }
  }

  /// Runs a statement that gives no rows.
  func run(_ statement: String) throws(BinlogError) {
    sequence = 0
    try send([3] + Array(statement.utf8))
    try Self.check(try packet())
  }

  /// Asks for the log from a place on; the answers are events without end.
  func dump(from place: BinlogPlace, server: UInt32) throws(BinlogError) {
    sequence = 0
    try send(
      [0x12] + Self.number(place.position, 4) + [0, 0] + Self.number(UInt64(server), 4) + Array(place.file.utf8))
  }

  /// The next event; nil when none came in time.
  func event(waiting milliseconds: Int32) throws(BinlogError) -> [UInt8]? {
    if received.isEmpty {
      var wanted = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
      if poll(&wanted, 1, milliseconds) <= 0 { return nil }
    }
    let bytes = try packet()
    switch bytes.first {
    case 0: return Array(bytes.dropFirst())
    case 0xfe where bytes.count < 9: throw BinlogError("the log ended", isLost: true)
    default:
      try Self.check(bytes)
      throw BinlogError("an answer is no event")
    }
  }

  private static func check(_ packet: [UInt8]) throws(BinlogError) {
    guard packet.first == 0xff else { return }
    let number = packet.count > 2 ? Int(packet[1]) | Int(packet[2]) << 8 : 0
    throw BinlogError("\(String(decoding: packet.dropFirst(9), as: UTF8.self)) (\(number))", number: number)
  }

  private func send(_ body: [UInt8]) throws(BinlogError) {
    let bytes = Self.number(UInt64(body.count), 3) + [sequence] + body
    sequence &+= 1
    var done = 0
    while done < bytes.count {
      let sent = bytes.withUnsafeBytes {
        Glibc.send(descriptor, $0.baseAddress?.advanced(by: done), bytes.count - done, Int32(MSG_NOSIGNAL))
      }
      guard sent > 0 else { throw BinlogError("the connection ended", isLost: true) }
      done += sent
    }
  }

  /// A packet; long ones come in pieces.
  private func packet() throws(BinlogError) -> [UInt8] {
    var body: [UInt8] = []
    while true {
      let head = try bytes(4)
      let length = Int(head[0]) | Int(head[1]) << 8 | Int(head[2]) << 16
      sequence = head[3] &+ 1
      body += try bytes(length)
      if length < 0xff_ffff { return body }
    }
  }

  private func bytes(_ count: Int) throws(BinlogError) -> [UInt8] {
    while received.count - start < count {
      var buffer = [UInt8](repeating: 0, count: 1 << 16)
      let read = recv(descriptor, &buffer, buffer.count, 0)
      guard read > 0 else { throw BinlogError("the connection ended", isLost: true) }
      received += buffer[..<read]
    }
    let taken = Array(received[start..<(start + count)])
    start += count
    if start == received.count {
      received = []
      start = 0
    } else if start > 1 << 20 {
      received.removeFirst(start)
      start = 0
    }
    return taken
  }

  /// Bytes of `received` that were used.
  private var start = 0
}
