/// The words the parsers look for. Everything else is a name.
///
/// Keywords are recognised as a union over all dialects; the parsers decide by position whether a word that is
/// not reserved means itself or names something.
enum Keyword: String, CaseIterable, Sendable {
  case none = ""
  // Reserved: never a bare name.
  case select, from, `where`, group, order, having, union, intersect, except, join, inner, left, right, cross
  case on, using, set, values, into, and, or, not, null, `case`, when, then, `else`, end, `as`, `is`, `in`, between
  case like, exists, distinct, insert, update, delete, create, drop, alter, table, primary, foreign, references
  case constraint, check, unique, `default`, by, limit, to, with, grant, returning, ilike, rlike, regexp
  case natural, straight_join, xor, div, desc, asc, collate, window, `for`, all, fetch, lateral, outer
  // Not reserved, but never an implicit alias.
  case offset, full, lock, use, force, ignore, partition, loop, `do`, minus, procedure, tablesample, indexed
  case go, qualify, isnull, notnull, glob, similar, sounds, escape, `repeat`, `while`, `return`, begin, execute
  case over, filter, within, against, separator, placing, conflict, duplicate, nulls, pivot, at
  // Statement starts.
  case replace, merge, truncate, rename, call, copy, commit, rollback, start, savepoint, release, optimize, analyze
  case analyse, vacuum, reindex, repair, cluster, refresh, show, describe, explain, pragma, prepare, deallocate
  case declare, open, load, revoke, kill, flush, perform, attach, detach, comment, listen, unlisten, notify, discard
  case reset, handler, upsert, checkpoint, abort, reassign, security, close, unlock, purge, delimiter, exec
  // Objects and clauses.
  case recursive, materialized, temporary, temp, unlogged, global, local, session, unsigned, signed, zerofill
  case view, index, key, keys, trigger, function, event, sequence, schema, database, databases, tables, columns
  case type, domain, `extension`, user, role, rule, server, aggregate, language, package, body, tablespace, only,
    fulltext
  case spatial, add, change, modify, column, first, after, before, instead, of, each, row, rows, statement, new, old
  case auto_increment, autoincrement, generated, always, identity, stored, virtual, engine, inherits, cascade
  case restrict, action, no, match, validate, owner, disable, enable, overwriting, system, value
  case low_priority, high_priority, delayed, quick, concurrent, infile, outfile, dumpfile, data, stdin, stdout, program
  case transaction, work, tran, names, character, charset, isolation, read, write, share, mode, nowait, skip, locked
  case array, interval, cast, convert, extract, trim, substring, position, overlay, binary, boolean, date, time,
    timestamp
  case timestamptz, unknown, `true`, `false`, any, some, both, leading, trailing, unnest, ordinality, definer, `if`
  case cursor, query, next, nothing, matched, ties, percent, xmltable, json_table, year, quarter, month, week, day, hour
  case minute, second, microsecond, epoch, day_hour, day_minute, day_second, hour_minute, hour_second, minute_second
  case year_month, atomic, elsif, elseif, exception, immediate, foreach, concurrently, without, rowid, strict, include
  case serial, exclude, deferrable, initially, deferred, visible, invisible, storage, compression, clustered
  case nonclustered, count, sum, min, max, avg, group_concat, string_agg, array_agg, dual, status, variables
  case processlist, warnings, errors, grants, fields, indexes, plugins, collation, engines, triggers, authors
  case binlog, master, slave, replica, privileges, profiles, events, escaped, routine, revert
  case until, iterate, leave, off, print, top, option, `continue`, restart, cost, returns
  case precision, varying, zone, national, large, object, timezone
  // English words that tell prose from SQL when they stand for a name.
  case the, an, this, that, your, these, those, failed, failure, has, was, been, my, its, their, our, it, are, must
  case will, cannot, should, current, exclusive
}
