/// Why two nodes belong together: the layers of evidence, and the one list of their names.
///
/// The raw values are the public names, in reports and wherever a layer is weighted or switched off. Each layer is a pure
/// function of the facts; `EvidenceWeights` says what one piece of it weighs.
package enum EvidenceKind: String, Hashable, Sendable, CaseIterable, Comparable {
  case call, inherit, use, global, include
  case read, write, ddl
  case usedTogether = "used together"
  case sameEntry = "same entry"
  case join
  case foreignKey = "foreign key"
  case sameTransaction = "same transaction"
  case trigger
  case sameChange = "same change"
  case handle
  case coChange = "co-change"
  case sameFile = "same file"
  case sameStem = "same stem"
  case samePackage = "same package"
  case module
  case schemaFile = "schema file"
  case name
  case words

  package static func < (left: EvidenceKind, right: EvidenceKind) -> Bool { left.rawValue < right.rawValue }

  /// What the layer rests on, a few words.
  package var source: String {
    switch self {
    case .call: "calls between functions"
    case .inherit: "bases of a type"
    case .use: "types that fields, parameters, results and variables name"
    case .global: "globals of one file used in another"
    case .include: "files that include each other"
    case .read: "reads of a table"
    case .write: "writes of a table"
    case .ddl: "places that create or alter a table"
    case .usedTogether: "tables that one function or type uses"
    case .sameEntry: "tables that one route, job or listener reaches"
    case .join: "tables that a statement joins"
    case .foreignKey: "foreign keys"
    case .sameTransaction: "tables written in one transaction"
    case .trigger: "tables of a trigger, view or routine"
    case .sameChange: "tables that one migration creates or alters"
    case .handle: "tables reached through one connection"
    case .coChange: "files that change together in the history of git"
    case .sameFile: "a type and the files that hold it"
    case .sameStem: "files with one name and several extensions"
    case .samePackage: "folders that hold references"
    case .module: "folders that people declared as modules"
    case .schemaFile: "tables declared in one file"
    case .name: "tables whose names begin alike"
    case .words: "words that code and tables share"
    }
  }
}
