import Foundation

/// The files of the package the tests were built from.
enum Tree {
  /// The top folder; the tests may be compiled through a symbolic link.
  static let root = URL(fileURLWithPath: #filePath).resolvingSymlinksInPath()
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  /// Text files below `folder`, sorted by path relative to the top.
  static func files(in folder: String, endings: Set<String>) throws -> [SourceFile] {
    let base = root.appendingPathComponent(folder)
    guard let walk = FileManager.default.enumerator(at: base, includingPropertiesForKeys: nil) else { return [] }
    var files: [SourceFile] = []
    for case let url as URL in walk where endings.contains(url.pathExtension) {
      let path = String(url.path.dropFirst(root.path.count + 1))
      files.append(SourceFile(path: path, text: try String(contentsOf: url, encoding: .utf8)))
    }
    return files.sorted { $0.path < $1.path }
  }

  /// Every Swift file of the rooms.
  static func sources() throws -> [SourceFile] { try files(in: "Sources", endings: ["swift"]) }
}

/// A text file and what the rules need to know about it.
struct SourceFile {
  let path: String
  let text: String

  /// The room it belongs to.
  var room: String { path.split(separator: "/").dropFirst().first.map(String.init) ?? "" }

  var lines: [Substring] { text.split(separator: "\n", omittingEmptySubsequences: false) }

  /// Number of lines, without counting the end of the last one as another.
  var lineCount: Int { text.hasSuffix("\n") ? lines.count - 1 : lines.count }

  /// What the protocols declared here ask for, as `declaration(in:)` spells it.
  func requirements() -> Set<String> {
    var found: Set<String> = []
    var isInProtocol = false
    for line in lines {
      if line.contains("protocol "), line.hasSuffix("{") { isInProtocol = true }
      if line == "}" { isInProtocol = false }
      if isInProtocol, let declared = Self.declaration(in: line) { found.insert(declared) }
    }
    return found
  }

  /// Kind and first name of what `line` declares, such as `func read` or `typealias Failure`; associated types count as
  /// the aliases that fulfil them.
  static func declaration(in line: Substring) -> String? {
    let parts = line.split { !$0.isLetter && !$0.isNumber && $0 != "_" && $0 != "<" && $0 != "=" }
    for kind in ["func", "var", "init", "typealias", "associatedtype"] {
      guard let place = parts.firstIndex(where: { $0 == kind }), place + 1 < parts.count else { continue }
      let name = parts[place + 1].prefix { $0.isLetter || $0.isNumber || $0 == "_" }
      return (kind == "associatedtype" ? "typealias" : kind) + " " + (name.isEmpty ? parts[place + 1] : name)
    }
    return nil
  }

  /// What stands inside string literals, by line number; comments and code are left out.
  func literals() -> [(line: Int, text: String)] {
    var found: [(line: Int, text: String)] = []
    var isInBlock = false
    for (index, line) in lines.enumerated() {
      var inside = ""
      var isInString = false
      var rest = line[...]
      while let character = rest.first {
        if rest.hasPrefix("\"\"\"") {
          isInBlock.toggle()
          rest = rest.dropFirst(3)
          continue
        }
        if !isInBlock, !isInString, rest.hasPrefix("//") { break }
        if isInString || isInBlock, character == "\\" {
          inside += rest.prefix(2)
          rest = rest.dropFirst(2)
          continue
        }
        if !isInBlock, character == "\"" {
          isInString.toggle()
          inside += " "
        } else if isInString || isInBlock {
          inside.append(character)
        }
        rest = rest.dropFirst()
      }
      if inside.contains(where: { $0 != " " }) { found.append((index + 1, inside)) }
    }
    return found
  }
}

/// The words of `text`: runs of letters and digits, in lower case.
func words(of text: some StringProtocol) -> Set<String> {
  Set(text.lowercased().split { !$0.isLetter && !$0.isNumber }.map(String.init))
}
