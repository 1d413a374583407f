/// Writes words of POSIX shell commands.
package enum ShellText {
  /// `word` so that the shell passes it on unchanged.
  package static func word(_ word: String) -> String {
    let safe = word.utf8.allSatisfy { byte in
      (65...90).contains(byte) || (97...122).contains(byte) || (48...57).contains(byte)
        || "_-./:=".utf8.contains(byte)
    }
    if safe, !word.isEmpty { return word }
    var result = "'"
    for character in word.unicodeScalars {
      if character == "'" { result += "'\\''" } else { result.unicodeScalars.append(character) }
    }
    return result + "'"
  }
}
