// libclang for Swift: its own C interface, plus the few wrappers that hide differences between versions.
#ifndef CLEAVE_CLIBCLANG_H
#define CLEAVE_CLIBCLANG_H

#include <clang-c/CXCompilationDatabase.h>
#include <clang-c/Index.h>

/// What a binary or compound assignment operator does, as far as text building cares.
enum CleaveOperator {
  CleaveOperatorOther = 0,
  CleaveOperatorAdd = 1,
  CleaveOperatorShiftLeft = 2,
  CleaveOperatorAssign = 3,
  CleaveOperatorAddAssign = 4,
  CleaveOperatorComma = 5,
};

/// The operator of a binary or compound assignment expression; reads tokens on libclang older than 17.
enum CleaveOperator cleave_operator(CXTranslationUnit unit, CXCursor cursor);

/// Line of the expansion location of `cursor` in its file; 0 when it has none.
unsigned cleave_line(CXCursor cursor);

/// First and last line of `cursor`'s extent, by expansion location.
void cleave_lines(CXCursor cursor, unsigned *first, unsigned *last);

#endif
