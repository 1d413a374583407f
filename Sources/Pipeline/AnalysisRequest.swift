import Graph

/// What to analyze and how.
package struct AnalysisRequest: Sendable {
  /// Folder of the repository.
  package var repository: String
  /// Folder of the fact store and report; nil for `.cleave` inside the repository.
  package var stateDirectory: String?
  /// A compile database or the folder that holds one; nil looks inside the repository.
  package var compileDatabase: String?
  /// What people decided; nil for `cleave.yml` in the repository, when there is one.
  package var steeringFile: String?
  /// A division as CSV that is judged in place of the one found.
  package var assignment: String?
  /// Whether units without a compile command are parsed with guessed flags instead of being read from their tokens.
  package var infersFlags = false
  /// Whether the history of git counts as evidence.
  package var readsHistory = true
  /// What layers of evidence are multiplied with, by their names; 0 switches one off.
  package var layerFactors: [String: Double] = [:]
  /// Files read at the same time; nil for one a processor.
  package var jobs: Int?
  /// Called with progress; may be called from the caller's thread only.
  package var progress: (@Sendable (ProgressUpdate) -> Void)?

  /// A request with everything else at its default.
  package init(repository: String) { self.repository = repository }
}

/// How far a stage is.
package struct ProgressUpdate: Sendable {
  /// Name of the stage, a few words.
  package var stage: String
  /// Items done.
  package var done: Int
  /// Items in all.
  package var total: Int

  /// `done` of `total` items of `stage`.
  package init(stage: String, done: Int, total: Int) {
    self.stage = stage
    self.done = done
    self.total = total
  }
}

/// Why a command could not do its work.
package enum PipelineError: Error, Equatable {
  case repositoryUnreadable(path: String, reason: String)
  case nothingToAnalyze(path: String)
  case stateUnwritable(path: String, reason: String)
  case reportUnreadable(path: String, reason: String)
  case compileDatabaseUnreadable(path: String, reason: String)
  case outputUnwritable(path: String, reason: String)
  case graphvizFailed(reason: String)
  case layerUnknown(factors: [String: Double])
  case planUnsupported(reason: String, nextStep: String)
  case ownersUnreadable(path: String, reason: String)
  case steeringUnreadable(path: String, line: Int, reason: String)
  case steeringUnwritable(path: String, reason: String, nextStep: String)
  case assignmentUnreadable(path: String, line: Int, reason: String)
  case changeImpossible(reason: String, nextStep: String)

  /// What happened; lower case, no full stop.
  package var message: String {
    switch self {
    case .repositoryUnreadable(let path, let reason): "\(path) cannot be read: \(reason)"
    case .nothingToAnalyze(let path): "nothing in \(path) can be analyzed: no C, C++ or SQL files"
    case .stateUnwritable(let path, let reason): "the state folder \(path) cannot be written: \(reason)"
    case .reportUnreadable(let path, let reason): "the report \(path) cannot be read: \(reason)"
    case .compileDatabaseUnreadable(let path, let reason): "the compile database \(path) cannot be read: \(reason)"
    case .outputUnwritable(let path, let reason): "\(path) cannot be written: \(reason)"
    case .graphvizFailed(let reason): "the picture cannot be drawn: \(reason)"
    case .ownersUnreadable(let path, let reason): "the owners in \(path) cannot be read: \(reason)"
    case .planUnsupported(let reason, _), .changeImpossible(let reason, _): reason
    case .steeringUnreadable(let path, let line, let reason), .assignmentUnreadable(let path, let line, let reason):
      "\(path)\(line > 0 ? ":\(line)" : "") cannot be read: \(reason)"
    case .steeringUnwritable(let path, let reason, _): "\(path) was not changed: \(reason)"
    case .layerUnknown(let factors):
      "these are no layers of evidence with factors of at least 0: "
        + factors.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }.joined(separator: ", ")
    }
  }

  /// What the reader can do about it.
  package var nextStep: String {
    switch self {
    case .repositoryUnreadable: "give the folder of the system as the argument"
    case .nothingToAnalyze: "give the folder that holds the source code, or check that it is not empty"
    case .stateUnwritable: "name a writable folder with --state-dir"
    case .reportUnreadable: "run `cleave analyze` again and use the report it writes"
    case .compileDatabaseUnreadable:
      "make it again, for example with cmake -DCMAKE_EXPORT_COMPILE_COMMANDS=ON, or leave --compile-commands out"
    case .outputUnwritable: "choose another place with --out"
    case .graphvizFailed: "install the Debian package graphviz, or use --format dot"
    case .ownersUnreadable: "give a CSV file with the columns table,service or service,kind,member"
    case .planUnsupported(_, let nextStep), .changeImpossible(_, let nextStep),
      .steeringUnwritable(_, _, let nextStep):
      nextStep
    case .steeringUnreadable: "correct it; `cleave config --init` shows examples and `cleave config --schema` the form"
    case .assignmentUnreadable:
      "give `table,service` or `service,kind,member`, as `cleave services --format csv` writes"
    case .layerUnknown: "`cleave services --explain-weights` lists the layers"
    }
  }
}

extension AnalysisRequest {
  /// The weights with the factors of the layers.
  func weights() throws(PipelineError) -> EvidenceWeights {
    guard let weights = EvidenceWeights(factors: layerFactors) else { throw .layerUnknown(factors: layerFactors) }
    return weights
  }
}
