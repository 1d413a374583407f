import Facts

/// SQL in annotations of mapper interfaces, and methods that provide it.
struct MapperAnnotations {
  let system: SystemIndex
  let library: MapperLibrary

  private static let sqlAnnotations: Set<String> = ["Select", "Insert", "Update", "Delete"]
  private static let providerAnnotations: Set<String> = [
    "SelectProvider", "InsertProvider", "UpdateProvider", "DeleteProvider",
  ]

  func statements() -> [FrameworkStatement] {
    var found: [FrameworkStatement] = []
    each { id, annotation in
      guard Self.sqlAnnotations.contains(NameWords.lastPart(annotation.name)) || annotation.isKey else { return }
      let value = annotation.isKey ? annotation.fact.argument("statement") : annotation.fact.argument("value")
      guard let value, let text = system.annotationText(value, from: id.file) else { return }
      for text in StatementVariants.telling(texts(of: text, owner: id)) {
        found.append(
          FrameworkStatement(
            content: .sql(text), function: id, file: id.file, line: annotation.fact.line, confidence: .exact,
            via: "annotation"))
      }
    }
    return found
  }

  /// Mapper methods run the statements of the methods that provide their SQL.
  func calls() -> [FrameworkCall] {
    var found: [FrameworkCall] = []
    each { id, annotation in
      guard Self.providerAnnotations.contains(NameWords.lastPart(annotation.name)) else { return }
      guard case .type(let type)? = annotation.fact.argument("type") ?? annotation.fact.argument("value"),
        let provider = system.resolve(type, from: id.file)
      else { return }
      let own = NameWords.lastPart(system.symbols.function(id).name)
      let name = annotation.fact.text("method") ?? own
      guard let method = system.method(name, of: provider) ?? system.method("provideSql", of: provider) else { return }
      found.append(FrameworkCall(from: id, to: method, file: id.file, line: annotation.fact.line))
    }
    return found
  }

  private struct Mark {
    var fact: AnnotationFact
    var name: String { fact.name }
    var isKey: Bool { NameWords.lastPart(fact.name) == "SelectKey" }
  }

  /// Calls `body` with each annotation of the methods of interfaces in files that use MyBatis.
  private func each(_ body: (FunctionID, Mark) -> Void) {
    for (file, facts) in system.files.enumerated() where facts.language == .java || facts.language == .kotlin {
      guard facts.imports.contains(where: { $0.path.hasPrefix("org.apache.ibatis.annotations") }) else { continue }
      for (place, function) in facts.functions.enumerated() where function.isAbstract {
        for annotation in function.annotations {
          let id = FunctionID(file: file, index: place)
          // `@Select.List({@Select(…), …})` and `@Options` say nothing of their own.
          body(id, Mark(fact: annotation))
        }
      }
    }
  }

  /// The texts of an annotation: tags inside of `<script>` are those of mapper files.
  private func texts(of text: String, owner id: FunctionID) -> [String] {
    let trimmed = text.trimmed
    let namespace = system.files[id.file].namespace + "." + system.symbols.function(id).owner
    let root =
      trimmed.lowercased().hasPrefix("<script") ? ScriptReader.read(trimmed) : DocumentNode(text: text, line: 1)
    let node = DocumentNode(name: "script", children: [root], line: 1)
    let known = library.documents.first { $0.namespace == namespace }
    guard let document = known ?? MapperDocument(namespace: namespace, file: id.file) else { return [] }
    return MapperText.texts(of: node, in: document, library: library)
  }
}

extension MapperDocument {
  /// A mapper without a file of its own.
  init?(namespace: String, file: Int) {
    self.init(
      DocumentNode(
        name: "mapper", attributes: [DocumentNode.Attribute(name: "namespace", value: namespace)], line: 1), file: file)
  }
}
