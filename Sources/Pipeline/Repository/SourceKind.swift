import Basics
import DocumentFrontend
import TreeSitterFrontend

/// What kind of input a file is, judged by its path.
enum SourceKind: Hashable, Sendable {
  /// C or C++ source that is a translation unit of its own.
  case unit
  /// C or C++ header or text included by others.
  case header
  /// Code in another language than C and C++.
  case code
  /// SQL schema or migration.
  case schema
  /// A mapping, configuration or migration document.
  case document

  private static let bySuffix: [String: SourceKind] = [
    "c": .unit, "cc": .unit, "cpp": .unit, "cxx": .unit, "c++": .unit, "C": .unit, "h": .header, "hh": .header,
    "hpp": .header, "hxx": .header, "h++": .header, "H": .header, "inl": .header, "ipp": .header, "tcc": .header,
    "tpp": .header, "inc": .header, "sql": .schema, "ddl": .schema, "pgsql": .schema, "psql": .schema,
    "mysql": .schema,
  ]

  /// The kind of the file at `path`; nil for files that are no input.
  init?(path: RepoPath) {
    let name = path.fileName
    var stem = Substring(name)
    if stem.hasSuffix(".in") { stem = stem.dropLast(3) }
    if let dot = stem.lastIndex(of: "."), let kind = Self.bySuffix[String(stem[stem.index(after: dot)...])] {
      self = kind
    } else if LanguageFrontend.of(name) != nil {
      self = .code
    } else if DocumentFormat(path: path) != nil {
      self = .document
    } else {
      return nil
    }
  }
}
