import Basics
import Decomposition
import Facts

/// Gathers what the steps of a group need and makes them.
struct GroupBuilder {
  let system: SystemFacts
  let proposal: Proposal
  let choices: PlanChoices
  let options: PlanOptions
  let serviceOf: [TableName: String]
  private let ownerOf: [TableName: TableOwner]
  private let slugs: [String: String]
  private let tables: [TableName: Table]
  private let sharedStems: Set<String>
  private let takenNames: Set<String>
  private let isFolded: Bool
  private let aggregation: Aggregation
  /// Transactions across services, grouped and decided.
  let spanning: [SpanningGroup]

  init(system: SystemFacts, proposal: Proposal, choices: PlanChoices, options: PlanOptions) {
    self.system = system
    self.proposal = proposal
    self.choices = choices
    self.options = options
    var services: [TableName: String] = [:]
    for owner in proposal.owners where !owner.service.isEmpty { services[owner.table] = owner.service }
    for service in proposal.services { for table in service.tables { services[table] = service.name } }
    serviceOf = services
    ownerOf = Dictionary(proposal.owners.map { ($0.table, $0) }, uniquingKeysWith: { first, _ in first })
    slugs = Naming.slugs(of: proposal.services.map(\.name))
    tables = Dictionary(system.catalog.tables.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
    isFolded =
      (choices.engine == .postgres || choices.engine == .oracle)
      && (options.foldsNames ?? NameCase.isFolded(system))
    takenNames = Set(system.catalog.tables.map(\.name.baseKey))
    var seen: Set<String> = []
    let stems = system.catalog.tables.map { Naming.stem($0.name.text) }
    sharedStems = Set(stems.filter { !seen.insert($0).inserted })
    aggregation = Aggregation(system: system, proposal: proposal, serviceOf: services)
    let keyless = system.catalog.tables.filter { $0.primaryKey.isEmpty && $0.uniqueKeys.isEmpty }.map(\.name)
    spanning = SpanningGroups(
      transactions: TransactionFinder(system: system, proposal: proposal, serviceOf: services, owners: ownerOf)
        .transactions(),
      decider: TransactionDecider(
        style: choices.transactions, engine: choices.engine, owners: ownerOf, keyless: Set(keyless))
    ).groups()
  }

  /// Tables written by transactions, where their owners put them.
  private func planned(for groups: [SpanningGroup]) -> [TableName: PlannedTable] {
    var result: [TableName: PlannedTable] = [:]
    for name in Set(groups.flatMap(\.variants).flatMap(\.model.writes).map(\.table)) {
      guard let table = tables[name], !table.columns.isEmpty else { continue }
      result[name] = planner(names(of: serviceOf[name] ?? "")).table(table)
    }
    return result
  }

  private func names(of service: String) -> ObjectNames {
    ObjectNames(
      slug: slugs[service] ?? Naming.slug(service), sourceSchema: sourceSchema, taken: takenNames,
      engine: choices.engine, targetEngine: choices.targetEngine)
  }

  private var text: SQLText { SQLText(engine: choices.engine) }

  private func planner(_ names: ObjectNames) -> TablePlanner {
    TablePlanner(
      catalog: system.catalog, text: text, targetText: SQLText(engine: choices.targetEngine), names: names,
      isFolded: isFolded)
  }

  /// Where unqualified tables are.
  private var sourceSchema: String {
    let isUnsaid = options.schemaName == PlanOptions.defaultSchema
    switch choices.engine {
    case .postgres: return options.schemaName
    case .mysql, .mariadb: return options.databaseName
    case .sqlserver: return isUnsaid ? "dbo" : options.schemaName
    case .oracle: return (isUnsaid ? options.databaseName : options.schemaName).uppercased()
    }
  }

  private var decisionMaker: DecisionMaker {
    DecisionMaker(
      proposal: proposal, ownerOf: ownerOf, serviceOf: serviceOf, catalog: system.catalog,
      aggregation: aggregation, transactions: Set(spanning.flatMap(\.places)))
  }

  /// What speaks for and against moving each service early.
  func ranks(of services: [String]) -> [ServiceRank] {
    services.map { ServiceRank(decisions: decisions(for: $0), owners: proposal.owners, service: $0) }
  }

  /// What identifies a key across groups.
  static func identity(_ key: PlannedKey) -> String {
    ([key.child.name.key, key.parent.name.key] + key.columns).joined(separator: "\u{1}")
  }

  /// Everything about one service; keys an earlier group cuts are left out.
  func context(
    for service: String, position: Int, without cut: Set<String>, identified: Set<TableName>, replaced: Set<String>
  ) -> GroupContext {
    let slug = slugs[service] ?? Naming.slug(service)
    let names = names(of: service)
    let spanning = spanning.filter { $0.participants.contains(service) }
    let planner = planner(names)
    let declared = ownTables(service).compactMap { tables[$0] }.filter { !$0.columns.isEmpty }
    let parts = TablePartFinder(proposal: proposal, planner: planner, tables: tables).parts(of: service, slug: slug)
    let own = declared.map { planner.table($0) } + parts.map(\.table)
    let keys = keys(of: service, planner: planner)
    return GroupContext(
      service: service, folder: slug, position: position, slugs: slugs, sharedStems: sharedStems, names: names,
      text: text,
      targetText: SQLText(engine: choices.targetEngine), databaseName: options.databaseName, choices: choices,
      system: system, seams: proposal.seams.filter { $0.from == service || $0.to == service }, own: own, parts: parts,
      replicas: replicas(for: service, planner: planner),
      readers: uses(of: own, by: \.readers), writers: uses(of: own, by: \.writers),
      crossing: keys.crossing.filter { !cut.contains(Self.identity($0)) }, inner: keys.inner,
      copiedKeys: copiedKeys(for: service, without: cut, planner: planner),
      identified: identified, isFolded: isFolded, decisions: decisions(for: service),
      aggregation: aggregation, owners: declared.compactMap { ownerOf[$0.name] }, tableOwners: ownerOf,
      spanning: spanning, replacedBefore: replaced,
      hasCoordinator: self.spanning.contains { replaced.contains($0.name) && $0.needsCoordinator },
      planned: planned(for: spanning))
  }

  private func decisions(for service: String) -> [PlanDecision] {
    let edges = decisionMaker.decisions(for: service)
    let transactions = TransactionDecisions(groups: spanning).decisions().filter {
      $0.from == service || $0.to == service
    }
    return edges.filter { $0.kind < "transaction" } + transactions + edges.filter { $0.kind >= "transaction" }
  }

  /// The old schema as the catalog knows it.
  func catalogScript() -> String {
    let planner = planner(names(of: ""))
    let declared = system.catalog.tables.filter { !$0.columns.isEmpty }
    let keys = declared.flatMap { child -> [PlannedKey] in
      var unnamed = 0
      return child.foreignKeys.compactMap { key -> PlannedKey? in
        if key.name == nil { unnamed += 1 }
        guard let parent = tables[key.target], !parent.columns.isEmpty else { return nil }
        return planned(key, child, parent, unnamed, planner)
      }
    }
    return CatalogScript(
      text: text, tables: declared.map { planner.table($0) }, foreignKeys: keys,
      hasDefaults: choices.engine == choices.targetEngine
    ).sql
  }

  private func ownTables(_ service: String) -> [TableName] {
    (proposal.services.first { $0.name == service }?.tables ?? []).sorted()
  }

  /// Tables of others the service reads, each with the key and the columns it reads.
  private func replicas(for service: String, planner: TablePlanner) -> [PlannedTable] {
    proposal.owners.compactMap { owner in
      guard serviceOf[owner.table] != service, let table = tables[owner.table], !table.columns.isEmpty else {
        return nil
      }
      let queried = aggregation.columns(of: owner.table, for: service)
      let use = owner.readers.first { $0.service == service }
      guard use != nil || !queried.isEmpty else { return nil }
      let columns = (use?.columns ?? []) + queried
      let isClose = use.map { closelyRead($0.columns, of: table) } ?? true
      return planner.table(table, limitedTo: isClose && closelyRead(columns, of: table) ? columns : nil)
    }
  }

  /// Whether the columns say which ones are needed: `*`, none or only strangers mean all.
  private func closelyRead(_ columns: [String], of table: Table) -> Bool {
    !columns.contains("*") && columns.contains { table.column(named: $0) != nil }
  }

  private func uses(of own: [PlannedTable], by uses: KeyPath<TableOwner, [TableUse]>) -> [ForeignUse] {
    own.flatMap { table -> [ForeignUse] in
      guard let owner = ownerOf[table.name], let declared = tables[table.name] else { return [] }
      return owner[keyPath: uses].filter { $0.service != serviceOf[table.name] && !$0.service.isEmpty }.map { use in
        let keys = Set(table.key.columns)
        let wanted = Set(use.columns.map { $0.lowercased() })
        let all = !closelyRead(use.columns, of: declared)
        let columns = table.columns.map(\.name).filter { all || keys.contains($0) || wanted.contains($0.lowercased()) }
        return ForeignUse(service: use.service, table: table, columns: columns, evidence: use.evidence)
      }
      .sorted { $0.service < $1.service }
    }
  }

  private func keys(of service: String, planner: TablePlanner) -> (crossing: [PlannedKey], inner: [PlannedKey]) {
    var crossing: [PlannedKey] = []
    var inner: [PlannedKey] = []
    for child in system.catalog.tables where !child.columns.isEmpty {
      var unnamed = 0
      for key in child.foreignKeys {
        if key.name == nil { unnamed += 1 }
        guard let parent = tables[key.target], !parent.columns.isEmpty else { continue }
        let childIsOwn = serviceOf[child.name] == service
        let parentIsOwn = serviceOf[parent.name] == service
        guard childIsOwn || parentIsOwn, let planned = planned(key, child, parent, unnamed, planner) else { continue }
        if childIsOwn && parentIsOwn { inner.append(planned) } else { crossing.append(planned) }
      }
    }
    return (crossing, inner)
  }

  /// Keys of tables the service copies, to tables that are not its own.
  private func copiedKeys(for service: String, without cut: Set<String>, planner: TablePlanner) -> [PlannedKey] {
    let copied = Set(replicas(for: service, planner: planner).map(\.name))
    return system.catalog.tables.filter { copied.contains($0.name) }.flatMap { child -> [PlannedKey] in
      var unnamed = 0
      return child.foreignKeys.compactMap { key -> PlannedKey? in
        if key.name == nil { unnamed += 1 }
        guard let parent = tables[key.target], !parent.columns.isEmpty, serviceOf[parent.name] != service else {
          return nil
        }
        return planned(key, child, parent, unnamed, planner).flatMap { cut.contains(Self.identity($0)) ? nil : $0 }
      }
    }
  }

  private func planned(
    _ key: ForeignKey, _ child: Table, _ parent: Table, _ unnamed: Int, _ planner: TablePlanner
  ) -> PlannedKey? {
    let columns = key.columns.compactMap { child.column(named: $0).map { planner.held($0.name) } }
    let wanted = key.targetColumns.isEmpty ? parent.primaryKey : key.targetColumns
    let parentColumns = wanted.compactMap { parent.column(named: $0).map { planner.held($0.name) } }
    guard !columns.isEmpty, columns.count == key.columns.count, parentColumns.count == columns.count else { return nil }
    let plannedChild = planner.table(child)
    let convention = KeyNames.convention(
      table: plannedChild.source.name, columns: columns, number: unnamed, engine: text.engine)
    return PlannedKey(
      name: key.name.map(planner.held) ?? convention, isNamed: key.name != nil, child: plannedChild, columns: columns,
      parent: planner.table(parent), parentColumns: parentColumns, onDelete: key.onDelete, onUpdate: key.onUpdate,
      timing: key.timing, isMatchedFull: key.isMatchedFull, span: key.span)
  }

  /// The steps of a group in order, with teardown and risks.
  func group(_ context: GroupContext, entry: GroupOrder.Entry) -> PlanGroup {
    let steps: [PlanStep?] = [
      GuardrailsStep(context: context).make(), SeparationStep(context: context).make(),
      ForeignKeysStep(context: context).make(), SplitTablesStep(context: context).make(),
      TransactionsStep(context: context).make(),
      OwnSchemaStep(context: context).make(), CaptureStep(context: context).make(), VerifyStep(context: context).make(),
      SwitchReadsStep(context: context).make(), SwitchWritesStep(context: context).make(),
      ReverseSyncStep(context: context).make(), EnforceStep(context: context).make(),
      ContractStep(context: context).make(),
    ]
    let teardown = Teardown(context: context).make()
    let made = steps.compactMap { $0 }
    let undeclared = ownTables(context.service).filter { tables[$0]?.columns.isEmpty ?? true }
    return PlanGroup(
      service: context.service, folder: context.folder, position: context.position,
      orderReason: entry.reason,
      movesTogetherWith: entry.together,
      tables: context.own.map(\.name), replicas: context.replicas.map(\.name), decisions: context.decisions,
      blockers: Preflight(system: system, context: context).blockers(), steps: made,
      omissions: omissions(made.map(\.id)), teardownArtifacts: teardown.artifacts, teardown: teardown.actions,
      risks: RiskFinder(system: system, context: context, undeclared: undeclared).risks(),
      move: PlanMove(context, steps: made))
  }

  /// Why steps of the playbook are not among those of a group.
  private func omissions(_ taken: [StepID]) -> [PlanOmission] {
    StepID.allCases.filter { !taken.contains($0) }.map { id in
      let reason =
        switch id {
        case .separateLogic: "nobody else reads its tables, and no statement joins them with another one's"
        case .foreignKeys: "no foreign key crosses the boundary, or an earlier service cuts it"
        case .splitTables: "no columns of another one's table are its own"
        case .guardrails, .transactions, .ownSchema, .capture, .verify, .switchReads, .switchWrites, .reverseSync,
          .enforce, .contract:
          "nothing to do"
        }
      return PlanOmission(id: id, reason: reason)
    }
  }
}

/// Names engines give to foreign keys declared without one.
enum KeyNames {
  /// `table_columns_fkey` on PostgreSQL, `table_ibfk_number` on MySQL; SQL Server and Oracle make names up, so ours
  /// stands for a key that is looked up.
  static func convention(table: String, columns: [String], number: Int, engine: PlanEngine) -> String {
    switch engine {
    case .mysql, .mariadb: return Naming.shortened("\(table)_ibfk_\(number)")
    case .sqlserver, .oracle: return Naming.shortened("fk_\(table)_\(number)")
    case .postgres: break
    }
    var first = Array(table.utf8)
    var second = Array(columns.joined(separator: "_").utf8)
    // PostgreSQL shortens the longer of the two until the name fits 63 bytes.
    while first.count + second.count + 6 > 62 {
      if first.count > second.count { first.removeLast() } else { second.removeLast() }
    }
    return String(decoding: first, as: UTF8.self) + "_" + String(decoding: second, as: UTF8.self) + "_fkey"
  }
}
