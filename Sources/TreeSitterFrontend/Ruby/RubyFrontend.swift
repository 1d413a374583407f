import Basics
import Facts

extension LanguageFrontend {
  /// Ruby, with what Rake and Rack call their files.
  static let ruby = LanguageFrontend(
    .ruby, extensions: ["rb", "rake", "ru", "gemspec", "rakefile", "gemfile"], grammar: rubyGrammar,
    read: { file, bytes in RubyReader.facts(of: file, bytes: bytes) })
}

extension RubyReader {
  /// The facts of a file of Ruby.
  static func facts(of file: RepoPath, bytes: UnsafeBufferPointer<UInt8>) -> FileFacts {
    var facts = FileFacts(file: file, language: .ruby)
    facts.lineCount = bytes.reduce(into: bytes.isEmpty ? 0 : 1) { $0 += $1 == UInt8(ascii: "\n") ? 1 : 0 }
    guard let syntax = Syntax(rubyGrammar, bytes: bytes) else { return facts }
    var reader = RubyReader(syntax)
    reader.readFile(lineCount: facts.lineCount)
    facts.functions = reader.functions.sorted { $0.lines.lowerBound < $1.lines.lowerBound }
    facts.types = reader.types.filter { !reader.isMereNamespace($0) }.sorted { $0.line < $1.line }
    facts.constants = reader.constants
    facts.imports = reader.imports
    facts.understoodLines = reader.understoodLines
    facts.lostLines = reader.lostLines
    if syntax.hasError(syntax.root) {
      facts.diagnostics.append(
        Diagnostic(
          code: "parse-errors", severity: .note, span: SourceSpan(file: file, line: 0),
          message: "parts of the file are no Ruby that the grammar knows",
          nextStep: "the rest of the file was read; check its syntax"))
    }
    return facts
  }
}
