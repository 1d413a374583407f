import Basics
import Facts
import SQL

/// Finds SQL in the texts a function handles.
///
/// Of texts that grow step by step only the longest count; a statement whose table is a parameter becomes a template.
struct StatementTextRecognizer {
  let cache: StatementCache
  let declared: Set<String>
  let prose: ProseSinks

  struct Findings {
    var hits: [StatementHit] = []
    var templates: [StatementTemplate] = []
    var unknown: [UnknownStatement] = []
    /// Which parameters of which callees were handed statements.
    var sinks: [TextSink] = []
    /// Constants whose text was used.
    var origins: Set<String> = []
  }

  /// The statements of one traced function.
  func findings(in trace: FunctionTrace, of id: FunctionID) -> Findings {
    var findings = Findings()
    let candidates = trace.texts.filter { SQLReader.mayBeStatement($0.folded.text) }
    let texts = maximal(candidates)
    // A constant that another statement begins like is used all the same.
    for text in candidates where !text.folded.origin.isEmpty && !prose.areProse([text.sink]) {
      if !cache.statements(in: text.folded.text).isEmpty { findings.origins.insert(text.folded.origin) }
    }
    let knownLines = Set(
      texts.filter { text in cache.statements(in: text.folded.text).contains(where: isKnown) }.map(\.folded.line))
    for text in texts {
      var statements = cache.statements(in: text.folded.text)
      if knownLines.contains(text.folded.line) {
        // One place with several possible tables: those that exist are meant.
        statements.removeAll { !isKnown($0) && !$0.hasUnknownTable && !$0.accesses.isEmpty }
      }
      for statement in statements { add(statement, text, id, to: &findings) }
      if !statements.isEmpty {
        if !text.folded.origin.isEmpty { findings.origins.insert(text.folded.origin) }
        if let sink = text.sink, !prose.isNeutral(sink.callee), statements.contains(where: isKnown) {
          findings.sinks.append(sink)
        }
      }
    }
    return findings
  }

  /// Whether the statement works with a table of the catalog, or with any when there is no catalog.
  private func isKnown(_ statement: SQLStatement) -> Bool {
    statement.accesses.contains { declared.isEmpty || declared.contains($0.table.baseKey) }
  }

  private func add(_ statement: SQLStatement, _ text: CollectedText, _ id: FunctionID, to findings: inout Findings) {
    let line = text.folded.line
    let known = statement.accesses.filter { !Hole.contains($0.table.text) }
    if statement.hasUnknownTable {
      if statement.accesses.contains(where: { !Hole.indices(in: $0.table.text).isEmpty }) {
        findings.templates.append(StatementTemplate(text: text.folded.text, inLoop: text.inLoop))
      } else {
        findings.unknown.append(
          UnknownStatement(
            function: id, line: line, text: text.folded.text, reason: "the table name is built at run time"))
      }
    }
    guard !known.isEmpty || !statement.calls.isEmpty else { return }
    // A call of a program that has no tables of its own counts when the program is known, which is looked up later.
    let isSure = known.isEmpty || known.contains { declared.contains($0.table.baseKey) } || text.sink != nil
    guard isSure else { return }
    findings.hits.append(
      StatementHit(
        function: id, line: line, statement: statement,
        via: text.folded.origin.isEmpty ? "text" : "constant:\(text.folded.origin)",
        confidence: text.folded.isInferred ? .inferred : .exact, inLoop: text.inLoop))
  }

  /// Lines between the beginning of a call and a text nested in its arguments.
  private static let callLines = 12

  /// Texts that are not the beginning of another one and do not only go to people; equal texts keep the outermost call
  /// they are handed to.
  private func maximal(_ texts: [CollectedText]) -> [CollectedText] {
    var best: [String: CollectedText] = [:]
    var sinks: [String: [TextSink?]] = [:]
    var order: [String] = []
    var innermost: [String: Int] = [:]
    for var text in texts {
      // A call around a call reports the text again, on its own first line: the place is where the text stands.
      if let line = innermost[text.folded.text], line >= text.folded.line, line - text.folded.line <= Self.callLines {
        text.folded.line = line
      }
      innermost[text.folded.text] = text.folded.line
      let key = "\(text.folded.line):\(text.folded.text)"
      sinks[key, default: []].append(text.sink)
      if best[key] == nil {
        best[key] = text
        order.append(key)
      } else if text.sink != nil, !prose.areProse([text.sink]) {
        // Calls nested in arguments come first: the last one is what executes the text.
        best[key] = text
      }
    }
    let distinct = order.filter { !prose.areProse(sinks[$0] ?? []) }.compactMap { best[$0] }
    let sorted = distinct.map(\.folded.text).sorted()
    return distinct.filter { !Self.isBeginning($0.folded.text, of: sorted) }
  }

  /// Whether another text begins with `text`; in sorted order that one follows directly.
  private static func isBeginning(_ text: String, of sorted: [String]) -> Bool {
    var low = 0
    var high = sorted.count
    while low < high {
      let middle = (low + high) / 2
      if sorted[middle] <= text { low = middle + 1 } else { high = middle }
    }
    return low < sorted.count && sorted[low].utf8.starts(with: text.utf8)
  }
}
