import Foundation
import Testing

/// Who may use whom: the table of Sources/ARCHITECTURE.md as data. A room that is not listed does not exist yet.
private let mayUse: [String: Set<String>] = [
  "CLibclang": [],
  "CTreeSitter": [],
  "CIGraph": [],
  "CMariaDB": [],
  "CPostgres": [],
  "Basics": [],
  "Facts": ["Basics"],
  "SQL": ["Basics", "Facts"],
  "ClangFrontend": ["Basics", "Facts", "SQL", "CLibclang"],
  "DocumentFrontend": ["Basics", "Facts", "Yams"],
  "TreeSitterFrontend": ["Basics", "Facts", "SQL", "CTreeSitter"],
  "Frameworks": ["Basics", "Facts", "SQL"],
  "FactStore": ["Basics", "Facts", "GRDB"],
  "Graph": ["Basics", "Facts"],
  "Decomposition": ["Basics", "Facts", "Graph", "CIGraph"],
  "Migration": ["Basics", "Facts", "SQL", "Graph", "Decomposition", "Yams"],
  "Rehearsal": ["Basics", "Facts", "SQL", "Graph", "Decomposition", "Migration", "CMariaDB", "CPostgres"],
  "RehearsalWorker": ["Rehearsal"],
  "Reporting": ["Basics"],
  "Pipeline": [
    "Basics", "Facts", "SQL", "ClangFrontend", "DocumentFrontend", "TreeSitterFrontend", "Frameworks", "FactStore",
    "Graph", "Decomposition", "Migration", "Rehearsal", "Reporting", "Yams",
    "Subprocess", "SystemPackage",
  ],
  "cleave": ["Basics", "Pipeline", "Reporting", "ArgumentParser"],
]

struct DirectionTests {
  private struct Target {
    let name: String
    let isTest: Bool
    let dependencies: [String]
  }

  /// The targets of the manifest, from `swift package dump-package`.
  private func targets() throws -> [Target] {
    let scratch = NSTemporaryDirectory() + "cleave-architecture-\(ProcessInfo.processInfo.processIdentifier)"
    defer { try? FileManager.default.removeItem(atPath: scratch) }
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    // A scratch folder of its own: the usual one is locked while `swift test` runs.
    process.arguments = [
      "swift", "package", "--package-path", Tree.root.path, "--scratch-path", scratch, "dump-package",
    ]
    let output = Pipe()
    process.standardOutput = output
    process.standardError = FileHandle.nullDevice
    try process.run()
    let data = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    try #require(process.terminationStatus == 0)
    let package = try #require(JSONSerialization.jsonObject(with: data) as? [String: Any])
    let list = try #require(package["targets"] as? [[String: Any]])
    return try list.map { target in
      let dependencies = try #require(target["dependencies"] as? [[String: [Any]]])
      return Target(
        name: try #require(target["name"] as? String), isTest: target["type"] as? String == "test",
        dependencies: try dependencies.map { dependency in
          // `byName`, `target` and `product` all carry the name first.
          try #require(dependency.values.first?.first as? String)
        })
    }
  }

  @Test func theManifestFollowsTheTable() throws {
    let targets = try targets()
    #expect(targets.contains { $0.name == "cleave" })
    for target in targets where !target.isTest {
      let allowed = try #require(mayUse[target.name], "\(target.name) is not in the table")
      for dependency in target.dependencies {
        #expect(allowed.contains(dependency), "\(target.name) may not use \(dependency)")
      }
    }
  }

  @Test func everyRoomHasTests() throws {
    let targets = try targets()
    let tested = Set(targets.filter(\.isTest).flatMap(\.dependencies))
    for target in targets where !target.isTest && !target.name.hasPrefix("C") {
      // The program itself is tested from outside, by running it.
      #expect(target.name == "cleave" || tested.contains(target.name), "\(target.name) has no tests")
    }
  }

  @Test func theTableHasNoCycle() {
    var done: Set<String> = []
    func visit(_ room: String, below path: [String]) {
      #expect(!path.contains(room), "\(path + [room]) is a cycle")
      guard !path.contains(room), done.insert(room).inserted else { return }
      for next in (mayUse[room] ?? []).sorted() { visit(next, below: path + [room]) }
    }
    for room in mayUse.keys.sorted() { visit(room, below: []) }
  }

  /// What the compiler's import check enforces, without building: files import no room their own may not use.
  @Test func importsFollowTheTable() throws {
    let sources = try Tree.sources()
    #expect(sources.count > 20)
    let modules = Set(mayUse.keys).union(mayUse.values.joined())
    for file in sources {
      let allowed = try #require(mayUse[file.room], "\(file.room) is not in the table")
      for line in file.lines {
        let parts = line.split(separator: " ")
        guard let place = parts.firstIndex(of: "import"), place + 1 < parts.count, place <= 2 else { continue }
        let module = String(parts[place + 1])
        guard modules.contains(module) else { continue }
        #expect(allowed.contains(module), "\(file.path) may not import \(module)")
      }
    }
  }
}
