import Basics
import Facts

/// Entity Framework: contexts with sets of entities, in its two generations.
struct EntityFrameworkRecognizer: FrameworkRecognizer {
  /// The framework since 2016.
  static let core = EntityFrameworkRecognizer(name: "Entity Framework Core", isCore: true)
  /// The framework before, on .NET Framework.
  static let classic = EntityFrameworkRecognizer(name: "Entity Framework 6", isCore: false)

  let name: String
  let isCore: Bool
  let languages: Set<SourceLanguage> = [.csharp]
  let tracksChanges = true
  /// Entity Framework 6 fetches relations when they are asked for; the later one only when told to.
  var loadsRelations: Bool { !isCore }

  func entities(in system: SystemIndex) -> [EntityMapping] {
    EntityFrameworkMapper(system: system, flavor: self).mappings()
  }

  func histories(in system: SystemIndex) -> [SchemaHistory] {
    EntityFrameworkMigrations(system: system, flavor: self).histories()
  }

  let sessionTypes: Set<String> = EntityFrameworkMapper.contextTypes

  let containerTypes: [String: DataReceiver] = [
    "DbSet": .query, "IDbSet": .query, "DbQuery": .query, "ObjectSet": .query, "IQueryable": .query,
    "IOrderedQueryable": .query, "IIncludableQueryable": .query,
    // Repositories that nearly every project writes for itself, over any entity.
    "IRepository": .repository, "IReadRepository": .repository, "IRepositoryBase": .repository,
    "IReadRepositoryBase": .repository, "IGenericRepository": .repository, "IAsyncRepository": .repository,
    "IBaseRepository": .repository, "IReadOnlyRepository": .repository,
  ]

  let queryMembers: Set<String> = ["Table", "TableNoTracking", "Entities"]

  var rules: [DataRule] { Self.vocabulary }

  /// A name and what it is called when it is awaited.
  private static func both(_ names: String...) -> [String] { names.flatMap { [$0, $0 + "Async"] } }

  private static let vocabulary: [DataRule] = [
    DataRule(.session, ["Add", "AddAsync", "Update", "Remove"], .writeArgument(0), .value),
    DataRule(.session, ["AddRange", "AddRangeAsync", "UpdateRange", "RemoveRange"], .writeArgument(0), .value),
    DataRule(.session, ["AddObject", "DeleteObject"], .writeArgument(1), .value),
    DataRule(.session, ["Attach", "Entry"], .nothing, .argument(0)),
    DataRule(.session, ["Set", "Query", "CreateObjectSet"], .nothing, .queryOf(argument: 0)),
    DataRule(.session, both("Find"), .readArgument(0), .entityOf(argument: 0)),
    DataRule(
      .query,
      [
        "Where", "Include", "ThenInclude", "OrderBy", "OrderByDescending", "ThenBy", "ThenByDescending",
      ], .refine, .same, followsRelations: true),
    DataRule(
      .query,
      [
        "Skip", "Take", "Distinct", "AsNoTracking", "AsNoTrackingWithIdentityResolution", "AsTracking", "AsSplitQuery",
        "AsSingleQuery", "IgnoreQueryFilters", "IgnoreAutoIncludes", "TagWith", "TagWithCallSite", "AsQueryable",
        "AsExpandable", "Reverse", "Concat", "Union", "Except", "Intersect", "OfType", "Cast", "DefaultIfEmpty",
        "SkipWhile", "TakeWhile", "FromSqlRaw", "FromSqlInterpolated", "FromSql", "SqlQuery", "IncludeFilter",
      ], .refine, .same),
    DataRule(
      .query, ["Select", "SelectMany", "GroupBy", "Join", "GroupJoin", "LeftJoin", "ProjectTo", "Zip"], .refine,
      .value, followsRelations: true),
    DataRule(
      .query,
      both("ToList", "ToArray", "ToHashSet", "ToDictionary", "ToLookup") + ["AsEnumerable", "AsAsyncEnumerable"],
      .read, .entities),
    DataRule(
      .query,
      both("First", "FirstOrDefault", "Single", "SingleOrDefault", "Last", "LastOrDefault", "ElementAt", "Find"), .read,
      .entity, followsRelations: true),
    DataRule(
      .query,
      both(
        "Any", "All", "Count", "LongCount", "Sum", "Min", "Max", "Average", "Contains", "Load", "ForEach", "Aggregate"),
      .read, .value, followsRelations: true),
    DataRule(
      .query, both("ExecuteDelete", "ExecuteUpdate") + ["Delete", "DeleteFromQuery", "UpdateFromQuery"], .write, .value),
    DataRule(
      .query,
      both("Add", "AddRange", "Update", "UpdateRange", "Remove", "RemoveRange", "AddOrUpdate") + [
        "AddObject", "DeleteObject", "RemoveAll", "Clear", "Insert",
      ], .write, .value),
    DataRule(.query, ["Attach", "AttachRange", "Entry"], .nothing, .argument(0)),
    DataRule(
      .repository,
      both("GetById", "Get", "Find", "FindById", "FirstOrDefault", "SingleOrDefault", "First", "Single", "GetBySpec"),
      .read, .entity),
    DataRule(
      .repository, both("GetAll", "List", "ListAll", "GetList", "ToList", "GetPagedList", "GetAllPaged"), .read,
      .entities),
    DataRule(.repository, both("Count", "Any", "Exists", "LongCount", "GetCount"), .read, .value),
    DataRule(
      .repository,
      both(
        "Add", "AddRange", "Insert", "InsertMany", "Update", "UpdateMany", "UpdateRange", "Delete", "DeleteMany",
        "DeleteRange", "Remove", "RemoveRange", "DeleteById"), .write, .value),
    DataRule(.repository, ["Where", "AsQueryable", "GetQueryable", "GetQueryableAsync", "Query"], .nothing, .query),
  ]
}
