/* SPDX-License-Identifier: Apache-2.0
 * What stands around a cursor in a text that need not parse: its word, its statement's tokens, the sources that
 * statement names. Works on tokens alone, so a half-written statement is as good as a whole one. */
#ifndef VS_RUNTIME_CURSOR_H
#define VS_RUNTIME_CURSOR_H

#include "engine/runtime/engine_state.h"
#include "engine/sql/parser.h"

enum { VS_CURSOR_SOURCES_MAX = 16 };
struct vs_cursor_source {
  struct vs_str name; /* alias, name, or file stem: what may stand before a dot */
  const struct vs_schema *schema;
};
struct vs_cursor {
  struct vs_str text;
  struct vs_token *tokens; /* of the whole text without comments; END last */
  uint32_t token_count;
  uint32_t first, last; /* tokens [first, last) of the cursor's statement */
  uint32_t before;      /* tokens [first, before) stand wholly before the cursor's word */
  uint32_t begin, end;  /* bytes of the word up to the cursor */
  bool is_in_text, is_in_comment;
  struct vs_str word; /* text[begin, end) */
};
vs_status vs_cursor_find(struct vs_str text, size_t position, struct vs_arena *arena, struct vs_cursor *ret_cursor,
                         struct vs_error *err) VS_NODISCARD;
/* Token `back` places before the cursor's word (1: the one just before) is this word or sign. */
bool vs_cursor_follows(const struct vs_cursor *cursor, uint32_t back, const char *word);
struct vs_str vs_cursor_token(const struct vs_cursor *cursor, uint32_t back); /* empty when there is none */
/* The word before the innermost parenthesis that is still open at the cursor; empty: none. */
struct vs_str vs_cursor_call(const struct vs_cursor *cursor);
/* The columns of a file; NULL when it cannot be read. */
const struct vs_schema *vs_cursor_file(struct vs_str path, struct vs_engine *engine, struct vs_arena *arena);
/* The sources of the cursor's statement whose columns are known; `snapshot` keeps the schemas alive. */
uint32_t vs_cursor_sources(const struct vs_cursor *cursor, struct vs_engine *engine, const struct vs_snapshot *snapshot,
                           struct vs_arena *arena, struct vs_cursor_source ret_sources[VS_CURSOR_SOURCES_MAX]);

#endif
