import Basics
import Facts

/// SQL files on the class path that hold one statement each, found by the class and the method they are for.
///
/// Source: Jdbi documentation, `ClasspathSqlLocator`: `com/foo/BarDao/query.sql` for `com.foo.BarDao.query`.
struct StatementFiles {
  private let scripts: [RepoPath: String]
  /// Paths by the name of their file.
  private let byName: [String: [RepoPath]]

  init(system: SystemIndex) {
    scripts = system.scripts
    byName = Dictionary(grouping: system.scripts.keys.sorted(), by: \.fileName)
  }

  /// The text for a statement of a class; nil when there is no such file, or several with different texts.
  func text(of name: String, type: TypeFact) -> String? {
    let simple = type.name.replacing(".", with: "$")
    return text(at: (type.namespace.isEmpty ? simple : type.namespace + "." + simple) + "." + name)
  }

  /// The text at a path from the top of the class path, with dots or slashes and without its ending.
  func text(at path: String) -> String? {
    let wanted = path.replacing(".", with: "/") + ".sql"
    guard let name = wanted.split(separator: "/").last, wanted.contains("/") else { return nil }
    let found = (byName[String(name)] ?? []).filter { $0.text == wanted || $0.text.hasSuffix("/" + wanted) }
    let texts = Set(found.compactMap { scripts[$0] })
    return texts.count == 1 ? texts.first : nil
  }

  /// Statements that code takes from files itself: `ClasspathSqlLocator.create().locate("queries.open")`.
  func located(in system: SystemIndex, languages: Set<SourceLanguage>) -> [FrameworkStatement] {
    guard !scripts.isEmpty else { return [] }
    var found: [FrameworkStatement] = []
    for (file, facts) in system.files.enumerated() where languages.contains(facts.language) {
      guard facts.imports.contains(where: { $0.symbol == "ClasspathSqlLocator" || $0.path.hasSuffix("locator") }) else {
        continue
      }
      for (place, function) in facts.functions.enumerated() {
        for placed in function.events {
          guard case .call(let call) = placed.event, let text = located(call, from: file, in: system) else { continue }
          found.append(
            FrameworkStatement(
              content: .sql(text), function: FunctionID(file: file, index: place), file: file, line: placed.line,
              confidence: .exact, via: "sqlobject"))
        }
      }
    }
    return found
  }

  private static let locating: Set<String> = ["locate", "findSqlOnClasspath", "getResource"]

  private func located(_ call: CallFact, from file: Int, in system: SystemIndex) -> String? {
    guard Self.locating.contains(NameWords.lastPart(call.callee)), let last = call.arguments.last,
      let name = AnnotationText.text(last, from: file, in: system)
    else { return nil }
    guard call.arguments.count == 2 else { return text(at: name) }
    guard case .type(let type)? = call.arguments.first, let id = system.resolve(type, from: file) else { return nil }
    return text(of: name, type: system.type(id))
  }
}
