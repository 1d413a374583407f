/// What the methods of managers, query sets, models and their relations do.
enum DjangoVocabulary {
  private static let refining = [
    "all", "filter", "exclude", "annotate", "alias", "order_by", "reverse", "distinct", "values", "values_list",
    "dates",
    "datetimes", "union", "intersection", "difference", "select_related", "prefetch_related", "extra", "defer", "only",
    "using", "select_for_update", "complex_filter", "get_queryset", "iterator", "aiterator", "db_manager",
    "with_cache", "get_descendants", "get_ancestors", "get_children",
  ]
  private static let one = [
    "get", "first", "last", "earliest", "latest", "aget", "afirst", "alast", "aearliest", "alatest",
    "get_by_natural_key",
  ]
  private static let values = [
    "count", "exists", "aggregate", "contains", "explain", "acount", "aexists", "aaggregate", "acontains",
  ]
  private static let many = ["in_bulk", "ain_bulk"]
  private static let creating = ["create", "acreate", "create_user", "create_superuser"]
  private static let writing = [
    "update", "aupdate", "bulk_update", "abulk_update", "_raw_delete", "bulk_create", "abulk_create",
  ]
  private static let finding = ["get_or_create", "update_or_create", "aget_or_create", "aupdate_or_create"]
  private static let linking = ["add", "remove", "set", "clear", "aadd", "aremove", "aset", "aclear"]

  static let rules: [DataRule] = [
    DataRule(.query, refining, .refine, .query, followsRelations: true),
    DataRule(.query, one, .read, .entity, followsRelations: true),
    DataRule(.query, values, .read, .value, followsRelations: true),
    DataRule(.query, many, .read, .entities),
    DataRule(.query, creating, .write, .entity),
    DataRule(.query, writing, .write, .value),
    DataRule(.query, ["delete", "adelete"], .delete, .value),
    DataRule(.query, finding, .readWrite, .entity, followsRelations: true),
    DataRule(.query, linking, .link, .value),
    DataRule(.query, ["none"], .nothing, .value),
    DataRule(.query, ["raw"], .sql(0), .entities),
    DataRule(.query, ["as_manager", "from_queryset"], .nothing, .value),
    DataRule(
      .entity, ["save", "asave", "save_base"], .write, .value),
    DataRule(.entity, ["delete", "adelete"], .delete, .value),
    DataRule(.entity, ["refresh_from_db", "arefresh_from_db"], .read, .value),
    DataRule(.entity, ["full_clean", "clean", "clean_fields"], .nothing, .value),
    DataRule(.function, ["get_object_or_404", "aget_object_or_404"], .readArgument(0), .entityOf(argument: 0)),
    DataRule(.function, ["get_list_or_404", "aget_list_or_404"], .readArgument(0), .entitiesOf(argument: 0)),
  ]

  static let queryMembers: Set<String> = ["objects", "_default_manager", "_base_manager"]

  static let containers: [String: DataReceiver] = [
    "QuerySet": .query, "Manager": .query, "BaseManager": .query, "RelatedManager": .query,
    "ManyRelatedManager": .query, "ValuesQuerySet": .query,
  ]
}
