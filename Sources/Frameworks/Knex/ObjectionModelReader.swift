import Basics
import Facts

/// Reads the models of Objection.js: classes that name their table.
struct ObjectionModelReader {
  let system: SystemIndex

  /// Every class derived from `Model` that names a table.
  func entities() -> [EntityMapping] {
    guard system.uses(packages: ["objection", "bookshelf"]) else { return [] }
    return system.files.indices.flatMap { file in
      system.files[file].types.indices.compactMap { entity(TypeID(file: file, index: $0)) }
    }
  }

  private func entity(_ id: TypeID) -> EntityMapping? {
    let type = system.type(id)
    guard type.kind == .class, !type.bases.isEmpty, let table = self.value("tableName", of: id)?.literalText else {
      return nil
    }
    var mapping = EntityMapping(
      file: id.file, type: id.index, table: TableName(table), isDeclared: true, framework: "Knex", line: type.line)
    let columns = self.value("jsonSchema", of: id)?.entry("properties")?.entries ?? []
    for (name, _) in columns {
      mapping.properties.append(
        PropertyMapping(
          name: name, storage: .column(Column(name: name, type: "", isNullable: true)), line: type.line))
    }
    for (name, relation) in self.value("relationMappings", of: id)?.entries ?? [] {
      guard let target = relation.entry("modelClass")?.className else { continue }
      let kind = relation.entry("relation")?.className.map(NameWords.lastPart) ?? ""
      let through = relation.entry("join")?.entry("through")?.text("from")?.split(separator: ".").first
      var property = PropertyMapping(
        name: name, storage: .inverse(of: NameWords.lastPart(String(target.split(separator: "/").last ?? ""))),
        isMany: kind.contains("Many"), line: type.line)
      if let through {
        property.storage = .joinTable(
          TableName(String(through)), to: NameWords.lastPart(target), columns: [], targetColumns: [])
      }
      mapping.properties.append(property)
    }
    return mapping
  }

  /// What a static field holds, or a static getter returns.
  private func value(_ name: String, of id: TypeID) -> Value? {
    let type = system.type(id)
    if let field = type.fields.first(where: { $0.name == name }), field.value != .opaque { return field.value }
    for method in system.methods(of: id) {
      let function = system.symbols.function(method)
      guard NameWords.lastPart(function.name) == name else { continue }
      for placed in function.events {
        if case .result(let value) = placed.event { return value }
      }
    }
    return nil
  }
}
