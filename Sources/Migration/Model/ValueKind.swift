/// What a column's values are, as far as comparing rows across engines needs to know.
enum ValueKind: Hashable {
  case integer
  /// Fixed digits after the point; nil when the type sets none.
  case decimal(scale: Int?)
  /// An amount of the engine's own money type with so many digits after the point.
  case money(scale: Int)
  case boolean, float, text
  /// Text that some engines fill up with spaces to its length.
  case padded
  /// Text that is the same on every engine as it stands, such as a time of day where there is no type for one.
  case plain
  case binary, json, uuid, date, time, timestamp, timestampZone
  /// So many bits.
  case bits(Int)
  /// Anything printed as text by its engine and compared between equal engines only.
  case other
}
