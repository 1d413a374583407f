import Basics
import ClangFrontend
import DocumentFrontend
import Facts
import TreeSitterFrontend

extension Workbench {
  /// What is read out of one file, one fact a line; or its syntax tree.
  package static func facts(of path: String, asTree: Bool) throws(PipelineError) -> String {
    let bytes: [UInt8]
    switch FileContent.read(path) {
    case .failure(let error): throw .repositoryUnreadable(path: path, reason: error.reason)
    case .success(let content): bytes = content
    }
    let name = RepoPath(path)
    if let document = DocumentFrontend.read(name, bytes) { return FactListing.text(document) }
    guard let frontend = LanguageFrontend.of(name.fileName, content: bytes) else {
      return FactListing.text(TokenFrontend.read(name, bytes: bytes).facts)
    }
    return bytes.withUnsafeBufferPointer {
      asTree ? frontend.listing($0) + "\n" : FactListing.text(frontend.read(name, $0))
    }
  }
}

/// Facts as text, one a line, for people.
private enum FactListing {
  static func text(_ facts: FileFacts) -> String {
    var lines = [
      "file \(facts.file) \(facts.language.rawValue) namespace '\(facts.namespace)' lines \(facts.lineCount)"
    ]
    for item in facts.imports { lines.append("import \(item.path) | \(item.symbol) | \(item.local)") }
    for type in facts.types {
      lines.append(
        "type \(type.kind.rawValue) \(type.name)<\(type.typeParameters.joined(separator: ","))> :"
          + " \(type.bases.joined(separator: ", ")) line \(type.line) \(text(type.annotations))")
      for field in type.fields {
        lines.append(
          "  field \(field.isStatic ? "static " : "")\(field.name): \(field.type) = \(text(field.value))"
            + " line \(field.line) \(text(field.annotations))")
      }
      lines += events(type.body)
    }
    for constant in facts.constants {
      lines.append(
        "constant \(constant.kind.rawValue) \(constant.name) = \(text(constant.value)) line \(constant.line)")
    }
    for function in facts.functions {
      let parameters = function.parameters.enumerated().map { place, name in
        place < function.parameterTypes.count ? "\(name): \(function.parameterTypes[place])" : name
      }
      lines.append(
        "function \(function.name)(\(parameters.joined(separator: ", "))) -> '\(function.returnType)' of"
          + " '\(function.owner)'\(function.isStatic ? " static" : "")\(function.isAbstract ? " abstract" : "")"
          + " lines \(function.lines.lowerBound)-\(function.lines.upperBound) \(text(function.annotations))")
      lines += events(function.events)
    }
    if let document = facts.document { lines += text(document, depth: 0) }
    for diagnostic in facts.diagnostics { lines.append("diagnostic \(diagnostic.code) \(diagnostic.message)") }
    return lines.joined(separator: "\n") + "\n"
  }

  private static func text(_ node: DocumentNode, depth: Int) -> [String] {
    let indent = "\(node.line): " + String(repeating: "  ", count: depth)
    guard !node.name.isEmpty else { return [indent + text(.text(node.text))] }
    let attributes = node.attributes.map { " \($0.name)=\(text(.text($0.value)))" }.joined()
    return [indent + node.name + attributes] + node.children.flatMap { text($0, depth: depth + 1) }
  }

  private static func text(_ annotations: [AnnotationFact]) -> String {
    annotations.map { "@\($0.name)(\($0.arguments.map(text).joined(separator: ", ")))" }.joined(separator: " ")
  }

  private static func events(_ events: [PlacedEvent]) -> [String] {
    var depth = 1
    return events.map { placed in
      let indent: Int
      switch placed.event {
      case .enterBranch, .enterLoop, .enterScope:
        indent = depth
        depth += 1
      case .leave:
        depth = max(1, depth - 1)
        indent = depth
      case .nextBranch: indent = max(1, depth - 1)
      case .declare, .assign, .append, .call, .result, .mention: indent = depth
      }
      return "\(placed.line): " + String(repeating: "  ", count: indent) + text(placed.event)
    }
  }

  private static func text(_ event: CodeEvent) -> String {
    switch event {
    case .declare(let name, let type, let value): "declare \(name): \(type) = \(text(value))"
    case .assign(let name, let value): "assign \(name) = \(text(value))"
    case .append(let name, let value): "append \(name) += \(text(value))"
    case .call(let call):
      "call \(text(.call(callee: call.callee, receiver: call.receiver, arguments: call.arguments)))"
    case .result(let value): "result \(text(value))"
    case .mention(let value): "mention \(text(value))"
    case .enterBranch: "branch"
    case .nextBranch: "next"
    case .enterLoop: "loop"
    case .enterScope(let callee): "scope of \(callee)"
    case .leave: "leave"
    }
  }

  private static func text(_ value: Value) -> String {
    func list(_ values: [Value], _ separator: String = ", ") -> String {
      values.map(text).joined(separator: separator)
    }
    return switch value {
    case .text(let content): "\"\(content.replacing("\n", with: "\\n"))\""
    case .literal(let content): content
    case .name(let name): name
    case .type(let name): "type(\(name))"
    case .field(let base, let name): "(\(text(base))).\(name)"
    case .call(let callee, let receiver, let arguments):
      (receiver.map { text($0) + "." } ?? "") + "\(callee)(\(list(arguments)))"
    case .join(let parts): "join(\(list(parts, " + ")))"
    case .list(let parts): "[\(list(parts))]"
    case .member(let name, let inner): "\(name): \(text(inner))"
    case .either(let parts): "either(\(list(parts, " | ")))"
    case .element(let base, let key): "\(text(base))[\(text(key))]"
    case .operation(let name, let parts): "(\(list(parts, " \(name) ")))"
    case .closure(let parameters, let result): "{\(parameters.joined(separator: ", ")) -> \(text(result))}"
    case .opaque: "?"
    }
  }
}
