package import Basics
internal import Foundation
internal import GRDB

extension FactCache {
  /// Everything cached, without the facts: one query, decided by the caller in one pass.
  package func entries() throws(FactStoreError) -> CachedIndex {
    try read { db in
      var index = CachedIndex()
      var places: [Int64: Int] = [:]
      let pairs = try Row.fetchCursor(db, sql: "SELECT id, path, digest FROM dependency ORDER BY path, digest")
      while let row = try pairs.next() {
        places[try row.decode(Int64.self, atIndex: 0)] = index.dependencies.count
        index.dependencies.append(try dependency(in: row, from: 1))
      }
      let rows = try Row.fetchCursor(
        db, sql: "SELECT file, content, flags, version, dependencies FROM facts ORDER BY file")
      while let row = try rows.next() {
        let numbers = try row.withUnsafeData(atIndex: 4) { DependencyList.numbers(in: $0) }
        // An entry whose list is damaged or points nowhere cannot be checked and counts as not cached.
        guard let numbers else { continue }
        let dependencies = numbers.compactMap { places[$0] }
        guard dependencies.count == numbers.count else { continue }
        let key = FactKey(
          file: RepoPath(try row.decode(String.self, atIndex: 0)),
          contentDigest: try row.decode(String.self, atIndex: 1),
          flagsDigest: try row.decode(String.self, atIndex: 2), version: try row.decode(String.self, atIndex: 3))
        index.entries.append(CachedIndex.Entry(key: key, dependencies: dependencies))
      }
      return index
    }
  }

  /// The stored bytes of `files`, in their order; nil where nothing is stored. Which of them are current is decided by
  /// `entries`.
  package func facts(for files: [RepoPath]) throws(FactStoreError) -> [EncodedFacts?] {
    try read { db in
      let statement = try db.cachedStatement(sql: "SELECT encoded FROM facts WHERE file = ?")
      return try files.map { file in
        // The row lives in its cursor, which saves one copy of the bytes.
        let rows = try Row.fetchCursor(statement, arguments: [file.text])
        return try withExtendedLifetime(rows) {
          try rows.next()?.withUnsafeData(atIndex: 0) { data in data.map { EncodedFacts(sealed: [UInt8]($0)) } }
        }
      }
    }
  }

  /// The facts stored under exactly `key`, with what they depend on; nil when there are none or they are damaged.
  /// Whether the dependencies still hold is for the caller to check.
  package func load(_ key: FactKey) throws(FactStoreError) -> StoredFacts? {
    let found = try read { db -> (EncodedFacts, [FactDependency])? in
      let statement = try db.cachedStatement(
        sql: "SELECT dependencies, encoded FROM facts WHERE file = ? AND content = ? AND flags = ? AND version = ?")
      let arguments: StatementArguments = [key.file.text, key.contentDigest, key.flagsDigest, key.version]
      guard let row = try Row.fetchOne(statement, arguments: arguments) else { return nil }
      guard let numbers = try row.withUnsafeData(atIndex: 0, { DependencyList.numbers(in: $0) }) else { return nil }
      let lookup = try db.cachedStatement(sql: "SELECT path, digest FROM dependency WHERE id = ?")
      let dependencies = try numbers.compactMap { number in
        try Row.fetchOne(lookup, arguments: [number]).map { try dependency(in: $0, from: 0) }
      }
      guard dependencies.count == numbers.count else { return nil }
      return try row.withUnsafeData(atIndex: 1) { data in
        data.map { (EncodedFacts(sealed: [UInt8]($0)), dependencies) }
      }
    }
    guard let (encoded, dependencies) = found, let facts = encoded.decoded() else { return nil }
    return StoredFacts(facts: facts, dependencies: dependencies)
  }

  /// Stores a batch in one transaction: after an interruption a batch is there as a whole or not at all.
  ///
  /// Facts replace former ones of the same file. Facts nested too deeply for `FactCodec` are left out, and former ones of
  /// that file removed: the file is read again next time.
  package func store(_ batch: some Sequence<(key: FactKey, stored: StoredFacts)>) throws(FactStoreError) {
    try write { db in
      var numbers = DependencyNumbers()
      let replace = try db.cachedStatement(
        sql: """
          INSERT OR REPLACE INTO facts (file, content, flags, version, dependencies, encoded) VALUES (?, ?, ?, ?, ?, ?)
          """)
      let remove = try db.cachedStatement(sql: "DELETE FROM facts WHERE file = ?")
      for (key, stored) in batch {
        guard let sealed = EncodedFacts.seal(stored.facts) else {
          try remove.execute(arguments: [key.file.text])
          continue
        }
        let list = DependencyList.data(of: try stored.dependencies.map { try numbers.number(of: $0, in: db) })
        try replace.execute(arguments: [
          key.file.text, key.contentDigest, key.flagsDigest, key.version, list, Data(sealed),
        ])
      }
    }
  }

  /// Forgets every file that is not in `files`, and dependencies nobody has any more. Stamps stay; see `pruneStamps`.
  package func prune(keeping files: Set<RepoPath>) throws(FactStoreError) {
    try write { db in
      let cached = try String.fetchAll(db, sql: "SELECT file FROM facts ORDER BY file")
      let remove = try db.cachedStatement(sql: "DELETE FROM facts WHERE file = ?")
      for file in cached where !files.contains(RepoPath(file)) { try remove.execute(arguments: [file]) }
      var used: Set<Int64> = []
      let lists = try Row.fetchCursor(db, sql: "SELECT dependencies FROM facts")
      while let row = try lists.next() {
        used.formUnion(try row.withUnsafeData(atIndex: 0) { DependencyList.numbers(in: $0) } ?? [])
      }
      let known = try Int64.fetchAll(db, sql: "SELECT id FROM dependency")
      let drop = try db.cachedStatement(sql: "DELETE FROM dependency WHERE id = ?")
      for number in known where !used.contains(number) { try drop.execute(arguments: [number]) }
    }
  }
}

/// Reads path and digest from two columns; throws instead of trapping when a damaged row holds something else.
private func dependency(in row: Row, from index: Int) throws -> FactDependency {
  FactDependency(
    path: try row.decode(String.self, atIndex: index), digest: try row.decode(String.self, atIndex: index + 1))
}

/// Numbers of dependencies within one transaction; outside of it another process may prune them.
private struct DependencyNumbers {
  private var known: [FactDependency: Int64] = [:]

  /// The row number of `dependency`, which is inserted when it is new.
  mutating func number(of dependency: FactDependency, in db: Database) throws -> Int64 {
    if let number = known[dependency] { return number }
    let arguments: StatementArguments = [dependency.path, dependency.digest]
    try db.cachedStatement(sql: "INSERT OR IGNORE INTO dependency (path, digest) VALUES (?, ?)")
      .execute(arguments: arguments)
    let lookup = try db.cachedStatement(sql: "SELECT id FROM dependency WHERE path = ? AND digest = ?")
    guard let number = try Int64.fetchOne(lookup, arguments: arguments) else {
      throw DatabaseError(resultCode: .SQLITE_CORRUPT, message: "a dependency was not stored")
    }
    known[dependency] = number
    return number
  }
}

/// The column `dependencies`: row numbers as LEB128 integers one after another.
enum DependencyList {
  /// The encoded form of `numbers`.
  static func data(of numbers: [Int64]) -> Data {
    var bytes: [UInt8] = []
    for number in numbers {
      var rest = UInt64(bitPattern: number)
      while rest >= 0x80 {
        bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
        rest &>>= 7
      }
      bytes.append(UInt8(truncatingIfNeeded: rest))
    }
    return Data(bytes)
  }

  /// The numbers in `data`, or nil when it is damaged; no data is an empty list, which SQLite may hand out as NULL.
  static func numbers(in data: Data?) -> [Int64]? {
    var numbers: [Int64] = []
    var number: UInt64 = 0
    var shift: UInt64 = 0
    for byte in data ?? Data() {
      guard shift < 63 else { return nil }
      number |= UInt64(byte & 0x7f) &<< shift
      shift += 7
      if byte < 0x80 {
        numbers.append(Int64(bitPattern: number))
        number = 0
        shift = 0
      }
    }
    return shift == 0 ? numbers : nil
  }
}
