import Basics
import Facts

/// Recognises Sequelize: defined models, model classes, decorated classes, their associations, and migrations.
struct SequelizeRecognizer: FrameworkRecognizer {
  let name = "Sequelize"
  let languages: Set<SourceLanguage> = [.javascript, .typescript]
  let sessionTypes: Set<String> = ["Sequelize", "sequelize"]
  let loadsRelations = false
  let optionKeys: Set<String> = [
    "where", "include", "order", "attributes", "model", "as", "through", "transaction", "group", "having", "defaults",
  ]
  let relationVerbs: [String: RelationVerb] = [
    "get": .read, "count": .read, "has": .read, "set": .tie, "add": .tie, "remove": .tie, "create": .write,
  ]

  static let packages = ["sequelize", "sequelize-typescript", "@sequelize/core", "sequelize-cli"]

  func isUsed(in system: SystemIndex) -> Bool {
    system.uses(packages: Self.packages) || !SequelizeMigrationReader(system: system).migrations.isEmpty
  }

  func entities(in system: SystemIndex) -> [EntityMapping] { SequelizeModelReader(system: system).entities() }

  func histories(in system: SystemIndex) -> [SchemaHistory] {
    SequelizeMigrationReader(system: system).history().map { [$0] } ?? []
  }

  private static let writers = [
    "create", "bulkCreate", "update", "destroy", "upsert", "truncate", "increment", "decrement", "restore",
  ]

  let rules: [DataRule] = [
    DataRule(.entityType, ["findAll", "findAndCountAll"], .read, .entities, followsRelations: true),
    DataRule(.entityType, ["findOne", "findByPk", "findOrBuild"], .read, .entity, followsRelations: true),
    DataRule(
      .entityType, ["count", "max", "min", "sum", "aggregate"], .read, .value, followsRelations: true),
    DataRule(.entityType, ["findOrCreate", "findCreateFind"], .readWrite, .entity),
    DataRule(.entityType, writers, .write, .entity),
    DataRule(.entityType, ["scope", "unscoped", "schema"], .nothing, .same),
    DataRule(.entityType, ["build"], .nothing, .argument(-1)),
    DataRule(.entity, ["save", "update", "destroy", "increment", "decrement", "restore"], .write, .same),
    DataRule(.entity, ["reload"], .read, .same),
    DataRule(.session, ["query"], .sql(0), .value),
  ]
}
