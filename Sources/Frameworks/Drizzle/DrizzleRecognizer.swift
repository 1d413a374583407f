import Basics
import Facts

/// Recognises Drizzle, and Kysely: tables described in code, and queries over them or over tables by name.
struct DrizzleRecognizer: FrameworkRecognizer {
  let name = "Drizzle"
  let languages: Set<SourceLanguage> = [.javascript, .typescript]
  let sessionTypes: Set<String> = [
    "NodePgDatabase", "PostgresJsDatabase", "MySql2Database", "BetterSQLite3Database", "LibSQLDatabase",
    "NeonHttpDatabase", "PgDatabase", "MySqlDatabase", "BaseSQLiteDatabase", "DrizzleD1Database", "drizzle", "Kysely",
    "Transaction",
  ]
  let queryMembers: Set<String> = ["query"]
  let loadsRelations = false
  let optionKeys: Set<String> = ["where", "with", "orderBy", "columns", "limit", "extras"]

  static let packages = ["drizzle-orm", "kysely"]

  func isUsed(in system: SystemIndex) -> Bool { system.uses(packages: Self.packages) }

  func entities(in system: SystemIndex) -> [EntityMapping] { DrizzleTableReader(system: system).entities() }

  private static let joins = ["leftJoin", "innerJoin", "rightJoin", "fullJoin", "crossJoin"]
  private static let clauses = [
    "where", "orderBy", "limit", "offset", "groupBy", "having", "as", "for", "execute", "select", "selectAll",
    "distinct", "distinctOn", "executeTakeFirst", "executeTakeFirstOrThrow", "set", "values", "returning",
    "returningAll", "onConflictDoNothing", "onConflictDoUpdate", "onDuplicateKeyUpdate", "onConflict", "all", "get",
    "run", "prepare", "$dynamic",
  ]

  let rules: [DataRule] = [
    DataRule(.session, ["select", "selectDistinct", "selectDistinctOn", "with", "$with"], .nothing, .session),
    DataRule(.session, ["from", "selectFrom"], .nothing, .queryOf(argument: 0)),
    DataRule(.session, ["insert", "update", "delete"], .writeTypeArgument(0), .value),
    DataRule(
      .session, ["insertInto", "updateTable", "deleteFrom", "replaceInto", "mergeInto"], .writeNamed(0), .value),
    DataRule(.session, ["$count"], .readArgument(0), .value),
    DataRule(.session, ["transaction"], .nothing, .session),
    DataRule(.session, ["execute", "run", "all", "get"], .sql(0), .value),
    DataRule(.query, joins, .refine, .same, followsRelations: true),
    DataRule(.query, clauses, .refine, .same),
    DataRule(.query, ["findMany"], .read, .entities, followsRelations: true),
    DataRule(.query, ["findFirst"], .read, .entity, followsRelations: true),
    DataRule(.table, joins, .refine, .same, followsRelations: true),
    DataRule(.table, clauses, .refine, .same),
    DataRule(.function, ["drizzle"], .nothing, .session),
  ]
}
