/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/base/caret.h"

#include <criterion/criterion.h>

static struct vs_memory memory;
static struct vs_text text;
static void setup(void) {
  vs_memory_init(&memory, NULL, 0);
  vs_text_init(&text, &memory, 1 << 20);
}
static void teardown(void) {
  vs_text_release(&text);
}
TestSuite(base_caret, .init = setup, .fini = teardown);

static const char *show(const char *source, uint32_t begin, uint32_t end, const char *hint) {
  struct vs_error error;
  vs_error_clear(&error);
  vs_status status = vs_fail(&error, VS_CODE_UNEXPECTED_TOKEN, (struct vs_span){0, begin, end}, "message");
  vs_fail_hint(&error, status, "%s", hint);
  vs_text_clear(&text);
  vs_caret_print(vs_str_of(source), VS_STR("cell"), &error, false, &text);
  return text.data;
}

Test(base_caret, lines_and_columns_count_code_points_from_one) {
  uint32_t line, column;
  vs_line_column(VS_STR("a\nüb\n"), 4, &line, &column);
  cr_expect(line == 2 && column == 2);
  vs_line_column(VS_STR("a\nb"), 99, &line, &column);
  cr_expect(line == 2 && column == 2);
  vs_line_column((struct vs_str){0}, 0, &line, &column);
  cr_expect(line == 1 && column == 1);
}

Test(base_caret, the_line_is_quoted_with_a_caret_range_and_the_hint) {
  cr_expect_str_eq(show("SELECT a\nFORM t", 9, 13, "did you mean FROM?"),
                   "VELO-1005 message\ncell:2:1\n  FORM t\n  ^~~~\nhint: did you mean FROM?\n");
  cr_expect_str_eq(show("a", 1, 1, ""), "VELO-1005 message\ncell:1:2\n  a\n   ^\n");
}

Test(base_caret, tabs_stay_and_wide_characters_take_two_columns) {
  cr_expect_str_eq(show("\t漢x", 4, 5, ""), "VELO-1005 message\ncell:1:3\n  \t漢x\n  \t  ^\n");
  cr_expect_str_eq(show("漢字", 0, 6, ""), "VELO-1005 message\ncell:1:1\n  漢字\n  ^~~~\n");
}

Test(base_caret, a_range_over_lines_ends_with_its_line) {
  cr_expect_str_eq(show("ab\r\ncd", 1, 6, ""), "VELO-1005 message\ncell:1:2\n  ab\n   ^\n");
}

Test(base_caret, a_long_line_is_cut_around_the_caret) {
  char source[1001];
  memset(source, 'x', 1000);
  source[1000] = '\0';
  source[500] = '#';
  const char *shown = show(source, 500, 501, "");
  const char *line = strchr(strchr(shown, '\n') + 1, '\n') + 1;
  size_t width = strcspn(line, "\n");
  cr_expect(width < 140 && strncmp(line, "  ...", 5) == 0);
  const char *caret = line + width + 1;
  cr_expect(line[strcspn(caret, "^")] == '#');
}

Test(base_caret, an_error_without_a_place_shows_no_line) {
  struct vs_error error;
  vs_error_clear(&error);
  cr_expect(vs_fail(&error, VS_CODE_OUT_OF_MEMORY, VS_NO_SPAN, "no memory") == VS_RESOURCE);
  vs_text_clear(&text);
  vs_caret_print(VS_STR("SELECT 1"), VS_STR("cell"), &error, false, &text);
  cr_expect_str_eq(text.data, "VELO-5001 no memory\n");
}

Test(base_caret, a_second_place_is_quoted_too) {
  struct vs_error error;
  vs_error_clear(&error);
  cr_expect(vs_fail(&error, VS_CODE_DUPLICATE_CLAUSE, (struct vs_span){0, 4, 5}, "twice") == VS_SYNTAX);
  error.other = (struct vs_span){0, 0, 2};
  vs_text_clear(&text);
  vs_caret_print(VS_STR("ab\n c"), VS_STR("cell"), &error, false, &text);
  cr_expect_str_eq(text.data, "VELO-1008 twice\ncell:2:2\n   c\n   ^\ncell:1:1\n  ab\n  -~\n");
}
