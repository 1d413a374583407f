import Basics
import Facts

/// Django: models, migrations, managers, raw SQL, signals, views and commands.
struct DjangoRecognizer: FrameworkRecognizer {
  let name = "Django"
  let languages: Set<SourceLanguage> = [.python]
  let rules = DjangoVocabulary.rules
  let queryMembers = DjangoVocabulary.queryMembers
  let containerTypes = DjangoVocabulary.containers

  func entities(in system: SystemIndex) -> [EntityMapping] {
    guard let models = models(in: system) else { return [] }
    return DjangoMapping(system, models: models).entities()
  }

  func histories(in system: SystemIndex) -> [SchemaHistory] {
    guard let models = models(in: system) else { return [] }
    return DjangoHistories(system, project: models.project, models: models).all()
  }

  func rowClasses(in system: SystemIndex, model: EntityModel) -> [RowClasses] {
    models(in: system)?.rowClasses(model) ?? []
  }

  func entityFunctions(in system: SystemIndex) -> [String: TypeID] {
    models(in: system)?.functions ?? [:]
  }

  private func models(in system: SystemIndex) -> DjangoModels? {
    guard Self.isUsed(in: system) else { return nil }
    return DjangoModels(system, project: DjangoProject(system))
  }

  private static func isUsed(in system: SystemIndex) -> Bool {
    system.files.contains { facts in
      facts.language == .python && facts.imports.contains { $0.path == "django" || $0.path.hasPrefix("django.") }
    }
  }
}
