/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/support/sql_text.h"

#include <criterion/criterion.h>

static struct sql_test test;
static void setup(void) {
  sql_test_init(&test);
}
static void teardown(void) {
  sql_test_release(&test);
}
TestSuite(sql_parser, .init = setup, .fini = teardown);

static struct vs_select *select_of(const char *sql) {
  cr_assert(sql_test_parse(&test, sql) == VS_OK, "%s: %s", sql, test.error.message);
  return &test.script.statements[0]->as.query->select;
}
static void expect_expr(const char *sql, const char *wanted) {
  struct vs_expr *expr = NULL;
  vs_text_clear(&test.text);
  cr_assert(vs_parse_expression(vs_str_of(sql), NULL, true, &test.arena, &expr, &test.error) == VS_OK, "%s: %s", sql,
            test.error.message);
  vs_print_expr(expr, &test.text);
  cr_expect_str_eq(test.text.data, wanted);
}
static void expect_print(const char *sql, const char *wanted) {
  cr_expect_str_eq(sql_test_print(&test, sql), wanted);
}

Test(sql_parser, precedence_is_that_of_the_contract) {
  expect_expr("a OR b AND NOT c = d + e * -f", "a OR b AND NOT c = d + e * -f");
  expect_expr("(a OR b) AND c", "(a OR b) AND c");
  expect_expr("NOT a IN (1)", "NOT a IN (1)");
  expect_expr("(NOT a) IN (1)", "(NOT a) IN (1)");
  expect_expr("a = b || c", "a = b || c");
  expect_expr("(a = b) || c", "(a = b) || c");
  expect_expr("a - (b - c) - d", "a - (b - c) - d");
  expect_expr("-x::INT", "-CAST(x AS INTEGER)");
  expect_expr("(-5)::INT", "CAST(-5 AS INTEGER)");
  expect_expr("- -a", "- -a");
  expect_expr("a IS NULL AND b IS NOT DISTINCT FROM c", "a IS NULL AND b IS NOT DISTINCT FROM c");
}

Test(sql_parser, literals_have_the_types_of_their_spelling) {
  static const struct {
    const char *sql;
    vs_type_id id;
    uint8_t precision, scale;
  } cases[] = {{"5", VS_TYPE_INTEGER, 0, 0},
               {"1_000", VS_TYPE_INTEGER, 0, 0},
               {"0xFF", VS_TYPE_INTEGER, 0, 0},
               {"-9223372036854775808", VS_TYPE_INTEGER, 0, 0},
               {"9223372036854775808", VS_TYPE_DECIMAL, 19, 0},
               {"1.50", VS_TYPE_DECIMAL, 3, 2},
               {".05", VS_TYPE_DECIMAL, 2, 2},
               {"1.", VS_TYPE_DECIMAL, 1, 0},
               {"1e3", VS_TYPE_FLOAT, 0, 0},
               {"5 %", VS_TYPE_DECIMAL, 2, 2},
               {"0.5%", VS_TYPE_DECIMAL, 3, 3},
               {"'x'", VS_TYPE_STRING, 0, 0},
               {"E'x'", VS_TYPE_STRING, 0, 0},
               {"true", VS_TYPE_BOOLEAN, 0, 0},
               {"NULL", VS_TYPE_NULL, 0, 0}};
  for (size_t i = 0; i < VS_COUNT_OF(cases); i++) {
    struct vs_expr *expr = NULL;
    cr_assert(vs_parse_expression(vs_str_of(cases[i].sql), NULL, true, &test.arena, &expr, &test.error) == VS_OK, "%s",
              cases[i].sql);
    cr_assert(expr->kind == VS_EXPR_LITERAL, "%s", cases[i].sql);
    struct vs_type type = expr->as.literal.type;
    cr_expect(type.id == cases[i].id && type.precision == cases[i].precision && type.scale == cases[i].scale,
              "%s is type %d(%d,%d)", cases[i].sql, (int)type.id, type.precision, type.scale);
  }
}

Test(sql_parser, a_percentage_is_a_number_only_where_asked) {
  expect_expr("volatility > 5 %", "volatility > 0.05");
  expect_expr("a % 2 = 0 AND b > 1.5 %", "a % 2 = 0 AND b > 0.015");
  expect_expr("10 % 3", "10 % 3");
  cr_expect(sql_test_parse(&test, "SELECT 5 % FROM t") == VS_SYNTAX);
}

Test(sql_parser, escapes_of_an_e_string_are_decoded) {
  struct vs_expr *expr = NULL;
  cr_assert(vs_parse_expression(VS_STR("E'a\\n\\t\\\\\\'\\u00e9\\U0001F600\\x41''z'"), NULL, false, &test.arena, &expr,
                                &test.error) == VS_OK);
  cr_expect(vs_str_equal(expr->as.literal.as.string, VS_STR("a\n\t\\'\u00e9\U0001F600A'z")));
}

/* Puts `inner` where the pattern has a $. */
static void fill(char *sql, size_t capacity, const char *pattern, const char *inner) {
  const char *place = strchr(pattern, '$');
  snprintf(sql, capacity, "%.*s%s%s", (int)(place - pattern), pattern, inner, place + 1);
}

Test(sql_parser, one_duration_rule_holds_in_every_place) {
  static const char *const forms[] = {
      "5m",    "INTERVAL '5' MINUTE",  "INTERVAL 5 MINUTES",    "5 minutes", "'5 minutes'", "'5m'", "300",
      "'300'", "INTERVAL '5 minutes'", "INTERVAL '300' SECOND", "300s"};
  static const char *const places[] = {"SELECT a FROM t WINDOW TUMBLING($)",
                                       "SELECT a FROM t WINDOW TUMBLING(ts, $)",
                                       "SELECT a FROM t WINDOW TUMBLING($, ts)",
                                       "SELECT a FROM t WINDOW HOPPING(ts, 1h, $)",
                                       "SELECT a FROM t WINDOW SESSION(ts, $, k)",
                                       "SELECT a FROM t WINDOW CUMULATE($, 1d)",
                                       "SELECT a FROM t WINDOW TUMBLING(1h, OFFSET $)",
                                       "SELECT a FROM t WINDOW TUMBLING(SIZE $)",
                                       "SELECT a FROM t JOIN u WITHIN $ ON x",
                                       "SELECT a FROM t JOIN u ON x WITHIN ($, 1m) GRACE PERIOD 1s",
                                       "SELECT a FROM t EMIT EVERY $",
                                       "SELECT a FROM TUMBLE(TABLE t, DESCRIPTOR(ts), $)",
                                       "SELECT LAG(a) OVER (EXPIRE AFTER $ INACTIVITY) FROM t"};
  char sql[200], wanted[600];
  for (size_t i = 0; i < VS_COUNT_OF(places); i++) {
    fill(sql, sizeof sql, places[i], "INTERVAL '5' MINUTE");
    snprintf(wanted, sizeof wanted, "%s", sql_test_print(&test, sql));
    cr_expect(strstr(wanted, "INTERVAL '5' MINUTE") != NULL, "%s", wanted);
    for (size_t j = 0; j < VS_COUNT_OF(forms); j++) {
      fill(sql, sizeof sql, places[i], forms[j]);
      expect_print(sql, wanted);
    }
  }
}

Test(sql_parser, expressions_take_the_durations_that_need_no_context) {
  expect_expr("ts - 5m", "ts - INTERVAL '5' MINUTE");
  expect_expr("ts - 5 MINUTES", "ts - INTERVAL '5' MINUTE");
  expect_expr("ts + INTERVAL '1 day 2 hours'", "ts + INTERVAL '26' HOUR");
  expect_expr("ts + INTERVAL '1' YEAR", "ts + INTERVAL '12' MONTH");
  expect_expr("'5m'", "'5m'");
  expect_expr("interval + 1", "`interval` + 1");
}

Test(sql_parser, the_time_column_may_stand_first_or_last) {
  expect_print("SELECT a FROM t WINDOW TUMBLING(1m, ts)", "SELECT a FROM t WINDOW TUMBLING(ts, INTERVAL '1' MINUTE)");
  struct vs_select *select =
      select_of("SELECT a FROM t WINDOW HOPPING (SIZE 1 HOUR, ADVANCE BY 5 MINUTES, GRACE PERIOD 10 "
                "SECONDS, RETENTION 1 DAY)");
  cr_expect(select->window->kind == VS_WINDOW_HOPPING && select->window->time == NULL);
  cr_expect(select->window->size.value.nanoseconds == INT64_C(3600000000000));
  cr_expect(select->window->advance.value.nanoseconds == INT64_C(300000000000));
  cr_expect(select->window->has_grace && select->window->has_retention && !select->window->has_offset);
}

Test(sql_parser, hop_takes_the_slide_first_and_hopping_the_size) {
  struct vs_window *window = select_of("SELECT a FROM HOP(TABLE t, DESCRIPTOR(ts), 1m, 5m)")->from.window;
  cr_expect(window->advance.value.nanoseconds == INT64_C(60000000000));
  cr_expect(window->size.value.nanoseconds == INT64_C(300000000000));
  window = select_of("SELECT a FROM t WINDOW HOPPING(5m, 1m)")->window;
  cr_expect(window->advance.value.nanoseconds == INT64_C(60000000000));
}

Test(sql_parser, clauses_stand_in_any_order) {
  const char *wanted =
      "SELECT a FROM t GROUP BY a WINDOW TUMBLING(INTERVAL '1' MINUTE) HAVING b ORDER BY a LIMIT 3 EMIT CHANGES";
  expect_print("SELECT a FROM t EMIT CHANGES LIMIT 3 ORDER BY a HAVING b WINDOW TUMBLING(1m) GROUP BY a", wanted);
  expect_print("SELECT a FROM t HAVING b WINDOW TUMBLING(1m) ORDER BY a GROUP BY a EMIT CHANGES LIMIT 3", wanted);
}

Test(sql_parser, intersect_binds_tighter_and_the_rest_goes_left_to_right) {
  struct vs_query *query;
  cr_assert(sql_test_parse(&test, "SELECT 1 UNION SELECT 2 INTERSECT SELECT 3 EXCEPT ALL SELECT 4 LIMIT 1") == VS_OK);
  query = test.script.statements[0]->as.query;
  cr_expect(query->kind == VS_QUERY_SET && query->set == VS_SET_EXCEPT && query->set_all && query->limit);
  cr_expect(query->left->set == VS_SET_UNION && query->left->right->set == VS_SET_INTERSECT);
}

Test(sql_parser, a_with_belongs_to_what_stands_in_front_of_it) {
  struct vs_query *query;
  cr_assert(sql_test_parse(&test, "SELECT a FROM t WITH ('s' = 1) EMIT CHANGES INTO k WITH ('i' = 2) WITH ('q' = 3)") ==
            VS_OK);
  query = test.script.statements[0]->as.query;
  cr_expect(vs_str_equal(query->select.from.properties.items[0].key, VS_STR("s")));
  cr_expect(vs_str_equal(query->into_properties.items[0].key, VS_STR("i")));
  cr_expect(vs_str_equal(query->properties.items[0].key, VS_STR("q")));
}

Test(sql_parser, words_that_are_not_reserved_are_names_and_aliases) {
  expect_print("SELECT key, c.schema, version v, a AS timestamp, left, count, c.group FROM status AS table",
               "SELECT key, c.schema, version AS v, a AS timestamp, left, count, c.`group` FROM status AS table");
  expect_print("SELECT JOIN(',', a), LEFT(a, 1), REPLACE(a, 'x', 'y'), IF(a, 1, 2)",
               "SELECT JOIN(',', a), LEFT(a, 1), REPLACE(a, 'x', 'y'), IF(a, 1, 2)");
}

Test(sql_parser, special_spellings_become_plain_calls) {
  expect_expr("EXTRACT(YEAR FROM ts)", "EXTRACT('YEAR', ts)");
  expect_expr("POSITION('a' IN b)", "POSITION('a', b)");
  expect_expr("SUBSTRING(s FROM 2 FOR 3)", "SUBSTRING(s, 2, 3)");
  expect_expr("TRIM(LEADING 'x' FROM s)", "LTRIM(s, 'x')");
  expect_expr("TRIM(BOTH FROM s)", "TRIM(s)");
  expect_expr("CURRENT_TIMESTAMP", "CURRENT_TIMESTAMP");
  expect_expr("DATE '2026-01-31'", "CAST('2026-01-31' AS DATE)");
}

Test(sql_parser, statements_split_on_semicolons_outside_texts_comments_and_brackets) {
  cr_assert(sql_test_parse(&test, ";; SELECT ';' -- a; b\n, '/*' /* ; */; SELECT 2; -- tail;\n/* tail */") == VS_OK);
  cr_expect(test.script.statement_count == 2);
  cr_assert(sql_test_parse(&test, " -- only a comment ;") == VS_OK);
  cr_expect(test.script.statement_count == 0);
}

Test(sql_parser, annotations_belong_to_the_statement_they_precede_or_stand_in) {
  cr_assert(
      sql_test_parse(
          &test,
          "-- @Name: a\n/* @alert: x > 1\n * @viz: 'line'\n */\nSELECT 1 -- @metric m\n; -- @name: b\nSELECT 2") ==
      VS_OK);
  struct vs_statement *first = test.script.statements[0], *second = test.script.statements[1];
  cr_assert(first->annotation_count == 4);
  cr_assert(second->annotation_count == 1);
  cr_expect(vs_str_equal(first->annotations[0].key, VS_STR("name")) &&
            vs_str_equal(first->annotations[0].value, VS_STR("a")));
  cr_expect(vs_str_equal(first->annotations[2].value, VS_STR("line")));
  cr_expect(vs_str_equal(first->annotations[3].value, VS_STR("m")));
  cr_expect(vs_str_equal(second->annotations[0].value, VS_STR("b")));
}

Test(sql_parser, spans_cover_what_they_name) {
  const char *sql = "  SELECT a + b AS c FROM t WHERE x = 1 ;";
  struct vs_select *select = select_of(sql);
  struct vs_span statement = test.script.statements[0]->span, item = select->items[0].span;
  cr_expect(statement.begin == 2 && statement.end == 38);
  cr_expect(item.begin == 9 && item.end == 19);
  cr_expect(select->where->span.begin == 33 && select->where->span.end == 38);
  cr_expect(select->where->as.binary.op_span.begin == 35);
}

Test(sql_parser, two_hundred_levels_parse_and_one_more_is_an_error) {
  char sql[5000];
  static const char *const opens[] = {"(", "- ", "NOT ", "f(", "[", "CASE WHEN TRUE THEN ", "CAST("};
  static const char *const closes[] = {")", "", "", ")", "]", " END", " AS INT)"};
  for (size_t kind = 0; kind < VS_COUNT_OF(opens); kind++)
    for (int depth = 200; depth <= 201; depth++) {
      size_t at = (size_t)snprintf(sql, sizeof sql, "SELECT ");
      for (int i = 0; i < depth; i++)
        at += (size_t)snprintf(sql + at, sizeof sql - at, "%s", opens[kind]);
      at += (size_t)snprintf(sql + at, sizeof sql - at, "a");
      for (int i = 0; i < depth && closes[kind][0]; i++)
        at += (size_t)snprintf(sql + at, sizeof sql - at, "%s", closes[kind]);
      vs_status status = sql_test_parse(&test, sql);
      cr_expect(depth == 200 ? status == VS_OK : test.error.code == VS_CODE_TOO_DEEP, "%s: %s", opens[kind],
                test.error.message);
    }
}

Test(sql_parser, endless_nesting_and_endless_chains_are_refused) {
  static const char *const parts[] = {"(",
                                      "[",
                                      "- ",
                                      "NOT ",
                                      "f(",
                                      "CASE ",
                                      "SELECT * FROM (",
                                      "1+",
                                      "1 OR ",
                                      "a->",
                                      "x::INT[1]",
                                      "SELECT 1 UNION ",
                                      "((SELECT 1) UNION ",
                                      "POSITION(",
                                      "EXPLAIN ",
                                      "CAST(1 AS ARRAY<"};
  for (size_t i = 0; i < VS_COUNT_OF(parts); i++) {
    vs_text_clear(&test.text);
    vs_text_puts(&test.text, parts[i][0] == 'S' || parts[i][0] == 'E' ? "" : "SELECT ");
    for (int j = 0; j < 20000; j++)
      vs_text_puts(&test.text, parts[i]);
    cr_expect(vs_parse(vs_text_view(&test.text), NULL, &test.arena, &test.script, &test.error) == VS_SYNTAX, "%s",
              parts[i]);
    vs_arena_reset(&test.arena);
  }
}

Test(sql_parser, two_thousand_ors_are_a_tree_and_more_are_an_error) {
  for (int count = 1999; count <= 2101; count += 102) {
    vs_text_clear(&test.text);
    vs_text_puts(&test.text, "SELECT a = 0");
    for (int i = 0; i < count; i++)
      vs_text_printf(&test.text, " OR a = %d", i);
    vs_status status = vs_parse(vs_text_view(&test.text), NULL, &test.arena, &test.script, &test.error);
    cr_expect(count < 2000 ? status == VS_OK : test.error.code == VS_CODE_TOO_DEEP);
  }
}

Test(sql_parser, recovery_keeps_what_can_be_read_and_the_first_error) {
  const struct vs_parse_options options = {.recover = true};
  const char *sql = "SELECT a, FROM trades t JOIN u ON WHERE x = GROUP BY a, b LIMIT; SELECT 2";
  cr_expect(vs_parse(vs_str_of(sql), &options, &test.arena, &test.script, &test.error) == VS_SYNTAX);
  cr_assert(test.script.statement_count == 2);
  struct vs_select *select = &test.script.statements[0]->as.query->select;
  cr_expect(select->has_from && vs_str_equal(select->from.alias.text, VS_STR("t")));
  cr_expect(select->item_count == 1 && select->join_count == 1 && select->group.count == 2);
  cr_expect(test.error.span.begin == 10);
}

Test(sql_parser, a_column_being_typed_does_not_hide_its_table) {
  const struct vs_parse_options options = {.recover = true};
  const char *cells[] = {"SELECT  FROM trades", "SELECT t. FROM trades t", "SELECT SUM( FROM trades",
                         "SELECT a, (b + FROM trades"};
  for (size_t i = 0; i < VS_COUNT_OF(cells); i++) {
    cr_expect(vs_parse(vs_str_of(cells[i]), &options, &test.arena, &test.script, &test.error) == VS_SYNTAX);
    struct vs_select *select = &test.script.statements[0]->as.query->select;
    cr_assert(select->has_from, "%s", cells[i]);
    cr_expect(vs_str_equal(select->from.name.parts[0].text, VS_STR("trades")), "%s", cells[i]);
  }
}

Test(sql_parser, completeness_waits_for_what_is_open) {
  static const char *const complete[] = {"", "SELECT 1", "SELECT 1;", "-- c", "SELECT a FROM t WHERE b = ';'"};
  static const char *const incomplete[] = {"SELECT",
                                           "SELECT a FROM",
                                           "SELECT (1",
                                           "SELECT 'x",
                                           "/* c",
                                           "SELECT CASE WHEN a THEN 1",
                                           "SELECT `x",
                                           "CREATE STREAM s (a INT,",
                                           "SELECT a,",
                                           "SELECT 1; SELECT",
                                           "WITH a AS (SELECT 1)"};
  static const char *const invalid[] = {"SELECT a FROM;", "SELEC 1", "SELECT 1)", "how many trades?"};
  for (size_t i = 0; i < VS_COUNT_OF(complete); i++)
    cr_expect(vs_completeness_of(vs_str_of(complete[i]), &test.arena) == VS_COMPLETE, "%s", complete[i]);
  for (size_t i = 0; i < VS_COUNT_OF(incomplete); i++)
    cr_expect(vs_completeness_of(vs_str_of(incomplete[i]), &test.arena) == VS_INCOMPLETE, "%s", incomplete[i]);
  for (size_t i = 0; i < VS_COUNT_OF(invalid); i++)
    cr_expect(vs_completeness_of(vs_str_of(invalid[i]), &test.arena) == VS_INVALID, "%s", invalid[i]);
}

Test(sql_parser, every_failing_allocation_is_an_error_and_never_a_crash) {
  const char *sql =
      "-- @name: x\nSELECT a, SUM(b) OVER (PARTITION BY c) FROM t JOIN u ON x = 'it''s' GROUP BY a WINDOW TUMBLING(1m) "
      "LIMIT 3 WITH ('k' = 1)";
  for (size_t limit = 16; limit < 20000; limit += 16) {
    struct vs_arena arena;
    vs_arena_init(&arena, &test.memory, limit);
    vs_status status = vs_parse(vs_str_of(sql), NULL, &arena, &test.script, &test.error);
    cr_expect(status == VS_OK || test.error.code == VS_CODE_OUT_OF_MEMORY);
    vs_arena_release(&arena);
  }
}
