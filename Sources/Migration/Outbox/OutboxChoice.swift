import Basics
import Facts

/// Chooses the outbox by rule R4a, or refuses one that does not work on an engine.
struct OutboxChoice {
  let system: SystemFacts
  let engine: PlanEngine
  let targetEngine: PlanEngine
  let cdc: CDCTool

  /// Engines an outbox works on, by its own project's account.
  static func engines(of kind: OutboxKind) -> [PlanEngine] {
    switch kind {
    case .killbill: [.postgres, .mysql, .mariadb]
    case .eventuate: [.postgres, .mysql, .mariadb, .sqlserver]
    case .debezium, .modulith, .polling: PlanEngine.allCases
    }
  }

  /// The outbox and why, or a refusal with the next step.
  func choose(_ wanted: OutboxKind?) throws(PlanError) -> (OutboxKind, String) {
    if let wanted {
      for side in [engine, targetEngine] where !Self.engines(of: wanted).contains(side) {
        throw .unsupported(
          option: "--outbox \(wanted.rawValue) on \(side.title)",
          nextStep: "choose --outbox debezium, or --outbox polling where the transaction log cannot be read")
      }
      return (wanted, "as asked for")
    }
    let (kind, reason) = byRule()
    return (
      kind, "R4a: \(reason); looked at: \(inputs.joined(separator: ", ")); alternatives: \(alternatives(to: kind))"
    )
  }

  private func byRule() -> (OutboxKind, String) {
    func works(_ kind: OutboxKind) -> Bool {
      [engine, targetEngine].allSatisfy { Self.engines(of: kind).contains($0) }
    }
    if hasBus, isMostlyJVM, works(.killbill) {
      return (.killbill, "the schema has a bus inside the database already and most code runs on the JVM")
    }
    if hasTram, isMostlyJVM, works(.eventuate) {
      return (.eventuate, "the system uses Eventuate Tram already, and with it its sagas")
    }
    if hasRegistry, works(.modulith) {
      return (.modulith, "the system uses the event publication registry of Spring Modulith already")
    }
    if springFiles > 0, isMostlyJVM, usesJakarta, works(.modulith) {
      return (
        .modulith,
        "the code runs on Spring Boot 3 or later, where its event publication registry is the least that is needed"
      )
    }
    if cdc != .debezium {
      return (.polling, "\(cdc.rawValue) routes no events, and a relay is less to run than Debezium beside it")
    }
    return (
      .debezium,
      springFiles > 0 && isMostlyJVM
        ? "a plain table and the event router: Spring Modulith needs Spring Boot 3, and the code imports javax, not jakarta"
        : "the log is tailed anyway, so a plain table and the event router are the least that is needed"
    )
  }

  private func alternatives(to kind: OutboxKind) -> String {
    let all: [(OutboxKind, String)] = [
      (.debezium, "debezium, where the order of events must follow the log"),
      (.polling, "polling, where the log cannot be read (wal_level, log_bin, supplemental logging)"),
      (.modulith, "modulith, on Spring Boot 3"), (.eventuate, "eventuate, with its sagas"),
      (.killbill, "killbill, for a bus inside the database on the JVM"),
    ]
    return all.filter { other, _ in
      other != kind && [engine, targetEngine].allSatisfy { Self.engines(of: other).contains($0) }
    }.map(\.1).joined(separator: "; ")
  }

  // MARK: What it looks at

  private var inputs: [String] {
    [
      "engine \(engine.rawValue)", "capture by \(cdc.rawValue)", "JVM code \(jvmUnits) of \(system.units.count) units",
      "tables of an in-database bus \(hasBus ? "yes" : "no")", "Eventuate Tram \(hasTram ? "yes" : "no")",
      "Spring Modulith \(hasRegistry ? "yes" : "no")",
      "Spring Boot \(springFiles == 0 ? "not seen" : "in \(springFiles) files")"
        + (springFiles == 0 ? "" : usesJakarta ? " with jakarta imports" : " without jakarta imports"),
    ]
  }

  private func hasTable(_ names: String...) -> Bool {
    let wanted = Set(names)
    return wanted.isSubset(of: system.catalog.tables.map(\.name.baseKey))
  }

  private var hasBus: Bool { hasTable("bus_events") }
  private var hasTram: Bool { hasTable("message", "received_messages") || files(importing: .eventuateTram) > 0 }
  private var hasRegistry: Bool { hasTable("event_publication") || files(importing: .springModulith) > 0 }

  private static let jvm = [".java", ".kt", ".scala", ".groovy"]

  private var jvmUnits: Int {
    system.units.count { unit in Self.jvm.contains { unit.span.file.text.hasSuffix($0) } }
  }

  private var isMostlyJVM: Bool { jvmUnits * 2 > system.units.count }

  private func files(importing library: UsedLibrary.Name) -> Int {
    system.libraries.first { $0.name == library }?.files ?? 0
  }

  private var springFiles: Int { files(importing: .springBoot) }
  /// The packages Java EE moved to with Spring Boot 3; a mix means the move is under way.
  private var usesJakarta: Bool { files(importing: .jakarta) > 0 }
}
