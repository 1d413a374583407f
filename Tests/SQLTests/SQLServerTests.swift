import Basics
import Facts
import SQL
import Testing

@Suite struct SQLServerTests {
  static let statements: [Case] = [
    Case("SELECT TOP (5) [a b], t.[c] FROM [dbo].[t] WITH (NOLOCK) WHERE d = @x", "r t(a b,c,d)"),
    Case("SELECT a FROM t (NOLOCK) JOIN u (NOLOCK) ON t.i = u.i", "r t(i) r u(i)"),
    Case("SELECT a FROM [Sales].[Order]]s] AS o", "r Sales.Order]s(a)"),
    Case("SELECT o.a, x.b FROM o CROSS APPLY (SELECT TOP 1 b FROM p WHERE p.i = o.i) AS x", "r o(a,i) r p(b,i)"),
    Case("SELECT o.a FROM o OUTER APPLY dbo.f(o.i) AS x", "r o(a,i)"),
    Case("SELECT a INTO n FROM t", "d n r t(a)"),
    Case("SELECT a INTO #n FROM t; SELECT a FROM #n JOIN @v v ON 1 = 1", "r t(a)"),
    Case("INSERT INTO t (a) OUTPUT inserted.i INTO log (i) VALUES (1)", "w t(a) w log(i)"),
    Case("INSERT t (a) SELECT b FROM u", "w t(a) r u(b)"),
    Case("INSERT INTO t EXEC p 1, @x", "w t(*)"),
    Case("UPDATE a SET a.x = b.y FROM t a JOIN u b ON a.i = b.i", "w t(x) r u(i,y)"),
    Case("UPDATE t SET x = 1 OUTPUT deleted.x FROM t JOIN u ON t.i = u.i", "w t(x) r u(i)"),
    Case("UPDATE TOP (10) t SET x += 1 WHERE y = 2", "w t(x)"),
    Case("DELETE a FROM t a JOIN u b ON a.i = b.i", "w t(*) r u(i)"),
    Case("DELETE FROM a FROM t a JOIN u b ON a.i = b.i", "w t(*) r u(i)"),
    Case("DELETE t", "w t(*)"),
    Case("DELETE TOP (5) FROM t OUTPUT deleted.* WHERE x = 1", "w t(*)"),
    Case("WITH c AS (SELECT a FROM t) DELETE FROM c", "r t(a) w t(*)"),
    Case(
      "MERGE TOP (5) INTO t WITH (HOLDLOCK) AS d USING u AS s ON d.i = s.i WHEN MATCHED THEN UPDATE SET d.x = s.y WHEN NOT MATCHED BY SOURCE THEN DELETE OUTPUT $action, inserted.i;",
      "w t(*) r u(i,y)"),
    Case("SELECT a FROM t FOR XML PATH('x'), ROOT('y')", "r t(a)"),
    Case("SELECT a FROM t ORDER BY a OFFSET 5 ROWS FETCH NEXT 10 ROWS ONLY OPTION (RECOMPILE)", "r t(a)"),
    Case("SELECT p.* FROM t PIVOT (SUM(x) FOR y IN ([1], [2])) AS p", "r t"),
    Case("SELECT a FROM t FOR SYSTEM_TIME AS OF '2020-01-01' AS h WHERE h.b = 1", "r t(a,b)"),
    Case("SELECT x.v.value('.', 'int') FROM @d.nodes('/a') AS x(v)", ""),
    Case(
      "DECLARE @x int = (SELECT MAX(a) FROM t); IF @x > 1 BEGIN UPDATE u SET b = 1 DELETE FROM v END",
      "r t(a) w u(b) w v(*)"),
    Case("UPDATE t SET a = 1 WHERE i = 2 SELECT @@ROWCOUNT INSERT INTO u (b) VALUES (3)", "w t(a) w u(b)"),
    Case(
      "IF EXISTS (SELECT 1 FROM t WHERE a = 1) UPDATE t SET b = 2 ELSE INSERT INTO t (a) VALUES (1)", "r t(a) w t(a,b)"),
    Case("EXEC ('DELETE FROM t WHERE a = 1')", "w t(*)"),
    Case("EXEC sp_executesql N'SELECT a FROM t WHERE b = @p', N'@p int', @p = 1", "r t(a,b)"),
    Case("SELECT a FROM srv.db.dbo.t", "r srv.db.dbo.t(a)"),
    Case("SELECT a FROM db..t", "r db.t(a)"),
    Case("SELECT a -- x\nFROM t /* a /* b */ c */ WHERE d = N'it''s'", "r t(a,d)"),
  ]

  @Test(arguments: statements) func accesses(_ example: Case) {
    #expect(read(example.text, .sqlserver) == example.expected)
  }

  @Test(arguments: [
    ("EXEC dbo.p @a = 1, @b = 'x'", ["p"]), ("EXECUTE @r = [s].[p] 1", ["s.p"]), ("SELECT dbo.f(a) FROM t", ["f"]),
    ("SELECT * FROM dbo.g(1) AS x", ["g"]), ("INSERT INTO t EXEC q", ["q"]),
    ("SELECT COUNT(*), ISNULL(a, 1) FROM t", []),
  ])
  func calls(_ text: String, _ expected: [String]) {
    #expect(SQLReader(engine: .sqlserver).statements(in: text).flatMap(\.calls) == expected)
  }

  @Test(arguments: [
    (
      "CREATE TABLE [s].[t](\n\t[Id] [int] IDENTITY(1,1) NOT NULL,\n\t[Name] [nvarchar](max) NULL,\n\t[At] datetime2(7) NOT NULL DEFAULT (getdate()),\n CONSTRAINT [PK] PRIMARY KEY CLUSTERED \n(\n\t[Id] ASC\n)WITH (PAD_INDEX = OFF, IGNORE_DUP_KEY = OFF) ON [PRIMARY]\n) ON [PRIMARY] TEXTIMAGE_ON [PRIMARY]\nGO",
      "s.t(Id int!+, Name nvarchar(max), At datetime2(7)!) pk Id"
    ),
    (
      "CREATE TABLE t (a int NOT NULL CONSTRAINT [D] DEFAULT ((0)), b AS (a * 2) PERSISTED, c uniqueidentifier ROWGUIDCOL NOT NULL UNIQUE NONCLUSTERED, d varbinary(max) FILESTREAM NULL, INDEX ix (a))",
      "t(a int!, b, c uniqueidentifier!, d varbinary(max)) uq c"
    ),
    (
      "CREATE TABLE t (a int)\nGO\nALTER TABLE [t]  WITH CHECK ADD  CONSTRAINT [FK] FOREIGN KEY([a])\nREFERENCES [u] ([i])\nON DELETE CASCADE\nGO\nALTER TABLE [t] CHECK CONSTRAINT [FK]\nGO\n",
      "t(a int) fk a->u(i) cascade"
    ),
    (
      "CREATE TABLE t (a int)\nALTER TABLE t ADD b int NOT NULL, c varchar(5)\nALTER TABLE t DROP COLUMN a, b",
      "t(c varchar(5))"
    ),
    ("CREATE TABLE t (a int, b int)\nALTER TABLE t ALTER COLUMN a nvarchar(50) NOT NULL", "t(a nvarchar(50)!, b int)"),
    (
      "IF NOT EXISTS (SELECT * FROM sys.objects WHERE object_id = OBJECT_ID(N'[dbo].[t]'))\nBEGIN\nCREATE TABLE [dbo].[t](\n[a] [int] NOT NULL)\nEND\nGO",
      "t(a int!)"
    ),
    ("IF OBJECT_ID('t') IS NULL CREATE TABLE t (a int);\nIF OBJECT_ID('u') IS NOT NULL DROP TABLE u;", "t(a int)"),
    ("EXEC('CREATE TABLE t (a int)')\nGO\nEXEC sp_executesql N'ALTER TABLE t ADD b int'", "t(a int, b int)"),
    (
      "CREATE TABLE s.t (a int)\nGO\nEXEC sp_rename 's.t.a', 'b', 'COLUMN'\nGO\nEXEC sp_rename N's.t', N'u'\nGO",
      "s.u(b int)"
    ),
    (
      "CREATE TYPE dbo.l AS TABLE (a int)\nGO\nCREATE TABLE #x (a int)\nCREATE TABLE ##y (a int)\nCREATE TABLE t (a int)",
      "t(a int)"
    ),
    (
      "INSERT [dbo].[t] ([a]) VALUES (N'x;y')\nINSERT [dbo].[t] ([a]) VALUES (N'CREATE TABLE')\nGO\nCREATE TABLE t (a int)\nGO 5\nSET IDENTITY_INSERT t ON\nCREATE TABLE u (b int)",
      "t(a int); u(b int)"
    ),
    (
      "CREATE PROCEDURE p AS\nBEGIN\n  SELECT 1;\n  CREATE TABLE #t (a int);\nEND;\nSELECT 2;\nGO\nCREATE TABLE t (a int)",
      "t(a int)"
    ),
    ("SET QUOTED_IDENTIFIER ON\n:setvar x y\nPRINT N'a'\nUSE [d]\nGO\nCREATE TABLE \"t\" (\"a\" int)", "t(a int)"),
    (
      "CREATE TABLE t (a int)\nCREATE UNIQUE NONCLUSTERED INDEX i ON t (a ASC) INCLUDE (b) WITH (FILLFACTOR = 80) ON [PRIMARY]",
      "t(a int) uq a"
    ),
    (
      "CREATE TABLE t (a datetime2 GENERATED ALWAYS AS ROW START NOT NULL, b datetime2 GENERATED ALWAYS AS ROW END NOT NULL, PERIOD FOR SYSTEM_TIME (a, b)) WITH (SYSTEM_VERSIONING = ON)",
      "t(a datetime2!, b datetime2!)"
    ),
    (
      "nonsense [ here\nGO\nCREATE TABLE t (a int)\nGO\nCREATE TABLE broken (a int,\nGO\nCREATE TABLE u (a int)",
      "broken(a int); t(a int); u(a int)"
    ),
    ("CREATE OR ALTER VIEW v AS SELECT a FROM t\nGO\nCREATE TABLE t (a int)", "t(a int)"),
  ])
  func tables(_ text: String, _ expected: String) {
    #expect(SchemaReaderTests.show(SchemaReaderTests.catalog(text, engine: .sqlserver)) == expected)
    let crlf = text.replacing("\n", with: "\r\n")
    #expect(SchemaReaderTests.show(SchemaReaderTests.catalog(crlf, engine: .sqlserver)) == expected)
  }

  @Test(arguments: [
    (
      "CREATE PROCEDURE [dbo].[p] @id int AS\nBEGIN\n  SET NOCOUNT ON\n  DECLARE @sql nvarchar(max)\n  IF EXISTS (SELECT 1 FROM a WHERE i = @id)\n    UPDATE b SET x = 1 WHERE i = @id\n  ELSE\n    INSERT INTO c (i) VALUES (@id)\n  DELETE d FROM e d JOIN f ON d.i = f.i\n  EXEC dbo.q @id\nEND\nGO\nCREATE PROC q @id int AS DELETE FROM g WHERE i = @id",
      "routine p: r a(i) w b(x) w c(i) w e(*) r f(i) calls q; routine q: w g(*)"
    ),
    (
      "CREATE PROCEDURE p @t sysname AS\nDECLARE @sql nvarchar(max) = N'DELETE FROM a WHERE i = ' + CAST(1 AS varchar)\nEXEC (@sql)\nSET @sql = N'SELECT x FROM ' + @t\nEXEC sp_executesql @sql\nEXEC (@unknown)",
      "routine p: w a(*) unresolved 2"
    ),
    (
      "CREATE TRIGGER [tr] ON [dbo].[t] AFTER INSERT, UPDATE AS\nBEGIN\n IF UPDATE(a) INSERT INTO log (a) SELECT a FROM inserted i JOIN u ON u.i = i.i\nEND",
      "trigger tr on t: w log(a) r u(i)"
    ),
    (
      "CREATE FUNCTION f(@a int) RETURNS TABLE AS RETURN (SELECT x FROM t WHERE i = @a)\nGO\nALTER PROCEDURE p AS SELECT * FROM dbo.f(1)",
      "routine f: r t(i,x); routine p:  calls f"
    ),
    ("CREATE VIEW [dbo].[v] WITH SCHEMABINDING AS SELECT a FROM dbo.t", "view v: r t(a)"),
  ])
  func programs(_ text: String, _ expected: String) {
    #expect(ProgramTests.show(SchemaReaderTests.catalog(text, engine: .sqlserver)) == expected)
  }
}
