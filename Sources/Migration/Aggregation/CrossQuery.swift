import Basics
import Decomposition
import Facts
import SQL

/// One place where code reads tables of several services in one statement, and what becomes of it.
struct CrossQuery {
  /// Distinct among the queries of its home; letters, digits and underscores.
  let name: String
  /// The service whose code asks.
  let reader: String
  /// The service in whose database the answer is put together: the reader, or the first owner when the reader has none.
  let home: String
  let unit: String
  let span: SourceSpan
  /// The statement, masked and shortened; empty when it has no text.
  let statement: String
  /// The query taken apart; nil when that was not possible.
  let shape: QueryShape?
  /// The whole query with its tables marked; nil when there is no text or its tables are not all known.
  let text: QueryText?
  /// Whether the shape was made from a foreign key, as there is no text.
  let isDerived: Bool
  /// Tables it joins, sorted.
  let tables: [TableName]
  let inLoop: Bool
  /// `R2`, `R3a`, `R3b` or `R3c`.
  let rule: String
  /// Why asking by key does not do; empty when it does.
  let rejections: [String]
  /// How it is answered by key; nil when rejected.
  let composition: Composition?
  /// What may make the join unnecessary, in the order of the playbook.
  let shortcuts: [JoinShortcut]

  /// The rewrite that is advised, in a few words.
  var advice: String {
    if let shortcut = shortcuts.first(where: \.isAdvised) { return shortcut.step.rawValue }
    switch rule {
    case "R2": return JoinShortcut.Step.smallTable.rawValue
    case "R3a": return "composition"
    case "R3c": return "push the query to the owner"
    default: return "read model"
    }
  }

  /// What to add by hand: mappers leave parts of a statement out or put them in when they run.
  var openParts: String? {
    span.file.text.hasSuffix(".xml")
      ? "one form of the statement: add what the mapper's conditional parts add" : nil
  }

  /// What the decision was made from.
  var inputs: [PlanInput] {
    var inputs: [PlanInput] = []
    if let composition {
      let rows = composition.rootRows.map { "\($0) at most" } ?? "unknown"
      inputs = [
        PlanInput(name: "root rows", value: rows),
        PlanInput(name: "hops", value: String(composition.hops)),
        PlanInput(name: "owners asked", value: composition.providers.joined(separator: ", ")),
      ]
    }
    if !rejections.isEmpty {
      inputs.append(PlanInput(name: "not by key because", value: rejections.joined(separator: "; ")))
    }
    if isDerived { inputs.append(PlanInput(name: "query", value: "unknown, taken from the foreign key")) }
    return inputs
  }

  /// What to do, in a sentence.
  var action: String {
    switch rule {
    case "R2": "join with the local copy: no code writes what is on the other side"
    case "R3a": "ask the owners by key in batches and join in memory (\(name) in composition.yaml)"
    case "R3c": "push the query to the owner: rows are locked, so that no copy is fresh enough"
    default: "answer from the read model \(name)"
    }
  }
}

/// A way to do without a join.
struct JoinShortcut: Hashable {
  /// The order in which joins are removed (GitLab's checklist).
  enum Step: String, Hashable, CaseIterable {
    case delete, simplify
    case copyColumn = "copy a stable column"
    case smallTable = "small extra table"
  }

  let step: Step
  /// Why it may do.
  let why: String
  /// Whether the facts are enough to advise it; else somebody has to look.
  let isAdvised: Bool
  let evidence: [SourceSpan]
}
