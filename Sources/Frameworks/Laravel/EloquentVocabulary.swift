/// What the methods of Eloquent and of Laravel's query builder do.
enum EloquentVocabulary {
  static let rules: [DataRule] = models + tables + collections + connection

  // Conditions and the like: the query is run by a later call.
  private static let refining = [
    "query", "newQuery", "newModelQuery", "newQueryWithoutScopes", "where", "orWhere", "whereNot", "where*", "orWhere*",
    "orderBy", "orderByDesc", "orderByRaw", "reorder", "latest", "oldest", "inRandomOrder", "limit", "take", "skip",
    "offset", "forPage", "select", "addSelect", "selectRaw", "distinct", "groupBy", "groupByRaw", "having", "orHaving",
    "havingRaw", "when", "unless", "tap", "on", "onWriteConnection", "withTrashed", "onlyTrashed", "withoutTrashed",
    "withoutGlobalScope", "withoutGlobalScopes", "lockForUpdate", "sharedLock", "withCasts", "withPivot", "as",
    "wherePivot", "orderByPivot", "using", "withTimestamps", "withDefault", "useWritePdo", "scopes", "getQuery",
    "toBase", "applyScopes", "whereKey", "whereKeyNot", "clone", "union", "unionAll", "fromSub", "ofMany",
    "latestOfMany", "oldestOfMany", "chaperone", "setModel", "getModel",
  ]
  private static let following = [
    "with", "without", "withOnly", "withCount", "withSum", "withMax", "withMin", "withAvg", "withExists",
    "withAggregate", "has", "orHas", "doesntHave", "orDoesntHave", "hasMorph", "whereHas", "orWhereHas",
    "whereDoesntHave", "orWhereDoesntHave", "whereRelation", "orWhereRelation", "withWhereHas", "whereBelongsTo",
  ]
  private static let joining = ["join", "leftJoin", "rightJoin", "crossJoin", "joinWhere", "leftJoinWhere"]
  private static let readingOne = [
    "find", "first", "firstOrFail", "findOrFail", "sole", "firstWhere", "findOr", "firstOr", "findSole",
  ]
  private static let readingMany = [
    "get", "all", "paginate", "simplePaginate", "cursorPaginate", "cursor", "findMany", "lazy", "lazyById", "chunk",
    "chunkById", "each", "eachById", "getModels", "fromQuery", "hydrate",
  ]
  private static let readingValue = [
    "pluck", "value", "valueOrFail", "soleValue", "count", "sum", "max", "min", "avg", "average", "exists",
    "doesntExist", "existsOr", "implode", "aggregate", "numericAggregate", "explain",
  ]
  private static let writingOne = [
    "create", "createQuietly", "forceCreate", "forceCreateQuietly", "save", "saveQuietly", "saveOrFail", "push",
    "pushQuietly",
  ]
  private static let writing = [
    "insert", "insertGetId", "insertOrIgnore", "insertUsing", "upsert", "update", "updateQuietly", "updateOrFail",
    "delete", "deleteQuietly", "deleteOrFail", "forceDelete", "forceDeleteQuietly", "forceDestroy", "destroy",
    "truncate", "increment", "incrementQuietly", "incrementEach", "decrement", "decrementQuietly", "decrementEach",
    "touch", "touchQuietly", "restore", "restoreQuietly", "createMany", "createManyQuietly", "saveMany",
    "saveManyQuietly",
  ]
  private static let readingAndWriting = [
    "firstOrCreate", "updateOrCreate", "updateOrInsert", "createOrFirst", "createOrRestore", "incrementOrCreate",
    "restoreOrCreate",
  ]

  private static let models: [DataRule] = [DataReceiver.entityType, .query, .entity].flatMap { receiver in
    [
      DataRule(receiver, following, .refine, .query, followsRelations: true),
      DataRule(receiver, refining, .refine, .query), DataRule(receiver, joining, .joinTable(0), .query),
      DataRule(receiver, readingOne, .read, .entity), DataRule(receiver, readingMany, .read, .entities),
      DataRule(receiver, readingValue, .read, .value), DataRule(receiver, writingOne, .write, .entity),
      DataRule(receiver, writing, .write, .value), DataRule(receiver, readingAndWriting, .readWrite, .entity),
      DataRule(receiver, ["firstOrNew", "findOrNew"], .read, .entity),
      DataRule(receiver, ["make", "newInstance", "newModelInstance", "makeMany"], .discard, .entity),
      DataRule(
        receiver,
        ["attach", "detach", "sync", "syncWithoutDetaching", "syncWithPivotValues", "toggle", "updateExistingPivot"],
        .link, .value),
      DataRule(
        receiver, ["associate", "dissociate", "disassociate", "getRelated", "getForeignKeyName"], .discard, .value),
    ] + (receiver == .entity ? objects : [])
  }

  private static let objects: [DataRule] = [
    DataRule(.entity, ["refresh", "fresh"], .read, .entity),
    DataRule(
      .entity, ["load", "loadMissing", "loadCount", "loadSum", "loadMax", "loadExists", "loadMorph"], .nothing, .same,
      followsRelations: true),
    DataRule(
      .entity,
      [
        "fill", "forceFill", "setAttribute", "setRelation", "makeHidden", "makeVisible", "append", "replicate",
        "unsetRelation", "syncOriginal", "setAppends", "withoutRelations",
      ], .nothing, .same),
  ]

  private static let collections: [DataRule] = [
    DataRule(
      .entities, ["load", "loadMissing", "loadCount", "loadMorph"], .nothing, .same, followsRelations: true),
    DataRule(.entities, ["fresh"], .read, .entities),
    DataRule(.entities, ["toQuery"], .refine, .query),
    DataRule(
      .entities,
      [
        "where", "whereIn", "whereNotNull", "unique", "keyBy", "sortBy", "sortByDesc", "take", "values", "merge",
        "push", "diff", "only", "except", "chunk", "groupBy", "all", "items", "getCollection", "each", "map",
      ], .nothing, .same),
    DataRule(.entities, ["firstWhere", "random", "find", "firstOrFail", "sole"], .nothing, .entity),
  ]

  private static let tables: [DataRule] = [
    DataRule(.table, joining + ["joinSub"], .refine, .same, followsRelations: true),
    DataRule(.table, refining, .refine, .same),
    DataRule(.table, readingOne + readingMany + readingValue + ["chunkMap", "getCountForPagination"], .read, .value),
    DataRule(.table, writing, .write, .value),
    DataRule(.table, ["updateOrInsert"], .readWrite, .value),
  ]

  private static let connection: [DataRule] = [
    DataRule(.session, ["table"], .nothing, .tableOf(argument: 0)),
    DataRule(.session, ["connection", "getConnection", "usingConnection"], .nothing, .session),
  ]
}
