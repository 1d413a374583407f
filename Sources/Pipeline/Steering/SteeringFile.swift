import Basics
import Decomposition
import DocumentFrontend
import FactStore
import Facts
import Foundation

/// `cleave.yml`: what people decided about the decomposition of a repository.
struct SteeringFile {
  /// Name of the file at the top of a repository.
  static let name = "cleave.yml"
  /// Beyond this nobody wrote it by hand.
  private static let maximumBytes = 4 << 20

  /// Where it lies, absolute.
  let path: String
  /// How places in it are shown: relative to the repository when it lies inside.
  let shown: RepoPath
  /// Its text; empty when there is none.
  let text: String
  let steering: Steering
  let diagnostics: [Diagnostic]
  /// Identifies the content; nil without a file.
  let digest: String?

  /// The file given, or the one at the top of the repository when there is one.
  static func read(_ given: String?, root: String) throws(PipelineError) -> SteeringFile {
    let path = given.map { absolute($0) } ?? root + "/" + name
    let shown = RepoPath(path.hasPrefix(root + "/") ? String(path.dropFirst(root.utf8.count + 1)) : given ?? name)
    guard given != nil || FileManager.default.fileExists(atPath: path) else {
      return SteeringFile(path: path, shown: shown, text: "", steering: Steering(), diagnostics: [], digest: nil)
    }
    switch FileContent.read(path) {
    case .failure(let error): throw .steeringUnreadable(path: shown.text, line: 0, reason: error.reason)
    case .success(let bytes): return try parse(bytes, path: path, shown: shown)
    }
  }

  /// The decisions in a text.
  static func parse(_ bytes: [UInt8], path: String, shown: RepoPath) throws(PipelineError) -> SteeringFile {
    guard bytes.count <= maximumBytes, FileContent.isUTF8(bytes) else {
      throw .steeringUnreadable(
        path: shown.text, line: 0, reason: bytes.count > maximumBytes ? "it is larger than 4 MB" : "it is not UTF-8")
    }
    switch ConfigurationFile.read(bytes) {
    case .broken(let reason, let line): throw .steeringUnreadable(path: shown.text, line: line, reason: reason)
    case .read(let root):
      let (steering, diagnostics) = SteeringReader.read(root, file: shown)
      return SteeringFile(
        path: path, shown: shown, text: String(decoding: bytes, as: UTF8.self), steering: steering,
        diagnostics: diagnostics, digest: ContentDigest.hex(of: bytes))
    }
  }

  private static func absolute(_ path: String) -> String {
    path.hasPrefix("/") ? path : FileManager.default.currentDirectoryPath + "/" + path
  }

  /// Adds entries to the file, keeping all that is in it; the result is read again before it replaces the file.
  func add(_ entries: [SteeringEntry]) throws(PipelineError) {
    let edited: String
    do {
      edited = try SteeringEditor.adding(entries, to: text)
    } catch {
      switch error {
      case .section(let section, let line, let lines):
        throw .steeringUnwritable(
          path: shown.text, reason: "\(section) in line \(line) is written in a way that nothing can be added to",
          nextStep: "add by hand:\n" + lines.map { "  \($0)" }.joined(separator: "\n"))
      }
    }
    let again = try Self.parse(Array(edited.utf8), path: path, shown: shown)
    guard Self.meanings(again.steering.entries) == Self.meanings(steering.entries + entries),
      again.steering.weights == steering.weights, again.steering.files == steering.files,
      again.steering.dialect == steering.dialect
    else {
      throw .steeringUnwritable(
        path: shown.text, reason: "the edited file would not mean what it should",
        nextStep: "add the entries by hand: \(entries.map(\.text).joined(separator: "; "))")
    }
    try AtomicWriter.write(Array(edited.utf8), to: path)
  }

  /// What entries say, whatever their order and place.
  private static func meanings(_ entries: [SteeringEntry]) -> [String] {
    entries.map { "\($0.text) | \($0.because)" }.sorted()
  }
}

extension Workbench {
  /// The JSON Schema of `cleave.yml`.
  package static var steeringSchema: String { SteeringFormat.schema }

  /// Writes an example `cleave.yml` into a folder; never over one that is there. Returns its path.
  package static func writeSteeringExample(in folder: String) throws(PipelineError) -> String {
    let path = folder + "/" + SteeringFile.name
    guard !FileManager.default.fileExists(atPath: path) else {
      throw .steeringUnwritable(
        path: path, reason: "it is there already", nextStep: "edit it, or move it away first")
    }
    guard FileStamp.isFolder(folder) else { throw .repositoryUnreadable(path: folder, reason: "it is no folder") }
    try AtomicWriter.write(Array(SteeringFormat.example.utf8), to: path)
    return path
  }
}
