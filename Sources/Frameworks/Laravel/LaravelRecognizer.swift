import Basics
import Facts

/// Laravel: Eloquent models, the query builder, migrations, routes, jobs, listeners and commands.
struct LaravelRecognizer: FrameworkRecognizer {
  /// What its models and migrations are told apart by.
  static let eloquent = "Laravel"

  let name = Self.eloquent
  let languages: Set<SourceLanguage> = [.php]
  let rules = EloquentVocabulary.rules
  let sessionTypes: Set<String> = ["DB", "Capsule", "DatabaseManager", "ConnectionInterface", "ConnectionResolver"]

  func entities(in system: SystemIndex) -> [EntityMapping] { EloquentModels(system: system).mappings() }

  func histories(in system: SystemIndex) -> [SchemaHistory] { LaravelMigrations(system: system).histories() }

  func entryPoints(in system: SystemIndex) -> [FrameworkEntryPoint] {
    LaravelRoutes(system: system).entryPoints() + LaravelJobs(system: system).entryPoints()
  }
}
