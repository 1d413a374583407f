/// Comma-separated values after RFC 4180, with any kind of line end.
enum CSVText {
  /// The cells of every row that is not empty, and the line it starts in. Never fails: an open quote ends with the text.
  static func rows(_ bytes: [UInt8]) -> [(cells: [String], line: Int)] {
    var rows: [(cells: [String], line: Int)] = []
    var line = 1
    var first = 1
    var row: [String] = []
    var cell: [UInt8] = []
    var isQuoted = false
    var wasQuoted = false
    // A byte order mark is no part of the first name.
    var position = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
    func endRow() {
      if !row.isEmpty || !cell.isEmpty || wasQuoted {
        rows.append((row + [String(decoding: cell, as: UTF8.self)], first))
      }
      row = []
      cell = []
      wasQuoted = false
      first = line
    }
    while position < bytes.count {
      let byte = bytes[position]
      position += 1
      // A line ends with a line feed, alone or behind a carriage return, or with a carriage return alone.
      if byte == 0x0A || (byte == 0x0D && !(position < bytes.count && bytes[position] == 0x0A)) { line += 1 }
      if isQuoted {
        if byte != UInt8(ascii: "\"") {
          cell.append(byte)
        } else if position < bytes.count, bytes[position] == UInt8(ascii: "\"") {
          cell.append(byte)
          position += 1
        } else {
          isQuoted = false
        }
        continue
      }
      switch byte {
      case UInt8(ascii: "\"") where cell.isEmpty:
        isQuoted = true
        wasQuoted = true
      case UInt8(ascii: ","):
        row.append(String(decoding: cell, as: UTF8.self))
        cell = []
        wasQuoted = false
      case 0x0A, 0x0D: endRow()
      default: cell.append(byte)
      }
    }
    endRow()
    return rows
  }
}
