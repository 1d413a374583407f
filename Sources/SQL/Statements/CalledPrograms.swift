/// The programs a statement calls.
enum CalledPrograms {
  /// Lower-case names of what `facts` calls, in order, without repeats, without functions every engine has.
  static func names(in facts: StatementFacts, cursor: TokenCursor) -> [String] {
    guard !facts.calls.isEmpty || !facts.nestedCalls.isEmpty else { return [] }
    var names: [String] = []
    for call in facts.calls {
      if call.first == call.last, cursor.tokens[call.first].keyword != .none { continue }
      let name = self.name(from: call.first, to: call.last, in: cursor)
      if !builtIn.contains(name), !names.contains(name) { names.append(name) }
      if names.count >= most { return names }
    }
    for name in facts.nestedCalls where !names.contains(name) && names.count < most { names.append(name) }
    return names
  }

  /// The lower-case name spelled by the tokens, its parts joined by dots.
  static func name(from first: Int, to last: Int, in cursor: TokenCursor) -> String {
    if first == last { return cursor.name(of: cursor.tokens[first]).lowercased() }
    var parts: [String] = []
    for index in first...last where cursor.tokens[index].kind != .symbol {
      parts.append(cursor.name(of: cursor.tokens[index]).lowercased())
    }
    if parts.count > 1, parts[0] == "dbo" || parts[0] == "public" { parts.removeFirst() }
    return parts.joined(separator: ".")
  }

  /// Names of one statement that are kept; hostile text could hold any number.
  static let most = 64

  /// Functions of the engines that statements call all the time.
  static let builtIn: Set<String> = [
    "abs", "acos", "asin", "atan", "ceil", "ceiling", "char_length", "character_length", "charindex", "chr", "coalesce",
    "concat", "concat_ws", "cos", "curdate", "current_date", "current_timestamp", "curtime", "datalength", "date_add",
    "date_diff", "date_format", "date_part", "date_sub", "date_trunc", "dateadd", "datediff", "datename", "datepart",
    "datetime", "day", "decode", "dense_rank", "exp", "find_in_set", "first_value", "floor", "format",
    "from_unixtime", "generate_series", "getdate", "greatest", "hex", "ifnull", "iif", "instr", "isnull", "json_agg",
    "json_build_object", "json_extract", "json_object", "jsonb_agg", "jsonb_build_object", "lag", "last_insert_id",
    "last_value", "lcase", "lead", "least", "len", "length", "ln", "localtime", "localtimestamp", "log", "lower",
    "lpad",
    "ltrim", "max", "md5", "min", "mod", "newid", "nextval", "now", "ntile", "nullif", "nvl", "nvl2", "pg_typeof",
    "pow",
    "power", "quote_ident", "quote_literal", "rand", "random", "rank", "replace", "reverse", "right", "round",
    "row_number", "rpad", "rtrim", "scope_identity", "sign", "sin", "sqrt", "str_to_date", "strftime", "stuff",
    "substr",
    "substring_index", "sysdate", "tan", "to_char", "to_date", "to_number", "to_timestamp", "trunc", "ucase",
    "unix_timestamp", "unhex", "unnest", "upper", "uuid", "varchar", "nvarchar", "varchar2", "char", "decimal",
    "numeric",
    "int", "bigint", "float", "real", "bit", "raw", "number", "currval", "setval", "lastval", "jsonb_array_elements",
    "json_array_elements", "regexp_replace", "regexp_matches", "split_part", "array_length", "to_json", "to_jsonb",
    "object_id", "sp_executesql", "sp_rename", "sp_addextendedproperty", "openjson", "string_split", "error_message",
    "error_number", "raise_application_error", "dbms_output.put_line", "dbms_output", "datetimefromparts", "eomonth",
    "json_value", "json_query", "percentile_cont", "stddev", "variance", "ifnull", "typeof", 
    "last_insert_rowid", "printf", "julianday", "unicode", "ascii", "replicate", "patindex",
    "quotename",
    "listagg", "add_months", "months_between", "last_day", "sys_guid", "sys_context", "userenv", "empty_blob",
    "empty_clob", "regexp_like", "regexp_substr", "regexp_instr", "xmlelement", "xmlagg", "xmlforest", "utl_raw",
  ]
}
