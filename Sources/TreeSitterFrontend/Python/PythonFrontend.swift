import Basics
import Facts

/// Reads Python.
enum PythonFrontend {
  /// The line of the registry.
  static let language = LanguageFrontend(
    .python, extensions: ["py", "pyw"], grammar: PythonGrammar.grammar, read: { read($0, $1) })

  private static func read(_ file: RepoPath, _ bytes: UnsafeBufferPointer<UInt8>) -> FileFacts {
    let lines = bytes.reduce(into: 0) { count, byte in if byte == UInt8(ascii: "\n") { count += 1 } }
    let lineCount = bytes.isEmpty || bytes.last == UInt8(ascii: "\n") ? lines : lines + 1
    guard let syntax = PythonSyntax(PythonGrammar.grammar, bytes: bytes) else {
      return FileFacts(
        file: file, language: .python, lineCount: lineCount,
        diagnostics: [
          Diagnostic(
            code: "parse-refused", severity: .warning, span: SourceSpan(file: file, line: 0),
            message: "the parser refused the file")
        ])
    }
    let module = PythonModule(file)
    var reader = PythonReader(syntax: syntax, module: module)
    reader.readModule()
    var facts = reader.facts(of: file)
    facts.lineCount = lineCount
    return facts
  }
}

/// The place of a file among the modules, guessed from its path.
struct PythonModule {
  /// The dotted path: `shop.orders.models`.
  let path: String
  /// The package relative imports of the file start from.
  private let package: [Substring]

  /// `src/shop/orders/__init__.py` is the package `shop.orders`.
  init(_ file: RepoPath) {
    var parts = file.text.split(separator: "/")
    if let last = parts.popLast() {
      let stem = last.prefix { $0 != "." }
      if parts.first == "src" { parts.removeFirst() }
      package = parts
      if stem != "__init__" { parts.append(stem) }
    } else {
      package = []
    }
    path = parts.joined(separator: ".")
  }

  /// The dotted path that `dots` dots and a name mean in this file.
  func absolute(dots: Int, name: String) -> String {
    var parts = Array(package.dropLast(max(0, dots - 1)))
    if !name.isEmpty { parts.append(Substring(name)) }
    return parts.joined(separator: ".")
  }
}
