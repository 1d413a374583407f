import Basics
import Facts

/// MyBatis Dynamic SQL: statements put together by methods from tables that are objects.
struct MyBatisDynamicRecognizer: FrameworkRecognizer {
  let name = "MyBatis Dynamic SQL"
  let languages: Set<SourceLanguage> = [.java, .kotlin]

  private static let tableTypes: Set<String> = ["SqlTable", "AliasableSqlTable"]
  private static let reading: Set<String> = [
    "from", "join", "leftJoin", "rightJoin", "fullJoin", "selectList", "selectOne", "selectDistinct", "count",
    "countFrom", "countDistinct",
  ]
  private static let writing: Set<String> = [
    "deleteFrom", "update", "into", "insertInto", "insert", "insertMultiple", "generalInsert", "batchInsert",
  ]

  func statements(in system: SystemIndex, model: EntityModel) -> [FrameworkStatement] {
    let tables = tableFields(in: system)
    guard !tables.isEmpty else { return [] }
    var found: [FrameworkStatement] = []
    for (file, facts) in system.files.enumerated() where facts.language == .java || facts.language == .kotlin {
      guard facts.imports.contains(where: { $0.path.hasPrefix("org.mybatis.dynamic.sql") }) else { continue }
      for (place, function) in facts.functions.enumerated() {
        for placed in function.events {
          guard case .call(let call) = placed.event else { continue }
          let writes = Self.writing.contains(call.callee)
          guard writes || Self.reading.contains(call.callee) else { continue }
          for argument in call.arguments {
            guard case .name(let name) = argument, let table = table(name, tables, file: file, system) else { continue }
            found.append(
              FrameworkStatement(
                content: .table(table, writes ? .write : .read, columns: ["*"]),
                function: FunctionID(file: file, index: place), file: file, line: placed.line, confidence: .exact,
                via: "builder"))
          }
        }
      }
    }
    return found
  }

  /// A field that holds a table: the class it is in, and the table.
  private struct TableField {
    var owner: TypeID
    var table: TableName
  }

  private func tableFields(in system: SystemIndex) -> [String: [TableField]] {
    var names: [TypeID: TableName] = [:]
    for id in system.types where system.base(of: id, named: Self.tableTypes) != nil {
      for method in system.methods(of: id) {
        for placed in system.symbols.function(method).events {
          guard case .call(let call) = placed.event, call.callee == "super", names[id] == nil,
            let name = call.arguments.first.flatMap({ system.constantText($0, from: id.file) })
          else { continue }
          names[id] = TableName(name)
        }
      }
    }
    var found: [String: [TableField]] = [:]
    for owner in system.types {
      for field in system.type(owner).fields {
        guard let type = system.resolve(field.type, from: owner.file), let table = names[type] else { continue }
        found[field.name, default: []].append(TableField(owner: owner, table: table))
      }
    }
    return found
  }

  /// The table a name means: the one in a class that is named, imported or of the same file, else the only one.
  private func table(
    _ name: String, _ tables: [String: [TableField]], file: Int, _ system: SystemIndex
  ) -> TableName? {
    guard let candidates = tables[NameWords.lastPart(name)] else { return nil }
    let exact = candidates.first { candidate in
      let owner = system.type(candidate.owner)
      let full = owner.namespace.isEmpty ? owner.name : owner.namespace + "." + owner.name
      return name == NameWords.lastPart(owner.name) + "." + NameWords.lastPart(name) || candidate.owner.file == file
        || system.files[file].imports.contains { $0.path == full }
    }
    return exact?.table ?? (candidates.count == 1 && !name.utf8.contains(UInt8(ascii: ".")) ? candidates[0].table : nil)
  }
}
