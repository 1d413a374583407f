/// Rights on one object for one role.
struct SQLGrant: Hashable {
  /// `SELECT, INSERT`.
  let rights: String
  /// A table or view as `SQLText.table` prints it, or `SCHEMA "name"` where schemas are granted.
  let object: String
  /// The plain name of the role or user.
  let role: String

  /// The rights of one who writes.
  static let all = "SELECT, INSERT, UPDATE, DELETE"

  init(_ rights: String, _ object: String, _ role: String) {
    self.rights = rights
    self.object = object
    self.role = role
  }
}

extension SQLText {
  /// A role or, with `isLogin`, a user, as grants name it.
  func role(_ role: String, isLogin: Bool = false) -> String {
    switch engine {
    case .postgres, .sqlserver: name(role)
    case .mysql, .mariadb: isLogin ? "\(literal(role))@'%'" : literal(role)
    case .oracle: name(role.uppercased())
    }
  }

  /// The name the session's login has when it is this one, as a literal.
  func loginLiteral(_ login: String) -> String { literal(engine == .oracle ? login.uppercased() : login) }

  /// The login of the session, whatever roles it has taken on.
  var sessionLogin: String {
    switch engine {
    case .postgres: "session_user"
    case .mysql, .mariadb: "substring_index(user(), '@', 1)"
    case .sqlserver: "ORIGINAL_LOGIN()"
    case .oracle: "SYS_CONTEXT('USERENV', 'SESSION_USER')"
    }
  }

  /// Makes a role without a login.
  func createRole(_ role: String) -> String {
    engine == .postgres ? "CREATE ROLE \(self.role(role)) NOLOGIN;" : "CREATE ROLE \(self.role(role));"
  }

  /// Makes a login nobody can use until somebody sets a password.
  ///
  /// - Parameter attributes: of PostgreSQL, such as `REPLICATION`.
  func createLogin(_ login: String, attributes: String = "") -> String {
    let name = role(login, isLogin: true)
    switch engine {
    case .postgres: return "CREATE ROLE \(name) LOGIN\(attributes.isEmpty ? "" : " \(attributes)");"
    case .mysql, .mariadb: return "CREATE USER \(name) ACCOUNT LOCK;"
    case .sqlserver:
      // The password is random and never shown: the login is disabled until somebody sets another one.
      return """
        IF SUSER_ID(\(literal(login))) IS NULL
        BEGIN
          DECLARE @cleave_login nvarchar(max) = \(literal("CREATE LOGIN \(name) WITH PASSWORD = "))
            + QUOTENAME(CONCAT(CONVERT(nvarchar(36), NEWID()), N'aA1!'), N'''');
          EXEC(@cleave_login);
          ALTER LOGIN \(name) DISABLE;
        END;
        CREATE USER \(name) FOR LOGIN \(name);
        GO
        """
    case .oracle: return "CREATE USER \(name) NO AUTHENTICATION;\nGRANT CREATE SESSION TO \(name);"
    }
  }

  /// Makes a role or login unless it is there.
  func ensureRole(_ role: String, isLogin: Bool, attributes: String = "") -> String {
    let name = self.role(role, isLogin: isLogin)
    switch engine {
    case .postgres:
      let kind = isLogin ? "LOGIN\(attributes.isEmpty ? "" : " \(attributes)")" : "NOLOGIN"
      return block(
        "IF NOT EXISTS (SELECT 1 FROM pg_catalog.pg_roles WHERE rolname = \(literal(role))) THEN\n"
          + "  CREATE ROLE \(name) \(kind);\nEND IF;")
    case .mysql, .mariadb:
      return isLogin ? "CREATE USER IF NOT EXISTS \(name) ACCOUNT LOCK;" : "CREATE ROLE IF NOT EXISTS \(name);"
    case .sqlserver:
      let make = isLogin ? createLogin(role).replacing("\nGO", with: "") : createRole(role)
      return "IF DATABASE_PRINCIPAL_ID(\(literal(role))) IS NULL\nBEGIN\n\(make)\nEND;\nGO"
    case .oracle:
      let view = isLogin ? "all_users WHERE username" : "dba_roles WHERE role"
      let make =
        isLogin
        ? ["CREATE USER \(name) NO AUTHENTICATION", "GRANT CREATE SESSION TO \(name)"] : ["CREATE ROLE \(name)"]
      return unlessPresent("\(view) = \(literal(role.uppercased()))", make)
    }
  }

  func dropRole(_ role: String, isLogin: Bool) -> String {
    let name = self.role(role, isLogin: isLogin)
    switch engine {
    case .postgres: return "DROP ROLE \(name);"
    case .mysql, .mariadb: return "DROP \(isLogin ? "USER" : "ROLE") \(name);"
    case .sqlserver: return isLogin ? "DROP USER \(name);\nDROP LOGIN \(name);" : "DROP ROLE \(name);"
    case .oracle: return "DROP \(isLogin ? "USER" : "ROLE") \(name);"
    }
  }

  /// Whether rights on the objects of a schema need a right on the schema too.
  var needsSchemaRights: Bool { engine == .postgres }

  /// `GRANT … ON … TO …`.
  func grant(_ rights: String, on object: String, to role: String, isLogin: Bool = false) -> String {
    "GRANT \(rights) ON \(object) TO \(self.role(role, isLogin: isLogin));"
  }

  /// `REVOKE … ON … FROM …`.
  func revoke(_ rights: String, on object: String, from role: String, isLogin: Bool = false) -> String {
    "REVOKE \(rights) ON \(object) FROM \(self.role(role, isLogin: isLogin));"
  }
}
