/// Reads the values of row events, exactly: nothing passes through a client's idea of printing.
struct BinlogRow {
  let map: BinlogTableMap
  let columns: [BinlogColumn]

  /// Numbers of types in the log.
  private enum Kind {
    static let text: Set<UInt8> = [15, 253, 254]
  }

  /// One row image; `present` tells which columns it holds.
  func image(_ bytes: inout BinlogBytes, present: [Bool]) throws(BinlogError) -> [String: BinlogValue] {
    let count = present.filter { $0 }.count
    let nulls = Array(try bytes.take((count + 7) / 8))
    var values: [String: BinlogValue] = [:]
    var number = 0
    for index in map.types.indices where present[index] {
      let isNull = nulls[number / 8] >> (number % 8) & 1 == 1
      number += 1
      values[columns[index].name] = isNull ? .null : try value(&bytes, at: index)
    }
    return values
  }

  private func value(_ bytes: inout BinlogBytes, at index: Int) throws(BinlogError) -> BinlogValue {
    let detail = Int(map.details[index])
    let column = columns[index]
    switch map.types[index] {
    case 1: return integer(try bytes.little(1), 8, column)
    case 2: return integer(try bytes.little(2), 16, column)
    case 9: return integer(try bytes.little(3), 24, column)
    case 3: return integer(try bytes.little(4), 32, column)
    case 8: return integer(try bytes.little(8), 64, column)
    case 4: return .text(Self.number(Float(bitPattern: UInt32(try bytes.little(4))).description))
    case 5: return .text(Self.number(Double(bitPattern: try bytes.little(8)).description))
    case 13:
      let year = Int(try bytes.byte())
      return .text(year == 0 ? "0000" : String(1900 + year))
    case 10, 14: return date(try bytes.little(3))
    case 17:
      let seconds = Int(try bytes.big(4))
      let fraction = try Self.fraction(&bytes, digits: detail)
      return .text(seconds == 0 ? "0000-00-00 00:00:00" + fraction : CalendarText.moment(second: seconds) + fraction)
    case 18: return try moment(&bytes, digits: detail)
    case 19: return try time(&bytes, digits: detail)
    case 246: return .text(try BinlogDecimal.read(&bytes, precision: detail & 0xff, scale: detail >> 8))
    case 15: return try string(try bytes.take(Int(try bytes.little(detail > 255 ? 2 : 1))), column)
    case 252, 255: return try string(try bytes.take(Int(try bytes.little(detail))), column)
    case 254, 253, 247, 248: return try packedString(&bytes, detail: detail, column)
    case 16:
      let bits = (detail >> 8) * 8 + (detail & 0xff)
      return .bytes(Array(try bytes.take((bits + 7) / 8)))
    default:
      throw BinlogError("\(map.database).\(map.table).\(column.name): type \(map.types[index]) is not understood")
    }
  }

  private func integer(_ raw: UInt64, _ bits: Int, _ column: BinlogColumn) -> BinlogValue {
    if column.isUnsigned { return .text(String(raw)) }
    let shift = 64 - bits
    return .text(String(Int64(bitPattern: raw << shift) >> shift))
  }

  /// `1.0` and `1e+20` are numbers to everybody; the shortest spelling that gives the same bits.
  private static func number(_ text: String) -> String { text.hasSuffix(".0") ? String(text.dropLast(2)) : text }

  private func date(_ raw: UInt64) -> BinlogValue {
    .text(Self.dateText(Int(raw >> 9), Int(raw >> 5 & 15), Int(raw & 31)))
  }

  private static func dateText(_ year: Int, _ month: Int, _ day: Int) -> String {
    "\(CalendarText.padded(year, 4))-\(CalendarText.padded(month, 2))-\(CalendarText.padded(day, 2))"
  }

  private static func clock(_ raw: Int) -> String {
    let hour = raw >> 12
    return
      "\(CalendarText.padded(hour, 2)):\(CalendarText.padded(raw >> 6 & 63, 2)):\(CalendarText.padded(raw & 63, 2))"
  }

  /// Digits behind the second, with the point; as many as the column has.
  private static func fraction(_ bytes: inout BinlogBytes, digits: Int) throws(BinlogError) -> String {
    if digits == 0 { return "" }
    let size = (digits + 1) / 2
    return "." + CalendarText.padded(Int(try bytes.big(size)), size * 2).prefix(digits)
  }

  private func moment(_ bytes: inout BinlogBytes, digits: Int) throws(BinlogError) -> BinlogValue {
    let raw = Int(try bytes.big(5)) - 0x80_0000_0000
    let fraction = try Self.fraction(&bytes, digits: digits)
    let day = raw >> 17
    let month = day >> 5
    return .text("\(Self.dateText(month / 13, month % 13, day & 31)) \(Self.clock(raw & 0x1ffff))\(fraction)")
  }

  /// Negative times are stored as the difference to zero, digits and all.
  private func time(_ bytes: inout BinlogBytes, digits: Int) throws(BinlogError) -> BinlogValue {
    let size = (digits + 1) / 2
    let raw = Int(try bytes.big(3 + size)) - 0x80_0000 << (8 * size)
    let whole = abs(raw)
    let text = Self.clock(whole >> (8 * size))
    let rest = CalendarText.padded(whole & ((1 << (8 * size)) - 1), size * 2).prefix(digits)
    return .text((raw < 0 ? "-" : "") + text + (digits == 0 ? "" : "." + rest))
  }

  /// Fixed texts, enumerations and sets share a number; what it is stands in the detail.
  private func packedString(_ bytes: inout BinlogBytes, detail: Int, _ column: BinlogColumn) throws(BinlogError)
    -> BinlogValue
  {
    let high = detail >> 8
    let low = detail & 0xff
    if high == 247 {
      let number = Int(try bytes.little(low))
      if number == 0 { return .text("") }
      guard number <= column.labels.count else { throw BinlogError("\(column.name): no label \(number)") }
      return .text(column.labels[number - 1])
    }
    if high == 248 {
      let mask = try bytes.little(low)
      return .text(
        column.labels.indices.filter { mask >> UInt64($0) & 1 == 1 }.map { column.labels[$0] }.joined(separator: ","))
    }
    let length = high & 0x30 == 0x30 ? low : low | (high & 0x30 ^ 0x30) << 4
    return try string(try bytes.take(Int(try bytes.little(length > 255 ? 2 : 1))), column)
  }

  private func string(_ raw: ArraySlice<UInt8>, _ column: BinlogColumn) throws(BinlogError) -> BinlogValue {
    guard column.isText else {
      let missing = max(0, (column.fixedBytes ?? 0) - raw.count)
      return .bytes(Array(raw) + Array(repeating: 0, count: missing))
    }
    switch column.characterSet {
    case "utf8", "utf8mb3", "utf8mb4", "ascii": return .text(String(decoding: raw, as: UTF8.self))
    case "latin1": return .text(String(String.UnicodeScalarView(raw.map(Self.latin))))
    default: throw BinlogError("\(column.name): texts in \(column.characterSet) are not understood")
    }
  }

  /// What `latin1` of MySQL is: the code page 1252 of Windows.
  private static func latin(_ byte: UInt8) -> Unicode.Scalar {
    guard (0x80...0x9f).contains(byte) else { return Unicode.Scalar(byte) }
    let scalar = Unicode.Scalar(windows[Int(byte) - 0x80])
    return scalar ?? Unicode.Scalar(byte)
  }

  private static let windows: [UInt16] = [
    0x20ac, 0x81, 0x201a, 0x0192, 0x201e, 0x2026, 0x2020, 0x2021, 0x02c6, 0x2030, 0x0160, 0x2039, 0x0152, 0x8d, 0x017d,
    0x8f, 0x90, 0x2018, 0x2019, 0x201c, 0x201d, 0x2022, 0x2013, 0x2014, 0x02dc, 0x2122, 0x0161, 0x203a, 0x0153, 0x9d,
    0x017e, 0x0178,
  ]
}

/// Packed decimals: groups of nine digits in four bytes, highest first, the sign in the first bit.
enum BinlogDecimal {
  private static let sizes = [0, 1, 1, 2, 2, 3, 3, 4, 4, 4]

  static func read(_ bytes: inout BinlogBytes, precision: Int, scale: Int) throws(BinlogError) -> String {
    let whole = precision - scale
    let groups = [(whole % 9, sizes[whole % 9])] + Array(repeating: (9, 4), count: whole / 9)
    let tail = Array(repeating: (9, 4), count: scale / 9) + [(scale % 9, sizes[scale % 9])]
    let length = (groups + tail).reduce(0) { $0 + $1.1 }
    var raw = Array(try bytes.take(length))
    guard !raw.isEmpty else { return "0" }
    let isNegative = raw[0] & 0x80 == 0
    raw[0] ^= 0x80
    if isNegative { raw = raw.map { ~$0 } }
    var place = 0
    func digits(_ groups: [(Int, Int)]) -> String {
      var text = ""
      for (count, size) in groups where count > 0 {
        let value = raw[place..<(place + size)].reduce(0) { $0 << 8 | Int($1) }
        place += size
        text += CalendarText.padded(value, count)
      }
      return text
    }
    let before = digits(groups).drop { $0 == "0" }
    let after = digits(tail)
    return (isNegative ? "-" : "") + (before.isEmpty ? "0" : before) + (after.isEmpty ? "" : "." + after)
  }
}
