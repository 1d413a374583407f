import Basics

/// What PLAN.md says about the transactions of a group.
struct TransactionWords {
  let context: GroupContext

  /// What has to be settled before S4, one sentence a group of transactions.
  var preconditions: [String] { context.spanning.flatMap(sentences) }

  private func sentences(_ group: SpanningGroup) -> [String] {
    let places = places(group)
    switch group.decision.answer {
    case .keepTogether:
      let sets = group.decision.merged.map { $0.joined(separator: " and ") }.joined(separator: "; ")
      guard group.decision.merged.contains(where: { $0.contains(context.service) }) else {
        return [
          "settle first whether \(sets) become one service, as \(places) shows; the saga here takes them for one: "
            + group.decision.action
        ]
      }
      return [
        "stop before S5 until \(sets) are one service, or --transactions says what replaces \(places): "
          + group.decision.action
      ]
    case .tell, .replace: return group.decision.limits.map { "\(places): \($0)" }
    }
  }

  /// The functions of a group, shortened.
  func places(_ group: SpanningGroup) -> String {
    let units = group.variants.prefix(3).map { variant in
      variant.model.unit.isEmpty ? variant.places[0].description : "\(variant.model.unit) (\(variant.places[0]))"
    }
    let all = group.places.count
    let more = all > units.count ? " and \(all - units.count) more" : ""
    return units.joined(separator: ", ") + more
  }
}
