import Basics
import Decomposition
import Facts

/// Columns of a table that get another owner than the rest, as a table of their own beside it.
struct TablePart: Hashable {
  /// The table as it is.
  let origin: PlannedTable
  /// The service that owns it.
  let originOwner: String
  /// The part: the key and the columns that go.
  let table: PlannedTable
  /// Columns the service writes.
  let written: [String]
  /// Columns nobody writes that it reads most.
  let unwritten: [String]
}

/// Finds the parts a service gets from tables of others.
struct TablePartFinder {
  let proposal: Proposal
  let planner: TablePlanner
  let tables: [TableName: Table]

  /// Parts sorted by table; a table without a primary key cannot be split, as nothing would tie the parts together.
  func parts(of service: String, slug: String) -> [TablePart] {
    proposal.owners.compactMap { owner in
      guard owner.resolution == .tableSplit, owner.service != service, let table = tables[owner.table],
        !table.primaryKey.isEmpty
      else { return nil }
      let joint = owner.proof.joint
      let written = joint.parts.first { $0.service == service }?.columns ?? []
      let unwritten = joint.unwritten.first { $0.service == service }?.columns ?? []
      let wanted = Set((written + unwritten).map { $0.lowercased() })
      let keys = Set(table.primaryKey.map { $0.lowercased() })
      let columns = table.columns.filter {
        wanted.contains($0.name.lowercased()) && !keys.contains($0.name.lowercased())
      }
      guard !columns.isEmpty else { return nil }
      return TablePart(
        origin: planner.table(table), originOwner: owner.service,
        table: planner.table(partTable(of: table, with: columns, slug: slug)),
        written: written, unwritten: unwritten)
    }
  }

  /// Keys keep their order; nothing but the origin numbers rows.
  private func partTable(of table: Table, with columns: [Column], slug: String) -> Table {
    let held = Set(columns.map(\.name))
    let keys = Set(table.primaryKey.map { $0.lowercased() })
    let all = table.columns.filter { held.contains($0.name) || keys.contains($0.name.lowercased()) }.map { column in
      Column(
        name: column.name, type: column.type, isNullable: column.isNullable,
        defaultExpression: column.isGenerated ? nil : column.defaultExpression)
    }
    return Table(
      name: TableName(Naming.shortened("\(table.name.text)_\(slug)")), columns: all, primaryKey: table.primaryKey,
      source: table.source)
  }
}
