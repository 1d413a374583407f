import Facts

extension Dialect {
  /// SQLite. Source: sqlite.org/lang.html and sqlite.org/lang_keywords.html.
  package static let sqlite = Dialect(
    engine: .sqlite, hasBrackets: true,
    marks: [
      Mark("autoincrement", 10), Mark("without rowid", 10), Mark("pragma ", 8), Mark("strftime(", 4),
      Mark("sqlite", 6), Mark("integer primary key", 3), Mark("on conflict replace", 5), Mark("on conflict ignore", 5),
      Mark("insert or replace", 5), Mark("insert or ignore", 5), Mark("using fts", 8), Mark("julianday(", 5),
      Mark("glob ", 3),
    ])
}
