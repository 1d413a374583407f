import Basics
import FactStore
import Facts
import Testing

struct FactCodecTests {
  private func decoded(_ bytes: [UInt8]) -> FileFacts? { bytes.withUnsafeBytes { FactCodec.decode($0) } }

  /// Facts as text: unlike `==` it tells canonically equivalent spellings apart.
  private func spelled(_ facts: FileFacts?) -> [UInt8] { Array(String(reflecting: facts).utf8) }

  @Test(arguments: UInt64(1)...60)
  func randomFactsComeBackAsTheyWere(seed: UInt64) throws {
    var random = RandomFacts(seed: seed)
    let facts = random.facts()
    let bytes = try #require(FactCodec.encode(facts))
    #expect(decoded(bytes) == facts)
    #expect(spelled(decoded(bytes)) == spelled(facts))
    #expect(FactCodec.encode(facts) == bytes)
  }

  @Test func everyTruncationIsRefused() throws {
    var random = RandomFacts(seed: 7)
    let bytes = try #require(FactCodec.encode(random.facts(functions: 8)))
    for length in 0..<bytes.count { #expect(decoded(Array(bytes[..<length])) == nil) }
    #expect(decoded(bytes + [0]) == nil)
  }

  @Test(arguments: UInt64(1)...6)
  func noMutationTraps(seed: UInt64) throws {
    var random = RandomFacts(seed: seed)
    let bytes = try #require(FactCodec.encode(random.facts()))
    var survivors = 0
    for index in bytes.indices {
      for mutation: UInt8 in [0x01, 0x7f, 0x80, 0xff] {
        var damaged = bytes
        damaged[index] ^= mutation
        if decoded(damaged) != nil { survivors += 1 }
      }
    }
    // Text may change unseen, structure may not: a decoder that accepts everything would be no check at all.
    #expect(survivors < bytes.count * 4)
  }

  @Test func noiseIsRefused() {
    var generator = SeededGenerator(seed: 3)
    for _ in 0..<2_000 {
      let noise = [FactCodecTests.version] + (0..<40).map { _ in UInt8.random(in: 0...255, using: &generator) }
      _ = decoded(noise)
    }
    #expect(decoded([]) == nil)
    #expect(decoded([FactCodecTests.version &+ 1, 0]) == nil)
  }

  @Test func hugeCountsDoNotAskForMemory() {
    let huge: [UInt8] = [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01]
    #expect(decoded([FactCodecTests.version] + huge) == nil)
    #expect(decoded([FactCodecTests.version, 1] + huge) == nil)
    #expect(decoded([FactCodecTests.version, 1, 1, 0x61, 0, 0, 0, 0] + huge) == nil)
  }

  @Test(arguments: [(FactCodec.maximumDepth - 1, true), (FactCodec.maximumDepth, false), (2_000, false)])
  func depthIsBounded(nesting: Int, isStored: Bool) {
    var value = Value.opaque
    for _ in 0..<nesting { value = .join([value]) }
    let constant = ConstantFact(name: "deep", kind: .global, value: value, isLocal: false, line: 1)
    let facts = FileFacts(file: RepoPath("deep.c"), constants: [constant])
    let bytes = FactCodec.encode(facts)
    #expect((bytes != nil) == isStored)
    // Compared by shape: `==` on a deep value is recursive.
    if let bytes { #expect(decoded(bytes)?.constants.count == 1) }
  }

  /// Bytes that no encoder writes: the reader has a bound of its own.
  @Test(arguments: [(FactCodec.maximumDepth - 1, true), (FactCodec.maximumDepth, false), (500_000, false)])
  func readingIsBoundedToo(nesting: Int, isRead: Bool) {
    let head: [UInt8] = [FactCodecTests.version, 3, 1, 0x61, 1, 0x63, 0, 0, 1, 2, 0, 0, 0, 0, 0, 1, 0, 0]
    let joins = Array(repeating: [UInt8(5), 1], count: nesting).joined()
    #expect((decoded(head + joins + [0, 0, 0, 0, 0, 0, 0]) != nil) == isRead)
  }

  private static let version: UInt8 = FactCodec.encode(FileFacts(file: RepoPath("a")))?.first ?? 0
}
