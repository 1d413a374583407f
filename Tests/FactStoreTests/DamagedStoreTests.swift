import Basics
import FactStore
import Facts
import Foundation
import GRDB
import Testing

struct DamagedStoreTests {
  private func filled(_ folder: ScratchFolder) throws {
    let (store, _) = try FactCache.open(at: folder.database)
    var random = RandomFacts(seed: 5)
    try store.store(
      (0..<60).map { index -> (key: FactKey, stored: StoredFacts) in
        var facts = random.facts()
        facts.file = RepoPath("\(index).cpp")
        return (key(facts.file.text), StoredFacts(facts: facts, dependencies: [FactDependency(path: "h", digest: "1")]))
      })
    try store.setStamps(["a": StampedDigest(stamp: FileStamp(size: 1, modified: 1, inode: 1), digest: "d")])
  }

  private func checkRebuilt(_ folder: ScratchFolder) throws {
    let (store, diagnostics) = try FactCache.open(at: folder.database)
    #expect(diagnostics.map(\.code) == ["cache-rebuilt"])
    #expect(diagnostics.allSatisfy { $0.severity == .warning && !$0.message.contains(folder.path) })
    #expect(try store.entries().entries.isEmpty)
    try store.store([(key("a.c"), stored("a.c"))])
    #expect(try FactCache.open(at: folder.database).1.isEmpty)
    #expect(try FactCache.open(at: folder.database).0.load(key("a.c")) != nil)
  }

  enum Foreign: String, CaseIterable {
    case shortText, longText, headerAlone

    var content: String {
      switch self {
      case .shortText: "not a database at all"
      case .longText: String(repeating: "x", count: 5_000)
      case .headerAlone: "SQLite format 3\u{0}"
      }
    }
  }

  @Test(arguments: Foreign.allCases)
  func somethingElseIsReplaced(foreign: Foreign) throws {
    let folder = try ScratchFolder()
    try FileManager.default.createDirectory(
      atPath: folder.path + "/state", withIntermediateDirectories: true)
    try Data(foreign.content.utf8).write(to: URL(fileURLWithPath: folder.database))
    try checkRebuilt(folder)
  }

  @Test(arguments: [
    "PRAGMA user_version = 99", "PRAGMA application_id = 1", "DROP TABLE stamp", "ALTER TABLE facts RENAME TO fakts",
  ])
  func otherSchemasAreReplaced(change: String) throws {
    let folder = try ScratchFolder()
    try filled(folder)
    try DatabaseQueue(path: folder.database).writeWithoutTransaction { try $0.execute(sql: change) }
    try checkRebuilt(folder)
    #expect(FileManager.default.fileExists(atPath: folder.database + ".damaged"))
  }

  @Test func tablesLostWhileOpenAreRebuilt() throws {
    let folder = try ScratchFolder()
    try filled(folder)
    let (store, _) = try FactCache.open(at: folder.database)
    try DatabaseQueue(path: folder.database).writeWithoutTransaction { try $0.execute(sql: "DROP TABLE facts") }
    #expect(try store.entries().entries.isEmpty)
    #expect(store.takeDiagnostics().map(\.code) == ["cache-rebuilt"])
    #expect(store.takeDiagnostics().isEmpty)
    try store.store([(key("a.c"), stored("a.c"))])
    #expect(try store.load(key("a.c")) != nil)
  }

  /// Overwrites one page after the other: whatever comes back is either what was stored or nothing.
  @Test func noDamagedPageGivesWrongFacts() throws {
    let folder = try ScratchFolder()
    try filled(folder)
    try DatabaseQueue(path: folder.database).writeWithoutTransaction { db in
      try db.execute(sql: "PRAGMA wal_checkpoint(TRUNCATE); PRAGMA journal_mode = DELETE")
    }
    let whole = try Data(contentsOf: URL(fileURLWithPath: folder.database))
    let expected = try loadAll(folder).compactMap { $0 }
    #expect(expected.count == 60)
    var generator = SeededGenerator(seed: 9)
    var rebuilt = 0
    for page in 0..<whole.count / 4_096 {
      var damaged = whole
      for _ in 0..<24 {
        damaged[page * 4_096 + Int.random(in: 0..<4_096, using: &generator)] = UInt8.random(
          in: 0...255, using: &generator)
      }
      for suffix in ["-wal", "-shm"] { try? FileManager.default.removeItem(atPath: folder.database + suffix) }
      try damaged.write(to: URL(fileURLWithPath: folder.database))
      let (store, diagnostics) = try FactCache.open(at: folder.database)
      for facts in try loadAll(folder) {
        if let facts { #expect(expected.contains(facts)) }
      }
      _ = try store.entries()
      _ = try store.stamps()
      try store.store([(key("new.c"), stored("new.c"))])
      #expect(try store.load(key("new.c")) != nil)
      rebuilt += diagnostics.count + store.takeDiagnostics().count
    }
    #expect(rebuilt > 0)
  }

  /// Cuts the file short at many places: the store opens all the same.
  @Test(arguments: [1, 50, 99, 100, 101, 1_000, 4_096, 6_000, 12_288, 20_000, 40_000])
  func aTruncatedFileIsNoHindrance(length: Int) throws {
    let folder = try ScratchFolder()
    try filled(folder)
    try DatabaseQueue(path: folder.database).writeWithoutTransaction { db in
      try db.execute(sql: "PRAGMA wal_checkpoint(TRUNCATE); PRAGMA journal_mode = DELETE")
    }
    let whole = try Data(contentsOf: URL(fileURLWithPath: folder.database))
    try #require(whole.count > length)
    let expected = try loadAll(folder).compactMap { $0 }
    for suffix in ["-wal", "-shm"] { try? FileManager.default.removeItem(atPath: folder.database + suffix) }
    try whole.prefix(length).write(to: URL(fileURLWithPath: folder.database))
    let (store, diagnostics) = try FactCache.open(at: folder.database)
    for facts in try store.facts(for: (0..<60).map { RepoPath("\($0).cpp") }) {
      if let facts = facts?.decoded() { #expect(expected.contains(facts)) }
    }
    _ = try store.entries()
    _ = try store.stamps()
    try store.store([(key("new.c"), stored("new.c"))])
    #expect(try store.load(key("new.c")) != nil)
    // SQLite takes a file of a single byte for a new one.
    #expect(diagnostics.count + store.takeDiagnostics().count == (length == 1 ? 0 : 1))
  }

  private func loadAll(_ folder: ScratchFolder) throws -> [FileFacts?] {
    let (store, _) = try FactCache.open(at: folder.database)
    return try store.facts(for: (0..<60).map { RepoPath("\($0).cpp") }).map { $0?.decoded() }
  }

  @Test func everyFlippedByteOfStoredFactsIsNoticed() throws {
    let folder = try ScratchFolder()
    try filled(folder)
    let queue = try DatabaseQueue(path: folder.database)
    let sealed = try queue.read { try Data.fetchOne($0, sql: "SELECT encoded FROM facts WHERE file = '3.cpp'") }
    let bytes = try #require(sealed)
    let (store, _) = try FactCache.open(at: folder.database)
    for index in bytes.indices {
      var damaged = bytes
      damaged[index] ^= 0x20
      try queue.write { db in
        try db.execute(sql: "UPDATE facts SET encoded = ? WHERE file = '3.cpp'", arguments: [damaged])
      }
      #expect(try store.facts(for: [RepoPath("3.cpp")]).map { $0?.decoded() } == [nil])
    }
  }

  @Test func aFolderThatCannotBeMadeIsAnError() throws {
    let folder = try ScratchFolder()
    try Data().write(to: URL(fileURLWithPath: folder.path + "/state"))
    #expect(throws: FactStoreError.self) { try FactCache.open(at: folder.database) }
  }

  /// A child process is killed in the middle of its second batch: the first is there, nothing of the second.
  @Test func anInterruptedBatchKeepsTheFormer() async throws {
    let folder = try ScratchFolder("interrupted-\(getpid())")
    await #expect(processExitsWith: .signal(SIGKILL)) {
      // The child knows its parent's number, and from that the folder.
      let database = NSTemporaryDirectory() + "cleave-factstore-interrupted-\(getppid())/state/facts.sqlite"
      let (store, _) = try FactCache.open(at: database)
      try store.store((0..<10).map { (key("first\($0).c"), stored("first\($0).c")) })
      try store.store(
        (0..<10).lazy.map { index -> (key: FactKey, stored: StoredFacts) in
          if index == 7 { kill(getpid(), SIGKILL) }
          return (key("second\(index).c"), stored("second\(index).c"))
        })
    }
    let (store, diagnostics) = try FactCache.open(at: folder.database)
    #expect(diagnostics.isEmpty)
    #expect(try store.entries().entries.map(\.key.file.text) == (0..<10).map { "first\($0).c" })
  }

  /// Several processes begin the same new store at once and read while others write.
  @Test func processesShareOneStore() async throws {
    let folder = try ScratchFolder("shared-\(getpid())")
    await withTaskGroup(of: Void.self) { group in
      for _ in 0..<3 {
        group.addTask {
          await #expect(processExitsWith: .success) {
            let database = NSTemporaryDirectory() + "cleave-factstore-shared-\(getppid())/state/facts.sqlite"
            let (store, diagnostics) = try FactCache.open(at: database)
            try #require(diagnostics.isEmpty)
            for round in 0..<10 {
              try store.store([(key("\(getpid())-\(round).c"), stored("a.c", on: [("h", "\(round)")]))])
              let mine = try store.entries().entries.filter { $0.key.file.text.hasPrefix("\(getpid())-") }
              try #require(mine.count == round + 1)
            }
          }
        }
      }
    }
    let (store, diagnostics) = try FactCache.open(at: folder.database)
    #expect(diagnostics.isEmpty)
    #expect(try store.entries().entries.count == 30)
    #expect(try store.entries().dependencies.count == 10)
  }
}
