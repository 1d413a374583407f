package import Basics
import Foundation
import Subprocess
import SystemPackage

/// The files each commit of a repository changed, read by git.
///
/// The repository may be hostile: its own configuration can name programs for almost anything. So git gets an environment of its own and no shell;
/// hooks, file system monitors, pagers, signature checks, external diffs, text conversions and every way to fetch are
/// switched off, and nothing of the work tree is looked at. Without a repository at the very top, or without git, there is no history.
package enum GitHistory {
  /// Commits read, newest first. Bounds the time; older code tells less about today (ours).
  static let mostCommits = 2_000
  /// Seconds git may take (ours).
  static let timeLimit = 20
  /// Bytes git may say; 2,000 commits of 30 files say a tenth of it (ours).
  private static let largestAnswer = 64 << 20
  /// What every commit begins with in the answer: no path begins with it.
  private static let mark = UInt8(1)

  /// The commits of the repository at the absolute path `root` that no merge made, newest first; empty when there are none to read.
  package static func commits(root: String) async -> [[RepoPath]] {
    guard isRepository(root), let git = GraphvizRenderer.executable(named: "git") else { return [] }
    guard let answer = await answer(of: git, arguments(root: root)) else { return [] }
    return commits(in: answer)
  }

  /// What the history depends on: the commit that is checked out. Empty when there is none.
  static func stamp(root: String) -> String {
    let folder = root + "/.git/"
    guard isRepository(root), case .success(let head) = FileContent.read(folder + "HEAD") else { return "" }
    var text = String(decoding: head, as: UTF8.self)
    let name = text.hasPrefix("ref: ") ? text.dropFirst(5).prefix { $0 != "\n" } : ""
    guard name.hasPrefix("refs/"), !name.contains("..") else { return text }
    for file in [String(name), "packed-refs"] {
      guard case .success(let bytes) = FileContent.read(folder + file) else { continue }
      text += ContentDigest.hex(of: String(decoding: bytes, as: UTF8.self))
    }
    return text
  }

  /// Whether there is a `.git` folder: links and files may point anywhere.
  private static func isRepository(_ root: String) -> Bool {
    var status = stat()
    return lstat(root + "/.git", &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
  }

  /// Arguments of git; each overrides a key that names a program or changes the answer.
  static func arguments(root: String) -> [String] {
    let settings = [
      "core.hooksPath=/dev/null", "core.fsmonitor=false", "core.pager=cat", "core.sshCommand=false",
      "core.attributesFile=/dev/null", "core.commitGraph=false", "diff.external=", "gpg.program=false",
      "log.showSignature=false", "log.mailmap=false", "protocol.allow=never", "credential.helper=", "gc.auto=0",
    ]
    return ["--git-dir=\(root)/.git", "--no-pager", "--no-replace-objects"] + settings.flatMap { ["-c", $0] } + [
      "log", "-z", "--name-only", "--no-merges", "--no-renames", "--no-ext-diff", "--no-textconv", "--no-color",
      "--no-decorate", "--no-notes", "--no-show-signature", "--ignore-submodules=all",
      "--format=tformat:%x01", "-n", "\(mostCommits)", "HEAD", "--",
    ]
  }

  /// What git said; nil when it failed, took too long or said too much.
  private static func answer(of git: String, _ arguments: [String]) async -> [UInt8]? {
    let own = ProcessInfo.processInfo.environment
    // Nothing of `GIT_*` gets through; the user's own configuration tells which folders are safe.
    var environment: [Environment.Key: String] = [
      "GIT_NO_LAZY_FETCH": "1", "GIT_ALLOW_PROTOCOL": "none", "GIT_TERMINAL_PROMPT": "0", "GIT_OPTIONAL_LOCKS": "0",
      "GIT_PAGER": "cat", "GIT_CONFIG_NOSYSTEM": "1", "LC_ALL": "C",
    ]
    if let path = own["PATH"] { environment["PATH"] = path }
    if let home = own["HOME"] { environment["HOME"] = home }
    let settled = environment
    return await withTaskGroup(of: [UInt8]?.self) { group in
      group.addTask {
        let result = try? await run(
          .path(FilePath(git)), arguments: Arguments(arguments), environment: .custom(settled), workingDirectory: "/",
          output: .bytes(limit: largestAnswer), error: .discarded)
        guard let result, result.terminationStatus.isSuccess else { return nil }
        return result.standardOutput
      }
      group.addTask {
        // Second by second: where this program itself is kept waiting, git's answer gets its turn before the limit.
        for _ in 0..<timeLimit where (try? await Task.sleep(for: .seconds(1))) == nil { break }
        return nil
      }
      // The first to end decides; leaving the group ends the other one, and with it git.
      let first = await group.next() ?? nil
      group.cancelAll()
      return first
    }
  }

  /// Commits in the answer: a mark each, then the paths, all ended by a zero byte.
  package static func commits(in answer: [UInt8]) -> [[RepoPath]] {
    var commits: [[RepoPath]] = []
    for part in answer.split(separator: 0) {
      // Some versions put a line feed between the mark and the first path.
      let text = part.first == UInt8(ascii: "\n") ? part.dropFirst() : part
      if text.first == mark {
        commits.append([])
      } else if !text.isEmpty, !commits.isEmpty {
        commits[commits.count - 1].append(RepoPath(String(decoding: text, as: UTF8.self)))
      }
    }
    return commits
  }
}
