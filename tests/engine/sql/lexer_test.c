/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/support/sql_text.h"

#include <criterion/criterion.h>

static struct vs_token *lex(struct sql_test *test, const char *sql, uint32_t *count) {
  struct vs_token *tokens = NULL;
  sql_test_init(test);
  cr_assert(vs_lex(vs_str_of(sql), NULL, &test->arena, &tokens, count, NULL) == VS_OK);
  return tokens;
}

static void expect_kinds(const char *sql, const vs_token_kind *kinds, uint32_t wanted) {
  struct sql_test test;
  uint32_t count = 0;
  struct vs_token *tokens = lex(&test, sql, &count);
  cr_assert(count == wanted + 1, "%s has %u tokens", sql, count - 1);
  for (uint32_t i = 0; i < wanted; i++)
    cr_expect(tokens[i].kind == kinds[i], "token %u of %s has kind %d", i, sql, (int)tokens[i].kind);
  cr_expect(tokens[wanted].kind == VS_TOKEN_END);
  sql_test_release(&test);
}
#define EXPECT_KINDS(sql, ...)                                                                                         \
  expect_kinds(sql, (const vs_token_kind[]){__VA_ARGS__},                                                              \
               sizeof((const vs_token_kind[]){__VA_ARGS__}) / sizeof(vs_token_kind))

Test(sql_lexer, numbers_durations_and_names_are_told_apart) {
  EXPECT_KINDS("1 1_000 0x1F", VS_TOKEN_INTEGER, VS_TOKEN_INTEGER, VS_TOKEN_INTEGER);
  EXPECT_KINDS("1.5 .5 1. 1_0.2", VS_TOKEN_DECIMAL, VS_TOKEN_DECIMAL, VS_TOKEN_DECIMAL, VS_TOKEN_DECIMAL);
  EXPECT_KINDS("1e3 1.5E-2 2e+1", VS_TOKEN_FLOAT, VS_TOKEN_FLOAT, VS_TOKEN_FLOAT);
  EXPECT_KINDS("5m 1d12h 100us 5μs", VS_TOKEN_DURATION, VS_TOKEN_DURATION, VS_TOKEN_DURATION, VS_TOKEN_DURATION);
  EXPECT_KINDS("x1 _x größe t5m", VS_TOKEN_WORD, VS_TOKEN_WORD, VS_TOKEN_WORD, VS_TOKEN_WORD);
  EXPECT_KINDS("5M", VS_TOKEN_ERROR);
  EXPECT_KINDS("1__0 1_ 0x 1.2.3 5mx", VS_TOKEN_ERROR, VS_TOKEN_ERROR, VS_TOKEN_ERROR, VS_TOKEN_ERROR, VS_TOKEN_ERROR);
}

Test(sql_lexer, quotes_double_and_never_closed_ones_are_one_error) {
  EXPECT_KINDS("'it''s' \"a\"\"b\" `c``d` E'\\''", VS_TOKEN_STRING, VS_TOKEN_DOUBLE_QUOTED, VS_TOKEN_QUOTED_NAME,
               VS_TOKEN_STRING);
  EXPECT_KINDS("a 'b c", VS_TOKEN_WORD, VS_TOKEN_ERROR);
  EXPECT_KINDS("a \"b", VS_TOKEN_WORD, VS_TOKEN_ERROR);
  EXPECT_KINDS("E'\\'", VS_TOKEN_ERROR);
}

Test(sql_lexer, comments_nest_and_stay_tokens) {
  EXPECT_KINDS("a -- b\nc", VS_TOKEN_WORD, VS_TOKEN_COMMENT, VS_TOKEN_WORD);
  EXPECT_KINDS("/* a /* b */ c */ d", VS_TOKEN_COMMENT, VS_TOKEN_WORD);
  EXPECT_KINDS("/* a /* b */", VS_TOKEN_ERROR);
}

Test(sql_lexer, a_parameter_touches_its_colon_and_a_cast_wins) {
  EXPECT_KINDS(":a", VS_TOKEN_PARAMETER);
  EXPECT_KINDS(": a", VS_TOKEN_SIGN, VS_TOKEN_WORD);
  EXPECT_KINDS("a::b", VS_TOKEN_WORD, VS_TOKEN_SIGN, VS_TOKEN_WORD);
  EXPECT_KINDS("kafka://h:9/t, x", VS_TOKEN_URI, VS_TOKEN_SIGN, VS_TOKEN_WORD);
}

Test(sql_lexer, blanks_are_ascii_form_feed_bom_and_no_break_space) {
  EXPECT_KINDS("\xEF\xBB\xBF"
               "a\t\r\n\f\xC2\xA0"
               "b",
               VS_TOKEN_WORD, VS_TOKEN_WORD);
}

Test(sql_lexer, tokens_tile_the_text_and_spans_carry_base_and_source) {
  struct sql_test test;
  struct vs_token *tokens;
  uint32_t count, at = 100;
  const struct vs_parse_options options = {.source = 3, .base = 100};
  const char *sql = "SELECT a#b \xFF 'x";
  sql_test_init(&test);
  cr_assert(vs_lex(vs_str_of(sql), &options, &test.arena, &tokens, &count, NULL) == VS_OK);
  for (uint32_t i = 0; i < count; i++) {
    cr_expect(tokens[i].span.source == 3 && tokens[i].span.begin >= at && tokens[i].span.end >= tokens[i].span.begin);
    cr_expect((uint32_t)tokens[i].text.size == tokens[i].span.end - tokens[i].span.begin);
    at = tokens[i].span.end;
  }
  cr_expect(at == 100 + (uint32_t)strlen(sql));
  sql_test_release(&test);
}

Test(sql_keywords, the_table_is_sorted_and_found_in_any_case) {
  uint32_t count = 0;
  const struct vs_keyword *keywords = vs_keywords(&count);
  cr_assert(count > 100);
  for (uint32_t i = 0; i < count; i++) {
    cr_expect(i == 0 || strcmp(keywords[i - 1].text, keywords[i].text) < 0, "%s is out of order", keywords[i].text);
    cr_expect(vs_keyword_find(vs_str_of(keywords[i].text)) == &keywords[i]);
  }
  cr_expect(vs_keyword_find(VS_STR("select"))->is_reserved);
  cr_expect(vs_keyword_find(VS_STR("SeLeCtX")) == NULL);
  cr_expect(vs_keyword_find(VS_STR("")) == NULL);
}

Test(sql_keywords, the_reserved_words_are_those_of_the_contract) {
  static const char *const reserved[] = {
      "TRUE",    "FALSE", "NULL",   "SELECT", "FROM",   "WHERE",     "GROUP",   "HAVING", "WINDOW", "ORDER",
      "LIMIT",   "EMIT",  "INTO",   "WITH",   "UNION",  "INTERSECT", "EXCEPT",  "JOIN",   "ON",     "USING",
      "CASE",    "WHEN",  "THEN",   "ELSE",   "END",    "AND",       "OR",      "NOT",    "IN",     "IS",
      "BETWEEN", "LIKE",  "EXISTS", "CAST",   "CREATE", "AS",        "DISTINCT"};
  uint32_t count, found = 0;
  const struct vs_keyword *keywords = vs_keywords(&count);
  for (uint32_t i = 0; i < count; i++)
    found += keywords[i].is_reserved;
  cr_expect(found == VS_COUNT_OF(reserved));
  for (size_t i = 0; i < VS_COUNT_OF(reserved); i++)
    cr_expect(vs_keyword_find(vs_str_of(reserved[i]))->is_reserved, "%s", reserved[i]);
}
