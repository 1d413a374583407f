import Basics
import Facts

/// How a class stands for a table, as one framework says it.
///
/// Recognizers make these from the facts of one type; types are named as their `TypeFact` is, and which type a name
/// means is decided when the mappings are linked.
struct EntityMapping: Hashable {
  /// The file and the place of the type in its facts.
  var file: Int
  var type: Int
  /// The name queries call it by: `Order` in `select o from Order o`; empty for the last part of the type's name.
  var entityName = ""
  /// Its table as the framework names it; nil for a class whose fields other entities take over: an abstract base, a
  /// mapped superclass, an embeddable.
  var table: TableName?
  /// The schema or database the table is in; empty when nothing is said.
  var schema = ""
  /// Whether the table name was declared, or only follows from a convention.
  var isDeclared: Bool
  /// Properties that are stored, in order.
  var properties: [PropertyMapping] = []
  /// The property names of the primary key.
  var keys: [String] = []
  /// Sets of property names that are unique together.
  var uniques: [[String]] = []
  /// The session type in which the class has this table; nil where it has the same one everywhere.
  var context: TypeID?
  /// Whether the table is a view that SQL defines.
  var isView = false
  /// Further tables that hold a part of each row.
  var besides: [TableName] = []
  /// Names of its methods that run with every write of one object.
  var hooks: [String] = []
  /// How subclasses are stored.
  var inheritance = Inheritance.oneTable
  /// The framework, as people call it: `JPA`, `Django`.
  var framework: String
  /// Where the mapping is written.
  var line: Int

  /// How the subclasses of an entity are stored.
  enum Inheritance: Hashable {
    /// In its table, unless they declare one of their own.
    case oneTable
    /// In tables of their own that hold what they add, and the key.
    case joined
    /// In tables of their own that hold everything.
    case separate
  }
}

/// A property of an entity and what stores it.
struct PropertyMapping: Hashable {
  /// What stores it.
  enum Storage: Hashable {
    /// A column.
    case column(Column)
    /// A foreign key to another entity, kept in columns of this table.
    case reference(to: String, columns: [Column], onDelete: ReferentialAction)
    /// Rows of another entity that point back here.
    case inverse(of: String)
    /// Rows of a table between the two: the columns that lead here, and those that lead to the other. A column without
    /// a type has the type of the key it leads to.
    case joinTable(TableName, to: String, columns: [Column], targetColumns: [Column])
    /// Rows of a table of its own without an entity: the columns that lead here, and those of the values.
    case collection(TableName, columns: [Column], values: [Column])
    /// Columns of this table, described by another class; `columns` stand in for those it describes, by the path of the
    /// property inside: `city`, `zip.code`.
    case embedded(String, columns: [String: Column] = [:])
  }

  /// The name in code.
  var name: String
  /// What stores it.
  var storage: Storage
  /// The name by which the other entity reaches back here; empty when there is none.
  var reverseName = ""
  /// Whether it holds many.
  var isMany = false
  /// Whether no two objects share what it leads to: the way back leads to one.
  var isOnlyOne = false
  /// Whether rows reached through it are removed or written together with this one.
  var cascades: Set<Cascade> = []
  /// Columns of the row it leads to that are written with the object's own row.
  var echoes: [Echo] = []
  /// Where it is written.
  var line: Int

  /// A column of the row on the other side that is written when the object's own row is: a time, a count.
  struct Echo: Hashable {
    var column: String
    /// Whether only a new or a removed row counts.
    var isCount: Bool
  }

  /// What spreads to the rows reached through a property.
  enum Cascade: Hashable {
    case write, delete
    /// The columns that point here are emptied when the object is removed.
    case clear([String])
    /// Rows are fetched whenever the object is.
    case read
  }
}
