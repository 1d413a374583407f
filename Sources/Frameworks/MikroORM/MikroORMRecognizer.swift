import Basics
import Facts

/// Recognises MikroORM: decorated classes, the entity manager and repositories.
struct MikroORMRecognizer: FrameworkRecognizer {
  let name = "MikroORM"
  let languages: Set<SourceLanguage> = [.javascript, .typescript]
  let sessionTypes: Set<String> = ["EntityManager", "SqlEntityManager", "MikroORM"]
  let containerTypes: [String: DataReceiver] = ["EntityRepository": .repository, "SqlEntityRepository": .repository]
  let queryMembers: Set<String> = ["em"]
  let tracksChanges = true
  let loadsRelations = false
  let optionKeys: Set<String> = ["populate", "orderBy", "fields", "where", "filters"]

  static let packages = [
    "@mikro-orm/core", "@mikro-orm/nestjs", "@mikro-orm/postgresql", "@mikro-orm/mysql", "@mikro-orm/sqlite",
    "@mikro-orm/mariadb", "@mikro-orm/better-sqlite", "@mikro-orm/decorators",
  ]

  func isUsed(in system: SystemIndex) -> Bool { system.uses(packages: Self.packages) }

  func entities(in system: SystemIndex) -> [EntityMapping] {
    system.files.indices.filter { system.files[$0].imports(fromAny: Self.packages) }.flatMap { file in
      system.files[file].types.indices.compactMap {
        MikroORMEntityReader(system: system).entity(file: file, index: $0)
      }
    }
  }

  func transactions(in system: SystemIndex) -> [FunctionID] {
    system.files.enumerated().flatMap { file, facts in
      facts.functions.indices.compactMap { index in
        facts.functions[index].annotations.first(named: "Transactional") == nil
          ? nil : FunctionID(file: file, index: index)
      }
    }
  }

  private static let finders = ["find", "findAll", "findAndCount", "findByCursor"]
  private static let oneFinders = ["findOne", "findOneOrFail"]
  private static let bulk = [
    "nativeInsert", "nativeUpdate", "nativeDelete", "upsert", "upsertMany", "insert", "insertMany",
  ]
  private static let persisting = [
    "persist", "persistAndFlush", "persistLater", "remove", "removeAndFlush", "removeLater",
  ]

  let rules: [DataRule] = [
    DataRule(.session, finders, .readArgument(0), .entitiesOf(argument: 0), followsRelations: true),
    DataRule(.session, oneFinders, .readArgument(0), .entityOf(argument: 0), followsRelations: true),
    DataRule(.session, ["count"], .readArgument(0), .value, followsRelations: true),
    DataRule(.session, persisting, .writeArgument(0), .session),
    DataRule(.session, bulk + ["create"], .writeTypeArgument(0), .entityOf(argument: 0)),
    DataRule(.session, ["getReference"], .nothing, .entityOf(argument: 0)),
    DataRule(.session, ["getRepository"], .nothing, .repositoryOf(argument: 0)),
    DataRule(.session, ["createQueryBuilder", "qb"], .nothing, .queryOf(argument: 0)),
    DataRule(.session, ["fork", "transactional", "getContext", "getKnex", "getConnection"], .nothing, .session),
    DataRule(.session, ["execute"], .sql(0), .value),
    DataRule(.repository, finders, .read, .entities, followsRelations: true),
    DataRule(.repository, oneFinders, .read, .entity, followsRelations: true),
    DataRule(.repository, ["count"], .read, .value, followsRelations: true),
    DataRule(.repository, bulk + persisting + ["create"], .write, .entity),
    DataRule(.repository, ["createQueryBuilder", "qb"], .refine, .query),
    DataRule(.repository, ["getEntityManager"], .nothing, .session),
    DataRule(
      .query, ["leftJoin", "leftJoinAndSelect", "innerJoin", "innerJoinAndSelect", "join", "joinAndSelect"], .refine,
      .same, followsRelations: true),
    DataRule(
      .query, ["select", "where", "andWhere", "orWhere", "orderBy", "groupBy", "limit", "offset", "having", "count"],
      .refine, .same),
    DataRule(.query, ["getResult", "getResultList", "getResultAndCount"], .refine, .entities),
    DataRule(.query, ["getSingleResult"], .refine, .entity),
    DataRule(.query, ["execute"], .refine, .value),
    DataRule(.query, ["insert", "update", "delete", "truncate"], .write, .same),
  ]
}
