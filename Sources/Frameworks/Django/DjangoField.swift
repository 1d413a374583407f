import Basics
import Facts

/// A model by its app and its name in lower case.
struct DjangoKey: Hashable, Comparable {
  var app: String
  var model: String

  init(_ app: String, _ model: String) {
    self.app = app
    self.model = model.lowercased()
  }

  static func < (left: DjangoKey, right: DjangoKey) -> Bool { (left.app, left.model) < (right.app, right.model) }
}

/// A field of a model, as a class or a migration writes it.
struct DjangoField: Hashable {
  enum Kind: Hashable {
    /// A column of a type: the name of the field class, with the arguments that shape it.
    case column(DjangoColumnType)
    /// A column that leads to a row of a model.
    case reference(DjangoKey?, isOneToOne: Bool)
    /// Rows of a table between the two: of a model of its own, or made for the field.
    case many(DjangoKey?, through: DjangoKey?, table: String?)
  }

  var name: String
  var kind: Kind
  /// The column where it is not named after the field.
  var column: String?
  var isNullable = false
  var isPrimary = false
  var isUnique = false
  /// Whether the database checks that the row it leads to is there.
  var isConstrained = true
  /// Whether rows go with the row they lead to.
  var cascades = false
  /// The field it leads to, where that is not the key.
  var toField: String?
  var relatedName: String?
  var relatedQueryName: String?
  /// The name of the class the target was written with, for classes outside of the project.
  var targetName = ""
  var line: Int

  /// The column it is kept in; nil for relations over tables between.
  var columnName: String? {
    switch kind {
    case .column: column ?? name
    case .reference: column ?? name + "_id"
    case .many: nil
    }
  }
}

/// What shapes the type of a column.
struct DjangoColumnType: Hashable {
  /// The class Django looks its types up by.
  var name: String
  var length: String?
  var digits = ""
  var places = ""
  /// A type that does not follow from the class.
  var written: String?
  /// The type of the elements of an array.
  var isArray = false

  /// The types on PostgreSQL, MySQL and SQLite, by class. From `data_types` of Django's database backends.
  private static let types: [String: (postgres: String, mysql: String, sqlite: String)] = [
    "AutoField": ("integer", "integer", "integer"), "BigAutoField": ("bigint", "bigint", "integer"),
    "SmallAutoField": ("smallint", "smallint", "integer"), "BinaryField": ("bytea", "longblob", "blob"),
    "BooleanField": ("boolean", "bool", "bool"), "CharField": ("varchar", "varchar", "varchar"),
    "DateField": ("date", "date", "date"), "DateTimeField": ("timestamp with time zone", "datetime(6)", "datetime"),
    "DecimalField": ("numeric", "numeric", "decimal"), "DurationField": ("interval", "bigint", "bigint"),
    "FloatField": ("double precision", "double precision", "real"), "IntegerField": ("integer", "integer", "integer"),
    "BigIntegerField": ("bigint", "bigint", "bigint"), "GenericIPAddressField": ("inet", "char(39)", "char(39)"),
    "JSONField": ("jsonb", "json", "text"), "PositiveBigIntegerField": ("bigint", "bigint unsigned", "bigint unsigned"),
    "PositiveIntegerField": ("integer", "integer unsigned", "integer unsigned"),
    "PositiveSmallIntegerField": ("smallint", "smallint unsigned", "smallint unsigned"),
    "SmallIntegerField": ("smallint", "smallint", "smallint"), "TextField": ("text", "longtext", "text"),
    "TimeField": ("time", "time(6)", "time"), "UUIDField": ("uuid", "char(32)", "char(32)"),
    "HStoreField": ("hstore", "hstore", "hstore"), "IntegerRangeField": ("int4range", "int4range", "int4range"),
    "BigIntegerRangeField": ("int8range", "int8range", "int8range"),
    "DecimalRangeField": ("numrange", "numrange", "numrange"),
    "DateTimeRangeField": ("tstzrange", "tstzrange", "tstzrange"),
    "DateRangeField": ("daterange", "daterange", "daterange"),
    "SearchVectorField": ("tsvector", "tsvector", "tsvector"), "CITextField": ("citext", "citext", "citext"),
  ]

  /// The type on an engine, lower case.
  func sql(_ engine: EngineFamily) -> String {
    if let written { return written.lowercased() }
    guard let known = Self.types[name] else { return "" }
    var type =
      switch engine {
      // Oracle and SQL Server have types of their own; PostgreSQL's come nearest to them.
      case .postgres, .oracle, .sqlserver, .h2: known.postgres
      case .mysql: known.mysql
      case .sqlite: known.sqlite
      }
    if type == "varchar", let length { type += "(\(length))" }
    if type == "numeric", !digits.isEmpty { type += "(\(digits),\(places.isEmpty ? "0" : places))" }
    return isArray ? type + "[]" : type
  }

  /// What a foreign key to a column of this type has: counters are plain numbers there.
  var ofReference: DjangoColumnType { self }

  var isGenerated: Bool { name.hasSuffix("AutoField") }
}

/// Classes of fields and what they are kept as.
enum DjangoFieldClass {
  case column(String, length: String?)
  case reference(isOneToOne: Bool)
  case many
  /// No column: something computed from other fields.
  case virtual

  private static let plain: [String] = [
    "AutoField", "BigAutoField", "SmallAutoField", "BinaryField", "BooleanField", "CharField", "DateField",
    "DateTimeField", "DecimalField", "DurationField", "FloatField", "IntegerField", "BigIntegerField",
    "GenericIPAddressField", "JSONField", "PositiveBigIntegerField", "PositiveIntegerField",
    "PositiveSmallIntegerField", "SmallIntegerField", "TextField", "TimeField", "UUIDField", "HStoreField",
    "IntegerRangeField", "BigIntegerRangeField", "DecimalRangeField", "DateTimeRangeField", "DateRangeField",
    "SearchVectorField", "CITextField",
  ]

  private static let known: [String: DjangoFieldClass] = {
    var table: [String: DjangoFieldClass] = [:]
    for name in plain { table[name] = .column(name, length: nil) }
    let short: [(String, String)] = [
      ("FileField", "100"), ("ImageField", "100"), ("FilePathField", "100"), ("SlugField", "50"),
      ("EmailField", "254"), ("URLField", "200"), ("VersatileImageField", "100"), ("CountryField", "2"),
      ("PhoneNumberField", "128"), ("StatusField", "100"), ("AutoSlugField", "50"), ("ThumbnailerImageField", "100"),
      ("ProcessedImageField", "100"), ("ColorField", "25"), ("LanguageField", "2"), ("TimeZoneField", "63"),
    ]
    for (name, length) in short { table[name] = .column("CharField", length: length) }
    let others: [(String, String)] = [
      ("NullBooleanField", "BooleanField"), ("CommaSeparatedIntegerField", "CharField"),
      ("IPAddressField", "GenericIPAddressField"), ("FloatRangeField", "DecimalRangeField"),
      ("CICharField", "CITextField"), ("CIEmailField", "CITextField"), ("RichTextField", "TextField"),
      ("RichTextUploadingField", "TextField"), ("MarkdownField", "TextField"), ("HTMLField", "TextField"),
      ("AutoCreatedField", "DateTimeField"), ("AutoLastModifiedField", "DateTimeField"),
      ("CreationDateTimeField", "DateTimeField"), ("ModificationDateTimeField", "DateTimeField"),
      ("MonitorField", "DateTimeField"), ("MeasurementField", "FloatField"), ("ShortUUIDField", "CharField"),
      ("PickledObjectField", "TextField"), ("MultiSelectField", "CharField"), ("MoneyField", "DecimalField"),
    ]
    for (name, kept) in others { table[name] = .column(kept, length: nil) }
    for name in ["ForeignKey", "TreeForeignKey", "ParentalKey", "PolymorphicForeignKey"] {
      table[name] = .reference(isOneToOne: false)
    }
    for name in ["OneToOneField", "TreeOneToOneField", "AutoOneToOneField"] {
      table[name] = .reference(isOneToOne: true)
    }
    for name in ["ManyToManyField", "TreeManyToManyField", "ParentalManyToManyField", "SortedManyToManyField"] {
      table[name] = .many
    }
    for name in ["GenericForeignKey", "GenericRelation", "ForeignObject", "TaggableManager", "CompositePrimaryKey"] {
      table[name] = .virtual
    }
    return table
  }()

  /// The class of that simple name; nil when it is none of fields.
  init?(_ name: String) {
    guard let found = Self.known[name] else { return nil }
    self = found
  }
}
