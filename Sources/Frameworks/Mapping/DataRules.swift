import Basics
import Facts

/// What kind of thing a method is called on.
enum DataReceiver: Hashable, CaseIterable {
  /// The class itself: `Order`, `Order.class`.
  case entityType
  /// One object that stands for a row, or may be nothing.
  case entity
  /// Objects already fetched.
  case entities
  /// Rows of an entity not fetched yet: a manager, QuerySet, relation, DbSet, query under construction.
  case query
  /// An object whose methods work on the rows of one entity.
  case repository
  /// What entities of any kind are handed to: EntityManager, Session, DbContext, DataSource.
  case session
  /// A query on a table given by name: jOOQ, Knex, `DB::table`.
  case table
  /// Nothing: a function without receiver, as `select(Order)`.
  case function
}

/// What a call does to the rows of its receiver, or of what it is given.
enum DataEffect: Hashable {
  /// Nothing by itself.
  case nothing
  /// Fetches rows.
  case read
  /// Adds, changes or removes rows.
  case write
  /// Removes rows, and with them those that go with their owner.
  case delete
  /// Adds or removes what a relation leads to: writes the table between, or the rows where there is none.
  case link
  /// Fetches rows and adds or changes some: `get_or_create`.
  case readWrite
  /// Writes the rows of the entities given at this position: `session.add(order)`.
  case writeArgument(Int)
  /// Reads rows of the entity type given at this position, or as type argument: `em.find(Order.class, 1)`.
  case readArgument(Int)
  /// Reads rows of the entity given at this position and adds or changes some: `db.FirstOrCreate(&order)`.
  case readWriteArgument(Int)
  /// Removes or changes rows of the entity type given at this position.
  case writeTypeArgument(Int)
  /// Will read when it is evaluated, unless a later call of the chain writes: `filter(…)`.
  case refine
  /// Text in the query language of the framework over entity names (JPQL, HQL, DQL) at this position.
  case entityQuery(Int)
  /// SQL at this position.
  case sql(Int)
  /// Reads rows of the table whose name is the text at this position: `$db->fetchTable("orders")`.
  case readTable(Int)
  /// Writes rows of the table whose name is the text at this position: `$db->insert("orders", $row)`.
  case writeTable(Int)
  /// The query also reads the table whose name is the text at this position: `join("lines", …)`.
  case joinTable(Int)
  /// What it is called on is not read: `$line->order()->associate($order)`.
  case discard
}

/// What a call gives back.
enum DataResult: Hashable {
  /// The same as it was called on.
  case same
  /// One object of the receiver's entity.
  case entity
  /// A list of objects of the receiver's entity.
  case entities
  /// A query on the receiver's entity.
  case query
  /// What the entity type given at this position, or as type argument, stands for.
  case entityOf(argument: Int)
  case entitiesOf(argument: Int)
  case queryOf(argument: Int)
  case repositoryOf(argument: Int)
  /// A query on the table whose name is the text at this position.
  case tableOf(argument: Int)
  /// The table whose name is the text at this position, from which nothing is read yet.
  case tableNamed(argument: Int)
  /// What is handed over at this position.
  case argument(Int)
  /// The session itself.
  case session
  /// Something else: a number, a truth value.
  case value
  /// What the method was declared to return, when that is known.
  case declared
}

/// One row of a framework's vocabulary: a method, on what it is called, what it does and what it gives back.
struct DataRule: Hashable {
  var receiver: DataReceiver
  /// Names of methods; one that ends with `*` stands for all that begin so.
  var methods: [String]
  var effect: DataEffect
  var result: DataResult
  /// Whether it also follows names of relations in its arguments.
  var followsRelations = false
  /// Whether the methods that an entity runs before and after each write run with it.
  var runsHooks = false

  init(
    _ receiver: DataReceiver, _ methods: [String], _ effect: DataEffect, _ result: DataResult,
    followsRelations: Bool = false, runsHooks: Bool = false
  ) {
    self.receiver = receiver
    self.methods = methods
    self.effect = effect
    self.result = result
    self.followsRelations = followsRelations
    self.runsHooks = runsHooks
  }
}
