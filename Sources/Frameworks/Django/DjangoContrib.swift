import Facts

/// Models that come with Django and with packages hardly any project does without.
enum DjangoContrib {
  /// A model that is not in the repository.
  struct Model {
    var app: String
    /// What `INSTALLED_APPS` call its app.
    var package: String
    var name: String
    var table: String
    var fields: [DjangoField]
    var uniques: [[String]] = []

    var key: DjangoKey { DjangoKey(app, name) }
  }

  /// The model of that class name; names that many projects use for classes of their own are left out.
  static func key(of name: String) -> DjangoKey? { all.first { $0.name == name }?.key }

  private static func column(
    _ name: String, _ type: String, length: String? = nil, null: Bool = false, key: Bool = false, unique: Bool = false
  ) -> DjangoField {
    DjangoField(
      name: name, kind: .column(DjangoColumnType(name: type, length: length)), isNullable: null, isPrimary: key,
      isUnique: unique, line: 0)
  }

  private static func reference(
    _ name: String, _ app: String, _ model: String, null: Bool = false, only: Bool = false
  ) -> DjangoField {
    DjangoField(
      name: name, kind: .reference(DjangoKey(app, model), isOneToOne: only), isNullable: null, isUnique: only, line: 0)
  }

  private static func many(_ name: String, _ app: String, _ model: String) -> DjangoField {
    DjangoField(name: name, kind: .many(DjangoKey(app, model), through: nil, table: nil), line: 0)
  }

  private static let id = column("id", "AutoField", key: true)

  /// Fields of `AbstractUser`, which classes of the system take over.
  static let userFields: [DjangoField] =
    baseUserFields + [
      column("is_superuser", "BooleanField"), column("username", "CharField", length: "150", unique: true),
      column("first_name", "CharField", length: "150"), column("last_name", "CharField", length: "150"),
      column("email", "CharField", length: "254"), column("is_staff", "BooleanField"),
      column("is_active", "BooleanField"), column("date_joined", "DateTimeField"),
      many("groups", "auth", "Group"), many("user_permissions", "auth", "Permission"),
    ]

  private static let baseUserFields: [DjangoField] = [
    column("password", "CharField", length: "128"), column("last_login", "DateTimeField", null: true),
  ]

  /// Fields that abstract classes outside of the system lend, by their simple name.
  static let lent: [String: [DjangoField]] = [
    "AbstractUser": userFields, "AbstractBaseUser": baseUserFields,
    "PermissionsMixin": [
      column("is_superuser", "BooleanField"), many("groups", "auth", "Group"),
      many("user_permissions", "auth", "Permission"),
    ],
    "MPTTModel": [
      column("lft", "PositiveIntegerField"), column("rght", "PositiveIntegerField"),
      column("tree_id", "PositiveIntegerField"), column("level", "PositiveIntegerField"),
    ],
    "TimeStampedModel": [column("created", "DateTimeField"), column("modified", "DateTimeField")],
    "SoftDeletableModel": [column("is_removed", "BooleanField")],
    "MP_Node": [
      column("path", "CharField", length: "255", unique: true), column("depth", "PositiveIntegerField"),
      column("numchild", "PositiveIntegerField"),
    ],
    "PolymorphicModel": [reference("polymorphic_ctype", "contenttypes", "ContentType", null: true)],
  ]

  /// In the order their tables are made.
  static let all: [Model] = [
    Model(
      app: "contenttypes", package: "django.contrib.contenttypes", name: "ContentType", table: "django_content_type",
      fields: [id, column("app_label", "CharField", length: "100"), column("model", "CharField", length: "100")],
      uniques: [["app_label", "model"]]),
    Model(
      app: "auth", package: "django.contrib.auth", name: "Permission", table: "auth_permission",
      fields: [
        id, column("name", "CharField", length: "255"), reference("content_type", "contenttypes", "ContentType"),
        column("codename", "CharField", length: "100"),
      ], uniques: [["content_type", "codename"]]),
    Model(
      app: "auth", package: "django.contrib.auth", name: "Group", table: "auth_group",
      fields: [id, column("name", "CharField", length: "150", unique: true), many("permissions", "auth", "Permission")]),
    Model(
      app: "auth", package: "django.contrib.auth", name: "User", table: "auth_user", fields: [id] + userFields),
    Model(
      app: "admin", package: "django.contrib.admin", name: "LogEntry", table: "django_admin_log",
      fields: [
        id, column("action_time", "DateTimeField"), column("object_id", "TextField", null: true),
        column("object_repr", "CharField", length: "200"), column("action_flag", "PositiveSmallIntegerField"),
        column("change_message", "TextField"), reference("content_type", "contenttypes", "ContentType", null: true),
        reference("user", "auth", "User"),
      ]),
    Model(
      app: "sessions", package: "django.contrib.sessions", name: "Session", table: "django_session",
      fields: [
        column("session_key", "CharField", length: "40", key: true), column("session_data", "TextField"),
        column("expire_date", "DateTimeField"),
      ]),
    Model(
      app: "sites", package: "django.contrib.sites", name: "Site", table: "django_site",
      fields: [
        id, column("domain", "CharField", length: "100", unique: true), column("name", "CharField", length: "50"),
      ]),
    Model(
      app: "authtoken", package: "rest_framework.authtoken", name: "Token", table: "authtoken_token",
      fields: [
        column("key", "CharField", length: "40", key: true), column("created", "DateTimeField"),
        reference("user", "auth", "User", only: true),
      ]),
  ]
}
