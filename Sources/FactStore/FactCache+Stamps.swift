internal import GRDB

extension FactCache {
  /// Every remembered stamp with the digest the content had under it, by path.
  package func stamps() throws(FactStoreError) -> [String: StampedDigest] {
    try read { db in
      var stamps: [String: StampedDigest] = [:]
      let rows = try Row.fetchCursor(db, sql: "SELECT path, size, modified, inode, digest FROM stamp")
      while let row = try rows.next() {
        let stamp = FileStamp(
          size: try row.decode(Int64.self, atIndex: 1), modified: try row.decode(Int64.self, atIndex: 2),
          inode: UInt64(bitPattern: try row.decode(Int64.self, atIndex: 3)))
        let digest = try row.decode(String.self, atIndex: 4)
        stamps[try row.decode(String.self, atIndex: 0)] = StampedDigest(stamp: stamp, digest: digest)
      }
      return stamps
    }
  }

  /// Remembers stamps; paths that are not given keep theirs.
  package func setStamps(_ stamps: [String: StampedDigest]) throws(FactStoreError) {
    try write { db in
      let replace = try db.cachedStatement(
        sql: "INSERT OR REPLACE INTO stamp (path, size, modified, inode, digest) VALUES (?, ?, ?, ?, ?)")
      for (path, stamped) in stamps.sorted(by: { $0.key < $1.key }) {
        try replace.execute(arguments: [
          path, stamped.stamp.size, stamped.stamp.modified, Int64(bitPattern: stamped.stamp.inode), stamped.digest,
        ])
      }
    }
  }

  /// Forgets the stamps of every path that is not in `paths`, spelled as it was given to `setStamps`.
  package func pruneStamps(keeping paths: Set<String>) throws(FactStoreError) {
    try write { db in
      let remove = try db.cachedStatement(sql: "DELETE FROM stamp WHERE path = ?")
      for path in try String.fetchAll(db, sql: "SELECT path FROM stamp") where !paths.contains(path) {
        try remove.execute(arguments: [path])
      }
    }
  }

  /// The text remembered under `name`.
  package func value(for name: String) throws(FactStoreError) -> String? {
    try read { db in
      try String.fetchOne(
        try db.cachedStatement(sql: "SELECT text FROM setting WHERE name = ?"), arguments: [name])
    }
  }

  /// Remembers `value` under `name`; nil forgets it.
  package func setValue(_ value: String?, for name: String) throws(FactStoreError) {
    try write { db in
      guard let value else {
        try db.cachedStatement(sql: "DELETE FROM setting WHERE name = ?").execute(arguments: [name])
        return
      }
      try db.cachedStatement(sql: "INSERT OR REPLACE INTO setting (name, text) VALUES (?, ?)")
        .execute(arguments: [name, value])
    }
  }
}
