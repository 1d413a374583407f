import Basics
import FactStore

/// Content digests of files, read from disk only when their stamp changed since the last run.
struct DigestBook {
  private let remembered: [String: StampedDigest]
  private(set) var current: [String: StampedDigest] = [:]
  private var missing: Set<String> = []

  init(remembered: [String: StampedDigest]) { self.remembered = remembered }

  /// Stamps that are not yet remembered as they are now.
  var changed: [String: StampedDigest] { current.filter { remembered[$0.key] != $0.value } }

  /// The digest of the file at an absolute path; nil when it cannot be read.
  mutating func digest(_ path: String, stamp known: FileStamp? = nil) -> String? {
    if let entry = current[path] { return entry.digest }
    if missing.contains(path) { return nil }
    guard let stamp = known ?? FileStamp(path: path) else {
      missing.insert(path)
      return nil
    }
    if let entry = remembered[path], entry.stamp == stamp {
      current[path] = entry
      return entry.digest
    }
    guard case .success(let bytes) = FileContent.read(path) else {
      missing.insert(path)
      return nil
    }
    let digest = ContentDigest.hex(of: bytes)
    current[path] = StampedDigest(stamp: stamp, digest: digest)
    return digest
  }
}
