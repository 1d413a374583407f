import Facts
import SQL

/// Which parameters receive prose: messages for logs and people. A text that only goes there is no statement, however
/// much it reads like one.
struct ProseSinks {
  private var prose: Set<TextSink> = []
  private let formatters: Set<String>
  /// Fewer texts than this say nothing about a parameter by their number.
  private static let fewTexts = 8
  /// Less than one statement in so many texts makes a parameter one for prose.
  private static let textsPerStatement = 10
  private static let words: Set<String> = [
    "log", "logger", "dbg", "debug", "warn", "warning", "err", "error", "info", "notice", "trace", "crit", "critical",
    "fatal", "emerg", "alert", "print", "println", "printf", "fprintf", "puts", "fputs", "perror", "syslog", "usage",
  ]
  /// Words that are said of messages alone.
  private static let always: Set<String> = ["dbg", "debug", "warn", "warning", "syslog", "perror", "printf", "fprintf"]
  private static let levels: Set<String> = [
    "info", "err", "error", "notice", "trace", "crit", "critical", "fatal", "msg",
  ]
  /// Words of calls that only look at a text: measuring, comparing, expecting it.
  private static let inspecting: Set<String> = [
    "strlen", "strcmp", "strncmp", "strcasecmp", "strncasecmp", "strstr", "memcmp", "expect", "assert", "require",
  ]
  private static let performing: Set<String> = ["sql", "query", "execute", "exec", "db", "prepare", "statement"]

  /// Learns from the texts that the traced functions hand over; linear in their number.
  init(traces: [(id: FunctionID, trace: FunctionTrace)], cache: StatementCache, formatters: Set<String>) {
    self.formatters = formatters
    var texts: [TextSink: Counts] = [:]
    for (_, trace) in traces {
      for text in trace.texts {
        guard let sink = text.sink else { continue }
        let isStatement = SQLReader.mayBeStatement(text.folded.text) && !cache.statements(in: text.folded.text).isEmpty
        texts[Self.general(sink), default: Counts()].add(text.folded.text, isStatement: isStatement)
      }
    }
    prose = Set(
      texts.filter {
        !isNeutral($0.key.callee) && Self.isProse($0.key, $0.value)
      }.keys)
  }

  private static func general(_ sink: TextSink) -> TextSink {
    TextSink(callee: NameWords.lastPart(sink.callee), position: sink.position)
  }

  /// What one parameter receives.
  private struct Counts {
    var all = 0
    var statements = 0
    var sentences = 0

    mutating func add(_ text: String, isStatement: Bool) {
      all += 1
      if isStatement { statements += 1 }
      if text.utf8.prefix(200).count(where: { $0 == UInt8(ascii: " ") }) >= 2 { sentences += 1 }
    }
  }

  private static func isProse(_ sink: TextSink, _ counts: Counts) -> Bool {
    let name = NameWords.split(sink.callee)
    guard !name.contains(where: { performing.contains($0) }) else { return false }
    if counts.all >= fewTexts, counts.statements * textsPerStatement < counts.all, counts.sentences * 2 >= counts.all {
      return true
    }
    if !Set(name).isDisjoint(with: always) || (name.contains("log") && !Set(name).isDisjoint(with: levels)) {
      return true
    }
    return name.contains { words.contains($0) } && counts.statements * 2 <= counts.all
  }

  /// Whether a call only builds or converts text, so that it says nothing about what the text is for.
  func isNeutral(_ callee: String) -> Bool {
    if callee == "printf" || callee == "fprintf" { return false }
    let last = NameWords.lastPart(callee)
    let words = NameWords.split(last)
    return formatters.contains(last) || TextPassing.isConversion(words, name: callee) || TextPassing.isFormat(words)
      || last.hasSuffix("cat") || last.hasSuffix("cpy") || last.hasSuffix("printf") || words.contains("append")
  }

  private static func isInspecting(_ callee: String) -> Bool {
    NameWords.split(callee).contains { inspecting.contains($0) }
  }

  /// Whether a text handed to these calls goes to people only, or is only looked at; nil stands for a text that is kept
  /// or returned. What is built and measured may still be performed.
  func areProse(_ sinks: [TextSink?]) -> Bool {
    var isRead = false
    var isInspected = false
    var isBuilt = false
    for sink in sinks {
      guard let sink else { return false }
      let general = Self.general(sink)
      if prose.contains(general) {
        isRead = true
      } else if Self.isInspecting(general.callee) {
        isInspected = true
      } else if isNeutral(general.callee) {
        isBuilt = true
      } else {
        return false
      }
    }
    return isRead || (isInspected && !isBuilt)
  }
}
