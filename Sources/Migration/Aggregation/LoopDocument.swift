import Basics
import Decomposition

/// Reads of other services' rows one by one in loops, and what becomes of them.
struct LoopDocument {
  let context: GroupContext

  /// The loops whose code is in the service, in order of place.
  func loops() -> [YAMLNode] {
    context.seams.filter { $0.kind == .nPlusOne && $0.from == context.service }
      .sorted { ($0.span, $0.table) < ($1.span, $1.table) }
      .map(node)
  }

  private func node(_ seam: Seam) -> YAMLNode {
    var entries: [(key: String, value: YAMLNode)] = [
      ("place", .text(seam.span.description)), ("owner", .text(seam.to)), ("table", .text(seam.table.text)),
      ("statement", .text(seam.statement.isEmpty ? "unknown" : seam.statement)), ("rule", .text(seam.rule)),
      ("queriesBefore", .text("1 for each round; rounds unknown")),
    ]
    if let query = context.aggregation.query(at: seam.span, joining: seam.table, nil) {
      let file = query.composition == nil ? "read-models.yaml" : "composition.yaml"
      entries += [
        ("rewrite", .text("take the query out of the loop: \(query.name) in \(file), with the keys of all rounds")),
        ("callsAfter", .text(query.composition == nil ? "0" : "1 for each \(CompositionPlanner.mostKeys) keys")),
      ]
      return .map(entries)
    }
    let lookup = context.aggregation.lookups.first { $0.span == seam.span && $0.table == seam.table && $0.inLoop }
    guard let lookup else {
      entries += [
        ("rewrite", .text("collect the changes of the loop and hand them to \(seam.to) in one message")),
        ("messagesAfter", .text("1")),
      ]
      return .map(entries)
    }
    return .map(entries + batch(lookup, seam))
  }

  private func batch(_ lookup: KeyLookup, _ seam: Seam) -> [(key: String, value: YAMLNode)] {
    let key = lookup.key ?? lookup.usual
    guard !key.isEmpty, let endpoint = context.endpoints.endpoint(lookup.owner, lookup.table, key) else {
      return [
        (
          "rewrite", .text("by hand: no key of \(seam.table.text) is known; read the rows before the loop, or the copy")
        ),
        ("callsAfter", .text("unknown")),
      ]
    }
    return [
      ("unit", .text(lookup.unit)),
      ("rewrite", .text("collect the keys before the loop, ask once, look rows up in the answer")),
      ("keys", .texts(key.map(context.held))),
      (
        "keysKnownFrom",
        .text(lookup.key != nil ? "the statement" : "nothing but the primary key: look at the loop before using it")
      ),
      ("operation", .text(endpoint.operationID)),
      ("contract", .text("\(context.slug(lookup.owner))/\(SeparationStep.contractPath)")),
      ("callsAfter", .text("1 for each \(CompositionPlanner.mostKeys) distinct keys")),
      ("prefetch", .text("or read the local copy of \(lookup.table.text) when a stale row will do: no call at all")),
    ]
  }
}
