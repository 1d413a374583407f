import Basics
import FactStore
import Facts
import Foundation
import GRDB
import Testing

/// A folder of its own that disappears with the test.
final class ScratchFolder {
  let path: String

  init(_ name: String = UUID().uuidString) throws {
    path = NSTemporaryDirectory() + "cleave-factstore-" + name
    try? FileManager.default.removeItem(atPath: path)
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  var database: String { path + "/state/facts.sqlite" }

  deinit { try? FileManager.default.removeItem(atPath: path) }
}

/// A key whose every part follows from `file` and `content`.
func key(_ file: String, content: String = "1", flags: String = "f", version: String = "v") -> FactKey {
  FactKey(file: RepoPath(file), contentDigest: content, flagsDigest: flags, version: version)
}

/// Facts that can be told apart by `lines`.
func stored(_ file: String, lines: Int = 1, on dependencies: [(String, String)] = []) -> StoredFacts {
  StoredFacts(
    facts: FileFacts(file: RepoPath(file), lineCount: lines),
    dependencies: dependencies.map { FactDependency(path: $0.0, digest: $0.1) })
}

struct FactCacheTests {
  @Test func whatIsStoredComesBack() throws {
    let folder = try ScratchFolder()
    var random = RandomFacts(seed: 11)
    let batch = (0..<40).map { index -> (key: FactKey, stored: StoredFacts) in
      var facts = random.facts()
      facts.file = RepoPath("src/\(index).cpp")
      return (key(facts.file.text), StoredFacts(facts: facts, dependencies: [FactDependency(path: "h", digest: "d")]))
    }
    do {
      let (store, diagnostics) = try FactCache.open(at: folder.database)
      #expect(diagnostics.isEmpty)
      try store.store(batch)
    }
    let (store, diagnostics) = try FactCache.open(at: folder.database)
    #expect(diagnostics.isEmpty)
    for (key, stored) in batch { #expect(try store.load(key) == stored) }
    let files = batch.map(\.key.file) + [RepoPath("absent.cpp")]
    let decoded = try store.facts(for: files).map { $0?.decoded() }
    #expect(decoded == batch.map(\.stored.facts) + [nil])
    let index = try store.entries()
    #expect(index.entries.map(\.key) == batch.map(\.key).sorted { $0.file < $1.file })
    #expect(index.dependencies == [FactDependency(path: "h", digest: "d")])
  }

  @Test func everyPartOfTheKeyCounts() throws {
    let folder = try ScratchFolder()
    let (store, _) = try FactCache.open(at: folder.database)
    try store.store([(key("a.c"), stored("a.c"))])
    #expect(try store.load(key("a.c")) != nil)
    #expect(try store.load(key("b.c")) == nil)
    #expect(try store.load(key("a.c", content: "2")) == nil)
    #expect(try store.load(key("a.c", flags: "g")) == nil)
    #expect(try store.load(key("a.c", version: "w")) == nil)
    try store.store([(key("a.c", content: "2"), stored("a.c", lines: 2))])
    #expect(try store.load(key("a.c")) == nil)
    #expect(try store.load(key("a.c", content: "2"))?.facts.lineCount == 2)
  }

  @Test func staleDependenciesAreSeen() throws {
    let folder = try ScratchFolder()
    let (store, _) = try FactCache.open(at: folder.database)
    try store.store([
      (key("a.c"), stored("a.c", on: [("x.h", "1"), ("/usr/include/y.h", "1")])),
      (key("b.c"), stored("b.c", on: [("/usr/include/y.h", "1")])),
      (key("c.c"), stored("c.c", on: [("x.h", "0")])), (key("d.c"), stored("d.c")),
    ])
    let index = try store.entries()
    func current(_ digests: [String: String]) -> [String] {
      index.current { digests[$0] }.map(\.key.file.text)
    }
    #expect(current(["x.h": "1", "/usr/include/y.h": "1"]) == ["a.c", "b.c", "d.c"])
    #expect(current(["x.h": "2", "/usr/include/y.h": "1"]) == ["b.c", "d.c"])
    #expect(current(["x.h": "0"]) == ["c.c", "d.c"])
    #expect(current([:]) == ["d.c"])
    var asked = 0
    _ = index.current { _ in
      asked += 1
      return nil
    }
    #expect(asked == 3)
  }

  @Test func pruningForgetsFilesAndUnusedDependencies() throws {
    let folder = try ScratchFolder()
    let (store, _) = try FactCache.open(at: folder.database)
    try store.store([
      (key("a.c"), stored("a.c", on: [("x.h", "1"), ("y.h", "1")])), (key("b.c"), stored("b.c", on: [("z.h", "1")])),
    ])
    let stamp = StampedDigest(stamp: FileStamp(size: 1, modified: 2, inode: 3), digest: "d")
    try store.setStamps(["a.c": stamp, "b.c": stamp, "/usr/include/x.h": stamp])
    try store.prune(keeping: [RepoPath("a.c")])
    let index = try store.entries()
    #expect(index.entries.map(\.key.file.text) == ["a.c"])
    #expect(index.dependencies.map(\.path) == ["x.h", "y.h"])
    #expect(try store.stamps().count == 3)
    try store.pruneStamps(keeping: ["a.c", "/usr/include/x.h", "new.c"])
    #expect(try store.stamps().keys.sorted() == ["/usr/include/x.h", "a.c"])
  }

  @Test func stampsAndValuesAreRemembered() throws {
    let folder = try ScratchFolder()
    let (store, _) = try FactCache.open(at: folder.database)
    let first = StampedDigest(stamp: FileStamp(size: .max, modified: .min, inode: .max), digest: "one")
    let second = StampedDigest(stamp: FileStamp(size: 0, modified: 0, inode: 0), digest: "two")
    try store.setStamps(["a": first])
    try store.setStamps(["b": second])
    #expect(try store.stamps() == ["a": first, "b": second])
    try store.setStamps(["a": second])
    #expect(try store.stamps() == ["a": second, "b": second])
    #expect(try store.value(for: "report") == nil)
    try store.setValue("digest", for: "report")
    try store.setValue("other", for: "report")
    #expect(try store.value(for: "report") == "other")
    try store.setValue(nil, for: "report")
    #expect(try store.value(for: "report") == nil)
  }

  @Test func factsNestedTooDeeplyAreLeftOut() throws {
    let folder = try ScratchFolder()
    let (store, _) = try FactCache.open(at: folder.database)
    var value = Value.opaque
    for _ in 0..<FactCodec.maximumDepth { value = .join([value]) }
    var deep = stored("deep.c")
    deep.facts.constants = [ConstantFact(name: "n", kind: .global, value: value, isLocal: false, line: 1)]
    try store.store([(key("deep.c"), stored("deep.c"))])
    try store.store([(key("deep.c", content: "2"), deep), (key("flat.c"), stored("flat.c"))])
    #expect(try store.entries().entries.map(\.key.file.text) == ["flat.c"])
  }

  @Test func aSecondOpenStoreSeesFinishedBatchesOnly() throws {
    let folder = try ScratchFolder()
    let (writer, _) = try FactCache.open(at: folder.database)
    let (reader, diagnostics) = try FactCache.open(at: folder.database)
    #expect(diagnostics.isEmpty)
    try writer.store([(key("a.c"), stored("a.c"))])
    #expect(try reader.load(key("a.c")) != nil)
    var seenInside: [Int] = []
    let batch = (0..<3).lazy.map { index -> (key: FactKey, stored: StoredFacts) in
      seenInside.append((try? reader.entries().entries.count) ?? -1)
      return (key("\(index).c"), stored("\(index).c"))
    }
    try writer.store(batch)
    #expect(seenInside == [1, 1, 1])
    #expect(try reader.entries().entries.count == 4)
  }
}
