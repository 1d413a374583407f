package import Facts

/// Printing of identifiers.
package enum SQLIdentifier {
  /// `name` in the quotes of the engine, with the quote character doubled inside.
  ///
  /// NUL can not occur in an identifier of any engine and is left out.
  package static func quoted(_ name: String, engine: EngineFamily) -> String {
    enclosed(name, in: Dialect.of(engine).identifierQuote, doubling: [Dialect.of(engine).identifierQuote])
  }

  /// A possibly qualified name, each part quoted: `a.b` becomes `"a"."b"`.
  package static func quotedPath(_ name: String, engine: EngineFamily) -> String {
    name.split(separator: ".", omittingEmptySubsequences: false)
      .map { quoted(String($0), engine: engine) }
      .joined(separator: ".")
  }
}

/// Printing of string literals.
package enum SQLLiteral {
  /// `text` as a string literal of the engine: quotes doubled, and backslashes too where they escape.
  ///
  /// NUL is left out: PostgreSQL refuses it, and it would end the statement in C clients.
  package static func quoted(_ text: String, engine: EngineFamily) -> String {
    let escapes: [UInt8] = Dialect.of(engine).hasBackslashEscapes ? [.of("'"), .of("\\")] : [.of("'")]
    return enclosed(text, in: .of("'"), doubling: escapes)
  }
}

private func enclosed(_ text: String, in quote: UInt8, doubling: [UInt8]) -> String {
  var bytes = [quote]
  bytes.reserveCapacity(text.utf8.count + 2)
  for byte in text.utf8 where byte != 0 {
    if doubling.contains(byte) { bytes.append(byte) }
    bytes.append(byte)
  }
  bytes.append(quote)
  return String(decoding: bytes, as: UTF8.self)
}
