import Basics
import Facts

/// What an expression stands for, as far as data is concerned. Numbers are those of `EntityModel`.
enum DataKind: Hashable {
  /// The class itself.
  case entityType(Int)
  /// One object that stands for a row, or may be nothing.
  case entity(Int)
  /// Objects already fetched.
  case entities(Int)
  /// Rows not fetched yet.
  case query(Int)
  /// An object whose methods work on the rows of one entity.
  case repository(Int)
  /// What entities of any kind are handed to.
  case session
  /// A query on a table given by name.
  case table(TableName)
  /// Nothing that is known to be data.
  case none

  /// What rules call it.
  var receiver: DataReceiver? {
    switch self {
    case .entityType: .entityType
    case .entity: .entity
    case .entities: .entities
    case .query: .query
    case .repository: .repository
    case .session: .session
    case .table: .table
    case .none: nil
    }
  }

  /// The same about another entity.
  func replacing(_ entity: Int) -> DataKind {
    switch self {
    case .entityType: .entityType(entity)
    case .entity: .entity(entity)
    case .entities: .entities(entity)
    case .query: .query(entity)
    case .repository: .repository(entity)
    case .session, .table, .none: self
    }
  }

  /// The entity it is about.
  var entity: Int? {
    switch self {
    case .entityType(let number), .entity(let number), .entities(let number), .query(let number),
      .repository(let number):
      number
    case .session, .table, .none: nil
    }
  }
}

/// What is known of a value while a function is followed.
struct FlowValue: Hashable {
  /// What it stands for.
  var kind = DataKind.none
  /// Its class, or that of its elements, when it is in the system.
  var type: TypeID?
  /// Whether `type` is that of its elements.
  var isMany = false
  /// Rows that will be read when it is used: a place in the evaluator's list.
  var pending: Int?
  /// Whether only a name says what it is.
  var isGuessed = false
  /// Whether it was made here and stands for no row yet.
  var isNew = false
  /// Whether it was fetched by the function that is followed, or by one that it calls.
  var isFetched = false

  /// The property it was reached through.
  var origin: Origin?

  /// A property of an entity.
  struct Origin: Hashable {
    var entity: Int
    var property: String
    /// The read that reaching it is: a place in the evaluator's list.
    var pending: Int?
  }

  /// Nothing known.
  static let unknown = FlowValue()
}

/// Rows of a table one function touches at one place.
struct FlowAccess: Hashable {
  var function: FunctionID
  var line: Int
  var accesses: [StatementAccess]
  var joins: [StatementJoin]
  var confidence: Confidence
  /// What the function calls: `Order.objects.filter`.
  var via: String
  var inLoop: Bool
}

/// What following all functions comes to.
struct FlowFindings {
  var accesses: [FlowAccess] = []
  /// The functions that the calls of a function reach, by the position of the event.
  var targets: [FunctionID: [Int: [FunctionID]]] = [:]
  /// Calls that look as if they were handed SQL, and are known not to be.
  var explained: Set<CodePlace> = []
  /// Calls that hand over queries over entity names.
  var queries: [DataFlow.EntityQueryCall] = []
}

/// A line of a function.
struct CodePlace: Hashable {
  var function: FunctionID
  var line: Int
}
