import Facts

extension Dialect {
  /// MySQL and MariaDB. Source: MySQL 8.0 reference manual, chapter 11 "Language Structure".
  package static let mysql = Dialect(
    engine: .mysql, identifierQuote: .of("`"), doubleQuotesAreStrings: true, hasBackslashEscapes: true,
    hasHashComments: true, dashCommentsNeedBlank: true,
    marks: [
      Mark("`", 2), Mark("engine=", 8), Mark("engine =", 8), Mark("auto_increment", 8), Mark("unsigned", 4),
      Mark("/*!", 6), Mark("delimiter ", 4), Mark("tinyint", 2), Mark("mediumtext", 3), Mark("unique key", 3),
    ])
}
