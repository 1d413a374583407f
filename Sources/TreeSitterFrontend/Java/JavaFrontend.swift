import Basics
import Facts

/// The Java frontend.
package enum JavaFrontend {
  /// Its line in the registry.
  static let frontend = LanguageFrontend(
    .java, extensions: ["java"], grammar: JavaGrammar.shared, read: read)

  private static func read(_ file: RepoPath, _ bytes: UnsafeBufferPointer<UInt8>) -> FileFacts {
    guard let syntax = JavaSyntax(JavaGrammar.shared, bytes: bytes) else {
      return FileFacts(file: file, language: .java)
    }
    let lines = bytes.count { $0 == UInt8(ascii: "\n") } + (bytes.last.map { $0 == UInt8(ascii: "\n") ? 0 : 1 } ?? 0)
    return JavaReader(syntax, file: file).read(lineCount: lines)
  }
}
