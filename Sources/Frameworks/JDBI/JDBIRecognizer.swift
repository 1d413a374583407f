import Basics
import Facts
import SQL

/// JDBI SQL objects: SQL in annotations of interfaces, in groups of templates beside them, or in files of their own.
struct JDBIRecognizer: FrameworkRecognizer {
  let name = "JDBI"
  let languages: Set<SourceLanguage> = [.document, .java, .kotlin]

  private static let annotations = ["SqlQuery", "SqlUpdate", "SqlBatch", "SqlCall", "SqlScript"]

  func statements(in system: SystemIndex, model: EntityModel) -> [FrameworkStatement] {
    let groups = TemplateGroups(files: system.files)
    let statementFiles = StatementFiles(system: system)
    var found = statementFiles.located(in: system, languages: [.java, .kotlin])
    for type in system.types where isSQLObject(type, system) {
      let fact = system.type(type)
      let group = groups.group(ofClass: NameWords.lastPart(fact.name), namespace: fact.namespace)
      for method in system.methods(of: type) {
        guard let annotation = Self.annotation(of: system.symbols.function(method)) else { continue }
        let text = annotation.argument("value").flatMap { system.annotationText($0, from: method.file) }
        if let text, text.utf8.contains(UInt8(ascii: " ")), SQLReader.mayBeStatement(text) {
          let statements = StatementVariants.telling([Self.withoutExpressions(text)])
          found += statements.map { statement($0, of: method, file: method.file, line: annotation.line) }
          continue
        }
        let name = text.flatMap { $0.isEmpty ? nil : $0 } ?? Self.name(of: method, system)
        guard let group, let template = groups.texts(of: name, in: group) else {
          // A file that is named after the class and the method is what the method runs.
          guard let script = statementFiles.text(of: name, type: fact) else { continue }
          found += StatementVariants.telling([Self.withoutExpressions(script)]).map {
            statement($0, of: method, file: method.file, line: annotation.line)
          }
          continue
        }
        // The texts of a base that others complete are no statements of their own.
        if isCompleted(by: system.descendants(of: type), groups, system) { continue }
        found += StatementVariants.telling(template.texts).map {
          statement($0, of: method, file: template.file, line: template.line)
        }
      }
      if let group { found += inherited(by: type, group, groups, system) }
    }
    return found
  }

  private func statement(_ text: String, of method: FunctionID, file: Int, line: Int) -> FrameworkStatement {
    FrameworkStatement(
      content: .sql(text), function: method, file: file, line: line, confidence: .exact, via: "sqlobject")
  }

  private static func name(of method: FunctionID, _ system: SystemIndex) -> String {
    NameWords.lastPart(system.symbols.function(method).name)
  }

  private static func annotation(of function: FunctionFact) -> AnnotationFact? {
    function.annotations.first { annotations.contains(NameWords.lastPart($0.name)) }
  }

  private func isSQLObject(_ id: TypeID, _ system: SystemIndex) -> Bool {
    let facts = system.files[id.file]
    guard facts.language == .java || facts.language == .kotlin else { return false }
    return ([id] + system.ancestors(of: id)).contains { type in
      system.files[type.file].imports.contains { $0.path.contains("jdbi") }
    }
  }

  private func isCompleted(by types: [TypeID], _ groups: TemplateGroups, _ system: SystemIndex) -> Bool {
    types.contains {
      groups.group(ofClass: NameWords.lastPart(system.type($0).name), namespace: system.type($0).namespace) != nil
    }
  }

  /// Methods of bases that the templates of a class complete: functions of the document stand for them.
  private func inherited(
    by type: TypeID, _ group: Int, _ groups: TemplateGroups, _ system: SystemIndex
  ) -> [FrameworkStatement] {
    let file = groups.file(of: group)
    var found: [FrameworkStatement] = []
    for (place, function) in system.files[file].functions.enumerated() {
      let name = NameWords.lastPart(function.name)
      guard let template = groups.texts(of: name, in: group) else { continue }
      found += StatementVariants.telling(template.texts).map {
        statement($0, of: FunctionID(file: file, index: place), file: file, line: function.lines.lowerBound)
      }
    }
    return found
  }

  /// `<name>` in the SQL of an annotation is filled in by a method's argument.
  private static func withoutExpressions(_ text: String) -> String {
    let bytes = Array(text.utf8)
    var result: [UInt8] = []
    var place = 0
    while place < bytes.count {
      if bytes[place] == UInt8(ascii: "<"), let end = bytes[place...].firstIndex(of: UInt8(ascii: ">")),
        end > place + 1,
        bytes[(place + 1)..<end].allSatisfy({ $0 == UInt8(ascii: "_") || ($0 | 0x20) >= 97 && ($0 | 0x20) <= 122 })
      {
        result += Array(Hole.text(index: nil).utf8)
        place = end + 1
      } else {
        result.append(bytes[place])
        place += 1
      }
    }
    return String(decoding: result, as: UTF8.self)
  }
}

/// Gives the methods that a SQL object inherits, and whose templates its own group completes, functions of their own.
enum SQLObjectFunctions {
  /// `files` with a function in the group of templates for each such method.
  static func added(to files: [FileFacts]) -> [FileFacts] {
    let groups = TemplateGroups(files: files)
    guard !groups.isEmpty else { return files }
    let system = SystemIndex(symbols: SymbolTable(files: files))
    var result = files
    for type in system.types {
      let fact = system.type(type)
      let simple = NameWords.lastPart(fact.name)
      guard !fact.bases.isEmpty, let group = groups.group(ofClass: simple, namespace: fact.namespace) else { continue }
      let file = groups.file(of: group)
      guard files[file].language == .document else { continue }
      let own = Set(system.methods(of: type).map { NameWords.lastPart(system.symbols.function($0).name) })
      var seen = own
      for base in system.ancestors(of: type) {
        for method in system.methods(of: base) {
          let function = system.symbols.function(method)
          let name = NameWords.lastPart(function.name)
          guard function.annotations.contains(where: { $0.name.hasPrefix("Sql") }), seen.insert(name).inserted,
            let template = groups.texts(of: name, in: group)
          else { continue }
          let line = template.file == file ? template.line : 1
          result[file].functions.append(
            FunctionFact(
              name: simple + "." + name, owner: "", lines: line...line, parameters: [], isAbstract: true,
              isLocal: false, isRecovered: false, events: []))
        }
      }
    }
    return result
  }
}
