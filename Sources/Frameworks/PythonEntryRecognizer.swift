import Basics
import Facts

/// Where requests, messages, jobs and commands come in in Python: Django, its REST framework, Flask, FastAPI, Celery,
/// Graphene and their like.
struct PythonEntryRecognizer: FrameworkRecognizer {
  let name = "Python services"
  let languages: Set<SourceLanguage> = [.python]

  func entryPoints(in system: SystemIndex) -> [FrameworkEntryPoint] {
    PythonDecorators.entryPoints(in: system) + PythonURLs(system).entryPoints() + PythonViews.entryPoints(in: system)
  }

  /// Functions under `@transaction.atomic`.
  func transactions(in system: SystemIndex) -> [FunctionID] {
    system.files.enumerated().flatMap { file, facts -> [FunctionID] in
      guard facts.language == .python else { return [] }
      return facts.functions.enumerated().compactMap { place, function in
        let isAtomic = function.annotations.contains { mark in
          let last = NameWords.lastPart(mark.name)
          return last == "atomic" || last == "commit_on_success" || mark.name == "db_session"
        }
        return isAtomic ? FunctionID(file: file, index: place) : nil
      }
    }
  }
}
