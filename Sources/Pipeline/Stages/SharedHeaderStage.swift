import ClangFrontend
import Foundation

/// A precompiled header shared by several units.
struct SharedHeader: Sendable {
  /// Absolute path of the compiled form.
  var path: String
  /// Absolute paths of every header inside.
  var includedFiles: [String]
}

/// Compiles the headers that units share once for all of them; C++ spends most of its time there.
struct SharedHeaderStage {
  let folder: String
  let jobs: Int
  let progress: @Sendable (ProgressUpdate) -> Void

  /// The header to use for each job, nil for none; in the order of `work`.
  func run(_ work: [FactJob]) -> [SharedHeader?] {
    var result = [SharedHeader?](repeating: nil, count: work.count)
    var users: [HeaderUser] = []
    var places: [Int] = []
    for (place, job) in work.enumerated() {
      guard let command = job.command, case .success(let bytes) = FileContent.read(job.path) else { continue }
      users.append(
        HeaderUser(path: job.path, arguments: command.arguments, includes: TokenFrontend.includes(of: bytes)))
      places.append(place)
    }
    let groups = HeaderGroup.groups(of: users) { FileManager.default.fileExists(atPath: $0) }
    guard !groups.isEmpty else { return result }
    let numbered = Array(groups.enumerated().map { (number: $0.offset, group: $0.element) })
    let folder = folder
    var finished = 0
    let headers = WorkerPool.map(
      numbered, jobs: jobs, state: { UnitParser() },
      done: { batch in
        finished += batch.count
        progress(ProgressUpdate(stage: "sharing headers", done: finished, total: groups.count))
      },
      body: { parser, item in Self.compile(item.group, number: item.number, folder: folder, parser: parser) })
    for (group, header) in zip(groups, headers) {
      for member in group.members { result[places[member]] = header }
    }
    return result
  }

  /// Compiles one group's header; when it does not compile on its own, once more with the system's headers alone.
  private static func compile(
    _ group: HeaderGroup, number: Int, folder: String, parser: UnitParser
  ) -> SharedHeader? {
    let system = group.lines.filter { $0.hasPrefix("<") }
    for (attempt, lines) in [group.lines, system].enumerated() where !lines.isEmpty {
      var part = group
      part.lines = lines
      let source = "\(folder)/shared-\(number)-\(attempt).h"
      let output = source + ".pch"
      guard (try? part.text.write(toFile: source, atomically: false, encoding: .utf8)) != nil else { return nil }
      if let included = parser.precompile(header: source, arguments: group.arguments, output: output) {
        return SharedHeader(path: output, includedFiles: included)
      }
    }
    return nil
  }
}
