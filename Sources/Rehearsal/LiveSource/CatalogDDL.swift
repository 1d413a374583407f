import Migration

/// Writes the structure down from the catalogs of PostgreSQL, which every login may read.
///
/// `pg_dump` locks each table against being dropped, which takes a right to read its rows; and it refuses servers newer
/// than itself. This asks for neither, and knows less: no rules, policies, casts, operators or text search.
struct CatalogDDL {
  let session: SourceSession

  func take() throws(MachineError) -> SourceCopy {
    let statements = try session.reading { () throws(MachineError) in
      var statements: [String] = []
      for part in Self.parts { statements += try session.rows(part).compactMap { $0.first ?? nil } }
      return statements
    }
    return SourceCopy(
      form: .statements(statements), text: statements.map { "\($0);\n" }.joined(), method: .catalogs)
  }

  private static let ours = "n.nspname NOT LIKE 'pg\\_%' AND n.nspname <> 'information_schema'"
  private static let place = "quote_ident(n.nspname) || '.' || quote_ident(c.relname)"

  /// What an extension brings along comes with the extension.
  private static func isOwn(_ catalog: String, _ object: String) -> String {
    """
    NOT EXISTS (SELECT 1 FROM pg_catalog.pg_depend e WHERE e.classid = 'pg_catalog.\(catalog)'::regclass
      AND e.objid = \(object) AND e.deptype IN ('e', 'i'))
    """
  }

  private static let tables = "pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace"

  private static let parts = [
    "SELECT 'CREATE SCHEMA IF NOT EXISTS ' || quote_ident(n.nspname) FROM pg_catalog.pg_namespace n WHERE \(ours) "
      + "ORDER BY n.nspname",
    """
    SELECT 'CREATE EXTENSION IF NOT EXISTS ' || quote_ident(e.extname) || ' WITH SCHEMA ' || quote_ident(n.nspname)
      FROM pg_catalog.pg_extension e JOIN pg_catalog.pg_namespace n ON n.oid = e.extnamespace
      WHERE e.extname <> 'plpgsql' ORDER BY e.oid
    """,
    "SELECT 'SET check_function_bodies = off'",
    enums, domains, sequences, routines, columns, partitions, ownedSequences, constraints, indexes, views, triggers,
  ]

  private static let enums = """
    SELECT 'CREATE TYPE ' || quote_ident(n.nspname) || '.' || quote_ident(t.typname) || ' AS ENUM ('
        || (SELECT string_agg(quote_literal(l.enumlabel), ', ' ORDER BY l.enumsortorder) FROM pg_catalog.pg_enum l
          WHERE l.enumtypid = t.oid) || ')'
      FROM pg_catalog.pg_type t JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace
      WHERE \(ours) AND t.typtype = 'e' AND \(isOwn("pg_type", "t.oid")) ORDER BY t.oid
    """

  private static let domains = """
    SELECT 'CREATE DOMAIN ' || quote_ident(n.nspname) || '.' || quote_ident(t.typname) || ' AS '
        || format_type(t.typbasetype, t.typtypmod) || coalesce(' DEFAULT ' || t.typdefault, '')
        || CASE WHEN t.typnotnull THEN ' NOT NULL' ELSE '' END
        || coalesce((SELECT string_agg(' CONSTRAINT ' || quote_ident(k.conname) || ' ' || pg_get_constraintdef(k.oid),
          '' ORDER BY k.oid) FROM pg_catalog.pg_constraint k WHERE k.contypid = t.oid AND k.contype = 'c'), '')
      FROM pg_catalog.pg_type t JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace
      WHERE \(ours) AND t.typtype = 'd' AND \(isOwn("pg_type", "t.oid")) ORDER BY t.oid
    """

  private static let sequences = """
    SELECT 'CREATE SEQUENCE ' || \(place) || ' AS ' || format_type(s.seqtypid, NULL) || ' INCREMENT BY '
        || s.seqincrement || ' MINVALUE ' || s.seqmin || ' MAXVALUE ' || s.seqmax || ' START WITH ' || s.seqstart
        || ' CACHE ' || s.seqcache || CASE WHEN s.seqcycle THEN ' CYCLE' ELSE '' END
      FROM pg_catalog.pg_sequence s JOIN pg_catalog.pg_class c ON c.oid = s.seqrelid
        JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
      WHERE \(ours) AND \(isOwn("pg_class", "c.oid")) ORDER BY c.oid
    """

  private static let ownedSequences = """
    SELECT 'ALTER SEQUENCE ' || \(place) || ' OWNED BY ' || d.refobjid::regclass::text || '.' || quote_ident(a.attname)
      FROM pg_catalog.pg_depend d JOIN \(tables) ON c.oid = d.objid
        JOIN pg_catalog.pg_attribute a ON a.attrelid = d.refobjid AND a.attnum = d.refobjsubid
      WHERE \(ours) AND d.classid = 'pg_catalog.pg_class'::regclass AND d.deptype = 'a' AND c.relkind = 'S'
        AND d.refobjsubid > 0 ORDER BY c.oid
    """

  private static let routines = """
    SELECT pg_get_functiondef(p.oid) FROM pg_catalog.pg_proc p JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace
      WHERE \(ours) AND p.prokind IN ('f', 'p') AND \(isOwn("pg_proc", "p.oid")) ORDER BY p.oid
    """

  private static let columns = """
    SELECT 'CREATE ' || CASE c.relpersistence WHEN 'u' THEN 'UNLOGGED ' ELSE '' END || 'TABLE ' || \(place) || ' ('
        || coalesce((SELECT string_agg(quote_ident(a.attname) || ' ' || format_type(a.atttypid, a.atttypmod)
          || CASE WHEN a.attcollation <> t.typcollation THEN ' COLLATE '
            || (SELECT quote_ident(cn.nspname) || '.' || quote_ident(l.collname) FROM pg_catalog.pg_collation l
              JOIN pg_catalog.pg_namespace cn ON cn.oid = l.collnamespace WHERE l.oid = a.attcollation) ELSE '' END
          || CASE WHEN a.attidentity = 'a' THEN ' GENERATED ALWAYS AS IDENTITY'
            WHEN a.attidentity = 'd' THEN ' GENERATED BY DEFAULT AS IDENTITY'
            WHEN a.attgenerated = 's' THEN ' GENERATED ALWAYS AS (' || pg_get_expr(d.adbin, d.adrelid) || ') STORED'
            ELSE coalesce(' DEFAULT ' || pg_get_expr(d.adbin, d.adrelid), '') END
          || CASE WHEN a.attnotnull THEN ' NOT NULL' ELSE '' END, ', ' ORDER BY a.attnum)
          FROM pg_catalog.pg_attribute a JOIN pg_catalog.pg_type t ON t.oid = a.atttypid
            LEFT JOIN pg_catalog.pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
          WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped), '')
        || ')' || CASE c.relkind WHEN 'p' THEN ' PARTITION BY ' || pg_get_partkeydef(c.oid) ELSE '' END
      FROM \(tables)
      WHERE \(ours) AND c.relkind IN ('r', 'p') AND NOT c.relispartition AND \(isOwn("pg_class", "c.oid"))
      ORDER BY c.oid
    """

  private static let partitions = """
    SELECT 'CREATE TABLE ' || \(place) || ' PARTITION OF ' || i.inhparent::regclass::text || ' '
        || pg_get_expr(c.relpartbound, c.oid)
        || CASE c.relkind WHEN 'p' THEN ' PARTITION BY ' || pg_get_partkeydef(c.oid) ELSE '' END
      FROM \(tables) JOIN pg_catalog.pg_inherits i ON i.inhrelid = c.oid
      WHERE \(ours) AND c.relkind IN ('r', 'p') AND c.relispartition ORDER BY c.oid
    """

  /// Keys first, what points to them last.
  private static let constraints = """
    SELECT 'ALTER TABLE ' || \(place) || ' ADD CONSTRAINT ' || quote_ident(k.conname) || ' '
        || pg_get_constraintdef(k.oid)
      FROM pg_catalog.pg_constraint k JOIN \(tables) ON c.oid = k.conrelid
      WHERE \(ours) AND k.contype IN ('p', 'u', 'c', 'x', 'f') AND k.conparentid = 0 AND k.conislocal
        AND c.relkind IN ('r', 'p') AND \(isOwn("pg_class", "c.oid"))
      ORDER BY CASE k.contype WHEN 'p' THEN 0 WHEN 'u' THEN 1 WHEN 'f' THEN 3 ELSE 2 END, k.oid
    """

  private static let indexes = """
    SELECT pg_get_indexdef(x.indexrelid) FROM pg_catalog.pg_index x JOIN \(tables) ON c.oid = x.indrelid
        JOIN pg_catalog.pg_class i ON i.oid = x.indexrelid
      WHERE \(ours) AND c.relkind IN ('r', 'p') AND NOT i.relispartition AND \(isOwn("pg_class", "c.oid"))
        AND NOT EXISTS (SELECT 1 FROM pg_catalog.pg_constraint k WHERE k.conindid = x.indexrelid
          AND k.contype IN ('p', 'u', 'x'))
      ORDER BY x.indexrelid
    """

  private static let views = """
    SELECT 'CREATE ' || CASE c.relkind WHEN 'm' THEN 'MATERIALIZED ' ELSE '' END || 'VIEW ' || \(place) || ' AS '
        || rtrim(pg_get_viewdef(c.oid), '; ') || CASE c.relkind WHEN 'm' THEN ' WITH NO DATA' ELSE '' END
      FROM \(tables) WHERE \(ours) AND c.relkind IN ('v', 'm') AND \(isOwn("pg_class", "c.oid")) ORDER BY c.oid
    """

  private static let triggers = """
    SELECT pg_get_triggerdef(t.oid) FROM pg_catalog.pg_trigger t JOIN \(tables) ON c.oid = t.tgrelid
      WHERE \(ours) AND NOT t.tgisinternal AND t.tgparentid = 0 ORDER BY t.oid
    """
}
