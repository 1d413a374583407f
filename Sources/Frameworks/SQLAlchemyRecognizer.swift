import Basics
import Facts

/// SQLAlchemy with SQLModel, Flask-SQLAlchemy and the migrations of Alembic.
struct SQLAlchemyRecognizer: FrameworkRecognizer {
  let name = "SQLAlchemy"
  let languages: Set<SourceLanguage> = [.python]
  let tracksChanges = true
  let sessionTypes: Set<String> = [
    "Session", "AsyncSession", "scoped_session", "async_scoped_session", "sessionmaker", "async_sessionmaker",
    "Connection",
    "AsyncConnection", "Engine", "session", "db_session", "async_session", "dbsession", "db.session", "DBSession",
  ]
  let queryMembers: Set<String> = ["query"]
  let containerTypes: [String: DataReceiver] = ["Query": .query, "Select": .query, "ScalarResult": .query]

  private static let refining = [
    "where", "filter_by", "join", "outerjoin", "options", "group_by", "having", "limit", "offset", "select_from",
    "with_for_update", "execution_options", "subquery", "cte", "label", "scalar_subquery", "scalars", "unique",
    "mappings", "yield_per", "enable_eagerloads", "populate_existing", "with_entities", "add_columns", "correlate",
    "slice", "partitions", "order_by", "distinct", "all", "fetchall", "fetchmany", "paginate", "union_all", "as_scalar",
    "join_from", "outerjoin_from", "with_only_columns", "returning", "alias", "columns", "tuples",
  ]
  private static let one = [
    "one", "one_or_none", "first_or_404", "get_or_404", "one_or_404", "scalar", "scalar_one", "scalar_one_or_none",
    "fetchone", "get",
  ]

  let rules: [DataRule] = [
    DataRule(.query, refining, .refine, .query, followsRelations: true),
    DataRule(.query, one, .read, .entity),
    DataRule(.query, ["append", "extend", "insert"], .link, .value),
    DataRule(.session, ["query"], .nothing, .queryOf(argument: 0), followsRelations: true),
    DataRule(.session, ["execute", "scalars", "scalar", "exec", "stream", "stream_scalars"], .nothing, .argument(0)),
    DataRule(.session, ["add", "add_all", "merge", "delete", "bulk_save_objects"], .writeArgument(0), .argument(0)),
    DataRule(
      .session, ["bulk_insert_mappings", "bulk_update_mappings"], .writeTypeArgument(0), .value),
    DataRule(.session, ["get", "get_one"], .readArgument(0), .entityOf(argument: 0)),
    DataRule(.session, ["refresh"], .readArgument(0), .value),
    DataRule(.session, ["begin", "begin_nested", "__call__"], .nothing, .session),
    DataRule(.function, ["select", "Select"], .nothing, .queryOf(argument: 0), followsRelations: true),
    DataRule(.function, ["insert", "update", "delete"], .writeTypeArgument(0), .value),
    DataRule(.table, ["select"] + refining, .refine, .same),
    DataRule(.table, ["insert", "update", "delete"], .write, .value),
    DataRule(.function, ["Table"], .nothing, .tableNamed(argument: 0)),
  ]

  func entities(in system: SystemIndex) -> [EntityMapping] {
    guard Self.isUsed(in: system) else { return [] }
    return SQLAlchemyMapping(SQLAlchemyModels(system)).entities()
  }

  func histories(in system: SystemIndex) -> [SchemaHistory] {
    guard Self.isUsed(in: system) else { return [] }
    let migrations = AlembicMigrations.history(in: system)
    let mapping = SQLAlchemyMapping(SQLAlchemyModels(system)).history()
    return [migrations, mapping].compactMap { $0 }
  }

  private static func isUsed(in system: SystemIndex) -> Bool {
    let packages: Set<String> = ["sqlalchemy", "sqlmodel", "flask_sqlalchemy", "alembic"]
    return system.files.contains { facts in
      facts.language == .python
        && facts.imports.contains { packages.contains(String($0.path.prefix { $0 != "." })) }
    }
  }
}
