import Basics
import Facts

/// The schema of a Django project: what its migrations come to, and what its models say where there are none.
struct DjangoHistories {
  private let index: SystemIndex
  private let project: DjangoProject
  private let models: DjangoModels

  init(_ index: SystemIndex, project: DjangoProject, models: DjangoModels) {
    self.index = index
    self.project = project
    self.models = models
  }

  func all() -> [SchemaHistory] {
    let migrations = DjangoMigrations(index, project: project)
    var histories: [SchemaHistory] = []
    if !migrations.isEmpty {
      var replay = DjangoReplay(index, reader: models.reader)
      for migration in migrations.ordered() { replay.apply(migration) }
      let contrib = made(replay.state.neededContrib(named: named, project: project), in: replay.state)
      histories.append(
        SchemaHistory(
          framework: "Django", origin: .migrations, engine: project.engine, operations: contrib + replay.operations))
    }
    let state = models.state()
    let classes = state.models.values.sorted { $0.span == $1.span ? $0.key < $1.key : $0.span < $1.span }
    let contrib = migrations.isEmpty ? state.neededContrib(named: named, project: project) : []
    // Apps without migrations get their tables from their models, as those of other frameworks do.
    let free = classes.filter { !migrations.apps.contains($0.key.app) }
    guard !free.isEmpty || migrations.isEmpty else { return histories }
    let operations = made(contrib + free, in: state)
    histories.append(
      SchemaHistory(
        framework: "Django", origin: .mapping, engine: project.engine, operations: operations,
        declared: Set(
          operations.compactMap { if case .createTable(let table, _) = $0.operation { table.name } else { nil } })))
    return histories
  }

  private func made(_ models: [DjangoModel], in state: DjangoState) -> [PlacedOperation] {
    models.flatMap { model in state.fullCreation(of: model).map { PlacedOperation($0, at: model.span) } }
  }

  /// Models of Django that code outside of migrations and tests imports.
  private var named: Set<DjangoKey> {
    var found: Set<DjangoKey> = []
    for facts in index.files where facts.language == .python && !DjangoProject.isForTests(facts.file) {
      guard !facts.file.folder.hasSuffix("migrations") else { continue }
      for fact in facts.imports {
        for known in DjangoContrib.all where fact.symbol == known.name && fact.path == known.package + ".models" {
          found.insert(known.key)
        }
      }
    }
    return found
  }
}
