import Basics
import Facts
import SQL
import Testing

/// Dumps as the vendors' own tools write them.
@Suite struct DumpTests {
  private static let mysqlDump = """
    -- MySQL dump 10.13  Distrib 8.0.35
    /*!40101 SET @OLD_CHARACTER_SET_CLIENT=@@CHARACTER_SET_CLIENT */;
    /*!40014 SET FOREIGN_KEY_CHECKS=0 */;
    DROP TABLE IF EXISTS `guilds`;
    /*!40101 SET @saved_cs_client     = @@character_set_client */;
    CREATE TABLE `guilds` (
      `id` int(11) NOT NULL AUTO_INCREMENT,
      `owner` int(11) NOT NULL COMMENT 'who; really',
      `motd` varchar(255) COLLATE utf8_bin NOT NULL DEFAULT '',
      PRIMARY KEY (`id`),
      UNIQUE KEY `owner` (`owner`),
      CONSTRAINT `guilds_ibfk_1` FOREIGN KEY (`owner`) REFERENCES `players` (`id`) ON DELETE CASCADE
    ) ENGINE=InnoDB AUTO_INCREMENT=7 DEFAULT CHARSET=utf8 /*!50100 PARTITION BY HASH (id) PARTITIONS 2 */;
    LOCK TABLES `guilds` WRITE;
    /*!40000 ALTER TABLE `guilds` DISABLE KEYS */;
    INSERT INTO `guilds` VALUES (1,2,'it\\'s; DROP TABLE `guilds`;'),(2,3,'x');
    /*!40000 ALTER TABLE `guilds` ENABLE KEYS */;
    UNLOCK TABLES;
    DELIMITER ;;
    /*!50003 CREATE*/ /*!50017 DEFINER=`root`@`localhost`*/ /*!50003 TRIGGER `after_guild` AFTER INSERT ON `guilds` FOR EACH ROW BEGIN
      INSERT INTO `ranks` (`guild`) VALUES (NEW.`id`);
    END */;;
    DELIMITER ;
    /*!50001 DROP VIEW IF EXISTS `v`*/;
    /*!50001 CREATE ALGORITHM=UNDEFINED */
    /*!50013 DEFINER=`root`@`localhost` SQL SECURITY DEFINER */
    /*!50001 VIEW `v` AS select `guilds`.`id` AS `id` from `guilds` */;
    """

  private static let postgresDump = """
    -- PostgreSQL database dump
    \\restrict abc
    SET statement_timeout = 0;
    SELECT pg_catalog.set_config('search_path', '', false);
    CREATE EXTENSION IF NOT EXISTS pgcrypto WITH SCHEMA public;
    CREATE FUNCTION public.touch() RETURNS trigger
        LANGUAGE plpgsql
        AS $_$
    BEGIN
      UPDATE public.stats SET n = n + 1; -- a ; here
      RETURN NEW;
    END;
    $_$;
    CREATE TABLE public.orders (
        id bigint NOT NULL,
        customer_id bigint,
        note text DEFAULT 'a;b'::text,
        made timestamp with time zone DEFAULT now() NOT NULL
    );
    ALTER TABLE public.orders OWNER TO app;
    COMMENT ON TABLE public.orders IS 'all; orders';
    CREATE SEQUENCE public.orders_id_seq START WITH 1;
    CREATE TABLE public.customers (id bigint NOT NULL, name character varying(40));
    CREATE TABLE public.orders_2024 (id bigint NOT NULL, customer_id bigint);
    ALTER TABLE ONLY public.orders ATTACH PARTITION public.orders_2024 FOR VALUES FROM (1) TO (2);
    ALTER TABLE ONLY public.orders ALTER COLUMN id SET DEFAULT nextval('public.orders_id_seq'::regclass);
    COPY public.orders (id, customer_id, note) FROM stdin;
    1\t2\tCREATE TABLE public.fake (a int);
    \\.
    SELECT pg_catalog.setval('public.orders_id_seq', 1, true);
    ALTER TABLE ONLY public.customers
        ADD CONSTRAINT customers_pkey PRIMARY KEY (id);
    ALTER TABLE ONLY public.orders
        ADD CONSTRAINT orders_pkey PRIMARY KEY (id);
    CREATE UNIQUE INDEX orders_note ON public.orders USING btree (note);
    CREATE TRIGGER touched AFTER INSERT ON public.orders FOR EACH ROW EXECUTE FUNCTION public.touch();
    ALTER TABLE ONLY public.orders
        ADD CONSTRAINT orders_fk FOREIGN KEY (customer_id) REFERENCES public.customers ON DELETE SET NULL;
    GRANT SELECT ON TABLE public.orders TO reader;
    """

  private static func replay(_ text: String) -> SchemaReader {
    var reader = SchemaReader(engine: nil)
    reader.read(text, file: RepoPath("dump.sql"))
    return reader
  }

  @Test func mysqlDumpIsReadWhole() {
    let reader = Self.replay(Self.mysqlDump)
    let catalog = reader.catalog()
    #expect(
      SchemaReaderTests.show(catalog)
        == "guilds(id int(11)!+, owner int(11)!, motd varchar(255)!) pk id uq owner fk owner->players(id) cascade")
    #expect(
      SchemaReaderTests.programs(catalog) == "trigger after_guild on guilds: w ranks(guild); view v: r guilds(id)")
    #expect(catalog.engine == .mysql)
    #expect(reader.diagnostics.map(\.message) == [])
    #expect(reader.understoodCount == reader.statementCount)
  }

  @Test func postgresDumpIsReadWhole() {
    let reader = Self.replay(Self.postgresDump)
    let catalog = reader.catalog()
    #expect(
      SchemaReaderTests.show(catalog)
        == "customers(id bigint!, name character varying(40)) pk id; "
        + "orders(id bigint!+, customer_id bigint, note text, made timestamp with time zone!) pk id uq note "
        + "fk customer_id->customers(id) setNull")
    #expect(
      SchemaReaderTests.programs(catalog)
        == "routine touch: w stats(n); trigger touched on orders: w stats(n)")
    #expect(catalog.engine == .postgres)
    #expect(reader.diagnostics.map(\.message) == [])
    #expect(reader.understoodCount == reader.statementCount)
  }
}
