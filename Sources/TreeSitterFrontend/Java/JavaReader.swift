import Basics
import Facts

/// Reads one Java file in one walk over its tree.
final class JavaReader {
  // A class because expressions, statements and declarations of one file all add to the same lists while they nest.
  let syntax: JavaSyntax
  var events = EventList()
  private let file: RepoPath
  private(set) var namespace = ""
  private var imports: [ImportFact] = []
  var functions: [FunctionFact] = []
  var types: [TypeFact] = []
  var constants: [ConstantFact] = []
  /// Names of the types around the current place, outermost first, joined by dots; empty outside.
  var owner = ""
  /// Closures met in the arguments of a call that is not finished yet.
  var waiting: [JavaClosure] = []
  /// What the alternatives of the switch expressions around the current place give, innermost last.
  var yields: [[Value]] = []
  /// How many closures of the current function are around the current place.
  var openClosures = 0
  private(set) var depth = 0
  private var understoodLines = 0
  private var lostLines = 0
  private var openFunctions = 0

  /// Expressions and statements nested deeper than this are not followed.
  private static let maximumDepth = 400

  init(_ syntax: JavaSyntax, file: RepoPath) {
    self.syntax = syntax
    self.file = file
  }

  /// Runs `body` one level deeper; nil when that is too deep.
  func deeper<Result>(_ body: () -> Result) -> Result? {
    guard depth < Self.maximumDepth else { return nil }
    depth += 1
    defer { depth -= 1 }
    return body()
  }

  /// The facts of the file.
  func read(lineCount: Int) -> FileFacts {
    let root = syntax.root
    events.begin()
    for child in syntax.children(root) { topLevel(child) }
    let main = events.end()
    if let first = main.first, let last = main.last {
      functions.append(
        FunctionFact(
          name: "<main>", owner: "", lines: first.line...max(first.line, last.line), parameters: [], isStatic: true,
          isLocal: true, isRecovered: false, events: main))
    }
    var facts = FileFacts(file: file, language: .java, namespace: namespace)
    facts.functions = functions.sorted { $0.lines.lowerBound < $1.lines.lowerBound }
    facts.types = types.sorted { $0.line < $1.line }
    facts.constants = constants.sorted { $0.line < $1.line }
    facts.imports = imports
    facts.lineCount = lineCount
    facts.understoodLines = understoodLines
    facts.lostLines = lostLines
    if syntax.hasError(root) { facts.diagnostics = [brokenFile(root)] }
    return facts
  }

  private func brokenFile(_ root: Node) -> Diagnostic {
    var node = root
    while !syntax.isError(node), let next = syntax.children(node).first(where: { syntax.hasError($0.node) }) {
      node = next.node
    }
    return Diagnostic(
      code: "parse-errors", severity: .note, span: SourceSpan(file: file, line: syntax.line(node)),
      message: "part of the file does not follow the grammar from here on; the rest was read",
      nextStep: "check whether it compiles")
  }

  private func topLevel(_ child: JavaChild) {
    switch child.kind {
    case .packageDeclaration: namespace = syntax.children(child.node).last.map { syntax.text($0.node) } ?? ""
    case .importDeclaration: readImport(child.node)
    case .methodDeclaration: method(child.node)
    default:
      if !typeDeclaration(child) { statement(child) }
    }
  }

  private func readImport(_ node: Node) {
    let children = syntax.children(node)
    guard let name = children.first(where: { $0.kind == .scopedIdentifier || $0.kind == .identifier }) else { return }
    let path = syntax.text(name.node)
    if children.contains(where: { $0.kind == .asterisk }) {
      imports.append(ImportFact(path: path, symbol: "*"))
      return
    }
    let dot = path.utf8.lastIndex(of: UInt8(ascii: "."))
    let last = dot.map { String(path[path.utf8.index(after: $0)...]) } ?? path
    // `import static a.b.C.m`: what is taken is a member of the type before it.
    let isStatic = syntax.bytes(node).dropFirst(6).drop { $0 <= 32 }.starts(with: "static".utf8)
    if isStatic, let dot {
      imports.append(ImportFact(path: String(path[..<dot]), symbol: last, local: last))
    } else {
      imports.append(ImportFact(path: path, symbol: last, local: last))
    }
  }

  // MARK: Bodies

  /// Adds a function whose body `read` reads; `lines` are those of its whole definition.
  func add(_ function: FunctionFact, readingBody read: () -> Void, hasError: Bool) {
    var function = function
    let outside = (waiting, openClosures, yields)
    (waiting, openClosures, yields) = ([], 0, [])
    openFunctions += 1
    events.begin()
    read()
    function.events = events.end()
    openFunctions -= 1
    (waiting, openClosures, yields) = outside
    function.isRecovered = hasError
    if openFunctions == 0, !function.isAbstract {
      if hasError, function.events.isEmpty {
        lostLines += function.lines.count
      } else {
        understoodLines += function.lines.count
      }
    }
    functions.append(function)
  }

  /// The name of a member of the type around the current place.
  func qualified(_ name: String) -> String { owner.isEmpty ? name : owner + "." + name }
}

/// A closure given to a call: what its body does becomes events once the call itself is one.
struct JavaClosure {
  var parameters: [(name: String, type: String)]
  var events: [PlacedEvent]
  var line: Int
}
