/// Removes what the steps set up; made from their own inverses, so that nothing is forgotten.
struct Teardown {
  let context: GroupContext

  /// Files and actions, in order.
  func make() -> (artifacts: [PlanFile], actions: [PlanAction]) {
    var draft = StepDraft(teardownOf: context)
    let names = context.names
    let sites = [CaptureSite.reverse(context), .forward(context)]
    for site in sites { draft.act(site.reader().stop()) }
    for site in sites {
      if let slot = CaptureSetup(site: site).dropSlot() {
        draft.runOnce(slot, named: site.isForward ? "slot" : "reverse-slot", on: site.side)
      }
    }
    for site in sites {
      if let sql = CaptureTeardown(site: site).sql() {
        draft.runOnce(sql, named: site.isForward ? "capture" : "reverse-capture", on: site.side)
      }
    }
    OutboxArtifacts(context: context).tearDown(&draft)
    draft.runOnce(source(), named: "helper-objects", on: .source)
    draft.runOnce(target(), named: "apply-tables", on: .target)
    draft.act(
      .manual(
        "delete the topics that start with \(names.topicPrefix).\(context.text.isMySQL ? context.databaseName : "") and the schema history; "
          + "the outbox topics stay: they are the contract"))
    return (draft.artifacts.sorted { $0.path < $1.path }, draft.apply)
  }

  /// Helper objects in the old database. The retired tables stay until people drop them.
  private func source() -> String {
    let text = context.text
    let names = context.names
    let roles = [names.readWriteRole, names.readOnlyRole, names.monolithRole]
    let loose = LooseKeys(context: context)
    let triggers = (loose.queues.map { loose.trigger(of: $0) } + WriteLock(context: context).triggers)
    let dropTriggers = triggers.map { text.dropIfExists("TRIGGER", $0) }
    switch text.engine {
    case .mysql, .mariadb:
      return
        (dropTriggers + [
          "DROP DATABASE IF EXISTS \(text.name(names.facade));", "DROP DATABASE IF EXISTS \(text.name(names.helper));",
        ] + cascades + roles.map { "DROP ROLE IF EXISTS \(text.role($0));" }).joined(separator: "\n")
    case .postgres:
      return """
        DROP PUBLICATION IF EXISTS \(text.name(names.publication));
        DROP SCHEMA IF EXISTS \(text.name(names.facade)) CASCADE;
        -- takes the functions, and with them the triggers that call them
        DROP SCHEMA IF EXISTS \(text.name(names.helper)) CASCADE;
        """
    case .sqlserver:
      let schemas = [names.facade, names.helper]
      return (dropTriggers + [emptySchemas(schemas)] + schemas.map { "DROP SCHEMA IF EXISTS \(text.name($0));" })
        .joined(separator: "\n")
    case .oracle:
      let users = [names.facade, names.helper].map { schema in
        text.ifPresent("all_users WHERE username = \(text.literal(schema))", ["DROP USER \(text.name(schema)) CASCADE"])
      }
      return (dropTriggers + users).joined(separator: "\n")
    }
  }

  /// SQL Server drops no schema with something in it.
  private func emptySchemas(_ schemas: [String]) -> String {
    """
    DECLARE @cleave_sql nvarchar(max) = (SELECT STRING_AGG(CONVERT(nvarchar(max), CONCAT(
        CASE o.type WHEN 'V' THEN N'DROP VIEW ' ELSE N'DROP TABLE ' END, QUOTENAME(s.name), N'.', QUOTENAME(o.name))), N'; ')
        WITHIN GROUP (ORDER BY o.type DESC, o.name)
      FROM sys.objects o JOIN sys.schemas s ON s.schema_id = o.schema_id
      WHERE o.type IN ('U', 'V') AND s.name IN (\(schemas.map { context.text.literal($0) }.joined(separator: ", "))));
    IF @cleave_sql IS NOT NULL
    BEGIN
      EXEC(@cleave_sql);
    END;
    """
  }

  private var cascades: [String] {
    [LoggedCascades.Children.moved, .copied].flatMap {
      LoggedCascades(context: context, side: .source, children: $0).removal
    }
  }

  /// Stages, memories and control tables in the service's own database; its tables, copies, outbox and inbox stay.
  private func target() -> String {
    let text = context.targetText
    let names = context.names
    let channels =
      context.own.map { ApplyChannel.forward($0, isCopy: false, context: context) }
      + [ApplyChannel.forward(context.fenceTable, isCopy: true, context: context)]
    var tables = channels.flatMap { [$0.stage] + ($0.memory.map { [$0] } ?? []) }
    tables += ["cleave_fence", "cleave_signal", "cleave_heartbeat"].map { names.targetTable($0) }
    let publication =
      text.engine == .postgres ? ["DROP PUBLICATION IF EXISTS \(text.name(names.reversePublication));"] : []
    return (publication + tables.map { text.dropIfExists("TABLE", $0) }).joined(separator: "\n")
  }
}
