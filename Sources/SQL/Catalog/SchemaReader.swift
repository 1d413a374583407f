package import Basics
package import Facts

/// Replays DDL, file after file, into the final schema.
package struct SchemaReader: Sendable {
  /// What reading came to, apart from the schema.
  private struct Tally: Sendable {
    var statements = 0
    var understood = 0
    var diagnostics: [Diagnostic] = []
  }

  /// Statements met so far; those of updates the base holds already do not count.
  package var statementCount: Int { updated.tally.statements }
  /// Statements that were understood, or skipped because they only carry rows.
  package var understoodCount: Int { updated.tally.understood }
  /// What could not be read and what was defined twice, in order.
  package var diagnostics: [Diagnostic] { updated.tally.diagnostics }

  private var tally = Tally()
  private let engine: EngineFamily?
  private var votes = [Int](repeating: 0, count: Dialect.registry.count)
  private var replay = Replay()
  /// Folders whose base was read: updates below them are judged before they are applied.
  private var rootsWithBase: Set<String> = []
  /// Updates by folder.
  private var updates: [String: UpdateSequence] = [:]

  /// Longest stretch of a statement quoted in a diagnostic, in bytes.
  private static let quotedLength = 60

  /// A reader for an engine; nil judges each file by its syntax.
  package init(engine: EngineFamily?) { self.engine = engine }

  /// Applies the statements of a file. Linear in its length; rows of dumps are skipped byte by byte.
  ///
  /// Updates behind the base of their schema are applied only as far as the base does not hold them. `source` is where
  /// the text really stands, when that is elsewhere than `file` says.
  package mutating func read(_ text: String, file: RepoPath, source: RepoPath? = nil) {
    let place = SchemaPlace(file)
    let isStep = place.isUpdate || place.isVersioned
    let known = replay.tables.count
    if place.isUpdate, rootsWithBase.contains(place.root) { return judge(text, file: file) }
    apply(text, file: source ?? file, isStep: isStep)
    if !isStep, replay.tables.count > known { rootsWithBase.insert(place.root) }
  }

  /// Adds what another reader met to what this one tells of statements and diagnostics.
  mutating func add(countsOf other: SchemaReader) {
    tally.statements += other.statementCount
    tally.understood += other.understoodCount
    tally.diagnostics += other.diagnostics
  }

  /// Applies the changes of a history in their order. Linear in their number.
  package mutating func replay(_ history: SchemaHistory) {
    for placed in history.operations {
      tally.statements += 1
      tally.understood += 1
      if case .statement(let text) = placed.operation {
        tally.statements -= 1
        tally.understood -= 1
        apply(text, file: placed.span.file, isStep: true, firstLine: placed.span.line)
      } else {
        replay.apply(placed.operation, in: history.origin == .migrations ? placed.span.file : nil)
      }
    }
  }

  private mutating func judge(_ text: String, file: RepoPath) {
    let forth = WayBack.removed(from: text)
    let dialect = Dialect.of(engine ?? EngineJudge.judge(text))
    let update = UpdateSequence.File(text: forth, path: file)
    updates[file.folder, default: UpdateSequence()].add(update, dialect: dialect, base: replay)
  }

  /// `firstLine` is where the text begins in its file, from 1.
  private mutating func apply(_ text: String, file: RepoPath, isStep: Bool, firstLine: Int = 1) {
    let fileVotes = EngineJudge.votes(for: text)
    for index in votes.indices { votes[index] += fileVotes[index] }
    let dialect = Dialect.of(engine ?? EngineJudge.winner(of: fileVotes))
    let forth = FormattedChangelog.cleaned(WayBack.removed(from: text), engine: dialect.engine)
    var script = Script(forth, dialect: dialect, mode: .file)
    replay.beginFile(isStep: isStep)
    while script.next() {
      let offset = Int(script.tokens.first?.start ?? 0)
      let line = script.line(at: offset) + firstLine
      let tokens = TokenCursor(bytes: script.lexer.bytes, tokens: script.tokens)
      var statement = DefinitionCursor(cursor: tokens, file: file, firstLine: line, firstOffset: offset)
      tally.statements += 1
      if replay.apply(&statement, dialect: dialect) {
        tally.understood += 1
      } else {
        note(tokens, at: SourceSpan(file: file, line: line))
      }
    }
    tally.statements += script.skippedRowStatements
    tally.understood += script.skippedRowStatements
    tally.diagnostics += replay.takeRepeats()
  }

  private mutating func note(_ tokens: TokenCursor, at span: SourceSpan) {
    let start = Int(tokens.tokens[0].start)
    let end = Int(tokens.tokens[max(0, tokens.tokens.count - 2)].end)
    let quoted = tokens.bytes[min(start, end)..<min(end, start + Self.quotedLength)]
    let text = String(decoding: quoted.map { $0.isBlank ? .of(" ") : $0 }, as: UTF8.self)
    tally.diagnostics.append(
      Diagnostic(
        code: "schema-statement-unknown", severity: .warning, span: span, message: "not understood: \(text)",
        nextStep: "check whether the statement defines a table"))
  }

  /// The schema as it stands now, with the updates its base does not hold.
  package func catalog() -> Catalog {
    updated.replay.catalog(engine: engine ?? EngineJudge.winner(of: votes) ?? .mysql)
  }

  /// The reader after the updates its base does not hold. Which they are is known only when all were read.
  private var updated: SchemaReader {
    var current = self
    for folder in updates.keys.sorted() {
      for file in updates[folder]?.pending ?? [] { current.apply(file.text, file: file.path, isStep: true) }
    }
    return current
  }
}
