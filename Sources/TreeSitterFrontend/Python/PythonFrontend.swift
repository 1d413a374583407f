import Basics
import Facts

/// Reads Python.
enum PythonFrontend {
  /// The line of the registry.
  static let language = LanguageFrontend(
    .python, extensions: ["py", "pyw"], grammar: PythonGrammar.grammar
  ) { syntax, facts in
    var reader = PythonReader(syntax, module: PythonModule(facts.file))
    reader.fill(&facts)
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
