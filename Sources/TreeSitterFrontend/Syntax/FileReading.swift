import Basics
import Facts

extension FileFacts {
  /// The facts of a file that `fill` takes from its tree. Linear in its size, without `fill`.
  init<Kind, Field>(
    of file: RepoPath, _ language: SourceLanguage, _ grammar: Grammar<Kind, Field>, _ bytes: UnsafeBufferPointer<UInt8>,
    fill: (_ syntax: Syntax<Kind, Field>, _ facts: inout FileFacts) -> Void
  ) {
    self.init(file: file, language: language, lineCount: Self.lines(of: bytes))
    guard let syntax = Syntax(grammar, bytes: bytes) else {
      diagnostics = [
        Diagnostic(
          code: "parse-refused", severity: .warning, span: SourceSpan(file: file, line: 0),
          message: "the parser refused the file", nextStep: "split it, or name it to be ignored")
      ]
      return
    }
    fill(syntax, &self)
    functions = Self.inOrder(functions) { $0.lines.lowerBound }
    types = Self.inOrder(types) { $0.line }
    constants = Self.inOrder(constants) { $0.line }
    countLines()
    if syntax.hasError(syntax.root) {
      diagnostics.append(
        Diagnostic(
          code: "parse-errors", severity: .note, span: SourceSpan(file: file, line: syntax.firstErrorLine),
          message: "part of the file does not follow the grammar from here on; the rest was read",
          nextStep: "check whether it compiles"))
    }
  }

  private static func lines(of bytes: UnsafeBufferPointer<UInt8>) -> Int {
    let newline = UInt8(ascii: "\n")
    return bytes.count { $0 == newline } + (bytes.last ?? newline == newline ? 0 : 1)
  }

  /// In order of lines; what begins in one line keeps the order in which it was read.
  private static func inOrder<Fact>(_ facts: [Fact], by line: (Fact) -> Int) -> [Fact] {
    facts.enumerated().sorted { (line($0.element), $0.offset) < (line($1.element), $1.offset) }.map(\.element)
  }

  /// Counts the lines in functions, each once however functions are nested; code outside of functions counts in files
  /// that have none. Lines are lost with functions that hold errors and nothing that could be read.
  private mutating func countLines() {
    let bodies = functions.filter { $0.name != "<main>" && !$0.isAbstract }
    var last = 0
    for function in bodies.isEmpty ? functions : bodies where function.lines.upperBound > last {
      let count = function.lines.upperBound - max(last, function.lines.lowerBound - 1)
      if function.isRecovered, function.events.isEmpty { lostLines += count } else { understoodLines += count }
      last = function.lines.upperBound
    }
  }
}
