package import Basics

/// A language cleave reads.
package enum SourceLanguage: String, Hashable, Sendable, CaseIterable {
  case c, csharp, document, go, java, javascript, kotlin, php, python, ruby, typescript
}

/// Everything a frontend says about one source file. Depends on that file and what it includes alone.
package struct FileFacts: Hashable, Sendable {
  /// The file.
  package var file: RepoPath
  /// The language it is written in; C stands for C++ too.
  package var language: SourceLanguage
  /// The package or namespace it declares; empty when it has none.
  package var namespace: String
  /// Functions in order of their first line.
  package var functions: [FunctionFact]
  /// Types in order of their line.
  package var types: [TypeFact]
  /// Globals, fields, macros and enumerators in order of their line.
  package var constants: [ConstantFact]
  /// Paths of its includes as written, sorted; they are resolved when the system is linked.
  package var includes: [RepoPath]
  /// What it takes from other files, in order.
  package var imports: [ImportFact]
  /// The content of a mapping, configuration or migration document; nil for code.
  package var document: DocumentNode?
  /// Number of lines.
  package var lineCount: Int
  /// Lines inside functions that were read, whether from the parser or from tokens.
  package var understoodLines: Int
  /// Lines inside functions whose text could not be read at all.
  package var lostLines: Int
  /// What went wrong while reading.
  package var diagnostics: [Diagnostic]

  /// Facts with all their parts; every list may be empty.
  package init(
    file: RepoPath, language: SourceLanguage = .c, namespace: String = "", functions: [FunctionFact] = [],
    types: [TypeFact] = [], constants: [ConstantFact] = [], includes: [RepoPath] = [], imports: [ImportFact] = [],
    document: DocumentNode? = nil, lineCount: Int = 0, understoodLines: Int = 0, lostLines: Int = 0,
    diagnostics: [Diagnostic] = []
  ) {
    self.file = file
    self.language = language
    self.namespace = namespace
    self.functions = functions
    self.types = types
    self.constants = constants
    self.includes = includes
    self.imports = imports
    self.document = document
    self.lineCount = lineCount
    self.understoodLines = understoodLines
    self.lostLines = lostLines
    self.diagnostics = diagnostics
  }
}
