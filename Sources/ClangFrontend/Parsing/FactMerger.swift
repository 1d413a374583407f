import Basics
package import Facts

/// Joins what the parser understood of a file with what its tokens show.
package enum FactMerger {
  /// Functions come from the parser where it read them without errors, from tokens elsewhere: conditions that are
  /// off, bodies with errors, functions the parser dropped. Names of constants, types and macros are the union.
  package static func merge(parsed: ParsedUnit, tokens: FileFacts) -> FileFacts {
    var merged = tokens
    let read = parsed.facts.functions.filter { !isHollow($0, tokens: tokens.functions) }
    let covered = read.map(\.lines).sorted { $0.lowerBound < $1.lowerBound }
    let remaining = tokens.functions.filter { !overlaps($0.lines, covered) }
    merged.functions = (read + remaining).sorted { ($0.lines.lowerBound, $0.name) < ($1.lines.lowerBound, $1.name) }
    let known = Set(parsed.facts.constants.map(\.name))
    merged.constants =
      (parsed.facts.constants + tokens.constants.filter { $0.kind == .macro || !known.contains($0.name) })
      .sorted { ($0.line, $0.name) < ($1.line, $1.name) }
    let types = Set(parsed.facts.types.map(\.name))
    merged.types = (parsed.facts.types + tokens.types.filter { !types.contains($0.name) })
      .sorted { ($0.line, $0.name) < ($1.line, $1.name) }
    merged.lostLines = min(tokens.lostLines, remaining.reduce(0) { $0 + $1.lines.count })
    merged.understoodLines = merged.functions.reduce(0) { $0 + $1.lines.count } - merged.lostLines
    if remaining.isEmpty { merged.diagnostics.removeAll { $0.code == "braces-unbalanced" } }
    return merged
  }

  /// Whether the parser dropped most of a body without an error in it, as it does when a type is unknown: the tokens
  /// show more than twice the calls.
  private static func isHollow(_ function: FunctionFact, tokens: [FunctionFact]) -> Bool {
    guard let same = first(of: tokens, from: function.lines.lowerBound), same.lines.overlaps(function.lines) else {
      return false
    }
    return calls(same) > 2 * calls(function)
  }

  /// The first of the functions, sorted by line, that ends at `line` or later. Logarithmic.
  private static func first(of functions: [FunctionFact], from line: Int) -> FunctionFact? {
    var low = 0
    var high = functions.count
    while low < high {
      let middle = (low + high) / 2
      if functions[middle].lines.upperBound < line { low = middle + 1 } else { high = middle }
    }
    return low < functions.count ? functions[low] : nil
  }

  private static func calls(_ function: FunctionFact) -> Int {
    function.events.count { if case .call = $0.event { true } else { false } }
  }

  /// Whether `lines` meets one of the sorted ranges. Logarithmic.
  private static func overlaps(_ lines: ClosedRange<Int>, _ sorted: [ClosedRange<Int>]) -> Bool {
    var low = 0
    var high = sorted.count
    while low < high {
      let middle = (low + high) / 2
      if sorted[middle].upperBound < lines.lowerBound { low = middle + 1 } else { high = middle }
    }
    return low < sorted.count && sorted[low].overlaps(lines)
  }
}
