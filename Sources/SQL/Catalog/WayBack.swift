/// Cuts the way back out of migration files that hold both directions.
enum WayBack {
  /// Lower-case lines, without their comment signs, that begin the way back.
  ///
  /// Sources: the manuals of dbmate, goose, sql-migrate, MyBatis Migrations and Play evolutions.
  private static let downs = ["migrate:down", "+goose down", "+migrate down", "//@undo", "@undo", "!downs"]
  /// Lines that begin the way forth again.
  private static let ups = ["migrate:up", "+goose up", "+migrate up", "!ups"]
  /// Comment lines longer than this are no marks.
  private static let longestMark = 40

  /// `text` with the lines of the way back blanked, so that line numbers stay. Linear.
  static func removed(from text: String) -> String {
    guard mayHold(text) else { return text }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(text.utf8.count)
    var isBack = false
    for line in text.utf8.split(separator: .of("\n"), omittingEmptySubsequences: false) {
      if let mark = mark(of: line) {
        if downs.contains(where: { mark.hasPrefix($0) }) { isBack = true }
        if ups.contains(where: { mark.hasPrefix($0) }) { isBack = false }
      }
      if !isBack { bytes.append(contentsOf: line) }
      bytes.append(.of("\n"))
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// A quick look for the signs that only marks have, in the part of the file where they stand first.
  private static func mayHold(_ text: String) -> Bool {
    var previous: UInt8 = 0
    for byte in text.utf8 {
      if byte == .of(":") && previous == .of("e") || byte == .of("+") && previous == .of(" ")
        || byte == .of("@") && previous == .of("/") || byte == .of("!") && previous == .of(" ")
      {
        return true
      }
      previous = byte
    }
    return false
  }

  /// The lower-case text of a short comment line without its signs.
  private static func mark(of line: Substring.UTF8View) -> String? {
    guard let first = line.first, first == .of("-") || first == .of("#"), line.count < longestMark else { return nil }
    let signs: Set<UInt8> = [.of("-"), .of("#"), .of(" "), .of("\t")]
    let content = line.drop { signs.contains($0) }
    return String(decoding: content.map(\.lowered), as: UTF8.self)
  }
}
