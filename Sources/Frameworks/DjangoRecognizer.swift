import Basics
import Facts

/// Django: models, migrations, managers, raw SQL, signals, views and commands.
struct DjangoRecognizer: FrameworkRecognizer {
  let name = "Django"
  let languages: Set<SourceLanguage> = [.python]

  func entities(in system: SystemIndex) -> [EntityMapping] {
    guard Self.isUsed(in: system) else { return [] }
    let project = DjangoProject(system)
    return DjangoMapping(system, models: DjangoModels(system, project: project)).entities()
  }

  func histories(in system: SystemIndex) -> [SchemaHistory] {
    guard Self.isUsed(in: system) else { return [] }
    let project = DjangoProject(system)
    let models = DjangoModels(system, project: project)
    return DjangoHistories(system, project: project, models: models).all()
  }

  private static func isUsed(in system: SystemIndex) -> Bool {
    system.files.contains { facts in
      facts.language == .python && facts.imports.contains { $0.path == "django" || $0.path.hasPrefix("django.") }
    }
  }
}
