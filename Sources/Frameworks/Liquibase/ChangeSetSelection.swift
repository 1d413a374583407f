import Basics
import Facts

/// Which change sets a system runs, by the contexts and labels its configuration asks for.
///
/// Liquibase's own rule: without contexts at run time every change set runs whatever its context is, those for tests
/// too; with some, a change set runs whose expression (`context`, `contextFilter`) holds for them, or that has none.
/// Labels are the other way around: the expression (`label-filter`) is given at run time, and change sets have lists.
/// Only settings that count without a profile are looked at: `spring.liquibase.contexts` of `application.yml`,
/// `contexts` of `liquibase.properties`. Change logs in formatted SQL run as if nothing were asked for.
///
/// Source: Liquibase documentation, "What are contexts?" and "What are labels?".
struct ChangeSetSelection {
  /// The engine the system is configured for; nil when nothing or several are said.
  let engine: EngineFamily?
  private let contexts: Set<String>
  private let labelFilter: String

  init(system: SystemIndex) {
    let settings = Settings(system, withProfiles: false)
    func said(_ names: [String]) -> String {
      let values = settings.values(endingIn: names)
      // What is filled in later may be anything.
      return values.count == 1 && !values[0].contains("${") && !values[0].contains("@") ? values[0] : ""
    }
    contexts = Set(
      said(["liquibase.contexts", "liquibase.command.contexts"]).lowercased().split(separator: ",").map(Self.bare))
    labelFilter = said([
      "liquibase.label-filter", "liquibase.labels", "liquibase.labelFilter", "liquibase.command.labelFilter",
    ])
    let addresses = settings.values(endingIn: ["datasource.url", "liquibase.url", "datasource.jdbc-url"])
    let engines = Set(addresses.compactMap(Self.engine))
    engine = engines.count == 1 ? engines.first : nil
  }

  /// The engine an address names; embedded ones say little about where a system really runs.
  private static func engine(_ address: String) -> EngineFamily? {
    let text = address.lowercased()
    if text.hasPrefix("jdbc:postgresql:") { return .postgres }
    if text.hasPrefix("jdbc:mysql:") || text.hasPrefix("jdbc:mariadb:") { return .mysql }
    if text.hasPrefix("jdbc:sqlserver:") { return .sqlserver }
    return text.hasPrefix("jdbc:oracle:") ? .oracle : nil
  }

  /// Whether a change set, or what an `include` takes in, runs.
  func includes(_ node: DocumentNode) -> Bool {
    let context = node.value("contextFilter") ?? node.value("context") ?? ""
    if !contexts.isEmpty, !context.isEmpty, !Expression.holds(context, for: contexts) { return false }
    guard !labelFilter.isEmpty, let labels = node.value("labels") else { return true }
    return Expression.holds(labelFilter, for: Set(labels.lowercased().split(separator: ",").map(Self.bare)))
  }

  private static func bare(_ name: Substring) -> String { name.filter { $0 != " " && $0 != "@" } }

  /// Expressions over names: `prod and !test`, `a, b`, `(a or b) and not c`; a comma is an `or` that binds weakest.
  private struct Expression {
    private var words: [String] = []
    private var place = 0
    private let names: Set<String>
    private static let maximumDepth = 20

    static func holds(_ text: String, for names: Set<String>) -> Bool {
      var expression = Expression(text.lowercased(), names: names)
      return expression.any(depth: 0)
    }

    private init(_ text: String, names: Set<String>) {
      self.names = names
      var word = ""
      for character in text + " " {
        let isMark = "(),!".contains(character)
        if isMark || character == " " {
          if !word.isEmpty { words.append(word) }
          word = ""
          if isMark { words.append(String(character)) }
        } else {
          word.append(character)
        }
      }
    }

    private mutating func take(_ word: String...) -> Bool {
      guard place < words.count, word.contains(words[place]) else { return false }
      place += 1
      return true
    }

    private mutating func any(depth: Int) -> Bool {
      var found = every(depth: depth)
      while take(",", "or") {
        let next = every(depth: depth)
        found = found || next
      }
      return found
    }

    private mutating func every(depth: Int) -> Bool {
      var found = one(depth: depth)
      while take("and") {
        let next = one(depth: depth)
        found = found && next
      }
      return found
    }

    private mutating func one(depth: Int) -> Bool {
      if take("!", "not") { return depth < Self.maximumDepth ? !one(depth: depth + 1) : false }
      if take("(") {
        let found = depth < Self.maximumDepth ? any(depth: depth + 1) : false
        _ = take(")")
        return found
      }
      guard place < words.count else { return false }
      place += 1
      let name = words[place - 1]
      return names.contains(name.hasPrefix("@") ? String(name.dropFirst()) : name)
    }
  }
}
