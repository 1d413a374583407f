import Basics
import Decomposition

/// The events of a service: one aggregate per table others read, with the columns they really read.
struct EventModel {
  /// What happens to a row of an aggregate.
  enum Change: String, CaseIterable {
    case created, updated, deleted

    /// Whether the payload holds the columns consumers read; a deletion has the key only.
    var hasValues: Bool { self != .deleted }
  }

  /// One kind of thing events are about.
  struct Aggregate {
    /// Its short name: safe in topics, types and file names.
    let name: String
    /// `name` as a type name, different for each: `order_line` becomes `OrderLine`.
    let typeName: String
    let table: PlannedTable
    let consumers: [ForeignUse]
    /// The key, then what consumers read, in the order of the table.
    let payload: [PlannedColumn]
    /// Where rows change: writer and places.
    let writers: [TableUse]

    /// The columns that identify a row, as planned.
    var key: [PlannedColumn] { payload.filter { table.key.columns.contains($0.name) } }

  }

  let context: GroupContext

  /// The version of every event type a plan starts with.
  static let version = 1

  /// The aggregates, in the order of the tables.
  var aggregates: [Aggregate] {
    let plain = Dictionary(grouping: context.own.map(context.stem)) { JavaText.typeName($0).lowercased() }
    return context.own.compactMap { table in
      let readers = context.readers.filter { $0.table.name == table.name }
      guard !readers.isEmpty else { return nil }
      let wanted = Set(readers.flatMap(\.columns))
      let keys = table.key.columns.map { name in
        table.columns.first { $0.name == name } ?? Self.surrogate(name)
      }
      let rest = table.columns.filter { wanted.contains($0.name) && !table.key.columns.contains($0.name) }
      let name = context.stem(table)
      let type = JavaText.typeName(name)
      let isShared = (plain[type.lowercased()]?.count ?? 0) > 1
      return Aggregate(
        name: name, typeName: isShared ? "\(type)X\(Naming.hash(name))" : type, table: table, consumers: readers,
        payload: keys + rest,
        writers: context.owners.first { $0.table == table.name }?.writers ?? [])
    }
  }

  /// The number the migration gives to rows nothing else identifies.
  private static func surrogate(_ name: String) -> PlannedColumn {
    PlannedColumn(
      name: name, type: PlannedType(sql: "bigint", kind: .integer, maxBytes: 16, fraction: nil, isUnknown: false),
      isNullable: false, defaultValue: DefaultValue.none, isNumbered: true)
  }

  /// The services that consume anything, with what they consume, sorted.
  var consumers: [(service: String, aggregates: [Aggregate])] {
    var all: [String: [Aggregate]] = [:]
    for aggregate in aggregates {
      for consumer in Set(aggregate.consumers.map(\.service)) { all[consumer, default: []].append(aggregate) }
    }
    return all.keys.sorted().map { ($0, all[$0] ?? []) }
  }

  /// The type of an event: service, aggregate, change, version.
  func type(_ change: Change, of aggregate: Aggregate) -> String {
    "\(context.names.slug).\(aggregate.name).\(change.rawValue).v\(Self.version)"
  }

  /// Identifies the schema of an event's payload.
  func dataSchema(_ change: Change, of aggregate: Aggregate) -> String {
    "urn:cleave:\(context.names.slug):\(aggregate.name):\(change.rawValue):v\(Self.version)"
  }
}
