import Basics
import Facts

/// Gathers single pieces of evidence and sums them to edges.
///
/// Pieces are sorted by value before they are added, because floating point sums depend on their order and the
/// order of the input must not matter.
struct EdgeCollector {
  private struct Piece {
    let pair: UInt64
    let kind: UInt8
    let amount: Double
    let count: Int32
    /// A reference when not negative, else the complement of an index into `places`.
    let place: Int32
  }

  /// How many places an edge keeps for each kind of evidence.
  private static let placesKept = 3
  private static let kinds = EvidenceKind.allCases.sorted()
  private static let numberOfKind = [EvidenceKind: UInt8](
    uniqueKeysWithValues: kinds.enumerated().map { ($0.element, UInt8($0.offset)) })

  private let references: [Reference]
  private let base: [Double]
  private var pieces: [Piece] = []
  private var places: [SourceSpan] = []

  init(system: SystemFacts, weights: EvidenceWeights) {
    references = system.references
    base = Self.kinds.map(weights.pull)
    pieces.reserveCapacity(system.references.count + system.accesses.count)
  }

  /// Adds what reference number `reference` shows between two nodes.
  mutating func add(from: Int32, to: Int32, kind: EvidenceKind, amount: Double, reference: Int, count: Int) {
    append(from: from, to: to, kind: kind, amount: amount, count: count, place: Int32(reference))
  }

  /// Adds what one place shows between two nodes.
  mutating func add(from: Int, to: Int, kind: EvidenceKind, amount: Double, at span: SourceSpan) {
    places.append(span)
    append(
      from: Int32(from), to: Int32(to), kind: kind, amount: amount, count: 1, place: ~Int32(places.count - 1))
  }

  private mutating func append(
    from: Int32, to: Int32, kind: EvidenceKind, amount: Double, count: Int, place: Int32
  ) {
    let number = Self.numberOfKind[kind] ?? 0
    // A layer that is switched off leaves no trace.
    guard from >= 0, to >= 0, from != to, amount > 0, amount.isFinite, base[Int(number)] > 0 else { return }
    pieces.append(
      Piece(
        pair: UInt64(from) << 32 | UInt64(to), kind: number, amount: amount,
        count: Int32(clamping: count), place: place))
  }

  /// All edges, sorted by from and to.
  func edges() -> [GraphEdge] {
    let sorted = pieces.sorted { left, right in
      if left.pair != right.pair { return left.pair < right.pair }
      return left.kind != right.kind ? left.kind < right.kind : left.amount < right.amount
    }
    var edges: [GraphEdge] = []
    var start = 0
    while start < sorted.count {
      let pair = sorted[start].pair
      var evidence: [EdgeEvidence] = []
      while start < sorted.count, sorted[start].pair == pair {
        var end = start
        while end < sorted.count, sorted[end].pair == pair, sorted[end].kind == sorted[start].kind { end += 1 }
        evidence.append(summed(sorted[start..<end]))
        start = end
      }
      edges.append(GraphEdge(from: Int(pair >> 32), to: Int(pair & 0xffff_ffff), evidence: evidence))
    }
    return edges
  }

  /// Counts enter by their logarithm: many calls between two nodes are one strong bond, not many bonds.
  private func summed(_ pieces: ArraySlice<Piece>) -> EdgeEvidence {
    let kind = Int(pieces[pieces.startIndex].kind)
    var amount = 0.0
    var count = 0
    var spans: [SourceSpan] = []
    for piece in pieces {
      amount += piece.amount
      count += Int(piece.count)
      keep(piece.place >= 0 ? references[Int(piece.place)].span : places[Int(~piece.place)], in: &spans)
    }
    return EdgeEvidence(
      kind: Self.kinds[kind], count: count, weight: base[kind] * log2OnePlus(amount), spans: spans)
  }

  private func keep(_ span: SourceSpan, in spans: inout [SourceSpan]) {
    if spans.count == Self.placesKept, let last = spans.last, last <= span { return }
    guard !spans.contains(span) else { return }
    spans.insert(span, at: spans.firstIndex { span < $0 } ?? spans.count)
    if spans.count > Self.placesKept { spans.removeLast() }
  }
}
