import Basics
import Facts

/// JPA and Hibernate: entities by annotations and mapping files, what EntityManager and Session do.
struct JPARecognizer: FrameworkRecognizer {
  static let frameworkName = "JPA"
  let name = Self.frameworkName
  let languages: Set<SourceLanguage> = [.java, .kotlin]
  let tracksChanges = true
  let spreadsWrites = true

  func tracking(in system: SystemIndex) -> Set<FunctionID>? { SpringTransactions.tracking(in: system) }

  func entities(in system: SystemIndex) -> [EntityMapping] { JPAMapper(system).mappings() }

  /// Queries that are called by their names, and stored procedures.
  func statements(in system: SystemIndex, model: EntityModel) -> [FrameworkStatement] {
    let named = NamedQueries(system)
    var found: [FrameworkStatement] = []
    for (file, facts) in system.files.enumerated() where languages.contains(facts.language) {
      for (index, function) in facts.functions.enumerated() {
        for placed in function.events {
          guard case .call(let call) = placed.event, let content = content(call, named, file: file, system) else {
            continue
          }
          found.append(
            FrameworkStatement(
              content: content, function: FunctionID(file: file, index: index), file: file, line: placed.line,
              confidence: .exact, via: "named-query"))
        }
      }
    }
    return found
  }

  private func content(
    _ call: CallFact, _ named: NamedQueries, file: Int, _ system: SystemIndex
  ) -> FrameworkStatement.Content? {
    switch call.callee {
    case "createNamedQuery", "getNamedQuery", "createNamedSelectionQuery", "getNamedNativeQuery":
      guard !named.isEmpty, let first = call.arguments.first,
        let name = AnnotationText.text(first, from: file, in: system), let query = named.query(name)
      else { return nil }
      return query.isNative ? .sql(query.text) : .entityQuery(query.text)
    case "createStoredProcedureQuery", "createStoredProcedureCall":
      guard let first = call.arguments.first, let name = AnnotationText.text(first, from: file, in: system) else {
        return nil
      }
      return .sql("call \(name)()")
    default: return nil
    }
  }

  let sessionTypes: Set<String> = [
    "EntityManager", "Session", "StatelessSession", "SharedSessionContract", "TestEntityManager", "HibernateTemplate",
    "CriteriaBuilder", "CriteriaQuery", "Subquery", "HibernateCriteriaBuilder", "SessionFactory",
    "EntityManagerFactory", "DetachedCriteria",
  ]

  // What changes rows as a whole names its class when it is made: its root reads nothing.
  let containerTypes: [String: DataReceiver] = [
    "Root": .query, "Join": .query, "CriteriaUpdate": .entityType, "CriteriaDelete": .entityType,
  ]

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
    // Of the template of Spring.
    DataRule(.session, ["findByNamedParam", "findByValueBean", "bulkUpdate", "iterate"], .entityQuery(0), .value),
    DataRule(.session, ["createCriteria", "forClass"], .nothing, .queryOf(argument: 0)),
    DataRule(.session, ["createCriteriaUpdate", "createCriteriaDelete"], .writeTypeArgument(0), .value),
    DataRule(.session, ["from"], .nothing, .queryOf(argument: 0)),
    DataRule(.entities, ["from"], .nothing, .queryOf(argument: 0)),
    DataRule(
      .session,
      [
        "getCriteriaBuilder", "criteriaBuilder", "unwrap", "getCurrentSession", "openSession", "openStatelessSession",
        "createEntityManager",
      ], .nothing, .session),
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
      .query, ["join", "fetch", "leftJoin", "createAlias", "setFetchMode"], .refine, .same,
      followsRelations: true),
    DataRule(
      .query, ["add", "addOrder", "setMaxResults", "setFirstResult", "setProjection", "setResultTransformer", "alias"],
      .refine, .same),
    DataRule(.query, ["list"], .read, .entities),
    // Entities of Panache know their rows themselves.
    DataRule(
      .entityType,
      ["listAll", "findAll", "find", "list", "stream", "streamAll", "findByIdOptional"], .read, .entities),
    DataRule(.entityType, ["findById"], .read, .entity),
    DataRule(.entityType, ["count"], .read, .value),
    DataRule(.entityType, ["persist", "update", "delete", "deleteAll", "deleteById"], .write, .value),
    DataRule(.entity, ["persist", "persistAndFlush", "delete"], .write, .value),
    DataRule(.query, ["uniqueResult"], .read, .entity),
  ]
}
