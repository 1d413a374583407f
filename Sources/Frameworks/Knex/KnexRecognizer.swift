import Basics
import Facts

/// Recognises Knex, and Objection.js, whose models are built on it: queries on tables by name, models, migrations.
struct KnexRecognizer: FrameworkRecognizer {
  let name = "Knex"
  let languages: Set<SourceLanguage> = [.javascript, .typescript]
  let sessionTypes: Set<String> = ["Knex", "knex", "trx", "QueryBuilder", "Transaction"]
  let loadsRelations = false

  static let packages = ["knex", "objection", "nestjs-knex", "bookshelf"]

  func isUsed(in system: SystemIndex) -> Bool {
    system.uses(packages: Self.packages) || !KnexMigrationReader(system: system).migrations.isEmpty
  }

  func entities(in system: SystemIndex) -> [EntityMapping] { ObjectionModelReader(system: system).entities() }

  func histories(in system: SystemIndex) -> [SchemaHistory] {
    KnexMigrationReader(system: system).history().map { [$0] } ?? []
  }

  private static let joins = [
    "join", "innerJoin", "leftJoin", "leftOuterJoin", "rightJoin", "rightOuterJoin", "outerJoin", "fullOuterJoin",
    "crossJoin",
  ]
  private static let writers = [
    "insert", "update", "del", "delete", "truncate", "increment", "decrement", "upsert",
  ]
  private static let clauses = [
    "select", "columns", "column", "distinct", "where", "andWhere", "orWhere", "whereNot", "whereIn", "whereNotIn",
    "whereNull", "whereNotNull", "whereBetween", "whereExists", "whereRaw", "whereLike", "whereILike", "orderBy",
    "orderByRaw", "groupBy", "groupByRaw", "having", "havingRaw", "limit", "offset", "first", "pluck", "count",
    "countDistinct", "min", "max", "sum", "avg", "returning", "onConflict", "merge", "ignore", "transacting",
    "forUpdate", "clone", "as", "modify", "with", "withRecursive", "withMaterialized", "joinRaw", "union", "unionAll",
    "then", "timeout", "debug", "withSchema", "on",
  ]
  private static let graphs = [
    "withGraphFetched", "withGraphJoined", "joinRelated", "innerJoinRelated", "leftJoinRelated",
    "leftOuterJoinRelated", "eager", "joinEager",
  ]
  private static let modelReads = ["findById", "findByIds", "findOne", "resultSize", "page", "range"]
  private static let modelWrites = [
    "patch", "insertAndFetch", "patchAndFetchById", "updateAndFetchById", "deleteById", "insertGraph", "upsertGraph",
    "insertGraphAndFetch", "upsertGraphAndFetch", "patchAndFetch", "updateAndFetch", "relate", "unrelate",
  ]

  let rules: [DataRule] = [
    DataRule(.session, [DataRule.ownCall, "table", "from", "queryBuilder"], .nothing, .queryOf(argument: 0)),
    DataRule(.session, ["select", "insert", "del", "delete", "update"] + clauses, .nothing, .session),
    DataRule(
      .session, ["into", "insert.into", "del.from", "delete.from", "update.table"], .writeNamed(0), .value),
    DataRule(.session, ["raw"], .sql(0), .value),
    DataRule(.session, ["transaction"], .nothing, .session),
    DataRule(.table, joins, .refine, .same, followsRelations: true),
    DataRule(.table, writers, .write, .same),
    DataRule(.table, clauses, .refine, .same),
    DataRule(.entityType, ["query"], .refine, .query),
    DataRule(.entity, ["$query"], .refine, .query),
    DataRule(.query, graphs, .refine, .same, followsRelations: true),
    DataRule(.query, joins + clauses + modelReads, .refine, .same),
    DataRule(.query, writers + modelWrites, .write, .same),
  ]
}
