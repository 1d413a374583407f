import Basics
import Facts

/// ActiveRecord of Ruby on Rails: models with their tables, migrations, and what models are asked to do.
struct ActiveRecordRecognizer: FrameworkRecognizer {
  let name = "ActiveRecord"
  let languages: Set<SourceLanguage> = [.ruby]

  func histories(in system: SystemIndex) -> [SchemaHistory] {
    let inflector = Inflector(files: system.files)
    let models = RailsModels(system: system, inflector: inflector)
    return schema(of: system, inflector: inflector, models: models).histories()
  }

  func entities(in system: SystemIndex) -> [EntityMapping] {
    let inflector = Inflector(files: system.files)
    let models = RailsModels(system: system, inflector: inflector)
    let histories = schema(of: system, inflector: inflector, models: models).histories()
    return RailsMappings(models: models, histories: histories).all()
  }

  private func schema(of system: SystemIndex, inflector: Inflector, models: RailsModels) -> RailsSchema {
    RailsSchema(system: system, inflector: inflector, engine: RailsEngine.of(system)) { name, file in
      system.resolve(name, from: file).flatMap { models.table(of: $0) }
    }
  }

  let rules = ActiveRecordVocabulary.rules

  func entryPoints(in system: SystemIndex) -> [FrameworkEntryPoint] {
    var routes = RailsRoutes(system: system, inflector: Inflector(files: system.files))
    return routes.entryPoints() + RailsJobs.entryPoints(in: system)
  }
}

/// The database engine a Rails system runs on.
enum RailsEngine {
  private static let gems: [String: EngineFamily] = [
    "pg": .postgres, "mysql2": .mysql, "trilogy": .mysql, "sqlite3": .sqlite,
  ]

  /// The only engine whose driver is asked for; nil when there are several or none.
  static func of(_ system: SystemIndex) -> EngineFamily? {
    var found: Set<EngineFamily> = []
    for facts in system.files where facts.language == .ruby {
      let name = facts.file.fileName.lowercased()
      guard name == "gemfile" || name.hasSuffix(".gemspec") else { continue }
      for case .call(let call) in facts.functions.lazy.flatMap({ $0.events.lazy.map(\.event) }) {
        guard ["gem", "add_dependency", "add_runtime_dependency"].contains(call.callee),
          let gem = call.arguments.first?.literalText, let engine = gems[gem]
        else { continue }
        found.insert(engine)
      }
    }
    return found.count == 1 ? found.first : nil
  }
}
