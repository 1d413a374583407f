/// A type as frontends write it, taken apart: `Map<String,Order>` is `Map` with two arguments.
struct TypeName: Hashable {
  /// The name without arguments, qualified as written.
  var head: String
  /// Type arguments as written.
  var arguments: [String]

  /// Takes a type apart. Linear.
  init(_ text: String) {
    guard let open = text.utf8.firstIndex(of: UInt8(ascii: "<")), text.utf8.last == UInt8(ascii: ">") else {
      head = text
      arguments = []
      return
    }
    head = String(text[..<open])
    let inner = text.utf8[text.utf8.index(after: open)..<text.utf8.index(before: text.utf8.endIndex)]
    var parts: [String] = []
    var depth = 0
    var start = inner.startIndex
    var index = inner.startIndex
    while index < inner.endIndex {
      switch inner[index] {
      case UInt8(ascii: "<"), UInt8(ascii: "("), UInt8(ascii: "["): depth += 1
      case UInt8(ascii: ">"), UInt8(ascii: ")"), UInt8(ascii: "]"): depth -= 1
      case UInt8(ascii: ",") where depth == 0:
        parts.append(String(Substring(inner[start..<index])))
        start = inner.index(after: index)
      default: break
      }
      index = inner.index(after: index)
    }
    parts.append(String(Substring(inner[start..<inner.endIndex])))
    arguments = parts.map { $0.hasPrefix(" ") ? String($0.drop { $0 == " " }) : $0 }.filter { !$0.isEmpty }
  }

  /// The last part of the name.
  var simple: String { NameWords.lastPart(head) }
}
