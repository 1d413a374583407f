import Basics
import Facts

/// sqlc where the code it generates is not in the repository: `-- name: GetUser :one` in a file of queries is a function
/// `Queries.GetUser`, as it is in the generated code.
struct SQLCRecognizer: FrameworkRecognizer {
  let name = "sqlc"
  let languages: Set<SourceLanguage> = [.document, .go]

  func statements(in system: SystemIndex, model: EntityModel) -> [FrameworkStatement] {
    system.files.enumerated().flatMap { file, facts -> [FrameworkStatement] in
      guard SQLCQueries.mayHold(facts.file), let text = system.scripts[facts.file] else { return [] }
      let queries = SQLCQueries.read(text)
      return facts.functions.enumerated().compactMap { place, function in
        guard let query = queries.first(where: { $0.function == function.name }) else { return nil }
        return FrameworkStatement(
          content: .sql(query.text), function: FunctionID(file: file, index: place), file: file, line: query.line,
          confidence: .exact, via: "sqlc")
      }
    }
  }

  func calls(in system: SystemIndex) -> [FrameworkCall] {
    let queries = functions(in: system)
    guard !queries.isEmpty else { return [] }
    var known: Set<String> = []
    for facts in system.files where facts.language == .go {
      for function in facts.functions { known.insert(NameWords.lastPart(function.name)) }
    }
    var found: Set<FrameworkCall> = []
    for (file, facts) in system.files.enumerated() where facts.language == .go {
      for (place, line, call) in facts.calls {
        guard let target = queries[call.callee], let receiver = call.receiver else { continue }
        let id = FunctionID(file: file, index: place)
        guard reaches(receiver, call.callee, in: id, known, system), !Self.isPackage(receiver, facts) else { continue }
        found.insert(FrameworkCall(from: id, to: target, file: file, line: line))
      }
    }
    return found.sorted { ($0.from, $0.line, $0.to) < ($1.from, $1.line, $1.to) }
  }

  /// The functions of queries by the name Go calls; names that several files have say nothing.
  private func functions(in system: SystemIndex) -> [String: FunctionID] {
    var queries: [String: FunctionID?] = [:]
    for (file, facts) in system.files.enumerated() where SQLCQueries.mayHold(facts.file) {
      for (place, function) in facts.functions.enumerated() {
        let name = NameWords.lastPart(function.name)
        queries[name] = queries[name] == nil ? .some(FunctionID(file: file, index: place)) : .some(nil)
      }
    }
    return queries.compactMapValues { $0 }
  }

  /// Whether a call reaches a query: by the type of its receiver; where that is not in the repository, when no method there
  /// has the name.
  private func reaches(
    _ receiver: Value, _ callee: String, in id: FunctionID, _ known: Set<String>, _ system: SystemIndex
  ) -> Bool {
    guard let type = type(of: receiver, in: id, system) else { return !known.contains(callee) }
    if Self.isQueries(type) { return true }
    guard let found = system.resolve(type, from: id.file) else { return !known.contains(callee) }
    return system.base(of: found, named: ["Queries", "Querier"]) != nil
  }

  private static func isQueries(_ type: String) -> Bool { ["Queries", "Querier"].contains(TypeName(type).simple) }

  private static func isPackage(_ receiver: Value, _ facts: FileFacts) -> Bool {
    guard case .name(let name) = receiver else { return false }
    return facts.imports.contains { item in
      item.local == name || item.local.isEmpty && item.path.split(separator: "/").last.map(String.init) == name
    }
  }

  /// The type of what a query is called on, where the function or its owner says it.
  private func type(of receiver: Value, in id: FunctionID, _ system: SystemIndex) -> String? {
    let function = system.symbols.function(id)
    switch receiver {
    case .call("WithTx", _, _): return "Queries"
    case .name(let name):
      if let place = function.parameters.firstIndex(of: name), place < function.parameterTypes.count {
        return function.parameterTypes[place]
      }
      for case .declare(name, let type, let value) in function.events.lazy.map(\.event) {
        if !type.isEmpty { return type }
        switch value {
        case .call("New", _, _), .call("WithTx", _, _): return "Queries"
        default: return nil
        }
      }
      let parts = name.split(separator: ".").map(String.init)
      guard parts.count == 2, parts[0] == "this", let owner = system.owner(of: id) else { return nil }
      return system.field(parts[1], of: owner)?.field.type
    default: return nil
    }
  }
}

/// Files of queries with names.
enum SQLCQueries {
  /// A query with its name.
  struct Query {
    /// `Queries.GetUser`
    var function: String
    /// Where its statement begins.
    var line: Int
    var lastLine: Int
    var text: String
  }

  /// What is done with the rows of a query, behind its name.
  private static let commands: Set<String> = [
    ":one", ":many", ":exec", ":execrows", ":execresult", ":execlastid", ":copyfrom", ":batchexec", ":batchmany",
    ":batchone",
  ]

  static func mayHold(_ file: RepoPath) -> Bool { file.text.hasSuffix(".sql") }

  /// `files` with one for each file of queries that no code was generated from.
  static func added(to files: [FileFacts], scripts: [RepoPath: String]) -> [FileFacts] {
    guard files.contains(where: { $0.language == .go }) else { return files }
    var generated: Set<String> = []
    for facts in files where facts.language == .go {
      generated.formUnion(facts.functions.lazy.filter { $0.owner == "Queries" }.map(\.name))
    }
    var made: [FileFacts] = []
    for (path, text) in scripts.sorted(by: { $0.key < $1.key }) where text.utf8.contains(UInt8(ascii: ":")) {
      var seen: Set<String> = []
      let queries = read(text).filter { seen.insert($0.function).inserted }
      guard !queries.isEmpty, !queries.contains(where: { generated.contains($0.function) }) else { continue }
      made.append(
        FileFacts(
          file: path, language: .document,
          functions: queries.map { query in
            FunctionFact(
              name: query.function, owner: "", lines: query.line...query.lastLine, parameters: [], isAbstract: true,
              isLocal: false, isRecovered: false, events: [])
          }))
    }
    return made.isEmpty ? files : (files + made).sorted { $0.file < $1.file }
  }

  /// The queries of a text, in order. Linear.
  static func read(_ text: String) -> [Query] {
    var found: [Query] = []
    var current: (name: String, first: Int, lines: [Substring])?
    func close(_ last: Int) {
      guard let query = current, let begin = query.lines.firstIndex(where: { isCode($0) }) else { return }
      let end = query.lines.lastIndex { isCode($0) } ?? begin
      found.append(
        Query(
          function: "Queries." + query.name, line: query.first + begin, lastLine: query.first + end,
          text: query.lines[begin...end].joined(separator: "\n")))
    }
    for (number, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
      if let name = name(in: line) {
        close(number)
        current = (name, number + 2, [])
      } else {
        current?.lines.append(line)
      }
    }
    close(0)
    return found
  }

  private static func isCode(_ line: Substring) -> Bool {
    let trimmed = line.drop { $0 == " " || $0 == "\t" || $0 == "\r" }
    return !trimmed.isEmpty && !trimmed.hasPrefix("--")
  }

  /// `GetUser` in `-- name: GetUser :one`, also in the other comments sqlc knows.
  private static func name(in line: Substring) -> String? {
    let words = line.split { $0 == " " || $0 == "\t" || $0 == "\r" }
    guard words.count >= 4, words[0] == "--" || words[0] == "/*" || words[0] == "#", words[1] == "name:",
      commands.contains(String(words[3])), words[2].allSatisfy({ $0.isLetter || $0.isNumber || $0 == "_" })
    else { return nil }
    return String(words[2])
  }
}
