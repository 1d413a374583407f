import Basics
import Facts

/// The interface a service has to offer its readers, as OpenAPI 3.1.
struct OpenAPIDocument {
  let context: GroupContext
  let endpoints: [BatchEndpoint]

  /// The document; nil when nobody asks.
  var text: String? {
    guard !endpoints.isEmpty else { return nil }
    return YAMLText.document(
      .map([
        ("openapi", .text("3.1.0")),
        (
          "info",
          .map([
            ("title", .text("Rows of \(context.service) by key")), ("version", .text("1.0.0")),
            (
              "description",
              .text(
                "What other services need of \(context.service) instead of joining its tables. Until its reads have moved (S8) "
                  + "the monolith answers, from the same tables. Answers hold only the columns the readers use.")
            ),
          ])
        ),
        (
          "servers",
          .list([
            .map([
              ("url", .text("https://{host}")),
              (
                "variables",
                .map([("host", .map([("default", .text("\(context.folder.replacing("_", with: "-")).example"))]))])
              ),
            ])
          ])
        ),
        ("security", .list([.map([("token", .list([]))])])),
        ("paths", .map(endpoints.map { ($0.path, .map([("post", operation($0))])) })),
        ("components", components),
      ]))
  }

  private func operation(_ endpoint: BatchEndpoint) -> YAMLNode {
    let places = endpoint.places.map(\.description).joined(separator: ", ")
    let rows = endpoint.isUnique ? "one row at most for each key" : "all rows for each key, in pages"
    return .map([
      ("operationId", .text(endpoint.operationID)),
      ("summary", .text("Rows of \(endpoint.table.text) by \(endpoint.key.joined(separator: ", ")): \(rows)")),
      ("description", .text("Read by \(endpoint.readers.joined(separator: ", ")) at \(places).")),
      (
        "requestBody",
        .map([("required", .flag(true)), ("content", json("#/components/schemas/\(endpoint.schemaName)Request"))])
      ),
      (
        "responses",
        .map([
          (
            "200",
            .map([
              ("description", .text("A result for each key in the order asked; no rows where nothing was found.")),
              ("content", json("#/components/schemas/\(endpoint.schemaName)Response")),
            ])
          ),
          ("400", reference("#/components/responses/BadRequest")),
          ("401", reference("#/components/responses/Unauthorized")),
          ("413", reference("#/components/responses/TooManyKeys")),
          ("503", reference("#/components/responses/Unavailable")),
        ])
      ),
    ])
  }

  private func reference(_ place: String) -> YAMLNode { .map([("$ref", .text(place))]) }

  private func json(_ place: String) -> YAMLNode {
    .map([("application/json", .map([("schema", reference(place))]))])
  }

  private var components: YAMLNode {
    .map([
      ("securitySchemes", .map([("token", .map([("type", .text("http")), ("scheme", .text("bearer"))]))])),
      ("schemas", .map(endpoints.flatMap(schemas) + [("Error", errorSchema)])),
      (
        "responses",
        .map([
          ("BadRequest", response("A key is malformed, or the page token is not known.")),
          ("Unauthorized", response("No valid token.")),
          ("TooManyKeys", response("More than \(CompositionPlanner.mostKeys) keys.")),
          ("Unavailable", response("The service can not answer now; the same request may be sent again.")),
        ])
      ),
    ])
  }

  private func response(_ words: String) -> YAMLNode {
    .map([
      ("description", .text(words)),
      ("content", .map([("application/problem+json", .map([("schema", reference("#/components/schemas/Error"))]))])),
    ])
  }

  private var errorSchema: YAMLNode {
    object(
      [
        ("type", .map([("type", .text("string"))])), ("title", .map([("type", .text("string"))])),
        ("status", .map([("type", .text("integer"))])), ("detail", .map([("type", .text("string"))])),
      ], required: ["title", "status"], isClosed: false)
  }

  private func schemas(of endpoint: BatchEndpoint) -> [(key: String, value: YAMLNode)] {
    let name = endpoint.schemaName
    let keyFields = endpoint.key.map { (key: $0, value: type(of: $0, endpoint, mayBeNull: false)) }
    let rowFields = endpoint.columns.map { (key: $0, value: type(of: $0, endpoint, mayBeNull: true)) }
    let result = object(
      [
        ("key", reference("#/components/schemas/\(name)Key")),
        (
          "rows",
          array(of: "#/components/schemas/\(name)Row", limits: endpoint.isUnique ? [("maxItems", .number(1))] : [])
        ),
      ], required: ["key", "rows"])
    let pages: [(key: String, value: YAMLNode)] =
      endpoint.isUnique
      ? []
      : [
        (
          "pageSize",
          .map([
            ("type", .text("integer")), ("minimum", .number(1)), ("maximum", .number(5000)), ("default", .number(1000)),
          ])
        ),
        ("pageToken", .map([("type", .text("string"))])),
      ]
    let next: [(key: String, value: YAMLNode)] =
      endpoint.isUnique
      ? []
      : [
        (
          "nextPageToken",
          .map([
            ("type", .texts(["string", "null"])),
            ("description", .text("null on the last page; a key's rows may go on in the next one")),
          ])
        )
      ]
    return [
      ("\(name)Key", object(keyFields, required: endpoint.key)),
      ("\(name)Row", object(rowFields, required: endpoint.columns)),
      (
        "\(name)Request",
        object(
          [
            (
              "keys",
              array(
                of: "#/components/schemas/\(name)Key",
                limits: [
                  ("minItems", .number(1)), ("maxItems", .number(CompositionPlanner.mostKeys)),
                  ("uniqueItems", .flag(true)),
                ])
            )
          ] + pages, required: ["keys"])
      ),
      ("\(name)Result", result),
      (
        "\(name)Response",
        object(
          [("results", array(of: "#/components/schemas/\(name)Result", limits: []))] + next,
          required: ["results"] + next.map(\.key))
      ),
    ]
  }

  private func array(of place: String, limits: [(key: String, value: YAMLNode)]) -> YAMLNode {
    .map([("type", .text("array")), ("items", reference(place))] + limits)
  }

  private func object(
    _ fields: [(key: String, value: YAMLNode)], required: [String], isClosed: Bool = true
  ) -> YAMLNode {
    .map(
      [
        ("type", .text("object")), ("required", .texts(required)), ("properties", .map(fields)),
      ] + (isClosed ? [("additionalProperties", .flag(false))] : []))
  }

  /// The JSON type of a column.
  private func type(of name: String, _ endpoint: BatchEndpoint, mayBeNull: Bool) -> YAMLNode {
    let held = context.held(name)
    guard let column = context.placed(endpoint.table)?.columns.first(where: { $0.name == held }) else {
      return .map([("description", .text("type unknown"))])
    }
    let isNullable = mayBeNull && column.isNullable
    func scalar(_ type: String, _ more: [(key: String, value: YAMLNode)] = []) -> YAMLNode {
      .map([("type", isNullable ? .texts([type, "null"]) : .text(type))] + more)
    }
    switch column.type.kind {
    case .integer: return scalar("integer", [("format", .text("int64"))])
    // A JSON number would lose digits.
    case .decimal, .money: return scalar("string", [("format", .text("decimal"))])
    case .boolean: return scalar("boolean")
    case .float: return scalar("number", [("format", .text("double"))])
    case .text, .padded:
      // Four bytes a character are reckoned; enumerations have no length.
      let length = column.type.maxBytes.flatMap { $0 % 4 == 0 ? $0 / 4 : nil }
      return scalar("string", length.map { [("maxLength", YAMLNode.number($0))] } ?? [])
    case .binary: return scalar("string", [("contentEncoding", .text("base64"))])
    case .json: return .map([("description", .text("any JSON value"))])
    case .uuid: return scalar("string", [("format", .text("uuid"))])
    case .date: return scalar("string", [("format", .text("date"))])
    case .time: return scalar("string", [("description", .text("HH:MM:SS with fractions"))])
    case .timestamp:
      return scalar("string", [("description", .text("YYYY-MM-DDTHH:MM:SS with fractions, without a zone, as stored"))])
    case .timestampZone: return scalar("string", [("format", .text("date-time"))])
    case .bits: return scalar("string", [("description", .text("digits 0 and 1"))])
    case .plain, .other: return scalar("string", [("description", .text("as the engine prints \(column.type.sql)"))])
    }
  }
}
