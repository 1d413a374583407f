import Facts

/// GORM and xorm, and the builders of Go that are given the names of tables: squirrel and goqu.
struct GORMRecognizer: FrameworkRecognizer {
  let name = "GORM"
  let languages: Set<SourceLanguage> = [.go]
  let sessionTypes: Set<String> = [
    "DB", "Engine", "EngineInterface", "EngineGroup", "Session", "db", "tx", "engine", "sq", "squirrel", "goqu",
    "StatementBuilderType", "psql", "sess", "sb", "qb",
  ]
  let queryMembers: Set<String> = ["StatementBuilder", "Error"]

  func entities(in system: SystemIndex) -> [EntityMapping] { GORMEntities(system: system).mappings() }

  private static let refining = [
    "Where", "Not", "Or", "Select", "Omit", "Order", "OrderBy", "Limit", "Offset", "Group", "GroupBy", "Having",
    "Distinct", "Joins", "Preload", "Unscoped", "Clauses", "Scopes", "Session", "WithContext", "Debug", "Begin", "Set",
    "Attrs", "Assign", "New", "Table", "Context", "NewSession", "ID", "In", "Asc", "Desc", "Cols", "Join", "And",
    "UseBool", "AllCols", "PlaceholderFormat", "RunWith", "Columns", "Returning", "BeginTx", "MustBegin", "NoAutoTime",
    "SkipHooks", "InstanceSet", "Connection", "Prefix", "Suffix", "Eq", "LeftJoin", "InnerJoin", "RightJoin",
  ]

  let rules: [DataRule] =
    [
      DataRule(.session, ["Table", "From"], .nothing, .tableOf(argument: 0)),
      DataRule(.session, Self.refining.filter { $0 != "Table" }, .nothing, .session),
      DataRule(.session, ["Model"], .nothing, .queryOf(argument: 0)),
      DataRule(
        .session,
        ["First", "Find", "Take", "Last", "FindInBatches", "Get", "Exist", "FindAndCount", "Iterate", "Count", "Rows"],
        .readArgument(0), .same, followsRelations: true),
      DataRule(
        .session,
        [
          "Create", "Save", "CreateInBatches", "Delete", "Insert", "InsertOne", "InsertMulti", "Update", "Replace",
          "Truncate",
        ], .writeArgument(0), .session),
      DataRule(.session, ["FirstOrCreate"], .readWriteArgument(0), .session),
      DataRule(.session, ["FirstOrInit"], .readArgument(0), .session),
    ]
    + [DataReceiver.query, .table].flatMap { receiver in
      [
        DataRule(receiver, ["Joins", "Preload"], .refine, .same, followsRelations: receiver == .query),
        DataRule(
          receiver, ["Join", "LeftJoin", "InnerJoin", "RightJoin", "FullJoin", "CrossJoin"], .joinTable(0), .same),
        DataRule(
          receiver,
          refining.filter {
            !["Joins", "Preload", "Join", "LeftJoin", "InnerJoin", "RightJoin", "Set"].contains($0)
          } + ["Model", "Set", "ToSql", "MustSql", "ToSQL", "Columns", "Values", "SetMap"], .refine, .same),
        DataRule(
          receiver,
          [
            "First", "Find", "Take", "Last", "Scan", "Count", "Pluck", "Rows", "Row", "Get", "FindInBatches",
            "QueryRow", "Query", "QueryContext", "QueryRowContext", "ScanStructs", "ScanStruct",
          ], .read, .value),
        DataRule(
          receiver,
          [
            "Update", "Updates", "UpdateColumn", "UpdateColumns", "Delete", "Create", "Save", "Insert",
            "CreateInBatches",
          ], .write, .same),
        DataRule(receiver, ["Association"], .discard, .value),
      ]
    }
}
