package import Basics
package import Facts

/// Replays DDL, file after file, into the final schema.
package struct SchemaReader: Sendable {
  /// Statements met so far.
  package private(set) var statementCount = 0
  /// Statements that were understood, or skipped because they only carry rows.
  package private(set) var understoodCount = 0
  /// What could not be read, in order.
  package private(set) var diagnostics: [Diagnostic] = []

  private let engine: EngineFamily?
  private var votes = [Int](repeating: 0, count: Dialect.registry.count)
  private var replay = Replay()

  /// Longest stretch of a statement quoted in a diagnostic, in bytes.
  private static let quotedLength = 60

  /// A reader for an engine; nil judges each file by its syntax.
  package init(engine: EngineFamily?) { self.engine = engine }

  /// Applies the statements of a file. Linear in its length; rows of dumps are skipped byte by byte.
  package mutating func read(_ text: String, file: RepoPath) {
    let fileVotes = EngineJudge.votes(for: text)
    for index in votes.indices { votes[index] += fileVotes[index] }
    let dialect = Dialect.of(engine ?? EngineJudge.winner(of: fileVotes))
    var script = Script(WayBack.removed(from: text), dialect: dialect, mode: .file)
    while script.next() {
      let offset = Int(script.tokens.first?.start ?? 0)
      let line = script.line(at: offset) + 1
      let tokens = TokenCursor(bytes: script.lexer.bytes, tokens: script.tokens)
      var statement = DefinitionCursor(cursor: tokens, file: file, firstLine: line, firstOffset: offset)
      statementCount += 1
      if replay.apply(&statement, dialect: dialect) {
        understoodCount += 1
      } else {
        note(tokens, at: SourceSpan(file: file, line: line))
      }
    }
    statementCount += script.skippedRowStatements
    understoodCount += script.skippedRowStatements
  }

  private mutating func note(_ tokens: TokenCursor, at span: SourceSpan) {
    let start = Int(tokens.tokens[0].start)
    let end = Int(tokens.tokens[max(0, tokens.tokens.count - 2)].end)
    let quoted = tokens.bytes[min(start, end)..<min(end, start + Self.quotedLength)]
    let text = String(decoding: quoted.map { $0.isBlank ? .of(" ") : $0 }, as: UTF8.self)
    diagnostics.append(
      Diagnostic(
        code: "schema-statement-unknown", severity: .warning, span: span, message: "not understood: \(text)",
        nextStep: "check whether the statement defines a table"))
  }

  /// The schema as it stands now.
  package func catalog() -> Catalog {
    replay.catalog(engine: engine ?? EngineJudge.winner(of: votes) ?? .mysql)
  }
}
