import Basics
import Facts

/// Tables that plugins of WordPress, and WordPress itself, create with `CREATE TABLE` texts in functions.
struct WordPressSchema {
  private let system: SystemIndex
  /// What members of the database object stand for.
  private let members: [String: String]

  init(system: SystemIndex, members: [String: String]) {
    self.system = system
    self.members = members
  }

  /// One history of all such texts in order of file and line; none when there are none.
  func histories(framework: String) -> [SchemaHistory] {
    var operations: [PlacedOperation] = []
    var seen: Set<String> = []
    for facts in system.files where facts.language == .php && Self.usesWordPress(facts) {
      for function in facts.functions {
        for (text, line) in texts(of: function) where seen.insert(text).inserted {
          operations.append(PlacedOperation(.statement(text), at: SourceSpan(file: facts.file, line: line)))
        }
      }
    }
    return operations.isEmpty
      ? [] : [SchemaHistory(framework: framework, origin: .snapshot, engine: .mysql, operations: operations)]
  }

  private static func usesWordPress(_ facts: FileFacts) -> Bool {
    facts.functions.contains { function in
      function.events.contains { placed in
        switch placed.event {
        case .call(let call):
          call.callee == "dbDelta" || call.receiver == .name("wpdb") || call.receiver == .name("this.wpdb")
        case .declare, .assign, .append, .result, .mention, .enterBranch, .nextBranch, .enterLoop, .enterScope, .leave:
          false
        }
      }
    }
  }

  /// The texts of a function that create tables, the longest each variable comes to.
  private func texts(of function: FunctionFact) -> [(String, Int)] {
    var locals: [String: (text: String, line: Int)] = [:]
    var found: [(String, Int)] = []
    func note(_ value: Value, _ line: Int) {
      if case .name = value { return }
      if let text = text(value, locals), text.contains("CREATE TABLE") { found.append((text, line)) }
    }
    func keep(_ name: String, _ value: Value, _ line: Int) {
      if case .list(let items) = value { for item in items { note(item, line) } }
      if let text = text(value, locals) { locals[name] = (text, line) }
    }
    for placed in function.events {
      switch placed.event {
      case .declare(let name, _, let value), .assign(let name, let value): keep(name, value, placed.line)
      case .append(let name, let value):
        if case .list = value {
          keep(name, value, placed.line)
        } else if let more = text(value, locals) {
          locals[name] = ((locals[name]?.text ?? "") + more, locals[name]?.line ?? placed.line)
        }
      case .call(let call): for argument in call.arguments { note(argument, placed.line) }
      case .result(let value), .mention(let value): note(value, placed.line)
      case .enterBranch, .nextBranch, .enterLoop, .enterScope, .leave: continue
      }
    }
    found += locals.values.filter { $0.text.contains("CREATE TABLE") }.map { ($0.text, $0.line) }
    return found.sorted { $0.1 == $1.1 ? $0.0 < $1.0 : $0.1 < $1.1 }
  }

  /// The text of a value; what is unknown is left out unless it is part of the name of a table.
  private func text(_ value: Value, _ locals: [String: (text: String, line: Int)]) -> String? {
    switch value {
    case .text(let text): return text
    case .name(let name):
      return locals[name]?.text ?? members[name.hasPrefix("this.") ? String(name.dropFirst(5)) : name]
    case .join(let parts):
      var whole = ""
      for part in parts {
        if let text = text(part, locals) {
          whole += text
        } else if Self.endsBeforeName(whole) {
          return nil
        }
      }
      return whole
    case .literal, .type, .field, .call, .list, .member, .either, .element, .operation, .closure, .opaque: return nil
    }
  }

  private static func endsBeforeName(_ text: String) -> Bool {
    let words = text.suffix(40).split { $0 == " " || $0 == "\n" || $0 == "`" }
    return ["TABLE", "EXISTS"].contains(words.last?.uppercased() ?? "")
  }
}
