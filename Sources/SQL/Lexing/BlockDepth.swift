/// How deep inside `BEGIN … END` a routine's text is, so that its semicolons do not end it.
struct BlockDepth {
  private let hasBatches: Bool
  private let hasDeclarations: Bool
  private(set) var isRoutine = false
  private var isAnonymous = false
  private var depth = 0
  /// Declarations whose `BEGIN` is still to come: `IS … BEGIN … END`.
  private var openHeads = 0
  /// Whether the head of a procedure, function or package was read up to its `IS`.
  private var isAwaitingIs = false
  private var previous = Keyword.none

  init(dialect: Dialect) {
    hasBatches = dialect.hasBatches
    hasDeclarations = dialect.endsRoutinesWithSlash
  }

  /// Whether a semicolon belongs to the body. A routine of SQL Server takes the rest of its batch.
  var isInside: Bool { isRoutine && (depth > 0 || hasBatches) }

  /// Takes in a token of a statement that begins with `first`.
  mutating func see(_ token: Token, first: Token, isHead: Bool) {
    defer { previous = token.keyword }
    guard token.kind == .word else {
      // `PROCEDURE p;` only announces a procedure.
      if token.isSymbol(.of(";")) { isAwaitingIs = false }
      return
    }
    switch first.keyword {
    case .create, .alter: break
    case .begin, .declare: if hasDeclarations { isRoutine = true } else { return }
    default: return
    }
    switch token.keyword {
    case .procedure, .function, .package, .body:
      if isHead { isRoutine = true }
      isAwaitingIs = hasDeclarations && isRoutine
    case .trigger, .event: if isHead { isRoutine = true }
    case .is, .as:
      if isAwaitingIs { openHead() }
      isAwaitingIs = false
    case .language: if openHeads > 0, previous == .is || previous == .as { closeBlock() }
    case .declare: if hasDeclarations, isRoutine { openHead() }
    case .begin: if openHeads > 0 { openHeads -= 1 } else { depth += 1 }
    case .case: if previous != .end { depth += 1 }
    case .if, .loop, .while, .repeat, .for: if previous == .end { depth += 1 }
    case .end: closeBlock()
    default: break
    }
  }

  private mutating func openHead() {
    depth += 1
    openHeads += 1
  }

  private mutating func closeBlock() {
    depth = max(0, depth - 1)
    openHeads = min(openHeads, depth)
  }
}

/// Kinds of objects that definitions of SQL Server name right behind `CREATE`, `ALTER` or `DROP`.
enum BatchWords {
  static let objects: Set<Keyword> = [
    .table, .view, .index, .procedure, .function, .trigger, .type, .schema, .sequence, .unique, .clustered,
    .nonclustered, .database, .user, .role, .or,
  ]
  /// Words that begin another statement where nothing separates the two.
  static let starts: Set<Keyword> = [
    .select, .insert, .update, .delete, .merge, .with, .truncate, .create, .alter, .drop, .exec, .execute, .declare,
    .set,
    .if, .while, .begin, .commit, .rollback, .end, .else, .print,
  ]
}

/// Commands of SQL*Plus that end with their line. Source: SQL*Plus User's Guide, "SQL*Plus Command Reference".
enum ClientWords {
  static let commands: Set<String> = [
    "set", "prompt", "spool", "rem", "remark", "whenever", "exit", "quit", "show", "connect", "conn", "define",
    "undefine",
    "accept", "column", "ttitle", "btitle", "pause", "host", "variable", "print", "disconnect", "clear",
  ]
  /// First letters of the commands.
  static let letters: Set<UInt8> = Set(commands.compactMap(\.utf8.first))
}
