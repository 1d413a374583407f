import Basics
import Facts

/// JPA and Hibernate: entities by annotations and mapping files, what EntityManager and Session do.
struct JPARecognizer: FrameworkRecognizer {
  static let frameworkName = "JPA"
  let name = Self.frameworkName
  let languages: Set<SourceLanguage> = [.java, .kotlin]
  let tracksChanges = true

  func entities(in system: SystemIndex) -> [EntityMapping] { JPAMapper(system).mappings() }

  let sessionTypes: Set<String> = [
    "EntityManager", "Session", "StatelessSession", "SharedSessionContract", "TestEntityManager", "HibernateTemplate",
    "CriteriaBuilder", "CriteriaQuery", "Subquery", "HibernateCriteriaBuilder",
  ]

  let containerTypes: [String: DataReceiver] = ["Root": .query, "Join": .query]

  let rules: [DataRule] = [
    DataRule(.session, ["find", "get", "load", "findById"], .readArgument(0), .entityOf(argument: 0)),
    DataRule(.session, ["getReference"], .nothing, .entityOf(argument: 0)),
    DataRule(
      .session, ["persist", "save", "saveOrUpdate", "replicate", "merge", "update", "insert", "upsert"],
      .writeArgument(0), .argument(0)),
    DataRule(.session, ["persistAndFlush", "persistFlushFind"], .writeArgument(0), .argument(0)),
    DataRule(.session, ["remove", "delete"], .writeArgument(0), .value),
    DataRule(.session, ["refresh"], .readArgument(0), .value),
    DataRule(
      .session, ["createQuery", "createSelectionQuery", "createMutationQuery"], .entityQuery(0),
      .entitiesOf(argument: 1)),
    DataRule(.session, ["createNamedQuery", "getNamedQuery", "createNativeQuery"], .nothing, .entitiesOf(argument: 1)),
    DataRule(.session, ["createCriteria"], .nothing, .queryOf(argument: 0)),
    DataRule(.session, ["createCriteriaUpdate", "createCriteriaDelete"], .writeTypeArgument(0), .value),
    DataRule(.session, ["from"], .nothing, .queryOf(argument: 0)),
    DataRule(.entities, ["from"], .nothing, .queryOf(argument: 0)),
    DataRule(.session, ["getCriteriaBuilder", "criteriaBuilder", "unwrap"], .nothing, .session),
    DataRule(
      .entities,
      [
        "setParameter", "setMaxResults", "setFirstResult", "setHint", "setLockMode", "setFlushMode", "getResultList",
        "list", "getResultStream", "resultList", "setCacheable", "setParameterList", "where", "orderBy", "groupBy",
      ], .nothing, .same),
    DataRule(
      .entities, ["getSingleResult", "uniqueResult", "getSingleResultOrNull", "uniqueResultOptional", "singleResult"],
      .nothing, .entity),
    DataRule(
      .query, ["join", "fetch", "get", "leftJoin", "createAlias", "setFetchMode"], .refine, .same,
      followsRelations: true),
    DataRule(
      .query, ["add", "addOrder", "setMaxResults", "setFirstResult", "setProjection", "setResultTransformer", "alias"],
      .refine, .same),
    DataRule(.query, ["list"], .read, .entities),
    DataRule(.query, ["uniqueResult"], .read, .entity),
  ]
}
