/* links: vs_sql */
/* SPDX-License-Identifier: Apache-2.0
 * Any bytes through the lexer, the parser (strict and recovering), the printer and the parser again. What parses must
 * print, and what is printed must parse to the same tree. */
#include "tests/support/sql_tree.h"

#include <stdio.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_statement(const struct vs_statement *statement, struct vs_memory *memory) {
  struct vs_text what;
  vs_text_init(&what, memory, 1 << 24);
  if (!sql_round_trips(statement, memory, &what)) {
    fprintf(stderr, "%s\n", what.data);
    abort();
  }
  vs_text_release(&what);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  struct vs_memory memory;
  struct vs_arena arena;
  struct vs_script script = {0};
  struct vs_error error;
  struct vs_str text = {(const char *)data, size};
  struct vs_parse_options options = {.source = 1, .base = 10, .recover = true};
  vs_memory_init(&memory, NULL, 0);
  vs_arena_init(&arena, &memory, 0);
  if (vs_parse(text, NULL, &arena, &script, &error) == VS_OK)
    for (uint32_t i = 0; i < script.statement_count; i++)
      check_statement(script.statements[i], &memory);
  vs_arena_reset(&arena);
  if (vs_parse(text, &options, &arena, &script, &error) != VS_OK && vs_span_is_known(error.span) &&
      (error.span.begin < 10 || error.span.end > size + 10 || error.span.begin > error.span.end))
    abort();
  vs_arena_release(&arena);
  return 0;
}
