/// Languages of business systems that cleave does not read: they are counted, so that nobody takes silence for absence.
enum UnreadLanguages {
  private static let byEnding: [String: String] = [
    "4gl": "Informix 4GL", "abap": "ABAP", "ada": "Ada", "adb": "Ada", "apex": "Apex", "asp": "classic ASP",
    "bas": "Basic", "cbl": "COBOL", "cfc": "ColdFusion", "cfm": "ColdFusion", "clj": "Clojure", "cob": "COBOL",
    "cpy": "COBOL", "cr": "Crystal", "d": "D", "dart": "Dart", "dpr": "Delphi", "erb": "ERB templates", "erl": "Erlang",
    "ex": "Elixir", "exs": "Elixir", "f90": "Fortran", "frm": "Visual Basic", "fs": "F#", "groovy": "Groovy",
    "hs": "Haskell", "jsp": "JSP", "jspx": "JSP", "lua": "Lua", "m": "Objective-C", "ml": "OCaml", "mm": "Objective-C",
    "nim": "Nim", "p": "Progress 4GL", "pas": "Pascal", "pc": "Pro*C", "pkb": "PL/SQL packages",
    "pks": "PL/SQL packages",
    "pl": "Perl", "plsql": "PL/SQL packages", "pm": "Perl", "prg": "FoxPro", "r": "R", "rpgle": "RPG", "rs": "Rust",
    "scala": "Scala", "sqlrpgle": "RPG", "sr": "PowerBuilder", "sru": "PowerBuilder", "srw": "PowerBuilder",
    "swift": "Swift", "tcl": "Tcl", "vb": "Visual Basic .NET", "zig": "Zig",
  ]

  /// The language of a file that is not read, by the end of its name; nil for files that are no code.
  static func name(of fileName: String) -> String? {
    guard let dot = fileName.utf8.lastIndex(of: UInt8(ascii: ".")) else { return nil }
    return byEnding[fileName[fileName.utf8.index(after: dot)...].lowercased()]
  }
}
