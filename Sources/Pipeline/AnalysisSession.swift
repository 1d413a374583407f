import Basics
import ClangFrontend
import Decomposition
import FactStore
import Facts
import Foundation
import Frameworks
import Graph
import Reporting

/// One analysis: what is in the repository, what is cached, and what must be read anew.
struct AnalysisSession {
  /// Name of the system: the name of its folder.
  let name: String
  /// Digest of what was read: names, contents and flags of every file.
  let digest: String

  private let request: AnalysisRequest
  private let root: String
  private let stateFolder: String
  private let scan: RepositoryScan
  /// What people decided, and where.
  let steeringFile: SteeringFile
  /// A division to judge in place of the one found.
  let split: ImportedSplit?
  private let commands: CompileCommands
  private let store: FactCache
  private var digests: DigestBook
  private var diagnostics: [Diagnostic]
  private let work: [FactJob]
  private let current: Set<FactKey>

  /// What decides what facts say; a new one reads all files anew.
  private static let version = ToolVersion.build

  /// Scans the repository and compares it with the store.
  init(_ request: AnalysisRequest) throws(PipelineError) {
    self.request = request
    root = CompilePath.absolute(request.repository, in: FileManager.default.currentDirectoryPath)
    name = RepoPath(root).fileName
    stateFolder = CompilePath.absolute(
      request.stateDirectory ?? root + "/.cleave", in: FileManager.default.currentDirectoryPath)
    let decided = try SteeringFile.read(request.steeringFile, root: root)
    steeringFile = decided
    let imported = try request.assignment.map { path throws(PipelineError) in try AssignmentFile.read(path) }
    split = imported?.split
    scan = try Self.scan(root, decided.steering.files)
    guard !scan.files.isEmpty else { throw .nothingToAnalyze(path: request.repository) }
    commands = try CompileCommands.read(given: request.compileDatabase, found: scan.compileDatabases)
    diagnostics = scan.diagnostics + commands.diagnostics + decided.diagnostics
    do {
      let opened = try FactCache.open(at: stateFolder + "/facts.sqlite")
      store = opened.0
      diagnostics += opened.1
    } catch {
      throw .stateUnwritable(path: request.stateDirectory ?? ".cleave", reason: Self.reason(error))
    }
    digests = DigestBook(remembered: (try? store.stamps()) ?? [:])
    let inferred = request.infersFlags ? Self.inferred(scan: scan, root: root) : nil
    let (work, sources) = Self.jobs(
      scan: scan, root: root, commands: commands, inferred: inferred, digests: &digests)
    self.work = work
    let inputs = [decided.digest, imported?.digest].compactMap { $0 }
    digest = inputs.isEmpty ? sources : ContentDigest.hex(of: ([sources] + inputs).joined(separator: "\n"))
    let index = (try? store.entries()) ?? CachedIndex()
    var book = digests
    current = Set(index.current { book.digest($0) }.map(\.key))
    digests = book
  }

  /// What people decided.
  var steering: Steering { steeringFile.steering }

  private static func scan(_ root: String, _ roots: FileRoots) throws(PipelineError) -> RepositoryScan {
    var scan = try RepositoryScan.scan(root: root)
    if roots != FileRoots() { scan.keep { roots.contains($0.path, isSchema: $0.kind == .schema) } }
    return scan
  }

  private static func reason(_ error: FactStoreError) -> String {
    switch error {
    case .cannotOpen(let reason), .failed(let reason): reason
    }
  }

  private static func jobs(
    scan: RepositoryScan, root: String, commands: CompileCommands, inferred: InferredFlags?,
    digests: inout DigestBook
  ) -> (work: [FactJob], digest: String) {
    var work: [FactJob] = []
    var summary = ""
    for (language, count) in scan.unread.sorted(by: { $0.key < $1.key }) { summary += "\n\(language)\u{0}\(count)" }
    for file in scan.files {
      let path = root + "/" + file.path.text
      let content = digests.digest(path, stamp: file.stamp) ?? "unreadable"
      let command = file.kind == .unit ? commands.byPath[path] ?? inferred?.command(for: file.path) : nil
      let flags = command.map { ContentDigest.hex(of: $0.arguments.joined(separator: "\u{0}")) } ?? "tokens"
      summary += "\n\(file.path.text)\u{0}\(content)\u{0}\(flags)"
      guard file.kind != .schema else { continue }
      let key = FactKey(file: file.path, contentDigest: content, flagsDigest: flags, version: version)
      work.append(FactJob(file: file, path: path, key: key, command: command))
    }
    return (work, ContentDigest.hex(of: summary))
  }

  /// Flags guessed from what the files include.
  private static func inferred(scan: RepositoryScan, root: String) -> InferredFlags {
    let code = scan.files.filter { $0.kind != .schema }
    let includes = code.compactMap { file -> (file: RepoPath, lines: [IncludeLine])? in
      guard case .success(let bytes) = FileContent.read(root + "/" + file.path.text) else { return nil }
      return (file.path, TokenFrontend.includes(of: bytes))
    }
    return InferredFlags(root: root, headers: code.filter { $0.kind == .header }.map(\.path), includes: includes)
  }

  /// The weights of the layers, as the request and then `cleave.yml` change them.
  func weights() throws(PipelineError) -> EvidenceWeights { steering.adjusted(try request.weights()) }

  // MARK: Saved results

  private var reportPath: String { stateFolder + "/report.json" }

  /// What the saved report was made from, and by which build.
  private var reportStamp: String {
    let factors = request.layerFactors.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }.joined(separator: " ")
    return "\(digest) \(Self.version) \(request.readsHistory ? GitHistory.stamp(root: root) : "no history") \(factors)"
  }

  /// The saved report when nothing it depends on changed.
  func savedReport() -> Report? {
    guard work.allSatisfy({ current.contains($0.key) }), let saved = try? store.value(for: "report"),
      saved == reportStamp,
      case .success(let bytes) = FileContent.read(reportPath), let report = try? Report(json: bytes),
      report.digest == digest
    else { return nil }
    return report
  }

  /// Writes the report to the state folder.
  func save(_ report: Report) throws(PipelineError) {
    try AtomicWriter.write(Array(report.jsonText.utf8), to: reportPath)
    try? store.setValue(reportStamp, for: "report")
  }

  // MARK: Facts

  /// The linked facts of the whole system; reads what changed and stores it.
  func system() async throws(PipelineError) -> SystemFacts {
    var book = digests
    let files = try fileFacts(&book)
    progress("reading schemas", 0, 1)
    let schema = SchemaStage(root: root, dialect: steering.dialect).run(
      scan.files.filter { $0.kind == .schema }, migrations: FlywayMigrations.scripts(in: files))
    try? store.setStamps(book.changed)
    try? store.prune(keeping: Set(work.map(\.file.path)))
    try? store.pruneStamps(keeping: Set(book.current.keys))
    progress("linking", 0, 1)
    var system = SystemLinker.link(files: files, catalog: schema.catalog, scripts: schema.scripts)
    if let engine = steering.dialect { system.catalog.engine = engine }
    system.hints = ModuleHints.hints(root: root, folders: scan.moduleFolders, files: files)
    if request.readsHistory {
      progress("reading the history", 0, 1)
      system.coChanges = CoChangeCounter.pairs(
        in: await GitHistory.commits(root: root), among: Set(scan.files.map(\.path)))
    }
    let code = files.filter { $0.language != .document }
    system.coverage.files = code.count
    system.coverage.unread.insert(
      contentsOf: scan.unread.sorted { $0.key < $1.key }.map {
        UnreadSource(kind: .language, name: $0.key, files: $0.value)
      }, at: 0)
    system.coverage.unreadableFiles = files.count { $0.diagnostics.contains { $0.severity == .error } }
    system.coverage.generatedFiles = files.count { $0.diagnostics.contains { $0.code == "file-generated" } }
    system.coverage.lines = code.reduce(0) { $0 + $1.lineCount }
    system.coverage.understoodLines = files.reduce(0) { $0 + $1.understoodLines }
    system.coverage.lostLines = files.reduce(0) { $0 + $1.lostLines }
    system.coverage.schemaStatements += schema.statements
    system.coverage.understoodSchemaStatements += schema.understood
    system.diagnostics =
      (diagnostics + system.diagnostics + schema.diagnostics + files.flatMap(\.diagnostics) + store.takeDiagnostics()
      + missingUnits())
      .sorted()
    let kept = steering.withoutIgnored(system)
    system = kept.system
    system.diagnostics = (system.diagnostics + kept.diagnostics).sorted()
    return system
  }

  /// Paths of the files that make the schema, in order.
  func schemaFiles() -> [String] {
    SchemaStage(root: root, dialect: steering.dialect).order(scan.files.filter { $0.kind == .schema })
      .map { root + "/" + $0.text }
  }

  private func fileFacts(_ book: inout DigestBook) throws(PipelineError) -> [FileFacts] {
    let fresh = work.filter { !current.contains($0.key) }
    let cachedJobs = work.filter { current.contains($0.key) }
    let encoded = (try? store.facts(for: cachedJobs.map(\.file.path))) ?? []
    let decoded = WorkerPool.map(Array(encoded), jobs: jobs, state: { 0 }, body: { _, item in item?.decoded() })
    var cached: [FileFacts] = []
    var lost: [FactJob] = []
    for (place, job) in cachedJobs.enumerated() {
      if place < decoded.count, let facts = decoded[place] { cached.append(facts) } else { lost.append(job) }
    }
    let stage = FactStage(
      root: root, jobs: jobs, store: store, temporaryFolder: try temporaryFolder(),
      progress: request.progress ?? { _ in })
    defer { try? FileManager.default.removeItem(atPath: stage.temporaryFolder) }
    let read = stage.run(fresh + lost, digests: &book)
    return (cached + read).sorted { $0.file < $1.file }
  }

  private func temporaryFolder() throws(PipelineError) -> String {
    let prefix = "headers-"
    // What a killed run left behind; folders of running ones stay.
    for name in (try? FileManager.default.contentsOfDirectory(atPath: stateFolder)) ?? [] {
      guard name.hasPrefix(prefix), let owner = Int32(name.dropFirst(prefix.utf8.count)), kill(owner, 0) != 0 else {
        continue
      }
      try? FileManager.default.removeItem(atPath: stateFolder + "/" + name)
    }
    let folder = stateFolder + "/\(prefix)\(ProcessInfo.processInfo.processIdentifier)"
    do {
      try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    } catch {
      throw .stateUnwritable(path: request.stateDirectory ?? ".cleave", reason: error.localizedDescription)
    }
    return folder
  }

  private var jobs: Int { max(1, request.jobs ?? ProcessInfo.processInfo.activeProcessorCount) }

  private func progress(_ stage: String, _ done: Int, _ total: Int) {
    request.progress?(ProgressUpdate(stage: stage, done: done, total: total))
  }

  /// Files the compile database names that are not there.
  private func missingUnits() -> [Diagnostic] {
    let known = Set(work.map(\.path))
    let missing = commands.byPath.keys.filter {
      $0.hasPrefix(root + "/") && !known.contains($0) && !FileManager.default.fileExists(atPath: $0)
    }
    return missing.sorted().map { path in
      Diagnostic(
        code: "unit-missing", severity: .warning,
        span: SourceSpan(file: RepoPath(String(path.dropFirst(root.utf8.count + 1))), line: 0),
        message: "the compile database names a file that does not exist", nextStep: "make the compile database again")
    }
  }
}

/// The version of the tool.
package enum ToolVersion {
  /// Semantic version.
  package static let text = "0.1.0"

  /// The version and the stamp of the running program: another build may say something else about the same sources,
  /// so nothing it kept is taken over.
  package static let build: String = {
    guard let stamp = FileStamp(path: "/proc/self/exe") else { return text }
    return "\(text) \(stamp.size) \(stamp.modified)"
  }()
}
