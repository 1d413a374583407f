import Facts
import Yams

/// YAML and JSON, which is YAML, → nodes. Several documents of one file become one, entries in order.
enum YAMLDocument {
  /// How often a malformed file is read again without its end.
  private static let attempts = 4

  static func read(_ bytes: [UInt8], rootName: String) -> DocumentReading {
    if let line = tooDeep(bytes) {
      return DocumentReading(problem: .init(reason: "it is nested too deeply", line: line))
    }
    var text = String(decoding: bytes, as: UTF8.self)
    var problem: DocumentReading.Problem?
    for _ in 0..<attempts {
      do {
        return reading(of: try roots(of: text), rootName: rootName, problem: problem)
      } catch {
        let (reason, line) = described(error)
        problem = problem ?? .init(reason: reason, line: line)
        guard let shorter = healthyBeginning(of: text, before: line) else { break }
        text = shorter
      }
    }
    return DocumentReading(problem: problem)
  }

  private static func roots(of text: String) throws -> [Node] {
    let parser = try Parser(yaml: text)
    var roots: [Node] = []
    while let root = try parser.nextRoot() { roots.append(root) }
    return roots
  }

  private static func reading(
    of roots: [Node], rootName: String, problem: DocumentReading.Problem?
  ) -> DocumentReading {
    var builder = DocumentBuilder()
    builder.begin(DocumentNode(name: rootName, line: 1))
    for root in roots { add(root, to: &builder, line: 1) }
    let node = builder.finished()
    let skipped = builder.firstSkipped.map { DocumentReading.Problem(reason: "it is too large", line: $0) }
    return DocumentReading(root: node, problem: problem ?? skipped)
  }

  /// Recursion is bounded: `tooDeep` refuses deep text, and the builder refuses what aliases nest or repeat too much.
  private static func add(_ node: Node, to builder: inout DocumentBuilder, line: Int) {
    guard builder.firstSkipped == nil else { return }
    let line = node.mark?.line ?? line
    switch node {
    case .scalar(let scalar): builder.add(text: scalar.string, line: line)
    case .mapping(let mapping):
      for (key, value) in mapping {
        let keyLine = key.mark?.line ?? line
        builder.begin(DocumentNode(name: key.scalar.map { $0.string.isEmpty ? "-" : $0.string } ?? "-", line: keyLine))
        add(value, to: &builder, line: keyLine)
        builder.end()
      }
    case .sequence(let sequence):
      for item in sequence {
        builder.begin(DocumentNode(name: "-", line: item.mark?.line ?? line))
        add(item, to: &builder, line: line)
        builder.end()
      }
    case .alias: break  // resolved while composing
    }
  }

  private static func described(_ error: any Error) -> (reason: String, line: Int) {
    switch error {
    case YamlError.scanner(_, let problem, let mark, _), YamlError.parser(_, let problem, let mark, _),
      YamlError.composer(_, let problem, let mark, _):
      (problem, mark.line)
    case YamlError.duplicatedKeysInMapping(let keys, let context):
      ("the key \(keys.map(String.init(describing:)).sorted().first ?? "") is there twice", context.mark.line)
    default: ("it is no well-formed YAML", 1)
    }
  }

  /// The lines before `line`, without the entry of the top level that the last of them belongs to.
  private static func healthyBeginning(of text: String, before line: Int) -> String? {
    var lines = text.split(separator: "\n", omittingEmptySubsequences: false).prefix(max(0, line - 1))
    while let last = lines.last, last.isEmpty || " \t-}]#".contains(last.first ?? " ") { lines.removeLast() }
    guard lines.popLast() != nil, !lines.isEmpty else { return nil }
    return lines.joined(separator: "\n") + "\n"
  }

  /// The first line that may be nested deeper than the limit; the composer recurses.
  private static func tooDeep(_ bytes: [UInt8]) -> Int? {
    var indents: [Int] = []
    var flow = 0
    for (number, line) in bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).enumerated() {
      var column = 0
      var markers = 0
      var isStart = true
      for byte in line {
        switch byte {
        case UInt8(ascii: "["), UInt8(ascii: "{"):
          flow += 1
          isStart = false
        case UInt8(ascii: "]"), UInt8(ascii: "}"):
          flow = max(0, flow - 1)
          isStart = false
        case UInt8(ascii: "-"), UInt8(ascii: "?"), UInt8(ascii: ":"): if isStart { markers += 1 }
        case UInt8(ascii: " "): if isStart, markers == 0 { column += 1 }
        default: isStart = false
        }
      }
      if column < line.count {
        while let last = indents.last, last >= column { indents.removeLast() }
        indents.append(column)
      }
      if indents.count + markers + flow > DocumentFrontend.maximumDepth { return number + 1 }
    }
    return nil
  }
}
