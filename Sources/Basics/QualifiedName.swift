/// Takes apart names qualified by `::`.
package enum QualifiedName {
  /// What stands before the last `::`; empty when there is none.
  package static func scope(of name: String) -> String {
    let bytes = Array(name.utf8)
    var index = bytes.count - 2
    while index > 0 {
      if bytes[index] == UInt8(ascii: ":"), bytes[index + 1] == UInt8(ascii: ":") {
        return String(decoding: bytes[..<index], as: UTF8.self)
      }
      index -= 1
    }
    return ""
  }
}
