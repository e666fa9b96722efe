/* SPDX-License-Identifier: Apache-2.0
 * Parsing in a test: one line to get a script, an error or a printed form, with memory that lives until the test ends.
 */
#ifndef TESTS_SUPPORT_SQL_TEXT_H
#define TESTS_SUPPORT_SQL_TEXT_H

#include "engine/sql/parser.h"
#include "engine/sql/printer.h"

#include <stdio.h>
#include <stdlib.h>

struct sql_test {
  struct vs_memory memory;
  struct vs_arena arena;
  struct vs_text text;
  struct vs_script script;
  struct vs_error error;
};

static inline void sql_test_init(struct sql_test *test) {
  *test = (struct sql_test){0};
  vs_memory_init(&test->memory, NULL, 0);
  vs_arena_init(&test->arena, &test->memory, 0);
  vs_text_init(&test->text, &test->memory, (size_t)64 << 20);
}
static inline void sql_test_release(struct sql_test *test) {
  vs_text_release(&test->text);
  vs_arena_release(&test->arena);
}
static inline vs_status sql_test_parse(struct sql_test *test, const char *sql) {
  test->script = (struct vs_script){0};
  vs_error_clear(&test->error);
  return vs_parse(vs_str_of(sql), NULL, &test->arena, &test->script, &test->error);
}
/* The canonical form of the first statement, or the error's message. */
static inline const char *sql_test_print(struct sql_test *test, const char *sql) {
  vs_text_clear(&test->text);
  if (sql_test_parse(test, sql) != VS_OK) return test->error.message;
  vs_print_statement(test->script.statements[0], &test->text);
  return test->text.data;
}
/* A file of the repository, NUL-terminated, in the test's arena. */
static inline struct vs_str sql_test_file(struct sql_test *test, const char *path) {
  FILE *file = fopen(path, "rb");
  if (!file) return (struct vs_str){0};
  struct vs_text text;
  char block[4096];
  size_t size;
  vs_text_init(&text, &test->memory, (size_t)64 << 20);
  while ((size = fread(block, 1, sizeof block, file)) > 0)
    vs_text_append(&text, block, size);
  fclose(file);
  struct vs_str copy = {vs_arena_copy(&test->arena, text.data, text.size), text.size};
  vs_text_release(&text);
  return copy;
}

#endif
