import Facts
import Graph

/// The sections of `cleave.yml`. Reader, schema and example are all made from this list.
package enum SteeringSection: String, Hashable, Sendable, CaseIterable {
  case pin
  case mustLink = "must-link"
  case cannotLink = "cannot-link"
  case names, ignore, shared, services
  case tablesPerService = "tables-per-service"
  case weights, dialect, code, schema

  /// What it decides, in one sentence.
  package var summary: String {
    switch self {
    case .pin: "Tables, units (types, functions) or paths that belong to a service."
    case .mustLink: "Things that stay in one service."
    case .cannotLink: "Things that end in different services; what one pattern stands for may stay together."
    case .names: "Names of services, by a table in them or by the name they have now."
    case .ignore: "What is not looked at at all."
    case .shared: "What belongs to no service because all use it."
    case .services: "How many services there are: a number, or a range."
    case .tablesPerService: "How many tables each service that owns any has: a number, or a range."
    case .weights: "How hard each layer of evidence pulls, a call being 1; layers of folders and names are multiplied."
    case .dialect: "The engine the schema is written for, when its syntax does not say."
    case .code: "Which files are read, by patterns of paths."
    case .schema: "Where the schema files lie, by patterns of paths, when several generations of them are kept."
    }
  }

  /// An example of it, as it stands in the file.
  package var example: String {
    switch self {
    case .pin:
      """
      pin:
        - table: billing_*
          to: billing
          because: the finance team runs it
        - unit: OrderService
          to: ordering
        - path: src/legacy/**
          to: legacy
      """
    case .mustLink:
      """
      must-link:
        - [orders, order_lines]
        - tables: [invoices, invoice_lines]
          because: one aggregate
      """
    case .cannotLink:
      """
      cannot-link:
        - [accounts, payments]
      """
    case .names:
      """
      names:
        orders: ordering
      """
    case .ignore:
      """
      ignore:
        - table: tmp_*
        - path: tools/**
      """
    case .shared:
      """
      shared:
        - path: src/util/**
      """
    case .services:
      """
      services: {min: 4, max: 8}
      """
    case .tablesPerService:
      """
      tables-per-service: {max: 20}
      """
    case .weights:
      """
      weights:
        write: 6
        foreign key: 1.5
      """
    case .dialect:
      """
      dialect: postgres
      """
    case .code:
      """
      code:
        include: [src/**]
        exclude: [third_party/**]
      """
    case .schema:
      """
      schema: [db/migrations/**]
      """
    }
  }

  /// Its JSON Schema (draft 2020-12).
  var schema: String {
    switch self {
    case .pin: Self.list(of: Self.entry(required: ["to"], ["to": Self.text]))
    case .mustLink: Self.list(of: Self.anyOf([Self.names(1), Self.entry()]))
    case .cannotLink: Self.list(of: Self.anyOf([Self.names(2), Self.entry()]))
    case .names:
      Self.anyOf([
        "{\"type\":\"object\",\"additionalProperties\":\(Self.newName)}",
        Self.list(of: Self.entry(required: ["name"], ["name": Self.text, "service": Self.text])),
      ])
    case .ignore, .shared: Self.list(of: Self.anyOf([Self.text, Self.entry()]))
    case .services, .tablesPerService:
      Self.anyOf([
        Self.count,
        Self.object(["because": Self.text, "max": Self.count, "min": Self.count]),
      ])
    case .weights:
      Self.object(
        Dictionary(
          uniqueKeysWithValues: EvidenceKind.allCases.map { ($0.rawValue, "{\"type\":\"number\",\"minimum\":0}") }))
    case .dialect: "{\"enum\":[\(EngineFamily.allCases.map { "\"\($0.rawValue)\"" }.joined(separator: ","))]}"
    case .code: Self.object(["exclude": Self.oneOrMany, "include": Self.oneOrMany])
    case .schema: Self.oneOrMany
    }
  }

  private static let text = "{\"type\":\"string\"}"
  private static let count = "{\"type\":\"integer\",\"minimum\":0}"
  private static let newName = anyOf([text, object(["because": text, "name": text], required: ["name"])])
  private static let oneOrMany = anyOf([text, names(1)])

  private static func names(_ least: Int) -> String { "{\"type\":\"array\",\"minItems\":\(least),\"items\":\(text)}" }
  private static func list(of item: String) -> String { "{\"type\":\"array\",\"items\":\(item)}" }
  private static func anyOf(_ options: [String]) -> String { "{\"anyOf\":[\(options.joined(separator: ","))]}" }

  private static func entry(required: [String] = [], _ more: [String: String] = [:]) -> String {
    var properties = more
    properties["because"] = text
    for key in SelectorKey.allCases { properties[key.rawValue] = oneOrMany }
    return object(properties, required: required)
  }

  private static func object(_ properties: [String: String], required: [String] = []) -> String {
    let body = properties.sorted { $0.key < $1.key }.map { "\"\($0.key)\":\($0.value)" }.joined(separator: ",")
    let needs = required.isEmpty ? "" : ",\"required\":[\(required.map { "\"\($0)\"" }.joined(separator: ","))]"
    return "{\"type\":\"object\",\"additionalProperties\":false,\"properties\":{\(body)}\(needs)}"
  }
}

/// Keys of an entry that select things, in the singular and the plural.
enum SelectorKey: String, CaseIterable {
  case path, paths, table, tables, unit, units

  var kind: Selector.Kind {
    switch self {
    case .path, .paths: .path
    case .table, .tables: .table
    case .unit, .units: .unit
    }
  }
}

/// The form of `cleave.yml` for editors and people.
package enum SteeringFormat {
  /// JSON Schema of the whole file.
  package static let schema: String = {
    let sections = SteeringSection.allCases.map { section in
      "    \"\(section.rawValue)\": {\"description\":\"\(section.summary)\",\(section.schema.dropFirst())"
    }
    return """
      {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "cleave.yml",
        "description": "What people decided about the decomposition of a system.",
        "type": "object",
        "additionalProperties": false,
        "properties": {
      \(sections.joined(separator: ",\n"))
        }
      }

      """
  }()

  /// A file in which every section stands as a commented example.
  package static let example: String = {
    let sections = SteeringSection.allCases.map { section in
      "# \(section.summary)\n" + section.example.split(separator: "\n").map { "# \($0)" }.joined(separator: "\n")
    }
    return """
      # What people decided about the decomposition. cleave obeys every entry, or reports which entries contradict
      # each other; `cleave analyze` shows what each of them costs. Names may hold * (and ** in paths); an entry may
      # say `because:` why it is there. `cleave config --schema` prints the JSON Schema of this file.

      \(sections.joined(separator: "\n\n"))

      """
  }()
}
