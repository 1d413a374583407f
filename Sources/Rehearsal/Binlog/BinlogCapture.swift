/// Reads the changes of tables out of a running server's binary log, transaction by transaction; the identity of a
/// connection.
///
/// Whoever uses it stores `BinlogTransaction.end` with what it made of the changes and starts there again: every change
/// arrives at least once, in the order of commits, with a version that grows.
package final class BinlogCapture {
  /// Behind the last transaction that was handed out.
  package private(set) var place: BinlogPlace
  private let socket: BinlogSocket
  private var reader: BinlogReader

  /// The query whose first row holds the file and the position where the log ends now.
  package static let endQuery = "SHOW MASTER STATUS"
  /// The query whose rows hold the files of the log, the oldest first.
  package static let filesQuery = "SHOW BINARY LOGS"

  /// Starts at `place`. `server` is a number no other reader of the log uses.
  package init(
    socket path: String, login: String, server: UInt32, tables: BinlogTables, from place: BinlogPlace
  ) throws(BinlogError) {
    self.place = place
    reader = BinlogReader(tables: tables, from: place)
    socket = try Self.open(path, login, server, place)
  }

  private static func open(
    _ path: String, _ login: String, _ server: UInt32, _ place: BinlogPlace
  ) throws(BinlogError) -> BinlogSocket {
    let socket = try BinlogSocket(path: path, login: login)
    try socket.run("SET @master_binlog_checksum = @@global.binlog_checksum")
    // Transactions begin with their global number, not with a made-up statement.
    try socket.run("SET @mariadb_slave_capability = 4")
    try socket.run("SET @master_heartbeat_period = 1000000000")
    try socket.dump(from: place, server: server)
    return socket
  }

  /// Transactions that are there, at most about `limit` changes; none when nothing came within `milliseconds`.
  package func next(limit: Int = 2000, waiting milliseconds: Int32 = 20) throws(BinlogError) -> [BinlogTransaction] {
    var transactions: [BinlogTransaction] = []
    var count = 0
    while count < limit, let event = try socket.event(waiting: transactions.isEmpty ? milliseconds : 0) {
      guard let transaction = try reader.read(event) else { continue }
      place = transaction.end
      count += transaction.changes.count + 1
      transactions.append(transaction)
    }
    return transactions
  }

  /// Whether an error says that a crash cut the file short, so that reading goes on in the next one.
  package static func isCutShort(_ error: BinlogError) -> Bool {
    error.number == 1236 && (error.description.contains("truncated") || error.description.contains("corrupt"))
  }
}
