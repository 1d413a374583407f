import Basics
import Facts

/// Recognises transactions: from a begin to the matching commit or rollback of the same function, or from a scoped
/// transaction object to the end of its function; calls inside count with what they do.
struct TransactionRecognizer {
  private let symbols: SymbolTable
  private let index: UnitIndex
  /// How deep calls inside a transaction are followed.
  private static let callDepth = 3

  init(symbols: SymbolTable, index: UnitIndex) {
    self.symbols = symbols
    self.index = index
  }

  /// The transactions of the system that touch a table, sorted by place.
  func scopes(
    traces: [(id: FunctionID, trace: FunctionTrace)], accesses: [Access], references: [Reference],
    whole: Set<FunctionID> = []
  ) -> [TransactionScope] {
    var byUnit: [Int: [Access]] = [:]
    for access in accesses { byUnit[access.unit, default: []].append(access) }
    var calls: [Int: [Int]] = [:]
    for reference in references where reference.kind == .call {
      calls[reference.from, default: []].append(reference.to)
    }
    var scopes: [TransactionScope] = []
    for (id, trace) in traces where !trace.transactions.isEmpty || whole.contains(id) {
      let end = symbols.function(id).lines.upperBound
      let ranges = whole.contains(id) ? [symbols.function(id).lines] : Self.ranges(trace.transactions, end: end)
      for lines in ranges {
        guard let unit = index.unit(of: id, at: lines.lowerBound) else { continue }
        var touched = (byUnit[unit] ?? []).filter { lines.contains($0.span.line) }
        let inside = trace.calls.filter { lines.contains($0.line) }.flatMap {
          $0.targets
            ?? symbols.functions(
              called: $0.callee, from: id.file, owner: symbols.function(id).owner, hasReceiver: $0.hasReceiver)
        }
        var seen: Set<Int> = [unit]
        var level = inside.compactMap { index.functionUnits[$0] }
        for _ in 0..<Self.callDepth {
          let fresh = level.filter { seen.insert($0).inserted }
          touched += fresh.flatMap { byUnit[$0] ?? [] }
          level = fresh.flatMap { calls[$0] ?? [] }
        }
        let writes = Set(touched.filter { $0.operation == .write }.map(\.table)).sorted()
        let reads = Set(touched.filter { $0.operation == .read }.map(\.table)).sorted()
        guard !writes.isEmpty else { continue }
        scopes.append(
          TransactionScope(
            unit: unit, span: SourceSpan(file: symbols.files[id.file].file, line: lines.lowerBound), writes: writes,
            reads: reads))
      }
    }
    return scopes.sorted { $0.span == $1.span ? $0.unit < $1.unit : $0.span < $1.span }
  }

  private static func ranges(_ marks: [TransactionMark], end: Int) -> [ClosedRange<Int>] {
    var ranges: [ClosedRange<Int>] = []
    var open: Int?
    for (place, mark) in marks.enumerated() {
      switch mark.kind {
      case .scoped: ranges.append(mark.line...max(end, mark.line))
      case .begin: open = open ?? mark.line
      case .end:
        // The last end closes: early rollbacks on error paths come before it.
        let isLast =
          !marks[(place + 1)...].contains { $0.kind == .end }
          || marks[place + 1].kind == .begin
        if let first = open, isLast {
          ranges.append(first...max(first, mark.line))
          open = nil
        }
      }
    }
    if let first = open { ranges.append(first...max(first, end)) }
    return ranges
  }
}
