import Basics
import Facts

/// The snapshots that Entity Framework Core keeps beside its migrations: the whole model in fluent calls with names as texts.
///
/// They count where neither the migrations nor the context they were made from are in the repository.
struct ModelSnapshots {
  let system: SystemIndex
  let types: ColumnTypes
  let engine: EngineFamily?

  /// One history for each snapshot, in order of path; `folders` hold migrations that are read already.
  func histories(besides folders: Set<String>) -> [SchemaHistory] {
    system.types.compactMap { type in
      guard system.files[type.file].language == .csharp, system.base(of: type, named: ["ModelSnapshot"]) != nil,
        !folders.contains(system.files[type.file].file.folder), !hasContext(type),
        let build = system.methods(of: type).first(where: {
          NameWords.lastPart(system.symbols.function($0).name) == "BuildModel"
        })
      else { return nil }
      var reader = SnapshotReader(types: types, file: system.files[build.file].file)
      for placed in system.symbols.function(build).events { reader.apply(placed) }
      let operations = reader.operations()
      guard !operations.isEmpty else { return nil }
      return SchemaHistory(
        framework: "Entity Framework Core", origin: .snapshot, engine: engine, operations: operations)
    }
  }

  /// Whether the context of the snapshot is in the repository: it says the same and more.
  private func hasContext(_ type: TypeID) -> Bool {
    system.parts(of: type).contains { part in
      guard case .type(let name)? = system.type(part).annotations.first(named: "DbContext")?.arguments.first else {
        return false
      }
      return system.resolve(name, from: part.file) != nil
    }
  }
}

/// Reads the calls of one snapshot.
private struct SnapshotReader {
  private struct Entity {
    var name: String
    var line: Int
    var table: String?
    var schema: String?
    var isView = false
    var base: String?
    var owner: String?
    var properties: [String] = []
    var columns: [String: Column] = [:]
    var keys: [String] = []
    var uniques: [[String]] = []
    var relations: [Relation] = []
  }

  private struct Relation {
    var target: String
    var properties: [String] = []
    var onDelete = ReferentialAction.noAction
    var isRequired = false
    var line: Int
  }

  let types: ColumnTypes
  let file: RepoPath
  private var schema = ""
  private var entities: [String: Entity] = [:]
  private var order: [String] = []
  /// The entity each open scope describes; empty for the model.
  private var scopes: [String] = [""]
  /// The entities whose closures come next, by the call that is given them.
  private var next: (callee: String, entity: String)?

  init(types: ColumnTypes, file: RepoPath) {
    self.types = types
    self.file = file
  }

  mutating func apply(_ placed: PlacedEvent) {
    switch placed.event {
    case .call(let call): apply(call, placed.line)
    case .enterScope(let callee): scopes.append(next?.callee == callee ? next?.entity ?? "" : scopes.last ?? "")
    case .enterBranch, .enterLoop: scopes.append(scopes.last ?? "")
    case .leave: if scopes.count > 1 { scopes.removeLast() }
    case .declare, .assign, .append, .result, .mention, .nextBranch: break
    }
  }

  private mutating func apply(_ call: CallFact, _ line: Int) {
    let texts = call.arguments.compactMap(\.plainText)
    let current = scopes.last ?? ""
    switch call.callee {
    case "HasDefaultSchema": schema = texts.first ?? ""
    case "Entity":
      guard let name = texts.first else { return }
      begin(name, owner: nil, line)
      next = ("Entity", name)
    case "OwnsOne", "OwnsMany":
      guard texts.count > 1, !current.isEmpty else { return }
      let name = current + "." + texts[1]
      begin(name, owner: current, line)
      next = (call.callee, name)
    default:
      guard !current.isEmpty else { return }
      let chain = Self.chain(call)
      guard let root = chain.first else { return }
      switch root.callee {
      case "Property": property(chain, in: current)
      case "HasOne": relation(chain, in: current, line)
      case "WithOwner": owned(chain, in: current, line)
      default: whole(chain, texts, in: current)
      }
    }
  }

  private mutating func begin(_ name: String, owner: String?, _ line: Int) {
    guard entities[name] == nil else { return }
    entities[name] = Entity(name: name, line: line, owner: owner)
    order.append(name)
  }

  /// A call with those it is chained to, the first one first.
  private static func chain(_ call: CallFact) -> [(callee: String, arguments: [Value])] {
    var chain = [(callee: call.callee, arguments: call.arguments)]
    var receiver = call.receiver
    while case .call(let callee, let inner, let arguments)? = receiver {
      chain.append((callee, arguments))
      receiver = inner
    }
    return chain.reversed()
  }

  // MARK: Parts of an entity

  private mutating func property(_ chain: [(callee: String, arguments: [Value])], in entity: String) {
    guard let name = chain[0].arguments.first?.plainText, let step = chain.last else { return }
    if entities[entity]?.columns[name] == nil {
      var code = ""
      for case .type(let written) in chain[0].arguments { code = written }
      let mayBeNothing = code == "string" || code.hasPrefix("Array<")
      entities[entity]?.columns[name] = Column(
        name: name, type: types.column(code, length: nil), isNullable: mayBeNothing)
      entities[entity]?.properties.append(name)
    }
    let text = step.arguments.first?.plainText
    switch step.callee {
    case "HasColumnName": if let text { entities[entity]?.columns[name]?.name = text }
    case "HasColumnType": if let text { entities[entity]?.columns[name]?.type = text.lowercased() }
    case "IsRequired": entities[entity]?.columns[name]?.isNullable = step.arguments.first == .literal("false")
    case "HasDefaultValueSql": entities[entity]?.columns[name]?.defaultExpression = text
    case "ValueGeneratedOnAdd", "UseIdentityColumn", "UseIdentityByDefaultColumn", "UseIdentityAlwaysColumn":
      entities[entity]?.columns[name]?.isGenerated = true
    default: break
    }
  }

  private mutating func relation(_ chain: [(callee: String, arguments: [Value])], in entity: String, _ line: Int) {
    guard let target = chain[0].arguments.first?.plainText, let step = chain.last else { return }
    if chain.count == 1 {
      entities[entity]?.relations.append(Relation(target: target, line: line))
      return
    }
    guard let place = entities[entity]?.relations.indices.last else { return }
    switch step.callee {
    case "HasForeignKey":
      var names = step.arguments.compactMap(\.plainText)
      // Of two single ends the one that holds the key is named first.
      if chain.contains(where: { $0.callee == "WithOne" }), names.count > 1 { names.removeFirst() }
      entities[entity]?.relations[place].properties = names
    case "OnDelete":
      guard case .name(let action)? = step.arguments.first else { return }
      entities[entity]?.relations[place].onDelete = Self.action(NameWords.lastPart(action))
    case "IsRequired": entities[entity]?.relations[place].isRequired = true
    default: break
    }
  }

  private static func action(_ name: String) -> ReferentialAction {
    switch name {
    case "Cascade": .cascade
    case "SetNull": .setNull
    case "Restrict": .restrict
    default: .noAction
    }
  }

  private mutating func owned(_ chain: [(callee: String, arguments: [Value])], in entity: String, _ line: Int) {
    guard let step = chain.last, step.callee == "HasForeignKey", let owner = entities[entity]?.owner else { return }
    entities[entity]?.relations.append(
      Relation(
        target: owner, properties: step.arguments.compactMap(\.plainText), onDelete: .cascade, isRequired: true,
        line: line))
  }

  private mutating func whole(
    _ chain: [(callee: String, arguments: [Value])], _ texts: [String], in entity: String
  ) {
    switch (chain[0].callee, chain.last?.callee ?? "") {
    case ("ToTable", "ToTable"):
      entities[entity]?.table = texts.first
      entities[entity]?.schema = texts.count > 1 ? texts[1] : nil
    case ("ToView", "ToView"): entities[entity]?.isView = true
    case ("HasKey", "HasKey"): entities[entity]?.keys = texts
    case ("HasAlternateKey", "HasAlternateKey"): entities[entity]?.uniques.append(texts)
    case ("HasIndex", "IsUnique"):
      entities[entity]?.uniques.append(chain[0].arguments.compactMap(\.plainText))
    case ("HasBaseType", "HasBaseType"): entities[entity]?.base = texts.first
    default: break
    }
  }

  // MARK: Tables

  /// The entity in whose table another one is kept.
  private func home(_ name: String) -> String {
    var name = name
    for _ in 0..<8 {
      guard let entity = entities[name], entity.table == nil, let next = entity.base ?? entity.owner else { break }
      name = next
    }
    return name
  }

  private func table(of name: String) -> TableName? {
    guard let entity = entities[home(name)], !entity.isView else { return nil }
    let plain = entity.table ?? NameWords.lastPart(entity.name)
    let schema = entity.schema ?? self.schema
    return TableName(schema.isEmpty || schema == "dbo" || schema == "public" ? plain : schema + "." + plain)
  }

  private func columns(_ properties: [String], of entity: Entity) -> [String] {
    properties.map { entity.columns[$0]?.name ?? $0 }
  }

  func operations() -> [PlacedOperation] {
    var tables: [TableName: Table] = [:]
    var names: [TableName] = []
    for name in order {
      guard let entity = entities[name], let table = self.table(of: name) else { continue }
      if tables[table] == nil {
        tables[table] = Table(name: table, source: SourceSpan(file: file, line: entity.line))
        names.append(table)
      }
      // What shares the table of another entity has its key there.
      let isGuest = home(name) != name || tables[table]?.primaryKey.isEmpty == false
      for property in entity.properties where !(isGuest && entity.keys.contains(property)) {
        guard var column = entity.columns[property], tables[table]?.column(named: column.name) == nil else { continue }
        let isOptional = entity.relations.contains { $0.properties.contains(property) && !$0.isRequired }
        if isOptional, !entity.keys.contains(property) { column.isNullable = true }
        if entity.keys.contains(property) { column.isNullable = false }
        if isGuest { column.isNullable = true }
        tables[table]?.columns.append(column)
      }
      if !isGuest { tables[table]?.primaryKey = columns(entity.keys, of: entity) }
      for unique in entity.uniques { tables[table]?.uniqueKeys.append(columns(unique, of: entity)) }
      for relation in entity.relations where !relation.properties.isEmpty {
        guard let target = self.table(of: relation.target), target != table || entity.owner == nil else { continue }
        tables[table]?.foreignKeys.append(
          ForeignKey(
            name: nil, columns: columns(relation.properties, of: entity), target: target,
            targetColumns: entities[home(relation.target)].map { columns($0.keys, of: $0) } ?? [],
            onDelete: relation.onDelete, span: SourceSpan(file: file, line: relation.line)))
      }
    }
    return names.compactMap { tables[$0] }.map { PlacedOperation(.createTable($0, replaces: false), at: $0.source) }
  }
}
