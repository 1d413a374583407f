import Basics
import Facts

/// Which connection each table is reached through, where that is certain: a global object that takes the SQL in C and C++,
/// a context of Entity Framework, a class of ActiveRecord that connects to a database of its own.
///
/// Connections that are fields, parameters or variables are not told apart: the same name may stand for another database in every class.
struct TableHandles {
  private let index: SystemIndex
  private let model: EntityModel
  private let declared: DeclaredTables
  /// How many places reach each table through each handle.
  private var counts: [TableName: [String: Int]] = [:]

  /// A global is used by code of at least so many types and files: a member is by one (ours).
  private static let leastUsers = 3
  private static let contexts: Set<String> = ["DbContext", "IdentityDbContext", "ObjectContext"]
  private static let sets: Set<String> = ["DbSet", "IDbSet", "ObjectSet"]
  private static let connectors: Set<String> = ["establish_connection", "connects_to"]

  init(index: SystemIndex, model: EntityModel, catalog: Catalog) {
    self.index = index
    self.model = model
    declared = DeclaredTables(catalog.tables.map(\.name))
  }

  /// One handle for each table that most of its places name, sorted by table. Linear in accesses, events and types.
  func handles(of accesses: [Access], units: UnitIndex) -> [TableHandle] {
    var handles = self
    handles.addGlobals(accesses, units)
    handles.addTypes()
    return handles.counts.compactMap { table, counts in
      let most = counts.max { ($0.value, $1.key) < ($1.value, $0.key) }
      guard let most, most.value * 2 > counts.values.reduce(0, +) else { return nil }
      return TableHandle(table: table, handle: most.key)
    }.sorted { $0.table < $1.table }
  }

  private mutating func add(_ table: TableName, _ handle: String) {
    counts[table, default: [:]][handle, default: 0] += 1
  }

  // MARK: Globals

  private mutating func addGlobals(_ accesses: [Access], _ units: UnitIndex) {
    var places: [Int: [Int: Set<TableName>]] = [:]
    for access in accesses where access.isDeclared {
      places[access.unit, default: [:]][access.span.line, default: []].insert(access.table)
    }
    var found: [(handle: String, table: TableName)] = []
    var users: [String: Set<String>] = [:]
    for (file, facts) in index.files.enumerated() where facts.language == .c {
      for (number, function) in facts.functions.enumerated() {
        guard let unit = units.functionUnits[FunctionID(file: file, index: number)], let tables = places[unit] else {
          continue
        }
        for (line, name) in Self.globals(in: function) {
          guard let touched = tables[line] else { continue }
          users[name, default: []].insert(function.owner.isEmpty ? facts.file.text : function.owner)
          for table in touched.sorted() { found.append((name, table)) }
        }
      }
    }
    for (handle, table) in found where users[handle]?.count ?? 0 >= Self.leastUsers { add(table, handle) }
  }

  /// Names of other than local objects that calls with arguments are made on, with their lines.
  private static func globals(in function: FunctionFact) -> [(line: Int, name: String)] {
    var local = Set(function.parameters)
    var found: [(line: Int, name: String)] = []
    for placed in function.events {
      switch placed.event {
      case .declare(let name, _, _): local.insert(name)
      case .call(let call):
        guard case .name(let name) = call.receiver, !call.arguments.isEmpty, isGlobalName(name) else { continue }
        found.append((placed.line, name))
      case .assign, .append, .result, .mention, .enterBranch, .nextBranch, .enterLoop, .enterScope, .leave: continue
      }
    }
    return found.filter { !local.contains($0.name) }
  }

  /// `WorldDatabase` and `g_database`, as people spell globals; `database`, `m_db` and `this->db` may be members.
  private static func isGlobalName(_ name: String) -> Bool {
    guard let first = name.utf8.first,
      !name.utf8.contains(where: { $0 == UInt8(ascii: ".") || $0 == UInt8(ascii: "-") })
    else {
      return false
    }
    return (first >= 65 && first <= 90) || name.hasPrefix("g_")
  }

  // MARK: Types

  private mutating func addTypes() {
    for id in index.types {
      switch index.files[id.file].language {
      case .csharp where index.base(of: id, named: Self.contexts) != nil: addSets(of: id)
      case .ruby where connects(id):
        let below = [id] + index.descendants(of: id)
        for type in below { addEntity(model.entity(of: type), handle: index.type(id).name) }
      case .c, .csharp, .document, .go, .java, .javascript, .kotlin, .php, .python, .ruby, .typescript: continue
      }
    }
  }

  private mutating func addSets(of id: TypeID) {
    for field in index.type(id).fields {
      let type = TypeName(field.type)
      guard Self.sets.contains(type.simple), let row = type.arguments.first else { continue }
      addEntity(model.entity(named: row, from: id.file), handle: index.type(id).name)
    }
  }

  private mutating func addEntity(_ entity: Int?, handle: String) {
    guard let entity else { return }
    for table in model.tables(of: entity) { if let known = declared[table] { add(known, handle) } }
  }

  private func connects(_ id: TypeID) -> Bool {
    index.parts(of: id).contains { part in
      index.type(part).body.contains { placed in
        if case .call(let call) = placed.event { Self.connectors.contains(call.callee) } else { false }
      }
    }
  }
}
