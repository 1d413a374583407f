internal import GRDB

/// The tables of the store and how an open file is recognised as one.
enum StoreSchema {
  /// Written to `PRAGMA user_version`; files with another number are rebuilt.
  static let version: Int32 = 1
  /// Written to `PRAGMA application_id` ("cleF"): tells the store from any other SQLite file.
  static let applicationID: Int32 = 0x636c_6546

  /// What a file turned out to be.
  enum State { case empty, current, foreign }

  /// Judges an open file by its header numbers; reads one page.
  static func state(of db: Database) throws -> State {
    let version = try Int32.fetchOne(db, sql: "PRAGMA user_version") ?? 0
    let application = try Int32.fetchOne(db, sql: "PRAGMA application_id") ?? 0
    if version == self.version, application == applicationID {
      return try holdsEveryTable(db) ? .current : .foreign
    }
    let objects = try Int.fetchOne(db, sql: "SELECT count(*) FROM sqlite_master") ?? 0
    return version == 0 && application == 0 && objects == 0 ? .empty : .foreign
  }

  /// Makes the tables in an empty file.
  static func create(in db: Database) throws {
    try db.execute(
      sql: """
        CREATE TABLE facts (
          file TEXT NOT NULL PRIMARY KEY,
          content TEXT NOT NULL,
          flags TEXT NOT NULL,
          version TEXT NOT NULL,
          dependencies BLOB NOT NULL,
          encoded BLOB NOT NULL
        );
        CREATE TABLE dependency (
          id INTEGER PRIMARY KEY,
          path TEXT NOT NULL,
          digest TEXT NOT NULL,
          UNIQUE (path, digest)
        );
        CREATE TABLE stamp (
          path TEXT NOT NULL PRIMARY KEY,
          size INTEGER NOT NULL,
          modified INTEGER NOT NULL,
          inode INTEGER NOT NULL,
          digest TEXT NOT NULL
        ) WITHOUT ROWID;
        CREATE TABLE setting (name TEXT NOT NULL PRIMARY KEY, text TEXT NOT NULL) WITHOUT ROWID;
        PRAGMA application_id = \(applicationID);
        PRAGMA user_version = \(version);
        """)
  }

  private static func holdsEveryTable(_ db: Database) throws -> Bool {
    let names = try String.fetchSet(db, sql: "SELECT name FROM sqlite_master WHERE type = 'table'")
    return names.isSuperset(of: ["facts", "dependency", "stamp", "setting"])
  }
}
