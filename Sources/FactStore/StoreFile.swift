internal import Foundation
internal import GRDB

/// Opening, judging and setting aside the SQLite file.
enum StoreFile {
  /// Why a file could not be opened as a store.
  enum OpeningError: Error {
    /// It is damaged, or not of this version.
    case unusable(reason: String)
    /// It may be fine, but cannot be reached.
    case unreachable(reason: String)

    /// The reason in words.
    var reason: String {
      switch self {
      case .unusable(let reason), .unreachable(let reason): reason
      }
    }
  }

  /// Seconds a process waits for another one that is writing.
  private static let patience = 10.0

  /// Opens the file at `path` and makes its tables when it is new.
  static func connect(to path: String) throws(OpeningError) -> DatabaseQueue {
    do {
      var configuration = Configuration()
      configuration.busyMode = .timeout(patience)
      configuration.prepareDatabase { db in
        try db.execute(sql: "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA temp_store = MEMORY")
      }
      let queue = try DatabaseQueue(path: path, configuration: configuration)
      guard try prepare(queue) else {
        try? queue.close()
        throw OpeningError.unusable(reason: "it was written by another version")
      }
      return queue
    } catch let error as OpeningError {
      throw error
    } catch  where isDamage(error) {
      throw .unusable(reason: reason(error))
    } catch {
      throw .unreachable(reason: reason(error))
    }
  }

  /// Makes the tables of an empty file; false when the file is something else.
  private static func prepare(_ queue: DatabaseQueue) throws -> Bool {
    switch try queue.read(StoreSchema.state) {
    case .current: return true
    case .foreign: return false
    case .empty: break
    }
    // Another process may have been faster: look again once nobody else can write.
    return try queue.writeWithoutTransaction { db in
      var isUsable = true
      try db.inTransaction(.immediate) {
        switch try StoreSchema.state(of: db) {
        case .current: break
        case .foreign: isUsable = false
        case .empty: try StoreSchema.create(in: db)
        }
        return .commit
      }
      return isUsable
    }
  }

  /// Moves a file that cannot be used out of the way, together with its journals.
  static func setAside(_ path: String) {
    let files = FileManager.default
    for suffix in ["-wal", "-shm", "-journal"] { try? files.removeItem(atPath: path + suffix) }
    try? files.removeItem(atPath: path + ".damaged")
    do {
      try files.moveItem(atPath: path, toPath: path + ".damaged")
    } catch {
      try? files.removeItem(atPath: path)
    }
  }

  /// Whether SQLite says that the file itself is bad, rather than busy, full or out of reach.
  static func isDamage(_ error: any Error) -> Bool {
    if error is RowDecodingError { return true }
    guard let error = error as? DatabaseError else { return false }
    return switch error.resultCode {
    case .SQLITE_CORRUPT, .SQLITE_NOTADB, .SQLITE_FORMAT: true
    // The file is shorter than its header says.
    case .SQLITE_IOERR: error.extendedResultCode == .SQLITE_IOERR_SHORT_READ
    case .SQLITE_ERROR:
      // The tables were checked when the file was opened; one that is missing now was lost.
      error.message?.hasPrefix("no such table") ?? false
    default: false
    }
  }

  /// Short words for an error, without paths.
  static func reason(_ error: any Error) -> String {
    if error is RowDecodingError { return "a row holds values of other types" }
    guard let error = error as? DatabaseError else { return "the file system refused" }
    return error.message ?? error.resultCode.description
  }
}
