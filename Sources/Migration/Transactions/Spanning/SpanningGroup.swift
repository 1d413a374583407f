import Basics
import Decomposition
import Facts

/// Transactions of one service that write the tables of the same services: decided and replaced together.
struct SpanningGroup: Hashable {
  /// Stands for the group in file names; unique among all groups of the system.
  let name: String
  /// The service whose code begins the transactions.
  let service: String
  /// The services that take part, sorted.
  let participants: [String]
  /// Transactions that do the same in the same order are one variant, sorted by place.
  let variants: [TransactionVariant]
  /// What replaces them.
  let decision: TransactionDecision

  /// Where the transactions begin, sorted.
  var places: [SourceSpan] { variants.flatMap(\.places).sorted() }
}

/// Transactions that write the same tables in the same way and order.
struct TransactionVariant: Hashable {
  /// Unique among all variants of the system.
  let name: String
  /// Where they begin, sorted.
  let places: [SourceSpan]
  /// The first of them: what it does stands for the others.
  let model: SpanningTransaction
}

/// What replaces a transaction.
enum TransactionAnswer: Hashable {
  /// The cut is in the wrong place (R0).
  case keepTogether
  /// The other side only has to learn of it (R4a).
  case tell
  /// R5, R6, R7, R8.
  case replace(TransactionStyle)
}

/// The answer to one group of transactions, with why.
struct TransactionDecision: Hashable {
  let rule: String
  let answer: TransactionAnswer
  /// One sentence.
  let action: String
  /// What it was made from.
  let inputs: [PlanInput]
  let alternatives: [String]
  /// Sets of services that have to become one before the transaction is replaced, each sorted.
  let merged: [[String]]
  /// What the chosen style cannot do here, in words; empty for choices made by rule.
  let limits: [String]
  /// How many local transactions of different participants it takes, those that become one counted once.
  let locals: Int
}

/// Groups transactions and names the groups.
struct SpanningGroups {
  let transactions: [SpanningTransaction]
  let decider: TransactionDecider

  private struct Key: Hashable {
    let service: String
    let participants: [String]
  }

  private struct Shape: Hashable {
    let table: TableName
    let verb: WriteVerb
    let columns: [String]
  }

  /// All groups, sorted by name.
  func groups() -> [SpanningGroup] {
    var byKey: [Key: [SpanningTransaction]] = [:]
    for transaction in transactions {
      byKey[Key(service: transaction.service, participants: transaction.participants), default: []].append(transaction)
    }
    let keys = byKey.keys.sorted { ($0.service, $0.participants.joined()) < ($1.service, $1.participants.joined()) }
    var taken: Set<String> = []
    var groups: [SpanningGroup] = []
    for key in keys {
      let members = byKey[key] ?? []
      let variants = variants(members, taken: &taken)
      guard let first = variants.first else { continue }
      groups.append(
        SpanningGroup(
          name: first.name, service: key.service, participants: key.participants, variants: variants,
          decision: decider.decision(service: key.service, members: members, all: transactions)))
    }
    return groups.sorted { $0.name < $1.name }
  }

  private func variants(_ members: [SpanningTransaction], taken: inout Set<String>) -> [TransactionVariant] {
    var places: [[Shape]: [SpanningTransaction]] = [:]
    for member in members {
      let shape = member.writes.map { Shape(table: $0.table, verb: $0.reading.verb, columns: $0.columns) }
      places[shape, default: []].append(member)
    }
    let sorted = places.values.map { $0.sorted { $0.span < $1.span } }.sorted { $0[0].span < $1[0].span }
    return sorted.map { same in
      let plain = Naming.stem(same[0].unit.isEmpty ? same[0].span.description : same[0].unit)
      var name = plain
      if !taken.insert(name).inserted {
        name = "\(plain.prefix(31))_\(Naming.hash(same[0].unit + same[0].span.description))"
        taken.insert(name)
      }
      return TransactionVariant(name: name, places: same.map(\.span), model: same[0])
    }
  }
}
