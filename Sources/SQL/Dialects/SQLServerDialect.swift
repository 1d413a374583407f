import Facts

extension Dialect {
  /// Microsoft SQL Server and Azure SQL. Source: Transact-SQL reference, "Transact-SQL syntax conventions", "Database
  /// identifiers" and "SQL Server utilities statements - GO".
  package static let sqlserver = Dialect(
    engine: .sqlserver, hasBackQuotes: false, hasBrackets: true, commentsNest: true, hasBatches: true,
    marks: [
      Mark("[dbo]", 6), Mark("dbo.", 3), Mark("identity(1", 6), Mark("identity (1", 6), Mark("nvarchar", 4),
      Mark("uniqueidentifier", 8), Mark("nonclustered", 8), Mark("primary key clustered", 8), Mark("set ansi_nulls", 8),
      Mark("datetime2", 5), Mark("datetimeoffset", 5), Mark("getdate()", 5), Mark("newid()", 5),
      Mark("on [primary]", 8),
      Mark("varchar(max)", 6), Mark("varchar](max)", 6), Mark("\ngo\n", 8), Mark("\ngo\r", 8), Mark("sp_rename", 8),
      Mark("sys.objects", 6), Mark("sys.tables", 6), Mark("object_id(", 6), Mark("with check add", 8), Mark("] [", 3),
      Mark("set nocount on", 8), Mark("smalldatetime", 5), Mark("ntext", 2), Mark("rowversion", 4), Mark(" top (", 3),
    ])
}
