/// Whole transactions of a replication slot, by the streaming protocol (chapters 55.4 and 55.9 of PostgreSQL's manual); the
/// identity of a connection.
final class SlotStream {
  private let connection: PostgresConnection
  private var reader: LogMessageReader
  private var open: [(place: UInt64, bytes: ArraySlice<UInt8>)] = []
  private var confirmed: UInt64 = 0

  /// Connects and starts where the slot stands.
  init(_ endpoint: Endpoint, task: StreamTask) throws(DatabaseError) {
    connection = try PostgresConnection(replicating: endpoint)
    reader = LogMessageReader(keys: task.keys)
    try connection.startReplication(slot: task.slot, publication: task.publication)
  }

  /// Transactions that are there, at most about `limit` messages; without an end when none was committed within
  /// `milliseconds`.
  func next(limit: Int, waiting milliseconds: Int32) throws(DatabaseError) -> LogMessageReader.Batch {
    var closed: [(place: UInt64, bytes: ArraySlice<UInt8>)] = []
    while closed.count < limit, let message = try connection.copyMessage(waiting: closed.isEmpty ? milliseconds : 0) {
      var head = ByteReader(message[...])
      switch head.byte() {
      case UInt8(ascii: "w"):
        // Behind the place of the message stand the end of the log and the time.
        open.append((head.number64(), message.dropFirst(25)))
        if message.count > 25, message[25] == UInt8(ascii: "C") {
          closed += open
          open = []
        }
      case UInt8(ascii: "k"):
        _ = (head.number64(), head.number64())
        if head.byte() == 1 { try answer() }
      default: break
      }
    }
    return reader.read(closed)
  }

  /// Nothing before `place` is needed any more.
  func confirm(_ place: UInt64) throws(DatabaseError) {
    confirmed = place
    try answer()
  }

  /// What was written, flushed and applied, and when.
  private func answer() throws(DatabaseError) {
    var bytes = [UInt8(ascii: "r")]
    for number in [confirmed, confirmed, confirmed, 0] {
      bytes += (0..<8).map { UInt8(truncatingIfNeeded: number >> (56 - 8 * $0)) }
    }
    try connection.sendCopy(bytes + [0])
  }
}
