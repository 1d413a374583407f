import Basics
import Facts

/// Finds the smallest change of evidence that would flip an owner.
struct FlipRule {
  /// The owner.
  let service: String
  /// Name of the division of the tables the proposal is built on; empty when it was given.
  let division: String
  /// Boundaries that write, strongest first.
  let writers: [TableParty]
  /// Boundaries that read, strongest first.
  let readers: [TableParty]
  /// The boundary that would own it next; empty for none.
  let runnerUp: String
  /// What one place counts whose statement is read in full.
  let exactWeight: Double

  var flip: OwnerFlip {
    guard !service.isEmpty else { return OwnerFlip() }
    if writers.isEmpty { return placed }
    let own = writers.first { $0.service == service }
    let next = writers.first { $0.service == runnerUp }
    if let next, next.weight > own?.weight ?? 0 { return kept(own, next) }
    return own.map { written($0, next) } ?? onlyShared
  }

  private var placed: OwnerFlip {
    var flip = OwnerFlip()
    flip.placesToAppear = 1
    let reads = readers.first { $0.service == runnerUp }?.places.count ?? 0
    flip.sentence =
      runnerUp.isEmpty
      ? "nothing writes it now; the first write in another boundary"
      : "nothing writes it now; one write in \(runnerUp), which reads it in \(Self.count(reads, "place"))"
    return flip
  }

  /// Shared code alone writes: whoever takes these statements over owns the table.
  private var onlyShared: OwnerFlip {
    var flip = OwnerFlip()
    flip.placesToAppear = 1
    flip.sentence = "only shared code writes it; one write in another boundary"
    return flip
  }

  private func kept(_ own: TableParty?, _ next: TableParty) -> OwnerFlip {
    var flip = OwnerFlip()
    flip.basis = .division
    flip.unsurePlaces = own.map(Self.unsure) ?? 0
    flip.sentence =
      "kept by \(divisionText) although \(next.service) writes more (\(Self.count(next.places.count, "place")) against "
      + "\(own?.places.count ?? 0)); no write would move it, pinning it to \(next.service) would"
    return flip
  }

  private func written(_ own: TableParty, _ next: TableParty?) -> OwnerFlip {
    var flip = OwnerFlip()
    flip.basis = .writes
    let gap = own.weight - (next?.weight ?? 0)
    flip.placesToMove = placesToMove(own, gap)
    flip.placesToAppear = Int((gap / exactWeight + Self.rounding).rounded(.down)) + 1
    flip.unsurePlaces = Self.unsure(own)
    let sure = own.places.values.filter { $0.confidence == .exact }.map(\.weight).sorted().reduce(0, +)
    flip.hangsOnUnsure = flip.unsurePlaces > 0 && sure < next?.weight ?? 0
    let other = next?.service ?? "another boundary"
    let all = own.places.count
    flip.sentence =
      "\(flip.placesToMove) of \(Self.count(all, "write place")) of \(service) would have to move to \(other), or "
      + "\(Self.count(flip.placesToAppear, "new one")) appear there" + unsureText(flip, all: all, other: other)
      + (isByPeople
        ? "; even then \(divisionText) would keep the table here until it is pinned" : "")
    return flip
  }

  private func unsureText(_ flip: OwnerFlip, all: Int, other: String) -> String {
    guard flip.unsurePlaces > 0 else { return "" }
    let start = "; \(flip.unsurePlaces) of the \(all) \(flip.unsurePlaces == 1 ? "is" : "are") inferred or guessed"
    return flip.hangsOnUnsure ? start + ", and without them \(other) would write more" : start
  }

  /// The fewest places whose evidence, moved, turns the lead: the heaviest first.
  private func placesToMove(_ own: TableParty, _ gap: Double) -> Int {
    var moved = 0.0
    for (number, weight) in own.places.values.map(\.weight).sorted(by: >).enumerated() {
      moved += weight
      if 2 * moved > gap + Self.rounding { return number + 1 }
    }
    return own.places.count
  }

  private var isByPeople: Bool { !division.isEmpty && division != DataGroups.dataAlone }

  private var divisionText: String {
    if division.isEmpty { return "the division that was given" }
    return isByPeople ? "the division by \(division)" : "the ties of the data"
  }

  private static func unsure(_ party: TableParty) -> Int { party.places.values.count { $0.confidence != .exact } }

  private static func count(_ number: Int, _ word: String) -> String { "\(number) \(word)\(number == 1 ? "" : "s")" }

  /// Sums of weights differ in their last digits.
  private static let rounding = 1e-9
}

extension OwnerFlip {
  /// People decided: only they change it; what else would is kept as it was without them.
  static func decided(_ decision: String, instead evidence: OwnerFlip) -> OwnerFlip {
    var flip = evidence
    flip.basis = .decision
    flip.placesToMove = 0
    flip.placesToAppear = 0
    flip.sentence = "\(decision); nothing else than changing that"
    return flip
  }
}
