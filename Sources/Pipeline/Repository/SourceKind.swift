import TreeSitterFrontend

/// What kind of input a file is, judged by its name.
enum SourceKind: Hashable, Sendable {
  /// C or C++ source that is a translation unit of its own.
  case unit
  /// C or C++ header or text included by others.
  case header
  /// Code in another language than C and C++.
  case code
  /// SQL schema or migration.
  case schema

  private static let bySuffix: [String: SourceKind] = [
    "c": .unit, "cc": .unit, "cpp": .unit, "cxx": .unit, "c++": .unit, "C": .unit, "h": .header, "hh": .header,
    "hpp": .header, "hxx": .header, "h++": .header, "H": .header, "inl": .header, "ipp": .header, "tcc": .header,
    "tpp": .header, "inc": .header, "sql": .schema, "ddl": .schema, "pgsql": .schema, "psql": .schema,
    "mysql": .schema,
  ]

  /// The kind of the file called `name`; nil for files that are no input.
  init?(fileName name: String) {
    var stem = Substring(name)
    if stem.hasSuffix(".in") { stem = stem.dropLast(3) }
    if let dot = stem.lastIndex(of: "."), let kind = Self.bySuffix[String(stem[stem.index(after: dot)...])] {
      self = kind
    } else if LanguageFrontend.of(name) != nil {
      self = .code
    } else {
      return nil
    }
  }
}
