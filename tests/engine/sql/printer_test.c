/* SPDX-License-Identifier: Apache-2.0
 * Print and parse are inverse: over the corpus of every production, and for the SQL of the requirement's own cells. */
#include "tests/support/sql_text.h"
#include "tests/support/sql_tree.h"

#include <criterion/criterion.h>

static struct sql_test test;
static void setup(void) {
  sql_test_init(&test);
}
static void teardown(void) {
  sql_test_release(&test);
}
TestSuite(sql_printer, .init = setup, .fini = teardown);

static void expect_round_trip(struct vs_str sql) {
  cr_assert(vs_parse(sql, NULL, &test.arena, &test.script, &test.error) == VS_OK, "%s at %u", test.error.message,
            test.error.span.begin);
  for (uint32_t i = 0; i < test.script.statement_count; i++) {
    vs_text_clear(&test.text);
    cr_expect(sql_round_trips(test.script.statements[i], &test.memory, &test.text), "%s", test.text.data);
  }
}

Test(sql_printer, the_corpus_of_every_production_round_trips) {
  struct vs_str corpus = sql_test_file(&test, VELO_SOURCE_DIR "/tests/sql/corpus/valid.sql");
  cr_assert(corpus.size > 10000);
  expect_round_trip(corpus);
  cr_expect(test.script.statement_count > 150, "%u statements", test.script.statement_count);
}

Test(sql_printer, the_cells_of_the_requirement_round_trip) {
  expect_round_trip(VS_STR("SELECT symbol, SUM(quantity) as volume\nFROM trades\nGROUP BY symbol\n"
                           "WINDOW TUMBLING(INTERVAL '5' MINUTE)\nEMIT CHANGES"));
  expect_round_trip(
      VS_STR("-- @metric: price_volatility\n-- @metric_type: gauge\n-- @alert: volatility > 0.05\n"
             "SELECT symbol,\n       STDDEV(price) / AVG(price) as volatility\nFROM trades\nGROUP BY symbol\n"
             "WINDOW TUMBLING(INTERVAL '1' MINUTE)\nEMIT CHANGES"));
  expect_round_trip(VS_STR(
      "SELECT side, SUM(amount) FROM 'data/trades.csv' GROUP BY side;\n"
      "CREATE STREAM trades AS SELECT ts AS _event_time, symbol, close AS price, ROUND(close * volume, 4) AS "
      "quantity FROM 'data/bars.csv';\n"
      "CREATE STREAM n (a INT, ts TIMESTAMP, WATERMARK FOR ts AS ts - INTERVAL '5' SECOND) WITH ('path' = 'x');"));
}

Test(sql_printer, the_contract_pages_snippets_round_trip) {
  expect_round_trip(VS_STR(
      "SELECT a FROM l JOIN r ON l.id = r.id AND r.t BETWEEN l.t - INTERVAL '30' SECOND AND l.t + INTERVAL '30' SECOND;"
      "SELECT a FROM t WINDOW SESSION(GREATEST(a, b), INTERVAL '1' HOUR, id);"
      "SELECT TUMBLE_START(ts, INTERVAL '1' MINUTE), HOP_END(), SESSION_DURATION(), _window_start FROM t;"
      "SELECT f(a) OVER (ROWS WINDOW BUFFER 10 ROWS PARTITION BY p ORDER BY o EXPIRE AFTER INTERVAL '60' SECOND "
      "INACTIVITY) FROM t;"
      "SELECT * FROM orders o JOIN prices FOR SYSTEM_TIME AS OF o.ts AS p ON o.s = p.s;"
      "SELECT * FROM t QUALIFY ROW_NUMBER() OVER (PARTITION BY w ORDER BY x DESC) <= 3;"
      "SELECT a FROM t WINDOW HOPPING (SIZE 1 HOUR, ADVANCE BY 5 MINUTES, GRACE PERIOD 10 SECONDS, RETENTION 1 DAY);"
      "SELECT SPLIT(s, ',')[1], DIV(a, b), a / NULLIF(b, 0), EXTRACT(EPOCH FROM a - b) FROM t EMIT EVERY 1s"));
}

Test(sql_printer, names_are_quoted_only_when_they_must_be) {
  static const struct {
    const char *name, *printed;
  } cases[] = {{"price", "price"},        {"größe", "größe"}, {"select", "`select`"}, {"my table", "`my table`"},
               {"a`b", "`a``b`"},         {"1a", "`1a`"},     {"key", "key"},         {"size", "`size`"},
               {"timestamp", "timestamp"}};
  for (size_t i = 0; i < VS_COUNT_OF(cases); i++) {
    vs_text_clear(&test.text);
    vs_print_name(vs_str_of(cases[i].name), &test.text);
    cr_expect_str_eq(test.text.data, cases[i].printed);
  }
  vs_text_clear(&test.text);
  vs_print_string(VS_STR("it's"), &test.text);
  cr_expect_str_eq(test.text.data, "'it''s'");
}

Test(sql_printer, one_form_is_canonical) {
  cr_expect_str_eq(
      sql_test_print(&test,
                     "-- @Name : 'x'\nselect a b,count( * ) from 'x.csv' t where not a in(1) window tumbling(1m) "
                     "group by a emit on window close with(k=v)"),
      "-- @name: x\nSELECT a AS b, count(*) FROM 'x.csv' AS t WHERE NOT a IN (1) GROUP BY a WINDOW "
      "TUMBLING(INTERVAL '1' MINUTE) EMIT FINAL WITH ('k' = 'v')");
}

Test(sql_printer, a_different_tree_is_seen_as_different) {
  struct vs_text first, second;
  vs_text_init(&first, &test.memory, 1 << 20);
  vs_text_init(&second, &test.memory, 1 << 20);
  cr_assert(sql_test_parse(&test, "SELECT a - b - c; SELECT a - (b - c)") == VS_OK);
  dump_statement(test.script.statements[0], &first);
  dump_statement(test.script.statements[1], &second);
  cr_expect(!vs_str_equal(vs_text_view(&first), vs_text_view(&second)));
  vs_text_release(&first);
  vs_text_release(&second);
}
