import Basics
import Facts
import Foundation
import Pipeline
import Reporting
import Testing

/// Which files change together, read from repositories made for the test.
@Suite("History")
struct HistoryTests {
  private let scratch: Scratch
  private let repo: String

  init() throws {
    scratch = try Scratch()
    repo = scratch.path + "/repo"
    try scratch.write("create table orders (id int);", to: "repo/schema.sql")
    try scratch.write("int total(void) { return 1; }\n", to: "repo/a/order.c")
    try scratch.write("int price(void) { return 1; }\n", to: "repo/b/price.c")
    try scratch.write("int other(void) { return 1; }\n", to: "repo/b/other file.c")
  }

  @discardableResult
  private func git(_ arguments: String...) throws -> Int32 {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments =
      ["git", "-C", repo, "-c", "user.name=a", "-c", "user.email=a@b", "-c", "commit.gpgsign=false"] + arguments
    process.standardOutput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
    return process.terminationStatus
  }

  /// Commits `a/order.c` and `b/price.c` together that many times, and the other file alone.
  private func commit(times: Int) throws {
    try git("init", "-q")
    for number in 0..<times {
      try scratch.write("int total(void) { return \(number); }\n", to: "repo/a/order.c")
      try scratch.write("int price(void) { return \(number); }\n", to: "repo/b/price.c")
      try git("add", "a", "b/price.c")
      try git("commit", "-qm", "\(number)")
      try scratch.write("int other(void) { return \(number); }\n", to: "repo/b/other file.c")
      try git("add", ".")
      try git("commit", "-qm", "other \(number)")
    }
  }

  private func coChanges(_ report: Report) -> Int {
    guard let kind = report.evidence.kindNames.firstIndex(of: "co-change") else { return 0 }
    return report.evidence.kinds.count { $0 == kind }
  }

  @Test func filesThatChangeTogetherAreTied() async throws {
    try commit(times: 4)
    let commits = await GitHistory.commits(root: repo)
    #expect(commits.count == 8)
    #expect(commits.first == [RepoPath("b/other file.c")])
    let pairs = CoChangeCounter.pairs(in: commits, among: Set(commits.joined()))
    #expect(pairs == [CoChange(left: RepoPath("a/order.c"), right: RepoPath("b/price.c"), support: 4, confidence: 1)])
    let report = try await analyze(repo, state: scratch.path + "/state")
    #expect(coChanges(report) == 1)
  }

  @Test func historyCanBeLeftOut() async throws {
    try commit(times: 4)
    var request = AnalysisRequest(repository: repo)
    request.stateDirectory = scratch.path + "/state"
    request.readsHistory = false
    #expect(coChanges(try await Workbench.analyze(request)) == 0)
    request.readsHistory = true
    #expect(coChanges(try await Workbench.analyze(request)) == 1, "the saved report is not taken for the other")
  }

  @Test func newCommitsAreSeen() async throws {
    try commit(times: 2)
    #expect(coChanges(try await analyze(repo, state: scratch.path + "/state")) == 0)
    for _ in 0..<2 {
      try scratch.write("int total(void) { return \(Int.random(in: 10...Int.max)); }\n", to: "repo/a/order.c")
      try scratch.write("int price(void) { return \(Int.random(in: 10...Int.max)); }\n", to: "repo/b/price.c")
      try git("add", ".")
      try git("commit", "-qm", "more")
    }
    #expect(coChanges(try await analyze(repo, state: scratch.path + "/state")) == 1)
  }

  @Test func noRepositoryNoHistory() async {
    #expect(await GitHistory.commits(root: repo).isEmpty)
    #expect(await GitHistory.commits(root: "/nowhere").isEmpty)
  }

  @Test func oneCommitSaysNothing() async throws {
    try commit(times: 1)
    let commits = await GitHistory.commits(root: repo)
    #expect(CoChangeCounter.pairs(in: commits, among: Set(commits.joined())).isEmpty)
  }

  @Test func folderAboveDoesNotCount() async throws {
    try commit(times: 3)
    #expect(await GitHistory.commits(root: repo + "/a").isEmpty)
    try FileManager.default.createSymbolicLink(
      atPath: scratch.path + "/repo/a/.git", withDestinationPath: repo + "/.git")
    #expect(await GitHistory.commits(root: repo + "/a").isEmpty, "a link may point anywhere")
  }

  /// Puts a commit with a signature on top, which a repository can have checked by a program of its choice.
  private func sign() throws {
    let tree = """
      cd \"$0\" && { git cat-file commit HEAD | sed '/^committer/q' | sed \"s/^parent .*/parent $(git rev-parse HEAD)/\"
      printf 'gpgsig -----BEGIN PGP SIGNATURE-----\\n \\n x\\n -----END PGP SIGNATURE-----\\n\\nsigned\\n'; } \\
      | git hash-object -t commit -w --stdin | xargs git update-ref HEAD
      """
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/bin/sh")
    process.arguments = ["-c", tree, repo]
    try process.run()
    process.waitUntilExit()
    #expect(process.terminationStatus == 0)
  }

  /// Every key that can name a program names one that leaves a trace; none may.
  @Test func nothingOfTheRepositoryRuns() async throws {
    try commit(times: 3)
    let trace = scratch.path + "/trace"
    let program = scratch.path + "/program"
    try scratch.write("#!/bin/sh\necho \"$0 $@\" >> \(trace)\ncat\n", to: "program")
    try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: program)
    for key in [
      "core.fsmonitor", "core.pager", "core.editor", "core.sshCommand", "core.askPass", "core.gitProxy",
      "diff.external",
      "diff.x.textconv", "diff.x.command", "filter.x.clean", "filter.x.smudge", "filter.x.process", "gpg.program",
      "gpg.ssh.program", "pager.log", "credential.helper", "interactive.diffFilter", "uploadpack.packObjectsHook",
    ] { try git("config", key, program) }
    for (key, value) in [
      ("log.showSignature", "true"), ("core.hooksPath", scratch.path), ("alias.log", "!" + program),
      ("color.ui", "always"), ("log.decorate", "full"), ("diff.renames", "copies"), ("core.quotePath", "true"),
      ("format.pretty", "raw"), ("log.follow", "true"), ("diff.noprefix", "true"),
    ] { try git("config", key, value) }
    try scratch.write("* diff=x filter=x\n", to: "repo/.gitattributes")
    try sign()
    try? FileManager.default.removeItem(atPath: trace)
    #expect(try git("--no-pager", "log", "--name-only", "-n", "1") == 0)
    #expect(FileManager.default.fileExists(atPath: trace), "git alone runs what the repository names")
    try? FileManager.default.removeItem(atPath: trace)
    let commits = await GitHistory.commits(root: repo)
    #expect(commits.count == 7)
    #expect(commits.last == [RepoPath("a/order.c"), RepoPath("b/price.c")])
    #expect(!FileManager.default.fileExists(atPath: trace))
  }

  /// A repository whose objects are elsewhere may not make git fetch them.
  @Test func missingObjectsAreNotFetched() async throws {
    try commit(times: 3)
    let trace = scratch.path + "/trace"
    try scratch.write("#!/bin/sh\ntouch \(trace)\n", to: "program")
    try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: scratch.path + "/program")
    try git("config", "core.repositoryFormatVersion", "1")
    try git("config", "extensions.partialClone", "origin")
    try git("config", "remote.origin.url", "ext::\(scratch.path)/program")
    try git("config", "remote.origin.promisor", "true")
    try git("config", "protocol.ext.allow", "always")
    for folder in try FileManager.default.contentsOfDirectory(atPath: repo + "/.git/objects") where folder.count == 2 {
      try FileManager.default.removeItem(atPath: repo + "/.git/objects/" + folder)
    }
    _ = await GitHistory.commits(root: repo)
    #expect(!FileManager.default.fileExists(atPath: trace))
    try git("log", "--name-only")
    #expect(FileManager.default.fileExists(atPath: trace), "git alone fetches by whatever program the repository names")
  }

  @Test func answersOfGitAreReadByteByByte() {
    let answer = Array("\u{1}\0a b.c\0é.c\0\u{1}\0\nx\0".utf8)
    #expect(GitHistory.commits(in: answer) == [[RepoPath("a b.c"), RepoPath("é.c")], [RepoPath("x")]])
    #expect(GitHistory.commits(in: Array("a\0b".utf8)).isEmpty)
    #expect(GitHistory.commits(in: []).isEmpty)
  }

  @Test func largeCommitsAndRarePairsSayNothing() {
    let files = (0..<31).map { RepoPath("f\($0)") }
    #expect(CoChangeCounter.pairs(in: [files, files, files], among: Set(files)).isEmpty)
    let pair = [files[0], files[1]]
    #expect(CoChangeCounter.pairs(in: [pair, pair], among: Set(files)).isEmpty)
    #expect(CoChangeCounter.pairs(in: [pair, pair, pair], among: [files[0]]).isEmpty)
    let busy = [pair, pair, pair] + (0..<10).map { _ in [files[0]] }
    #expect(CoChangeCounter.pairs(in: busy, among: Set(files)).isEmpty, "three of thirteen")
    #expect(CoChangeCounter.pairs(in: [pair, pair.reversed(), pair], among: Set(files)).first?.confidence == 1)
  }
}

/// What people declared.
@Suite("Declared modules")
struct ModuleHintTests {
  @Test func ownersOfFolders() {
    let hints = ModuleHints.codeOwners(
      """
      # everything
      *            @all
      *.sql        @dba
      /billing/    @money  # with a remark
      src/stock/** @shelf @lift
      src/mail/*   @post
      docs         @writers
      /billing/    @cash
      src/free/
      [Section]
      """)
    #expect(
      hints.map { "\($0.name): \($0.folders.joined(separator: ", "))" } == [
        "@cash: billing", "@lift @shelf: src/stock", "@post: src/mail",
      ])
  }
}
