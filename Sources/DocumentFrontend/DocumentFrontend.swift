package import Basics
package import Facts

/// Mapping, configuration and migration documents → facts, whatever their format.
package enum DocumentFrontend {
  /// Elements nested deeper than this are left out: no document a person wrote is that deep.
  static let maximumDepth = 200
  /// Nodes beyond this are left out. Aliases of YAML count wherever they are used, so that they cannot explode.
  static let maximumNodes = 400_000

  /// The facts of a document; of a malformed one those of its healthy beginning. Nil for files that are no document
  /// by their path. Linear in the size, never fails.
  package static func read(_ file: RepoPath, _ bytes: [UInt8]) -> FileFacts? {
    guard let format = DocumentFormat(path: file) else { return nil }
    var facts = FileFacts(file: file, language: .document)
    facts.lineCount = bytes.count { $0 == UInt8(ascii: "\n") } + (bytes.last == UInt8(ascii: "\n") ? 0 : 1)
    guard bytes.count <= DocumentFormat.maximumBytes else {
      facts.diagnostics = [
        Diagnostic(
          code: "document-large", severity: .note, span: SourceSpan(file: file, line: 0),
          message: "a document of \(bytes.count >> 20) MB is taken for data and not read")
      ]
      return facts
    }
    let read =
      switch format {
      case .xml: XMLDocument.read(bytes)
      case .yaml: YAMLDocument.read(bytes, rootName: "yaml")
      case .json: YAMLDocument.read(bytes, rootName: "json")
      case .properties: PropertiesDocument.read(bytes)
      case .templateGroup: TemplateGroupDocument.read(bytes)
      }
    facts.document = read.root
    if let problem = read.problem {
      facts.diagnostics = [
        Diagnostic(
          code: "parse-errors", severity: .note, span: SourceSpan(file: file, line: problem.line),
          message: "the document was read only up to here: \(problem.reason)", nextStep: "correct it")
      ]
    }
    return facts
  }
}

/// What was read of a document.
struct DocumentReading {
  /// Nil when there is not even a beginning.
  var root: DocumentNode?
  var problem: Problem?

  /// Why and where reading ended early.
  struct Problem {
    var reason: String
    var line: Int
  }
}

/// Nodes under construction: elements that are still open, innermost last.
struct DocumentBuilder {
  private var open: [DocumentNode] = []
  /// Depth of the elements that are left out for being nested too deeply.
  private var skippedDepth = 0
  private(set) var count = 0
  private(set) var root: DocumentNode?
  /// Where the first node was left out.
  private(set) var firstSkipped: Int?

  /// Whether an element has not ended yet.
  var isOpen: Bool { !open.isEmpty || skippedDepth > 0 }

  /// An element begins.
  mutating func begin(_ node: DocumentNode) {
    guard skippedDepth == 0, open.count < DocumentFrontend.maximumDepth, count < DocumentFrontend.maximumNodes else {
      skippedDepth += 1
      firstSkipped = firstSkipped ?? node.line
      return
    }
    count += 1
    open.append(node)
  }

  /// A text inside of the innermost element; text of the same piece as the one before is put behind it.
  mutating func add(text: String, line: Int) {
    guard skippedDepth == 0, !open.isEmpty, !text.isEmpty else { return }
    let place = open.count - 1
    if let last = open[place].children.indices.last, open[place].children[last].name.isEmpty {
      open[place].children[last].text += text
    } else {
      open[place].children.append(DocumentNode(text: text, line: line))
    }
  }

  /// The innermost element ends.
  mutating func end() {
    if skippedDepth > 0 {
      skippedDepth -= 1
    } else if let node = open.popLast() {
      if open.isEmpty {
        root = root ?? node
      } else {
        open[open.count - 1].children.append(node)
      }
    }
  }

  /// The document with everything that is still open closed.
  mutating func finished() -> DocumentNode? {
    skippedDepth = 0
    while !open.isEmpty { end() }
    return root
  }
}
