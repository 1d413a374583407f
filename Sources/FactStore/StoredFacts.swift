package import Basics
package import Facts

/// What decides whether cached facts of a file may be used again.
package struct FactKey: Hashable, Sendable {
  /// The file the facts are about; the store keeps one set of facts a file.
  package var file: RepoPath
  /// Digest of the file's bytes.
  package var contentDigest: String
  /// Digest of whatever else steers the frontend: compiler arguments, configuration.
  package var flagsDigest: String
  /// Version of the tool and of the frontend that wrote the facts.
  package var version: String

  /// A key with all its parts.
  package init(file: RepoPath, contentDigest: String, flagsDigest: String, version: String) {
    self.file = file
    self.contentDigest = contentDigest
    self.flagsDigest = flagsDigest
    self.version = version
  }
}

/// A file the facts of another file depend on, with the content it had.
package struct FactDependency: Hashable, Sendable {
  /// Path relative to the repository, or absolute for files outside it.
  package var path: String
  /// Digest of its bytes at extraction time.
  package var digest: String

  /// `path` with the content named by `digest`.
  package init(path: String, digest: String) {
    self.path = path
    self.digest = digest
  }
}

/// The facts of one file and what they depend on beside the file itself.
package struct StoredFacts: Hashable, Sendable {
  /// The facts.
  package var facts: FileFacts
  /// Included files; the facts are valid only while all of them still have these digests.
  package var dependencies: [FactDependency]

  /// Facts with what they depend on.
  package init(facts: FileFacts, dependencies: [FactDependency] = []) {
    self.facts = facts
    self.dependencies = dependencies
  }
}

/// What the store knows about every cached file, without the facts themselves.
package struct CachedIndex: Sendable {
  /// One cached file.
  package struct Entry: Hashable, Sendable {
    /// Under which circumstances its facts were made.
    package var key: FactKey
    /// Indexes into `CachedIndex.dependencies`.
    package var dependencies: [Int]
  }

  /// Every file and content some entry depends on, each once, so that each is checked once.
  package var dependencies: [FactDependency] = []
  /// Entries sorted by file.
  package var entries: [Entry] = []

  /// Nothing cached.
  package init() {}

  /// The entries whose dependencies all still have the digest they had.
  ///
  /// `digest` answers with the digest a path has now, or nil when it cannot be read; it is asked once per distinct pair
  /// of path and former digest.
  package func current(digest: (String) -> String?) -> [Entry] {
    let holds = dependencies.map { digest($0.path) == $0.digest }
    return entries.filter { entry in entry.dependencies.allSatisfy { holds[$0] } }
  }
}

/// What `stat` says about a file; while it stays the same the content is taken to be the same.
///
/// A file changed twice within one tick of the file system's clock keeps its stamp. Callers leave out files whose
/// modification time is not older than the moment the run began.
package struct FileStamp: Hashable, Sendable {
  /// Size in bytes.
  package var size: Int64
  /// Modification time in nanoseconds since 1970.
  package var modified: Int64
  /// Number of the inode, 0 where there is none.
  package var inode: UInt64

  /// A stamp with all its parts.
  package init(size: Int64, modified: Int64, inode: UInt64) {
    self.size = size
    self.modified = modified
    self.inode = inode
  }
}

/// A remembered stamp and the digest the content had under it.
package struct StampedDigest: Hashable, Sendable {
  /// What `stat` said.
  package var stamp: FileStamp
  /// Digest of the content.
  package var digest: String

  /// `digest` was computed while the file had `stamp`.
  package init(stamp: FileStamp, digest: String) {
    self.stamp = stamp
    self.digest = digest
  }
}

/// Facts as they lie in the store; decoding is left to the caller, who may do it on many cores.
package struct EncodedFacts: Sendable {
  private let sealed: [UInt8]

  /// Wraps bytes as `seal` made them.
  init(sealed: [UInt8]) { self.sealed = sealed }

  /// Number of stored bytes.
  package var byteCount: Int { sealed.count }

  /// The facts, or nil when the bytes were damaged in any way.
  package func decoded() -> FileFacts? {
    sealed.withUnsafeBytes { bytes -> FileFacts? in
      guard bytes.count > Self.sealSize else { return nil }
      let body = UnsafeRawBufferPointer(rebasing: bytes[Self.sealSize...])
      let lanes = ContentDigest.lanes(of: body)
      guard
        bytes.loadUnaligned(fromByteOffset: 0, as: UInt64.self) == lanes.0.littleEndian,
        bytes.loadUnaligned(fromByteOffset: 8, as: UInt64.self) == lanes.1.littleEndian
      else { return nil }
      return FactCodec.decode(body)
    }
  }

  /// Encoded facts behind a digest of their bytes, or nil when they are nested too deeply to be stored.
  ///
  /// SQLite does not checksum pages: without the digest a flipped bit could come back as a different fact.
  static func seal(_ facts: FileFacts) -> [UInt8]? {
    guard let body = FactCodec.encode(facts) else { return nil }
    let lanes = body.withUnsafeBytes { ContentDigest.lanes(of: $0) }
    var sealed: [UInt8] = []
    sealed.reserveCapacity(sealSize + body.count)
    withUnsafeBytes(of: lanes.0.littleEndian) { sealed.append(contentsOf: $0) }
    withUnsafeBytes(of: lanes.1.littleEndian) { sealed.append(contentsOf: $0) }
    sealed.append(contentsOf: body)
    return sealed
  }

  private static let sealSize = 16
}
