/// A 128-bit content digest for caches: fast, the same on every machine and run, not cryptographic.
///
/// Two independent 64-bit lanes read the input in blocks of two little-endian 8-byte words. Each lane multiplies the
/// words, keyed by its own constants and state, to a full 128-bit product and folds both halves into the state (the
/// construction of wyhash by Wang Yi). Unlike plain wyhash a zero factor cannot wipe a lane: the words and the old state
/// are added again after the fold. The last block is padded with zeros and the length is mixed in at the end.
///
/// It finds changed files in a cache that lies beside the analyzed tree. It does not withstand somebody who forges two
/// files with one digest on purpose; that somebody could as well edit the cache.
package enum ContentDigest {
  /// The digest as 32 lower-case hex digits.
  package static func hex(of bytes: UnsafeRawBufferPointer) -> String {
    let (first, second) = lanes(of: bytes)
    return hexText(first, second)
  }

  /// The digest of `bytes` as 32 lower-case hex digits.
  package static func hex(of bytes: [UInt8]) -> String { bytes.withUnsafeBytes { hex(of: $0) } }

  /// The digest of the UTF-8 form of `text` as 32 lower-case hex digits.
  package static func hex(of text: String) -> String {
    var text = text
    return text.withUTF8 { hex(of: UnsafeRawBufferPointer($0)) }
  }

  /// The digest as two words, for storage in binary form.
  package static func lanes(of bytes: UnsafeRawBufferPointer) -> (UInt64, UInt64) {
    var first = Lane(state: 0xa076_1d64_78bd_642f, key: 0xe703_7ed1_a0b4_28db)
    var second = Lane(state: 0x8ebc_6af0_9c88_c6e3, key: 0x5899_65cc_7537_4cc3)
    var offset = 0
    while offset &+ 16 <= bytes.count {
      let low = UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
      let high = UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: offset &+ 8, as: UInt64.self))
      first.absorb(low, high)
      second.absorb(high, low)
      offset &+= 16
    }
    var low: UInt64 = 0
    var high: UInt64 = 0
    for index in offset..<bytes.count {
      let place = index &- offset
      if place < 8 {
        low |= UInt64(bytes[index]) &<< UInt64(8 &* place)
      } else {
        high |= UInt64(bytes[index]) &<< UInt64(8 &* (place &- 8))
      }
    }
    first.absorb(low, high)
    second.absorb(high, low)
    return (first.finish(length: bytes.count), second.finish(length: bytes.count))
  }

  /// One of the two independent halves of the digest.
  private struct Lane {
    var state: UInt64
    let key: UInt64

    @inline(__always)
    mutating func absorb(_ left: UInt64, _ right: UInt64) {
      let product = (left ^ key).multipliedFullWidth(by: right ^ state)
      state = (product.high ^ product.low) &+ left &+ (state &<< 23 | state &>> 41) ^ right
    }

    mutating func finish(length: Int) -> UInt64 {
      absorb(UInt64(truncatingIfNeeded: length), key)
      absorb(state, 0x1d8e_4e27_c47d_124f)
      return state
    }
  }

  private static func hexText(_ first: UInt64, _ second: UInt64) -> String {
    let digits = Array("0123456789abcdef".utf8)
    return String(unsafeUninitializedCapacity: 32) { text in
      for index in 0..<32 {
        let word = index < 16 ? first : second
        let shift = UInt64(60 &- 4 &* (index & 15))
        text[index] = digits[Int(truncatingIfNeeded: (word &>> shift) & 15)]
      }
      return 32
    }
  }
}
