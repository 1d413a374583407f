import Basics

/// The event publication registry of Spring Modulith, in its second layout, with the twin that archives.
struct ModulithOutbox {
  let context: GroupContext

  private var names: ObjectNames { context.names }

  private static let tables = ["event_publication", "event_publication_archive"]

  /// An application has one registry, whatever number of services it is going to be: in the old database it lies in the
  /// monolith's own schema. Only PostgreSQL can be told another one; elsewhere the registry refuses to start with
  /// `jdbc.schema` set.
  private func schema(on side: PlanSide) -> String { side == .source ? names.sourceSchema : names.target }

  /// Names as the registry writes them: in capitals where the server tells them apart.
  private func spelled(_ name: String, _ engine: PlanEngine) -> String {
    switch engine {
    case .postgres: name
    case .mysql, .mariadb, .sqlserver, .oracle: name.uppercased()
    }
  }

  /// The tables of a side.
  func places(on side: PlanSide) -> [PlacedName] {
    Self.tables.map {
      PlacedName(schema: schema(on: side), name: spelled($0, context.text(on: side).engine))
    }
  }

  /// Whether the system has a registry already, which then is the one to use.
  private var isThere: Bool { names.taken.contains("event_publication") }

  /// The script of a side; nil when the tables are there, or come with the service that moves first.
  func script(on side: PlanSide) -> Script? {
    if side == .source, context.position > 1 { return nil }
    if isThere, side == .source || context.own.contains(where: { $0.name.baseKey == "event_publication" }) {
      return nil
    }
    let text = context.text(on: side)
    let tables = zip(places(on: side), Self.tables)
    return Script(
      up: tables.map { create($0, index: $1, text) }.joined(separator: "\n"),
      down: places(on: side).reversed().map { "DROP TABLE \(text.table($0));" }.joined(separator: "\n"))
  }

  private func create(_ place: PlacedName, index stem: String, _ text: SQLText) -> String {
    let moment =
      switch text.engine {
      case .postgres, .oracle: text.type(.moment)
      case .mysql, .mariadb: "timestamp(6)"
      case .sqlserver: "datetime2(6)"
      }
    let null = text.engine == .oracle ? "" : " NULL"
    let isPostgres = text.engine == .postgres
    let words = isPostgres ? "text" : text.type(.text(512))
    let columns = [
      "id \(isPostgres ? "uuid" : text.type(.text(36))) NOT NULL PRIMARY KEY", "listener_id \(words) NOT NULL",
      "event_type \(words) NOT NULL", "serialized_event \(payload(text)) NOT NULL",
      "publication_date \(moment) NOT NULL", "completion_date \(moment)\(null)",
      "status \(isPostgres ? "text" : text.type(.text(20)))\(null)", "completion_attempts int\(null)",
      "last_resubmission_date \(moment)\(null)",
    ]
    let table = text.table(place)
    let byDate = "\(stem)_by_completion_date_idx"
    let index = text.engine == .oracle ? text.table(PlacedName(schema: place.schema, name: byDate)) : byDate
    return
      ([text.createTable(place, columns)]
      + (isPostgres
        ? ["CREATE INDEX \(stem)_serialized_event_hash_idx ON \(table) USING hash (serialized_event);"] : []) + [
        "CREATE INDEX \(index) ON \(table) (completion_date);"
      ]).joined(separator: "\n")
  }

  /// Upstream caps events at 4000 characters off PostgreSQL; wider text is used where the registry's comparison of
  /// events still works. Oracle cannot compare large texts.
  private func payload(_ text: SQLText) -> String {
    switch text.engine {
    case .postgres, .mysql, .mariadb, .sqlserver: text.type(.longText)
    case .oracle: "varchar2(4000)"
    }
  }

  /// The keys of the registry; every default that matters is written out.
  func properties(on side: PlanSide) -> String {
    let events = "spring.modulith.events."
    var settings: [(String, String)] = [
      (events + "completion-mode", "archive"), (events + "externalization.enabled", "true"),
      (events + "externalization.mode", "module-listener"),
      (events + "externalization.serialize-externalization", "true"),
      // The tables come with this plan.
      (events + "jdbc.schema-initialization.enabled", "false"), (events + "jdbc.use-legacy-structure", "false"),
    ]
    if context.text(on: side).engine == .postgres { settings.append((events + "jdbc.schema", schema(on: side))) }
    if context.broker == .kafka { settings.append((events + "kafka.enable-json", "true")) }
    settings += [
      (events + "republish-outstanding-events-on-restart", "true"), (events + "staleness.processing", "5m"),
      (events + "staleness.published", "5m"), (events + "staleness.resubmitted", "5m"),
    ]
    return PropertiesText.document(
      settings,
      comment:
        "Externalization is an asynchronous listener: after a failure later events overtake earlier ones,\n"
        + "so consumers need the version guard beside the inbox. On Spring Modulith 1.x the last three columns stay empty."
    )
  }

  /// Forgets what was archived.
  func purge(on side: PlanSide) -> String {
    let text = context.text(on: side)
    return "DELETE FROM \(text.table(places(on: side)[1])) WHERE completion_date < \(text.ago(.days(30)));"
  }
}
