import Basics
import Facts

/// Spring JDBC beyond SQL in texts: `SimpleJdbcInsert`, which is told its table and writes when it is executed.
struct SpringJDBCRecognizer: FrameworkRecognizer {
  let name = "Spring JDBC"
  let languages: Set<SourceLanguage> = [.java, .kotlin]

  private static let inserters: Set<String> = ["SimpleJdbcInsert", "SimpleJdbcInsertOperations"]

  func statements(in system: SystemIndex, model: EntityModel) -> [FrameworkStatement] {
    var found: [FrameworkStatement] = []
    for (file, facts) in system.files.enumerated() where facts.language == .java || facts.language == .kotlin {
      guard facts.imports.contains(where: { $0.path.hasPrefix("org.springframework.jdbc") }) else { continue }
      let fields = fieldTables(of: facts, file: file, system)
      for (place, function) in facts.functions.enumerated() {
        var locals: [String: TableName] = [:]
        for placed in function.events {
          switch placed.event {
          case .declare(let name, _, let value), .assign(let name, let value):
            locals[name] = table(of: value, file: file, system)
          case .call(let call) where call.callee.hasPrefix("execute"):
            guard let receiver = call.receiver,
              let table = table(of: receiver, file: file, system)
                ?? Self.variable(receiver).flatMap({ locals[$0] ?? fields[function.owner]?[$0] })
            else { continue }
            found.append(
              FrameworkStatement(
                content: .table(table, .write, columns: ["*"]), function: FunctionID(file: file, index: place),
                file: file, line: placed.line, confidence: .exact, via: "inserter"))
          case .call, .append, .result, .mention, .enterBranch, .nextBranch, .enterLoop, .enterScope, .leave: continue
          }
        }
      }
    }
    return found
  }

  /// The tables of inserters that are kept in fields, by owner and name.
  private func fieldTables(of facts: FileFacts, file: Int, _ system: SystemIndex) -> [String: [String: TableName]] {
    var found: [String: [String: TableName]] = [:]
    for type in facts.types {
      let names = Set(type.fields.filter { Self.inserters.contains(TypeName($0.type).simple) }.map(\.name))
      for field in type.fields {
        if let table = table(of: field.value, file: file, system) { found[type.name, default: [:]][field.name] = table }
      }
      for function in facts.functions where function.owner == type.name {
        for placed in function.events {
          switch placed.event {
          case .assign(let name, let value):
            guard let table = table(of: value, file: file, system) else { continue }
            found[type.name, default: [:]][Self.bare(name)] = table
          case .call(let call):
            // `inserter.withTableName("orders")` on a field that is there already.
            guard call.callee == "withTableName", let name = call.receiver.flatMap(Self.variable), names.contains(name),
              let table = Self.named(call.arguments.first, file: file, system)
            else { continue }
            found[type.name, default: [:]][name] = table
          case .declare, .append, .result, .mention, .enterBranch, .nextBranch, .enterLoop, .enterScope, .leave:
            continue
          }
        }
      }
    }
    return found
  }

  /// The table of a chain of calls that begins with a new inserter.
  private func table(of value: Value, file: Int, _ system: SystemIndex) -> TableName? {
    var current = value
    var table: TableName?
    while case .call(let callee, let receiver, let arguments) = current {
      guard let receiver else { return Self.inserters.contains(callee) ? table : nil }
      if callee == "withTableName" { table = Self.named(arguments.first, file: file, system) }
      current = receiver
    }
    return nil
  }

  private static func named(_ value: Value?, file: Int, _ system: SystemIndex) -> TableName? {
    value.flatMap { system.constantText($0, from: file) }.map { TableName($0) }
  }

  private static func variable(_ value: Value) -> String? {
    guard case .name(let name) = value else { return nil }
    return bare(name)
  }

  private static func bare(_ name: String) -> String { name.hasPrefix("this.") ? String(name.dropFirst(5)) : name }
}
