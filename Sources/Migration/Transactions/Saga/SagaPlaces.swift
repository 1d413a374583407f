import Basics
import Facts

/// Where the log and the images of sagas are, on either side.
struct SagaPlaces {
  let context: GroupContext

  /// The log of steps: beside the helper tables of the group on the source, beside the owner's tables on the target.
  func log(of service: String, on side: PlanSide) -> PlacedName { place("saga_step", of: service, on: side) }

  /// Images of a table.
  func image(of table: PlannedTable, on side: PlanSide) -> PlacedName {
    place("saga_image_\(context.stem(table))", of: context.serviceOf(table.name), on: side)
  }

  private func place(_ name: String, of service: String, on side: PlanSide) -> PlacedName {
    switch side {
    case .source: context.names.helperTable(name)
    case .target: context.names(of: service).targetTable(name)
    }
  }

  /// The table itself.
  func place(of table: PlannedTable, on side: PlanSide) -> PlacedName { side == .source ? table.source : table.target }

  /// A change with its places and the names of one side.
  func imaged(_ change: SagaChange, _ table: PlannedTable, on side: PlanSide) -> ImagedChange {
    let held = Dictionary(
      zip(table.columns.map(\.name), table.on(side).columns.map(\.name)), uniquingKeysWith: { first, _ in first })
    return ImagedChange(
      table: table.on(side), place: place(of: table, on: side), image: image(of: table, on: side),
      columns: change.columns.map { held[$0] ?? $0 }, relative: change.relative.map { held[$0] ?? $0 },
      mayMoveKey: change.mayMoveKey, verbs: change.verbs)
  }

  /// Tables whose rows are saved by the sagas, each once, sorted by place.
  static func imagedTables(_ sagas: [SagaPlan]) -> [PlannedTable] {
    let changes = sagas.flatMap(\.steps).flatMap(\.changes).filter { $0.compensation == .images }
    return Set(changes.compactMap(\.planned)).sorted { $0.source < $1.source }
  }

  /// The log and the images as a script.
  func script(for tables: [PlannedTable], of service: String, on side: PlanSide) -> Script {
    let maker = SagaTables(text: context.text(on: side), log: log(of: service, on: side))
    let scripts =
      [maker.logTable()]
      + tables.map { maker.imageTable(image(of: $0, on: side), of: $0.on(side), at: place(of: $0, on: side)) }
    return Script(
      up: scripts.map(\.up).joined(separator: "\n\n"), down: scripts.reversed().map(\.down).joined(separator: "\n"))
  }
}

/// What the service's own database needs for the transactions it takes part in; made with its tables in S6.
struct OwnTransactionTables {
  let context: GroupContext

  /// Scripts with names, in order.
  func scripts() -> [(name: String, script: Script)] {
    var scripts: [(name: String, script: Script)] = []
    let sagas = context.sagas { _ in true }.map(\.saga)
    let own = SagaPlaces.imagedTables(sagas).filter { context.serviceOf($0.name) == context.service }
    if !own.isEmpty {
      scripts.append(
        (
          "saga-tables",
          SagaPlaces(context: context).script(for: own, of: context.service, on: .target)
        ))
    }
    let tables = SeataTables(text: context.targetText, schema: context.names.target)
    if context.spanning.contains(where: { $0.uses(.seata) }) { scripts.append(("undo-log", tables.undoLog())) }
    if context.spanning.contains(where: { $0.uses(.tcc) }) { scripts.append(("tcc-fence", tables.fence())) }
    return scripts
  }
}
