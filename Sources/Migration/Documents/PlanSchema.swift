/// `plan.schema.json`: what `plan.yaml` looks like, as JSON Schema 2020-12, for editors and programs that read plans.
package enum PlanSchema {
  /// Path below the output folder.
  package static let path = "plan.schema.json"

  /// The schema.
  package static var text: String {
    let texts = #"{"type": "array", "items": {"type": "string"}}"#
    let steps = StepID.allCases.map { "\"\($0.text)\"" }.joined(separator: ", ")
    func choices(_ values: [String]) -> String { values.map { "\"\($0)\"" }.joined(separator: ", ") }
    let engines = choices(PlanEngine.allCases.map(\.rawValue))
    return """
      {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": "cleave:plan:\(MigrationPlan.schemaVersion)",
        "title": "Migration plan",
        "type": "object",
        "required": ["schemaVersion", "factsDigest", "engine", "targetEngine", "cdc", "cdcReason", "outbox", "outboxReason", "broker", "leftOut", "groups"],
        "properties": {
          "schemaVersion": {"const": \(MigrationPlan.schemaVersion)},
          "factsDigest": {"type": "string", "description": "identifies the facts the plan was made from"},
          "engine": {"enum": [\(engines)]},
          "targetEngine": {"enum": [\(engines)]},
          "cdc": {"enum": [\(choices(CDCTool.allCases.map(\.rawValue)))]},
          "outbox": {"enum": [\(choices(OutboxKind.allCases.map(\.rawValue)))]},
          "broker": {"enum": [\(choices(Broker.allCases.map(\.rawValue)))]},
          "leftOut": \(texts),
          "groups": {"type": "array", "minItems": 1, "items": {"$ref": "#/$defs/group"}}
        },
        "patternProperties": {"Reason$": {"type": "string"}},
        "additionalProperties": false,
        "$defs": {
          "commands": {"type": "array", "items": {"type": "string", "minLength": 1}, "description": "command lines; what people do begins with `by hand:`"},
          "places": {"type": "array", "items": {"type": "string", "pattern": "^.+:[0-9]+"}, "description": "file:line"},
          "group": {
            "type": "object",
            "required": ["group", "folder", "position", "orderReason", "movesTogetherWith", "tables", "replicas", "decisions", "obstacles", "steps", "notNeeded", "teardown", "residualRisks"],
            "properties": {
              "group": {"type": "string", "minLength": 1},
              "folder": {"type": "string", "pattern": "^[a-z0-9_]+$"},
              "position": {"type": "integer", "minimum": 1},
              "orderReason": {"type": "string", "minLength": 1},
              "movesTogetherWith": \(texts),
              "tables": {"type": "array", "minItems": 1, "items": {"type": "string"}},
              "replicas": \(texts),
              "decisions": {"type": "array", "items": {"$ref": "#/$defs/decision"}},
              "obstacles": {"type": "array", "items": {"$ref": "#/$defs/obstacle"}},
              "steps": {"type": "array", "minItems": 1, "items": {"$ref": "#/$defs/step"}},
              "notNeeded": {"type": "array", "items": {
                "type": "object", "required": ["id", "reason"], "additionalProperties": false,
                "properties": {"id": {"enum": [\(steps)]}, "reason": {"type": "string", "minLength": 1}}}},
              "teardown": {"$ref": "#/$defs/commands"},
              "residualRisks": {"type": "array", "items": {"$ref": "#/$defs/risk"}}
            },
            "additionalProperties": false
          },
          "decision": {
            "type": "object",
            "required": ["edge", "kind", "table", "otherTable", "rule", "action", "inputs", "alternatives", "evidence"],
            "properties": {
              "edge": {"type": "string", "pattern": "^.+ -> .+$"},
              "kind": {"enum": ["write", "read", "join", "foreign_key", "transaction", "n_plus_one", "trigger"]},
              "table": {"type": "string"},
              "otherTable": {"type": "string"},
              "rule": {"type": "string", "pattern": "^R[0-9][a-c]?$"},
              "action": {"type": "string", "minLength": 1},
              "inputs": {"type": "object", "additionalProperties": {"type": "string"}},
              "alternatives": \(texts),
              "evidence": {"$ref": "#/$defs/places"}
            },
            "additionalProperties": false
          },
          "obstacle": {
            "type": "object",
            "required": ["code", "table", "text", "fix", "mendedByPlan", "evidence"],
            "properties": {
              "code": {"type": "string", "pattern": "^[a-z]+(-[a-z]+)*$"},
              "table": {"type": "string"},
              "text": {"type": "string", "minLength": 1},
              "fix": {"type": "string", "minLength": 1},
              "mendedByPlan": {"type": "boolean"},
              "evidence": {"$ref": "#/$defs/places"}
            },
            "additionalProperties": false
          },
          "step": {
            "type": "object",
            "required": ["id", "title", "goal", "preconditions", "artifacts", "apply", "gate", "hold", "finish", "rollback", "ponr", "maxBlockSeconds"],
            "properties": {
              "id": {"enum": [\(steps)]},
              "title": {"type": "string", "minLength": 1},
              "goal": {"type": "string", "minLength": 1},
              "preconditions": \(texts),
              "artifacts": {"type": "array", "items": {"type": "string", "pattern": "^[a-z0-9_]+/S[0-9]+-"}},
              "apply": {"$ref": "#/$defs/commands"},
              "gate": {
                "type": "object",
                "required": ["on", "file", "query", "expect"],
                "properties": {
                  "on": {"enum": ["source", "target", "both"]},
                  "file": {"type": "string"},
                  "targetFile": {"type": "string"},
                  "query": {"type": "string", "minLength": 1},
                  "expect": {"type": "string", "minLength": 1}
                },
                "additionalProperties": false
              },
              "hold": {"type": "string", "minLength": 1},
              "finish": {"$ref": "#/$defs/commands"},
              "rollback": {"$ref": "#/$defs/commands"},
              "ponr": {"type": "boolean", "description": "whether leaving the step ends the way back"},
              "maxBlockSeconds": {"type": "integer", "minimum": 0, "description": "longest time writers may wait"}
            },
            "additionalProperties": false
          },
          "risk": {
            "type": "object",
            "required": ["code", "text", "evidence"],
            "properties": {
              "code": {"type": "string", "pattern": "^[a-z]+(-[a-z]+)*$"},
              "text": {"type": "string", "minLength": 1},
              "evidence": {"$ref": "#/$defs/places"}
            },
            "additionalProperties": false
          }
        }
      }

      """
  }
}
