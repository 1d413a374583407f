import Basics
import Decomposition
import Facts
import SQL

/// What readers need of a table of a service by one kind of key: one operation of its interface.
struct BatchEndpoint: Hashable {
  let owner: String
  let table: TableName
  /// Columns of the key as declared, sorted.
  let key: [String]
  /// Whether a key names one row at most.
  let isUnique: Bool
  /// Columns answered, keys included, in the order of the declaration.
  let columns: [String]
  let readers: [String]
  let places: [SourceSpan]
  /// Distinct within the owner.
  let operationID: String
  /// Distinct within the owner.
  let path: String

  /// The schemas' common name.
  var schemaName: String { String(operationID.dropFirst("batchGet".utf8.count)) }
}

/// Collects what every reader needs of every owner by key.
struct BatchEndpoints {
  /// Every operation, sorted by owner, table and key.
  let all: [BatchEndpoint]

  private struct Key: Hashable {
    let owner: String
    let table: TableName
    let columns: [String]
  }

  private struct Need {
    var columns: Set<String> = []
    var readers: Set<String> = []
    var places: Set<SourceSpan> = []
  }

  init(queries: [CrossQuery], lookups: [KeyLookup], tables: QueryTables) {
    var needs: [Key: Need] = [:]
    func add(
      _ owner: String, _ table: TableName, _ key: [String], _ columns: [String], _ reader: String, _ span: SourceSpan
    ) {
      let spelled = key.compactMap { tables[table]?.column(named: $0)?.name }.sorted()
      guard !spelled.isEmpty, spelled.count == key.count, !owner.isEmpty, owner != reader else { return }
      let place = Key(owner: owner, table: table, columns: spelled)
      needs[place, default: Need()].columns.formUnion(columns + spelled)
      needs[place]?.readers.insert(reader)
      needs[place]?.places.insert(span)
    }
    for query in queries {
      guard let composition = query.composition, let shape = query.shape else { continue }
      for fetch in composition.fetches where !fetch.isLocal {
        add(
          fetch.service, shape.sources[fetch.source].table, fetch.keys.map(\.column),
          composition.columns(of: fetch.source), query.home, query.span)
      }
    }
    for lookup in lookups {
      let key = lookup.key ?? (lookup.inLoop ? lookup.usual : [])
      add(lookup.owner, lookup.table, key, lookup.columns, lookup.reader, lookup.span)
    }
    var taken: [String: Set<String>] = [:]
    let keys = needs.keys.sorted {
      ($0.owner, $0.table.key, $0.columns.joined(separator: "\u{1}"))
        < ($1.owner, $1.table.key, $1.columns.joined(separator: "\u{1}"))
    }
    all = keys.map { key in
      let need = needs[key] ?? Need()
      let isPrimary = tables[key.table].map { Set($0.primaryKey) == Set(key.columns) } ?? false
      let suffix = isPrimary ? "" : "By" + key.columns.map(Self.words).joined(separator: "And")
      let wish = "\(Self.words(key.table.text))\(suffix)"
      var name = wish
      var number = 2
      while !taken[key.owner, default: []].insert(name.lowercased()).inserted {
        name = "\(wish)\(number)"
        number += 1
      }
      let resource = Naming.stem(key.table.text).replacing("_", with: "-")
      let tail = number > 2 ? String(number - 1) : ""
      return BatchEndpoint(
        owner: key.owner, table: key.table, key: key.columns, isUnique: tables.isKey(key.columns, of: key.table),
        columns: tables.columns(of: key.table).filter { need.columns.contains($0) },
        readers: need.readers.sorted(), places: need.places.sorted(), operationID: "batchGet\(name)",
        path: "/\(resource)\(tail):batchGet\(suffix)")
    }
  }

  /// The operation that answers a fetch.
  func endpoint(_ owner: String, _ table: TableName, _ key: [String]) -> BatchEndpoint? {
    let wanted = Set(key.map { $0.lowercased() })
    return all.first { $0.owner == owner && $0.table == table && Set($0.key.map { $0.lowercased() }) == wanted }
  }

  /// `OrderLine` of `order_line`; only letters and digits.
  private static func words(_ name: String) -> String {
    Naming.stem(name).split(separator: "_").map { $0.prefix(1).uppercased() + $0.dropFirst() }.joined()
  }
}
