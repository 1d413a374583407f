package import Facts
import Basics

/// Puts the schema together from everything that says something about it.
///
/// What comes first stands where several define a table: migrations written in code, then snapshots of their result,
/// then SQL files, then what the mappings of classes say. A source that mostly repeats tables another one already
/// defined adds nothing but a second opinion; its other tables still count. Of mappings only those count that declare
/// their table, or all of them when nothing else defines any table.
package enum CatalogAssembler {
  /// The final schema. `sql` is what the SQL files come to.
  package static func assemble(sql: Catalog, histories: [SchemaHistory]) -> (catalog: Catalog, reader: SchemaReader) {
    let sorted = histories.enumerated().sorted {
      ($0.element.origin, $0.offset) < ($1.element.origin, $1.offset)
    }.map(\.element)
    let engine = sorted.lazy.filter { $0.origin != .mapping }.compactMap(\.engine).first
    var tables: [Table] = []
    var programs: [StoredProgram] = []
    var known = KnownTables()
    var whole = SchemaReader(engine: engine)
    func add(_ catalog: Catalog) {
      tables += catalog.tables.filter { !known.contains($0.name) }
      for table in catalog.tables { known.insert(table.name) }
      let names = Set(programs.map { "\($0.kind.rawValue) \($0.name.lowercased())" })
      programs += catalog.programs.filter { !names.contains("\($0.kind.rawValue) \($0.name.lowercased())") }
    }
    for origin in [SchemaHistory.Origin.migrations, .snapshot] {
      for history in sorted where history.origin == origin {
        var reader = SchemaReader(engine: history.engine)
        reader.replay(history)
        whole.add(countsOf: reader)
        add(reader.catalog())
      }
    }
    add(sql)
    let hasSchema = !tables.isEmpty
    for history in sorted where history.origin == .mapping {
      var reader = SchemaReader(engine: history.engine ?? engine)
      reader.replay(history)
      let catalog = reader.catalog()
      add(hasSchema ? Catalog(tables: catalog.tables.filter { history.declared.contains($0.name) }) : catalog)
    }
    let family = sql.tables.isEmpty ? engine ?? sorted.first?.engine ?? sql.engine : sql.engine
    return (Catalog(tables: completed(tables), programs: programs, engine: family), whole)
  }

  /// Names of tables so far. A name without schema is the same as any with one; two schemas are two tables.
  private struct KnownTables {
    private var keys: Set<String> = []
    private var bases: Set<String> = []
    private var bare: Set<String> = []

    func contains(_ name: TableName) -> Bool {
      if keys.contains(name.key) || bare.contains(name.baseKey) { return true }
      return name.key == name.baseKey && bases.contains(name.baseKey)
    }

    mutating func insert(_ name: TableName) {
      keys.insert(name.key)
      bases.insert(name.baseKey)
      if name.key == name.baseKey { bare.insert(name.key) }
    }
  }

  /// Foreign keys to tables of another source get their columns.
  private static func completed(_ tables: [Table]) -> [Table] {
    let exact = Dictionary(tables.map { ($0.name.key, $0) }, uniquingKeysWith: { first, _ in first })
    let byBase = Dictionary(tables.map { ($0.name.baseKey, $0) }, uniquingKeysWith: { first, _ in first })
    return tables.map { table in
      var table = table
      for place in table.foreignKeys.indices {
        let target = table.foreignKeys[place].target
        guard let found = exact[target.key] ?? byBase[target.baseKey] else { continue }
        table.foreignKeys[place].target = found.name
        if table.foreignKeys[place].targetColumns.isEmpty { table.foreignKeys[place].targetColumns = found.primaryKey }
      }
      return table
    }
  }
}
