package import Basics
internal import Foundation
internal import GRDB
internal import Synchronization

/// Why the store could not do what it was asked. The analysis goes on without a cache.
package enum FactStoreError: Error, Equatable, Sendable {
  /// The file or its folder cannot be made or opened.
  case cannotOpen(reason: String)
  /// SQLite refused a read or a write, for example because the disk is full.
  case failed(reason: String)
}

/// Facts cached per file by content in one SQLite file.
///
/// A class because it holds the identity of the open database. Several processes may use one file: readers see the last
/// finished batch, writers wait for each other. A damaged file is thrown away and begun anew; see `takeDiagnostics`.
package final class FactCache: Sendable {
  private let path: String
  private let state: Mutex<State>

  private struct State {
    var queue: DatabaseQueue
    var diagnostics: [Diagnostic] = []
  }

  private init(path: String, queue: DatabaseQueue) {
    self.path = path
    self.state = Mutex(State(queue: queue))
  }

  /// Opens the store at `path`, making the file and its folder when they are missing.
  ///
  /// A file that is damaged or was written by another version is moved to `path` + `.damaged` and begun anew; the
  /// diagnostic `cache-rebuilt` says so.
  package static func open(at path: String) throws(FactStoreError) -> (FactCache, [Diagnostic]) {
    do {
      let folder = URL(fileURLWithPath: path).deletingLastPathComponent()
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    } catch {
      throw .cannotOpen(reason: "the folder of the fact store cannot be made")
    }
    do {
      return (FactCache(path: path, queue: try StoreFile.connect(to: path)), [])
    } catch .unusable(let reason) {
      StoreFile.setAside(path)
      do throws(StoreFile.OpeningError) {
        let store = FactCache(path: path, queue: try StoreFile.connect(to: path))
        return (store, [rebuilt(path: path, reason: reason)])
      } catch {
        throw .cannotOpen(reason: error.reason)
      }
    } catch {
      throw .cannotOpen(reason: error.reason)
    }
  }

  /// What happened to the store since the last call; a `cache-rebuilt` when damage was met after opening.
  package func takeDiagnostics() -> [Diagnostic] {
    state.withLock { state in
      defer { state.diagnostics = [] }
      return state.diagnostics
    }
  }

  /// Runs `body` inside one read transaction.
  func read<Result: Sendable>(_ body: @Sendable (Database) throws -> Result) throws(FactStoreError) -> Result {
    try perform { try $0.read(body) }
  }

  /// Runs `body` inside one write transaction, which other writers wait for.
  func write<Result: Sendable>(_ body: (Database) throws -> Result) throws(FactStoreError) -> Result {
    try perform { queue in
      try queue.writeWithoutTransaction { db in
        var result: Result?
        try db.inTransaction(.immediate) {
          result = try body(db)
          return .commit
        }
        guard let result else { throw DatabaseError(resultCode: .SQLITE_ABORT) }
        return result
      }
    }
  }

  /// Runs `body`; when it meets damage, begins the file anew and runs it once more on the empty store.
  private func perform<Result>(_ body: (DatabaseQueue) throws -> Result) throws(FactStoreError) -> Result {
    let queue = state.withLock { $0.queue }
    do {
      return try body(queue)
    } catch  where StoreFile.isDamage(error) {
      try beginAnew(insteadOf: queue, reason: StoreFile.reason(error))
    } catch {
      throw .failed(reason: StoreFile.reason(error))
    }
    do {
      return try body(state.withLock { $0.queue })
    } catch {
      throw .failed(reason: StoreFile.reason(error))
    }
  }

  private func beginAnew(insteadOf damaged: DatabaseQueue, reason: String) throws(FactStoreError) {
    do {
      try state.withLock { state in
        // Another thread may have met the same damage first.
        guard state.queue === damaged else { return }
        try? damaged.close()
        StoreFile.setAside(path)
        state.queue = try StoreFile.connect(to: path)
        state.diagnostics.append(Self.rebuilt(path: path, reason: reason))
      }
    } catch {
      throw .failed(reason: StoreFile.reason(error))
    }
  }

  private static func rebuilt(path: String, reason: String) -> Diagnostic {
    let name = RepoPath(path).fileName
    return Diagnostic(
      code: "cache-rebuilt", severity: .warning, span: SourceSpan(file: RepoPath(name), line: 0),
      message: "the fact store could not be used (\(reason)) and was begun anew; every file is read again")
  }
}
