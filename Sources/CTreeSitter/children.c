#include "CTreeSitter.h"

uint32_t cleave_children(TSTreeCursor *cursor, TSNode node, CleaveChild *out, uint32_t capacity) {
  uint32_t count = 0;
  ts_tree_cursor_reset(cursor, node);
  if (!ts_tree_cursor_goto_first_child(cursor)) return 0;
  do {
    TSNode child = ts_tree_cursor_current_node(cursor);
    uint16_t field = ts_tree_cursor_current_field_id(cursor);
    // Comments are extras, and so is what could not be read (symbol 65535), which may still hold healthy parts.
    bool is_extra = ts_node_is_extra(child) && ts_node_symbol(child) != UINT16_MAX;
    if ((field == 0 && !ts_node_is_named(child)) || is_extra) continue;
    if (count < capacity) {
      out[count].node = child;
      out[count].symbol = ts_node_symbol(child);
      out[count].field = field;
    }
    count++;
  } while (ts_tree_cursor_goto_next_sibling(cursor));
  return count;
}
