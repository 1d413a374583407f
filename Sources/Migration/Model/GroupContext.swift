import Basics
import Decomposition
import Facts

/// Another service that reads or writes a table of the group, and where it does.
struct ForeignUse: Hashable {
  let service: String
  let table: PlannedTable
  /// Columns used that exist in the table; all when the code takes all or cannot be read closely.
  let columns: [String]
  let evidence: [SourceSpan]
}

/// A foreign key with both its tables.
struct PlannedKey: Hashable {
  let name: String
  /// Whether the name was declared; else it is the one the engine gives by convention.
  let isNamed: Bool
  let child: PlannedTable
  let columns: [String]
  let parent: PlannedTable
  let parentColumns: [String]
  let onDelete: ReferentialAction
  let onUpdate: ReferentialAction
  let timing: KeyTiming
  let isMatchedFull: Bool
  let span: SourceSpan

  /// The key as one side's SQL has to write it.
  func on(_ side: PlanSide) -> PlannedKey {
    func held(_ columns: [String], _ table: PlannedTable) -> [String] {
      columns.map { name in table.columns.first { $0.name == name }?.on(side).name ?? name }
    }
    return PlannedKey(
      name: name, isNamed: isNamed, child: child.on(side), columns: held(columns, child), parent: parent.on(side),
      parentColumns: held(parentColumns, parent), onDelete: onDelete, onUpdate: onUpdate,
      timing: timing, isMatchedFull: isMatchedFull, span: span)
  }
}

/// Everything the step makers need to know about the move of one service.
struct GroupContext {
  let service: String
  let folder: String
  /// Place in the order of the plan, from 1.
  let position: Int
  /// Short names of all services.
  let slugs: [String: String]
  /// Parts of file names more than one table would have.
  let sharedStems: Set<String>
  let names: ObjectNames
  /// How SQL is written for the monolith's database.
  let text: SQLText
  /// How SQL is written for the service's own database.
  let targetText: SQLText
  let databaseName: String
  let choices: PlanChoices
  /// The facts of the whole system.
  let system: SystemFacts
  /// The seams that begin or end in the service, sorted.
  let seams: [Seam]
  /// Tables that move, with the parts S3 makes.
  let own: [PlannedTable]
  /// Columns of other services' tables that become tables of this one.
  let parts: [TablePart]
  /// Tables of others, as the service needs them.
  let replicas: [PlannedTable]
  /// Other services that read the group's tables.
  let readers: [ForeignUse]
  /// Other services that write the group's tables.
  let writers: [ForeignUse]
  /// Keys that cross the boundary and are not cut by a group that moves earlier.
  let crossing: [PlannedKey]
  /// Keys between tables that move together.
  let inner: [PlannedKey]
  /// Keys between tables of others whose child is copied, and which still stand.
  let copiedKeys: [PlannedKey]
  /// Tables whose rows an earlier group of the plan makes identifiable.
  let identified: Set<TableName>
  /// Whether declared names stand in lower case on the server.
  let isFolded: Bool
  let decisions: [PlanDecision]
  /// Every query that crosses the cut, of the whole system.
  let aggregation: Aggregation
  /// Owners of the tables that move.
  let owners: [TableOwner]
  /// Owners of all tables of the system.
  let tableOwners: [TableName: TableOwner]
  /// Transactions across services the service takes part in, grouped, sorted by name.
  let spanning: [SpanningGroup]
  /// Names of the groups of transactions an earlier group of the plan has replaced.
  let replacedBefore: Set<String>
  /// Whether an earlier group of the plan has set up the coordinator of global transactions.
  let hasCoordinator: Bool
  /// The tables those transactions write, wherever they are owned, with the places their owners give them.
  let planned: [TableName: PlannedTable]

  var outbox: OutboxKind { choices.outbox }
  var broker: Broker { choices.broker }

  /// Queries across the cut that are answered in this service's database.
  var queries: [CrossQuery] { aggregation.queries(of: service) }

  /// What the services ask of each other by key.
  var endpoints: BatchEndpoints { aggregation.endpoints }

  /// How SQL is written for a side.
  func text(on side: PlanSide) -> SQLText { side == .source ? text : targetText }

  /// Tables whose changes are captured, sorted by where they are.
  var captured: [PlannedTable] { (own + replicas).sorted { $0.source < $1.source } }

  /// Tables that move and are there from the beginning.
  var declared: [PlannedTable] {
    let made = Set(parts.map(\.table.name))
    return own.filter { !made.contains($0.name) }
  }

  /// What stands for a table in file names; different tables have different ones.
  func stem(_ table: PlannedTable) -> String {
    let stem = Naming.stem(table.name.text)
    return sharedStems.contains(stem) ? "\(stem)_\(Naming.hash(table.name.text))" : stem
  }

  /// The short name of a service.
  func slug(_ service: String) -> String { slugs[service] ?? Naming.slug(service) }

  /// Tables whose rows this group has to make identifiable in the log.
  var needingIdentity: [PlannedTable] {
    (own + replicas).filter { table in
      !identified.contains(table.name)
        && (table.isSurrogate || (!text.isMySQL && (table.lacksPrimaryKey || table.mayToast)))
    }
  }

  /// Tables kept as read-only copies: those of others, and the fence that proves the stream has drained.
  var copies: [PlannedTable] { replicas + [fenceTable] }

  /// The fence as a captured table.
  var fenceTable: PlannedTable {
    func type(_ text: SQLText) -> PlannedType {
      PlannedType(sql: text.type(.text(64)), kind: .text, maxBytes: 256, fraction: nil, isUnknown: false)
    }
    let id = PlannedColumn(
      name: fenceColumn, type: type(targetText), isNullable: false, defaultValue: DefaultValue.none, isNumbered: false,
      targetName: targetText.engine == .oracle ? "ID" : "id", sourceType: type(text))
    return PlannedTable(
      name: TableName("\(names.helper).cleave_fence"), source: fence, target: names.targetTable("cleave_fence"),
      columns: [id], key: .primary([fenceColumn]), uniqueKeys: [], span: SourceSpan(file: RepoPath(""), line: 0))
  }

  /// The one column of the fence, as the monolith's server holds it: it is created without quotes.
  var fenceColumn: String { text.engine == .oracle ? "ID" : "id" }

  var signal: PlacedName { names.helperTable("cleave_signal") }
  var heartbeat: PlacedName { names.helperTable("cleave_heartbeat") }
  var fence: PlacedName { names.helperTable("cleave_fence") }
}
