/// The last part of a qualified name.
enum NameEnd {
  /// What stands behind the last `.` or `:`; the whole name when there is none.
  static func of(_ name: String) -> String {
    guard let end = name.utf8.lastIndex(where: { $0 == UInt8(ascii: ":") || $0 == UInt8(ascii: ".") }) else {
      return name
    }
    return String(name[name.utf8.index(after: end)...])
  }
}
