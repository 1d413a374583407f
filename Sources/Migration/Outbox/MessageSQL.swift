extension SQLText {
  /// A marker for the parameter with that number, as drivers of the engine take it.
  func parameter(_ number: Int) -> String {
    switch engine {
    case .postgres: "$\(number)"
    case .mysql, .mariadb: "?"
    case .sqlserver: "@p\(number)"
    case .oracle: ":\(number)"
    }
  }

  /// The type of an event's identifier, made by the database where it can be.
  var eventID: String {
    switch engine {
    case .postgres: "uuid NOT NULL DEFAULT gen_random_uuid()"
    case .mysql, .mariadb: "char(36) CHARACTER SET ascii NOT NULL"
    case .sqlserver: "uniqueidentifier NOT NULL DEFAULT newid()"
    case .oracle: "varchar2(36) NOT NULL"
    }
  }

  /// A column that has to be filled; `value` when nothing is said.
  func filled(_ type: SQLType, default value: String? = nil) -> String {
    // Oracle wants the default before the constraint, the others take either order.
    "\(self.type(type))\(value.map { " DEFAULT \($0)" } ?? "") NOT NULL"
  }

  /// A moment that is now when nothing is said.
  var filledNow: String { "\(type(.moment)) \(defaultNow) NOT NULL" }

  /// A schema that is made, and taken away again only when nothing is left in it.
  func namespace(_ schema: String) -> Script {
    guard isMySQL else { return Script(up: createSchema(schema), down: dropSchema(schema)) }
    // MySQL drops databases with everything in them: only an empty one may go.
    let count = "(SELECT count(*) FROM information_schema.tables WHERE table_schema = \(literal(schema)))"
    return Script(
      up: createSchema(schema),
      down: """
        SET @cleave_sql = IF(\(count) = 0, \(literal("DROP DATABASE \(name(schema))")), \
        'SELECT ''kept: it is not empty, roll back later steps first''');
        PREPARE cleave_statement FROM @cleave_sql;
        EXECUTE cleave_statement;
        DEALLOCATE PREPARE cleave_statement;
        """)
  }
}
