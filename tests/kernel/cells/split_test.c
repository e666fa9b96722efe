/* SPDX-License-Identifier: Apache-2.0 */
#include "kernel/cells/split.h"

#include <criterion/criterion.h>

static struct vs_memory memory;
static struct vs_arena arena;

static void setup(void) {
  vs_memory_init(&memory, NULL, 0);
  vs_arena_init(&arena, &memory, 0);
}
static void teardown(void) {
  vs_arena_release(&arena);
}
TestSuite(cells_split, .init = setup, .fini = teardown);

static struct vsk_split split_text(const char *code) {
  struct vsk_split split;
  struct vs_error error;
  cr_assert_eq(vsk_split_cell(vs_str_of(code), &arena, &split, &error), VS_OK, "%s", code);
  return split;
}

Test(cells_split, kinds_of_cells) {
  static const struct {
    const char *code;
    vsk_cell_is is;
    uint32_t lines;
  } cases[] = {
      {"", VSK_CELL_EMPTY, 0},
      {"  \n-- only a comment\n/* and another */", VSK_CELL_EMPTY, 0},
      {"# Parameters\nn = 1\n", VSK_CELL_PARAMETERS, 0},
      {"-- Parameters\nsymbol = \"ADA\"", VSK_CELL_PARAMETERS, 0},
      {"%%sql\nSELECT 1", VSK_CELL_MAGIC, 1},
      {"%help", VSK_CELL_SQL, 1},
      {"SELECT 1;", VSK_CELL_SQL, 0},
      {"%viz bar\nSELECT 1;\n%viz explain", VSK_CELL_SQL, 2},
      {"SELECT 7\n  % 4", VSK_CELL_SQL, 0},
      {"SELECT '\n%help\n'", VSK_CELL_SQL, 0},
      {"SELECT (1\n%help\n)", VSK_CELL_SQL, 0},
      {"/*\n%help\n*/ SELECT 1", VSK_CELL_SQL, 0},
      {"%echo it's\nSELECT 1;\n%echo \"", VSK_CELL_SQL, 2},
      {"SELECT 1; -- done\n   %tables", VSK_CELL_SQL, 1},
  };
  for (size_t i = 0; i < VS_COUNT_OF(cases); i++) {
    struct vsk_split split = split_text(cases[i].code);
    cr_expect_eq(split.is, cases[i].is, "%s", cases[i].code);
    cr_expect_eq(split.line_count, cases[i].lines, "%s: %u lines", cases[i].code, split.line_count);
  }
}

Test(cells_split, magic_lines_are_blanked_so_that_offsets_stay) {
  const char *code = "%viz bar\nSELECT 1\n%viz explain\nSELECT 2";
  struct vsk_split split = split_text(code);
  cr_expect_eq(split.sql.size, strlen(code));
  cr_expect_eq(memcmp(split.sql.data, "        \nSELECT 1\n;           \nSELECT 2", split.sql.size), 0, "%.*s",
               VS_STR_ARG(split.sql));
  cr_expect_eq(split.lines[1].span.begin, 18);
  cr_expect(vs_str_equal(split.lines[1].rest, VS_STR("explain")));
}

Test(cells_split, a_cell_magic_below_line_one_is_an_error) {
  struct vsk_split split;
  struct vs_error error;
  cr_expect_eq(vsk_split_cell(VS_STR("SELECT 1;\n%%sql\nSELECT 2"), &arena, &split, &error), VS_USAGE);
  cr_expect_str_eq(error.message, "%%sql must stand on the first line of its cell");
  cr_expect_eq(error.span.begin, 10);
}

Test(cells_split, language_is_told_from_misspelt_sql) {
  static const char *const language[] = {"Show me trading volume by symbol", "what patterns do you see?",
                                         "deploy this notebook", "Show the top five coins",
                                         "Test this with 10,000 synthetic trades"};
  static const char *const sql[] = {"SELEC a FROM t", "SHOW TOPICS", "SELECT FROM;", "CREATE STREM x",
                                    "SELECT a b c",   "1 + 1",       "GRUOP"};
  for (size_t i = 0; i < VS_COUNT_OF(language); i++)
    cr_expect(vsk_reads_as_language(vs_str_of(language[i])), "%s", language[i]);
  for (size_t i = 0; i < VS_COUNT_OF(sql); i++)
    cr_expect_not(vsk_reads_as_language(vs_str_of(sql[i])), "%s", sql[i]);
}
