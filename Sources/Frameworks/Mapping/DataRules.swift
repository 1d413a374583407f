import Basics
import Facts

/// What an expression stands for, as far as data is concerned. `Int` is the number of an entity in `EntityModel`.
enum DataKind: Hashable {
  /// The class itself: `Order`, `Order.class`.
  case entityType(Int)
  /// One object that stands for a row, or may be nothing.
  case entity(Int)
  /// Objects already fetched: a list.
  case entities(Int)
  /// Rows of an entity not fetched yet: a manager, QuerySet, relation, DbSet, query under construction.
  case query(Int)
  /// An object whose methods work on the rows of one entity.
  case repository(Int)
  /// What entities of any kind are handed to: EntityManager, Session, DbContext, DataSource.
  case session
  /// A query on tables given by name: jOOQ, Knex, `DB::table`.
  case table(TableName)
  /// Several of the kinds above at once.
  case several([DataKind])
  /// Nothing that is known to be data.
  case none
}

/// What kind of thing a method is called on.
enum DataReceiver: Hashable, CaseIterable {
  case entityType, entity, entities, query, repository, session, table
}

/// What a call does to the rows of its receiver, or of what it is given.
enum DataEffect: Hashable {
  /// Nothing by itself.
  case nothing
  /// Fetches rows.
  case read
  /// Adds, changes or removes rows.
  case write
  /// Fetches rows and adds or changes some: `get_or_create`.
  case readWrite
  /// Writes the rows of the entities given at this position: `session.add(order)`.
  case writeArgument(Int)
  /// Reads rows of the entity type given at this position, or as type argument: `em.find(Order.class, 1)`.
  case readArgument(Int)
  /// Removes or changes rows of the entity type given at this position.
  case writeTypeArgument(Int)
  /// Will read when it is evaluated, unless a later call of the chain writes: `filter(…)`.
  case refine
  /// Text in the query language of the framework over entity names (JPQL, HQL, DQL) at this position.
  case entityQuery(Int)
  /// SQL at this position.
  case sql(Int)
  /// A condition, path or property name at any position may reach related entities: `select_related("customer")`.
  case relations
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
  /// Something else: a number, a truth value.
  case value
  /// What the method was declared to return, when that is known.
  case declared
}

/// One row of a framework's vocabulary: a method, on what it is called, what it does and what it gives back.
struct DataRule: Hashable {
  var receiver: DataReceiver
  var methods: [String]
  var effect: DataEffect
  var result: DataResult
  /// Whether it also follows names of relations in its arguments.
  var followsRelations = false

  init(
    _ receiver: DataReceiver, _ methods: [String], _ effect: DataEffect, _ result: DataResult,
    followsRelations: Bool = false
  ) {
    self.receiver = receiver
    self.methods = methods
    self.effect = effect
    self.result = result
    self.followsRelations = followsRelations
  }
}
