import Facts

extension Dialect {
  /// H2, HSQLDB and Derby, which applications on the JVM embed. Sources: h2database.com "Grammar", HyperSQL user guide
  /// chapter 4, Derby reference manual "SQL statements".
  package static let h2 = Dialect(
    engine: .h2, hasDollarQuotes: true,
    marks: [
      Mark("varchar_ignorecase", 10), Mark("create memory table", 10), Mark("create cached table", 10),
      Mark("identity primary key", 6), Mark("identity not null primary key", 8), Mark("longvarchar", 6),
      Mark("as identity(start with", 5), Mark("create alias", 8), Mark("runscript", 8), Mark("set mode ", 6),
      Mark("for bit data", 6), Mark("referential_integrity", 8), Mark("hsqldb", 6), Mark("jdbc:h2", 6),
      Mark("create text table", 8), Mark("random_uuid()", 6), Mark("if exists cascade", 2),
    ])
}
