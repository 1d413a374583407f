import Facts

/// Finds the functions of a system that fill a buffer given to them from a format given to them, as `snprintf` does.
enum Formatters {
  /// The last parts of their names. Linear in the events.
  static func names(in files: [FileFacts]) -> Set<String> {
    var names: Set<String> = []
    for function in files.lazy.flatMap(\.functions) where function.parameters.count >= 2 {
      guard let buffer = function.parameters.first, !buffer.isEmpty else { continue }
      let fills = function.events.contains { placed in
        guard case .call(let call) = placed.event, isFormatting(call.callee),
          let target = call.receiver ?? call.arguments.first, mentions(buffer, in: target)
        else { return false }
        return call.arguments.contains { argument in
          function.parameters.dropFirst().contains { argument == .name($0) }
        }
      }
      if fills { names.insert(NameWords.lastPart(function.name)) }
    }
    return names
  }

  private static func isFormatting(_ callee: String) -> Bool {
    let lowered = callee.lowercased()
    return lowered.hasSuffix("printf") || lowered.hasSuffix("format")
  }

  /// Whether a value is the named buffer or something asked of it: `buffer`, `buffer.c_str()`, `buffer->text`.
  private static func mentions(_ name: String, in value: Value) -> Bool {
    switch value {
    case .name(let path): path == name || path.hasPrefix(name + ".")
    case .call(_, let receiver?, _): mentions(name, in: receiver)
    case .element(let base, _): mentions(name, in: base)
    case .call, .text, .join, .list, .member, .either, .literal, .type, .field, .operation, .closure, .opaque: false
    }
  }
}
