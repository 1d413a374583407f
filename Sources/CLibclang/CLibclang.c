#include "CLibclang.h"

#include <string.h>

static enum CleaveOperator operator_from_text(const char *text) {
  if (strcmp(text, "+") == 0) return CleaveOperatorAdd;
  if (strcmp(text, "<<") == 0) return CleaveOperatorShiftLeft;
  if (strcmp(text, "=") == 0) return CleaveOperatorAssign;
  if (strcmp(text, "+=") == 0) return CleaveOperatorAddAssign;
  if (strcmp(text, ",") == 0) return CleaveOperatorComma;
  return CleaveOperatorOther;
}

#if CINDEX_VERSION_MINOR >= 64

enum CleaveOperator cleave_operator(CXTranslationUnit unit, CXCursor cursor) {
  (void)unit;
  CXString name = clang_getBinaryOperatorKindSpelling(clang_getCursorBinaryOperatorKind(cursor));
  const char *text = clang_getCString(name);
  enum CleaveOperator result = text ? operator_from_text(text) : CleaveOperatorOther;
  clang_disposeString(name);
  return result;
}

#else

struct first_child {
  CXCursor cursor;
  int found;
};

static enum CXChildVisitResult take_first(CXCursor cursor, CXCursor parent, CXClientData data) {
  (void)parent;
  struct first_child *first = data;
  first->cursor = cursor;
  first->found = 1;
  return CXChildVisit_Break;
}

enum CleaveOperator cleave_operator(CXTranslationUnit unit, CXCursor cursor) {
  struct first_child left = {clang_getNullCursor(), 0};
  clang_visitChildren(cursor, take_first, &left);
  if (!left.found) return CleaveOperatorOther;
  unsigned end = 0;
  clang_getSpellingLocation(clang_getRangeEnd(clang_getCursorExtent(left.cursor)), NULL, NULL, NULL, &end);
  CXToken *tokens = NULL;
  unsigned count = 0;
  clang_tokenize(unit, clang_getCursorExtent(cursor), &tokens, &count);
  enum CleaveOperator result = CleaveOperatorOther;
  for (unsigned i = 0; i < count; i++) {
    unsigned offset = 0;
    clang_getSpellingLocation(clang_getTokenLocation(unit, tokens[i]), NULL, NULL, NULL, &offset);
    if (offset < end || clang_getTokenKind(tokens[i]) != CXToken_Punctuation) continue;
    CXString text = clang_getTokenSpelling(unit, tokens[i]);
    result = operator_from_text(clang_getCString(text));
    clang_disposeString(text);
    if (offset >= end) break;
  }
  clang_disposeTokens(unit, tokens, count);
  return result;
}

#endif

unsigned cleave_line(CXCursor cursor) {
  unsigned line = 0;
  clang_getExpansionLocation(clang_getCursorLocation(cursor), NULL, &line, NULL, NULL);
  return line;
}

void cleave_lines(CXCursor cursor, unsigned *first, unsigned *last) {
  CXSourceRange range = clang_getCursorExtent(cursor);
  clang_getExpansionLocation(clang_getRangeStart(range), NULL, first, NULL, NULL);
  clang_getExpansionLocation(clang_getRangeEnd(range), NULL, last, NULL, NULL);
}
