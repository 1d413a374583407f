/// What the methods of models, relations and records do.
enum ActiveRecordVocabulary {
  /// Methods that narrow or shape a relation.
  private static let refining = [
    "all", "where", "not", "rewhere", "invert_where", "or", "and", "order", "reorder", "in_order_of", "reverse_order",
    "limit", "offset", "distinct", "uniq", "group", "regroup", "having", "readonly", "lock", "unscoped", "unscope",
    "scoped", "except", "only", "from", "extending", "strict_loading", "annotate", "optimizer_hints",
    "with", "with_recursive", "reselect", "excluding", "without", "null_relation", "page", "per", "padding",
    "includes_values", "load_async", "merge", "scoping", "unscope_all", "create_with", "references", "select",
    "ransack", "with_deleted", "only_deleted", "with_discarded", "accessible_by",
  ]
  private static let joining = [
    "joins", "left_joins", "left_outer_joins", "includes", "preload", "eager_load", "associated", "missing",
  ]
  /// Methods that give one record.
  private static let one = [
    "find", "find!", "find_by", "find_by!", "find_sole_by", "sole", "take", "take!", "first", "first!", "last", "last!",
    "second", "second!", "third", "third!", "fourth", "fifth", "forty_two", "find_by_id", "find_by_name",
    "find_by_id!", "find_by_name!", "second_to_last", "third_to_last", "find_signed", "find_signed!", "detect",
    "min_by", "max_by",
  ]
  /// Methods that give many records.
  private static let many = [
    "to_a", "to_ary", "load", "records", "find_each", "find_in_batches", "in_batches", "each", "map", "flat_map",
    "each_with_index",
    "each_with_object", "each_slice", "filter_map", "reject", "sort_by", "sort", "group_by", "index_by", "partition",
    "collect", "inject", "reduce", "to_set", "select!", "zip", "reverse", "reload", "min_by", "max_by",
    "find_all", "as_json",
    "to_json", "compact", "each_entry", "index_with", "in_groups_of", "paginate",
  ]
  /// Methods that give a number, a truth value or plain values.
  private static let values = [
    "count", "sum", "average", "minimum", "maximum", "calculate", "exists?", "any?", "many?", "none?", "one?",
    "empty?", "blank?", "present?", "pluck", "pick", "ids", "size", "length", "include?", "member?", "explain",
    "async_count", "async_sum", "async_pluck", "total_count", "total_pages", "cache_key", "cache_version", "find_index",
  ]
  /// Methods of relations and classes that write rows.
  private static let writing = [
    "update_all", "delete_all", "delete_by", "touch_all", "insert", "insert!",
    "insert_all", "insert_all!",
    "upsert", "upsert_all", "update_counters", "increment_counter", "decrement_counter", "reset_counters",
    "delete", "update", "update!", "import", "import!",
  ]
  private static let creating = ["create", "create!"]
  private static let finding = [
    "find_or_create_by", "find_or_create_by!", "create_or_find_by", "create_or_find_by!", "first_or_create",
    "first_or_create!",
  ]
  private static let building = ["new", "build"]
  private static let initializing = ["find_or_initialize_by", "first_or_initialize"]

  /// Methods of one record that write its row.
  private static let saving = [
    "save", "save!", "update", "update!", "update_attributes", "update_attributes!", "update_attribute",
    "update_attribute!", "touch", "increment!", "decrement!", "toggle!",
    "discard", "discard!", "undiscard", "undiscard!",
  ]
  private static let reloading = ["reload", "lock!", "with_lock"]

  static let rules: [DataRule] =
    relations(.entityType) + relations(.query) + records
    + [
      // A collection of records in an association can be added to and emptied.
      DataRule(.query, ["<<", "push", "append", "concat", "prepend", "clear", "replace"], .write, .same),
      DataRule(.entityType, ["find_by_sql"], .read, .entities),
      DataRule(.entityType, ["count_by_sql"], .read, .value),
      DataRule(
        .entityType,
        [
          "transaction", "table_name", "connection", "arel_table", "column_names", "columns", "human_attribute_name",
          "model_name", "primary_key", "quoted_table_name", "name", "to_s", "class_name", "sanitize_sql",
          "reset_column_information", "columns_hash", "attribute_names", "sanitize_sql_array",
          "sanitize_sql_for_conditions", "connected_to", "reflect_on_association", "reflections",
        ], .nothing, .value),
      DataRule(.query, ["to_sql", "arel", "klass", "model"], .nothing, .value),
      DataRule(.entityType, ["none"], .nothing, .value),
      DataRule(.query, ["none"], .nothing, .value),
      DataRule(.query, ["transaction"], .nothing, .value),
    ]

  private static func relations(_ receiver: DataReceiver) -> [DataRule] {
    [
      DataRule(
        receiver, refining.filter { receiver == .query || !["or", "and", "not", "uniq", "per"].contains($0) }, .refine,
        .query),
      DataRule(receiver, joining, .refine, .query, followsRelations: true),
      DataRule(receiver, one, .read, .entity),
      DataRule(
        receiver, receiver == .query ? many : ["find_each", "find_in_batches", "in_batches", "load", "to_a", "each"],
        .read, .entities),
      DataRule(
        receiver,
        receiver == .query
          ? values : values.filter { !["include?", "size", "length", "blank?", "present?", "empty?"].contains($0) },
        .read, .value),
      DataRule(receiver, writing, .write, .value),
      DataRule(
        receiver, ["destroy_all", "destroy_by", "destroy"], .delete, .value, runsHooks: true),
      DataRule(receiver, creating, .write, .entity, runsHooks: true),
      DataRule(receiver, finding, .readWrite, .entity, runsHooks: true),
      DataRule(receiver, building, .nothing, .entity),
      DataRule(receiver, initializing, .read, .entity),
    ]
  }

  private static let records: [DataRule] = [
    DataRule(.entity, saving, .write, .same, runsHooks: true),
    DataRule(.entity, ["destroy", "destroy!", "really_destroy!"], .delete, .same, runsHooks: true),
    DataRule(.entity, ["update_column", "update_columns", "delete"], .write, .same),
    DataRule(.entity, reloading, .read, .same),
    DataRule(.entity, ["becomes", "dup", "clone", "tap", "presence", "itself", "then", "decorate"], .nothing, .same),
  ]
}
