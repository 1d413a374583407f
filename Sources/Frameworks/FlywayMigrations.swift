package import Basics
package import Facts
import SQL

/// Migrations of Flyway that are classes: the SQL that their methods hand to JDBC is a step of the schema like a file.
///
/// Source: Flyway documentation, "Java-based migrations": the name of the class is that of a migration, `V3__add_users`.
package enum FlywayMigrations {
  private static let bases: Set<String> = [
    "BaseJavaMigration", "JavaMigration", "JdbcMigration", "SpringJdbcMigration",
  ]
  /// Methods that run the SQL they are given, of JDBC and of what wraps it.
  private static let running: Set<String> = [
    "execute", "executeUpdate", "executeLargeUpdate", "executeQuery", "addBatch", "prepareStatement", "prepareCall",
    "update", "batchUpdate", "executeStatement", "sql",
  ]

  /// A migration: where its class is, its name, and its statements at the lines where they stand.
  package struct Script: Hashable {
    /// The file of the class.
    package var file: RepoPath
    /// The name of the class.
    package var name: String
    /// Its statements, each behind as many line ends as put it on its line.
    package var text: String
  }

  /// The migrations among the files of a system, in order of file and line. Linear in the files that use Flyway.
  package static func scripts(in files: [FileFacts]) -> [Script] {
    let own = files.filter { facts in
      (facts.language == .java || facts.language == .kotlin)
        && facts.imports.contains { $0.path.hasPrefix("org.flywaydb") || $0.path.hasPrefix("com.googlecode.flyway") }
    }
    guard !own.isEmpty else { return [] }
    let symbols = SymbolTable(files: own)
    let system = SystemIndex(symbols: symbols)
    let folder = TextFolder(symbols: symbols)
    return system.types.compactMap { type in
      guard system.base(of: type, named: bases) != nil else { return nil }
      let methods = system.methods(of: type)
      let helpers = Set(methods.map { NameWords.lastPart(symbols.function($0).name) })
      var text = ScriptText()
      for id in methods {
        let trace = FunctionEvaluator.trace(symbols.function(id), file: id.file, folder: folder)
        for found in trace.texts {
          guard let callee = (found.sink?.callee).map(NameWords.lastPart),
            running.contains(callee) || helpers.contains(callee), SQLReader.mayBeStatement(found.folded.text)
          else { continue }
          text.add(found.folded.text, line: found.folded.line)
        }
      }
      guard !text.text.isEmpty else { return nil }
      return Script(
        file: system.files[type.file].file, name: NameWords.lastPart(system.type(type).name), text: text.text)
    }
  }

  /// Statements on their lines, as far as they come in that order.
  private struct ScriptText {
    private(set) var text = ""
    private var line = 1
    private var seen: Set<String> = []

    mutating func add(_ statement: String, line wanted: Int) {
      // A call around a call reports the text again.
      guard seen.insert("\(wanted) \(statement)").inserted else { return }
      if wanted > line { text += String(repeating: "\n", count: wanted - line) }
      text += statement + ";\n"
      line = max(line, wanted) + 1 + statement.utf8.count { $0 == UInt8(ascii: "\n") }
    }
  }
}
