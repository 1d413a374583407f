import Migration

/// Which values a column takes, as far as making them needs to know.
enum ValueShape: Hashable, Sendable {
  case integer(low: Int128, high: Int128)
  /// Digits in all and after the point.
  case decimal(precision: Int, scale: Int, isUnsigned: Bool)
  case real(isDouble: Bool, isUnsigned: Bool)
  case boolean
  /// `limit` in characters, nil for long texts; `charBytes` is the widest character its character set holds.
  case text(limit: Int?, isFixed: Bool, charBytes: Int)
  /// `limit` in bytes, nil for long ones.
  case bytes(limit: Int?, isFixed: Bool)
  case json, uuid, date, year, interval, network
  case time(fraction: Int)
  /// `isNarrow` for the type of MySQL that ends in 2038.
  case timestamp(fraction: Int, isZoned: Bool, isNarrow: Bool)
  case bits(Int)
  case choice([String])
  case set([String])
  indirect case array(ValueShape)
  /// A type nobody here knows, such as a domain read from files alone.
  case unknown

  /// Reads a declared type; `charBytes` is the widest character of the column's character set.
  init(_ type: String, isMySQL: Bool, charBytes: Int = 4) {
    let declared = TypeWords(type)
    if declared.isArray {
      self = .array(ValueShape(declared.withoutArray, isMySQL: isMySQL, charBytes: charBytes))
      return
    }
    self =
      Self.number(declared, isMySQL: isMySQL) ?? Self.moment(declared, isMySQL: isMySQL)
      ?? Self.text(declared, isMySQL: isMySQL, charBytes: charBytes) ?? .unknown
  }

  private static func number(_ declared: TypeWords, isMySQL: Bool) -> ValueShape? {
    func integer(_ bits: Int) -> ValueShape {
      let half = Int128(1) << (bits - 1)
      return declared.isUnsigned ? .integer(low: 0, high: half * 2 - 1) : .integer(low: -half, high: half - 1)
    }
    switch declared.name {
    case "tinyint" where isMySQL && declared.numbers.first == 1 && !declared.isUnsigned: return .boolean
    case "tinyint", "int1": return integer(8)
    case "smallint", "int2", "smallserial", "serial2": return integer(16)
    case "mediumint", "middleint": return integer(24)
    case "int", "integer", "int4", "serial4": return integer(32)
    case "serial": return isMySQL ? .integer(low: 0, high: Int128(UInt64.max)) : integer(32)
    case "bigint", "int8", "bigserial", "serial8": return integer(64)
    case "numeric", "decimal", "dec", "fixed":
      let precision = declared.numbers.first ?? (isMySQL ? 10 : 30)
      let scale = declared.numbers.count > 1 ? declared.numbers[1] : (declared.numbers.isEmpty && !isMySQL ? 9 : 0)
      return .decimal(precision: precision, scale: scale, isUnsigned: declared.isUnsigned)
    case "money": return .decimal(precision: 17, scale: 2, isUnsigned: false)
    case "float", "float4", "real", "double", "double precision", "float8":
      if declared.numbers.count > 1 {
        return .decimal(
          precision: min(declared.numbers[0], 6), scale: declared.numbers[1], isUnsigned: declared.isUnsigned)
      }
      let isSingle = declared.name == "float4" || (isMySQL ? declared.name == "float" : declared.name == "real")
      return .real(isDouble: !isSingle, isUnsigned: declared.isUnsigned)
    case "boolean", "bool": return .boolean
    case "bit": return .bits(declared.numbers.first ?? 1)
    case "bit varying", "varbit": return .bits(declared.numbers.first ?? 12)
    case "year": return .year
    default: return nil
    }
  }

  private static func moment(_ declared: TypeWords, isMySQL: Bool) -> ValueShape? {
    let fraction = declared.numbers.first ?? (isMySQL ? 0 : 6)
    switch declared.name {
    case "date": return .date
    case "time", "time without time zone", "timetz", "time with time zone": return .time(fraction: fraction)
    case "datetime", "timestamp without time zone":
      return .timestamp(fraction: fraction, isZoned: false, isNarrow: false)
    case "timestamp": return .timestamp(fraction: fraction, isZoned: false, isNarrow: isMySQL)
    case "timestamptz", "timestamp with time zone":
      return .timestamp(fraction: fraction, isZoned: true, isNarrow: false)
    case "interval": return .interval
    default: return nil
    }
  }

  private static func text(_ declared: TypeWords, isMySQL: Bool, charBytes: Int) -> ValueShape? {
    let length = declared.numbers.first
    switch declared.name {
    case "char", "character", "bpchar", "nchar", "national char":
      return .text(limit: length ?? 1, isFixed: true, charBytes: charBytes)
    case "varchar", "character varying", "nvarchar", "national varchar", "varchar2":
      return .text(limit: length, isFixed: false, charBytes: charBytes)
    case "tinytext": return .text(limit: 255 / charBytes, isFixed: false, charBytes: charBytes)
    case "text", "mediumtext", "longtext", "long varchar", "citext", "clob":
      return .text(limit: nil, isFixed: false, charBytes: charBytes)
    case "name": return .text(limit: 63, isFixed: false, charBytes: 1)
    case "bytea", "blob", "mediumblob", "longblob": return .bytes(limit: nil, isFixed: false)
    case "tinyblob": return .bytes(limit: 255, isFixed: false)
    case "varbinary": return .bytes(limit: length ?? 1, isFixed: false)
    case "binary": return .bytes(limit: length ?? 1, isFixed: true)
    case "json", "jsonb": return .json
    case "uuid": return .uuid
    case "inet", "cidr": return .network
    case "enum": return .choice(declared.texts)
    case "set": return .set(declared.texts)
    default: return nil
    }
  }
}

/// A declared type in words: `int(10) unsigned` is the name `int` with the number 10.
struct TypeWords {
  var name = ""
  var numbers: [Int] = []
  var texts: [String] = []
  var isUnsigned = false
  var isArray = false
  private let written: String

  /// The element type of an array.
  var withoutArray: String { String(written.prefix { $0 != "[" }) }

  init(_ text: String) {
    written = text
    var outside: [UInt8] = []
    var inside: [UInt8] = []
    var depth = 0
    var isQuoted = false
    for byte in text.utf8 {
      if byte == UInt8(ascii: "'") { isQuoted.toggle() }
      if !isQuoted, byte == UInt8(ascii: "(") {
        depth += 1
        outside.append(UInt8(ascii: " "))
      } else if !isQuoted, byte == UInt8(ascii: ")") {
        depth -= 1
      } else if depth > 0 {
        inside.append(byte)
      } else {
        outside.append(byte)
      }
    }
    let words = String(decoding: outside, as: UTF8.self).lowercased()
    isArray = words.contains("[")
    var kept: [Substring] = []
    reading: for word in words.split(separator: " ") {
      switch word {
      case "unsigned": isUnsigned = true
      case "zerofill": isUnsigned = true
      case "signed": continue
      case "collate", "charset", "comment", "default", "not", "null": break reading
      case "character" where !kept.isEmpty: break reading
      default: kept.append(word)
      }
    }
    name = kept.joined(separator: " ")
    readArguments(inside)
  }

  private mutating func readArguments(_ bytes: [UInt8]) {
    guard bytes.contains(UInt8(ascii: "'")) else {
      numbers = String(decoding: bytes, as: UTF8.self).split(separator: ",")
        .compactMap { Int($0.filter { $0 != " " }) }
      return
    }
    var current: [UInt8] = []
    var isInside = false
    var index = 0
    while index < bytes.count {
      let byte = bytes[index]
      if byte == UInt8(ascii: "'") {
        if isInside, index + 1 < bytes.count, bytes[index + 1] == byte {
          current.append(byte)
          index += 1
        } else if isInside {
          texts.append(String(decoding: current, as: UTF8.self))
          current = []
          isInside = false
        } else {
          isInside = true
        }
      } else if isInside {
        current.append(byte)
      }
      index += 1
    }
  }
}
