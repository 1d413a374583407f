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
    var calls: [Int: [PlacedCall]] = [:]
    for reference in references where reference.kind == .call {
      calls[reference.from, default: []].append(PlacedCall(unit: reference.to, line: reference.span.line))
    }
    var scopes: [TransactionScope] = []
    for (id, trace) in traces where !trace.transactions.isEmpty || whole.contains(id) {
      let end = symbols.function(id).lines.upperBound
      let ranges = whole.contains(id) ? [symbols.function(id).lines] : Self.ranges(trace.transactions, end: end)
      for lines in ranges {
        guard let unit = index.unit(of: id, at: lines.lowerBound) else { continue }
        let own = (byUnit[unit] ?? []).filter { lines.contains($0.span.line) }
        let inside = trace.calls.filter { lines.contains($0.line) }.flatMap { call in
          (call.targets
            ?? symbols.functions(
              called: call.callee, from: id.file, owner: symbols.function(id).owner, hasReceiver: call.hasReceiver))
            .compactMap { index.functionUnits[$0] }.map { PlacedCall(unit: $0, line: call.line) }
        }
        let order = TouchOrder(accesses: byUnit, calls: calls, depth: Self.callDepth)
        let touches = order.touches(of: unit, own: own, calls: inside)
        let touched = touches.map(\.access)
        let writes = Set(touched.filter { $0.operation == .write }.map(\.table)).sorted()
        let reads = Set(touched.filter { $0.operation == .read }.map(\.table)).sorted()
        guard !writes.isEmpty else { continue }
        scopes.append(
          TransactionScope(
            unit: unit, span: SourceSpan(file: symbols.files[id.file].file, line: lines.lowerBound), writes: writes,
            reads: reads, touches: touches))
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

/// A call and the line it stands in.
struct PlacedCall: Hashable {
  let unit: Int
  let line: Int
}

/// Puts what a function does, itself and through calls, in the order of the code.
struct TouchOrder {
  let accesses: [Int: [Access]]
  let calls: [Int: [PlacedCall]]
  /// How deep calls are followed.
  let depth: Int

  /// The accesses of a function and of what it calls, each function once, where it is called first by the shortest way.
  func touches(of unit: Int, own: [Access], calls inside: [PlacedCall]) -> [TransactionTouch] {
    var depths = [unit: 0]
    var level = inside.map(\.unit)
    for step in 1...max(1, depth) {
      let fresh = level.filter { depths[$0] == nil }
      for unit in fresh { depths[unit] = step }
      level = Set(fresh).sorted().flatMap { (calls[$0] ?? []).map(\.unit) }
    }
    var seen: Set<Int> = [unit]
    var result: [TransactionTouch] = []
    // An explicit stack: what is still to be done, the next thing last.
    var open = events(own: own, calls: inside, under: 0, line: nil)
    while let event = open.popLast() {
      switch event.what {
      case .access(let access): result.append(TransactionTouch(access: access, line: event.line))
      case .call(let callee, let under):
        guard depths[callee] == under + 1, seen.insert(callee).inserted else { continue }
        open += events(own: accesses[callee] ?? [], calls: calls[callee] ?? [], under: under + 1, line: event.line)
      }
    }
    return result
  }

  private enum What {
    case access(Access)
    case call(Int, under: Int)
  }

  private struct Event {
    let what: What
    /// The line of the outermost function.
    let line: Int
    let sort: (line: Int, kind: Int, number: Int)
  }

  /// What a function does, the first thing last; `line` is where the outermost function leads to it.
  private func events(own: [Access], calls: [PlacedCall], under: Int, line: Int?) -> [Event] {
    var events = own.enumerated().map { number, access in
      Event(what: .access(access), line: line ?? access.span.line, sort: (access.span.line, 1, number))
    }
    events += calls.enumerated().map { number, call in
      Event(what: .call(call.unit, under: under), line: line ?? call.line, sort: (call.line, 0, number))
    }
    return events.sorted { $0.sort > $1.sort }
  }
}
