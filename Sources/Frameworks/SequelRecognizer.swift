import Basics
import Facts

/// Sequel of Ruby: models derived from `Sequel::Model`, and datasets of tables by name, `DB[:orders]`.
struct SequelRecognizer: FrameworkRecognizer {
  let name = "Sequel"
  let languages: Set<SourceLanguage> = [.ruby]
  /// What the connection is called by everybody.
  let sessionTypes: Set<String> = ["DB"]

  let rules: [DataRule] =
    relations(.query) + relations(.entityType) + relations(.table) + [
      DataRule(.table, shaping, .refine, .same),
      DataRule(.table, joining, .refine, .same, followsRelations: true),
      DataRule(.table, reading, .read, .value),
      DataRule(.table, ["insert", "update", "delete", "truncate", "replace", "merge"], .write, .value),
      DataRule(.entity, ["save_changes", "set_update", "update_fields", "update_all"], .write, .same, runsHooks: true),
    ]

  private static let shaping = [
    "where", "filter", "exclude", "order", "reverse", "limit", "offset", "select", "select_append", "group", "having",
    "distinct", "for_update", "returning", "from_self", "union", "with", "unfiltered", "unordered", "as", "or",
  ]
  private static let joining = ["join", "left_join", "left_outer_join", "inner_join", "right_join", "full_join"]
  private static let reading = [
    "all", "first", "last", "first!", "single_record", "each", "map", "count", "sum", "max", "min", "avg", "get",
    "any?",
    "empty?", "select_map", "select_order_map", "to_a", "as_hash", "to_hash", "paged_each", "single_value",
  ]

  private static func relations(_ receiver: DataReceiver) -> [DataRule] {
    let result: DataResult = receiver == .table ? .same : .query
    return [
      DataRule(
        receiver, ["exclude", "select_append", "for_update", "returning", "eager", "unfiltered"], .refine, result),
      DataRule(receiver, ["get", "select_map", "select_order_map", "as_hash", "single_value"], .read, .value),
      DataRule(
        receiver, ["with_pk", "with_pk!", "first!", "single_record"], .read, receiver == .table ? .same : .entity),
      DataRule(receiver, ["multi_insert", "insert_multiple", "insert_conflict", "truncate"], .write, .value),
    ]
  }

  // MARK: Models

  func entities(in system: SystemIndex) -> [EntityMapping] {
    let inflector = Inflector(files: system.files)
    return system.types.compactMap { type -> EntityMapping? in
      guard system.files[type.file].language == .ruby, system.parts(of: type).first == type,
        let base = system.base(of: type, named: ["Sequel::Model"])
      else { return nil }
      let fact = system.type(type)
      let own = fact.bases.map { TypeName($0) }.first { $0.head == "Sequel::Model" }
      let isDerived =
        own == nil && system.ancestors(of: type).contains { system.base(of: $0, named: ["Sequel::Model"]) != nil }
      let named = own?.arguments.first ?? dataset(of: fact) ?? (isDerived ? base.arguments.first : nil)
      let table = named ?? inflector.plural(inflector.underscored(NameWords.lastPart(fact.name)))
      var mapping = EntityMapping(
        file: type.file, type: type.index, table: TableName(table), isDeclared: named != nil, framework: name,
        line: fact.line)
      let key = Column(name: "id", type: "bigint", isNullable: false, isGenerated: true)
      mapping.properties = [PropertyMapping(name: "id", storage: .column(key), line: fact.line)]
      mapping.properties += associations(of: fact, table: table, inflector: inflector)
      mapping.keys = ["id"]
      return mapping
    }
  }

  /// `set_dataset :orders`
  private func dataset(of type: TypeFact) -> String? {
    for case .call(let call) in type.body.lazy.map(\.event) where call.callee == "set_dataset" {
      return call.arguments.first?.literalText
    }
    return nil
  }

  private func associations(of type: TypeFact, table: String, inflector: Inflector) -> [PropertyMapping] {
    type.body.compactMap { placed in
      guard case .call(let call) = placed.event, let name = call.arguments.first?.literalText else { return nil }
      let options = Options(Array(call.arguments.dropFirst()))
      let isMany = call.callee.hasSuffix("_to_many")
      let target = options.text("class") ?? inflector.camelized(isMany ? inflector.singular(name) : name)
      let storage: PropertyMapping.Storage
      switch call.callee {
      case "many_to_one":
        let column = Column(name: options.text("key") ?? name + "_id", type: "", isNullable: true)
        storage = .reference(to: target, columns: [column], onDelete: .noAction)
      case "one_to_many", "one_to_one": storage = .inverse(of: target)
      case "many_to_many":
        let between = options.text("join_table") ?? [table, name].sorted().joined(separator: "_")
        storage = .joinTable(TableName(between), to: target, columns: [], targetColumns: [])
      default: return nil
      }
      return PropertyMapping(name: name, storage: storage, isMany: isMany, line: placed.line)
    }
  }
}
