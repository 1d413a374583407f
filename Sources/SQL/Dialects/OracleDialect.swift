import Facts

extension Dialect {
  /// Oracle Database. Source: Oracle Database SQL Language Reference 19c, chapters 2 "Basic Elements" and 10 to 19.
  package static let oracle = Dialect(
    engine: .oracle, hasBackQuotes: false, hasAlternativeQuotes: true, endsRoutinesWithSlash: true,
    marks: [
      Mark("varchar2", 8), Mark("number(", 6), Mark(" number,", 4), Mark(" number not null", 6), Mark(" clob", 2),
      Mark("from dual", 6), Mark("\n/\n", 4), Mark("\n/\r", 4), Mark(".nextval", 4), Mark("sysdate", 4),
      Mark("systimestamp", 4), Mark("tablespace", 3), Mark("pctfree", 8), Mark("nologging", 6),
      Mark("segment creation", 8),
      Mark(" raw(", 6), Mark("enable row movement", 8), Mark("%rowtype", 3), Mark("%type", 3), Mark("dbms_", 6),
      Mark("execute immediate", 5), Mark("nocycle", 5), Mark("(+)", 8), Mark("whenever sqlerror", 8),
      Mark("nocache", 3),
      Mark("or replace package", 8), Mark("connect by", 5), Mark("using index", 5), Mark("cascade constraints", 8),
    ])
}
