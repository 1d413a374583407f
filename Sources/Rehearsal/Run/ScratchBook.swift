import Migration

/// The rehearsal's own tables, beside those of the plan on both sides.
enum ScratchBook {
  /// The schema, on MariaDB the database.
  static let name = "cleave_rehearsal"

  /// What makes it; everything in it is written in the transactions it tells of.
  static func create(_ kind: Endpoint.Kind) -> String {
    let isMySQL = kind == .mariadb
    let engine = isMySQL ? " ENGINE = InnoDB" : ""
    let number =
      isMySQL ? "bigint NOT NULL AUTO_INCREMENT PRIMARY KEY" : "bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY"
    return """
      CREATE \(isMySQL ? "DATABASE" : "SCHEMA") \(name);
      CREATE TABLE \(name).ledger (
        writer int NOT NULL, number int NOT NULL, changes int NOT NULL, PRIMARY KEY (writer, number))\(engine);
      CREATE TABLE \(name).aggregate (id varchar(700) NOT NULL PRIMARY KEY, sequence bigint NOT NULL)\(engine);
      CREATE TABLE \(name).position (
        stream varchar(100) NOT NULL, file varchar(20) NOT NULL, offset_bytes bigint NOT NULL,
        last_commit decimal(38,0) NOT NULL, last_index bigint NOT NULL, duplicates int NOT NULL, repeated int NOT NULL,
        PRIMARY KEY (stream, file))\(engine);
      CREATE TABLE \(name).received (
        place \(number), stream varchar(100) NOT NULL, aggregate varchar(700) NOT NULL, sequence bigint NOT NULL,
        message varchar(100) NOT NULL)\(engine);
      CREATE TABLE \(name).mark (
        stream varchar(100) NOT NULL, id varchar(64) NOT NULL, PRIMARY KEY (stream, id))\(engine);
      CREATE TABLE \(name).order_break (place \(number), stream varchar(100) NOT NULL, what text NOT NULL)\(engine);
      """
  }

  /// Makes a table that carries versions tell when one goes back.
  static func watch(_ place: PlanPlace, stream: String, number: Int, words: Wording) -> String {
    let table = words.table(place)
    let what = words.literal(place.name)
    let stream = words.literal(stream)
    switch words.kind {
    case .postgres:
      return """
        CREATE FUNCTION \(name).watch_\(number)() RETURNS trigger LANGUAGE plpgsql AS $watch$
        BEGIN
          INSERT INTO \(name).order_break (stream, what) VALUES (\(stream), \(what));
          RETURN NULL;
        END $watch$;
        CREATE TRIGGER cleave_watch AFTER UPDATE ON \(table) FOR EACH ROW
          WHEN (NEW.cleave_version < OLD.cleave_version) EXECUTE FUNCTION \(name).watch_\(number)();
        """
    case .mariadb:
      return """
        CREATE TRIGGER \(words.table(place.schema, "cleave_watch_\(number)")) AFTER UPDATE ON \(table) FOR EACH ROW
        INSERT INTO \(name).order_break (stream, what)
        SELECT \(stream), \(what) FROM dual WHERE NEW.cleave_version < OLD.cleave_version
        """
    }
  }

  /// Takes the watch away before the plan takes the table back.
  static func unwatch(_ place: PlanPlace, number: Int, words: Wording) -> String {
    switch words.kind {
    case .postgres:
      "DROP TRIGGER IF EXISTS cleave_watch ON \(words.table(place)); DROP FUNCTION IF EXISTS \(name).watch_\(number)()"
    case .mariadb: "DROP TRIGGER IF EXISTS \(words.table(place.schema, "cleave_watch_\(number)"))"
    }
  }

  /// Lets the login of a reverse applier keep its position.
  static func grant(_ login: String, words: Wording) -> [String] {
    switch words.kind {
    case .postgres:
      [
        "GRANT USAGE ON SCHEMA \(name) TO \(words.name(login))",
        "GRANT ALL ON ALL TABLES IN SCHEMA \(name) TO \(words.name(login))",
        "GRANT ALL ON ALL SEQUENCES IN SCHEMA \(name) TO \(words.name(login))",
      ]
    case .mariadb:
      [
        "GRANT ALL ON \(name).* TO \(words.literal(login))@'%'",
        "ALTER USER \(words.literal(login))@'%' ACCOUNT UNLOCK",
      ]
    }
  }

  /// Takes that back.
  static func revoke(_ login: String, words: Wording) -> [String] {
    switch words.kind {
    case .postgres:
      [
        "REVOKE ALL ON ALL SEQUENCES IN SCHEMA \(name) FROM \(words.name(login))",
        "REVOKE ALL ON ALL TABLES IN SCHEMA \(name) FROM \(words.name(login))",
        "REVOKE USAGE ON SCHEMA \(name) FROM \(words.name(login))",
      ]
    case .mariadb:
      [
        "REVOKE ALL PRIVILEGES ON \(name).* FROM \(words.literal(login))@'%'",
        "ALTER USER \(words.literal(login))@'%' ACCOUNT LOCK",
      ]
    }
  }
}
