extension UInt8 {
  /// `0` to `9`.
  var isDigit: Bool { self &- 48 < 10 }
  /// An ASCII letter.
  var isLetter: Bool { (self | 32) &- 97 < 26 }
  /// Blank, tab, line end, form feed or NUL.
  var isBlank: Bool { self == 32 || (self &- 9) < 5 || self == 0 }
  /// May start an unquoted name: a letter, `_`, or any byte of a character beyond ASCII.
  var startsName: Bool { isLetter || self == 95 || self >= 128 }
  /// May continue an unquoted name.
  var continuesName: Bool { startsName || isDigit }
  /// ASCII upper case letter.
  var isUpper: Bool { self &- 65 < 26 }
  /// The lower case of an ASCII letter; other bytes as they are.
  var lowered: UInt8 { isUpper ? self | 32 : self }

  /// The byte of an ASCII character.
  static func of(_ scalar: Unicode.Scalar) -> UInt8 { UInt8(ascii: scalar) }
}
