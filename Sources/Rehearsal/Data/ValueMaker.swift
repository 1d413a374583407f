import Basics
import Facts
import Migration
import SQL

/// Writes values of a shape as SQL literals: ordinary ones, nasty ones, and ones that never repeat.
struct ValueMaker {
  let isMySQL: Bool

  /// How bold a value is.
  enum Mood {
    /// What every server takes: short texts, small numbers, no surprises.
    case tame
    /// Everything the type holds, on purpose.
    case nasty
  }

  private func quoted(_ text: String) -> String { SQLLiteral.quoted(text, engine: isMySQL ? .mysql : .postgres) }

  /// A random value for a column that is not NULL.
  func value(_ column: ColumnShape, mood: Mood, random: inout SplitMix64) -> String {
    if !column.rule.choices.isEmpty {
      let choice = column.rule.choices[Int(random.next(upperBound: UInt64(column.rule.choices.count)))]
      if case .integer = column.values { return choice }
      return quoted(choice)
    }
    if mood == .tame, let width = column.width, case .text(let limit, _, _) = column.values {
      return quoted(NastyText.plain(width: min(width, limit ?? width), &random))
    }
    return value(column.values, rule: column.rule, mood: mood, random: &random)
  }

  private func value(_ shape: ValueShape, rule: CheckRule, mood: Mood, random: inout SplitMix64) -> String {
    func pick<T>(_ values: [T]) -> T { values[Int(random.next(upperBound: UInt64(values.count)))] }
    switch shape {
    case .integer(let low, let high):
      let low = max(low, rule.low ?? low)
      let high = min(high, rule.high ?? high)
      let small = min(high, max(low, 0) + Int128(random.next(upperBound: 1000)))
      return String(mood == .tame ? small : pick([low, high, min(high, max(low, 0)), min(high, max(low, -1)), small]))
    case .decimal(let precision, let scale, let isUnsigned):
      return decimal(precision, scale, isUnsigned: isUnsigned, rule: rule, mood: mood, random: &random)
    case .real(let isDouble, let isUnsigned):
      if mood == .tame { return pick(["0", "0.5", "1.25", "42"]) }
      let wide =
        isDouble ? ["1.7976931348623157e308", "2.2250738585072014e-308", "0.1"] : ["3.5e30", "0.1", "16777216"]
      return pick(wide + (isUnsigned ? ["0", "0.3"] : ["0", "-0.3", "-1e10"]))
    case .boolean: return isMySQL ? pick(["0", "1"]) : pick(["false", "true"])
    case .text(let limit, let isFixed, let charBytes):
      let text =
        mood == .tame
        ? NastyText.tame(&random) : NastyText.nasty(limit: limit, charBytes: charBytes, random: &random)
      var cut = String(String.UnicodeScalarView(text.unicodeScalars.prefix(limit ?? 100_000)))
      // Blanks at the end are padding to some engines and text to others.
      while cut.hasSuffix(" ") { cut.removeLast() }
      return quoted(cut.isEmpty && (rule.isNotEmpty || mood == .tame && isFixed) ? "x" : cut)
    case .bytes(let limit, let isFixed): return bytes(limit, isFixed: isFixed, mood: mood, random: &random)
    case .json: return quoted(mood == .tame ? "{\"n\": \(random.next(upperBound: 100))}" : pick(NastyText.documents))
    case .uuid: return quoted(Self.uuid(random.next(), random.next()))
    case .date:
      if mood == .tame { return quoted(CalendarText.date(day: 7000 + Int(random.next(upperBound: 4000)))) }
      return quoted(pick([isMySQL ? "1000-01-01" : "0001-01-01", "9999-12-31", "2024-02-29", "1970-01-01"]))
    case .year: return pick(["1901", "2155", "2026", "2000"])
    case .interval: return quoted(pick(["1 day", "-3 days 04:05:06.789", "2 mons", "0"]))
    case .network: return quoted(pick(["10.0.0.1", "::1", "192.168.200.17"]))
    case .time(let fraction): return quoted(pick(["00:00:00", "12:34:56", "23:59:59"]) + digits(fraction, &random))
    case .timestamp(let fraction, let isZoned, let isNarrow):
      return moment(fraction, isZoned: isZoned, isNarrow: isNarrow, mood: mood, random: &random)
    case .bits(let count): return (isMySQL ? "b" : "B") + "'" + bitText(count, &random) + "'"
    case .choice(let texts): return texts.isEmpty ? quoted("") : quoted(pick(texts))
    case .set(let texts):
      if mood == .nasty, random.next(upperBound: 5) == 0 { return quoted("") }
      return quoted(texts.filter { _ in random.next(upperBound: 2) == 0 }.joined(separator: ","))
    case .array(let element):
      // Quotes of the element literal are dropped: array text has its own.
      if case .text = element { return quoted(pick(["{}", "{a,\"b \\\" c\",NULL}", "{\"\",é}"])) }
      if case .integer = element { return quoted(pick(["{}", "{1,2,NULL}", "{-1}"])) }
      return quoted("{}")
    case .unknown: return quoted("1")
    }
  }

  private func decimal(
    _ precision: Int, _ scale: Int, isUnsigned: Bool, rule: CheckRule, mood: Mood, random: inout SplitMix64
  ) -> String {
    let whole = max(0, precision - scale)
    let tail = scale > 0 ? "." + String(repeating: "9", count: scale) : ""
    let small = String(
      (rule.low ?? 0) + (whole == 0 ? 0 : Int128(random.next(upperBound: whole > 2 ? 100 : whole > 1 ? 10 : 1))))
    let fraction = scale > 0 ? "." + String(repeating: "0", count: scale - 1) + "5" : ""
    if mood == .tame || rule.low != nil || rule.high != nil { return small + fraction }
    let wide = (whole == 0 ? "0" : String(repeating: "9", count: whole)) + tail
    let values = [wide, "0", small + fraction] + (isUnsigned ? [] : ["-" + wide, "-0" + fraction])
    return values[Int(random.next(upperBound: UInt64(values.count)))]
  }

  private func bytes(_ limit: Int?, isFixed: Bool, mood: Mood, random: inout SplitMix64) -> String {
    let most = limit ?? (mood == .nasty && random.next(upperBound: 4) == 0 ? 3000 : 12)
    var count = isFixed || most == 3000 ? most : Int(random.next(upperBound: UInt64(min(most, 40) + 1)))
    if mood == .tame, !isFixed { count = min(count, 4) }
    var values = (0..<count).map { _ in UInt8(truncatingIfNeeded: random.next()) }
    if mood == .nasty, count > 2 {
      values[0] = 0
      values[1] = 0xff
    }
    // A fixed width drops zeros at its end or pads with them, depending on who looks.
    if isFixed, count > 0 { values[count - 1] |= 1 }
    return bytesLiteral(values)
  }

  private func bytesLiteral(_ values: [UInt8]) -> String {
    let hex = Array("0123456789abcdef".utf8)
    let text = String(decoding: values.flatMap { [hex[Int($0 >> 4)], hex[Int($0 & 15)]] }, as: UTF8.self)
    return isMySQL ? "x'\(text)'" : "'\\x\(text)'"
  }

  private func moment(
    _ fraction: Int, isZoned: Bool, isNarrow: Bool, mood: Mood, random: inout SplitMix64
  ) -> String {
    let zone = isZoned ? "+00" : ""
    let day = 7000 + Int(random.next(upperBound: 4000))
    var dates = [CalendarText.date(day: day)]
    if mood == .nasty {
      dates += isNarrow ? ["1970-01-03", "2038-01-17"] : [isMySQL ? "1000-01-01" : "0001-01-01", "9999-12-30"]
      dates.append("2024-02-29")
    }
    let date = dates[Int(random.next(upperBound: UInt64(dates.count)))]
    let hour = mood == .tame ? "12:00:00" : "12:34:5\(random.next(upperBound: 10))"
    return quoted("\(date) \(hour)\(digits(fraction, &random))\(zone)")
  }

  private func digits(_ fraction: Int, _ random: inout SplitMix64) -> String {
    if fraction <= 0 { return "" }
    return "." + (0..<min(fraction, 6)).map { _ in String(random.next(upperBound: 10)) }.joined()
  }

  private func bitText(_ count: Int, _ random: inout SplitMix64) -> String {
    (0..<max(1, count)).map { _ in random.next(upperBound: 2) == 0 ? "0" : "1" }.joined()
  }

  private static func uuid(_ high: UInt64, _ low: UInt64) -> String {
    func hex(_ value: UInt64, _ width: Int) -> String {
      let text = String(value, radix: 16)
      return String(repeating: "0", count: max(0, width - text.count)) + text.suffix(width)
    }
    return
      "\(hex(high >> 32, 8))-\(hex(high >> 16 & 0xffff, 4))-4\(hex(high & 0xfff, 3))-a\(hex(low >> 52, 3))-\(hex(low & 0xffff_ffff_ffff, 12))"
  }

  /// A value no other `index` gets; nil when the type has too few. `isPlain` keeps texts to letters and digits.
  func unique(_ column: ColumnShape, index: Int, isPlain: Bool = false) -> String? {
    guard column.rule.choices.isEmpty, index >= 0 else { return nil }
    switch column.values {
    case .integer(let low, let high):
      let value = max(low, max(rule(column), 1)) + Int128(index)
      return value <= min(high, column.rule.high ?? high) ? String(value) : nil
    case .decimal(let precision, let scale, _):
      let text = String(max(rule(column), 1) + Int128(index))
      return text.count <= precision - scale ? text : nil
    case .real: return String(index)
    case .text(let limit, let isFixed, let charBytes):
      let text = "k" + String(index, radix: 36)
      guard text.count <= limit ?? 200 else { return nil }
      let marks =
        charBytes >= 4 ? NastyText.marks : charBytes == 3 ? Array(NastyText.marks.dropLast()) : ["", "'", "\\"]
      let mark = isFixed || isPlain ? "" : marks[index % marks.count]
      return quoted(text.count + mark.unicodeScalars.count <= limit ?? 200 ? text + mark : text)
    case .bytes(let limit, let isFixed):
      let width = isFixed ? limit ?? 8 : min(limit ?? 8, 8)
      guard width >= 3, width >= 8 || index < 1 << (8 * (width - 1)) else { return nil }
      var values = [UInt8](repeating: 7, count: width)
      for place in 0..<min(width - 1, 7) { values[width - 2 - place] = UInt8(truncatingIfNeeded: index >> (8 * place)) }
      return bytesLiteral(values)
    case .uuid: return quoted(Self.uuid(UInt64(index) &* 0x9e37_79b9_7f4a_7c15, UInt64(index)))
    case .date: return quoted(CalendarText.date(day: 11_000 + index))
    case .timestamp(_, let isZoned, _):
      let seconds = 946_684_800 + index
      return quoted(CalendarText.moment(second: seconds) + (isZoned ? "+00" : ""))
    case .network: return quoted("10.\(index >> 16 & 255).\(index >> 8 & 255).\(index & 255)")
    case .boolean, .json, .year, .interval, .time, .bits, .choice, .set, .array, .unknown: return nil
    }
  }

  private func rule(_ column: ColumnShape) -> Int128 { column.rule.low ?? 1 }
}

extension SplitMix64 {
  /// A number below `upperBound`, which is above zero.
  mutating func next(upperBound: UInt64) -> UInt64 { next() % upperBound }
}

/// Days and seconds since 1970 as text.
enum CalendarText {
  /// `2026-01-31` for a day counted from 1970-01-01 (the algorithm of Howard Hinnant).
  static func date(day: Int) -> String {
    let shifted = day + 719_468
    let era = shifted / 146_097
    let ofEra = shifted - era * 146_097
    let yearOfEra = (ofEra - ofEra / 1460 + ofEra / 36_524 - ofEra / 146_096) / 365
    let ofYear = ofEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let shiftedMonth = (5 * ofYear + 2) / 153
    let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
    let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
    return "\(padded(year, 4))-\(padded(month, 2))-\(padded(ofYear - (153 * shiftedMonth + 2) / 5 + 1, 2))"
  }

  /// `2026-01-31 04:05:06` for a second counted from 1970.
  static func moment(second: Int) -> String {
    let rest = second % 86_400
    return
      "\(date(day: second / 86_400)) \(padded(rest / 3600, 2)):\(padded(rest / 60 % 60, 2)):\(padded(rest % 60, 2))"
  }

  static func padded(_ number: Int, _ width: Int) -> String {
    let text = String(number)
    return String(repeating: "0", count: max(0, width - text.count)) + text
  }
}
