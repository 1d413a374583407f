import Basics
import Facts

/// One saga: the steps that replace one transaction.
struct SagaPlan: Hashable {
  let name: String
  /// Where the transactions it replaces begin, sorted.
  let places: [SourceSpan]
  /// The function of the first place.
  let unit: String
  let steps: [SagaStep]
  /// Number of the step after which nothing is expected to refuse.
  let pivot: Int
  let pivotReason: String
  /// Rows that only record what happened: written by their owner when the event arrives.
  let announced: [Touch]
  /// Writes of tables nobody owns: they stay where the code is.
  let ownerless: [Touch]
  let isOrdered: Bool
  /// What can be seen half done.
  let exposures: [Exposure]
  /// Why the participants talk to each other by events, or through an orchestrator.
  let style: SagaStyle

  /// What a step is after the pivot is known.
  func kind(_ step: SagaStep) -> String {
    step.number < pivot ? "compensatable" : step.number == pivot ? "pivot" : "retriable"
  }
}

/// How the steps of a saga follow each other.
enum SagaStyle: Hashable {
  case choreography, orchestration

  /// Choreography when at most three take part and nothing branches (R5).
  static func fitting(participants: Int) -> SagaStyle { participants <= 3 ? .choreography : .orchestration }

  var reason: String {
    switch self {
    case .choreography: "at most 3 participants and no branches: events suffice; the state machine does the same"
    case .orchestration: "more than 3 participants: an orchestrator knows what has been done"
    }
  }
}

/// One local transaction of a saga.
struct SagaStep: Hashable {
  let number: Int
  /// Who does it: a service, or several that become one first.
  let services: [String]
  /// Tables changed, in order of the first change.
  let changes: [SagaChange]
  /// Why the step may say no; nil when it cannot.
  let refusal: String?

  /// The services as one word.
  var label: String { services.joined(separator: " and ") }
}

/// What a step does to one table.
struct SagaChange: Hashable {
  let table: TableName
  /// Nil when the catalog does not declare it.
  let planned: PlannedTable?
  let verbs: [WriteVerb]
  /// Columns set, in the spelling of the table; all that are no key when unknown.
  let columns: [String]
  /// Columns that are only added to or taken from.
  let relative: [String]
  /// Whether a row may end under another key: a key column is set, or it is not known which columns are.
  let mayMoveKey: Bool
  let touches: [Touch]
  let compensation: SagaCompensation
}

/// How a change is taken back.
enum SagaCompensation: Hashable {
  /// From the rows saved before and after.
  case images
  /// People have to write it, and why.
  case byHand(String)
}

/// Something readers may see while a saga runs.
struct Exposure: Hashable {
  let table: TableName
  let columns: [String]
  /// The step that makes it visible.
  let step: Int
  /// Services that read the table, with places.
  let readers: [ExposedReader]
  let counterMeasure: String
}

/// A service that reads what a saga has not finished.
struct ExposedReader: Hashable {
  let service: String
  let columns: [String]
  let evidence: [SourceSpan]
}
