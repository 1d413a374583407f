import Basics
import ClangFrontend
import DocumentFrontend
import FactStore
import Facts
import TreeSitterFrontend

/// A source file to turn into facts.
struct FactJob: Sendable {
  var file: ScannedFile
  /// The file, absolute.
  var path: String
  var key: FactKey
  /// How it is compiled; nil reads it from its tokens alone.
  var command: CompileCommand?
}

/// What became of one job.
struct FactOutcome: Sendable {
  var facts: FileFacts
  /// Absolute paths of the files it includes.
  var includedFiles: [String] = []
}

/// Turns source files into facts: from the parser where a compile command is known, from tokens everywhere.
struct FactStage {
  let root: String
  let jobs: Int
  let store: FactCache
  let temporaryFolder: String
  let progress: @Sendable (ProgressUpdate) -> Void

  /// Sources beyond this many bytes are generated data; they are read from their tokens.
  private static let largestUnit = 8 << 20
  /// Finished files kept in memory before they are stored.
  private static let batchSize = 64

  /// Facts of `work` in its order; each is stored as soon as its batch is full, so an interrupted run loses little.
  func run(_ work: [FactJob], digests: inout DigestBook) -> [FileFacts] {
    guard !work.isEmpty else { return [] }
    let headers = SharedHeaderStage(folder: temporaryFolder, jobs: jobs, progress: progress).run(work)
    let requests = work.enumerated().map { place, job in
      UnitWork(job: job, header: headers[place])
    }
    var waiting: [(key: FactKey, stored: StoredFacts)] = []
    var finished = 0
    let root = root
    let outcomes = WorkerPool.map(
      requests, jobs: jobs, state: { UnitParser() },
      done: { batch in
        for entry in batch {
          waiting.append((work[entry.index].key, stored(entry.output, digests: &digests)))
        }
        finished += batch.count
        progress(ProgressUpdate(stage: "reading code", done: finished, total: work.count))
        if waiting.count >= Self.batchSize { flush(&waiting) }
      },
      body: { parser, unit in Self.outcome(of: unit, root: root, parser: parser) })
    flush(&waiting)
    return outcomes.map(\.facts)
  }

  private func flush(_ waiting: inout [(key: FactKey, stored: StoredFacts)]) {
    // A store that cannot be written costs the next run time, not this one its result.
    try? store.store(waiting)
    waiting.removeAll(keepingCapacity: true)
  }

  private func stored(_ outcome: FactOutcome, digests: inout DigestBook) -> StoredFacts {
    let dependencies = outcome.includedFiles.compactMap { path -> FactDependency? in
      guard !path.hasPrefix(temporaryFolder) else { return nil }
      return digests.digest(path).map { FactDependency(path: path, digest: $0) }
    }
    return StoredFacts(facts: outcome.facts, dependencies: dependencies)
  }

  // MARK: One file

  private struct UnitWork: Sendable {
    var job: FactJob
    var header: SharedHeader?
  }

  private static func outcome(of unit: UnitWork, root: String, parser: UnitParser) -> FactOutcome {
    let job = unit.job
    switch FileContent.read(job.path) {
    case .failure(let error):
      return FactOutcome(
        facts: FileFacts(file: job.file.path, diagnostics: [FileContent.unreadable(job.file.path, error.reason)]))
    case .success(let bytes):
      if FileContent.isBinary(bytes) {
        return FactOutcome(
          facts: FileFacts(
            file: job.file.path,
            diagnostics: [
              Diagnostic(
                code: "file-binary", severity: .warning, span: SourceSpan(file: job.file.path, line: 0),
                message: "the file is not text", nextStep: "rename it if it is no source")
            ]))
      }
      return outcome(of: unit, bytes: bytes, root: root, parser: parser)
    }
  }

  private static func outcome(of unit: UnitWork, bytes: [UInt8], root: String, parser: UnitParser) -> FactOutcome {
    let job = unit.job
    if job.file.kind == .document, var facts = DocumentFrontend.read(job.file.path, bytes) {
      facts.diagnostics += diagnostics(of: bytes, job: job)
      return FactOutcome(facts: facts)
    }
    if job.file.kind == .code || job.file.kind == .header,
      let frontend = LanguageFrontend.of(job.file.path.fileName, content: bytes)
    {
      var facts = bytes.withUnsafeBufferPointer { frontend.read(job.file.path, $0) }
      facts.diagnostics += diagnostics(of: bytes, job: job)
      return FactOutcome(facts: facts)
    }
    var tokens = TokenFrontend.read(job.file.path, bytes: bytes).facts
    tokens.diagnostics += diagnostics(of: bytes, job: job)
    guard let command = job.command, bytes.count <= largestUnit else { return FactOutcome(facts: tokens) }
    let request = UnitRequest(
      file: job.file.path, path: job.path, arguments: command.arguments, precompiledHeader: unit.header?.path)
    do {
      let parsed = try parser.parse(request)
      var merged = FactMerger.merge(parsed: parsed, tokens: tokens)
      if let first = parsed.errorLines.first {
        merged.diagnostics.append(
          Diagnostic(
            code: "parse-errors", severity: .note, span: SourceSpan(file: job.file.path, line: first),
            message: "\(parsed.errorLines.count) lines did not compile and were read from their tokens",
            nextStep: "check the include folders in the compile database"))
      }
      let shared = parsed.usedPrecompiledHeader ? unit.header?.includedFiles ?? [] : []
      return FactOutcome(facts: merged, includedFiles: parsed.includedFiles.isEmpty ? shared : parsed.includedFiles)
    } catch {
      tokens.diagnostics.append(
        Diagnostic(
          code: "parse-refused", severity: .warning, span: SourceSpan(file: job.file.path, line: 0),
          message: "the parser refused the file; it was read from its tokens",
          nextStep: "check its entry in the compile database"))
      return FactOutcome(facts: tokens)
    }
  }

  private static func diagnostics(of bytes: [UInt8], job: FactJob) -> [Diagnostic] {
    var found: [Diagnostic] = []
    let span = SourceSpan(file: job.file.path, line: 0)
    if !FileContent.isUTF8(bytes) {
      found.append(
        Diagnostic(
          code: "file-not-utf8", severity: .note, span: span, message: "the file is not valid UTF-8",
          nextStep: "names and SQL in ASCII are read all the same"))
    }
    if bytes.count > largestUnit {
      found.append(
        Diagnostic(
          code: "file-large", severity: .note, span: span,
          message: "a file of \(bytes.count >> 20) MB was read from its tokens, as generated data usually is"))
    }
    return found
  }
}
