/// What a declared type means, whatever engine it was declared for.
///
/// Digits of fractional seconds are those the declaring engine keeps when it says none.
enum ColumnShape: Hashable {
  case integer(bits: Int, isUnsigned: Bool)
  case year
  /// Without a precision a number has as many digits as it needs.
  case decimal(precision: Int?, scale: Int?)
  case money(scale: Int)
  case real, double, boolean
  case bits(Int)
  case varyingBits(Int?)
  case char(Int)
  case varchar(Int?)
  case longText
  /// One or several of the values listed with the type.
  case choice
  /// Bytes; the length is nil when nothing limits them.
  case binary(Int?)
  case date
  case time(Int)
  case zonedTime(Int)
  case timestamp(Int)
  case zonedTimestamp(Int)
  case interval, json, uuid, address, document, figure, array
  /// Bytes the engine changes with every write.
  case rowVersion
  /// A type whose values only its engine understands.
  case foreign

  /// What its values are on an engine that has the type.
  var kind: ValueKind {
    switch self {
    case .integer, .year: .integer
    case .decimal(let precision, let scale): .decimal(scale: precision == nil ? nil : scale ?? 0)
    case .money(let scale): .money(scale: scale)
    case .real, .double: .float
    case .boolean: .boolean
    case .bits(let count): .bits(count)
    case .char: .padded
    case .varchar, .longText, .choice: .text
    case .binary, .rowVersion: .binary
    case .date: .date
    case .time: .time
    case .timestamp: .timestamp
    case .zonedTimestamp: .timestampZone
    case .json: .json
    case .uuid: .uuid
    case .varyingBits, .zonedTime, .interval, .address, .document, .figure, .array, .foreign: .other
    }
  }

  /// The longest value in bytes; nil when nothing limits it.
  var maxBytes: Int? {
    switch self {
    case .char(let length): 4 * length
    case .varchar(let length): length.map { 4 * $0 }
    case .choice: 255
    case .binary(let length): length
    case .longText, .json, .varyingBits, .zonedTime, .interval, .address, .document, .figure, .array, .foreign, .money:
      nil
    case .integer, .year, .decimal, .real, .double, .boolean, .bits, .date, .time, .timestamp, .zonedTimestamp, .uuid,
      .rowVersion:
      16
    }
  }

  /// Digits of fractional seconds of a point in time.
  var fraction: Int? {
    if case .timestamp(let digits) = self { return digits }
    if case .zonedTimestamp(let digits) = self { return digits }
    return nil
  }
}
