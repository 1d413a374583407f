import Basics
import Facts

/// One access inside a transaction.
struct Touch: Hashable {
  let table: TableName
  /// The service that owns the table; empty when none does.
  let owner: String
  let isWrite: Bool
  let reading: StatementReading
  /// Columns named, `*` for all.
  let columns: [String]
  let span: SourceSpan
  /// The function it stands in.
  let unit: String
  /// The statement without its literals; empty when it has no text.
  let statement: String
  let inLoop: Bool
  /// Whether the row is only written because another one is: a time that is touched, a count.
  let isEcho: Bool
  let confidence: Confidence
}

/// How often two tables of different services are written in one transaction.
struct CoWriteRatio: Hashable, Comparable {
  let left: TableName
  let leftOwner: String
  let right: TableName
  let rightOwner: String
  /// Transactions that write both.
  let both: Int
  /// Transactions that write the left one, and the right one.
  let leftAll: Int
  let rightAll: Int

  /// Share of the transactions on the left table that write the right one too, 0 to 1.
  var leftShare: Double { leftAll == 0 ? 0 : Double(both) / Double(leftAll) }
  /// The same from the right.
  var rightShare: Double { rightAll == 0 ? 0 : Double(both) / Double(rightAll) }

  static func < (a: CoWriteRatio, b: CoWriteRatio) -> Bool { (a.left, a.right) < (b.left, b.right) }
}

/// A transaction of the code that writes tables of more than one service.
struct SpanningTransaction: Hashable {
  /// The function that begins it.
  let unit: String
  /// Where it begins.
  let span: SourceSpan
  /// The service whose code begins it.
  let service: String
  /// What happens inside, in order of the code.
  let touches: [Touch]
  /// Whether the order of `touches` is the order of the code; else only the tables are known.
  let isOrdered: Bool
  /// Pairs of tables of different services that at least half of the transactions on each write together.
  let inseparable: [CoWriteRatio]
  /// The strongest pair of tables of different services, whether or not it reaches the bound.
  let strongest: CoWriteRatio?

  var writes: [Touch] { touches.filter { $0.isWrite && !$0.owner.isEmpty } }

  /// Services whose tables are written, in the order of their first write.
  var owners: [String] {
    var seen: Set<String> = []
    return writes.map(\.owner).filter { seen.insert($0).inserted }
  }

  /// The service that begins it and those whose tables it writes, sorted.
  var participants: [String] { Set(owners + [service]).sorted() }
}
