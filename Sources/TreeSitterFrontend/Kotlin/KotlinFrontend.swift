import Basics
internal import CTreeSitter
import Facts

/// Reads Kotlin.
package enum KotlinFrontend {
  static let grammar = Grammar<KotlinKind, KotlinField>(tree_sitter_kotlin())

  static let frontend = LanguageFrontend(
    .kotlin, extensions: ["kt", "kts"], grammar: grammar, read: read)

  private static func read(_ file: RepoPath, _ bytes: UnsafeBufferPointer<UInt8>) -> FileFacts {
    let facts = facts(of: file, bytes)
    guard !facts.diagnostics.isEmpty, let plain = KotlinSpelling.plain(bytes) else { return facts }
    // Newer spellings the grammar does not know, put into older words of the same length.
    return plain.withUnsafeBufferPointer { Self.facts(of: file, $0) }
  }

  private static func facts(of file: RepoPath, _ bytes: UnsafeBufferPointer<UInt8>) -> FileFacts {
    FileFacts(of: file, .kotlin, grammar, bytes) { syntax, facts in
      var reader = KotlinReader(syntax, facts)
      reader.fill(&facts)
    }
  }
}

/// Newer spellings of Kotlin as older ones of the same length.
private enum KotlinSpelling {
  /// Old and new spelling; both have the same number of bytes.
  private static let spellings: [(new: [UInt8], old: [UInt8])] = [
    (Array("fun interface ".utf8), Array("    interface ".utf8)),
    (Array("..<".utf8), Array("..  ".utf8.prefix(3))),
  ]

  /// The text in older spellings; nil when it holds none of the newer ones. Linear.
  static func plain(_ bytes: UnsafeBufferPointer<UInt8>) -> [UInt8]? {
    var result: [UInt8]?
    for (new, old) in spellings {
      var place = 0
      while place + new.count <= bytes.count {
        if bytes[place] == new[0], bytes[place..<place + new.count].elementsEqual(new) {
          if result == nil { result = Array(bytes) }
          result?.replaceSubrange(place..<place + new.count, with: old)
          place += new.count
        } else {
          place += 1
        }
      }
    }
    return result
  }
}
