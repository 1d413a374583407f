import Basics
import Facts

/// The settings and apps of a Django project.
struct DjangoProject {
  /// An app: a package with models.
  struct App: Hashable {
    /// Its folder.
    var folder: String
    /// What its tables begin with.
    var label: String
    /// The class of keys that nobody declared, when the app says so.
    var autoField: String?
  }

  /// The apps of the repository by folder.
  private(set) var apps: [String: App] = [:]
  /// What `INSTALLED_APPS` name, sorted.
  let installed: [String]
  /// The model of users, as `app.Model`.
  let userModel: String
  /// The class of keys that nobody declared.
  let autoField: String
  let engine: EngineFamily
  private let index: SystemIndex

  init(_ index: SystemIndex) {
    self.index = index
    let settings = Self.settings(of: index)
    installed = Self.installed(in: settings)
    userModel = settings.text("AUTH_USER_MODEL") ?? "auth.User"
    autoField = settings.text("DEFAULT_AUTO_FIELD").map(NameWords.lastPart) ?? "AutoField"
    engine = settings.engine
    findApps()
  }

  // MARK: Settings

  /// Constants of settings modules; those of tests and examples do not count where there are others.
  private struct Settings {
    var constants: [ConstantFact] = []

    func text(_ name: String) -> String? {
      for fact in constants where fact.name == name {
        if let text = fact.value.literalText { return text }
      }
      return nil
    }

    /// The engine of the first database whose engine is said.
    var engine: EngineFamily {
      for fact in constants where fact.name == "DATABASES" {
        guard let engine = fact.value.entry("default")?.entry("ENGINE")?.literalText?.lowercased() else { continue }
        if engine.contains("mysql") { return .mysql }
        if engine.contains("sqlite") { return .sqlite }
        return .postgres
      }
      return .postgres
    }
  }

  private static func settings(of index: SystemIndex) -> Settings {
    let files = index.files.filter { facts in
      facts.language == .python
        && facts.constants.contains {
          $0.name == "INSTALLED_APPS" || $0.name == "DATABASES" || $0.name == "AUTH_USER_MODEL"
        }
    }
    let real = files.filter { !isForTests($0.file) }
    return Settings(constants: (real.isEmpty ? files : real).flatMap(\.constants))
  }

  /// Whether a file only serves tests or examples.
  static func isForTests(_ file: RepoPath) -> Bool {
    file.text.split(separator: "/").contains {
      $0 == "tests" || $0 == "test" || $0 == "testing" || $0 == "examples" || $0 == "example" || $0 == "docs"
        || $0.hasPrefix("test_") || $0 == "conftest.py"
    }
  }

  private static func installed(in settings: Settings) -> [String] {
    var found: Set<String> = []
    for fact in settings.constants where fact.name.hasSuffix("APPS") { collect(fact.value, into: &found) }
    return found.sorted()
  }

  private static func collect(_ value: Value, into found: inout Set<String>) {
    if case .text(let text) = value { found.insert(text) }
    for part in value.parts { collect(part, into: &found) }
  }

  // MARK: Apps

  private mutating func findApps() {
    var marks: [String: Int] = [:]
    for facts in index.files where facts.language == .python {
      let path = facts.file.text
      let folder = facts.file.folder
      let last = folder.split(separator: "/").last ?? ""
      if last == "migrations" || last == "models" {
        let parent = RepoPath(folder).folder
        marks[parent] = max(marks[parent] ?? 0, last == "migrations" ? 2 : 1)
      } else if facts.file.fileName == "models.py" {
        marks[folder] = max(marks[folder] ?? 0, 1)
      } else if facts.file.fileName == "apps.py" {
        marks[folder] = 2
      }
      for type in facts.types where type.bases.contains(where: { NameWords.lastPart($0) == "AppConfig" }) {
        readConfiguration(type, in: path.hasSuffix("apps.py") || path.hasSuffix("__init__.py") ? folder : folder)
      }
    }
    for folder in marks.keys.sorted() where apps[folder] == nil {
      apps[folder] = App(folder: folder, label: String(folder.split(separator: "/").last ?? ""), autoField: nil)
    }
  }

  private mutating func readConfiguration(_ type: TypeFact, in folder: String) {
    func text(_ name: String) -> String? { type.fields.first { $0.name == name }?.value.literalText }
    let name = text("name")
    let label = text("label") ?? name.map(NameWords.lastPart) ?? String(folder.split(separator: "/").last ?? "")
    let automatic = text("default_auto_field").map(NameWords.lastPart)
    if apps[folder] == nil { apps[folder] = App(folder: folder, label: label, autoField: automatic) }
  }

  /// The app a file belongs to: that of the nearest folder.
  func app(of file: RepoPath) -> App? {
    var folder = file.folder
    while true {
      if let app = apps[folder] { return app }
      guard !folder.isEmpty else { return nil }
      folder = RepoPath(folder).folder
    }
  }

  /// Whether an app of the repository is part of the project. Where no settings name any of its apps, all are.
  func isInstalled(_ app: App) -> Bool { !namesOwnApps || isNamed(app) }

  private func isNamed(_ app: App) -> Bool {
    let dotted = app.folder.replacing("/", with: ".")
    return installed.contains { name in
      let parts = name.split(separator: ".")
      return Self.ends(dotted, with: name)
        || (parts.count > 2 && Self.ends(dotted, with: parts.dropLast(2).joined(separator: ".")))
    }
  }

  private static func ends(_ path: String, with name: String) -> Bool { path == name || path.hasSuffix("." + name) }

  private var namesOwnApps: Bool { apps.values.contains(where: isNamed) }

  /// Whether an app that is not in the repository is installed: `django.contrib.auth`.
  func isInstalled(external path: String) -> Bool {
    installed.contains { $0 == path || $0.hasPrefix(path + ".") }
  }

  /// The apps that are part of the project, by folder.
  func installedApps() -> [String: App] {
    guard namesOwnApps else { return apps }
    return apps.filter { isNamed($0.value) }
  }
}
