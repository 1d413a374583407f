import Basics
import Decomposition
import Facts
import Foundation
import Migration
import Testing

/// Rule R4a, and Java sources that compile.
@Suite struct OutboxChoiceTests {
  private static func choose(_ change: (inout SystemFacts) -> Void) throws -> MigrationPlan {
    var system = Shop.system(.mysql)
    system.units = [CodeUnit(kind: .type, name: "Orders", span: Shop.span(1, file: "src/Orders.java"))]
    system.joins = []
    change(&system)
    return try Planner.plan(system: system, proposal: Shop.proposal(), options: PlanOptions(), factsDigest: "d")
  }

  private static func table(_ name: String) -> Table {
    Table(name: TableName(name), columns: [Column(name: "id", type: "int", isNullable: false)], source: Shop.span(1))
  }

  @Test func theRuleLooksAtTheStack() throws {
    let plain = try Self.choose { _ in }
    #expect(
      plain.outbox == .debezium && plain.outboxReason.hasPrefix("R4a: ")
        && plain.outboxReason.contains("JVM code 1 of 1"))
    let bus = try Self.choose { $0.catalog.tables.append(Self.table("bus_events")) }
    #expect(bus.outbox == .killbill)
    let tram = try Self.choose { $0.libraries = [UsedLibrary(name: .eventuateTram, files: 3)] }
    #expect(tram.outbox == .eventuate)
    let boot3 = try Self.choose {
      $0.libraries = [UsedLibrary(name: .jakarta, files: 9), UsedLibrary(name: .springBoot, files: 4)]
    }
    #expect(boot3.outbox == .modulith && boot3.outboxReason.contains("Spring Boot in 4 files with jakarta"))
    let boot2 = try Self.choose { $0.libraries = [UsedLibrary(name: .springBoot, files: 4)] }
    #expect(boot2.outbox == .debezium && boot2.outboxReason.contains("javax"))
    let native = try Self.choose {
      $0.libraries = [UsedLibrary(name: .jakarta, files: 9), UsedLibrary(name: .springBoot, files: 4)]
      $0.units += [Shop.span(1, file: "a.cpp"), Shop.span(2, file: "b.cpp")].map {
        CodeUnit(kind: .file, name: "x", span: $0)
      }
    }
    #expect(native.outbox == .debezium, "most code is not on the JVM")
  }

  @Test(arguments: [
    (PlanEngine.oracle, OutboxKind.killbill), (.sqlserver, .killbill), (.oracle, .eventuate),
  ]) func enginesItDoesNotWorkOnAreRefused(_ engine: PlanEngine, _ outbox: OutboxKind) throws {
    do {
      _ = try Planner.plan(
        system: Shop.system(.mysql), proposal: Shop.proposal(), options: PlanOptions(engine: engine, outbox: outbox),
        factsDigest: "d")
      Issue.record("no error")
    } catch PlanError.unsupported(let option, let nextStep) {
      #expect(option.contains("--outbox \(outbox.rawValue)") && nextStep.contains("--outbox"))
    }
  }

  /// The sources compile against the interfaces they are written for, and the producer refuses to lose an event.
  @Test func javaSourcesCompileAndRefuseToLoseEvents() throws {
    try Command.require("javac", package: "openjdk-17-jdk-headless")
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("cleave-java-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: folder) }
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    let stubs = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .appendingPathComponent("Fixtures/JavaStubs.txt")
    var sources: [(String, String)] = []
    for part in try String(contentsOf: stubs, encoding: .utf8).components(separatedBy: "//- ").dropFirst() {
      let lines = part.split(separator: "\n", maxSplits: 1, omittingEmptySubsequences: false)
      sources.append((String(lines[0]), String(lines[1])))
    }
    for outbox in [OutboxKind.killbill, .modulith] {
      let plan = try Shop.plan(.postgres, outbox: outbox)
      for file in plan.files() where file.path.hasSuffix(".java") {
        #expect(file.path.contains("/S4-outbox/java/"))
        sources.append(("migration/\(file.path.split(separator: "/").last!)", file.contents))
      }
    }
    #expect(sources.contains { $0.0 == "migration/OrderingProducer.java" })
    #expect(sources.contains { $0.0 == "migration/OrderingPublisher.java" })
    var paths: [String] = []
    for (path, text) in sources {
      let url = folder.appendingPathComponent(path)
      try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
      try Data(text.utf8).write(to: url)
      paths.append(path)
    }
    let compiled = try Command.run(["javac", "-Xlint:all", "-proc:none", "-d", "classes"] + paths, folder: folder)
    #expect(compiled.status == 0, "\(compiled.errors)")
    let ran = try Command.run(["java", "-Xshare:auto", "-cp", "classes", "Trial"], folder: folder)
    #expect(
      ran.trimmed == "dropped event refused\nkept event accepted\nno transaction refused\nevent taken once", "\(ran)")
  }
}
