/// What the grammar may assume of a keyword, as flags of a token.
struct KeywordTraits: OptionSet, Sendable {
  let rawValue: UInt8

  /// Never stands bare for a table, column or alias.
  static let reserved = KeywordTraits(rawValue: 1)
  /// Not an alias without `AS`.
  static let refusesAlias = KeywordTraits(rawValue: 2)
  /// A unit of time as in `INTERVAL 1 DAY`.
  static let timeUnit = KeywordTraits(rawValue: 4)
  /// A statement may begin with it.
  static let startsStatement = KeywordTraits(rawValue: 8)
  /// Ends an expression that has an operand.
  static let endsExpression = KeywordTraits(rawValue: 16)
  /// An aggregate function.
  static let aggregate = KeywordTraits(rawValue: 32)
  /// English, not SQL, when it stands where a table or column name is due.
  static let prose = KeywordTraits(rawValue: 64)
}

/// Finds keywords by their bytes, in any case, without building strings.
struct KeywordTable: Sendable {
  /// The one table; building it takes microseconds.
  static let shared = KeywordTable()

  /// Longest keyword, in bytes: two machine words hold it.
  static let longest = 16
  /// Power of two, several times the number of keywords.
  private static let slotCount = 2048

  private struct Slot: Sendable {
    var low: UInt64 = 0
    var high: UInt64 = 0
    var keyword = Keyword.none
    var traits = KeywordTraits()
  }

  private var slots: [Slot]

  private init() {
    slots = Array(repeating: Slot(), count: Self.slotCount)
    for keyword in Keyword.allCases where keyword != .none {
      let (low, high) = Self.pack(keyword.rawValue.utf8)
      var index = Self.hash(low, high)
      while slots[index].low != 0 { index = (index + 1) & (Self.slotCount - 1) }
      slots[index] = Slot(low: low, high: high, keyword: keyword, traits: Self.traits(of: keyword))
    }
    // What SQL Server allows for `PROCEDURE`; a plain name everywhere else.
    let (low, high) = Self.pack("proc".utf8)
    var index = Self.hash(low, high)
    while slots[index].low != 0 { index = (index + 1) & (Self.slotCount - 1) }
    slots[index] = Slot(low: low, high: high, keyword: .procedure, traits: [])
  }

  /// The keyword spelled by `bytes[start..<end]` in any case, or `.none`.
  func find<Bytes: RandomAccessCollection>(in bytes: Bytes, start: Int, end: Int) -> (
    keyword: Keyword, traits: KeywordTraits
  ) where Bytes.Element == UInt8, Bytes.Index == Int {
    guard end - start <= Self.longest, end > start else { return (.none, []) }
    let (low, high) = Self.pack(bytes[start..<end])
    var index = Self.hash(low, high)
    while slots[index].low != 0 {
      if slots[index].low == low && slots[index].high == high { return (slots[index].keyword, slots[index].traits) }
      index = (index + 1) & (Self.slotCount - 1)
    }
    return (.none, [])
  }

  /// The lower-case bytes in two machine words.
  private static func pack(_ bytes: some Sequence<UInt8>) -> (UInt64, UInt64) {
    var low: UInt64 = 0
    var high: UInt64 = 0
    var count = 0
    for byte in bytes {
      if count < 8 { low = low << 8 | UInt64(byte.lowered) } else { high = high << 8 | UInt64(byte.lowered) }
      count += 1
    }
    return (low, high)
  }

  private static func hash(_ low: UInt64, _ high: UInt64) -> Int {
    let mixed = (low ^ high &* 0x9E37_79B9_7F4A_7C15) &* 0xD6E8_FEB8_6659_FD93
    return Int(truncatingIfNeeded: mixed >> 40) & (slotCount - 1)
  }

  private static func traits(of keyword: Keyword) -> KeywordTraits {
    var traits: KeywordTraits = []
    if reserved.contains(keyword) { traits.formUnion([.reserved, .refusesAlias]) }
    if refusingAlias.contains(keyword) { traits.insert(.refusesAlias) }
    if timeUnits.contains(keyword) { traits.insert(.timeUnit) }
    if starts.contains(keyword) { traits.insert(.startsStatement) }
    if ends.contains(keyword) { traits.insert(.endsExpression) }
    if aggregates.contains(keyword) { traits.insert(.aggregate) }
    if proseWords.contains(keyword) { traits.insert(.prose) }
    return traits
  }

  private static let reserved: Set<Keyword> = [
    .select, .from, .where, .group, .order, .having, .union, .intersect, .except, .join, .inner, .left, .right, .cross,
    .on, .using, .set, .values, .into, .and, .or, .not, .null, .case, .when, .then, .else, .end, .as, .is, .in,
    .between, .like, .exists, .distinct, .insert, .update, .delete, .create, .drop, .alter, .table, .primary, .foreign,
    .references, .constraint, .check, .unique, .default, .by, .limit, .to, .with, .grant, .returning, .ilike, .rlike,
    .regexp, .natural, .straight_join, .xor, .div, .desc, .asc, .collate, .window, .for, .all, .fetch, .lateral,
  ]
  private static let refusingAlias: Set<Keyword> = [
    .offset, .full, .lock, .use, .force, .ignore, .partition, .loop, .do, .minus, .procedure, .tablesample, .indexed,
    .go, .qualify, .isnull, .notnull, .glob, .similar, .sounds, .escape, .repeat, .while, .return, .over, .filter,
    .within, .against, .separator, .placing, .pivot, .at, .outer, .begin, .overwriting, .declare, .if,
    .exec, .execute, .truncate,
  ]
  private static let timeUnits: Set<Keyword> = [
    .year, .quarter, .month, .week, .day, .hour, .minute, .second, .microsecond, .epoch, .day_hour, .day_minute,
    .day_second, .hour_minute, .hour_second, .minute_second, .year_month,
  ]
  private static let starts: Set<Keyword> = [
    .select, .insert, .update, .delete, .create, .drop, .alter, .with, .values, .table, .set, .grant, .lock, .use,
    .execute, .do, .begin, .replace, .merge, .truncate, .rename, .call, .copy, .commit, .rollback, .start, .savepoint,
    .release, .optimize, .analyze, .analyse, .vacuum, .reindex, .repair, .cluster, .refresh, .show, .describe, .desc,
    .explain, .pragma, .prepare, .deallocate, .declare, .load, .revoke, .kill, .flush, .attach, .detach, .comment,
    .listen, .unlisten, .notify, .discard, .reset, .handler, .checkpoint, .abort, .unlock, .exec, .end, .check,
    .if, .while, .print, .else,
  ]
  private static let ends: Set<Keyword> = [
    .from, .where, .group, .having, .order, .limit, .offset, .fetch, .union, .intersect, .except, .minus, .on, .using,
    .set, .values, .into, .returning, .join, .inner, .left, .right, .full, .cross, .natural, .straight_join, .window,
    .for, .lock, .as, .then, .when, .else, .end, .asc, .desc, .nulls, .procedure, .qualify, .loop, .do, .separator,
    .with, .select, .placing, .select, .go, .lateral, .default, .use, .tablesample, .overwriting,
  ]
  private static let aggregates: Set<Keyword> = [
    .count, .sum, .min, .max, .avg, .group_concat, .string_agg, .array_agg,
  ]
  private static let proseWords: Set<Keyword> = [
    .the, .an, .this, .that, .your, .these, .those, .failed, .failure, .of, .has, .was, .been, .my, .its, .their, .our,
    .it, .is, .no, .are, .must, .will, .cannot, .should,
  ]
}
