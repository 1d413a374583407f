package import Basics

/// A file of the plan.
package struct PlanFile: Hashable, Sendable {
  /// Path below the output folder, with `/` between parts.
  package let path: String
  /// The text.
  package let contents: String

  /// A file at `path`.
  package init(path: String, contents: String) {
    self.path = path
    self.contents = contents
  }

  /// Whether it is a numbered script, one that applies or takes back; other SQL is run as often as wanted.
  package var isNumberedScript: Bool {
    let name = path.split(separator: "/").last ?? ""
    return (name.hasPrefix("V") || name.hasPrefix("U")) && name.contains("__") && name.hasSuffix(".sql")
  }

  /// Where the script is that takes back the one at `path`; nil for files that are no numbered script.
  package static func inverse(of path: String) -> String? {
    var parts = path.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
    guard let name = parts.popLast(), name.hasPrefix("V"), name.hasSuffix(".sql") else { return nil }
    return (parts + ["U" + name.dropFirst()]).joined(separator: "/")
  }
}

/// Which database a script runs on.
package enum PlanSide: String, Hashable, Sendable {
  /// The monolith's database.
  case source
  /// The service's own database.
  case target
}

/// One thing to do.
package enum PlanAction: Hashable, Sendable {
  /// Run a script with the engine's own client.
  case sql(path: String, on: PlanSide)
  /// Register a connector file with Kafka Connect.
  case connect(path: String)
  /// Replace the configuration of a running connector by that of a file.
  case reconfigure(name: String, path: String)
  /// Stop and remove a connector.
  case disconnect(name: String)
  /// Run two queries, one on each side, and compare what they print.
  case compare(source: String, target: String)
  /// Something people do outside the database: deploy code, change a flag.
  case manual(String)

  /// What people wait for before they lock anything.
  package static let awaitStream = PlanAction.manual(
    "wait until the forward stream is less than a second behind, and end transactions that have been open for long")
  /// What people wait for while writers are refused.
  package static let awaitFence = PlanAction.manual("wait until gate.target.sql prints 1")
  /// The end of the time in which writers are refused.
  package static let openWrites = PlanAction.manual("open the service for writes: nobody is refused any more")
}

/// The exit condition of a step, as a query and the value it has to print.
package struct PlanGate: Hashable, Sendable {
  /// Where the query runs.
  package enum Place: String, Hashable, Sendable { case source, target, both }

  /// Where the query runs; `both` compares the output of the two files.
  package let place: Place
  /// The file with the query; for `both` the one for the source.
  package let file: String
  /// The file for the target when `place` is `both`.
  package let targetFile: String?
  /// The query as text; empty for `both`.
  package let query: String
  /// The value expected, `equal` for `both`.
  package let expect: String
}

/// The steps of the playbook, in order.
package enum StepID: Int, Hashable, Sendable, CaseIterable, Comparable {
  case guardrails = 0, separateLogic, foreignKeys, splitTables, transactions, ownSchema, capture, verify, switchReads
  case switchWrites, reverseSync, enforce, contract

  /// `S0` to `S12`.
  package var text: String { "S\(rawValue)" }

  package static func < (left: StepID, right: StepID) -> Bool { left.rawValue < right.rawValue }
}

/// One step of a group.
package struct PlanStep: Hashable, Sendable {
  /// Which step of the playbook it is.
  package let id: StepID
  /// A few words.
  package let title: String
  /// What is true afterwards.
  package let goal: String
  /// What has to hold before.
  package let preconditions: [String]
  /// The files of the step, sorted by path.
  package let artifacts: [PlanFile]
  /// What to do, in order.
  package let apply: [PlanAction]
  /// The exit condition.
  package let gate: PlanGate
  /// How long and on what evidence to stay before the next step.
  package let hold: String
  /// What to do after the hold, in order; mostly empty.
  package let finish: [PlanAction]
  /// How to undo the step, in order.
  package let rollback: [PlanAction]
  /// Whether the step ends beyond the point of no return.
  package let ponr: Bool
  /// The longest time writers may be blocked, in seconds.
  package let maxBlockSeconds: Int
}

/// What was decided for one edge that crosses a boundary.
package struct PlanDecision: Hashable, Sendable {
  /// The service that reaches out.
  package let from: String
  /// The service that owns what is reached.
  package let to: String
  /// What crosses.
  package let kind: String
  /// The table reached.
  package let table: TableName
  /// The other table of a join or key.
  package let otherTable: TableName?
  /// `R0` to `R9` of the playbook.
  package let rule: String
  /// What to do.
  package let action: String
  /// What the decision was made from, as name and value.
  package let inputs: [PlanInput]
  /// What else could be done and when.
  package let alternatives: [String]
  /// Where the edge shows, sorted.
  package let evidence: [SourceSpan]
}

/// A named input of a decision.
package struct PlanInput: Hashable, Sendable {
  /// What was looked at.
  package let name: String
  /// What was found.
  package let value: String
}

/// Something that stands in the way of moving a table.
package struct PlanBlocker: Hashable, Sendable {
  /// Stable identifier, lower case words joined by `-`.
  package let code: String
  /// The table.
  package let table: String
  /// What is in the way.
  package let text: String
  /// What removes it.
  package let fix: String
  /// Whether a step of the plan removes it; else people have to.
  package let isMended: Bool
  /// Where it shows, sorted.
  package let evidence: [SourceSpan]
}

/// A step a group does not need.
package struct PlanOmission: Hashable, Sendable {
  /// The step.
  package let id: StepID
  /// Why not.
  package let reason: String
}

/// Something the plan cannot rule out.
package struct PlanRisk: Hashable, Sendable {
  /// Stable identifier, lower case words joined by `-`.
  package let code: String
  /// What may go wrong and what to do about it.
  package let text: String
  /// Where it shows, sorted.
  package let evidence: [SourceSpan]
}

/// The move of one service.
package struct PlanGroup: Hashable, Sendable {
  /// The service.
  package let service: String
  /// Its folder below the output folder.
  package let folder: String
  /// Place in the order, from 1.
  package let position: Int
  /// Why it stands there.
  package let orderReason: String
  /// Services that have to be cut over under the same fence, and why.
  package let movesTogetherWith: [String]
  /// Tables it owns, sorted.
  package let tables: [TableName]
  /// Tables of others it keeps read-only copies of, sorted.
  package let replicas: [TableName]
  /// Decisions per edge, sorted by kind, from, to, table.
  package let decisions: [PlanDecision]
  /// What stands in the way, each with its fix.
  package let blockers: [PlanBlocker]
  /// Steps in order.
  package let steps: [PlanStep]
  /// Steps it does not need, in order.
  package let omissions: [PlanOmission]
  /// Files of the teardown.
  package let teardownArtifacts: [PlanFile]
  /// What removes everything the migration set up, in order.
  package let teardown: [PlanAction]
  /// What remains risky.
  package let risks: [PlanRisk]
  /// Names and streams, for programs that carry the group out.
  package let move: PlanMove
}

/// The ordered, reversible move of services out of a shared database.
package struct MigrationPlan: Hashable, Sendable {
  /// Version of the layout of `plan.yaml`.
  package static let schemaVersion = 1

  /// Engine of the monolith's database.
  package let engine: PlanEngine
  /// Engine of the services' own databases.
  package let targetEngine: PlanEngine
  /// Change data capture tool.
  package let cdc: CDCTool
  /// Why this tool.
  package let cdcReason: String
  /// Outbox layout.
  package let outbox: OutboxKind
  /// Why this outbox layout.
  package let outboxReason: String
  /// Broker.
  package let broker: Broker
  /// Digest of the facts the plan was made from.
  package let factsDigest: String
  /// Groups in the order they move.
  package let groups: [PlanGroup]
  /// Services without a group, each with the reason.
  package let leftOut: [String]
  /// DDL of the old schema as far as the catalog knows it, for scratch servers.
  package let catalogScript: String

  /// An action as a command line, run from the output folder; actions of people begin with `by hand:`.
  package func command(for action: PlanAction) -> String {
    ActionText(engine: engine, targetEngine: targetEngine).command(action)
  }

  /// All files: `PLAN.md`, `plan.yaml` and its schema, then the artifacts, sorted by path within.
  package func files() -> [PlanFile] {
    var artifacts: [PlanFile] = []
    for group in groups {
      for step in group.steps { artifacts += step.artifacts }
      artifacts += group.teardownArtifacts
      artifacts.append(
        PlanFile(path: "\(group.folder)/PLAN.md", contents: GroupDocument(plan: self, group: group).text))
    }
    return [
      PlanFile(path: "PLAN.md", contents: PlanDocument(plan: self).text),
      PlanFile(path: PlanSchema.path, contents: PlanSchema.text),
      PlanFile(path: "plan.yaml", contents: PlanYAML(plan: self).text),
    ] + artifacts.sorted { $0.path < $1.path }
  }
}
