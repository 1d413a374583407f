import Basics
import Testing

struct ContentDigestTests {
  /// Pinned: a digest that differs between versions or machines would make every cache useless.
  @Test(arguments: [
    ("", "e21b86615ee8a0be4b30db97cd51a0d4"), ("a", "08f3d1057e43ca76d6eb0d16b6fdc1ac"),
    ("SELECT 1", "2a157f3ed54d69e1215d9824d4527459"), ("exactly 16 bytes", "ba36a8f32dd4ad8053bfb57f79f0a618"),
    ("the quick brown fox jumps over the lazy dog", "ae514104f3c687055ee758cc7057dfd9"),
  ])
  func digestsArePinned(text: String, digest: String) {
    #expect(ContentDigest.hex(of: text) == digest)
    #expect(ContentDigest.hex(of: Array(text.utf8)) == digest)
  }

  @Test func alignmentDoesNotMatter() {
    let bytes = Array("0123456789abcdefghijklmnopqrstuvwxyz".utf8)
    for start in 0..<9 {
      let padded = Array(repeating: UInt8(0), count: start) + bytes
      let shifted = padded.withUnsafeBytes { ContentDigest.hex(of: UnsafeRawBufferPointer(rebasing: $0[start...])) }
      #expect(shifted == ContentDigest.hex(of: bytes))
    }
  }

  @Test func everyBitAndEveryLengthCounts() {
    var seen: Set<String> = []
    var expected = 0
    for length in 0...80 {
      let zeros = Array(repeating: UInt8(0), count: length)
      seen.insert(ContentDigest.hex(of: zeros))
      expected += 1
      for bit in 0..<length * 8 {
        var flipped = zeros
        flipped[bit / 8] ^= 1 << (bit % 8)
        seen.insert(ContentDigest.hex(of: flipped))
        expected += 1
      }
    }
    #expect(seen.count == expected)
  }

  /// Each half alone keeps short similar texts apart: the lanes are no copies of each other.
  @Test func halvesAreIndependent() {
    var first: Set<Substring> = []
    var second: Set<Substring> = []
    for number in 0..<20_000 {
      let digest = ContentDigest.hex(of: "line \(number)")
      first.insert(digest.prefix(16))
      second.insert(digest.suffix(16))
      #expect(digest.utf8.count == 32)
      #expect(digest.prefix(16) != digest.suffix(16))
    }
    #expect(first.count == 20_000)
    #expect(second.count == 20_000)
  }

  /// Keys of a lane inside the input do not wipe its state, as they would in plain wyhash.
  @Test func keysInTheInputDoNotEraseWhatCameBefore() {
    let keys: [UInt64] = [0xe703_7ed1_a0b4_28db, 0x5899_65cc_7537_4cc3]
    for key in keys {
      let block = withUnsafeBytes(of: (key.littleEndian, key.littleEndian)) { Array($0) }
      let left = ContentDigest.hex(of: Array("aaaaaaaaaaaaaaaa".utf8) + block)
      let right = ContentDigest.hex(of: Array("bbbbbbbbbbbbbbbb".utf8) + block)
      #expect(left.prefix(16) != right.prefix(16))
      #expect(left.suffix(16) != right.suffix(16))
    }
  }
}
