#ifndef CLEAVE_CTREESITTER_H
#define CLEAVE_CTREESITTER_H

#include <stdint.h>
#include <tree_sitter/api.h>

// The grammars that are linked in; each is a constant table that lives as long as the process.
const TSLanguage *tree_sitter_c_sharp(void);
const TSLanguage *tree_sitter_go(void);
const TSLanguage *tree_sitter_java(void);
const TSLanguage *tree_sitter_javascript(void);
const TSLanguage *tree_sitter_kotlin(void);
const TSLanguage *tree_sitter_php(void);
const TSLanguage *tree_sitter_python(void);
const TSLanguage *tree_sitter_ruby(void);
const TSLanguage *tree_sitter_tsx(void);
const TSLanguage *tree_sitter_typescript(void);

/// A child of a node with what a reader asks first. 40 bytes.
typedef struct {
  TSNode node;
  uint16_t symbol;
  uint16_t field;
} CleaveChild;

/// Writes the children of `node` that are named or stand in a field, without comments and other extras but with what
/// could not be read, to `out` and returns how many there are; when that is more than `capacity` only the first are
/// written and the caller asks again. `cursor` is scratch that the caller made with `ts_tree_cursor_new` and deletes.
/// Linear in the children.
uint32_t cleave_children(TSTreeCursor *cursor, TSNode node, CleaveChild *out, uint32_t capacity);

#endif
