/* SPDX-License-Identifier: Apache-2.0
 * Errors: code and exact place of every line of the corpus of invalid statements, and the words of the common slips. */
#include "engine/base/caret.h"
#include "tests/support/sql_text.h"

#include <criterion/criterion.h>

static struct sql_test test;
static void setup(void) {
  sql_test_init(&test);
}
static void teardown(void) {
  sql_test_release(&test);
}
TestSuite(sql_errors, .init = setup, .fini = teardown);

/* "1005 1:8 SELECT ...", with \n for a line break. */
static void check_line(const char *line) {
  unsigned code = 0, wanted_line = 0, wanted_column = 0;
  int at = 0;
  cr_assert(sscanf(line, "%u %u:%u %n", &code, &wanted_line, &wanted_column, &at) == 3, "%s", line);
  char sql[600];
  size_t size = 0;
  for (const char *from = line + at; *from && size + 1 < sizeof sql; from++) {
    bool is_break = from[0] == '\\' && from[1] == 'n';
    sql[size++] = is_break ? '\n' : *from;
    from += is_break;
  }
  sql[size] = '\0';
  cr_expect(sql_test_parse(&test, sql) != VS_OK, "parses: %s", sql);
  uint32_t found_line, found_column;
  vs_line_column(vs_str_of(sql), test.error.span.begin, &found_line, &found_column);
  cr_expect((unsigned)test.error.code == code && found_line == wanted_line && found_column == wanted_column,
            "%s\n  gives %u %u:%u %s", line, (unsigned)test.error.code, found_line, found_column, test.error.message);
  cr_expect(test.error.message[0] && !strchr(test.error.message, '\n'));
}

Test(sql_errors, every_invalid_statement_names_its_place) {
  struct vs_str corpus = sql_test_file(&test, VELO_SOURCE_DIR "/tests/sql/corpus/invalid.txt");
  unsigned count = 0;
  cr_assert(corpus.size > 1000);
  for (const char *at = corpus.data; *at;) {
    size_t size = strcspn(at, "\n");
    if (size && *at != '#') {
      check_line(vs_arena_copy(&test.arena, at, size));
      count++;
    }
    at += size + (at[size] == '\n');
  }
  cr_expect(count > 100, "%u lines", count);
}

static void expect_hint(const char *sql, const char *hint) {
  cr_assert(sql_test_parse(&test, sql) == VS_SYNTAX, "%s", sql);
  cr_expect(strstr(test.error.hint, hint) != NULL, "%s\n  %s\n  hint: %s", sql, test.error.message, test.error.hint);
}

Test(sql_errors, the_common_slips_are_recognised) {
  expect_hint("SELEC a FROM t", "did you mean SELECT?");
  expect_hint("SELECT a FORM t", "did you mean FROM?");
  expect_hint("SELECT a FROM t GRUOP BY a", "did you mean GROUP?");
  expect_hint("SELECT a FROM t WINDOW TUMBLNG(5m)", "did you mean TUMBLING");
  expect_hint("SELECT a FROM t WINDOW TUMBLING(ts, 5 MINUTZ)", "did you mean MINUTE");
  expect_hint("SELECT a FROM t EMIT CHNAGES", "did you mean CHANGES?");
  expect_hint("CREATE STREAM s (a INTT)", "did you mean INT?");
  expect_hint("SELECT a # c", "write -- for a comment");
  expect_hint("SELECT a // c", "write -- for a comment");
  expect_hint("SELECT a == b", "compare with =");
  expect_hint("SELECT ‘a’", "straight quote");
  expect_hint("SELECT a b c FROM t", "comma missing");
  expect_hint("SELECT a, FROM t", "remove the comma");
  expect_hint("SELECT order FROM t", "`order`");
  expect_hint("SELECT a FROM t, u", "JOIN");
  expect_hint("SELECT 1 SELECT 2", "with ;");
  expect_hint("SELECT a < b < c", "AND b < c");
  expect_hint("SELECT a FROM data/x.csv", "'data/trades.csv'");
  expect_hint("SELECT a FROM t WINDOW TUMBLING(ts)", "WINDOW TUMBLING([time column,] size)");
  expect_hint("SELECT a FROM t WINDOW TUMBLING(1 MONTH)", "use days");
}

Test(sql_errors, spans_of_a_cell_carry_source_and_base) {
  const struct vs_parse_options options = {.source = 7, .base = 1000};
  cr_assert(vs_parse(VS_STR("SELECT a FORM t"), &options, &test.arena, &test.script, &test.error) == VS_SYNTAX);
  cr_expect(test.error.span.source == 7 && test.error.span.begin == 1009 && test.error.span.end == 1013);
}

Test(sql_errors, text_that_is_not_utf8_is_refused_at_its_byte) {
  cr_assert(sql_test_parse(&test, "SELECT 'a\xFFz'") == VS_SYNTAX);
  cr_expect(test.error.code == VS_CODE_NOT_UTF8 && test.error.span.begin == 9 && test.error.span.end == 10);
}

Test(sql_errors, a_duplicate_clause_shows_both_places) {
  cr_assert(sql_test_parse(&test, "SELECT a FROM t LIMIT 1 EMIT CHANGES LIMIT 2") == VS_SYNTAX);
  cr_expect(test.error.code == VS_CODE_DUPLICATE_CLAUSE && test.error.span.begin == 37 && test.error.other.begin == 16);
}
