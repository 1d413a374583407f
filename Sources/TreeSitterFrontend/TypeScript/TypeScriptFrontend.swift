import Basics
import Facts

/// Reads TypeScript, JavaScript, both with JSX, and the scripts of Vue and Svelte components.
package enum TypeScriptFrontend {
  /// Names of ours that none of the grammars has, and those the grammar of TSX alone lacks; for tests.
  package static var unknownNames: (everywhere: [String], tsx: [String]) {
    let lists = TypeScriptGrammar.allCases.map { Set($0.names.unknownNames) }
    let common = lists.dropFirst().reduce(lists[0]) { $0.intersection($1) }
    return (common.sorted(), TypeScriptGrammar.tsx.names.unknownNames)
  }

  /// The entry for JavaScript; components of Vue and Svelte say themselves which of the two they hold.
  static let javascript = LanguageFrontend(
    .javascript, extensions: ["js", "mjs", "cjs", "jsx", "vue", "svelte"], grammar: TypeScriptGrammar.javascript.names,
    unknownNames: { unknownNames.everywhere }, read: read)
  /// The entry for TypeScript, and for the schemas its code takes its classes from.
  static let typescript = LanguageFrontend(
    .typescript, extensions: ["ts", "mts", "cts", "tsx", "prisma"], grammar: TypeScriptGrammar.typescript.names,
    unknownNames: { unknownNames.everywhere }, read: read)

  /// Code beyond this many bytes is generated data.
  private static let largestFile = 8 << 20

  private static func read(_ file: RepoPath, _ bytes: UnsafeBufferPointer<UInt8>) -> FileFacts {
    let name = file.fileName
    let ending = name.utf8.lastIndex(of: UInt8(ascii: ".")).map { name[name.utf8.index(after: $0)...].lowercased() }
    switch ending {
    case "vue", "svelte":
      let script = ComponentScript(bytes)
      return script.bytes.withUnsafeBufferPointer {
        read(file, $0, script.isTyped ? .typescript : .javascript, language: script.isTyped ? .typescript : .javascript)
      }
    case "prisma": return PrismaSchemaFrontend.read(file, bytes)
    case "ts", "mts", "cts": return read(file, bytes, .typescript, language: .typescript)
    case "tsx": return read(file, bytes, .tsx, language: .typescript)
    default: return read(file, bytes, .javascript, language: .javascript)
    }
  }

  private static func read(
    _ file: RepoPath, _ bytes: UnsafeBufferPointer<UInt8>, _ grammar: TypeScriptGrammar, language: SourceLanguage
  ) -> FileFacts {
    let shape = SourceShape(bytes)
    if shape.isGenerated || bytes.count > largestFile || isMinified(file.fileName) {
      return FileFacts(
        file: file, language: language, lineCount: shape.lines,
        diagnostics: [
          Diagnostic(
            code: "file-generated", severity: .note, span: SourceSpan(file: file, line: 0),
            message: "a bundle or other generated code was skipped",
            nextStep: "keep what build tools write out of the repository, or name it to be ignored")
        ])
    }
    let facts = facts(of: file, bytes, grammar, language: language)
    guard grammar == .javascript, !facts.diagnostics.isEmpty, shape.mentionsFlow(bytes) else { return facts }
    return Self.facts(of: file, bytes, .tsx, language: language)
  }

  private static func facts(
    of file: RepoPath, _ bytes: UnsafeBufferPointer<UInt8>, _ grammar: TypeScriptGrammar, language: SourceLanguage
  ) -> FileFacts {
    var onlyMisreadTemplates = false
    var facts = FileFacts(of: file, language, grammar.names, bytes) { syntax, facts in
      var lowering = TypeScriptLowering(syntax, isDeclarationFile: isDeclarationFile(file.fileName))
      lowering.readFile()
      lowering.fill(&facts)
      onlyMisreadTemplates = lowering.onlyMisreadTemplates
    }
    if onlyMisreadTemplates { facts.diagnostics = [] }
    return facts
  }

  /// `jquery.min.js`, by the name that every tool that shortens code gives.
  private static func isMinified(_ name: String) -> Bool { name.lowercased().contains(".min.") }

  private static func isDeclarationFile(_ name: String) -> Bool {
    [".d.ts", ".d.mts", ".d.cts"].contains { name.hasSuffix($0) }
  }
}

/// What the lines of a file look like.
struct SourceShape {
  private(set) var lines = 0
  private var longBytes = 0
  private var longBlanks = 0
  private var blanks = 0
  private let size: Int
  /// Lines beyond this many bytes are not written by people.
  private static let longLine = 5_000
  /// Lines that are longer than this many bytes on average are not written by people either.
  private static let longMean = 500
  /// Files below this many bytes say nothing by the length of their lines.
  private static let smallFile = 2_000

  /// Measures a file. Linear.
  init(_ bytes: UnsafeBufferPointer<UInt8>) {
    size = bytes.count
    var start = 0
    while start < bytes.count {
      var end = start
      while end < bytes.count, bytes[end] != UInt8(ascii: "\n") { end += 1 }
      lines += 1
      let count = bytes[start..<end].count { $0 == UInt8(ascii: " ") }
      blanks += count
      if end - start > Self.longLine {
        longBytes += end - start
        longBlanks += count
      }
      start = end + 1
    }
  }

  /// Most of it are long lines with few blanks. A long line of text, such as a statement in a migration, has many.
  var isGenerated: Bool {
    2 * longBytes > size && 12 * longBlanks < longBytes
      || size > Self.smallFile && size > Self.longMean * lines && 12 * blanks < size
  }

  /// Whether the first comment asks for the Flow type checker.
  func mentionsFlow(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
    let head = bytes.prefix(2_000)
    let mark = Array("@flow".utf8)
    return head.indices.contains { head[$0...].starts(with: mark) }
  }
}

/// The scripts of a single-file component, everything else blanked out so that lines stay what they are.
struct ComponentScript {
  private(set) var bytes: [UInt8]
  private(set) var isTyped = false

  /// Finds the `<script>` sections. Linear.
  init(_ source: UnsafeBufferPointer<UInt8>) {
    bytes = source.map { $0 == UInt8(ascii: "\n") ? $0 : UInt8(ascii: " ") }
    let open = Array("<script".utf8)
    let close = Array("</script".utf8)
    var place = 0
    while place < source.count {
      guard source[place] == UInt8(ascii: "<"), source[place...].starts(with: open) else {
        place += 1
        continue
      }
      guard let tagEnd = source[place...].firstIndex(of: UInt8(ascii: ">")) else { return }
      let tag = String(decoding: source[place..<tagEnd], as: UTF8.self)
      isTyped = isTyped || tag.contains("\"ts\"") || tag.contains("'ts'") || tag.contains("typescript")
      var end = tagEnd + 1
      while end < source.count, source[end] != UInt8(ascii: "<") || !source[end...].starts(with: close) { end += 1 }
      for index in (tagEnd + 1)..<max(tagEnd + 1, end) { bytes[index] = source[index] }
      place = end + 1
    }
  }
}
