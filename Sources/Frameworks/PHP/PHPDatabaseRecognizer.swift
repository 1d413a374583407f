import Facts

/// Database objects of PHP that are given the names of tables: WordPress, CodeIgniter, CakePHP, Zend and their kin.
struct PHPDatabaseRecognizer: FrameworkRecognizer {
  let name = "PHP database objects"
  let languages: Set<SourceLanguage> = [.php]
  /// Names people give to such objects, and their classes.
  let sessionTypes: Set<String> = [
    "wpdb", "db", "database", "dbal", "conn", "connection", "dbh", "ci.db", "BaseConnection",
  ]

  let rules: [DataRule] = [
    DataRule(.session, ["insert", "replace", "insertBatch", "insert_batch", "insertIgnore"], .writeTable(0), .session),
    DataRule(.session, ["update_batch", "updateBatch", "empty_table", "truncate"], .writeTable(0), .value),
    DataRule(.session, ["table"], .nothing, .tableOf(argument: 0)),
    DataRule(.session, ["get", "get_where", "count_all", "fetchTable"], .readTable(0), .value),
    DataRule(
      .session,
      [
        "select", "where", "order_by", "group_by", "limit", "where_in", "or_where", "like", "set", "distinct", "having",
      ], .nothing, .session),
    DataRule(.session, ["join"], .readTable(0), .session),
    DataRule(
      .table,
      [
        "getWhere", "countAllResults", "countAll", "getCompiledSelect", "findAll", "getRow", "getResult", "getArray",
      ], .read, .value),
    DataRule(.table, ["like", "orLike", "whereIn", "orWhere", "groupBy", "set"], .refine, .same),
    DataRule(.table, ["replace", "insertBatch", "updateBatch", "deleteBatch", "emptyTable"], .write, .value),
  ]
}
