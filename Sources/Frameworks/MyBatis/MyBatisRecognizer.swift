import Facts
import SQL

/// MyBatis 3 and iBatis 2: mapper files, SQL in annotations, and calls that name a statement.
struct MyBatisRecognizer: FrameworkRecognizer {
  let name = "MyBatis"
  let languages: Set<SourceLanguage> = [.document, .java, .kotlin]

  func statements(in system: SystemIndex, model: EntityModel) -> [FrameworkStatement] {
    let library = MapperLibrary(files: system.files)
    let methods = MapperMethods(system: system, library: library)
    var found: [FrameworkStatement] = []
    for document in library.documents {
      for statement in document.statements {
        guard let function = methods.function(of: statement, in: document) else { continue }
        var texts = [MapperText.texts(of: statement.node, in: document, library: library)]
        for key in statement.node.children("selectKey") {
          texts.append(MapperText.texts(of: key, in: document, library: library))
        }
        for variants in texts {
          for text in StatementVariants.telling(variants) {
            found.append(
              FrameworkStatement(
                content: .sql(text), function: function, file: document.file, line: statement.node.line,
                confidence: .exact, via: "mapper"))
          }
        }
      }
    }
    return found + MapperAnnotations(system: system, library: library).statements()
      + MyBatisBuilder(system: system).statements()
  }

  func calls(in system: SystemIndex) -> [FrameworkCall] {
    let library = MapperLibrary(files: system.files)
    let methods = MapperMethods(system: system, library: library)
    return methods.nestedSelects() + methods.calls() + MapperAnnotations(system: system, library: library).calls()
  }
}

/// Which variants of a statement with dynamic parts are worth telling.
enum StatementVariants {
  /// The first text that is understood, and those that name a table or an operation the ones before do not.
  static func telling(_ texts: [String]) -> [String] {
    let reader = SQLReader(engine: nil)
    var told: Set<StatementAccess> = []
    var kept: [String] = []
    for text in texts {
      let statements = reader.statements(in: text)
      guard !statements.isEmpty, statements.allSatisfy(\.isUnderstood) else { continue }
      let accesses = statements.flatMap(\.accesses).map { StatementAccess(table: $0.table, operation: $0.operation) }
      let isNew = accesses.reduce(false) { told.insert($1).inserted || $0 }
      if isNew || kept.isEmpty { kept.append(text) }
    }
    return kept.isEmpty ? Array(texts.prefix(1)) : kept
  }
}
