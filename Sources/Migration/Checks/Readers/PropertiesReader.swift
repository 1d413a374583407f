/// Reads Java properties files as `java.util.Properties` does.
enum PropertiesReader {
  /// Keys and values in the order of the file.
  static func entries(_ text: String) -> [ConfigEntry] {
    var result: [ConfigEntry] = []
    var open = ""
    for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
      let trimmed = line.drop { $0 == " " || $0 == "\t" || $0 == "\u{c}" }
      if open.isEmpty, trimmed.isEmpty || trimmed.hasPrefix("#") || trimmed.hasPrefix("!") { continue }
      open += trimmed
      if open.reversed().prefix(while: { $0 == "\\" }).count % 2 == 1 {
        open.removeLast()
        continue
      }
      result.append(entry(open))
      open = ""
    }
    if !open.isEmpty { result.append(entry(open)) }
    return result
  }

  private static func entry(_ line: String) -> ConfigEntry {
    let units = Array(line.utf16)
    var index = 0
    while index < units.count, ![0x3d, 0x3a, 0x20, 0x09].contains(units[index]) {
      index += units[index] == 0x5c ? 2 : 1
    }
    let key = units[..<min(index, units.count)]
    while index < units.count, [0x20, 0x09].contains(units[index]) { index += 1 }
    if index < units.count, [0x3d, 0x3a].contains(units[index]) { index += 1 }
    while index < units.count, [0x20, 0x09].contains(units[index]) { index += 1 }
    return ConfigEntry(unescaped(Array(key)), unescaped(index < units.count ? Array(units[index...]) : []))
  }

  private static func unescaped(_ units: [UInt16]) -> String {
    var result: [UInt16] = []
    var index = 0
    while index < units.count {
      guard units[index] == 0x5c, index + 1 < units.count else {
        result.append(units[index])
        index += 1
        continue
      }
      let next = units[index + 1]
      index += 2
      switch next {
      case 0x6e: result.append(0x0a)
      case 0x72: result.append(0x0d)
      case 0x74: result.append(0x09)
      case 0x66: result.append(0x0c)
      case 0x75:
        let digits = units[index..<min(index + 4, units.count)]
        result.append(UInt16(String(decoding: digits, as: UTF16.self), radix: 16) ?? 0xfffd)
        index += digits.count
      default: result.append(next)
      }
    }
    return String(decoding: result, as: UTF16.self)
  }
}
