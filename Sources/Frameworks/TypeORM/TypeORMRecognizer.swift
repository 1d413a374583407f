import Basics
import Facts

/// Recognises TypeORM: decorated classes and entity schemas, repositories, managers, query builders and migrations.
struct TypeORMRecognizer: FrameworkRecognizer {
  let name = "TypeORM"
  let languages: Set<SourceLanguage> = [.javascript, .typescript]
  let sessionTypes: Set<String> = ["EntityManager", "DataSource", "QueryRunner", "Connection"]
  let containerTypes: [String: DataReceiver] = [
    "Repository": .repository, "TreeRepository": .repository, "AbstractRepository": .repository,
    "SelectQueryBuilder": .query, "UpdateQueryBuilder": .query, "DeleteQueryBuilder": .query,
  ]
  let queryMembers: Set<String> = ["manager"]
  let loadsRelations = false
  let optionKeys: Set<String> = ["where", "order", "select", "relations", "cache", "lock", "join"]

  static let packages = ["typeorm", "@nestjs/typeorm"]

  func isUsed(in system: SystemIndex) -> Bool { system.uses(packages: Self.packages) }

  func entities(in system: SystemIndex) -> [EntityMapping] {
    let engine = system.scriptEngine(keys: ["type"], packages: Self.packages) ?? .postgres
    let reader = TypeORMEntityReader(system: system, engine: engine)
    return system.files.indices.filter { system.files[$0].imports(from: "typeorm") }.flatMap(reader.entities)
  }

  func histories(in system: SystemIndex) -> [SchemaHistory] {
    let engine = system.scriptEngine(keys: ["type"], packages: Self.packages) ?? .postgres
    return TypeORMMigrationReader(system: system).history(engine: engine).map { [$0] } ?? []
  }

  func transactions(in system: SystemIndex) -> [FunctionID] {
    system.files.enumerated().flatMap { file, facts in
      facts.functions.indices.compactMap { index in
        facts.functions[index].annotations.first(named: "Transaction", "Transactional") == nil
          ? nil : FunctionID(file: file, index: index)
      }
    }
  }

  private static let finders = [
    "find", "findBy", "findAndCount", "findAndCountBy", "findByIds",
  ]
  private static let oneFinders = ["findOneBy", "findOne", "findOneOrFail", "findOneByOrFail", "findOneById"]
  private static let counters = [
    "count", "countBy", "exist", "exists", "existsBy", "existBy", "sum", "average", "minimum", "maximum",
  ]
  private static let writers = [
    "save", "insert", "update", "upsert", "delete", "remove", "softDelete", "softRemove", "restore", "recover",
    "increment", "decrement", "clear", "updateAll", "deleteAll",
  ]
  private static let trees = [
    "findTrees", "findRoots", "findDescendants", "findDescendantsTree", "findAncestors", "findAncestorsTree",
    "countDescendants", "countAncestors",
  ]
  private static let joins = [
    "leftJoin", "innerJoin", "leftJoinAndSelect", "innerJoinAndSelect", "leftJoinAndMapOne", "leftJoinAndMapMany",
    "innerJoinAndMapOne", "innerJoinAndMapMany", "loadRelationCountAndMap", "loadAllRelationIds",
  ]
  private static let clauses = [
    "where", "andWhere", "orWhere", "whereInIds", "andWhereInIds", "having", "andHaving", "orHaving", "select",
    "addSelect", "orderBy", "addOrderBy", "groupBy", "addGroupBy", "limit", "offset", "take", "skip", "distinct",
    "distinctOn", "setParameter", "setParameters", "setLock", "cache", "withDeleted", "setFindOptions", "comment",
    "alias", "subQuery", "clone", "useIndex", "from",
  ]

  let rules: [DataRule] =
    [
      DataRule(.repository, finders, .read, .entities, followsRelations: true),
      DataRule(.repository, oneFinders, .read, .entity, followsRelations: true),
      DataRule(.repository, counters + trees, .read, .value, followsRelations: true),
      DataRule(.repository, writers, .write, .entity),
      DataRule(.repository, ["query"], .sql(0), .value),
      DataRule(.repository, ["create", "merge"], .nothing, .argument(-1)),
      DataRule(.repository, ["preload"], .read, .entity),
      DataRule(.repository, ["createQueryBuilder"], .refine, .query),
      DataRule(.repository, ["extend"], .nothing, .same),
      DataRule(.entityType, finders, .read, .entities, followsRelations: true),
      DataRule(.entityType, oneFinders, .read, .entity, followsRelations: true),
      DataRule(.entityType, counters, .read, .value, followsRelations: true),
      DataRule(.entityType, writers, .write, .value),
      DataRule(.entityType, ["createQueryBuilder"], .refine, .query),
      DataRule(.entityType, ["getRepository"], .nothing, .repositoryOf(argument: -1)),
      DataRule(.entity, ["save", "remove", "softRemove", "recover"], .write, .same),
      DataRule(.entity, ["reload"], .read, .same),
      DataRule(.query, joins, .refine, .same, followsRelations: true),
      DataRule(.query, clauses, .refine, .same),
      DataRule(.query, ["getOne", "getOneOrFail"], .refine, .entity),
      DataRule(.query, ["getMany", "getManyAndCount", "getRawAndEntities"], .refine, .entities),
      DataRule(
        .query, ["getRawOne", "getRawMany", "getCount", "getExists", "stream", "execute", "getQuery"], .refine, .value),
      DataRule(.query, ["update", "delete", "softDelete", "restore", "insert"], .write, .same),
      DataRule(.session, finders, .readArgument(0), .entitiesOf(argument: 0), followsRelations: true),
      DataRule(.session, oneFinders, .readArgument(0), .entityOf(argument: 0), followsRelations: true),
      DataRule(.session, counters, .readArgument(0), .value, followsRelations: true),
      DataRule(.session, ["save", "remove", "softRemove", "recover"], .writeArgument(0), .argument(0)),
      DataRule(
        .session,
        ["insert", "update", "upsert", "delete", "softDelete", "restore", "increment", "decrement", "clear"],
        .writeTypeArgument(0), .session),
      DataRule(.session, ["create"], .nothing, .entityOf(argument: 0)),
      DataRule(.session, ["preload"], .readArgument(0), .entityOf(argument: 0)),
      DataRule(
        .session, ["getRepository", "getTreeRepository"], .nothing, .repositoryOf(argument: 0)),
      DataRule(.session, ["getCustomRepository", "withRepository"], .nothing, .argument(0)),
      DataRule(.session, ["createQueryBuilder"], .refine, .queryOf(argument: 0)),
      DataRule(.session, ["createQueryRunner", "connect", "startTransaction", "initialize"], .nothing, .session),
      DataRule(.session, ["select"], .nothing, .session),
      DataRule(.session, ["from"], .nothing, .queryOf(argument: 0)),
      DataRule(.session, ["into", "delete.from", "softDelete.from"], .writeNamed(0), .value),
      DataRule(.session, ["query"], .sql(0), .value),
      DataRule(.function, ["getRepository", "getTreeRepository"], .nothing, .repositoryOf(argument: 0)),
      DataRule(.function, ["getCustomRepository"], .nothing, .argument(0)),
      DataRule(.function, ["getManager", "getConnection", "createConnection"], .nothing, .session),
    ]
}
