/// Column types and expressions of message tables, which are the same on every system that has them.
struct MessageTypes {
  let engine: PlanEngine

  /// Text of at most `length` characters.
  func text(_ length: Int) -> String {
    switch engine {
    case .postgres, .mysql, .mariadb: "varchar(\(length))"
    case .sqlserver: "nvarchar(\(length))"
    case .oracle: "varchar2(\(length) char)"
    }
  }

  /// Text without a limit.
  var longText: String {
    switch engine {
    case .postgres: "text"
    case .mysql, .mariadb: "longtext"
    case .sqlserver: "nvarchar(max)"
    case .oracle: "clob"
    }
  }

  /// A JSON document, in the type that keeps its text when there is a choice.
  var json: String {
    switch engine {
    case .postgres: "jsonb"
    case .mysql, .mariadb: "json"
    case .sqlserver: "nvarchar(max)"
    case .oracle: "clob"
    }
  }

  /// A point in time with microseconds.
  var moment: String {
    switch engine {
    case .postgres: "timestamptz"
    case .mysql, .mariadb: "datetime(6)"
    case .sqlserver: "datetimeoffset(6)"
    case .oracle: "timestamp(6) with time zone"
    }
  }

  /// Now, in UTC where the type holds no zone.
  var now: String {
    switch engine {
    case .postgres: "now()"
    case .mysql, .mariadb: "utc_timestamp(6)"
    case .sqlserver: "sysdatetimeoffset()"
    case .oracle: "systimestamp"
    }
  }

  /// Now as a column's default: MySQL and MariaDB take no function of UTC there.
  var defaultNow: String { engine.isMySQLFamily ? "CURRENT_TIMESTAMP(6)" : now }

  /// `days` ago, in the terms of `moment`.
  func ago(days: Int) -> String {
    switch engine {
    case .postgres: "now() - interval '\(days) days'"
    case .mysql, .mariadb: "utc_timestamp(6) - INTERVAL \(days) DAY"
    case .sqlserver: "dateadd(day, -\(days), sysdatetimeoffset())"
    case .oracle: "systimestamp - numtodsinterval(\(days), 'DAY')"
    }
  }

  /// A number the engine counts up, as primary key.
  var numberedKey: String {
    switch engine {
    case .postgres: "bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY"
    case .mysql, .mariadb: "bigint NOT NULL AUTO_INCREMENT PRIMARY KEY"
    case .sqlserver: "bigint IDENTITY(1,1) NOT NULL PRIMARY KEY"
    case .oracle: "number(19) GENERATED ALWAYS AS IDENTITY NOT NULL PRIMARY KEY"
    }
  }

  /// The identifier of an event, made by the database where it can be.
  var eventID: String {
    switch engine {
    case .postgres: "uuid NOT NULL DEFAULT gen_random_uuid()"
    case .mysql, .mariadb: "char(36) CHARACTER SET ascii NOT NULL"
    case .sqlserver: "uniqueidentifier NOT NULL DEFAULT newid()"
    case .oracle: "varchar2(36) NOT NULL"
    }
  }

  /// A column of `type` that has to be filled, with `value` when nothing is said.
  func filled(_ type: String, default value: String? = nil) -> String {
    // Oracle wants the default before the constraint, the others take either order.
    "\(type)\(value.map { " DEFAULT \($0)" } ?? "") NOT NULL"
  }

  /// Ends `CREATE TABLE … (…)`.
  var tableEnd: String { engine.isMySQLFamily ? " ENGINE = InnoDB" : "" }

  /// A marker for the parameter with that number, as the drivers of the engine take it.
  func parameter(_ number: Int) -> String {
    switch engine {
    case .postgres: "$\(number)"
    case .mysql, .mariadb: "?"
    case .sqlserver: "@p\(number)"
    case .oracle: ":\(number)"
    }
  }
}
