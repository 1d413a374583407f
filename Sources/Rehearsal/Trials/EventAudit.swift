import Foundation

/// An event as it left for its consumers.
struct DeliveredEvent: Hashable, Sendable, Codable {
  /// Names the event; the same when it is delivered again.
  var id: String
  /// What it is about.
  var aggregate: String
  /// Its number among the events of its aggregate, in the order of commits.
  var sequence: Int
}

/// Compares the events that were committed with those that were delivered.
package struct EventAudit: Sendable {
  /// What was found.
  private(set) var counts = RehearsalCounts()
  private var seen: Set<String> = []
  private var last: [String: Int] = [:]

  /// Nothing delivered yet.
  init() {}

  /// Takes a delivery. What was delivered before is a duplicate, which consumers absorb, and says nothing of the order.
  mutating func take(_ event: DeliveredEvent) {
    guard seen.insert(event.id).inserted else {
      counts.duplicates += 1
      return
    }
    if event.sequence <= last[event.aggregate] ?? 0 { counts.orderBreaks += 1 }
    last[event.aggregate] = max(event.sequence, last[event.aggregate] ?? 0)
  }

  /// What is missing of `committed`, and what was delivered although it never was committed.
  func result(committed: Set<String>) -> RehearsalCounts {
    var counts = counts
    counts.lost = committed.subtracting(seen).count
    counts.ghosts = seen.subtracting(committed).count
    return counts
  }

  /// Audits a file of deliveries.
  static func of(_ path: String, committed: Set<String>) -> RehearsalCounts {
    var audit = EventAudit()
    let decoder = JSONDecoder()
    for line in Programs.text(path).split(separator: "\n") {
      if let event = try? decoder.decode(DeliveredEvent.self, from: Data(line.utf8)) { audit.take(event) }
    }
    return audit.result(committed: committed)
  }
}

/// A broker as far as trials need one: an append-only file that several processes write, a line whole or not at all.
final class DeliveryLog {
  /// Closed by `deinit`.
  private let descriptor: Int32
  private let encoder = JSONEncoder()

  init(_ path: String) throws(MachineError) {
    descriptor = open(path, O_WRONLY | O_CREAT | O_APPEND, 0o600)
    guard descriptor >= 0 else { throw MachineError(description: "\(path) cannot be written") }
    encoder.outputFormatting = .withoutEscapingSlashes
  }

  deinit { close(descriptor) }

  /// Delivers events in their order.
  func append(_ events: [DeliveredEvent]) throws {
    var bytes = Data()
    for event in events {
      bytes += try encoder.encode(event)
      bytes.append(UInt8(ascii: "\n"))
    }
    let written = bytes.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
    guard written == bytes.count else { throw MachineError(description: "the deliveries cannot be written") }
  }
}
