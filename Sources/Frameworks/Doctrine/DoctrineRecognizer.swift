import Basics
import Facts

/// Doctrine ORM and DBAL: entities in attributes, comments and mapping files, repositories, DQL and migrations.
struct DoctrineRecognizer: FrameworkRecognizer {
  let name = "Doctrine"
  let languages: Set<SourceLanguage> = [.php]
  let tracksChanges = true
  let sessionTypes: Set<String> = [
    "EntityManager", "EntityManagerInterface", "ObjectManager", "ManagerRegistry", "RegistryInterface",
    "DocumentManager",
    "em", "_em", "entityManager", "doctrine", "QueryBuilder", "Connection",
  ]
  let containerTypes: [String: DataReceiver] = [
    "EntityRepository": .repository, "ServiceEntityRepository": .repository, "ObjectRepository": .repository,
    "ServiceEntityRepositoryInterface": .repository,
  ]
  let queryMembers: Set<String> = ["_em", "em", "entityManager"]

  func entities(in system: SystemIndex) -> [EntityMapping] { DoctrineEntities(system: system).mappings() }

  /// `parent::__construct($registry, Order::class)`, and `repositoryClass` of the entity.
  func containers(in system: SystemIndex) -> [ContainerClass] {
    var declared: [TypeID: String] = [:]
    for stored in DoctrineClass.all(in: system) {
      guard let name = stored.repository, let repository = system.resolve(name, from: stored.type.file) else {
        continue
      }
      // One class for several entities is told which by its constructor.
      declared[repository] = declared[repository] == nil ? system.type(stored.type).name : ""
    }
    return system.types.compactMap { type in
      guard system.files[type.file].language == .php,
        let base = system.base(of: type, named: Set(containerTypes.keys)), base.arguments.isEmpty
      else { return nil }
      for id in system.methods(of: type) {
        for case .call(let call) in system.symbols.function(id).events.map(\.event)
        where call.callee == "__construct" && call.receiver == .name("super") {
          if case .type(let entity)? = call.arguments.positional.last {
            return ContainerClass(type: type, receiver: .repository, entity: entity)
          }
        }
      }
      if let entity = declared[type], !entity.isEmpty {
        return ContainerClass(type: type, receiver: .repository, entity: entity)
      }
      let name = NameWords.lastPart(system.type(type).name)
      guard name.hasSuffix("Repository") else { return nil }
      return ContainerClass(type: type, receiver: .repository, entity: String(name.dropLast(10)))
    }
  }

  /// `$this->addSql('…')` in the `up` methods, in the order of their class names.
  func histories(in system: SystemIndex) -> [SchemaHistory] {
    let migrations = system.types.filter {
      system.files[$0.file].language == .php && system.base(of: $0, named: ["AbstractMigration"]) != nil
    }
    .sorted { (system.type($0).name, $0) < (system.type($1).name, $1) }
    var operations: [PlacedOperation] = []
    for type in migrations {
      for id in system.methods(of: type) where NameWords.lastPart(system.symbols.function(id).name) == "up" {
        for placed in system.symbols.function(id).events {
          guard case .call(let call) = placed.event, call.callee == "addSql", call.receiver == .name("this"),
            let first = call.arguments.first, let sql = PHPTexts.text(first, in: type, system: system)
          else { continue }
          operations.append(
            PlacedOperation(.statement(sql), at: SourceSpan(file: system.files[id.file].file, line: placed.line)))
        }
      }
    }
    return operations.isEmpty
      ? [] : [SchemaHistory(framework: name, origin: .migrations, operations: operations)]
  }

  // MARK: Vocabulary

  let rules: [DataRule] =
    [
      DataRule(.session, ["persist", "merge"], .writeArgument(0), .same),
      DataRule(.session, ["remove"], .writeArgument(0), .same),
      DataRule(.session, ["find", "findOneBy"], .readArgument(0), .entityOf(argument: 0)),
      DataRule(.session, ["getReference", "getPartialReference"], .nothing, .entityOf(argument: 0)),
      DataRule(.session, ["refresh", "lock"], .readArgument(0), .same),
      DataRule(.session, ["getRepository"], .nothing, .repositoryOf(argument: 0)),
      DataRule(
        .session,
        [
          "getManager", "getManagerForClass", "getDoctrine", "createQueryBuilder", "getConnection", "addSelect",
          "expr", "getEntityManager", "setParameter", "setParameters", "andWhere", "values", "setValue",
        ], .nothing, .session),
      DataRule(.session, ["createQuery"], .entityQuery(0), .value),
      DataRule(.session, ["from"], .nothing, .queryOf(argument: 0)),
      DataRule(.session, ["update", "delete"], .writeTypeArgument(0), .session),
      DataRule(.session, ["insert"], .writeTable(0), .session),
      DataRule(.repository, ["find", "findOneBy", "findOneBy*"], .read, .entity),
      DataRule(.repository, ["findAll", "findBy", "findBy*", "matching"], .read, .entities),
      DataRule(.repository, ["count", "countBy*"], .read, .value),
      DataRule(.repository, ["createQueryBuilder"], .refine, .query),
      DataRule(.repository, ["getEntityManager", "getManager"], .nothing, .session),
    ]
    + [DataReceiver.query, .table].flatMap { receiver in
      [
        DataRule(
          receiver,
          [
            "join", "leftJoin", "innerJoin", "addSelect", "rightJoin",
          ], receiver == .table ? .joinTable(0) : .refine, .same, followsRelations: receiver == .query),
        DataRule(
          receiver,
          [
            "select", "distinct", "where", "andWhere", "orWhere", "setParameter", "setParameters", "orderBy",
            "addOrderBy",
            "groupBy", "addGroupBy", "having", "andHaving", "setMaxResults", "setFirstResult", "indexBy", "getQuery",
            "from", "addCriteria", "setHint", "setLockMode", "setHydrationMode", "enableResultCache", "useQueryCache",
            "set", "setValue", "values",
          ], .refine, .same),
        DataRule(receiver, ["getResult", "toIterable", "iterate", "getArrayResult", "execute"], .read, .entities),
        DataRule(receiver, ["getOneOrNullResult", "getSingleResult"], .read, .entity),
        DataRule(
          receiver,
          [
            "getScalarResult", "getSingleScalarResult", "getSingleColumnResult", "fetchAllAssociative",
            "fetchAssociative", "fetchOne", "fetchFirstColumn", "executeQuery", "fetchAllKeyValue",
          ], .read, .value),
        DataRule(receiver, ["update", "delete"], .write, .same),
        DataRule(receiver, ["executeStatement"], .nothing, .value),
      ]
    }
}
