import Basics
import Facts

/// A framework through which code touches the database. Each adds its line to `FrameworkRegistry.all`.
///
/// Everything has a default that says nothing, so that a recognizer holds only what its framework has.
protocol FrameworkRecognizer: Sendable {
  /// The name people call it by, e.g. `Django`.
  var name: String { get }
  /// The languages it is used from.
  var languages: Set<SourceLanguage> { get }

  /// Whether the system uses the framework; what its rules say counts only then.
  func isUsed(in system: SystemIndex) -> Bool
  /// Classes that stand for tables.
  func entities(in system: SystemIndex) -> [EntityMapping]
  /// Statements and accesses that need more than the vocabulary: mapper files, derived queries, annotations with SQL.
  func statements(in system: SystemIndex, model: EntityModel) -> [FrameworkStatement]
  /// What the framework's methods do.
  var rules: [DataRule] { get }
  /// Types that are sessions, by simple name: `EntityManager`.
  var sessionTypes: Set<String> { get }
  /// Types that hold rows of the entity that is their first type argument, by simple name, and what such a value is:
  /// `JpaRepository` is `.repository`, `DbSet` is `.query`.
  var containerTypes: [String: DataReceiver] { get }
  /// Classes whose objects work on rows of one entity although the types they are derived from do not say of which.
  func containers(in system: SystemIndex) -> [ContainerClass]
  /// Members of an entity type or of a session that lead to its rows: `objects` in Django.
  var queryMembers: Set<String> { get }
  /// Classes whose objects are rows of an entity, and the members of the entity that lead to them: managers.
  func rowClasses(in system: SystemIndex, model: EntityModel) -> [RowClasses]
  /// Functions that give the class of an entity, by name: `get_user_model`; those that are asked with names with these in
  /// lower case: `get_model(orders.order)`.
  func entityFunctions(in system: SystemIndex) -> [String: TypeID]
  /// Whether changes of fetched objects are written without being told to, at the end of the unit of work.
  var tracksChanges: Bool { get }
  /// Whether reading a relation of an object already fetched fetches its rows.
  var loadsRelations: Bool { get }
  /// Names of options in arguments, which are no relations even where an entity has one of that name.
  var optionKeys: Set<String> { get }
  /// Beginnings of methods of an object that act on what one of its relations leads to: `addItem`, `getItems`.
  var relationVerbs: [String: RelationVerb] { get }
  /// Whether writing an object writes the rows of its collections and of the relations that cascade as well.
  var spreadsWrites: Bool { get }
  /// The functions in which changes of objects fetched there are written without being told to; nil for all functions,
  /// wherever the objects come from.
  func tracking(in system: SystemIndex) -> Set<FunctionID>?
  /// Texts that members of the framework's objects stand for: `wpdb.posts`.
  var memberTexts: [String: String] { get }
  /// Ways the schema can be known: migrations, snapshots.
  func histories(in system: SystemIndex) -> [SchemaHistory]
  /// Functions where requests, messages and jobs come in.
  func entryPoints(in system: SystemIndex) -> [FrameworkEntryPoint]
  /// Functions that run in one transaction as a whole.
  func transactions(in system: SystemIndex) -> [FunctionID]
  /// Calls that only the framework makes: a statement that is named by a text, a method that provides the SQL of another.
  func calls(in system: SystemIndex) -> [FrameworkCall]
}

extension FrameworkRecognizer {
  func isUsed(in system: SystemIndex) -> Bool { true }
  func entities(in system: SystemIndex) -> [EntityMapping] { [] }
  func statements(in system: SystemIndex, model: EntityModel) -> [FrameworkStatement] { [] }
  var rules: [DataRule] { [] }
  var sessionTypes: Set<String> { [] }
  var containerTypes: [String: DataReceiver] { [:] }
  func containers(in system: SystemIndex) -> [ContainerClass] { [] }
  var queryMembers: Set<String> { [] }
  func rowClasses(in system: SystemIndex, model: EntityModel) -> [RowClasses] { [] }
  func entityFunctions(in system: SystemIndex) -> [String: TypeID] { [:] }
  var tracksChanges: Bool { false }
  var loadsRelations: Bool { true }
  var optionKeys: Set<String> { [] }
  var relationVerbs: [String: RelationVerb] { [:] }
  var spreadsWrites: Bool { false }
  func tracking(in system: SystemIndex) -> Set<FunctionID>? { nil }
  var memberTexts: [String: String] { [:] }
  func histories(in system: SystemIndex) -> [SchemaHistory] { [] }
  func entryPoints(in system: SystemIndex) -> [FrameworkEntryPoint] { [] }
  func transactions(in system: SystemIndex) -> [FunctionID] { [] }
  func calls(in system: SystemIndex) -> [FrameworkCall] { [] }
}

/// A call that a framework makes.
struct FrameworkCall: Hashable {
  var from: FunctionID
  var to: FunctionID
  /// Where it is said: number of the file, and the line.
  var file: Int
  var line: Int
}

/// A class whose objects work on rows of one entity.
struct ContainerClass: Hashable {
  var type: TypeID
  /// What its objects are.
  var receiver: DataReceiver
  /// The entity, by a name that `type`'s file can resolve.
  var entity: String
}

/// Classes of the system with methods on the rows of an entity.
struct RowClasses: Hashable {
  /// Number of the entity in `EntityModel`.
  var entity: Int
  /// Members of the entity's class that lead to its rows.
  var members: [String]
  /// The classes whose methods those rows have, nearest first.
  var classes: [TypeID]
}

/// Where requests, messages and jobs come in.
struct FrameworkEntryPoint: Hashable {
  var function: FunctionID
  var kind: EntryPoint.Kind
  /// What calls it: `GET /orders/{id}`, a queue, a schedule; empty when nothing is said.
  var trigger: String
  var line: Int
}

/// What a framework does to tables at one place of the code, beside what its methods do.
struct FrameworkStatement {
  /// How the tables are known.
  enum Content {
    /// SQL; may hold holes.
    case sql(String)
    /// A query over entity names: JPQL, HQL, DQL.
    case entityQuery(String)
    /// A stored procedure or function by name: it does what its body does.
    case program(String)
    /// Rows of an entity of `EntityModel`; the properties named, `*` for all, empty for unknown.
    case entity(Int, AccessOperation, properties: [String])
    /// Rows of a table by name.
    case table(TableName, AccessOperation, columns: [String])
  }

  var content: Content
  /// The function it belongs to.
  var function: FunctionID
  /// Where it stands: number of the file, which may be another one than the function's, and the line.
  var file: Int
  var line: Int
  var confidence: Confidence
  /// The rule, such as `mapper`, `derived`, `annotation`.
  var via: String
  /// Whether those who call the function do the same at the place of the call: the method of a repository.
  var reachesCallers = false
  /// The entity on whose repository the function must be called: it does nothing by itself. Nil for any.
  var receiver: Int?
}

/// Every framework cleave knows.
enum FrameworkRegistry {
  /// Sorted by name.
  static let all: [any FrameworkRecognizer] = frameworks.sorted { $0.name < $1.name }

  /// Texts of members by language.
  static let memberTexts: [SourceLanguage: [String: String]] = all.reduce(into: [:]) { texts, framework in
    for language in framework.languages where !framework.memberTexts.isEmpty {
      texts[language, default: [:]].merge(framework.memberTexts) { first, _ in first }
    }
  }

  private static let frameworks: [any FrameworkRecognizer] = [
    ActiveRecordRecognizer(),
    AspNetRecognizer(),
    DapperRecognizer(),
    DjangoRecognizer(),
    DoctrineRecognizer(),
    DotNetMessagingRecognizer(),
    DrizzleRecognizer(),
    EntityFrameworkRecognizer.classic,
    EntityFrameworkRecognizer.core,
    ExposedRecognizer(),
    ExpressRecognizer(),
    GORMRecognizer(),
    GoWebRecognizer(),
    JDBIRecognizer(),
    JPARecognizer(),
    JooqRecognizer(),
    KnexRecognizer(),
    LaravelRecognizer(),
    LiquibaseRecognizer(),
    MikroORMRecognizer(),
    MyBatisDynamicRecognizer(),
    MyBatisPlusRecognizer(),
    MyBatisRecognizer(),
    NHibernateRecognizer(),
    NestRecognizer(),
    PHPDatabaseRecognizer(),
    PeeweeRecognizer(),
    PrismaRecognizer(),
    PythonEntryRecognizer(),
    QuerydslRecognizer(),
    SQLAlchemyRecognizer(),
    SQLCRecognizer(),
    SequelRecognizer(),
    SequelizeRecognizer(),
    SpringDataJDBCRecognizer(),
    SpringDataRecognizer(),
    SpringJDBCRecognizer(),
    SpringRecognizer(),
    SymfonyRecognizer(),
    TypeORMRecognizer(),
  ]
}
